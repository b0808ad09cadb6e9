"""An adapted model beside one that was trained without the target: the better founded is kept.

Without labels of the target, the plain model stays unless nothing speaks against the adapted one
(:mod:`transfergui.core.figures.adapting`). With some, a paired test on them decides; they are
never trained on.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Generator
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import folder
from transfergui.core.figures import adapting, paired
from transfergui.core.figures.adapting import Adaptation, Side
from transfergui.core.resolve import resolve
from transfergui.core.runs import doubts, elsewhere
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, REPORT, Run, Stopped
from transfergui.core.training import checkpoint, reporting, trainer
from transfergui.core.training.progress_reporter import Workload
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from transfergui.core.figures.paired import Paired
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.elsewhere import Elsewhere
    from transfergui.core.training.phase import Events

PLAIN = "plain"
"""The folder, beside a run, of the training without the target."""
ADAPTED = "adapted"
LATE = 0.8
"""From this share of a training on, what it still takes tells little of the whole."""
VERDICT = "adaptation.json"
"""The file, beside a run, that says which model was kept."""


def is_wanted(plan: Plan) -> bool:
    """Whether the strategy of a plan adapts to a target."""
    return plan.strategy.plain is not None


def compared(plan: Plan, run: Run, events: Events) -> Events:
    """``events`` of the adapting training, and then of the plain one; the better founded of the two
    models is that of the run."""
    both = _Both(plan)
    with contextlib.closing(events):
        for event in events:
            if isinstance(event, ev.Finished) and event.outcome != "cancelled":
                yield from _ended(plan, run, event, both)
            else:
                yield both.first(event) if isinstance(event, ev.Progress) else event


class _Both:
    """How far two trainings are, one after the other.

    Attributes:
        weight: the work of the plain training, as a share of that of both.
    """

    def __init__(self, plan: Plan) -> None:
        beside = plain_plan(plan)
        adapting, plain = Workload(plan), Workload(beside)
        self.weight = plain.whole / max(1e-9, adapting.whole + plain.whole)
        self._quick = plain.only_heads()  # with features that the first one has computed
        self._epochs = float(sum(phase.epochs for phase in plan.phases))
        self._later: float | None = None

    def first(self, event: ev.Progress) -> ev.Progress:
        """``event`` of the adapting training, as one of both."""
        share = event.share or 0.0
        if event.eta is None:
            return msgspec.structs.replace(event, share=self._scaled(event.share))
        if self._later is None or share < LATE:  # at its end, little tells of the whole
            whole = event.eta / max(1e-9, 1.0 - min(share, LATE))
            self._later = 0.0 if self._quick else whole * self.weight / (1.0 - self.weight)
        share_of_both = self._scaled(event.share)
        return msgspec.structs.replace(event, eta=event.eta + self._later, share=share_of_both)

    def _scaled(self, share: float | None) -> float | None:
        return None if share is None else share * (1.0 - self.weight)

    def second(self, event: ev.Progress) -> ev.Progress:
        """``event`` of the plain training, as one of both; its loss is of another model."""
        done = (1.0 - self.weight) + self.weight * (event.share or 0.0)
        return ev.Progress(
            stage="beside",
            epoch=self._epochs,
            step=event.step,
            steps=event.steps,
            rate=event.rate,
            eta=event.eta,
            memory=event.memory,
            share=min(1.0, done),
        )


def plain_plan(plan: Plan) -> Plan:
    """The same training without the target."""
    assert plan.strategy.plain is not None
    return resolve(plan.strategy.plain(plan.recipe), plan.split)


def _ended(plan: Plan, run: Run, event: ev.Finished, both: _Both) -> Events:
    if event.outcome == "stopped":
        yield ev.Notice(code="adapt.not_compared", level="warning")
        yield event
        return
    stops = Stops(run.stop_requested)
    try:
        plain, seconds = yield from _plain(plan, run, stops, both)
        seconds += event.seconds
    except Stopped as stop:
        if stop.how == "cancel":
            yield msgspec.structs.replace(event, outcome="cancelled", report={})
            return
        yield ev.Notice(code="adapt.not_compared", level="warning")
        yield event
        return
    found = _verdict(plan, run, plain)
    if found.kept == PLAIN:
        plan, event = resolve(plain.recipe, plan.split), _end_of(plain, event)
        _take_over(run, plain)
        yield from _told_again(run, plain)
    report = reporting.with_adaptation(plan, run, found)
    if found.kept == PLAIN:
        run.adopt(plan.recipe)  # last: who is killed before it comes to the same end
    yield msgspec.structs.replace(event, seconds=seconds, report=report)


def _plain(
    plan: Plan, run: Run, stops: Stops, both: _Both
) -> Generator[ev.Event, None, tuple[Run, float]]:
    """The training without the target, and the seconds that it took; one that was interrupted goes
    on.

    Raises:
        Stopped: as asked for.
    """
    assert plan.strategy.plain is not None
    path = folder(run) / PLAIN
    own = Run(path)
    if not (path / RECIPE).is_file() or own.split != plan.split:  # some samples are gone since
        shutil.rmtree(path, ignore_errors=True)
        own = Run.create(plan.strategy.plain(plan.recipe), plan.split, path)
    ended = own.history().outcome
    if isinstance(ended, ev.Finished) and ended.outcome == "done":
        return own, ended.seconds
    last: ev.Event | None = None
    with contextlib.closing(trainer.train(resolve(own.recipe, own.split), own)) as events:
        for last in events:
            stops.check()
            if isinstance(last, ev.Progress):
                yield both.second(last)
    if isinstance(last, ev.Failed):
        raise UserError(last.code, **last.values)
    return own, last.seconds if isinstance(last, ev.Finished) else 0.0


def _verdict(plan: Plan, run: Run, plain: Run) -> Adaptation:
    """Which model is kept: decided once, as a run that was killed while another model became its
    own has nothing to judge by any more.

    Raises:
        UserError: ``run.damaged``, ``disk.full``.
    """
    path = folder(run) / VERDICT
    if path.is_file():
        return records.read(path, Adaptation)
    found = judged(plan, elsewhere.load(plain.path), elsewhere.load(run.path))
    try:
        files.write_atomic(path, msgspec.json.encode(found))
    except OSError as error:
        raise files.not_written(path, error) from None
    return found


def _end_of(plain: Run, event: ev.Finished) -> ev.Finished:
    """``event`` of the run, once its model is that of ``plain``."""
    end = plain.history().outcome
    assert isinstance(end, ev.Finished)
    return msgspec.structs.replace(event, epochs=end.epochs, best_epoch=end.best_epoch)


def _told_again(run: Run, plain: Run) -> Events:
    """What is drawn of the training without the target, whose model is that of ``run`` now."""
    for event in plain.events():
        if isinstance(event, ev.Started):
            yield msgspec.structs.replace(event, run=str(run.path))
        elif isinstance(event, ev.PhaseStarted | ev.EpochEnded) or (
            isinstance(event, ev.Progress) and event.stage == "train"
        ):
            yield event


def judged(plan: Plan, plain: Elsewhere, adapted: Elsewhere) -> Adaptation:
    """Which of two models is kept, and why."""
    plain, adapted = plain.among(adapted), adapted.among(plain)
    weights = adapting.weights(plain.validated_features, plain.target_features)
    first, second = _side(plain, weights), _side(adapted, weights)
    before, after = (adapting.shares(each.target) for each in (plain, adapted))
    lost = adapting.lost(before, after)
    classes, count = plan.split.classes, len(plain.validated)
    effective = weights.effective if weights else None
    against = adapting.against(first, second, count, effective, len(lost))
    test = None
    if len(adapted.checked):
        test = paired.of_shares(plain.checked, adapted.checked)
        against = _by_labels(test, against)
    return Adaptation(
        strategy=plan.strategy.key,
        kept=PLAIN if against else ADAPTED,
        plain=first,
        adapted=second,
        validated=count,
        effective=effective,
        target=len(plain.target),
        changed=float((plain.target.argmax(1) != adapted.target.argmax(1)).mean()),
        shares={
            name: (float(one), float(other))
            for name, one, other in zip(classes, before, after, strict=True)
        },
        lost=tuple(classes[at] for at in lost),
        reasons=against,
        checked=len(adapted.checked),
        p=test.p if test else None,
    )


def _by_labels(test: Paired, against: tuple[str, ...]) -> tuple[str, ...]:
    """What speaks against the adapted model once a few labels of the target are known: a clear
    difference decides; a better one that may be chance must have nothing else against it."""
    if test.verdict == "better":
        return ()
    return against if test.difference > 0 else ("adapt.checked_worse",)


def _side(found: Elsewhere, weights: adapting.Weights | None) -> Side:
    right = found.validated
    weighted = float((right * weights.each).mean()) if weights else None
    return Side(
        accuracy=float(right.mean()),
        weighted=None if weighted is None else min(1.0, weighted),
        information=adapting.information(found.target),
        mean_entropy=adapting.mean_entropy(found.target),
        checked=float(found.checked.mean()) if len(found.checked) else None,
    )


def _take_over(run: Run, plain: Run) -> None:
    """Make the model of ``run`` that of ``plain``, and all that is said of it.

    Raises:
        UserError: ``disk.full``.
    """
    last = run.checkpoints / checkpoint.LAST
    pairs = [(plain.best, run.best), (plain.checkpoints / checkpoint.LAST, last)]
    names = (REPORT, reports.PREDICTIONS, doubts.FILE, elsewhere.FILE)
    pairs += [(plain.path / name, run.path / name) for name in names]
    try:
        for source, target in pairs:
            if source.is_file():
                with files.replacing(target) as made:
                    shutil.copyfile(source, made)
            else:
                target.unlink(missing_ok=True)
    except OSError as error:
        raise files.not_written(run.path, error) from None
