"""A training with a target, and the one without it beside which its model must stand."""

import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file

from tests.core.training.comparing import assert_same, best_of
from tests.core.training.conftest import Lab
from transfergui.core import plans
from transfergui.core import resolve as planning
from transfergui.core.app import moved
from transfergui.core.app.companions import with_companions
from transfergui.core.base.errors import UserError
from transfergui.core.data import presence
from transfergui.core.evaluation import adapted
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import PLAIN
from transfergui.core.exporters.export import export
from transfergui.core.figures import adapting, paired
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import doubts, elsewhere
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, REPORT, SPLIT, Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import adaptation, checkpointer, phase, start, step

STREAMED: dict[str, Any] = {"strategy": "dann", "augment": {"flip": True}, "run__epochs": 2}
CACHED: dict[str, Any] = {"strategy": "mcc", "options": {"train": "head"}, "run__epochs": 3}
MOVED: dict[str, Any] = {"strategy": "coral", "run__epochs": 3}
EVERY = pytest.mark.parametrize(
    "settings", [STREAMED, CACHED, MOVED], ids=["streamed", "cached", "moved"]
)


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def target(tmp_path: Path, pictures: Path) -> Path:
    """The pictures, inverted, under the same names."""
    for path in sorted(pictures.rglob("*.png")):
        made = tmp_path / "target" / path.relative_to(pictures)
        made.parent.mkdir(parents=True, exist_ok=True)
        ImageOps.invert(Image.open(path).convert("RGB")).save(made)
    return tmp_path / "target"


@pytest.fixture
def check(tmp_path: Path, target: Path) -> Path:
    """Two of each class of the target, which are not in it."""
    for number, path in enumerate(sorted(target.rglob("*.png"))):
        if number % 8 == 0:
            made = tmp_path / "check" / path.relative_to(target)
            made.parent.mkdir(parents=True, exist_ok=True)
            path.rename(made)
    return tmp_path / "check"


def planned(lab: Lab, target: Path, settings: dict[str, Any], check: Path | None = None) -> Plan:
    named = {"companions__target": str(target), "companions__check": check and str(check)}
    return with_companions(lab.plan(**settings, **named))


def trained(lab: Lab, plan: Plan) -> tuple[Run, list[ev.Event]]:
    run = lab.run(plan)
    return run, list(start.train(plan, run))


