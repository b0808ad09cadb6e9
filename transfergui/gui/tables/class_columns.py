"""Figures of each class, as the columns of a table."""

from __future__ import annotations

from transfergui.core.base.figure_texts import hundredths, percent
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation.box_words import found_of, of_count
from transfergui.core.figures.detection import FEWEST_PICTURES
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
            title=_("Missed"),
            text=lambda row: words.number(row[1].support - found_of(row[1])),
            key=lambda row: row[1].support - found_of(row[1]),
            explanation=_("Test objects of this class that were not found."),
            figure=True,
            width=66,
        ),
        Column(
            title=_("False alarms"),
            text=lambda row: words.number(row[1].false_alarms or 0),
            key=lambda row: row[1].false_alarms,
            explanation=_("Predicted boxes of this class without an object of this class."),
            figure=True,
            width=92,
        ),
        _figure("precision", 78),
        Column(
            title=_("AP50"),
            text=lambda row: percent(row[1].ap50, DECIMALS),
            key=lambda row: row[1].ap50,
            explanation=_(TERMS["ap50"][1]),
            figure=True,
            share=lambda row: row[1].ap50,
            width=72,
        ),
        Column(
            title=_("95 % interval"),
            text=lambda row: _between(row[1]),
            explanation=_(
                "Where the true AP50 most likely lies. Not given where fewer than {count} test "
                "pictures have an object of this class, or all come to the same."
            ).format(count=FEWEST_PICTURES),
            figure=True,
            width=108,
        ),
        Column(
            title=_("Count off by"),
            text=lambda row: "" if row[1].count_error is None else of_count(row[1].count_error),
            key=lambda row: row[1].count_error,
            explanation=_(
                "How far the predicted number of objects in a picture is from the true one, on "
                "average (mean absolute error)."
            ),
            figure=True,
            width=90,
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
    if figures.recall is None:
        return _("none there")
    text = _("{count} of {total} ({percent} %)")
    return text.format(
        count=words.number(found_of(figures)),
        total=words.number(figures.support),
        percent=hundredths(figures.recall),
    )


def _between(figures: ClassFigures) -> str:
    ends = figures.ap50_interval
    return "–" if ends is None else words.percents(ends.low, ends.high)
