"""How near what two processes learn is to what one learns of the same batches."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from tests import tiny_networks
from tests.core.made_boxes import SIDE, make_boxes
from tests.core.made_objectives import meaning
from tests.core.processes.together import together
from tests.core.training.comparing import assert_same, best_of
from tests.core.training.conftest import Lab
from transfergui.core import registry
from transfergui.core.data.split import Split
from transfergui.core.interfaces.plan import Plan
from transfergui.core.nn import recomputed
from transfergui.core.processes.joined import Joined
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.events import EpochEnded as Ended
from transfergui.core.runs.run import Run
from transfergui.core.training import budget, phase, start, trainer
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
        if self.norms is not None:  # they wait for each other in it, and nothing is drawn
            return accumulated(self, *arguments)
        with lock:
            return accumulated(self, *arguments)

    monkeypatch.setattr(trainer._Training, "_build", built)
    monkeypatch.setattr(TrainStep, "_accumulated", learnt)
    yield


def _difference(made: Plan, folder: Path) -> float:
    """The largest one of a weight: by several processes, and by one."""
    size = made.recipe.run.processes
    runs = [Run.create(made.recipe, made.split, folder / f"run{rank}") for rank in range(size)]

    def train(group: Joined) -> object:
        return list(start.share(made, Run(runs[group.rank].path), group))

    together(folder, train, size)
    alone = resolve(made.recipe.replace(run__processes=1), made.split)
    whole = Run.create(alone.recipe, alone.split, folder / "whole")
    list(start.train(alone, whole))
    two, one = best_of(runs[0]), best_of(whole)
    return max(float((two[name].double() - one[name].double()).abs().max()) for name in one)


def test_the_whole_batch_at_once_differs_in_rounding_only(lab: Lab, tmp_path: Path) -> None:
    settings = {"strategy": "fine_tuning", "run__epochs": 1, "head__dropout": 0.0}
    precise = {"run__precision": "float32", "run__processes": 2}
    assert _difference(lab.plan(**settings, **precise), tmp_path) < TOLERANCE


@pytest.mark.parametrize(
    "settings",
    [{"run__processes": 3, "optim__batch_size": 11}, {"augment": {"mixup": 0.4}}],
    ids=["thirds", "mixed"],
)
def test_batch_norm_looks_at_the_whole_batch(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any]
) -> None:
    """Of each of the two batches that make a step. Not Adam, which divides by gradients that are 0
    but for rounding, as those of what BatchNorm subtracts are."""
    tiny_networks.put_shufflenet_in_place(monkeypatch)
    common = {"strategy": "from_scratch", "run__epochs": 1, "head__dropout": 0.0}
    precise = {"run__precision": "float32", "run__processes": 2, "optim__optimizer": "sgd"}
    made = lab.plan(**common | precise | {"optim__accumulate": 2} | settings)
    assert _difference(made, tmp_path) < TOLERANCE


@pytest.mark.parametrize(
    "objective", [each.key for each in registry.OBJECTIVES if not each.places and each.adds_up]
)
def test_what_is_said_of_both_halves_is_that_of_the_whole(
    lab: Lab, tmp_path: Path, small_weights: Path, objective: str
) -> None:
    """Loss, score and report, whatever is predicted."""
    lab.weights = small_weights
    settings = {"strategy": "norm_and_bias", "run__epochs": 1, "head__dropout": 0.0}
    one = lab.plan(**settings, run__precision="float32", optim__balance="none")
    one = resolve(one.recipe.replace(objective={}), meaning(one.split, objective))
    two = resolve(one.recipe.replace(run__processes=2), one.split)
    runs = [lab.run(made) for made in (one, two, two)]
    list(start.train(one, runs[0]))
    together(tmp_path, lambda group: list(start.share(two, Run(runs[1 + group.rank].path), group)))
    losses = [
        [(e.train_loss, e.train_score, e.val_loss) for e in run.events() if isinstance(e, Ended)]
        for run in runs
    ]
    assert losses[1] == losses[2]
    assert losses[1][0] == pytest.approx(losses[0][0], rel=TOLERANCE)
    reports = [[*_numbers(run.report() | {"seconds": None})] for run in runs[:2]]
    assert reports[1] == pytest.approx(reports[0], rel=TOLERANCE)


def _numbers(found: Any) -> Iterator[float]:
    """All in a report."""
    if isinstance(found, dict | list):
        for each in found.values() if isinstance(found, dict) else found:
            yield from _numbers(each)
    elif isinstance(found, int | float):
        yield found


@pytest.mark.parametrize("strategy", ["norm_and_bias", "from_scratch"])
def test_what_is_too_much_for_one_is_cut_smaller_by_all(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, strategy: str, small_weights: Path
) -> None:
    """Also in the middle of a step in which the processes wait for each other, layer by layer."""
    lab.weights = small_weights
    settings = {"strategy": strategy, "run__epochs": 1, "head__dropout": 0.0}
    made = lab.plan(**settings, run__precision="float32", run__processes=2)
    runs = [lab.run(made), lab.run(made)]
    small, convolve = threading.local(), nn.Conv2d.forward

    def short(self: nn.Conv2d, inputs: torch.Tensor) -> torch.Tensor:
        if inputs.requires_grad and len(inputs) > getattr(small, "limit", len(inputs)):
            raise torch.OutOfMemoryError
        return convolve(self, inputs)

    monkeypatch.setattr(nn.Conv2d, "forward", short)

    def train(group: Joined) -> list[ev.Event]:
        if not group.first:
            small.limit = 2
        return list(start.share(made, Run(runs[group.rank].path), group))

    told = [
        [e.values for e in events if isinstance(e, ev.Notice) and e.code == "memory.halved"]
        for events in together(tmp_path, train)
    ]
    assert told == [[{"size": 4, "pieces": 2}]] * 2
    assert runs[0].report()["n"] == len(made.split.test)


def _shared(lab: Lab, made: Plan, folder: Path, work: Callable[[], None]) -> Run:
    """What two processes leave, the second of which begins with ``work``."""
    runs = [lab.run(made), lab.run(made)]
    folder.mkdir()

    def train(group: Joined) -> list[ev.Event]:
        if not group.first:
            work()
        return list(start.share(made, Run(runs[group.rank].path), group))

    told = [
        [e.code for e in events if isinstance(e, ev.Notice) and e.code.startswith("memory.")]
        for events in together(folder, train)
    ]
    assert told[0] == told[1]
    return runs[0]


@pytest.mark.parametrize("objective", ["one_class", "boxes"])
def test_what_is_computed_again_meets_the_other_processes_again(
    lab: Lab,
    boxes: Split,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    small_weights: Path,
    objective: str,
) -> None:
    """In BatchNorm layers that look at the whole batch: in the same order in each process, and to
    the same bits as where nothing is computed again; with boxes, each looks at its part."""
    monkeypatch.setattr(budget, "WORTHWHILE", 1.0)
    monkeypatch.setattr(recomputed, "BACKWARD", 1)
    common = {"run__precision": "float32", "run__processes": 2, "run__epochs": 1}
    if objective == "boxes":
        recipe = Recipe().replace(
            backbone="tgnet",
            strategy="from_scratch",
            input={"size": SIDE},
            optim__batch_size=4,
            run__device="cpu",
            augment={},
            **common,
        )
        made = resolve(recipe, boxes)
    else:
        lab.weights = small_weights
        made = lab.plan(strategy="from_scratch", head__dropout=0.0, **common)
    short = threading.local()
    backward, passes = TrainStep._backward, Counter[bool]()

    def little(self: TrainStep, piece: tuple[torch.Tensor, ...], size: float) -> Any:
        result = backward(self, piece, size)
        passes[self.recomputes] += 1
        if getattr(short, "times", 0):  # after it met the others in each of the layers
            short.times -= 1
            raise torch.OutOfMemoryError
        return result

    monkeypatch.setattr(TrainStep, "_backward", little)
    plain = _shared(lab, made, tmp_path / "plain", lambda: None)
    assert set(passes) == {False}
    again = _shared(lab, made, tmp_path / "again", lambda: setattr(short, "times", 1))
    assert passes[True] == passes[False] - 2  # but for the one step that had to be taken again
    assert_same(plain, again)


def test_no_memory_for_the_optimizer_ends_all_with_its_sentence(
    lab: Lab, tmp_path: Path, small_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(self: TrainStep) -> None:
        raise torch.OutOfMemoryError

    lab.weights = small_weights
    made = lab.plan(strategy="norm_and_bias", run__processes=2)
    runs = [lab.run(made), lab.run(made)]
    monkeypatch.setattr(TrainStep, "_apply", short)
    events = together(
        tmp_path, lambda group: list(start.share(made, Run(runs[group.rank].path), group))
    )
    assert [each[-1].code for each in events] == ["memory.exhausted"] * 2


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
