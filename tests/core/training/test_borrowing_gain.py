"""A training with other data to learn from, and what it says of them beside one without."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.core import made_companions
from tests.core.training.conftest import Lab
from transfergui.core import registry, trained
from transfergui.core import resolve as planning
from transfergui.core.app.companions import with_companions
from transfergui.core.evaluation import borrowing_gain, words
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import PLAIN, PROBE
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.exporters import model_card
from transfergui.core.figures.borrowing_gain import BorrowingGain
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.nn.losses import Loss, Supervised
from transfergui.core.runs import events as ev
from transfergui.core.strategies import coral, feature_extraction
from transfergui.core.training import checkpointer, start
from transfergui.core.views import other_data, own_run
from transfergui.core.views.result import Result

NAME = "misled"
PER_CLASS = 40


class Misled(Supervised):
    """Learns that each sample is of the next class."""

    def forward(self, inputs: torch.Tensor, targets: torch.Tensor) -> Loss:
        wrong = targets.roll(1, -1) if targets.ndim > 1 else (targets + 1) % 3
        return super().forward(inputs, wrong)


@pytest.fixture
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory, tiny_pictures: Callable[..., Path]) -> Path:
    folder = tmp_path_factory.mktemp("many")
    return tiny_pictures(folder, classes=3, per_class=PER_CLASS, size=32)


def a_strategy(**parts: Any) -> Strategy:
    """One that borrows, as far as the program knows."""
    own = feature_extraction.STRATEGY
    known = {
        "options": own.options,
        "cost": 1,
        "preset": "None",
        "needs": ("source",),
        "epochs": own.epochs,
        "lr": own.lr,
        "phases": own.phases,
        "plain": coral.plain,
    }
    return Strategy(key=NAME, title="Misled", summary="Misled.", **known | parts)


@pytest.fixture
def plan(
    lab: Lab, tmp_path: Path, tiny_pictures: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Plan]:
    """A plan of a strategy with these parts."""
    source = tiny_pictures(tmp_path / "source", classes=3, per_class=4, size=32, seed=9)

    def made(recipe: dict[str, Any] | None = None, **parts: Any) -> Plan:
        strategies = (*registry.STRATEGIES, a_strategy(**parts))
        monkeypatch.setattr(registry, "STRATEGIES", strategies)
        named = {"strategy": NAME, "companions__source": (str(source),), "run__epochs": 20}
        return with_companions(lab.plan(**named | (recipe or {})))

    return made


def misled(model: torch.nn.Module, loss: torch.nn.Module, _plan: Plan) -> torch.nn.Module:
    return Misled(model, loss)


def test_what_hurt_is_said_everywhere_and_nothing_is_chosen(
    lab: Lab, plan: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transfergui.core.training.progress_reporter.EVERY", 0.0)
    made = plan(task=misled)
    run = lab.run(made)
    events = list(start.train(made, run))
    stages = ("train", "evaluate", "beside")
    told = [e for e in events if isinstance(e, ev.Progress) and e.stage in stages]
    shares = [event.share or 0.0 for event in told]
    assert {event.stage for event in told} == set(stages)
    assert shares == sorted(shares)  # of both trainings: no bar goes back
    assert shares[-1] < 1
    last = events[-1]
    assert isinstance(last, ev.Finished), last
    report = reports.load(run.path)
    found = report.borrowing
    assert found is not None
    assert found.plain.verdict == "worse"
    assert (found.plain.own, found.role) == (report.accuracy, "source")
    plain = reports.load(run.path / "beside" / PLAIN)
    probe = reports.load(run.path / "beside" / PROBE)
    assert found.probe is not None and found.validation is not None
    assert (found.plain.other, found.probe.other) == (plain.accuracy, probe.accuracy)
    assert found.plain.n == len(made.split.test) and found.validation.n == len(made.split.val)
    assert run.recipe.strategy == NAME  # the model that was asked for
    assert report.verdict is not None
    assert (report.verdict.kept, report.verdict.code) == ("borrowed", "borrow.hurt")
    notes = words.notes(report, made.modality)
    first = Verdict.of(notes).first[0]
    assert (first.code, first.level) == ("borrow.hurt", "error")
    bars = score_bars(report)
    assert bars is not None
    assert found.plain.other in [bar.value for bar in bars.bars if bar.is_baseline]
    assert first.sentence()[:20] in (run.path / reports.PAGE).read_text("utf-8")
    result = Result(run)
    assert not other_data.obstacle(result)
    shown = other_data.compute(result, lambda *_counts: None)
    assert len(shown.parts[0].rows) == 3  # type: ignore[union-attr]
    card = model_card.render(trained.TrainedModel.load(run.path))
    assert first.sentence() in card
    assert last.report == run.report()


def at_beside(number: int) -> Callable[[ev.Event], bool]:
    """Whether an event is the number-th of the training without the other data."""
    seen = itertools.count(1)
    return lambda event: (
        isinstance(event, ev.Progress) and event.stage == "beside" and next(seen) == number
    )


@pytest.mark.parametrize("how", ["finish", "cancel"])
def test_a_training_without_them_that_is_ended_proves_nothing(
    lab: Lab, plan: Callable[..., Plan], how: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked to finish, it says so; asked to pause, it goes on later."""
    monkeypatch.setattr("transfergui.core.training.progress_reporter.EVERY", 0.0)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)
    made = plan({"run__epochs": 4})
    run, at, last = lab.run(made), at_beside(3), None
    for last in start.train(made, run):
        if at(last):
            run.request_stop(how)
    assert isinstance(last, ev.Finished)
    if how == "cancel":
        assert last.outcome == "cancelled"
        last = list(start.train(planning.resume_plan(run), run))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    found = reports.load(run.path).borrowing
    assert found is not None
    assert found.early == (how == "finish")
    assert found.plain.verdict != "worse"
    assert (borrowing_gain.told(found, "pictures").code == "borrow.early") == found.early


