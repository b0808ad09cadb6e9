"""A finished run that is adapted to a target, with and without its training data."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageOps

from tests.core.training.comparing import best_of
from tests.core.training.conftest import Lab
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import words
from transfergui.core.figures import adapting
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import adaptation, start

BOTH = pytest.mark.parametrize("strategy", ["adabn", "shot"])


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def own(tmp_path: Path, pictures: Path) -> Path:
    """A copy of the pictures, that may go."""
    return Path(shutil.copytree(pictures, tmp_path / "own"))


@pytest.fixture
def target(tmp_path: Path, pictures: Path) -> Path:
    """The pictures, inverted, in one folder."""
    for number, path in enumerate(sorted(pictures.rglob("*.png"))):
        made = tmp_path / "target" / f"{number}.png"
        made.parent.mkdir(exist_ok=True)
        ImageOps.invert(Image.open(path).convert("RGB")).save(made)
    return tmp_path / "target"


@pytest.fixture
def finished(lab: Lab, own: Path) -> Run:
    run, _events = lab.train(data__path=str(own), strategy="fine_tuning", run__epochs=2)
    return run


def planned(lab: Lab, finished: Run, target: Path, strategy: str) -> Plan:
    settings: dict[str, Any] = {
        "data__path": finished.recipe.data.path,
        "backbone": str(finished.path),
        "strategy": strategy,
        "companions__target": str(target),
        "run__epochs": 2,
    }
    return with_companions(lab.plan(**settings))


def adapted(lab: Lab, plan: Plan) -> tuple[Run, ev.Finished]:
    run = lab.run(plan)
    last = list(start.train(plan, run))[-1]
    assert isinstance(last, ev.Finished), last
    assert last.outcome == "done"
    return run, last


def preferred(monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    codes = () if kept == adaptation.ADAPTED else ("adapt.less_clear",)
    monkeypatch.setattr(adapting, "against", lambda *_args: codes)


@BOTH
def test_the_head_and_the_finished_run_stay(
    lab: Lab, finished: Run, target: Path, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = best_of(finished)
    preferred(monkeypatch, adaptation.ADAPTED)
    plan = planned(lab, finished, target, strategy)
    run, last = adapted(lab, plan)
    report = reports.load(run.path)
    assert report.adaptation is not None
    assert (report.adaptation.kept, report.adaptation.strategy) == ("adapted", strategy)
    assert report.n == len(plan.split.test)
    assert last.report == run.report()
    after = best_of(run)
    changed = {name for name, tensor in after.items() if not torch.equal(tensor, before[name])}
    assert changed
    assert not any(name.startswith("head.") for name in changed)
    trained = {name for name in changed if "running_" not in name and "num_batches" not in name}
    assert bool(trained) is (strategy == "shot")
    assert all(torch.equal(tensor, before[name]) for name, tensor in best_of(finished).items())
    again, _last = adapted(lab, plan)
    assert all(torch.equal(tensor, after[name]) for name, tensor in best_of(again).items())
    model = TrainedModel.load(run.path)
    assert len(list(model.predict(sorted(target.iterdir())[:2]))) == 2


def test_the_finished_model_is_kept_where_something_speaks_against_the_adapted_one(
    lab: Lab, finished: Run, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferred(monkeypatch, adaptation.PLAIN)
    run, _last = adapted(lab, planned(lab, finished, target, "adabn"))
    before = best_of(finished)
    assert all(torch.equal(tensor, before[name]) for name, tensor in best_of(run).items())
    found = reports.load(run.path).adaptation
    assert found is not None
    assert found.kept == "plain"


@BOTH
def test_the_training_data_may_be_gone(
    lab: Lab, finished: Run, own: Path, target: Path, strategy: str
) -> None:
    plan = planned(lab, finished, target, strategy)
    shutil.rmtree(own)
    run, _last = adapted(lab, plan)
    report = reports.load(run.path)
    assert report.accuracy is None
    assert report.verdict is None
    assert report.adaptation is not None
    assert (report.adaptation.validated, report.adaptation.target) == (0, 48)
    codes = {note.code for note in words.notes(report, plan.modality)}
    assert codes & {"adapt.kept", "adapt.declined", "adapt.unchanged"}


def test_what_is_no_finished_run_of_these_classes_is_refused(
    lab: Lab, finished: Run, target: Path, tiny_pictures: Callable[..., Path], tmp_path: Path
) -> None:
    def refused(**settings: Any) -> str:
        with pytest.raises(UserError) as caught:
            lab.plan(strategy="shot", companions__target=str(target), **settings)
        assert str(caught.value)
        return caught.value.code

    assert refused() == "adapt.not_a_run"
    other = tiny_pictures(tmp_path / "other", classes=2, per_class=16, size=32)
    named = {"data__path": str(other), "backbone": str(finished.path)}
    assert refused(**named) == "adapt.other_classes"
