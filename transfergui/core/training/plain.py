"""A training with other data, and then the same one without them: what comes of both is judged.

What is shared by all judgements (:mod:`.adaptation`): the plain training beside the run, the
progress of both, and what becomes of either when it is stopped or killed.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import WHERE_USED
from transfergui.core.evaluation.baselines import PLAIN, folder
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run, Stopped
from transfergui.core.training import trainer
from transfergui.core.training.progress_reporter import Workload
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.phase import Events

LATE = 0.8
"""From this share of a training on, what it still takes tells little of the whole."""


class Trained(NamedTuple):
    """Two trainings that have ended.

    Attributes:
        plan, run: of the one with the other data.
        plain: the one without.
        end: the last event of the run, with the seconds of both.
        early: whether the user ended the one without early, so that it may have become better.
        check: raises :class:`Stopped` where the user wants an end.
    """

    plan: Plan
    run: Run
    plain: Run
    end: ev.Finished
    early: bool
    check: Callable[[], None]


class Judgement(NamedTuple):
    """What becomes of two trainings.

    Attributes:
        judge: the events from the end of both on, of which the last one is ``Finished``.
        stopped: the code of what is said where one was stopped, so that nothing is judged.
    """

    judge: Callable[[Trained], Events]
    stopped: str


def is_wanted(plan: Plan) -> bool:
    """Whether a training without the other data is to stand beside that of a plan."""
    strategy = plan.strategy
    there = strategy.needs or any(plan.split.of_role(role) for role in strategy.uses)
    return strategy.plain is not None and bool(there)


def plain_plan(plan: Plan) -> Plan:
    """The same training without the other data."""
    assert plan.strategy.plain is not None
    return resolve(plan.strategy.plain(plan.recipe), plan.split)


def compared(plan: Plan, run: Run, events: Events, judgement: Judgement) -> Events:
    """``events`` of the training with other data, then of the one without, and the judgement."""
    both = _Both(plan)
    with contextlib.closing(events):
        for event in events:
            if isinstance(event, ev.Finished) and event.outcome != "cancelled":
                yield from _ended(plan, run, event, both, judgement)
            else:
                yield both.first(event) if isinstance(event, ev.Progress) else event


class _Both:
    """How far two trainings are, one after the other, each with its test.

    Attributes:
        weight: the work of the plain training, as a share of that of both.
    """

    def __init__(self, plan: Plan) -> None:
        beside = plain_plan(plan)
        first, plain = Workload(plan), Workload(beside)
        self.weight = plain.whole / max(1e-9, first.whole + plain.whole)
        self._trained, self._tested, self._over = _parts(plan, first.whole, plain.whole)
        self._share = 0.0
        self._quick = plain.only_heads()  # with features that the first one has computed
        self._epochs = float(sum(phase.epochs for phase in plan.phases))
        self._later: float | None = None

    def first(self, event: ev.Progress) -> ev.Progress:
        """``event`` of the first training, as one of both."""
        share = event.share or 0.0
        if event.stage == "evaluate":  # a part of both, not a stage of its own: another one follows
            tested = event.step / max(1, event.steps)
            done = self._trained + (self._tested - self._trained) * tested
            later = None if event.eta is None else event.eta + (self._later or 0.0)
            return msgspec.structs.replace(event, eta=later, share=self._shown(done))
        if event.eta is None:
            return msgspec.structs.replace(event, share=self._scaled(event.share))
        if self._later is None or share < LATE:  # at its end, little tells of the whole
            whole = event.eta / max(1e-9, 1.0 - min(share, LATE))
            self._later = 0.0 if self._quick else whole * self.weight / (1.0 - self.weight)
        share_of_both = self._scaled(event.share)
        return msgspec.structs.replace(event, eta=event.eta + self._later, share=share_of_both)

    def _scaled(self, share: float | None) -> float | None:
        return None if share is None else self._shown(share * self._trained)

    def _shown(self, share: float) -> float:
        """No less than before: a test goes over several sets, one after the other."""
        self._share = min(1.0, max(self._share, share))
        return self._share

    def second(self, event: ev.Progress) -> ev.Progress:
        """``event`` of the plain training, as one of both; its loss is of another model."""
        share = event.share or 0.0
        done = self._shown(self._tested + (self._over - self._tested) * share)
        return ev.Progress(
            stage="beside",
            epoch=self._epochs,
            step=event.step,
            steps=event.steps,
            rate=event.rate,
            eta=event.eta,
            memory=event.memory,
            share=done,
        )


def _parts(plan: Plan, first: float, plain: float) -> tuple[float, float, float]:
    """The shares of the work that are done once the first model is trained, once it is tested, and
    once the plain one is trained; what is left is its test and the linear model.

    Args:
        first, plain: the cost of a training sample in all epochs of either.
    """
    split = plan.split
    elsewhere = sum(len(each.samples) for role in WHERE_USED for each in split.of_role(role))
    looks = plan.backbone.flops / max(1, len(split.train))
    test = looks * (len(split.test) + elsewhere)
    probe = looks * (len(split.train) + len(split.val) + len(split.test))
    rest = test + (0.0 if "target" in plan.strategy.needs else probe)
    whole = max(1e-9, first + test + plain + rest)
    return first / whole, (first + test) / whole, (first + test + plain) / whole


def _ended(plan: Plan, run: Run, event: ev.Finished, both: _Both, judgement: Judgement) -> Events:
    if event.outcome == "stopped":
        yield ev.Notice(code=judgement.stopped, level="warning")
        yield event
        return
    stops = Stops(run.stop_requested)
    try:
        plain = yield from _plain(plan, run, stops, both)
        ended = plain.history().outcome
        assert isinstance(ended, ev.Finished)
        end = msgspec.structs.replace(event, seconds=event.seconds + ended.seconds)
        early = ended.outcome == "stopped"
        yield from judgement.judge(Trained(plan, run, plain, end, early, stops.check))
    except Stopped as stop:
        if stop.how == "cancel":
            yield msgspec.structs.replace(event, outcome="cancelled", report={})
            return
        yield ev.Notice(code=judgement.stopped, level="warning")
        yield event


def _plain(plan: Plan, run: Run, stops: Stops, both: _Both) -> Generator[ev.Event, None, Run]:
    """The training without the other data; one that was interrupted goes on.

    Asked to finish, it keeps its best epoch so far, if there is one.

    Raises:
        Stopped: it is to be resumed, or has nothing to keep.
    """
    assert plan.strategy.plain is not None
    path = folder(run) / PLAIN
    own = Run(path)
    if not (path / RECIPE).is_file() or own.split != plan.split:  # some samples are gone since
        shutil.rmtree(path, ignore_errors=True)
        own = Run.create(plan.strategy.plain(plan.recipe), plan.split, path)
    ended = own.history().outcome
    if isinstance(ended, ev.Finished) and ended.outcome != "cancelled":
        return own
    last: ev.Event | None = None
    with contextlib.closing(trainer.train(resolve(own.recipe, own.split), own)) as events:
        for last in events:
            _pass_on(stops, own)
            if isinstance(last, ev.Progress):
                yield both.second(last)
    if isinstance(last, ev.Failed):
        raise UserError(last.code, **last.values)
    if isinstance(last, ev.Finished) and last.outcome == "cancelled":  # before it learnt anything
        raise Stopped("finish")
    return own


def _pass_on(stops: Stops, own: Run) -> None:
    """A request to finish is for the training that is going on.

    Raises:
        Stopped: as asked for otherwise.
    """
    try:
        stops.check()
    except Stopped as stop:
        if stop.how == "cancel":
            raise
        own.request_stop("finish")
