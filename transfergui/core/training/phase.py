"""One phase of a training: its data, its steps, its epochs."""

from __future__ import annotations

import contextlib
import itertools
import math
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.networks import planned
from transfergui.core.nn import heads, strangers
from transfergui.core.nn.classifier import count_parameters, to_memory_format
from transfergui.core.runs import events as ev
from transfergui.core.training import (
    budget,
    checkpointer,
    devices,
    inference,
    optim,
    partners,
    precision,
    probe,
    reporting,
)
from transfergui.core.training.averaging import Average
from transfergui.core.training.compute import Compute
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.features import FeatureSource
from transfergui.core.training.group import ALONE
from transfergui.core.training.loaders import (
    NOTHING,
    Batch,
    Source,
    prefetch_to_device,
    training_order,
)
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.precision import EXACT
from transfergui.core.training.step import TrainStep, make_train_step, shares_norms
from transfergui.core.training.step_logs import StepLogs
from transfergui.core.training.streams import beside, passes
from transfergui.core.training.validated import Validated

if TYPE_CHECKING:
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.training.best_weights import BestWeights
    from transfergui.core.training.checkpointer import Checkpointer
    from transfergui.core.training.data_pipeline import DataPipeline, Sources
    from transfergui.core.training.position import Position

Events = Generator[ev.Event, None, None]
APART = 50
"""Steps that processes take without a word to each other where each computes all of them."""


