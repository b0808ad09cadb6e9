"""The automatic choice: by validation only, everything told, within the time."""

from collections.abc import Iterator

import pytest

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core import events as ev
from transfergui.core.plan import Plan, resolve, resume_plan
from transfergui.core.recipe import Recipe
from transfergui.core.split import Split
from transfergui.core.training import auto, estimate, ranking, start, trainer
from transfergui.core.training.estimate import Estimate


def searched(plan: Plan, minutes: float = 5) -> tuple[list[ev.Tried], Recipe]:
    search, trials = auto.search(plan, minutes), list[ev.Tried]()
    while True:
        try:
            event = next(search)
        except StopIteration as found:
            return trials, found.value
        if isinstance(event, ev.Tried):
            trials.append(event)


@pytest.fixture
def left_open(lab: Lab) -> Plan:
    return lab.plan(backbone="auto", run__epochs=None)


def test_everything_tried_is_told_and_the_best_on_validation_is_taken(left_open: Plan) -> None:
    trials, recipe = searched(left_open)
    (chosen,) = (trial for trial in trials if not trial.dropped)
    assert (recipe.backbone, recipe.strategy) == (chosen.backbone, chosen.strategy)
    trained = [trial for trial in trials if trial.strategy and trial.accuracy is not None]
    assert {(t.backbone, t.strategy) for t in trained} == {
        (key, way) for key in (BACKBONE, "tgnet") for way in auto.WAYS
    }
    assert auto._worth(chosen) == min(map(auto._worth, trained))
    resolve(recipe, left_open.split)


def test_no_test_sample_is_looked_at(left_open: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Split] = []
    train = trainer.train

    def noted(plan: Plan, run: object) -> Iterator[object]:
        seen.append(plan.split)
        return train(plan, run)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "train", noted)
    searched(left_open)
    assert seen
    assert not any(split.test for split in seen)
    assert left_open.split.test


def test_a_network_that_was_named_is_kept(lab: Lab) -> None:
    trials, recipe = searched(lab.plan(run__epochs=None))
    assert {trial.backbone for trial in trials} == {BACKBONE}
    assert recipe.backbone == BACKBONE


def test_what_takes_too_long_is_not_begun(left_open: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate, "estimate", lambda plan: Estimate(9e9, 1.0, 9e8))
    trials, recipe = searched(left_open)
    dropped = {t.strategy: t.dropped for t in trials if t.strategy and t.strategy != auto.WAYS[0]}
    assert set(dropped.values()) == {"auto.too_slow"}
    assert recipe.strategy == "feature_extraction"


def test_the_training_is_shortened_to_the_time_that_is_left(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = lab.plan(strategy="fine_tuning", run__epochs=None)
    monkeypatch.setattr(estimate, "estimate", lambda plan: Estimate(130.0, 10.0, 10.0))

    def epochs(seconds: float) -> int | None:
        search = auto._Search(made, seconds / 60, lambda: False)
        return search._within(made.recipe).run.epochs

    assert epochs(200) is None
    assert epochs(60.5) == 5
    assert epochs(1) == 1


# -- as a training


def test_the_run_begins_with_the_search_and_keeps_what_it_found(lab: Lab) -> None:
    made = lab.plan(backbone="auto", strategy="auto", run__epochs=None)
    run = lab.run(made)
    events = list(start.train(made, run))
    (chosen,) = (e for e in events if isinstance(e, ev.Tried) and not e.dropped)
    started = next(e for e in events if isinstance(e, ev.Started))
    assert (started.backbone, started.strategy) == (chosen.backbone, chosen.strategy)
    assert (run.recipe.backbone, run.recipe.strategy) == (chosen.backbone, chosen.strategy)
    assert isinstance(events[-1], ev.Finished)
    assert run.history().trials[-1] == chosen
    assert run.report()["n"] == len(made.split.test)


def test_a_search_that_was_stopped_begins_anew(lab: Lab) -> None:
    made = lab.plan(strategy="auto", run__epochs=None, options={"time": "one"})
    run = lab.run(made)
    seen = []
    for event in start.train(made, run):
        seen.append(event)
        run.request_stop("cancel")
    assert isinstance(seen[-1], ev.Finished)
    assert seen[-1].outcome == "cancelled"
    assert run.recipe.strategy == "auto"
    last = list(start.train(resume_plan(run), run))[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"


def test_nothing_to_try_is_said(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    made = lab.plan(backbone="auto", strategy="auto")
    monkeypatch.setattr(ranking, "rank", lambda *arguments, **named: iter(()))
    last = list(start.train(made, lab.run(made)))[-1]
    assert isinstance(last, ev.Failed)
    assert last.code == "auto.nothing"


@pytest.mark.parametrize(("epoch", "epochs"), [(1000.0, 2), (5.0, 5), (0.001, 8)])
def test_where_there_is_time_a_network_is_moved_for_longer(
    left_open: Plan, epoch: float, epochs: int
) -> None:
    """Of five minutes, each of four trials has 26 seconds."""
    search = auto._Search(left_open, 5.0, lambda: None)
    cost = Estimate(seconds=0.0, features=0.0, epoch=epoch)
    assert search._brief(cost, usual=8) == epochs
