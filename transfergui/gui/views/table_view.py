"""A table of texts that sorts by figures and copies for a spreadsheet."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from transfergui.core.evaluation.kinds import Table
from transfergui.gui.base import style
from transfergui.gui.tables.result_table import Column, ResultTable

NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)?")
WIDEST, LEAST = 320, 140
"""Pixels of a column at most, and of the first one at least."""
SHORT = 8
"""Letters of a title that stands on one line."""
MANY = 200
"""Rows after which nobody looks at the widths of more."""

Row = tuple[str, ...]


def table_view(table: Table) -> ResultTable:
    """The table with all its rows, as high as they need: the page scrolls."""
    columns = [_column(table, number) for number in range(len(table.columns))]
    view = ResultTable(columns, least=LEAST)
    view.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)  # no title is cut
    view.rows.fill(table.rows)
    view.setAccessibleName(table.title)
    view.setFixedHeight(view.show_first(len(table.rows)))
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view


def _column(table: Table, number: int) -> Column[Row]:
    figure = number in table.figures
    measured = QFontMetrics(style.font()).horizontalAdvance
    heading = two_lines(table.columns[number]) if number else table.columns[number]
    small = QFontMetrics(style.font(style.SMALL)).horizontalAdvance
    title = max(map(small, heading.split("\n")))
    own = max((measured(row[number]) for row in table.rows[:MANY]), default=0)
    width = max(own, title) + style.AROUND
    return Column(
        title=heading,
        text=lambda row: row[number],
        key=(lambda row: figure_of(row[number])) if figure else None,
        figure=figure,
        tip=lambda row: row[number],
        width=min(width, WIDEST),
        least=width if figure else min(width, max(LEAST, title + style.AROUND)),
    )


def two_lines(title: str) -> str:
    """A title of several words on two lines, as equal as can be: columns are narrow."""
    places = [found.start() for found in re.finditer(r" (?!%)", title)]
    if len(title) <= SHORT or not places:
        return title
    middle = min(places, key=lambda at: abs(2 * at - len(title)))
    return f"{title[:middle]}\n{title[middle + 1 :]}"


def figure_of(text: str) -> float | None:
    """The first figure in a text; None where there is none."""
    found = NUMBER.search(text)
    return float(found[0].replace(",", ".").replace("−", "-")) if found else None
