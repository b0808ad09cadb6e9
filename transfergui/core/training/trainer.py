"""The one loop: a generator of events.

``train`` begins with "load ``last`` if there is one", so that resuming is the
start path. Whatever is random is counted (seed, epoch, step), so interrupted
and resumed equals uninterrupted, to the bit on a processor.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from transfergui.core import plans, small_data_defaults
from transfergui.core.base.errors import UserError
from transfergui.core.data import tar_names, tars
from transfergui.core.networks import planned
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn import lora
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stopped
from transfergui.core.training import (
    checkpoint,
    checkpointer,
    devices,
    divergence,
    elsewhere,
    reporting,
)
from transfergui.core.training.best_weights import BestWeights
from transfergui.core.training.checkpointer import Checkpointer
from transfergui.core.training.compute import Compute
from transfergui.core.training.data_pipeline import DataPipeline
from transfergui.core.training.divergence import Diverged
from transfergui.core.training.group import ALONE
from transfergui.core.training.held_out import Looks
from transfergui.core.training.loaders import UnreadableFiles
from transfergui.core.training.phase import Events, PhaseLoop, set_trainable
from transfergui.core.training.position import Position
from transfergui.core.training.progress_reporter import ProgressReporter
from transfergui.core.training.recording import recorded
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.run import Run, Stop
    from transfergui.core.training.group import Group


def train(plan: Plan, run: Run, group: Group = ALONE) -> Events:
    """Train, or go on where the run stands, and report on the test samples.

    Every event is recorded in the run before it is given out. The last one is
    ``Finished``, or ``Failed`` for a mistake that the user can mend. Closing the
    generator stops at once; the run can be resumed.

    Args:
        group: as of :func:`events`.

    Raises:
        UserError: ``run.busy``: another process trains it.
        Exception: a bug; it is recorded as ``Failed`` first.
    """
    yield from recorded(run, events(plan, run, Stops(run.stop_requested), group=group))


def events(plan: Plan, run: Run, stops: Stops, before: float = 0.0, group: Group = ALONE) -> Events:
    """As :func:`train`, in a run that is claimed, and recorded, already.

    Args:
        stops: requests to end it.
        before: seconds that were spent on finding the plan; they are part of what it took.
        group: the processes that train together. Each takes the same steps and gives out the same
            events; the first one alone keeps the checkpoints and writes the report.
    """
    return _Training(plan, run, stops, before, group).events()


class _Training:
    """One training in progress."""

    def __init__(
        self, plan: Plan, run: Run, stops: Stops, before: float = 0.0, group: Group = ALONE
    ) -> None:
        self.plan = plan
        self.run = run
        self.stops = stops
        self.before = before
        self.group = group
        self.began = time.monotonic()
        self.at = Position()
        self.rate = 0.0
        self.unreadable = UnreadableFiles.of(plan.split)

    def events(self) -> Events:
        self._build()
        folder, writes = self.run.checkpoints, self.group.first
        last = self.group.of_first(lambda: checkpoint.load_last(folder))
        if last is not None:
            self._restore(last)
        self.best = BestWeights(self.plan, self.model, self.at, folder, writes)
        self.checkpoints = Checkpointer(
            self.plan, self.model, self.at, self.best, folder, self.began, writes
        )
        epochs = plans.epochs(self.plan)
        resumed = last is not None
        yield reporting.started(self.plan, self.run, str(self.device), resumed, epochs)
        if last is not None:
            if self.group.first:
                yield from self.best.replace_if_lost()
            at = self.at
            found = self.group.of_first(lambda: (at.best, at.best_epoch, at.stale))
            at.best, at.best_epoch, at.stale = found
        yield from self._notes()
        try:
            yield from self._train_and_report(last)
        except Diverged as diverged:
            yield from self.best.save()
            raise self._error(diverged) from None
        except UserError:  # the disk with the data is gone, for one: the model need not be
            yield from self.best.save()
            raise

    def _build(self) -> None:
        tars.require_same(self.plan.split.places)
        self.device = Compute(self.plan.recipe.run.device).device
        progress = ProgressReporter(self.plan, self.device)
        self.plan = plan = save_assets(self.plan, self.run.assets)
        planned.require_fit(plan)
        self.seen = plans.leaked(plan)  # now: the runs that are asked may be deleted meanwhile
        devices.seed(plan.recipe.run.seed, self.device)
        weights = planned.starting_weights(plan) if plan.pretrained else None
        self.model = classifier_of(plan, weights).to(self.device)
        self.pipeline = DataPipeline(
            plan, self.model, progress, self.unreadable, self.stops, self.group
        )
        self.pipeline.keeps = self._keeps

    def _restore(self, last: dict[str, Any]) -> None:
        """
        Raises:
            UserError: ``run.last_damaged``.
        """
        with checkpoint.restoring(self.run.checkpoints):
            self.at = Position.restored(last["position"], self.plan.phases)
            self.rate = checkpointer.rate_of(last)
            # what is loaded may hold low-rank updates
            set_trainable(self.plan, self.at.phase, self.model, self.device)
            checkpointer.restore_model(self.model, last)

    def _notes(self) -> Iterator[ev.Notice]:
        """What the user should know before it begins."""
        yield from map(ev.Notice.of, plans.notes(self.plan))
        yield from map(ev.Notice.of, small_data_defaults.notes(self.plan.resolved_defaults))
        searched = bool(self.run.history().trials)  # it was compared with others
        yield from map(ev.Notice.of, self.plan.modality.notes(self.plan, searched))

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
            if stop.how == "cancel" or not self._keeps():
                raise
            return "stopped"
        return "done"

    def _keeps(self) -> bool:
        """Whether there is a model that could be kept, if it was stopped now."""
        unlabelled = self.plan.phases[self.at.phase].through is not None
        return not unlabelled and bool(self.at.best_epoch or self.at.seen)

    def _phases(self, last: dict[str, Any] | None) -> Events:
        for index in range(self.at.phase, len(self.plan.phases)):
            self.loop = PhaseLoop(
                self.plan, index, self.pipeline, self.at, self.best, self.checkpoints, self.rate
            )
            yield from self.loop.events(last)
            last = None

    def _cancelled(self, how: Stop) -> Events:
        if self.loop.train_step is not None:
            yield from self.loop.save()
        if how == "finish":
            unlabelled = self.plan.phases[self.at.phase].through is not None
            code = "unlabelled.stopped" if unlabelled else "training.nothing_learnt"
            yield ev.Notice(code=code, level="warning")
        yield self._finished("cancelled", {})

    def _error(self, diverged: Diverged) -> UserError:
        """What the user is told of it."""
        loop, batch = self.loop, self.loop.batch
        if batch is not None and loop.phase.views:
            batch = batch._replace(inputs=batch.inputs[:, 0])
        path = next(iter(diverged.suspects), None) or divergence.suspect(
            loop.sources.train, batch, self.model, self.device
        )
        return divergence.error(path, self.at.epoch + 1, loop.phase.lr, self.run.best.exists())

    def _finish(self, outcome: ev.Outcome) -> Events:
        loop = self.loop
        if outcome == "stopped":  # else the last phase has saved
            if loop.train_step is None:  # while a phase was being prepared
                loop.sources = self.pipeline.files()
            if self.at.best_epoch is None:  # before the first epoch was over
                yield from loop.end_epoch(0.0)
            yield from loop.save() if loop.train_step is not None else self.best.save()
        loop.train_step = None  # from here on, the model is not where the training stands
        self._load_best()
        looks = Looks(loop.test, loop.look_inside)
        figures = yield from reporting.tested(
            self.plan, self.run, looks, loop.sources, self.seen, writes=self.group.first
        )
        self.pipeline.agree_on_unreadable()
        if self.pipeline.borrowed is not None:
            figures = reporting.with_borrowed(self.plan, self.run, self.pipeline.borrowed)
        if elsewhere.is_wanted(self.plan):
            figures = yield from self._look_elsewhere(looks, figures)
        if self.unreadable.paths:
            path = tar_names.named(self.plan.split.root, next(iter(self.unreadable.paths)))
            values = {"count": len(self.unreadable.paths), "path": path}
            yield ev.Notice(code="data.skipped", values=values, level="warning")
        for path, unreadable in self.pipeline.unreadable_beside.items():
            if unreadable.paths:
                values = {"count": len(unreadable.paths), "path": path}
                yield ev.Notice(code="companion.skipped", values=values, level="warning")
        yield self._finished(outcome, figures)

    def _load_best(self) -> None:
        if self.group.first:
            checkpoint.load_best(self.run.checkpoints, self.model)
        else:
            lora.merge(self.model)
        self.group.share(self.model.state_dict().values())

    def _look_elsewhere(
        self, looks: Looks, figures: dict[str, Any]
    ) -> Generator[ev.Event, None, dict[str, Any]]:
        """Keep what the model answers where it will be used; the report with what is known of
        it."""
        beside = yield from self.pipeline.elsewhere(self.loop.phase)
        found = yield from elsewhere.answered(self.plan, looks, self.loop.sources.val, beside)
        found.save(self.run.path)
        if len(found.checked) and self.group.first:
            return reporting.with_checked(self.plan, self.run, found.checked)
        return figures

    def _finished(self, outcome: ev.Outcome, figures: dict[str, Any]) -> ev.Finished:
        self.checkpoints.count_time()
        return ev.Finished(
            outcome=outcome,
            epochs=self.at.epoch,
            best_epoch=self.at.best_epoch,
            seconds=self.before + self.at.seconds,
            report=figures,
        )
