"""Figures of each class, as the columns of a table."""

from __future__ import annotations

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.figures.metrics import ClassFigures
from transfergui.gui.base import words
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.tables.result_table import Column

DECIMALS = 0
"""Of per cent: a class has few test examples."""

ClassRow = tuple[str, ClassFigures]


def class_columns() -> list[Column[ClassRow]]:
    def figure(name: str, width: int) -> Column[ClassRow]:
        title, explanation = TERMS[name]
        return Column(
            title=_(title),
            text=lambda row: percent(getattr(row[1], name), DECIMALS),
            key=lambda row: getattr(row[1], name),
            explanation=_(explanation),
            figure=True,
            share=lambda row: getattr(row[1], name),
            width=width,
        )

    return [
        Column(_("Class"), lambda row: shown(row[0]), tip=lambda row: shown(row[0])),
        figure("recall", 72),
        figure("precision", 78),
        figure("f1", 72),
        Column(
            title=_("Examples"),
            text=lambda row: words.number(row[1].support),
            key=lambda row: row[1].support,
            explanation=_(
                "Test examples of this class. With few of them, the figures are uncertain."
            ),
            figure=True,
            width=84,
        ),
    ]
