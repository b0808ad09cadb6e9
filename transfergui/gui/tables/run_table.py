"""The runs as a table: a row for each, with what became of it."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent

from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.places.run_state import FINISHED, TITLES
from transfergui.gui.base import desktop, words
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.tables.result_table import ResultTable, RowsModel
from transfergui.gui.tables.run_cells import HIGH, RunColumn, RunDelegate
from transfergui.gui.tables.run_row import RunRow

PARTED = " · "
COLOURS = {
    "done": "success",
    "stopped": "success",
    "cancelled": "warning",
    "interrupted": "warning",
    "failed": "danger",
    "active": "accent",
    "elsewhere": "accent",
    "damaged": "danger",
}
"""Of each state of a run."""
BACKBONE, STRATEGY, CURVE, FIGURE, INTERVAL = 2, 3, 5, 6, 7
"""Columns that are named below; those of the strategy, of the interval and of the notes stand in
the second lines of others, and are there to be copied."""
WHERE_USED = 11
HIDDEN = (STRATEGY, INTERVAL, 9, 10)
SPARED = (1, 8)
"""Columns that a narrow table does without: when it was started, and its epochs."""
ROOMY = 700
"""Pixels from which on a table is not narrow."""
WIDEST = 216
"""Pixels of the figure with its name at most, enough for “mean average precision”."""
NARROW = 80
"""No column gives way further, in pixels."""
NAME = 170
"""Pixels of the names where the others leave them nothing: then the table scrolls."""
BESIDE = 18
"""Pixels beside a heading."""


class _RunRows(RowsModel[RunRow]):
    """To screen readers, the second line of a cell, too."""

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        said = super().data(index, role)
        if role != Qt.ItemDataRole.AccessibleTextRole:
            return said
        column, row = self.columns[index.column()], self.shown[index.row()]
        assert isinstance(column, RunColumn)
        chips = column.chips(row) if column.chips else ()
        below = column.below(row) if column.below else ""
        return PARTED.join(part for part in (said, *chips, below) if part)


class RunTable(ResultTable):
    """See the module.

    Attributes:
        grouped: whether a line parts the runs on other data from those above them.
    """

    def __init__(self) -> None:
        columns = [*_columns(), *_figure_columns()]
        super().__init__(columns, model=_RunRows(columns), least=NAME)
        self.grouped = False
        self._fitted: dict[int, int] = {}
        self.setItemDelegate(RunDelegate(self, self._begins_group))
        self.verticalHeader().setDefaultSectionSize(HIGH)
        for number in (*HIDDEN, WHERE_USED):
            self.setColumnHidden(number, True)
        self.horizontalHeader().moveSection(WHERE_USED, FIGURE + 1)

    def show_runs(self, rows: list[RunRow]) -> None:
        """Replace the rows. What the figures are called stands in the heading where all are the
        same, else below each."""
        titles = {row.figure.title for row in rows if row.figure is not None}
        self.rows.set_columns([*_columns(), *_figure_columns(titles)])
        self.rows.fill(rows)
        self.setColumnHidden(WHERE_USED, not any(row.where_used for row in rows))

    def _begins_group(self, number: int) -> bool:
        rows = self.rows.shown
        return self.grouped and number > 0 and rows[number].data != rows[number - 1].data

    def fit(self) -> None:
        """Columns are as wide as what they hold; where there is no room, the widest give way.

        Those that the user has dragged stay as they are.
        """
        header = self.horizontalHeader()
        for number in SPARED:
            self.setColumnHidden(number, self.viewport().width() < ROOMY)
        seen = [n for n in range(1, header.count()) if not self.isColumnHidden(n)]
        now = {n: header.sectionSize(n) for n in seen}  # 0: what is left
        others = [n for n, width in now.items() if self._fitted.get(n, width) == width]
        held = {n: max(self.sizeHintForColumn(n), self._heading(n)) for n in others}
        dragged = sum(width for n, width in now.items() if n not in held)
        room = self.viewport().width() - NAME - dragged
        figure = min(
            held.pop(FIGURE, 0), WIDEST
        )  # without its name it says nothing: it gives way last
        caps = range(max(held.values(), default=0), NARROW, -1)
        fitting = (cap for cap in caps if sum(min(w, cap) for w in held.values()) <= room - figure)
        cap = next(fitting, NARROW)
        left = max(NARROW, room - sum(min(w, cap) for w in held.values()))
        widths = {n: min(width, cap) for n, width in held.items()}
        widths |= {FIGURE: min(figure, left)} if figure else {}
        for number, width in widths.items():
            header.resizeSection(number, width)
            self._fitted[number] = header.sectionSize(number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()  # say beside a scroll bar that came with the comparison below

    def copy(self) -> None:
        """As elsewhere, with what stands in second lines in columns of its own."""
        columns = self.rows.columns
        lines = [[column.title for column in columns]]
        lines += [[c.text(row) for c in columns] for row in self.chosen() or self.rows.shown]
        desktop.copy_table(lines)

    def _heading(self, number: int) -> int:
        """How wide it is; its arrow stands above it, and needs no room of its own."""
        metrics = self.horizontalHeader().fontMetrics()
        return metrics.horizontalAdvance(self.rows.columns[number].title) + BESIDE


def _columns() -> list[RunColumn]:
    return [
        RunColumn(
            _("Name"),
            lambda row: shown(row.name),
            explanation=_(
                "The name of the training data, or the name that you gave the run (F2), with your "
                "tags and your note below."
            ),
            tip=lambda row: shown(row.tip),
            below=lambda row: " ".join(shown(row.second).split()),
            chips=lambda row: row.notes.tags,
            picture=lambda row: row.symbol,
        ),
        RunColumn(
            _("Started"),
            lambda row: _day(row.began),
            lambda row: row.began,
            tip=lambda row: _when(row.began),
            below=lambda row: _when(row.began)[-5:],
        ),
        RunColumn(
            _("Backbone"),
            lambda row: shown(row.backbone),
            tip=lambda row: shown(" · ".join(filter(None, (row.backbone, row.origin)))),
            below=lambda row: row.strategy,
        ),
        RunColumn(_("Strategy"), lambda row: row.strategy, tip=lambda row: row.strategy),
        RunColumn(
            _("State"),
            lambda row: _(TITLES[row.state]),
            colour=lambda row: COLOURS[row.state],
            tip=lambda row: row.problem or shown(row.trainer or row.where),
            below=lambda row: (
                row.doubt or shown(row.where) or (_("early stopping") if row.ended_early else "")
            ),
        ),
        RunColumn(
            _("Validation"),
            _said_of_curve,
            lambda row: row.best_epoch or None,
            explanation=_(
                "The validation score after each epoch, from its lowest to its highest value. The "
                "ring marks the best epoch."
            ),
            tip=_said_of_curve,
            curve=lambda row: (row.curve, row.best),
        ),
    ]


def _figure_columns(titles: Collection[str] = ()) -> list[RunColumn]:
    """Args:
    titles: of the figures that there are.
    """
    title, explained = _("Accuracy"), _(TERMS["accuracy"][1])
    if titles and set(titles) != {title}:
        title = next(iter(titles)) if len(titles) == 1 else _("Result")
        explained = _(
            "Measured on the test set. Runs that predict different things have different measures, "
            "which cannot be compared."
        )
        ap50, meaning = TERMS["ap50"]
        if title == _(ap50):
            explained = _(meaning)
    return [
        RunColumn(
            title,
            lambda row: _figure_text(row, named=len(titles) > 1),
            lambda row: None if row.figure is None else row.figure.order,
            explanation=explained,
            figure=True,
            share=lambda row: None if row.figure is None else row.figure.share,
            colour=lambda row: "warning" if row.doubt else "",
            tip=_figure_tip,
            below=lambda row: "" if row.figure is None else row.figure.between,
        ),
        RunColumn(
            _("95 % interval"),
            lambda row: "" if row.figure is None else row.figure.between,
            lambda row: None if row.figure is None else row.figure.low,
            figure=True,
        ),
        RunColumn(
            _("Epochs"),
            lambda row: "" if row.epochs is None else words.number(row.epochs),
            lambda row: row.epochs,
            explanation=_(TERMS["epoch"][1]),
            figure=True,
        ),
        RunColumn(_("Tags"), lambda row: ", ".join(row.notes.tags)),
        RunColumn(_("Note"), lambda row: " ".join(row.notes.note.split())),
        RunColumn(
            _("Where used"),
            lambda row: "" if row.where_used is None else row.where_used.text,
            lambda row: None if row.where_used is None else row.where_used.order,
            explanation=_(
                "The accuracy on labelled examples from where the model will be used. The other "
                "figure is measured on your own test set."
            ),
            figure=True,
            share=lambda row: None if row.where_used is None else row.where_used.share,
            below=lambda row: "" if row.where_used is None else row.where_used.between,
        ),
    ]


def _said_of_curve(row: RunRow) -> str:
    """What the curve shows, in words."""
    if not row.best_epoch:
        return ""
    text = _("Best epoch: {best} of {count}")
    return text.format(best=words.number(row.best_epoch), count=words.number(row.epochs or 0))


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _figure_text(row: RunRow, named: bool) -> str:
    """``93.1 %``, with the name of the figure behind it where that must be told."""
    if row.figure is None:
        return words.percent(None) if row.state in FINISHED else ""
    if not named:
        return row.figure.text
    return f"{row.figure.text} {within(row.figure.title)}"


def _figure_tip(row: RunRow) -> str:
    """The figure with its name, what its interval means, and what is known against it."""
    return paragraph((_figure_meaning(row), *row.doubted.sentences))


def _figure_meaning(row: RunRow) -> str:
    if row.figure is None or not row.figure.between:
        return _figure_text(row, named=True)
    if row.figure.grouped:
        text = _(
            "{figure} on groups that the model has not seen ({by}). The true figure most likely "
            "lies in the range {interval} (95 % interval). Runs without groups look better, since "
            "they are tested on groups that they know."
        )
        values = {"by": row.figure.grouped, "interval": row.figure.between}
        return text.format(figure=_figure_text(row, named=True), **values)
    text = _("{figure}. The true figure most likely lies in the range {interval} (95 % interval).")
    figure = _figure_text(row, named=True)
    return text.format(figure=figure, interval=row.figure.between)
