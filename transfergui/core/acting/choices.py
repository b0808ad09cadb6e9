"""What predictions leave open when files are sorted by them: which label, which question."""

from __future__ import annotations

from typing import Literal, NamedTuple

from transfergui.core.acting.plan import Acting, ActOptions, require_possible
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import BOXES, SEVERAL_LABELS, SEVERAL_QUESTIONS


class SortBy(NamedTuple):
    """By what files are sorted.

    Attributes:
        title: for people.
        labels, question: as of :class:`.plan.ActOptions`.
    """

    title: str
    labels: Literal["first", "each"] = "first"
    question: str = ""


def ways(model: Acting) -> tuple[SortBy, ...]:
    """What can be chosen; none where nothing is left open."""
    if model.objective.key == SEVERAL_LABELS:
        return (
            SortBy(_("The most confident label")),
            SortBy(_("Every label: a copy in each folder"), labels="each"),
        )
    if model.objective.key == BOXES:
        return (
            SortBy(_("The class of the most confident box")),
            SortBy(_("Every class with a box: a copy in each folder"), labels="each"),
        )
    if model.objective.key == SEVERAL_QUESTIONS:
        return tuple(SortBy(name, question=name) for name in model.found.targets.names)
    return ()


def not_sorted(model: Acting) -> UserError | None:
    """Why files cannot be sorted by what a model predicts."""
    try:
        require_possible(model, ActOptions(sidecars="", to="."))
    except UserError as error:
        return error
    return None
