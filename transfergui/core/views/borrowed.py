"""Somebody else's examples that a model learnt from, too: how much they counted."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import borrowed
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    return "borrow.nothing" if result.report.borrowed is None else ""


def compute(result: Result, tell: Tell) -> Shown:
    """What the report knows of them."""
    found = result.report.borrowed
    assert found is not None
    notes = borrowed.notes(result.report, result.modality.many)
    return Shown(tuple(notes), (borrowed.table(found),))


VIEW = View(
    "borrowed",
    N_("Borrowed examples"),
    N_(
        "Shows how much the examples counted that were borrowed from others, and which of several "
        "sources helps."
    ),
    obstacle,
    compute,
    quick=True,
    unlisted="borrow.nothing",
)
