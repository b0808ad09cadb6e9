"""The automatic choice: by validation only, everything told, within the time."""

from collections.abc import Iterator

import pytest

from tests.core.training.conftest import BACKBONE, Lab
from transfergui.core.plan import Plan, resolve
from transfergui.core.recipe import Recipe
from transfergui.core.split import Split
from transfergui.core.training import auto, estimate, trainer
from transfergui.core.training.estimate import Estimate


def searched(plan: Plan, minutes: float = 5) -> tuple[list[auto.Trial], Recipe]:
    search, trials = auto.search(plan, minutes), []
    while True:
        try:
            trials.append(next(search))
        except StopIteration as found:
            return trials, found.value


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
    assert min(trained, key=lambda trial: trial.worth) == chosen
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
    assert auto._within(made.recipe, made, 200).run.epochs is None
    assert auto._within(made.recipe, made, 60).run.epochs == 5
    assert auto._within(made.recipe, made, 1).run.epochs == 1
