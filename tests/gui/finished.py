"""Runs as the stages find them: made without any training, or really trained for seconds."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from tests.conftest import make_tiny_pictures
from tests.core.made_rows import made_rows
from tests.gui.objective_data import TABLES
from transfergui.core import registry
from transfergui.core.data.split import split
from transfergui.core.evaluation import report
from transfergui.core.figures import one_class
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run

STEPS = 5
"""Reports of the loss per epoch."""


def started(epochs: int = 10, baseline: float = 0.5) -> ev.Started:
    return ev.Started(
        run="run",
        resumed=False,
        modality="image",
        backbone="mobilenet_v2",
        strategy="fine_tuning",
        device="cpu",
        precision="float32",
        classes=("class_0", "class_1"),
        sizes={"train": 16, "val": 4, "test": 4},
        epochs=epochs,
        baseline=baseline,
    )


def epochs(first: int, last: int, best: int = 3) -> Iterator[ev.Event]:
    """The events of the epochs ``first`` to ``last``; validation is best at epoch ``best``."""
    for epoch in range(first, last + 1):
        for step in range(1, STEPS + 1):
            at = epoch - 1 + step / STEPS
            yield ev.Progress(
                stage="train",
                epoch=at,
                step=step,
                steps=STEPS,
                loss=2.0 / (1 + at),
                lr=1e-3,
                rate=50.0,
                eta=12.0,
                memory=10**9,
            )
        yield ev.EpochEnded(
            epoch=epoch,
            phase=0,
            train_loss=2.0 / (1 + epoch),
            train_score=1 - 0.5 / epoch,
            val_loss=1.0 + 0.1 * abs(epoch - best),
            val_score=0.8,
            lr=1e-3,
            seconds=1.0,
            best=epoch <= best,
        )


def history(done: int = 5, planned: int = 10) -> History:
    """A training that stands after ``done`` epochs; its phase changed after the second."""
    history = History()
    history.add(started(planned))
    history.add(ev.PhaseStarted(index=0, name="Head", epoch=0, epochs=2, trainable=1, frozen=9))
    for event in epochs(1, min(2, done)):
        history.add(event)
    history.add(ev.PhaseStarted(index=1, name="All", epoch=2, epochs=8, trainable=10, frozen=0))
    for event in epochs(3, done):
        history.add(event)
    return history


def finished_run(plan: Plan, outcome: ev.Outcome = "done") -> Run:
    """A run of ``plan`` that was tested; every second sample of the last class is a mistake."""
    run = Run.create(plan.recipe, plan.split)
    for event in (started(), *epochs(1, 5)):
        run.record(event)
    figures: dict = {}
    if outcome != "cancelled":
        figures = _report(plan, run)
    run.record(ev.Finished(outcome=outcome, epochs=5, best_epoch=3, seconds=9.0, report=figures))
    return run


def _report(plan: Plan, run: Run) -> dict:
    samples = plan.split.test
    last = len(plan.split.classes) - 1
    probabilities = np.full((len(samples), len(plan.split.classes)), 0.1 / last)
    for number, sample in enumerate(samples):
        wrong = sample.label == last and number % 2
        probabilities[number, 0 if wrong else sample.label] = 0.9
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    truth = [sample.label for sample in samples]
    found = one_class.measure(
        truth, probabilities, plan.split.classes, train_counts=[9] * len(plan.split.classes)
    )
    rows = made_rows([s.path for s in samples], truth, probabilities, plan.split.classes)
    report.save(run.path, found, rows, recipe=plan.recipe)
    return msgspec.to_builtins(found)


# -- real trainings

EPOCHS = 2
"""Of the trainings; seconds with the built-in network on 24 pictures."""


def trained_run(objective: str, folder: Path) -> Run:
    """A run that really was trained on small pictures, for an objective.

    Args:
        folder: where the data and the run are made.
    """
    from transfergui.core.training import start

    recipe = data_of(objective, folder / "data")
    changes = {"strategy": "feature_extraction", "backbone": "tgnet", "run__epochs": EPOCHS}
    recipe = recipe.replace(**changes)
    dataset = registry.modality("image").scan(recipe.data, lambda _count: None)
    plan = resolve(recipe, split(dataset, recipe.split, recipe.run.seed))
    run = Run.create(plan.recipe, plan.split, folder / "run")
    for _event in start.train(plan, run):
        pass
    return run


def data_of(objective: str, folder: Path) -> Recipe:
    """A recipe of small pictures made in ``folder``."""
    for table in TABLES.values():
        if table.objective == objective:
            return table.recipe(table.write(folder))
    return Recipe().replace(data__path=str(make_tiny_pictures(folder)))
