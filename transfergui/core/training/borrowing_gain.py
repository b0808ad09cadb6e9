"""A model that learnt from other data, beside the same training without them and a linear model on
the frozen backbone: did they help, or was it negative transfer?

The model of the run stays the one that was asked for. Nothing is chosen on the test samples, which
each model sees once: what they show is said, and the other model is there to be taken.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.evaluation import run_differences
from transfergui.core.evaluation.run_differences import Side
from transfergui.core.figures.borrowing_gain import BorrowingGain, Versus
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stopped
from transfergui.core.training import frozen_probe, reporting
from transfergui.core.training.plain import Judgement, Trained

if TYPE_CHECKING:
    from transfergui.core.training.phase import Events


def judge(trained: Trained) -> Events:
    """Add to the report of the run what the other data were worth."""
    found = judged(trained, _probe(trained))
    if found is None:
        yield ev.Notice(code="borrow.not_measured", level="warning")
        yield trained.end
        return
    report = reporting.with_borrowing(trained.plan, trained.run, found)
    yield msgspec.structs.replace(trained.end, report=report)


JUDGEMENT = Judgement(judge, "borrow.not_compared")
"""Of strategies that learn from other data."""


def judged(trained: Trained, probe: Side | None) -> BorrowingGain | None:
    """What the samples say that measured both; None where they have no figure in common.

    Raises:
        UserError: ``run.damaged``.
    """
    plan, run = trained.plan, trained.run
    own, other = run_differences.side_of(run), run_differences.side_of(trained.plain)
    if own is None or other is None:
        return None
    known = run_differences.difference(other, own)
    if known is None:
        return None
    validation = None
    if own.report.measured_on == "test":
        sides = [run_differences.validated(each) for each in (trained.plain, run)]
        validation = _versus(*sides)
    return BorrowingGain(
        strategy=plan.strategy.key,
        role="source" if "source" in plan.strategy.needs else "unlabelled",
        objective=own.report.objective,
        figure=known.figure,
        measured_on="test" if own.report.measured_on == "test" else "val",
        plain=Versus.of(known.found, known.first, known.second),
        probe=_versus(probe, own),
        validation=validation,
        unit=own.report.unit,
        early=trained.early,
    )


def _versus(other: Side | None, own: Side | None) -> Versus | None:
    if other is None or own is None:
        return None
    found = run_differences.difference(other, own)
    return None if found is None else Versus.of(found.found, found.first, found.second)


def _probe(trained: Trained) -> Side | None:
    """The linear model on the frozen backbone; None where there is none, or it was not waited for.

    Raises:
        Stopped: it is to be resumed.
    """
    plan = trained.plan
    if frozen_probe.obstacle(plan):
        return None
    try:
        with contextlib.suppress(UserError):  # the weights are gone, say: the rest is known
            return frozen_probe.measured(trained.run, plan, lambda _done, _total: trained.check())
    except Stopped as stop:
        if stop.how == "cancel":
            raise
    return None
