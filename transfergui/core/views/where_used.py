"""Where the model will be used: what it predicts for examples from there, adapted and not."""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.evaluation import adapted
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.views.result import Result
from transfergui.core.views.view import View


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    return "adapt.not_adapted" if result.report.adaptation is None else ""


def compute(result: Result, tell: Tell) -> Shown:
    """Both models beside each other, as the report knows them."""
    found = result.report.adaptation
    assert found is not None
    noun = result.modality.many
    return Shown(tuple(adapted.told(found, noun)), adapted.tables(found, noun))


VIEW = View(
    "where_used",
    N_("Where it will be used"),
    N_(
        "Compares the adapted model with the one that was not adapted, on the examples from where "
        "the model will be used."
    ),
    obstacle,
    compute,
    quick=True,
    unlisted="adapt.not_adapted",
)
