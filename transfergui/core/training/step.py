"""One step of the optimiser, in as many pieces as memory asks for."""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.objective import LossSettings
from transfergui.core.nn.losses import Supervised
from transfergui.core.nn.norms import Statistics
from transfergui.core.nn.recomputed import Recomputation
from transfergui.core.runs.events import Notice
from transfergui.core.training import devices, optim, sharing
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.group import ALONE
from transfergui.core.training.shared_norms import OtherGaveUp, SharedNorms

if TYPE_CHECKING:
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.nn.losses import Loss
    from transfergui.core.training.group import Group
    from transfergui.core.training.micro_batches import MicroBatches

OVERFLOWS = 20
"""In a row, of gradients scaled for float16: from 65536, each halves the scale, to below 1."""


class StepResult(NamedTuple):
    """Mean loss of one batch, its tally (:meth:`Objective.tally`), what the task tells of it
    (:attr:`Loss.logs`), and of how many samples that is."""

    loss: float
    tally: tuple[float, ...]
    logs: Mapping[str, Tensor] = MappingProxyType({})
    size: int = 0


class TrainStep:
    """Steps of one phase.

    A batch larger than ``batch_size`` (gradient accumulation) or than what fits
    into memory is cut into pieces whose gradients add up to the batch's. So it is among several
    processes: each computes its part of the batch, the gradients are added up, weighed by the
    sizes of the parts, and all take the same step. That is what one process does which computes
    the same parts one after another; of two parts, to the bit. BatchNorm, while its statistics are
    trained, looks at the parts of all (:mod:`.shared_norms`); without ``norms``, each sees its own
    part, and the statistics are averaged.

    Args:
        task: ``forward(inputs, targets)`` returns a
            :class:`~transfergui.core.nn.losses.Loss`; on the device already.
        clip_norm: gradients are shortened to this norm, 0 for not at all.
        tally: of outputs and what is wanted, see :meth:`Objective.tally`.
        group: the processes that share each step.
        norms: the layers that look at the whole batch.
        recomputation: of the network, where its steps may need less memory by it.

    Attributes:
        recomputes: whether they do.
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
        group: Group = ALONE,
        norms: SharedNorms | None = None,
        recomputation: Recomputation | None = None,
    ) -> None:
        self.model = model
        self.task = task
        self.optimizer = optimizer
        self.phase = phase
        self.micro_batches = micro_batches
        self.batch_size = batch_size
        self.clip_norm = clip_norm
        self.tally = tally
        self.group = group
        self.norms = norms
        self.recomputation = recomputation
        self.recomputes = False
        self._before = Statistics()
        self.overflows = 0

    def begin(self, done: float) -> None:
        """Before a step: ``done`` is the share of the planned ones that is done with it."""
        if isinstance(self.task, Supervised):
            self.task.done = done

    def step(
        self, parts: tuple[Tensor, ...], seed: int, size: int | None = None
    ) -> Generator[Notice, None, StepResult]:
        """One step.

        Args:
            parts: what the task takes: inputs [N, ...], targets [N] or [N, classes],
                a teacher's features where there is one, and other data [M, ...].
            seed: of the dropout in this step.
            size: of the whole batch, where ``parts`` are this process's part of it; None for all.

        Raises:
            Diverged: nothing was changed.
            UserError: ``memory.exhausted``.
        """
        try:
            return (yield from self._step(parts, seed, size or len(parts[0])))
        except Diverged:
            self._before.restore()
            raise

    def _step(
        self, parts: tuple[Tensor, ...], seed: int, whole: int
    ) -> Generator[Notice, None, StepResult]:
        own = len(parts[0])

        def work() -> StepResult:
            result = self._accumulated(parts, seed, whole)
            if self.group.alone:  # memory may run out in it, too
                self._apply()
            return result

        if self.group.alone:
            size = min(own, self.batch_size)
            return (yield from self.micro_batches.attempt(work, size, self._relieve))
        while True:  # all processes at once cut their parts smaller, where memory ran out for one
            told = self._told(work, own)
            averaged = not self.phase.freeze_norm and self.norms is None
            together = sharing.added(self.group, self.task, told, whole, averaged)
            if together is not None:
                break
            yield self._relieve(self._at_once(whole))
        try:
            self._apply()
        except Exception as error:  # the others may have moved their weights: no second attempt
            if not devices.is_out_of_memory(error):
                raise
            raise UserError("memory.exhausted") from None
        logs = {key: torch.tensor(value) for key, value in together.logs.items()}
        return StepResult(together.loss or 0.0, together.tally, logs, together.size)

    def _relieve(self, size: int) -> Notice:
        """Need less memory from here on, after it ran out with ``size`` samples or with what was
        taken of them: by smaller pieces where they add up to the whole, else by activations that
        are computed again.

        Raises:
            UserError: ``memory.exhausted``.
        """
        self._before.restore()
        may = not self.recomputes and self.recomputation is not None and self.recomputation.places
        at_once = self.micro_batches.at_once(size)
        if may and (at_once == 1 or not self.adds_up()):
            self.recomputes = True
            devices.release_memory(self.micro_batches.compute.device)
            values = {"size": at_once}
            return Notice(code="memory.recomputed_after", values=values, level="warning")
        return self.micro_batches.halve(size)

    def adds_up(self) -> bool:
        """Whether pieces of a batch give the gradients of the whole, as the modules are now: not
        where BatchNorm takes its statistics of a batch, or a loss looks at all of it
        (``looks_at_batch``)."""
        for module in self.task.modules():
            if isinstance(module, _BatchNorm) and module.training:
                return False
            if getattr(module, "looks_at_batch", False):
                return False
        return True

    def agree(self) -> None:
        """Do as the other processes do: what is computed again meets them in BatchNorm layers
        again."""
        if not self.group.alone:
            told = self.group.gather((self.recomputes, self.recomputation is not None))
            self.recomputes = any(recomputes for recomputes, _may in told)
            if not all(may for _recomputes, may in told) and not self.recomputes:
                self.recomputation = None

    def _at_once(self, size: int) -> int:
        """Samples of a batch of ``size`` that a process takes at once where memory allows."""
        own = math.ceil(size / self.group.size)
        if self.norms is None:
            return min(own, self.batch_size)
        return math.ceil(own / math.ceil(size / self.batch_size))

    def _told(self, work: Callable[[], StepResult], size: int) -> sharing.Part:
        """What this process tells the others of its part of a batch, which ``work`` computes."""
        try:
            with self.norms.normalizing() if self.norms else contextlib.nullcontext():
                result = work()
        except OtherGaveUp:
            return sharing.Part(size, 0.0)
        except Diverged:
            told = sharing.Part(size, None)
        except Exception as error:
            if not devices.is_out_of_memory(error):
                raise
            told = sharing.Part(size, 0.0, short=True)
        else:
            logs = {key: float(value) for key, value in result.logs.items()}
            return sharing.Part(result.size, result.loss, result.tally, logs)
        if self.norms is not None:
            self.norms.give_up()
        return told

    def _accumulated(self, parts: tuple[Tensor, ...], seed: int, size: int) -> StepResult:
        """The gradients of ``parts``, of a batch of ``size`` samples."""
        own, self._before = len(parts[0]), Statistics()
        self.optimizer.zero_grad(set_to_none=True)
        if self.norms is not None:
            return self._beside_others(parts, seed, size)
        if not own:  # the last batch of an epoch may have fewer samples than there are processes
            return StepResult(0.0, (), size=0)
        count = self.micro_batches.count(own, self.batch_size)
        largest = math.ceil(size / self.group.size)
        most = max(count, self.micro_batches.count(largest, self.batch_size))
        self._train_mode(smallest=own // count)
        pieces = zip(*(_cut(part, count) for part in parts), strict=True)
        results = []
        for number, piece in enumerate(pieces):
            self._seed(seed, most, number)
            results.append(self._backward(piece, size))
        return _summed(results, own)

    def _beside_others(self, parts: tuple[Tensor, ...], seed: int, size: int) -> StepResult:
        """As :meth:`_accumulated`, where the processes meet in every BatchNorm layer: all take the
        same number of pieces, and who has nothing looks at a sample that does not count."""
        assert self.norms is not None
        own = len(parts[0])
        sizes = self.group.gather(own)
        if not sum(sizes):
            return StepResult(0.0, (), size=0)
        stand_in = tuple(part[:1].cpu() for part in parts)
        if not min(sizes):
            stand_in = next(each for each in self.group.gather(stand_in) if len(each[0]))
        together = math.ceil(sum(sizes) / self.batch_size)  # as one process takes at once
        count = max(together, self.micro_batches.count(max(sizes), max(sizes)))
        self._train_mode(smallest=sum(sizes) // count)
        results = []
        for number, piece in enumerate(zip(*(p.tensor_split(count) for p in parts), strict=True)):
            self.norms.counts = bool(len(piece[0]))
            self._seed(seed, count, number)
            if self.norms.counts:
                results.append(self._backward(piece, size))
            else:
                self._backward(stand_in, math.inf)
        return _summed(results, own)

    def _seed(self, seed: int, count: int, number: int) -> None:
        """For a piece, of which each process has ``count`` at most: it draws alike in whichever."""
        place = count * self.group.rank + number
        device = self.micro_batches.compute.device
        devices.seed(devices.counted_seed(seed, place) if place else seed, device)

    def _apply(self) -> None:
        """Move the weights by the gradients that are there.

        Raises:
            Diverged: nothing was changed.
        """
        compute = self.micro_batches.compute
        compute.unscale(self.optimizer)  # of float16; the norm is of the true ones
        self._judge(optim.gradient_norm(self.task, self.clip_norm))
        compute.step(self.optimizer)

    def _backward(self, piece: tuple[Tensor, ...], size: float) -> StepResult:
        """Add the gradients of ``piece``, of a batch of ``size`` samples; of infinitely many, it
        has no weight."""
        compute = self.micro_batches.compute
        piece = tuple(part.to(compute.device) for part in piece)
        with compute.autocast(), self._recomputing():
            loss: Loss = self.task(*piece)
        part = len(piece[0]) / size
        share = loss.value.float() * part
        value = float(share.detach())
        self._insist_finite(value)
        compute.backward(share)
        logs = {key: log.detach().float() * part for key, log in loss.logs.items()}
        return StepResult(value, self.tally(loss.logits.detach().float(), piece[1]), logs)

    def _recomputing(self) -> contextlib.AbstractContextManager[None]:
        if self.recomputation is None or not self.recomputes:
            return contextlib.nullcontext()
        return self.recomputation.active()

    def _train_mode(self, smallest: int) -> None:
        """Train mode for what is trained; ``smallest`` is the size of the smallest piece. What
        BatchNorm has learnt so far is noted, in case that the step cannot be taken."""
        if self.phase.cache_features:
            self.model.head.train()
        else:
            # The statistics of one sample say nothing: BatchNorm then keeps its own.
            self.model.train_mode(self.phase.freeze_norm or smallest == 1)
        self._before = Statistics(self.task)

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


def _summed(results: Sequence[StepResult], size: int) -> StepResult:
    """Of the pieces of ``size`` samples, of all of them."""
    if not results:
        return StepResult(0.0, (), size=0)
    return StepResult(
        sum(r.loss for r in results),
        added(*(r.tally for r in results)),
        _together([r.logs for r in results]),
        size,
    )


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
    plan: Plan,
    phase: Phase,
    model: Classifier,
    micro_batches: MicroBatches,
    group: Group = ALONE,
) -> TrainStep:
    """Steps of ``phase`` on ``model``, what it trains being trainable already."""
    options, device = plan.recipe.optim, micro_batches.compute.device
    trained = model.head if phase.cache_features else model
    task = make_task(plan, trained, phase).to(device)
    optimizer = optim.make_optimizer(model, phase, options, task)
    norms = SharedNorms(group, task) if shares_norms(plan, phase, group) else None
    return TrainStep(
        model,
        task,
        optimizer,
        phase,
        micro_batches,
        plans.batch_size(plan),
        options.clip_norm,
        tally_of(plan, phase),
        group,
        norms if norms is not None and norms.norms else None,
        None if phase.cache_features else Recomputation(model.encoder, model.groups),
    )


def shares_norms(plan: Plan, phase: Phase, group: Group) -> bool:
    """Whether BatchNorm layers, where there are any, look at the parts of all processes.

    Of boxes, which layers a process comes through may depend on what is in its part.
    """
    return not (group.alone or phase.freeze_norm or plan.objective.places)