class PhaseLoop:
    """One phase in progress.

    Args:
        index: of the phase.
        pipeline: of the training, with its model.
        at: where the training stands.
        rate: the learning rate of the last step before an interruption.

    Attributes:
        group: the processes that share the work of this phase. Heads on cached features are trained
            by each of several alike: a step costs less than a message.
        sources: the samples, as this phase sees them.
        train_step: None until everything is prepared.
        batch: the last one.
        examples: what the model says of a few validation samples.
    """

    sources: Sources

    def __init__(
        self,
        plan: Plan,
        index: int,
        pipeline: DataPipeline,
        at: Position,
        best: BestWeights,
        checkpoints: Checkpointer,
        rate: float = 0.0,
    ) -> None:
        self.plan = plan
        self.index = index
        self.phase = plan.phases[index]
        self.pipeline = pipeline
        self.model = pipeline.model
        self.device = pipeline.device
        self.progress = pipeline.progress
        self.stops = pipeline.stops
        light = self.phase.cache_features and not plan.objective.places
        self.group = ALONE if light else pipeline.group
        self.check_cancelled = pipeline.check_cancelled
        self.at = at
        self.best = best
        self.checkpoints = checkpoints
        self.logs = StepLogs(at)
        self.warned: set[str] = set()
        self.rate = rate
        self.way = EXACT
        self.micro_batches = MicroBatches(Compute(plan.recipe.run.device), at.limit)
        self.plateau = optim.Plateau(plan.patience)
        self.average: Average | None = None
        self.train_step: TrainStep | None = None
        self.batch: Batch | None = None
        self.examples: tuple[ev.Example, ...] = ()

    def events(self, last: dict[str, Any] | None) -> Events:
        """Train it, and save where the training stands then.

        Args:
            last: the checkpoint from which this phase goes on; None where it begins.

        Raises:
            Diverged: nothing was changed by the last step.
            Stopped: on request.
        """
        if last is None:
            self.at.begin_phase(self.index)
        train_step = yield from self._prepared(last)
        self.train_step = train_step
        yield from self._fitted_into_memory(train_step)
        light = self.phase.cache_features and not self.plan.objective.places
        with devices.one_thread() if light else contextlib.nullcontext():
            while self.at.phase_epoch < self.phase.epochs and not self.best.is_stale():
                yield from self._epoch(train_step)
        yield from self.save()

    def save(self) -> Events:
        """Both checkpoints.

        Raises:
            Diverged: a weight is not finite.
        """
        assert self.train_step is not None
        self.logs.fetch()
        yield from self.checkpoints.save(self.train_step, self.plateau, self.average)

    # -- before the first epoch

    def _prepared(self, last: dict[str, Any] | None) -> Generator[ev.Event, None, TrainStep]:
        self.average = self.checkpoints.average(last) if last is not None else None
        set_trainable(self.plan, self.index, self.model, self.device)
        self._choose_precision()
        yield self._started()
        self.sources = yield from self.pipeline.of(self.phase, self.micro_batches, self.at.epoch)
        if last is None and self._meets_labels_first():
            yield from begin_head(self.plan, self.model, self.sources.train)
        self.pipeline.group.share(self.model.state_dict().values())
        # counted: what was drawn before depends on which features were cached
        devices.seed(devices.counted_seed(self.plan.recipe.run.seed, self.at.phase, 3), self.device)
        made = make_train_step(self.plan, self.phase, self.model, self.micro_batches, self.group)
        self.average = self.average or self.checkpoints.average(None)
        if last is not None:
            self.checkpoints.restore_step(made, self.plateau, last)
        return made

    def _meets_labels_first(self) -> bool:
        """Whether the head has learnt nothing before."""
        before = self.plan.phases[: self.index]
        return self.phase.through is None and all(p.through is not None for p in before)

    def _choose_precision(self) -> None:
        def measured() -> precision.ComputeMode:
            with probe.checking_cancelled(self.check_cancelled):
                return precision.of_training(self.plan, self.phase, self.model, self.device)

        self.way = self.pipeline.group.of_first(measured)
        if not self.pipeline.group.first:
            to_memory_format(self.model, self.way.channels_last)
        device, limit = self.plan.recipe.run.device, self.micro_batches.limit
        self.micro_batches = MicroBatches(Compute(device, self.way.precision), limit)

    def _started(self) -> ev.PhaseStarted:
        trainable, frozen = count_parameters(self.model)
        return ev.PhaseStarted(
            index=self.index,
            name=self.phase.name,
            epoch=self.at.epoch - self.at.phase_epoch,
            epochs=self.phase.epochs,
            trainable=trainable,
            frozen=frozen,
            precision=self.way.precision,
            lr=self.phase.lr,
        )

    def _fitted_into_memory(self, train_step: TrainStep) -> Events:
        """Smaller parts of a batch where a whole one would need more memory than there is."""
        if self.phase.cache_features:
            return
        notices: Sequence[ev.Notice] = ()
        need = budget.measure(self.plan, train_step)
        if need is not None:
            known = self.micro_batches.limit or len(self.sources.train.labels)
            size = min(plans.batch_size(self.plan), known, math.ceil(known / self.group.size))
            self.model.train_mode(self.phase.freeze_norm)
            adds_up, here = train_step.adds_up(), self.group.here
            if self.device.type == "cpu":
                self.pipeline.cache.leave(need.of(size) * here)
            found = budget.planned(need, size, self.device, adds_up, here)
            notices = found.notices
            self.micro_batches.limit = found.limit or self.micro_batches.limit
            train_step.recomputes = found.recomputes
            if need.recomputed is None:
                train_step.recomputation = None
        self.micro_batches.agree(self.group)
        train_step.agree()
        yield from notices

    # -- an epoch

    def _epoch(self, train_step: TrainStep) -> Events:
        began, at, train = time.monotonic(), self.at, self.sources.train
        options, seed = self.plan.recipe.optim, self.plan.recipe.run.seed
        size = plans.batch_size(self.plan) * options.accumulate
        balanced = options.balance == "sampling" and self.phase.through is None
        turns = passes(self.sources.streams)
        order = training_order(train.labels, seed, at.epoch, balanced, turns)
        steps = math.ceil(len(order) / size)
        self.progress.begin_stage()
        seen_before = at.seen
        augmented = at.epoch if plans.augments(self.plan) else None
        batches = self._batches(order[at.step * size :], size, augmented)
        numbers = range(at.phase_epoch * steps + at.step, (at.phase_epoch + 1) * steps)
        batches = beside(batches, self.sources.streams, size, seed, numbers, augmented)
        for batch in prefetch_to_device(batches, self.device):
            self._set_rate(train_step, steps)
            left = len(order) - at.step * size
            loss = yield from self._step(train_step, batch, min(size, left))
            yield from self._reported(loss, steps, at.seen - seen_before)
            if self.checkpoints.is_due(checkpointer.SAVE_WITHIN):
                yield from self.save()
            if not self.group.alone or self.pipeline.group.alone or at.step % APART == 0:
                self.stops.agree(self.pipeline.group)
        yield from self.end_epoch(time.monotonic() - began)
        if self.checkpoints.is_due(checkpointer.SAVE_EVERY):
            yield from self.save()
        if not self.pipeline.group.alone:
            self.stops.agree(self.pipeline.group)

    def _batches(self, order: Sequence[int], size: int, epoch: int | None) -> Iterator[Batch]:
        """The batches of an epoch, or this process's part of each: none is left out then, so that
        all take the same steps."""
        train, group = self.sources.train, self.group
        if group.alone or self._mixes():
            return train.batches(order, size, epoch)
        starts = range(0, len(order), size)
        parts = [self._part(order[start : start + size]) for start in starts]
        batches = train.batches([row for part in parts for row in part], len(parts[0]), epoch, True)
        ends = itertools.repeat(NOTHING, sum(not part for part in parts))
        return itertools.chain(batches, ends)

    def _part(self, batch: Sequence[int]) -> Sequence[int]:
        """What this process takes of a batch. Of several that are learnt in one step (gradient
        accumulation), it takes a part of each, where the processes look at them together."""
        if not shares_norms(self.plan, self.phase, self.group):
            return self.group.part(batch)
        count = math.ceil(len(batch) / plans.batch_size(self.plan))
        rows = torch.tensor(batch, dtype=torch.long).tensor_split(max(1, count))
        return [row for each in rows for row in self.group.part(each.tolist())]

    def _mixes(self) -> bool:
        """Whether each process needs the whole batch, whose samples are mixed before it is cut."""
        light = self.phase.cache_features or self.phase.through is not None
        return not light and self.plan.modality.mixes(self.plan.augment)

    def _set_rate(self, train_step: TrainStep, steps: int) -> None:
        options = self.plan.recipe.optim
        done = (self.at.phase_epoch * steps + self.at.step + 1) / (self.phase.epochs * steps)
        factor = optim.rate_factor(options.schedule, done, options.warmup_percent / 100)
        if options.schedule == "plateau":
            factor *= self.plateau.factor
        self.rate = optim.set_rate(train_step.optimizer, factor) / self.phase.fresh
        train_step.begin(done)

    def _step(
        self, train_step: TrainStep, batch: Batch, size: int
    ) -> Generator[ev.Event, None, float]:
        """One step with a batch of ``size`` samples; returns its loss."""
        at, self.batch = self.at, batch
        seed = devices.counted_seed(self.plan.recipe.run.seed, at.epoch, at.step)
        parts = mixed(self.plan, self.phase, batch, at.epoch, at.step)
        if self.group.alone:
            size = len(batch.rows)
        elif self._mixes():
            size = len(batch.rows)
            own = self._part(range(size))
            parts = tuple(part[own] for part in parts)
        result = yield from train_step.step(parts, seed, size)
        if self.average is not None:
            self.average.update()
        at.end_step(result, result.size)
        self.logs.add(result.logs, result.size)
        return result.loss

    def _reported(self, loss: float, steps: int, seen: int) -> Iterator[ev.Event]:
        at = self.at
        return self.progress.step(
            phase=at.phase,
            phase_epoch=at.phase_epoch + at.step / steps,
            epoch=at.epoch + at.step / steps,
            step=at.step,
            steps=steps,
            seen=seen,
            loss=loss,
            lr=self.rate,
            accuracy=self._score(),
            logs=self.logs.recent,
        )

    def _score(self) -> float | None:
        """The figure of the training curve in the current epoch; None where nobody looks at
        labels, or where it cannot be told of batches."""
        if self.phase.through is not None or not self.plan.objective.adds_up:
            return None
        return self.plan.objective.rate(self.at.tally, self.at.seen) if self.at.tally else 0.0

    # -- validation

    def end_epoch(self, seconds: float) -> Events:
        """Validate what was learnt in ``seconds``, and keep it where it is the best so far."""
        at = self.at
        with self.average.in_place() if self.average else contextlib.nullcontext():
            loss, score = yield from self._validate()
            loss, score = self.pipeline.group.of_first(lambda: (loss, score))
            train_loss, train_score = at.loss_sum / max(1, at.seen), self._score()
            logs = self.logs.epoch()
            at.end_epoch()
            if loss is not None:
                self.plateau.epoch_ended(loss)
            best = self.phase.through is None and self.best.judge(loss, score)
        yield ev.EpochEnded(
            epoch=at.epoch,
            phase=at.phase,
            train_loss=train_loss,
            train_score=train_score,
            val_loss=loss,
            val_score=score,
            lr=self.rate,
            seconds=seconds,
            best=best,
            logs=logs,
            examples=self.examples,
        )
        yield from self._warned(logs)

    def _warned(self, logs: Mapping[str, float]) -> Iterator[ev.Notice]:
        """What the means of an epoch give reason to say; each once in a phase."""
        for log in self.plan.strategy.logs:
            value = logs.get(log.key)
            low = log.lowest is not None and value is not None and value < log.lowest
            if low and log.warning not in self.warned:
                self.warned.add(log.warning)
                yield ev.Notice(code=log.warning, values={"epoch": self.at.epoch}, level="warning")

    def _validate(self) -> Generator[ev.Event, None, tuple[float | None, float | None]]:
        """Loss and score on the validation samples; None where there are none."""
        val = self.sources.val
        if not val.labels:
            return None, None
        network = precision.Frozen(self._network(val), self.way, self.device)
        report = self.progress.begin_pass("validate", self.at.epoch + 1.0, len(val.labels))
        seen = Validated(self.plan, val)
        kept, rows = yield from inference.over(
            network,
            val,
            self.micro_batches,
            report,
            self.check_cancelled,
            shrink=seen.keep,
            group=self.group,
        )
        seen.share(self.group)
        self.pipeline.agree_on_unreadable()
        loss, score = reporting.scored(self.plan, val.wanted[rows], kept)
        self.examples = seen.examples()
        if not math.isfinite(loss):
            bad = seen.not_finite
            raise Diverged([val.paths[row] for row in bad] if len(bad) < len(rows) / 2 else ())
        return loss, score

    def test(self, source: Source) -> inference.Outputs:
        """What :meth:`Objective.decided` keeps [N, S] of logits in full precision, not in that of
        the training, and their rows."""
        report = self.progress.begin_pass("evaluate", float(self.at.epoch), len(source.labels))
        fused = precision.fuse_batchnorm(self._network(source).eval())
        network = precision.Frozen(fused, EXACT, self.device)
        decided, targets = self.plan.objective.decided, self.plan.split.targets
        shrink = lambda _rows, outputs: decided(outputs, targets)  # noqa: E731
        check = self.check_cancelled
        return (
            yield from inference.over(
                network, source, self.micro_batches, report, check, None, shrink, self.group
            )
        )

    def look_inside(
        self, source: Source, rows: Sequence[int], shrink: inference.Shrink = inference.whole
    ) -> inference.Outputs:
        """Features and logits side by side [N, F + O], as :meth:`test`, of some rows; or what
        ``shrink`` keeps of them."""
        report = self.progress.begin_pass("evaluate", float(self.at.epoch), len(rows))
        encoder = None if isinstance(source, FeatureSource) else self.model.encoder
        fused = precision.fuse_batchnorm(strangers.Inside(encoder, self.model.head).eval())
        network = precision.Frozen(fused, EXACT, self.device)
        return (
            yield from inference.over(
                network,
                source,
                self.micro_batches,
                report,
                self.check_cancelled,
                rows,
                shrink,
                self.group,
            )
        )

    def _network(self, source: Source) -> torch.nn.Module:
        """What answers to the samples of ``source``."""
        return self.model.head if isinstance(source, FeatureSource) else self.model