UNCLEAR = {"verdict": "unclear", "low": -0.1}
CASES = [
    (made_companions.gain(), "borrow.helped", "good"),
    (
        made_companions.gain(verdict="worse", difference=-0.1, low=-0.2, high=-0.02),
        "borrow.hurt",
        "error",
    ),
    (made_companions.gain(early=True), "borrow.early", "warning"),
    (made_companions.gain(early=True, verdict="worse"), "borrow.hurt", "error"),
    (made_companions.gain(**UNCLEAR), "borrow.same", "info"),
    (made_companions.gain(needed=14_000, **UNCLEAR), "borrow.same", "info"),
    (made_companions.gain("unlabelled", needed=57, **UNCLEAR), "unlabelled.maybe", "info"),
]


@pytest.mark.parametrize(("found", "code", "level"), CASES, ids=[case[1] for case in CASES])
def test_what_is_said(found: BorrowingGain, code: str, level: str) -> None:
    note = borrowing_gain.told(found, "pictures")
    assert (note.code, note.level) == (code, level)
    assert "{" not in note.sentence()
    assert note.sentence().count("%") == 3
    table = borrowing_gain.table(found)
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert borrowing_gain.verdict(found).code == code


def test_a_run_of_ones_own_may_be_a_bad_backbone(lab: Lab) -> None:
    first, _events = lab.train(strategy="fine_tuning", run__epochs=1)
    assert own_run.obstacle(Result(first)) == own_run.VIEW.unlisted
    run, _events = lab.train(backbone=str(first.path), run__epochs=1)
    result = Result(run)
    assert not own_run.obstacle(result) and own_run.kept(result) is None
    shown = own_run.compute(result, lambda *_counts: None)
    assert shown.notes[0].code.startswith("transfer.own_") and shown.notes[0].sentence()
    assert "published" in shown.figures["baselines"]  # type: ignore[operator]
    assert own_run.kept(result) == (shown, True)