def preferred(monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    """Whatever the figures say, this model is kept."""
    codes = () if kept == adaptation.ADAPTED else ("adapt.less_clear",)
    monkeypatch.setattr(adapting, "against", lambda *_args: codes)


def plain_of(run: Run) -> Run:
    return Run.open(run.path / "beside" / PLAIN)


# -- what comes of it


@EVERY
@pytest.mark.parametrize("kept", [adaptation.ADAPTED, PLAIN])
def test_the_run_is_that_of_the_model_that_was_kept(
    lab: Lab, target: Path, settings: dict[str, Any], kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferred(monkeypatch, kept)
    before = listed(target)
    plan = planned(lab, target, settings)
    run, events = trained(lab, plan)
    last = events[-1]
    assert isinstance(last, ev.Finished), last
    assert last.outcome == "done"
    assert last.report == run.report()
    report, plain = reports.load(run.path), plain_of(run)
    assert report.adaptation is not None
    assert report.adaptation.kept == kept
    assert report.adaptation.strategy == settings["strategy"]
    assert listed(target) == before  # nothing was written there
    assert plain.recipe == plan.strategy.plain(plan.recipe) if plan.strategy.plain else False
    same = [all(torch.equal(best_of(run)[n], t) for n, t in best_of(plain).items())]
    alike = [
        (run.path / name).read_bytes() == (plain.path / name).read_bytes()
        for name in (reports.PREDICTIONS, doubts.FILE, elsewhere.FILE)
    ]
    assert set(same + alike) == {kept == PLAIN}
    followed = plain if kept == PLAIN else run
    history, own = run.history(), followed.history()
    assert run.recipe.strategy == followed.recipe.strategy
    assert history.epochs == own.epochs[: len(history.epochs)]
    assert report.moment == reports.load(followed.path).moment
    assert history.outcome == last
    assert last.best_epoch == (own.best.epoch if own.best else None)
    assert "adapt" in (run.path / reports.PAGE).read_text("utf-8").lower()
    with pytest.raises(UserError, match="finished"):
        planning.resume_plan(run)


def listed(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


@pytest.mark.usefixtures("untraced")
def test_such_a_run_predicts_is_exported_and_trained_on(
    lab: Lab, target: Path, check: Path, tmp_path: Path
) -> None:
    run, _events = trained(lab, planned(lab, target, CACHED, check))
    found = reports.load(run.path).adaptation
    assert found is not None
    assert found.checked == 6
    assert found.p is not None
    model = TrainedModel.load(run.path)
    (answered,) = model.predict([next(target.rglob("*.png"))])
    assert answered.label(model.classes) in run.split.classes
    export(run.path, "package", tmp_path / "model.zip")
    again, events = lab.train(backbone=str(run.path), strategy="fine_tuning", run__epochs=1)
    assert isinstance(events[-1], ev.Finished)
    assert again.recipe.companions.target is None


def test_targets_of_the_same_names_are_other_pictures(lab: Lab, target: Path) -> None:
    """They were taken for one's own of the same name, which were in memory already."""
    plan, seen = planned(lab, target, STREAMED), []
    forward = step.TrainStep.step

    def watched(own: step.TrainStep, parts: tuple[torch.Tensor, ...], *others: Any) -> Any:
        seen.append([part.clone() for part in parts])
        return forward(own, parts, *others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step.TrainStep, "step", watched)
        events = start.train(plan, lab.run(plan))
        next(event for event in events if isinstance(event, ev.EpochEnded))
        events.close()
    own, other = (torch.cat([parts[place] for parts in seen]).mean() for place in (0, 2))
    assert abs(float(own - other)) > 0.3  # inverted


# -- interrupted


def at_stage(stage: str, number: int) -> Callable[[ev.Event], bool]:
    """Whether an event is the number-th of a stage."""
    seen = itertools.count(1)
    return lambda event: (
        isinstance(event, ev.Progress) and event.stage == stage and next(seen) == number
    )


def asked(run: Run, plan: Plan, at: Callable[[ev.Event], bool], how: str) -> Iterator[ev.Event]:
    """Train, and ask for an end at an event."""
    for event in start.train(plan, run):
        yield event
        if at(event):
            run.request_stop("cancel" if how == "cancel" else "finish")


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is told and every position saved."""
    monkeypatch.setattr("transfergui.core.training.progress_reporter.EVERY", 0.0)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)


BESIDE = "beside"
PLACES = [
    ("cancel", "train", 7),
    ("cancel", BESIDE, 1),
    ("kill", BESIDE, 8),
]


def told(run: Run) -> dict[int, dict[str, float]]:
    """What the task told of each epoch."""
    ended = [event for event in run.events() if isinstance(event, ev.EpochEnded)]
    found = {event.epoch: event.logs for event in ended if event.logs}
    assert {key for logs in found.values() for key in logs} >= {"domain_accuracy", "domain"}
    return found


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize(("how", "stage", "number"), PLACES)
def test_an_interrupted_one_comes_to_the_same_end(
    lab: Lab, target: Path, how: str, stage: str, number: int
) -> None:
    plan = planned(lab, target, STREAMED)
    whole, _events = trained(lab, plan)
    run, at = lab.run(plan), at_stage(stage, number)
    events = asked(run, plan, at, "cancel") if how == "cancel" else start.train(plan, run)
    for last in events:
        if how == "kill" and at(last):
            events.close()  # type: ignore[attr-defined]
            break
    if how == "cancel":
        assert isinstance(last, ev.Finished)
        assert last.outcome == "cancelled"
    if how == "kill":  # and its target was moved since
        moved.relocate(run, {str(target): target.rename(target.with_name("elsewhere"))})
    end = list(start.train(planning.resume_plan(run), run))[-1]
    assert isinstance(end, ev.Finished)
    assert end.outcome == "done"
    assert_same(run, whole)
    assert told(run) == told(whole)
    one, other = load_file(plain_of(run).best), load_file(plain_of(whole).best)
    assert all(torch.equal(one[name], other[name]) for name in other)


@pytest.mark.usefixtures("often")
def test_one_that_is_ended_keeps_the_adapted_model_and_says_so(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, STREAMED)
    run = lab.run(plan)
    events = list(asked(run, plan, at_stage("train", 7), "finish"))
    last = events[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "stopped"
    codes = [event.code for event in events if isinstance(event, ev.Notice)]
    assert "adapt.not_compared" in codes
    assert run.recipe.strategy == "dann"
    assert reports.load(run.path).adaptation is None
    assert TrainedModel.load(run.path).classes == run.split.classes


@pytest.mark.usefixtures("often")
@pytest.mark.parametrize("kept", [adaptation.ADAPTED, PLAIN])
def test_a_plain_training_that_is_ended_is_judged_by_its_best_so_far(
    lab: Lab, target: Path, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferred(monkeypatch, kept)
    plan = planned(lab, target, STREAMED)
    run = lab.run(plan)
    last = list(asked(run, plan, at_stage(BESIDE, 2), "finish"))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == ("done" if kept == adaptation.ADAPTED else "stopped")
    report = reports.load(run.path)
    assert report.adaptation is not None
    assert (report.adaptation.kept, report.adaptation.early) == (kept, True)
    codes = [note.code for note in adapted.notes(report, "pictures")]
    assert "adapt.early" in codes
    with pytest.raises(UserError, match="finished"):
        planning.resume_plan(run)


def test_killed_while_the_other_model_becomes_its_own(
    lab: Lab, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preferred(monkeypatch, PLAIN)
    plan = planned(lab, target, CACHED)
    whole, _events = trained(lab, plan)
    run = lab.run(plan)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adaptation, "_told_again", killed)
        with pytest.raises(KeyboardInterrupt):
            list(start.train(plan, run))
    assert run.recipe.strategy == "mcc"
    list(start.train(planning.resume_plan(run), run))
    assert_same(run, whole)
    assert run.recipe == whole.recipe


# -- memory


@pytest.mark.parametrize("wanted", [4, 1])
def test_when_memory_runs_out_the_streams_are_cut_too(
    lab: Lab, target: Path, wanted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Down to one sample at once, with fewer of the target than pieces."""
    for path in sorted(target.rglob("*.png"))[3:]:
        path.unlink()
    monkeypatch.setattr(plans, "FEWEST_TARGET", 3)
    plan = planned(lab, target, STREAMED | {"run__epochs": 1})
    backward, sizes = step.TrainStep._backward, []

    def limited(own: step.TrainStep, piece: tuple[torch.Tensor, ...], size: int) -> Any:
        if len(piece[0]) > wanted:
            raise torch.cuda.OutOfMemoryError
        sizes.append([len(part) for part in piece])
        return backward(own, piece, size)

    monkeypatch.setattr(step.TrainStep, "_backward", limited)
    _run, events = trained(lab, plan)
    assert isinstance(events[-1], ev.Finished), events[-1]
    streamed = [each for each in sizes if len(each) == 3]
    assert streamed
    assert all(0 < own <= wanted and other > 0 for own, _targets, other in streamed)


def test_the_samples_of_a_stream_need_memory_too(lab: Lab, target: Path) -> None:
    from transfergui.core.training import budget

    needs, measure = [], budget.measure

    def measured(plan: Plan, train_step: step.TrainStep) -> Any:
        needs.append(measure(plan, train_step))
        return needs[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phase.budget, "measure", measured)
        trained(lab, planned(lab, target, STREAMED | {"run__epochs": 1}))
    two, one = needs
    assert two.sample == pytest.approx(2 * one.sample, rel=0.01)


# -- what is missing


def test_a_vanished_target_is_told_before_anything_is_trained(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, CACHED)
    run = lab.run(plan)
    events = start.train(plan, run)
    next(event for event in events if isinstance(event, ev.EpochEnded))
    events.close()
    shutil.rmtree(target)
    with pytest.raises(UserError) as caught:
        planning.resume_plan(run)
    assert caught.value.code == "run.data_changed"
    last = list(start.train(planning.resolve(run.recipe, run.split), run))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "companion.unreadable"
    accepted = planning.resume_plan(run, accept_changes=True)
    last = list(start.train(accepted, run))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "companion.needed"


def test_what_is_gone_of_a_target_is_left_out_on_request(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, CACHED)
    gone = sorted(target.rglob("*.png"))[:5]
    present, missing, changed = presence.compare(plan.split)
    assert (missing, changed) == ([], [])
    assert present.companions == plan.split.companions
    for path in gone:
        path.unlink()
    present, missing, _changed = presence.compare(plan.split)
    assert len(missing) == 5
    assert len(present.companions[0].samples) == len(plan.split.companions[0].samples) - 5


def test_without_validation_nothing_is_adapted(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, CACHED)
    split = msgspec.structs.replace(plan.split, train=plan.split.train + plan.split.val, val=())
    made = planning.resolve(plan.recipe, split)
    last = list(start.train(made, lab.run(made)))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "adapt.no_validation"


def test_a_run_of_a_version_without_other_data_is_known(lab: Lab) -> None:
    run, _events = lab.train(strategy="feature_extraction", run__epochs=1)
    parts = {RECIPE: "companions", SPLIT: "companions", REPORT: "adaptation"}
    for name, part in parts.items():
        tree = json.loads((run.path / name).read_text("utf-8"))
        tree.pop(part)
        (run.path / name).write_text(json.dumps(tree), "utf-8")
    assert run.recipe.companions.places() == ()
    assert run.split.companions == ()
    assert reports.load(run.path).adaptation is None
    assert TrainedModel.load(run.path).classes == run.split.classes


def test_a_target_that_is_not_used_is_told(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, {"strategy": "feature_extraction", "run__epochs": 1})
    _run, events = trained(lab, plan)
    codes = [event.code for event in events if isinstance(event, ev.Notice)]
    assert "companion.unused" in codes


# -- the judgement


def answers(shares: list[list[float]], rows: list[int], right: list[int]) -> elsewhere.Elsewhere:
    """Of a model that was right on some of five validation samples, and read some of the target."""
    return elsewhere.Elsewhere(
        target=np.array(shares),
        target_rows=np.array(rows),
        target_features=np.zeros((len(rows), 2)),
        validated=np.isin(np.arange(5), right),
        validated_rows=np.arange(5),
        validated_features=np.zeros((5, 2)),
        checked=np.zeros(0, bool),
        checked_rows=np.zeros(0, int),
    )


def test_only_what_both_models_have_read_is_compared(lab: Lab, target: Path) -> None:
    plan = planned(lab, target, CACHED)
    sure, even = [1.0, 0.0, 0.0], [0.4, 0.3, 0.3]
    plain = answers([sure, even, even], [0, 1, 2], [0, 1, 2, 3])
    adapted = answers([sure, [0.0, 1.0, 0.0]], [0, 2], [0, 1, 2, 3])
    found = adaptation.judged(plan, plain, adapted)
    assert found.target == 2
    assert found.changed == 0.5
    assert found.kept == adaptation.ADAPTED


@pytest.mark.parametrize(
    ("gained", "lost", "against", "kept"),
    [
        (9, 0, ("adapt.worse_at_home",), ()),  # a clear difference decides
        (3, 1, (), ()),
        (3, 1, ("adapt.worse_at_home",), ("adapt.worse_at_home",)),  # it may be chance
        (3, 1, ("adapt.less_clear",), ()),  # labels tell more than how certain predictions are
        (1, 1, (), ("adapt.checked_worse",)),
        (0, 9, (), ("adapt.checked_worse",)),
    ],
)
def test_a_few_labels_decide_where_they_are_clear(
    gained: int, lost: int, against: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    plain = np.array([False] * gained + [True] * lost + [True] * 20)
    adapted = np.array([True] * gained + [False] * lost + [True] * 20)
    assert adaptation._by_labels(paired.of_shares(plain, adapted), against) == kept


def test_answers_are_kept_as_they_are(tmp_path: Path) -> None:
    known = answers([[0.5, 0.5], [1.0, 0.0]], [0, 3], [1, 4])
    known.save(tmp_path)
    found = elsewhere.load(tmp_path)
    for name, value in vars(known).items():
        assert np.array_equal(getattr(found, name), value), name
    (tmp_path / elsewhere.FILE).write_bytes(b"cut")
    with pytest.raises(UserError) as caught:
        elsewhere.load(tmp_path)
    assert caught.value.code == "run.damaged"
