"""Figures of each label, as the columns of a table."""

from __future__ import annotations

from typing import NamedTuple

from transfergui.core.base.figure_texts import percent, percent_ends
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import LabelFigures, Report
from transfergui.gui.base import words
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.tables.result_table import Column

DECIMALS = 0
"""Of per cent: a label has few test examples."""


class LabelRow(NamedTuple):
    """A label.

    Attributes:
        threshold: probability from which on it is predicted; None where that is not known.
    """

    name: str
    figures: LabelFigures
    threshold: float | None


def label_rows(report: Report) -> list[LabelRow]:
    """The labels of a report, in its order."""
    limits: list[float | None] = [*report.fitted, *[None] * len(report.per_label)]
    rows = zip(report.per_label.items(), limits, strict=False)
    return [LabelRow(name, figures, limit) for (name, figures), limit in rows]


def label_columns() -> list[Column[LabelRow]]:
    def figure(name: str, width: int, interval: str = "") -> Column[LabelRow]:
        title, explanation = TERMS[name]
        return Column(
            title=_(title),
            text=lambda row: percent(getattr(row.figures, name), DECIMALS),
            key=lambda row: getattr(row.figures, name),
            explanation=_(explanation),
            figure=True,
            share=lambda row: getattr(row.figures, name),
            tip=(lambda row: _between(getattr(row.figures, interval))) if interval else None,
            width=width,
        )

    return [
        Column(_("Label"), lambda row: shown(row.name), tip=lambda row: shown(row.name)),
        figure("recall", 60, "recall_interval"),
        figure("precision", 74, "precision_interval"),
        figure("f1", 58),
        Column(
            title=_("Threshold"),
            text=lambda row: percent(row.threshold, DECIMALS),
            key=lambda row: row.threshold,
            explanation=_(
                "The label is predicted if its probability is at least this threshold, which "
                "was chosen on the validation set."
            ),
            figure=True,
            width=88,
        ),
        Column(
            title=_("Examples"),
            text=lambda row: words.number(row.figures.support),
            key=lambda row: row.figures.support,
            explanation=_(
                "Test examples with this label. With few of them, the figures are uncertain."
            ),
            figure=True,
            width=88,
        ),
    ]


def _between(interval: Interval | None) -> str:
    """``95 %: 61 % to 82 %``; empty for none."""
    if interval is None:
        return ""
    low, high = percent_ends(interval.low, interval.high, DECIMALS)
    return _("95 % interval: {low} to {high}").format(low=low, high=high)
