"""A step in float16, which no machine without a CUDA device computes: with a scaler made up."""

import functools
from types import SimpleNamespace
from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.phase import Phase
from transfergui.core.nn.losses import Loss
from transfergui.core.objectives.one_class import OneClass
from transfergui.core.training import step
from transfergui.core.training.compute import Compute
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.micro_batches import MicroBatches, result_of
from transfergui.core.training.step import TrainStep

SCALE = 65536.0
RIGHT = functools.partial(OneClass().tally, targets=Targets())


class Scaled(Compute):
    """A computation in which losses are scaled, as those in float16 are.

    Args:
        overflows: how many steps, from the first on, have gradients that are not finite.
    """

    def __init__(self, task: nn.Module, overflows: int = 0) -> None:
        super().__init__("cpu")
        self.scaler = torch.amp.GradScaler("cpu", init_scale=SCALE)
        self.task = task
        self.overflows = overflows

    def backward(self, loss: Tensor) -> None:
        super().backward(loss)
        if self.overflows > 0:
            self.overflows -= 1
            for parameter in self.task.parameters():
                assert parameter.grad is not None
                parameter.grad.fill_(torch.inf)


class Task(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        logits = self.layer(inputs)
        return Loss(nn.functional.cross_entropy(logits, targets), logits)


class Noted(torch.optim.SGD):
    """Counts its steps."""

    taken = 0

    def step(self, closure: Any = None) -> None:
        self.taken += 1
        super().step()


def made(overflows: int = 0) -> tuple[TrainStep, Task, Noted]:
    torch.manual_seed(0)
    task = Task()
    optimizer = Noted(task.parameters(), lr=0.1)
    phase = Phase(name="", epochs=1, groups=0, lr=0.1, cache_features=True)
    micro_batches = MicroBatches(Scaled(task, overflows))
    model = cast("Any", SimpleNamespace(head=task))
    return TrainStep(model, task, optimizer, phase, micro_batches, 4, 1.0, RIGHT), task, optimizer


PARTS = (torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 1]))


def test_gradients_are_unscaled_before_their_norm_is_taken() -> None:
    """Else a gradient of any size is clipped to 1, which is next to nothing once unscaled."""
    train_step, task, _optimizer = made()
    plain = Task()
    plain.load_state_dict(task.state_dict())
    plain(*PARTS).value.backward()
    result_of(train_step.step(PARTS, 0))
    for parameter, other in zip(task.parameters(), plain.parameters(), strict=True):
        assert other.grad is not None
        assert torch.allclose(parameter, other - 0.1 * other.grad)


def test_an_overflow_leaves_a_step_out_and_is_no_divergence() -> None:
    train_step, _task, optimizer = made(overflows=5)
    for number in range(6):
        result_of(train_step.step(PARTS, number))
    assert optimizer.taken == 1


def test_overflows_without_end_are_a_divergence() -> None:
    train_step, _task, _optimizer = made(overflows=1000)
    with pytest.raises(Diverged):
        for number in range(step.OVERFLOWS + 1):
            result_of(train_step.step(PARTS, number))
    assert train_step.overflows == step.OVERFLOWS + 1
