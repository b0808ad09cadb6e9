"""What other data were worth: the model with them, the one without, and a linear model."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import borrowing_gain
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    return "borrow.not_borrowed" if result.report.borrowing is None else ""


def compute(result: Result, tell: Tell) -> Shown:
    """All of them beside each other, as the report knows them."""
    found = result.report.borrowing
    assert found is not None
    notes = borrowing_gain.notes(result.report, result.modality.many)
    return Shown(tuple(notes), (borrowing_gain.table(found),))


VIEW = View(
    "other_data",
    N_("Did the other data help?"),
    N_(
        "Compares the model with the same training without the other data, and with a linear model "
        "on the features of the frozen backbone, all on the same examples."
    ),
    obstacle,
    compute,
    quick=True,
    unlisted="borrow.not_borrowed",
)
