"""A finished run adapted to a target without its training data: the procedure ``adapt``.

The model of the run is what the adapted one must stand beside (:mod:`.adaptation`). Where the
labelled data are there, validation examples judge both, and test examples measure the one that is
kept; without, only the target's answers and labelled examples from there can. What was interrupted
begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import FEWEST_TARGET
from transfergui.core.data.split import absolute
from transfergui.core.networks import planned
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn import norms, shot, state_dicts, strangers
from transfergui.core.nn.classifier import classifier_of, count_parameters
from transfergui.core.nn.composite import NOTHING
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stopped
from transfergui.core.training import (
    adaptation,
    checkpoint,
    devices,
    elsewhere,
    inference,
    optim,
    precision,
    reporting,
)
from transfergui.core.training.compute import Compute
from transfergui.core.training.data_pipeline import Beside, DataPipeline, Sources
from transfergui.core.training.held_out import Looks
from transfergui.core.training.loaders import FileSource, UnreadableFiles
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.position import Position
from transfergui.core.training.precision import EXACT
from transfergui.core.training.progress_reporter import ProgressReporter
from transfergui.core.training.reporting import Measured
from transfergui.core.training.sample_cache import SampleCache
from transfergui.core.training.step import make_train_step
from transfergui.core.training.step_logs import StepLogs

if TYPE_CHECKING:
    from torch import Tensor, nn

    from transfergui.core.figures.adapting import Adaptation
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.runs.elsewhere import Elsewhere
    from transfergui.core.runs.run import Run
    from transfergui.core.training.loaders import Source
    from transfergui.core.training.phase import Events
    from transfergui.core.training.step import TrainStep
    from transfergui.core.training.stops import Stops

SIZE = 32
"""Of the batches whose statistics batch norms get."""


def has_data(plan: Plan) -> bool:
    """Whether any labelled sample is there."""
    split = plan.split
    samples = (*split.val, *split.test, *split.train)
    return any(Path(absolute(split.root, sample.path)).exists() for sample in samples)


def events(plan: Plan, run: Run, stops: Stops) -> Events:
    """Adapt the finished run that is the plan's backbone, in ``run``: events as of any training.

    Raises:
        UserError: ``adapt.too_few``; as reading samples and weights does.
    """
    return _Adapting(plan, run, stops).events()


class _Adapting:
    """One model that is adapted."""

    model: Classifier

    def __init__(self, plan: Plan, run: Run, stops: Stops) -> None:
        self.plan = plan
        self.run = run
        self.stops = stops
        self.began = time.monotonic()
        self.epoch = 0

    def events(self) -> Events:
        self.plan = plan = save_assets(self.plan, self.run.assets)
        planned.require_fit(plan)
        seen = plans.leaked(plan)
        self.micro_batches = MicroBatches(Compute(plan.recipe.run.device))
        self.device = self.micro_batches.compute.device
        devices.seed(plan.recipe.run.seed, self.device)
        self.model = classifier_of(plan).to(self.device)
        finished = _state(plan, self.model)
        state_dicts.load(self.model, finished)
        self._prepare()
        epochs = plans.epochs(plan)
        yield reporting.started(plan, self.run, str(self.device), False, epochs)
        if not self.own.val.labels:
            yield ev.Notice(code="adapt.no_data", level="warning")
        try:
            plain = yield from self._answered()
            outcome = yield from self._adapt()
            self.stops.finishing()
            adapted = yield from self._answered()
            found = adaptation.judged(plan, plain, adapted)
            kept = adapted
            if found.kept != adaptation.ADAPTED:
                state_dicts.load(self.model, finished)
                kept = plain
            checkpoint.save_best(self.run.checkpoints, checkpoint.cpu_plain_state(self.model))
            yield ev.Saved(kind="best", epoch=self.epoch)
            kept.save(self.run.path)
            figures = yield from self._report(found, seen)
            yield self._finished(outcome, figures)
        except Stopped as stop:
            if stop.how == "finish":
                yield ev.Notice(code="training.nothing_learnt", level="warning")
            yield self._finished("cancelled", {})

    def _prepare(self) -> None:
        """The samples."""
        plan = self.plan
        progress = ProgressReporter(plan, self.device)
        unreadable = UnreadableFiles.of(plan.split)
        self.progress = progress
        self.pipeline = DataPipeline(plan, self.model, progress, unreadable, self.stops)
        self.own = self.pipeline.files() if has_data(plan) else _nothing(plan)
        (target,) = plan.split.of_role("target")
        self.target = self.pipeline.files_of(target)
        check = plan.split.of_role("check")
        self.check = self.pipeline.files_of(check[0]) if check else None
        if len(self.target.labels) < FEWEST_TARGET:  # of those that can be read
            values = {"needed": FEWEST_TARGET, "noun": plan.modality.many}
            raise UserError("adapt.too_few", path=target.path, **values)

    def _finished(self, outcome: ev.Outcome, figures: dict[str, Any]) -> ev.Finished:
        return ev.Finished(
            outcome=outcome,
            epochs=self.epoch,
            best_epoch=self.epoch or None,
            seconds=time.monotonic() - self.began,
            report=figures,
        )

    # -- looking

    def _answered(self) -> Generator[ev.Event, None, Elsewhere]:
        beside = Beside(self.target, self.check)
        return (yield from elsewhere.answered(self.plan, self._looks(), self.own.val, beside))

    def _looks(self) -> Looks:
        inside = strangers.Inside(self.model.encoder, self.model.head)

        def look(source: Source) -> inference.Outputs:
            return self._look(self.model, source)

        def look_inside(
            source: Source, rows: Sequence[int], shrink: inference.Shrink = inference.whole
        ) -> inference.Outputs:
            return self._look(inside, source, rows, shrink)

        return Looks(look, look_inside)

    def _look(
        self,
        network: nn.Module,
        source: Source,
        rows: Sequence[int] | None = None,
        shrink: inference.Shrink = inference.whole,
    ) -> inference.Outputs:
        count = len(source.labels) if rows is None else len(rows)
        report = self.progress.begin_pass("evaluate", float(self.epoch), count)
        fused = precision.fuse_batchnorm(network.eval())
        frozen = precision.Frozen(fused, EXACT, self.device)
        return (
            yield from inference.over(
                frozen, source, self.micro_batches, report, self.stops.check, rows, shrink
            )
        )

    # -- adapting

    def _adapt(self) -> Generator[ev.Event, None, ev.Outcome]:
        """Train the phases, and give batch norms the statistics of the target.

        Raises:
            Stopped: before the first epoch is over, or to be done again later.
        """
        outcome: ev.Outcome = "done"
        try:
            for index, phase in enumerate(self.plan.phases):
                yield from self._phase(index, phase)
        except Stopped as stop:
            if stop.how == "cancel" or not self.epoch:
                raise
            outcome = "stopped"
        yield from self._restandardize()
        return outcome

    def _restandardize(self) -> Events:
        if not norms.batch_norms(self.model.encoder):
            return
        count, done = len(self.target.labels), 0
        report = self.progress.begin_pass("features", float(self.epoch), count)
        with norms.estimating(self.model.encoder):
            for part in _shuffled(range(count), SIZE, [self.plan.recipe.run.seed]):
                for batch in self.target.batches(part, len(part)):
                    if len(batch.rows) > 1:
                        with torch.no_grad():
                            self.model.encoder(batch.inputs.to(self.device))
                    done += len(batch.rows)
                    yield from report(done)
                self.stops.check()

    def _phase(self, index: int, phase: Phase) -> Events:
        self.model.set_trainable(phase.groups, phase.only, phase.low_rank)
        for kept in (self.model.head, self.model.auxiliary):
            if kept is not None:
                kept.requires_grad_(False)
        trainable, frozen = count_parameters(self.model)
        yield ev.PhaseStarted(
            index=index,
            name=phase.name,
            epoch=self.epoch,
            epochs=phase.epochs,
            trainable=trainable,
            frozen=frozen,
            lr=phase.lr,
        )
        step = make_train_step(self.plan, phase, self.model, self.micro_batches)
        for epoch in range(phase.epochs):
            yield from self._epoch(step, index, phase, epoch)

    def _epoch(self, step: TrainStep, index: int, phase: Phase, epoch: int) -> Events:
        """Find pseudo-labels, and learn from them once."""
        options, seed = self.plan.recipe.optim, self.plan.recipe.run.seed
        began, at, rate = time.monotonic(), Position(), 0.0
        logs = StepLogs(at)
        labels, rows = yield from self._pseudo_labels()
        parts = _shuffled(rows, plans.batch_size(self.plan), [seed, epoch])
        self.progress.begin_stage()
        for number, part in enumerate(parts, 1):
            done = epoch + number / len(parts)
            factor = optim.rate_factor(
                options.schedule, done / phase.epochs, options.warmup_percent / 100
            )
            rate = optim.set_rate(step.optimizer, factor)
            for batch in self.target.batches(part, len(part)):
                taken = (batch.inputs, labels[batch.rows])
                found = yield from step.step(taken, devices.counted_seed(seed, epoch, number))
                at.end_step(found, len(batch.rows))
                logs.add(found.logs, len(batch.rows))
            yield from self.progress.step(
                phase=index,
                phase_epoch=done,
                epoch=float(done),
                step=number,
                steps=len(parts),
                seen=at.seen,
                loss=at.loss_sum / max(1, at.seen),
                lr=rate,
                accuracy=None,  # pseudo-labels are no labels
                logs=logs.epoch,
            )
            self.stops.check()
        self.epoch += 1
        yield ev.EpochEnded(
            epoch=self.epoch,
            phase=index,
            train_loss=at.loss_sum / max(1, at.seen),
            train_score=None,
            val_loss=None,
            val_score=None,
            lr=rate,
            seconds=time.monotonic() - began,
            best=True,
            logs=logs.epoch(),
        )

    def _pseudo_labels(self) -> Generator[ev.Event, None, tuple[Tensor, list[int]]]:
        """Of each sample of the target [M], and which of them can be read."""
        count = len(self.target.labels)
        found, rows = yield from self._looks().inside(self.target, range(count))
        classes = len(self.plan.split.classes)
        labels = torch.zeros(count, dtype=torch.long)
        labels[rows] = shot.pseudo_labels(found[:, :-classes], found[:, -classes:].softmax(1))
        return labels, rows

    # -- the end

    def _report(
        self, found: Adaptation, seen: frozenset[str]
    ) -> Generator[ev.Event, None, dict[str, Any]]:
        plan, run = self.plan, self.run
        if self.own.val.labels or self.own.test.labels:
            yield from reporting.tested(plan, run, self._looks(), self.own, seen)
        else:
            nothing = torch.zeros((0, plans.outputs(plan)))
            reporting.write(plan, run, Measured("val", (), (), nothing, 0.0), (), seen)
        for path, unreadable in self.pipeline.unreadable_beside.items():
            if unreadable.paths:
                values = {"count": len(unreadable.paths), "path": path}
                yield ev.Notice(code="companion.skipped", values=values, level="warning")
        return reporting.with_adaptation(plan, run, found)


def _shuffled(rows: Sequence[int], size: int, seed: Sequence[int]) -> list[list[int]]:
    """Batches of about ``size``, none of which is small."""
    order = np.random.default_rng(seed).permutation(np.asarray(rows, int))
    return [part.tolist() for part in np.array_split(order, max(1, round(len(order) / size)))]


def _nothing(plan: Plan) -> Sources:
    """No samples."""
    none = FileSource(plan, (), SampleCache(0), UnreadableFiles(0))
    return Sources(none, none, none)


def _state(plan: Plan, model: Classifier) -> dict[str, Tensor]:
    """The tensors of the finished run.

    Raises:
        UserError: a ``weights.`` code.
    """
    path = plan.weights
    assert path is not None
    found = state_dicts.read(path, path.stat().st_size)
    state_dicts.check(model.state_dict(), found, path, plan.backbone.title, NOTHING)
    return found
