"""Trainings that go through unlabelled samples first, with a task that needs no labels."""

from typing import Any

import msgspec
import pytest
import torch

from tests.core.made_companions import companion
from tests.core.training.comparing import assert_same, best_of
from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.nn import pretext
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpointer, data_pipeline, estimate, trainer

VIEWS: dict[str, Any] = {
    "strategy": "simsiam",
    "augment": {"flip": True, "crop": 20.0, "mixup": 0.4},
    "options": {"first_epochs": 2, "first_lr": 0.01},
    "run__epochs": 2,
}
"""Then a head on features that are computed once."""
WHOLE = VIEWS | {"options": VIEWS["options"] | {"train": "all"}}


@pytest.fixture(scope="module")
def weights_dir(small_weights: Any) -> Any:
    return small_weights


def planned(lab: Lab, settings: dict[str, Any]) -> Plan:
    """Half of the training samples lie there without their labels."""
    made = lab.plan(companions__unlabelled=str(lab.pictures), **settings)
    others = (companion(made.split, "unlabelled", made.split.train[1::2]),)
    train = made.split.train[::2]
    return resolve(made.recipe, msgspec.structs.replace(made.split, train=train, companions=others))


def trained(lab: Lab, plan: Plan) -> tuple[Run, list[ev.Event]]:
    run = lab.run(plan)
    return run, list(trainer.train(plan, run))


TAUGHT: dict[str, Any] = {
    "strategy": "distillation",
    "options": {
        "teacher": BACKBONE,
        "teacher_input": {"size": 40, "resize": 40},
        "first_epochs": 2,
    },
    "run__epochs": 2,
}


@pytest.mark.parametrize("settings", [VIEWS, WHOLE, TAUGHT], ids=["head", "all", "taught"])
def test_it_learns_from_files_first_and_from_labels_then(
    lab: Lab, settings: dict[str, Any]
) -> None:
    plan = planned(lab, settings)
    run, events = trained(lab, plan)
    assert isinstance(events[-1], ev.Finished), events[-1]
    ended = [event for event in events if isinstance(event, ev.EpochEnded)]
    assert [event.phase for event in ended] == [0, 0, 1, 1]
    for event in ended:
        without = event.phase == 0
        assert (event.train_score is None) is (event.val_loss is None) is without
        assert set(event.logs) <= ({"spread"} if without else set())
    assert run.history().best is not None
    assert run.history().best.phase == 1  # type: ignore[union-attr]
    begun = [event for event in events if isinstance(event, ev.Progress) and event.stage == "train"]
    assert all(event.accuracy is None for event in begun if event.epoch < 2)
    assert estimate.estimate(plan).seconds > 0


def test_no_label_is_looked_at_first(lab: Lab) -> None:
    """Whatever the classes are called, the backbone becomes the same."""
    plan = planned(lab, VIEWS)
    mixed = [msgspec.structs.replace(s, label=(s.label + 1) % 3) for s in plan.split.train]
    other = resolve(plan.recipe, msgspec.structs.replace(plan.split, train=tuple(mixed)))
    one, two = (best_of(trained(lab, each)[0]) for each in (plan, other))
    same = {name for name in one if torch.equal(one[name], two[name])}
    assert {name for name in one if name.startswith("encoder.")} <= same
    assert any(name not in same for name in one)


@pytest.mark.parametrize("after", [2, 10])
def test_interrupted_and_resumed_equals_uninterrupted(
    lab: Lab, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Amid what is learnt without labels, and after it, when features are there."""
    plan = planned(lab, VIEWS)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", -1.0)
    whole, _events = trained(lab, plan)
    run, saved, last = lab.run(plan), 0, None
    for last in trainer.train(plan, run):
        saved += isinstance(last, ev.Saved) and last.kind == "last"
        if saved == after:
            run.request_stop("cancel")
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"
    assert len(run.history().epochs) < 4
    end = list(trainer.train(resume_plan(run), run))[-1]
    assert isinstance(end, ev.Finished), end
    assert end.outcome == "done"
    assert_same(whole, run)


def test_stopped_before_any_label_there_is_nothing_to_keep(lab: Lab) -> None:
    plan = planned(lab, VIEWS)
    run, events = lab.run(plan), []
    for event in trainer.train(plan, run):
        events.append(event)
        if isinstance(event, ev.EpochEnded):
            run.request_stop("finish")
    last = events[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"  # and can be resumed
    assert "unlabelled.stopped" in {e.code for e in events if isinstance(e, ev.Notice)}


def test_a_collapse_is_said_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretext, "spread", lambda vectors: torch.tensor(0.1))
    _run, events = trained(lab, planned(lab, VIEWS))
    codes = [event.code for event in events if isinstance(event, ev.Notice)]
    assert codes.count("unlabelled.collapsed") == 1


def test_without_augmentation_there_are_no_two_views(lab: Lab) -> None:
    with pytest.raises(UserError) as caught:
        planned(lab, VIEWS | {"augment": {}})
    assert caught.value.code == "unlabelled.no_views"


def test_features_of_a_changed_network_are_not_those_of_the_file(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = set()
    opened = data_pipeline.open_store

    def watched(*arguments: Any) -> Any:
        store = opened(*arguments)
        folders.add(store.folder)
        return store

    monkeypatch.setattr(data_pipeline, "open_store", watched)
    trained(lab, planned(lab, {"strategy": "feature_extraction", "options": {"passes": 0}}))
    before = set(folders)
    trained(lab, planned(lab, VIEWS))
    assert before
    assert folders - before


def test_a_divergence_is_told_as_of_any_training(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample that may be the cause is looked for in one of its views."""
    features = pretext.SimSiam.features
    monkeypatch.setattr(
        pretext.SimSiam, "features", lambda task, inputs: features(task, inputs) * float("nan")
    )
    _run, events = trained(lab, planned(lab, VIEWS))
    last = events[-1]
    assert isinstance(last, ev.Failed)
    assert last.code.startswith("training.diverged")
