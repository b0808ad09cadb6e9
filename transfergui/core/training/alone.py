"""Each of several questions beside a training of its own: whether learning them together helped.

After a training of all questions, each is trained alone: same recipe, same division of the data,
without the samples that do not answer it, in a folder of the run. Both are compared on the samples
that measured them, by :func:`transfergui.core.figures.questions.compare`.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.data.targets import Targets, parsed_answers
from transfergui.core.evaluation import report as reports
from transfergui.core.figures import questions
from transfergui.core.figures.metrics import Alone
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run, Stopped
from transfergui.core.training import reporting, trainer
from transfergui.core.training.phase import Events
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.data.split import Split
    from transfergui.core.interfaces.plan import Plan

ALONE = "alone"
"""The folder, in a run, of the trainings of single questions."""


def is_wanted(plan: Plan) -> bool:
    """Whether the questions of a plan are to be trained alone, too."""
    return plan.objective.compares_alone(plan.objective_options)


def compared(plan: Plan, run: Run, events: Events) -> Events:
    """``events`` of the training of all questions, and then of those of single ones.

    Before the last event, the comparison is added to the report. A request to finish during it
    leaves out what is not compared yet; after one to cancel, the run can be resumed.
    """
    with contextlib.closing(events):
        for event in events:
            if isinstance(event, ev.Finished) and event.outcome != "cancelled":
                yield from _ended(plan, run, event)
            else:
                yield event


def _ended(plan: Plan, run: Run, event: ev.Finished) -> Events:
    if event.outcome == "stopped" or not plan.phases:  # the user wants it to end; a combination
        yield ev.Notice(code="questions.not_compared", level="warning")
        yield event
        return
    found: dict[str, Alone] = {}
    stops, spent = Stops(run.stop_requested), event.seconds
    try:
        for place, name in enumerate(plan.split.targets.names):
            spent += yield from _question(plan, run, place, stops)
            known = _comparison(run, place)
            if known is None:
                yield ev.Notice(code="questions.one_missing", values={"name": name})
            else:
                found[name] = known
    except Stopped as stop:
        if stop.how == "cancel":
            yield msgspec.structs.replace(event, outcome="cancelled", report={})
            return
        yield ev.Notice(code="questions.not_compared", level="warning")
    report = reporting.with_alone(plan, run, found)
    yield msgspec.structs.replace(event, seconds=spent, report=report)


def _question(plan: Plan, run: Run, place: int, stops: Stops) -> Generator[ev.Event, None, float]:
    """Train one question; the seconds that it took. One that was interrupted goes on.

    Raises:
        Stopped: as asked for.
    """
    split = single(plan.split, place)
    if len(split.classes) < 2 or not split.train or not split.val:
        return 0.0
    own = _run(plan, run, place, split)
    ended = own.history().outcome
    if isinstance(ended, ev.Finished) and ended.outcome == "done":  # before an interruption
        return ended.seconds
    count = len(plan.split.targets.names)
    yield _progress(plan, place, count)
    last = None
    with contextlib.closing(trainer.train(resolve(own.recipe, own.split), own)) as events:
        for last in events:
            stops.check()
            if isinstance(last, ev.Progress | ev.EpochEnded):
                yield _progress(plan, place, count)
    return last.seconds if isinstance(last, ev.Finished) else 0.0


def _progress(plan: Plan, done: int, total: int) -> ev.Progress:
    epochs = sum(phase.epochs for phase in plan.phases)
    return ev.Progress(stage="compare", epoch=float(epochs), step=done, steps=total)


def _run(plan: Plan, run: Run, place: int, split: Split) -> Run:
    """Where a question is trained alone."""
    path = run.path / ALONE / str(place + 1)
    if (path / RECIPE).is_file():
        return Run.open(path)
    shutil.rmtree(path, ignore_errors=True)
    # classes are not weighed when the questions are trained together
    recipe = plan.recipe.replace(objective={}, optim__balance="none")
    return Run.create(recipe, split, path)


def single(split: Split, place: int) -> Split:
    """``split`` as one of a single question: the samples that answer it, in the same parts."""
    values, answers = split.targets.values, split.targets.answers[place]

    def answered(samples: Sequence[Sample]) -> tuple[Sample, ...]:
        pairs = ((sample, int(values[sample.label][place])) for sample in samples)
        return tuple(msgspec.structs.replace(s, label=at) for s, at in pairs if at >= 0)

    parts = {part: answered(getattr(split, part)) for part in ("train", "val", "test")}
    return msgspec.structs.replace(
        split, classes=answers, targets=Targets(), companions=(), **parts
    )


def _comparison(run: Run, place: int) -> Alone | None:
    """What both trainings make of the samples that measured them; None without such."""
    try:
        own = Run.open(run.path / ALONE / str(place + 1))
        alone = {row.path: row.right for row in reports.load_predictions(own.path)}
        rows = reports.load_predictions(run.path)
    except UserError:
        return None
    pairs = [
        (truth == said, alone[row.path])
        for row in rows
        if row.path in alone
        for truth, said in [(parsed_answers(row.truth)[place], parsed_answers(row.label)[place])]
    ]
    if not pairs:
        return None
    together, single_one = (np.array(column) for column in zip(*pairs, strict=True))
    found = questions.compare(together, single_one)
    span = found.interval
    return Alone(
        accuracy=float(single_one.mean()),
        verdict=found.verdict,
        difference=found.difference,
        low=None if span is None else span.low,
        high=None if span is None else span.high,
        p=found.p,
    )
