"""The columns of a table of predictions that belong to what is predicted: a probability for each
label, an answer and its confidence for each question, how many boxes each class has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import BOXES
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.gui.base import words
from transfergui.gui.tables.result_table import Column

MOST = 40
"""No more columns are shown; the saved table has all."""
WIDTH = 96


class Answered(Protocol):
    """A row with the cells of its answers."""

    @property
    def cells(self) -> Sequence[float | str]:
        """As of :meth:`transfergui.core.interfaces.objective.Objective.cells`."""


def answer_columns(objective: Objective, found: Found) -> list[Column]:
    """A column for each cell of an answer."""
    if not objective.several:
        return []
    titles = objective.columns(found)[:MOST]
    if found.targets.objective == BOXES:  # the first holds all of them as a text
        return [_counts(at, title) for at, title in enumerate(titles) if at]
    limits: Sequence[float | None] = found.fitted or [None] * len(titles)
    return [_column(at, title, limits[at]) for at, title in enumerate(titles)]


def _counts(at: int, title: str) -> Column[Answered]:
    def count(row: Answered) -> float | str | None:
        return row.cells[at] if at < len(row.cells) else None

    def text(row: Answered) -> str:
        value = count(row)
        return words.number(round(value)) if isinstance(value, float) else ""

    explained = _("How many boxes of this class are shown in the picture.")
    return Column(shown(title), text, count, explanation=explained, figure=True, width=WIDTH)


def _column(at: int, title: str, limit: float | None) -> Column[Answered]:
    def cell(row: Answered) -> float | str | None:
        return row.cells[at] if at < len(row.cells) else None

    def share(row: Answered) -> float | None:
        value = cell(row)
        return value if isinstance(value, float) else None

    def text(row: Answered) -> str:
        value = cell(row)
        if isinstance(value, float):
            return words.percent(value)
        return shown(value or "")

    def colour(row: Answered) -> str:
        value = share(row)
        return "muted" if limit is not None and value is not None and value < limit else ""

    explained = _("Predicted if the probability is at least {limit}; chosen on the validation set.")
    return Column(
        title=shown(title),
        text=text,
        key=cell,
        explanation="" if limit is None else explained.format(limit=words.percent(limit)),
        share=share,
        colour=colour,
        tip=text,
        width=WIDTH,
    )