def set_trainable(plan: Plan, index: int, model: Classifier, device: torch.device) -> None:
    """Make trainable of ``model`` what phase ``index`` trains."""
    phase = plan.phases[index]
    devices.seed(devices.counted_seed(plan.recipe.run.seed, index, 4), device)  # low-rank updates
    model.set_trainable(phase.groups, phase.only, phase.low_rank)


def begin_head(plan: Plan, model: Classifier, train: Source) -> Events:
    """Put the head, which has learnt nothing yet, on the scale of the features where these are
    cached; and say so where networks that look together are not worth it."""
    if not isinstance(train, FeatureSource):
        return
    heads.standardize(model.head, train.versions[0])
    if len(planned.parts(plan)) > 1:
        note = partners.note(plan.backbone, train, plan.objective, plan.split.targets)
        if note is not None:
            yield ev.Notice.of(note)


def mixed(plan: Plan, phase: Phase, batch: Batch, epoch: int, step: int) -> tuple[Tensor, ...]:
    """What the task takes of a batch: samples, labels and a teacher's features, mixed alike; and
    other data as they are."""
    unmixed = phase.cache_features or phase.through is not None
    if unmixed or not plan.modality.mixes(plan.augment):
        return batch.inputs, batch.targets, *batch.teacher_features, *batch.streams
    rng = np.random.default_rng([plan.recipe.run.seed, epoch, step, 2])
    if plan.objective.places:
        inputs, places = plan.modality.mix(batch.inputs, batch.targets, plan.augment, rng)
        return inputs, places
    soft = plan.objective.soften(batch.targets, plan.split.targets, len(plan.split.classes))
    wanted = [soft, *batch.teacher_features]
    inputs, parts = plan.modality.mix(batch.inputs, torch.cat(wanted, 1), plan.augment, rng)
    return inputs, *parts.split([part.shape[1] for part in wanted], 1), *batch.streams
