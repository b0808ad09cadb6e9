"""Every strategy that needs other data: an interrupted training comes to the same weights."""

from pathlib import Path

import pytest
import torch

from tests.core.made_companions import with_others
from tests.core.training.comparing import best_of
from tests.core.training.conftest import Lab
from transfergui.core import registry
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import checkpointer, trainer

NEEDING = [
    row.key
    for row in registry.STRATEGIES
    if row.needs and row.procedure == "train" and row.fits("image")
]


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


def told(run: Run) -> list[tuple[int, float, dict[str, float]]]:
    """Of each epoch: its number, its loss, and what the task told of its steps."""
    rows = {e.epoch: e for e in run.events() if isinstance(e, ev.EpochEnded)}
    return [(epoch, row.train_loss, row.logs) for epoch, row in rows.items()]


@pytest.mark.parametrize("strategy", NEEDING)
def test_an_interrupted_one_sees_the_same_streams(
    lab: Lab, strategy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transfergui.core.training.progress_reporter.EVERY", 0.0)
    monkeypatch.setattr(checkpointer, "SAVE_WITHIN", 0.0)
    bare = lab.plan(strategy="feature_extraction", run__epochs=2)
    short = {"first_epochs": 2}
    known = registry.strategy(strategy).options.__struct_fields__
    options = {name: value for name, value in short.items() if name in known}
    changed = {"strategy": strategy, "options": options, "augment": {"flip": True}}
    recipe = bare.recipe.replace(**changed, run__epochs=2)
    plan = resolve(*with_others(recipe, bare.split))
    if not any(phase.streams or phase.through for phase in plan.phases):
        return  # nothing is drawn beside the samples
    whole, run = lab.run(plan), lab.run(plan)
    list(trainer.train(plan, whole))
    events = trainer.train(plan, run)
    steps = (e for e in events if isinstance(e, ev.Progress) and e.stage == "train")
    for _step in zip(range(6), steps, strict=False):  # amid the second epoch
        pass
    events.close()
    assert isinstance(list(trainer.train(plan, run))[-1], ev.Finished)
    one, other = best_of(run), best_of(whole)
    assert [name for name in other if not torch.equal(one[name], other[name])] == []
    assert told(run) == told(whole)
