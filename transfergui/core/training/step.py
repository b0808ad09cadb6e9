"""One step of the optimiser, in as many pieces as memory asks for."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from transfergui.core import plans
from transfergui.core.interfaces.objective import LossSettings
from transfergui.core.nn.losses import Supervised
from transfergui.core.training import devices, optim
from transfergui.core.training.divergence import Diverged

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Phase, Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.losses import Loss
    from transfergui.core.runs.events import Notice
    from transfergui.core.training.micro_batches import MicroBatches

OVERFLOWS = 20
"""In a row, of gradients scaled for float16: from 65536, each halves the scale, to below 1."""


class StepResult(NamedTuple):
    """Mean loss of one batch, its tally (:meth:`Objective.tally`), and what the task tells of it
    (:attr:`Loss.logs`)."""

    loss: float
    tally: tuple[float, ...]
    logs: Mapping[str, Tensor] = MappingProxyType({})


class TrainStep:
    """Steps of one phase.

    A batch larger than ``batch_size`` (gradient accumulation) or than what fits
    into memory is cut into pieces whose gradients add up to the batch's.

    Args:
        task: ``forward(inputs, targets)`` returns a
            :class:`~transfergui.core.nn.losses.Loss`; on the device already.
        clip_norm: gradients are shortened to this norm, 0 for not at all.
        tally: of outputs and what is wanted, see :meth:`Objective.tally`.
    """

    def __init__(
        self,
        model: Classifier,
        task: nn.Module,
        optimizer: torch.optim.Optimizer,
        phase: Phase,
        micro_batches: MicroBatches,
        batch_size: int,
        clip_norm: float,
        tally: Tally,
    ) -> None:
        self.model = model
        self.task = task
        self.optimizer = optimizer
        self.phase = phase
        self.micro_batches = micro_batches
        self.batch_size = batch_size
        self.clip_norm = clip_norm
        self.tally = tally
        self.overflows = 0

    def begin(self, done: float) -> None:
        """Before a step: ``done`` is the share of the planned ones that is done with it."""
        if isinstance(self.task, Supervised):
            self.task.done = done

    def step(self, parts: tuple[Tensor, ...], seed: int) -> Generator[Notice, None, StepResult]:
        """One step.

        Args:
            parts: what the task takes: inputs [N, ...], targets [N] or [N, classes],
                a teacher's features where there is one, and other data [M, ...].
            seed: of the dropout in this step.

        Raises:
            Diverged: nothing was changed.
            UserError: ``memory.exhausted``.
        """

        def work() -> StepResult:
            return self._step(parts, seed)

        return (yield from self.micro_batches.attempt(work, min(len(parts[0]), self.batch_size)))

    def _step(self, parts: tuple[Tensor, ...], seed: int) -> StepResult:
        devices.seed(seed, self.micro_batches.compute.device)
        size = len(parts[0])
        count = self.micro_batches.count(size, self.batch_size)
        self._train_mode(smallest=size // count)
        self.optimizer.zero_grad(set_to_none=True)
        micro_batches = zip(*(_cut(part, count) for part in parts), strict=True)
        results = [self._backward(piece, size) for piece in micro_batches]
        self.micro_batches.compute.unscale(
            self.optimizer
        )  # of float16; the norm is of the true ones
        self._judge(optim.gradient_norm(self.task, self.clip_norm))
        self.micro_batches.compute.step(self.optimizer)
        return StepResult(
            sum(r.loss for r in results),
            added(*(r.tally for r in results)),
            _together([r.logs for r in results]),
        )

    def _backward(self, piece: tuple[Tensor, ...], size: int) -> StepResult:
        compute = self.micro_batches.compute
        piece = tuple(part.to(compute.device) for part in piece)
        with compute.autocast():
            loss: Loss = self.task(*piece)
        part = len(piece[0]) / size
        share = loss.value.float() * part
        value = float(share.detach())
        self._insist_finite(value)
        compute.backward(share)
        logs = {key: log.detach().float() * part for key, log in loss.logs.items()}
        return StepResult(value, self.tally(loss.logits.detach().float(), piece[1]), logs)

    def _train_mode(self, smallest: int) -> None:
        """Train mode for what is trained; ``smallest`` is the size of the smallest piece."""
        if self.phase.cache_features:
            self.model.head.train()
        else:
            # The statistics of one sample say nothing: BatchNorm then keeps its own.
            self.model.train_mode(self.phase.freeze_norm or smallest == 1)

    def _judge(self, norm: float) -> None:
        """
        Raises:
            Diverged: the gradients are not finite, and their scale cannot be the reason.
        """
        scaled = self.micro_batches.compute.scaler is not None
        self.overflows = 0 if math.isfinite(norm) else self.overflows + 1
        if not scaled or self.overflows > OVERFLOWS:
            self._insist_finite(norm)

    @staticmethod
    def _insist_finite(value: float) -> None:
        if not math.isfinite(value):
            raise Diverged


def _cut(part: Tensor, count: int) -> tuple[Tensor, ...]:
    """``part`` in ``count`` pieces, none of them empty: of other data there may be too few rows,
    which are then in several."""
    if len(part) < count:
        part = part[torch.arange(count) % len(part)]
    return part.tensor_split(count)


def make_task(plan: Plan, model: nn.Module, phase: Phase | None = None) -> nn.Module:
    """What is minimised: see :attr:`transfergui.core.interfaces.plan.Strategy.task`, and, in a
    ``phase`` that goes through samples without labels, ``pretext`` there.

    Args:
        model: :class:`transfergui.core.nn.classifier.Classifier`, or its head where the inputs are
            cached features.
    """
    if phase is not None and phase.through is not None:
        assert plan.strategy.pretext is not None
        return plan.strategy.pretext(model, plan)
    settings = LossSettings(
        options=plan.objective_options,
        smoothing=plan.recipe.optim.label_smoothing or 0.0,
        class_weights=plan.class_weights,
        counts=plan.split.train_counts(),
    )
    loss = plan.objective.loss(plan.split.targets, settings)
    make = plan.strategy.task
    return make(model, loss, plan) if make else Supervised(model, loss)


Tally = Callable[[Tensor, Tensor], tuple[float, ...]]


def tally_of(plan: Plan, phase: Phase) -> Tally:
    """See :meth:`transfergui.core.interfaces.objective.Objective.tally`; of nothing where nobody
    looks at labels."""
    if phase.through is not None:
        return lambda outputs, wanted: ()
    return functools.partial(plan.objective.tally, targets=plan.split.targets)


def added(*tallies: tuple[float, ...]) -> tuple[float, ...]:
    """The tally of several batches together."""
    return tuple(map(sum, zip(*tallies, strict=True)))


def _together(logs: Sequence[Mapping[str, Tensor]]) -> Mapping[str, Tensor]:
    """Of the pieces of a batch, of the batch; nothing is fetched from the device."""
    if len(logs) == 1:
        return logs[0]
    return {key: torch.stack([each[key] for each in logs]).sum() for key in logs[0]}


def make_train_step(
    plan: Plan, phase: Phase, model: Classifier, micro_batches: MicroBatches
) -> TrainStep:
    """Steps of ``phase`` on ``model``, what it trains being trainable already."""
    options, device = plan.recipe.optim, micro_batches.compute.device
    trained = model.head if phase.cache_features else model
    task = make_task(plan, trained, phase).to(device)
    optimizer = optim.make_optimizer(model, phase, options, task)
    return TrainStep(
        model,
        task,
        optimizer,
        phase,
        micro_batches,
        plans.batch_size(plan),
        options.clip_norm,
        tally_of(plan, phase),
    )
