"""How near what two processes learn is to what one learns of the same batches."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.made_boxes import SIDE, make_boxes
from tests.core.processes.together import together
from tests.core.training.comparing import best_of
from tests.core.training.conftest import Lab
from transfergui.core.data.split import Split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import Run
from transfergui.core.training import phase, start, trainer
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.step import TrainStep

TOLERANCE = 1e-5
"""Of a weight after an epoch. Of MobileNetV2, 0.007: see resources/guide/en/processes.md."""


@pytest.fixture(autouse=True)
def _one_draws_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Processes have a generator of random numbers each; threads share one."""
    lock = threading.RLock()
    build, accumulated = trainer._Training._build, TrainStep._accumulated

    def built(self: Any) -> None:
        with lock:
            build(self)

    def learnt(self: TrainStep, *arguments: Any) -> Any:
        with lock:
            return accumulated(self, *arguments)

    monkeypatch.setattr(trainer._Training, "_build", built)
    monkeypatch.setattr(TrainStep, "_accumulated", learnt)
    yield


def _difference(made: Plan, folder: Path) -> float:
    """The largest one of a weight: by two processes, and by one."""
    runs = [Run.create(made.recipe, made.split, folder / f"run{rank}") for rank in range(2)]
    together(folder, lambda group: list(start.share(made, Run(runs[group.rank].path), group)))
    alone = resolve(made.recipe.replace(run__processes=1), made.split)
    whole = Run.create(alone.recipe, alone.split, folder / "whole")
    list(start.train(alone, whole))
    two, one = best_of(runs[0]), best_of(whole)
    return max(float((two[name].double() - one[name].double()).abs().max()) for name in one)


def test_the_whole_batch_at_once_differs_in_rounding_only(lab: Lab, tmp_path: Path) -> None:
    settings = {"strategy": "fine_tuning", "run__epochs": 1, "head__dropout": 0.0}
    precise = {"run__precision": "float32", "run__processes": 2}
    assert _difference(lab.plan(**settings, **precise), tmp_path) < TOLERANCE


@pytest.fixture(scope="module")
def boxes(tmp_path_factory: pytest.TempPathFactory) -> Split:
    return make_boxes(tmp_path_factory.mktemp("boxes"), train=8, val=4, test=4)


@pytest.mark.parametrize(
    ("strategy", "head"),
    [
        ("feature_extraction", "fcos"),
        pytest.param("fine_tuning", "faster_rcnn", marks=pytest.mark.slow),
        pytest.param("fine_tuning", "fcos", marks=pytest.mark.slow),
    ],
)
def test_boxes_are_learnt_as_by_one_that_takes_the_halves_in_turn(
    boxes: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strategy: str, head: str
) -> None:
    """A loss that is divided by what is found in a batch is so in each half of it."""
    recipe = Recipe().replace(
        backbone="tgnet",
        strategy=strategy,
        objective={"head": head},
        input={"size": SIDE},
        optim__batch_size=4,
        run__epochs=1,
        run__device="cpu",
        run__precision="float32",
        run__processes=2,
    )
    make = phase.make_train_step

    def halved(plan: Plan, of: Any, model: Any, parts: MicroBatches, group: Any) -> TrainStep:
        if group.alone:
            parts = MicroBatches(parts.compute, 2)
        return make(plan, of, model, parts, group)

    monkeypatch.setattr(phase, "make_train_step", halved)
    assert _difference(resolve(recipe, boxes), tmp_path) == 0.0
