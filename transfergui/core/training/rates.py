"""Which learning rate suits a training, found by a short sweep before it.

Smith, "Cyclical Learning Rates for Training Neural Networks", 2015 (arXiv:1506.01186): the rate
grows from step to step, by the same factor, until the loss runs away; what suits lies where the
loss falls. Where exactly is read as fastai's "valley" does: of the longest falling stretch of the
smoothed losses, the middle of its second third.

The sweep has a network of its own, which is thrown away, and sees training samples only.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from transfergui.core import plans
from transfergui.core.base import files
from transfergui.core.networks import planned
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn import heads
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.training import devices, optim, precision, ranking
from transfergui.core.training.compute import Compute
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.loaders import (
    FileSource,
    Source,
    UnreadableFiles,
    training_order,
)
from transfergui.core.training.micro_batches import MicroBatches, result_of
from transfergui.core.training.sample_cache import SampleCache
from transfergui.core.training.step import TrainStep, make_train_step

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.training.loaders import Batch

STEPS = 48
BELOW, ABOVE = 1e-3, 1e2
"""From and to which multiple of the strategy's own rate."""
SMOOTH = 0.8
RUNAWAY = 4.0
"""So many times the smallest loss so far, the sweep is over."""
LEAST = 8
"""Losses, of which fewer say nothing."""


class Sweep(NamedTuple):
    """What a sweep found.

    Attributes:
        rates: of each step that was made.
        losses: smoothed, after each.
        suggested: the rate to take; None where the loss never fell.
    """

    rates: list[float]
    losses: list[float]
    suggested: float | None


def applies(plan: Plan) -> bool:
    """Whether there is one rate to find, for one phase that has no teacher."""
    return len(plan.phases) == 1 and plan.phases[0].teacher is None and not plan.members


def cost(plan: Plan, epoch: float) -> float:
    """Seconds of a sweep, where an epoch takes ``epoch``."""
    return epoch * STEPS * plans.batch_size(plan) / max(1, len(plan.split.train))


def sweep(plan: Plan, check_cancelled: Callable[[], None] = lambda: None) -> Sweep:
    """Sweep the rate of the plan's only phase.

    Args:
        check_cancelled: called before each step; may raise to end it.

    Raises:
        UserError: as training does: no weights, no memory, no files.
    """
    with files.temporary_folder() as folder:
        return _Sweeping(save_assets(plan, folder), check_cancelled).result()


def valley(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """The middle of the second third of the longest falling stretch; None where there is none.

    The stretch is the longest falling subsequence: noise may interrupt it.
    """
    longest = [1] * len(losses)
    for at, loss in enumerate(losses):
        before = (longest[i] for i in range(at) if losses[i] > loss)
        longest[at] = 1 + max(before, default=0)
    end = max(range(len(losses)), key=longest.__getitem__, default=0)
    if not losses or longest[end] < LEAST:
        return None
    start = end - longest[end]
    return rates[max(0, start + (end - start) // 2)]


class _Sweeping:
    """One sweep in progress."""

    def __init__(self, plan: Plan, check_cancelled: Callable[[], None]) -> None:
        (self.phase,) = plan.phases
        self.plan = plan
        self.check_cancelled = check_cancelled
        self.device = devices.find(plan.recipe.run.device)

    def result(self) -> Sweep:
        model = self._model()
        way = precision.of_training(self.plan, self.phase, model, self.device)
        device = self.plan.recipe.run.device
        self.micro_batches = MicroBatches(Compute(device, way.precision))
        source = self._source(model)
        train_step = make_train_step(self.plan, self.phase, model, self.micro_batches)
        with devices.one_thread() if self.phase.cache_features else contextlib.nullcontext():
            rates, losses = self._swept(train_step, source)
        return Sweep(rates, losses, valley(rates, losses))

    def _swept(self, train_step: TrainStep, source: Source) -> tuple[list[float], list[float]]:
        """Rates, and smoothed losses, until the loss runs away."""
        rates, losses, mean = list[float](), list[float](), 0.0
        for number, batch in enumerate(itertools.islice(self._batches(source), STEPS)):
            self.check_cancelled()
            rate = optim.set_rate(train_step.optimizer, _factor(number))
            try:
                result = result_of(train_step.step((batch.inputs, batch.targets), number))
            except Diverged:
                break
            mean = SMOOTH * mean + (1 - SMOOTH) * result.loss
            losses.append(mean / (1 - SMOOTH ** (number + 1)))
            rates.append(rate)
            if losses[-1] > RUNAWAY * min(losses):
                break
        return rates, losses

    def _model(self) -> Classifier:
        plan = self.plan
        devices.seed(plan.recipe.run.seed, self.device)
        weights = planned.starting_weights(plan) if plan.pretrained else None
        model = classifier_of(plan, weights).to(self.device)
        model.set_trainable(self.phase.groups, self.phase.only, self.phase.low_rank)
        return model

    def _source(self, model: Classifier) -> Source:
        plan, samples = self.plan, self.plan.split.train
        if not self.phase.cache_features:
            return FileSource(
                plan, samples, SampleCache(), UnreadableFiles(len(samples)), device=self.device
            )
        known = ranking.source_of(plan, samples, self.check_cancelled, whole=False)
        heads.standardize(model.head, known.versions[0])
        return known

    def _batches(self, source: Source) -> Iterator[Batch]:
        """Without end, as an epoch after the other would give them; none is mixed."""
        options, seed = self.plan.recipe.optim, self.plan.recipe.run.seed
        for epoch in itertools.count():
            order = training_order(source.labels, seed, epoch, options.balance == "sampling")
            augmented = (
                epoch if plans.augments(self.plan) and not self.phase.cache_features else None
            )
            yield from source.batches(order, plans.batch_size(self.plan), augmented)


def _factor(step: int) -> float:
    """What the strategy's own rate is multiplied by."""
    return BELOW * (ABOVE / BELOW) ** (step / (STEPS - 1))
