"""The one loop: a generator of events.

``train`` begins with "load ``last`` if there is one", so that resuming is the
start path. Whatever is random is counted (seed, epoch, step), so interrupted
and resumed equals uninterrupted, to the bit on a processor.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from transfergui.core import plans, small_data_defaults
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.records import Count, Epoch, Number, Seconds
from transfergui.core.networks import planned
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn import heads, state_dicts
from transfergui.core.nn.classifier import (
    all_finite,
    classifier_of,
    count_parameters,
)
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stopped
from transfergui.core.training import (
    budget,
    checkpoint,
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
from transfergui.core.training.data_pipeline import DataPipeline
from transfergui.core.training.features import FeatureSource
from transfergui.core.training.loaders import (
    Batch,
    Source,
    UnreadableFiles,
    prefetch_to_device,
    training_order,
)
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.precision import EXACT
from transfergui.core.training.progress_reporter import ProgressReporter
from transfergui.core.training.recording import recorded
from transfergui.core.training.step import (
    Diverged,
    TrainStep,
    added,
    make_train_step,
    outlier,
)
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from transfergui.core.figures.metrics import MeasuredOn
    from transfergui.core.interfaces import Phase, Plan
    from transfergui.core.runs.run import Run, Stop

NO_BEST = (math.inf, math.inf)
SAVE_EVERY = 5.0
"""Seconds between two checkpoints at the end of an epoch."""
SAVE_WITHIN = 60.0
"""Seconds after which a checkpoint is made amid an epoch."""

Events = Generator[ev.Event, None, None]


def train(plan: Plan, run: Run) -> Events:
    """Train, or go on where the run stands, and report on the test samples.

    Every event is recorded in the run before it is given out. The last one is
    ``Finished``, or ``Failed`` for a mistake that the user can mend. Closing the
    generator stops at once; the run can be resumed.

    Raises:
        UserError: ``run.busy``: another process trains it.
        Exception: a bug; it is recorded as ``Failed`` first.
    """
    yield from recorded(run, events(plan, run, Stops(run.stop_requested)))


def events(plan: Plan, run: Run, stops: Stops, before: float = 0.0) -> Events:
    """As :func:`train`, in a run that is claimed, and recorded, already.

    Args:
        stops: requests to end it.
        before: seconds that were spent on finding the plan; they are part of what it took.
    """
    return _Training(plan, run, stops, before).events()


class Position(msgspec.Struct):
    """Where a training stands: everything to go on from but tensors.

    Attributes:
        phase: index of the current phase.
        epoch: epochs done, over all phases; ``phase_epoch`` in this phase.
        step: batches done in the current epoch.
        loss_sum, tally, seen: over the samples of the current epoch; nothing has a tally before the
            first batch.
        right: the tally of one class, in checkpoints of older versions.
        best_epoch, best: the best epoch, and (value, tie-breaker) to be made smaller.
        stale: epochs since.
        limit: samples that fit into memory at once, None where no limit was met.
        seconds: spent so far, features and interrupted work included.
    """

    phase: Epoch = 0
    epoch: Epoch = 0
    phase_epoch: Epoch = 0
    step: Count = 0
    loss_sum: Number = 0.0
    right: Number = 0.0
    tally: tuple[Number, ...] = ()
    seen: Count = 0
    best_epoch: Epoch | None = None
    best: tuple[float, float] = NO_BEST
    stale: Count = 0
    limit: Annotated[int, msgspec.Meta(ge=1)] | None = None
    seconds: Seconds = 0.0
    plateau: dict[str, float] = {}

    def begin_phase(self, index: int) -> None:
        self.phase, self.phase_epoch, self.stale = index, 0, 0
        self.begin_epoch()

    def begin_epoch(self) -> None:
        self.step, self.loss_sum, self.tally, self.seen = 0, 0.0, (), 0

    def end_epoch(self) -> None:
        self.epoch, self.phase_epoch = self.epoch + 1, self.phase_epoch + 1
        self.begin_epoch()


class _Training:
    """One training in progress."""

    def __init__(self, plan: Plan, run: Run, stops: Stops, before: float = 0.0) -> None:
        self.plan = plan
        self.run = run
        self.stops = stops
        self.before = before
        self.at = Position()
        self.unreadable = UnreadableFiles.of(plan.split)
        self.best_state: dict[str, Tensor] | None = None
        self.train_step: TrainStep | None = None
        self.average: Average | None = None
        self.way = EXACT
        self.batch: Batch | None = None
        self.suspects: list[str] = []
        self.saved = self.counted = time.monotonic()
        self.rate = 0.0

    # -- the whole

    def events(self) -> Events:
        options = self.plan.recipe.run
        self.micro_batches = MicroBatches(Compute(options.device))
        self.device = self.micro_batches.compute.device
        self.progress = ProgressReporter(self.plan, self.device)
        self._build()
        last = checkpoint.load_last(self.run.checkpoints)
        if last is not None:
            self._restore(last)
        yield self._started(resumed=last is not None)
        if last is not None:
            yield from self._best_if_lost()
        for code, values in plans.notes(self.plan):
            yield ev.Notice(code=code, values=values)
        for code, values in small_data_defaults.reasons(self.plan.resolved_defaults).items():
            yield ev.Notice(code=code, values=values)
        for code, values in self.plan.modality.remarks(self.plan, self._searched()):
            yield ev.Notice(code=code, values=values, level="warning")
        try:
            yield from self._train_and_report(last)
        except Diverged:
            yield from self._save_best()
            raise self._diverged() from None
        except UserError:  # the disk with the data is gone, for one: the model need not be
            yield from self._save_best()
            raise

    def _searched(self) -> bool:
        """Whether the automatic choice has compared this training with others."""
        return bool(self.run.history().trials)

    def _train_and_report(self, last: dict[str, Any] | None) -> Events:
        try:
            outcome = yield from self._learn(last)
            self.stops.finishing()
            yield from self._finish(outcome)
        except Stopped as stop:
            yield from self._cancelled(stop.how)

    def _learn(self, last: dict[str, Any] | None) -> Generator[ev.Event, None, ev.Outcome]:
        """
        Raises:
            Stopped: there is nothing to keep, or it is to be resumed.
        """
        try:
            yield from self._phases(last)
        except Stopped as stop:
            if stop.how == "cancel" or not (self.at.best_epoch or self.at.seen):
                raise
            return "stopped"
        return "done"

    def _build(self) -> None:
        self.plan = plan = save_assets(self.plan, self.run.assets)
        planned.require_fit(plan)
        self.seen = plans.leaked(plan)  # now: the runs that are asked may be deleted meanwhile
        devices.seed(plan.recipe.run.seed, self.device)
        weights = planned.starting_weights(plan) if plan.pretrained else None
        self.model = classifier_of(plan, weights).to(self.device)
        self.pipeline = DataPipeline(
            plan, self.model, self.progress, self.unreadable, self.stops.check
        )

    def _started(self, resumed: bool) -> ev.Started:
        return reporting.started(
            self.plan, self.run, str(self.device), resumed, plans.epochs(self.plan)
        )

    def _phases(self, last: dict[str, Any] | None) -> Events:
        for index, phase in enumerate(self.plan.phases):
            if index >= self.at.phase:
                yield from self._phase(index, phase, last)
                last = None

    # -- a phase

    def _phase(self, index: int, phase: Phase, last: dict[str, Any] | None) -> Events:
        self.train_step = None
        if last is None:
            self.at.begin_phase(index)
        self.phase = phase
        self.plateau = optim.Plateau(self.plan.patience)
        self.average = self._make_average(last) if last is not None else None
        self._set_trainable(index)
        with probe.checking_cancelled(self.stops.check):
            self._choose_precision(phase)
        yield self._phase_started(index, phase)
        sources = yield from self.pipeline.of(phase, self.micro_batches, self.at.epoch)
        self.train, self.val, self.test = sources
        if index == 0 and last is None:
            self._standardize()
            yield from self._weighed()
        self.train_step = self._make_train_step(phase)
        self.average = self.average or self._make_average(None)
        if last is not None:
            with checkpoint.restoring(self.run.checkpoints):
                self._restore_step(self.train_step, last)
        yield from self._fitted_into_memory(self.train_step)
        with devices.one_thread() if phase.cache_features else contextlib.nullcontext():
            while self.at.phase_epoch < phase.epochs and not self._stale():
                yield from self._epoch(self.train_step)
        yield from self._save()

    def _restore_step(self, train_step: TrainStep, last: dict[str, Any]) -> None:
        held = train_step.task.state_dict()
        checkpoint.require_fit(held, last["task"])
        for name, tensor in last["task"].items():
            held[name].copy_(tensor)
        train_step.optimizer.load_state_dict(last["optimizer"])
        checkpoint.require_fitting_optimizer(train_step.optimizer)
        self.plateau.restore(self.at.plateau)

    def _fitted_into_memory(self, train_step: TrainStep) -> Events:
        """Smaller parts of a batch where a whole one would need more memory than there is."""
        need = None if self.phase.cache_features else budget.measure(self.plan, train_step)
        if need is None:
            return
        size = min(
            self.plan.recipe.optim.batch_size, self.micro_batches.limit or len(self.train.labels)
        )
        if self.device.type == "cpu":
            self.pipeline.memory.leave(need.of(size))
        limit, notices = budget.limit(need, size, self.device)
        if limit is not None:
            self.micro_batches.limit = limit
        yield from notices

    def _choose_precision(self, phase: Phase) -> None:
        self.way = precision.of_training(self.plan, phase, self.model, self.device)
        device, limit = self.plan.recipe.run.device, self.micro_batches.limit
        self.micro_batches = MicroBatches(Compute(device, self.way.precision), limit)

    def _set_trainable(self, index: int) -> None:
        phase = self.plan.phases[index]
        devices.seed(_counter(self.plan.recipe.run.seed, index, 4), self.device)  # low-rank updates
        self.model.set_trainable(phase.groups, phase.only, phase.low_rank)

    def _make_average(self, last: dict[str, Any] | None) -> Average | None:
        decay = self.plan.recipe.optim.average
        if not decay:
            return None
        average = Average(self.model, decay, self._changed_prefix())
        if last is None:
            return average
        with checkpoint.restoring(self.run.checkpoints):
            checkpoint.require_fit(average.tensors, last["average"])
            start = (last["average"], last["averaged"])
            return Average(self.model, decay, self._changed_prefix(), start)

    def _standardize(self) -> None:
        """Put the head, which has learnt nothing yet, on the scale of the features."""
        if isinstance(self.train, FeatureSource):
            heads.standardize(self.model.head, self.train.versions[0])

    def _weighed(self) -> Events:
        """Say so where networks that look together are not worth it."""
        plan = self.plan
        if isinstance(self.train, FeatureSource) and len(planned.parts(plan)) > 1:
            targets = plan.split.targets
            said = partners.remark(plan.backbone, self.train, plan.objective, targets)
            if said is not None:
                yield ev.Notice(code=said[0], values=said[1], level="warning")

    def _phase_started(self, index: int, phase: Phase) -> ev.PhaseStarted:
        trainable, frozen = count_parameters(self.model)
        return ev.PhaseStarted(
            index=index,
            name=phase.name,
            epoch=self.at.epoch - self.at.phase_epoch,
            epochs=phase.epochs,
            trainable=trainable,
            frozen=frozen,
            precision=self.way.precision,
            lr=phase.lr,
        )

    def _make_train_step(self, phase: Phase) -> TrainStep:
        # counted: what was drawn before depends on which features were cached
        devices.seed(_counter(self.plan.recipe.run.seed, self.at.phase, 3), self.device)
        return make_train_step(self.plan, phase, self.model, self.micro_batches)

    # -- an epoch

    def _epoch(self, train_step: TrainStep) -> Events:
        began, at = time.monotonic(), self.at
        options, seed = self.plan.recipe.optim, self.plan.recipe.run.seed
        size = options.batch_size * options.accumulate
        order = training_order(self.train.labels, seed, at.epoch, options.balance == "sampling")
        steps = math.ceil(len(order) / size)
        self.progress.begin_stage()
        seen_before = at.seen
        augmented = at.epoch if plans.augments(self.plan) else None
        batches = self.train.batches(order[at.step * size :], size, augmented)
        for batch in prefetch_to_device(batches, self.device):
            self._set_rate(train_step, steps)
            yield from self._step(train_step, batch)
            yield from self._step_reported(steps, at.seen - seen_before)
            if time.monotonic() - self.saved > SAVE_WITHIN:
                yield from self._save()
            self.stops.check()
        yield from self._epoch_ended(time.monotonic() - began)

    def _set_rate(self, train_step: TrainStep, steps: int) -> None:
        options = self.plan.recipe.optim
        done = (self.at.phase_epoch * steps + self.at.step + 1) / (self.phase.epochs * steps)
        factor = optim.rate_factor(options.schedule, done, options.warmup_percent / 100)
        if options.schedule == "plateau":
            factor *= self.plateau.factor
        self.rate = optim.set_rate(train_step.optimizer, factor)

    def _step(self, train_step: TrainStep, batch: Batch) -> Events:
        at = self.at
        seed = _counter(self.plan.recipe.run.seed, at.epoch, at.step)
        self.batch = batch
        parts = self._mixed(batch)
        result = yield from train_step.step(parts, seed)
        if self.average is not None:
            self.average.update()
        self.last_loss = result.loss
        at.step += 1
        size = len(batch.rows)
        at.loss_sum += result.loss * size
        at.tally = added(at.tally, result.tally) if at.tally else result.tally
        at.seen += size

    def _mixed(self, batch: Batch) -> tuple[Tensor, ...]:
        """What the task takes of a batch; samples, labels and guide mixed alike."""
        plan = self.plan
        if self.phase.cache_features or not plan.modality.mixes(plan.augment):
            return batch.inputs, batch.targets, *batch.teacher_features
        rng = np.random.default_rng([plan.recipe.run.seed, self.at.epoch, self.at.step, 2])
        soft = plan.objective.soften(batch.targets, plan.split.targets, len(plan.split.classes))
        wanted = [soft, *batch.teacher_features]
        inputs, mixed = plan.modality.mix(batch.inputs, torch.cat(wanted, 1), plan.augment, rng)
        return inputs, *mixed.split([part.shape[1] for part in wanted], 1)

    def _step_reported(self, steps: int, seen: int) -> Iterator[ev.Event]:
        at = self.at
        return self.progress.step(
            phase=at.phase,
            phase_epoch=at.phase_epoch + at.step / steps,
            epoch=at.epoch + at.step / steps,
            step=at.step,
            steps=steps,
            seen=seen,
            loss=self.last_loss,
            lr=self.rate,
            accuracy=self._rate(),
        )

    def _epoch_ended(self, seconds: float) -> Events:
        at = self.at
        with self.average.in_place() if self.average else contextlib.nullcontext():
            loss, accuracy = yield from self._validate()
            seen = max(1, at.seen)
            train_loss, train_score = at.loss_sum / seen, self._rate()
            at.end_epoch()
            best = self._judge(loss, accuracy)
        yield ev.EpochEnded(
            epoch=at.epoch,
            phase=at.phase,
            train_loss=train_loss,
            train_score=train_score,
            val_loss=loss,
            val_score=accuracy,
            lr=self.rate,
            seconds=seconds,
            best=best,
        )
        if time.monotonic() - self.saved > SAVE_EVERY:
            yield from self._save()

    def _validate(self) -> Generator[ev.Event, None, tuple[float | None, float | None]]:
        if not self.val.labels:
            return None, None
        logits, rows = yield from self._predict(self.val, "validate")
        objective, targets = self.plan.objective, self.plan.split.targets
        wanted = self.val.wanted[rows]
        loss = objective.validation_loss(logits, wanted, targets)
        if not math.isfinite(loss):
            bad = (~torch.isfinite(logits).all(1)).nonzero().flatten().tolist()
            if len(bad) < len(rows) / 2:
                self.suspects = [self.val.paths[rows[row]] for row in bad]
            raise Diverged
        return loss, objective.rate(objective.tally(logits, wanted, targets), len(rows))

    def _judge(self, loss: float | None, accuracy: float | None) -> bool:
        """Whether the epoch just ended is the best so far; if so, keep its weights."""
        at = self.at
        value = self._score_error(loss, accuracy)
        if loss is not None:
            self.plateau.epoch_ended(loss)
        if value >= at.best:
            at.stale += 1
            return False
        at.best, at.best_epoch, at.stale = value, at.epoch, 0
        self.best_state = checkpoint.cpu_plain_state(self.model, self._changed_prefix())
        return True

    def _score_error(self, loss: float | None, accuracy: float | None) -> tuple[float, float]:
        """What to make smaller; without validation samples, the last epoch is the best."""
        if loss is None or accuracy is None:
            return -float(self.at.epoch), 0.0
        if self.plan.recipe.run.early_stopping == "accuracy":
            return self._error(accuracy), loss
        return loss, self._error(accuracy)

    def _error(self, score: float) -> float:
        """A figure of :attr:`Objective.curve` as one to make smaller."""
        return -self.plan.objective.curve.worth(score)

    def _rate(self) -> float:
        """The figure of the training curve in the current epoch."""
        return self.plan.objective.rate(self.at.tally, self.at.seen) if self.at.tally else 0.0

    def _stale(self) -> bool:
        stops = self.plan.recipe.run.early_stopping != "none"
        return stops and self.at.stale >= self.plan.patience

    # -- predicting

    def _predict(self, source: Source, stage: ev.Stage, exact: bool = False) -> inference.Outputs:
        """Logits [N, classes] of the rows that could be read, and these rows.

        Args:
            exact: in full precision, not in that of the training.
        """
        done = self.at.epoch + (stage == "validate")  # that epoch's steps are behind it
        report = self.progress.begin_pass(stage, float(done), len(source.labels))
        network = self.model.head if isinstance(source, FeatureSource) else self.model
        if exact:
            network = precision.fuse_batchnorm(network.eval())
        network = precision.Frozen(network, EXACT if exact else self.way, self.device)
        return (
            yield from inference.over(network, source, self.micro_batches, report, self.stops.check)
        )

    # -- stopping, saving and going on

    def _changed_state(self) -> dict[str, Tensor]:
        """The tensors that the phases so far may have changed; the others are as loaded."""
        return checkpoint.cpu_state(self.model, self._changed_prefix())

    def _changed_prefix(self) -> str:
        """How the names of all tensors begin that the phases so far may have changed."""
        so_far = self.plan.phases[: self.at.phase + 1]
        return "head." if all(phase.cache_features for phase in so_far) else ""

    def _save(self) -> Events:
        """Both checkpoints, ``best`` first; never one with a weight that is not finite."""
        assert self.train_step is not None
        if not all_finite(self.train_step.task):
            raise Diverged
        yield from self._save_best()
        self._count_time()
        self.at.limit, self.at.plateau = self.micro_batches.limit, self.plateau.state()
        tree = {
            "position": msgspec.to_builtins(self.at),
            "model": self._changed_state(),
            "task": _own_state(self.train_step.task),
            "optimizer": self.train_step.optimizer.state_dict(),
        }
        if self.average is not None:
            averaged = checkpoint.cpu_copy(self.average.tensors)
            tree |= {"average": averaged, "averaged": self.average.steps}
        checkpoint.save_last(self.run.checkpoints, tree)
        self.saved = time.monotonic()
        yield ev.Saved(kind="last", epoch=self.at.epoch)

    def _save_best(self) -> Events:
        """The best weights, where they are newer than those on the disk."""
        best = self.best_state
        if best is None or not all(bool(torch.isfinite(t).all()) for t in best.values()):
            return
        checkpoint.save_best(self.run.checkpoints, checkpoint.cpu_plain_state(self.model) | best)
        self.best_state = None
        yield ev.Saved(kind="best", epoch=self.at.best_epoch or 0)

    def _restore(self, last: dict[str, Any]) -> None:
        with checkpoint.restoring(self.run.checkpoints):
            self.at = msgspec.convert(last["position"], Position)
            if self.at.seen and not self.at.tally:
                self.at.tally = (self.at.right,)
            self.rate = float(last["optimizer"]["param_groups"][0]["lr"])
            self._require_within()
            self._set_trainable(self.at.phase)  # what is loaded may hold low-rank updates
            held = self.model.state_dict()
            checkpoint.require_fit(held, last["model"])
            state_dicts.load(self.model, held | last["model"])
            self.micro_batches.limit = self.at.limit

    def _require_within(self) -> None:
        """
        Raises:
            ValueError: the position is none of this plan.
        """
        at, phases = self.at, self.plan.phases
        epochs = [phase.epochs for phase in phases[: at.phase + 1]]
        if at.phase >= len(phases) or at.phase_epoch > epochs[-1] or at.epoch > sum(epochs):
            raise ValueError(_("its position lies outside of this training"))

    def _best_if_lost(self) -> Events:
        """Where ``best`` is damaged, what was restored counts as the best until there is a better
        epoch."""
        if self.at.best_epoch is None:
            return
        try:
            checkpoint.read_best(self.run.checkpoints, self.model)
        except UserError as error:
            self.at.best, self.at.best_epoch, self.at.stale = NO_BEST, self.at.epoch, 0
            self.best_state = checkpoint.cpu_plain_state(self.model, self._changed_prefix())
            yield ev.Notice(code="training.best_lost", values=error.values, level="warning")

    def _cancelled(self, how: Stop) -> Events:
        if self.train_step is not None:
            yield from self._save()
        if how == "finish":
            yield ev.Notice(code="training.nothing_learnt", level="warning")
        yield self._finished("cancelled", {})

    def _diverged(self) -> UserError:
        """Why: a sample that is unlike all others, else the learning rate."""
        path = self._outlier()
        if path:
            return UserError("training.diverged_sample", epoch=self.at.epoch + 1, path=path)
        kept = "training.diverged_kept" if self.run.best.exists() else "training.diverged"
        return UserError(
            kept, epoch=self.at.epoch + 1, lr=self.phase.lr, smaller=f"{self.phase.lr / 10:.1g}"
        )

    def _outlier(self) -> str:
        """The path of a sample that is far from the others of its batch; else nothing."""
        if self.suspects:
            return self.suspects[0]
        if isinstance(self.train, FeatureSource):  # all of which set the scale of the head
            row = outlier(torch.nn.Identity(), self.train.versions[0])
            return "" if row is None else self.train.paths[row]
        if self.batch is None:
            return ""
        row = outlier(self.model, self.batch.inputs.to(self.device))
        return "" if row is None else self.train.paths[self.batch.rows[row]]

    # -- the end

    def _finish(self, outcome: ev.Outcome) -> Events:
        if outcome == "stopped":  # else the last phase has saved
            if self.train_step is None:  # while a phase was being prepared
                self.train, self.val, self.test = self.pipeline.files()
            if self.at.best_epoch is None:  # before the first epoch was over
                yield from self._epoch_ended(0.0)
            yield from self._save() if self.train_step is not None else self._save_best()
        self.train_step = None  # from here on, the model is not where the training stands
        checkpoint.load_best(self.run.checkpoints, self.model)
        figures = yield from self._report()
        if self.unreadable.paths:
            path = next(iter(self.unreadable.paths))
            values = {"count": len(self.unreadable.paths), "path": path}
            yield ev.Notice(code="data.skipped", values=values, level="warning")
        yield self._finished(outcome, figures)

    def _count_time(self) -> None:
        now = time.monotonic()
        self.at.seconds += now - self.counted
        self.counted = now

    def _finished(self, outcome: ev.Outcome, figures: dict[str, Any]) -> ev.Finished:
        self._count_time()
        return ev.Finished(
            outcome=outcome,
            epochs=self.at.epoch,
            best_epoch=self.at.best_epoch,
            seconds=self.before + self.at.seconds,
            report=figures,
        )

    def _report(self) -> Generator[ev.Event, None, dict[str, Any]]:
        """Read the test samples (once in a training) and write the report."""
        began = time.monotonic()
        source = self.test if self.test.labels else self.val
        logits, rows = yield from self._predict(source, "evaluate", exact=True)
        on: MeasuredOn = "test" if self.test.labels else "val"
        found = reporting.measured(source, rows, logits, on, time.monotonic() - began)
        fitted = yield from self._fitted()
        return reporting.write(
            self.plan, self.run, found, self.train.labels, self.seen, fitted=fitted
        )

    def _fitted(self) -> Generator[ev.Event, None, tuple[float, ...]]:
        """What is chosen on the validation samples beside the weights."""
        if not (self.plan.objective.fits and self.val.labels):
            return ()
        logits, rows = yield from self._predict(self.val, "evaluate", exact=True)
        return reporting.fitted(self.plan, self.val, rows, logits)


def _own_state(task: torch.nn.Module) -> dict[str, Tensor]:
    """What the strategy's task holds beside the model."""
    return checkpoint.cpu_copy(
        {k: v for k, v in task.state_dict().items() if not k.startswith(optim.OF_MODEL)}
    )


def _counter(*numbers: int) -> int:
    """A seed for torch made from counters."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))
