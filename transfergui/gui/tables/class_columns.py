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
    return [
        Column(_("Class"), lambda row: shown(row[0]), tip=lambda row: shown(row[0])),
        _figure("recall", 72),
        _figure("precision", 78),
        _figure("f1", 72),
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


def box_columns() -> list[Column[ClassRow]]:
    """Of objects that are found in pictures."""
    return [
        Column(_("Class"), lambda row: shown(row[0]), tip=lambda row: shown(row[0])),
        Column(
            title=_("Found"),
            text=lambda row: _found(row[1]),
            key=lambda row: row[1].recall,
            explanation=_("Test objects of this class that were found, of all that there are."),
            figure=True,
            share=lambda row: row[1].recall,
            width=136,
        ),
        Column(
            title=_("False alarms"),
            text=lambda row: words.number(row[1].false_alarms or 0),
            key=lambda row: row[1].false_alarms,
            explanation=_("Predicted boxes of this class without an object of this class."),
            figure=True,
            width=100,
        ),
        _figure("recall", 72),
        _figure("precision", 78),
        Column(
            title=_("AP50"),
            text=lambda row: percent(row[1].ap50, DECIMALS),
            key=lambda row: row[1].ap50,
            explanation=_(TERMS["ap50"][1]),
            figure=True,
            share=lambda row: row[1].ap50,
            tip=lambda row: _between(row[1]),
            width=72,
        ),
    ]


def _figure(name: str, width: int) -> Column[ClassRow]:
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


def _found(figures: ClassFigures) -> str:
    found = round((figures.recall or 0.0) * figures.support)
    text = _("{count} of {total}")
    return text.format(count=words.number(found), total=words.number(figures.support))


def _between(figures: ClassFigures) -> str:
    ends = figures.ap50_interval
    if ends is None:
        return ""
    low, high = percent(ends.low, DECIMALS), percent(ends.high, DECIMALS)
    return _("95 % interval: {low} to {high}").format(low=low, high=high)
