"""A comparison of two models: what is said of it, figures, examples, curves and settings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from transfergui.core.app.comparing import Comparison
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation.kinds import Table
from transfergui.gui.base import file_dialogs, style
from transfergui.gui.compare.differing_examples import DifferingExamples
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.parts.scroll_page import scrolled
from transfergui.gui.parts.titled_part import titled_part
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.session.session import Session
from transfergui.gui.tables.result_table import ResultTable
from transfergui.gui.tables.save_table import KINDS, save_csv
from transfergui.gui.views.chart_view import ChartView
from transfergui.gui.views.table_view import table_view


class ComparisonView(QWidget):
    """Tabs, of which those without content say why.

    Attributes:
        tables: of figures, by their titles, and the settings.
        found: what is shown; None as long as nothing is.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: Comparison | None = None
        self.names = [ElidedLabel(Qt.TextElideMode.ElideMiddle) for _name in "AB"]
        self.notes = NoteLines()
        self.tabs = QTabWidget()
        self.examples = DifferingExamples(session, self._say)
        self.said = WrappedLabel(role="caption")
        self.tables: dict[str, ResultTable] = {}
        self.said.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        for name in self.names:
            layout.addWidget(name)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self.said)

    def show_comparison(self, found: Comparison, names: tuple[str, str]) -> None:
        """Show a comparison of models with these names."""
        self.found = found
        self.said.hide()
        for label, letter, name in zip(self.names, "AB", names, strict=True):
            label.setText(f"{letter}   {shown(name)}")
        self.tables.clear()
        while self.tabs.count():
            page = self.tabs.widget(0)
            self.tabs.removeTab(0)
            if page is not None and page is not self.examples:
                page.deleteLater()
        self.tabs.addTab(self._overview(found), _("Overview"))
        self.examples.show_comparison(found)
        self.tabs.addTab(self.examples, _("Examples"))
        self.tabs.addTab(self._curves(found), _("Curves"))
        self.tabs.addTab(self._settings(found), _("Settings"))

    def hide_names(self) -> None:
        """Where they can be read above."""
        for label in self.names:
            label.hide()

    def save(self, table: Table, path: Path) -> None:
        """Write one of the tables as CSV."""
        save_csv(self, path, (table.columns, *table.rows), self._say)

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()

    def _overview(self, found: Comparison) -> QWidget:
        self.notes = NoteLines()
        self.notes.fill(found.notes)
        return _page(self.notes, *map(self._table, found.tables))

    def _table(self, table: Table) -> QWidget:
        view = self.tables[table.title] = table_view(table)
        copy = tool_button(_("Copy"), _("Copy the figures for a spreadsheet."))
        copy.clicked.connect(lambda _checked=False: view.copy())
        save = tool_button(_("Save as CSV…"), _("Save the figures as a table."))
        save.clicked.connect(lambda _checked=False: self._ask(table))
        return titled_part(QLabel(table.title), [copy, save], view)

    def _ask(self, table: Table) -> None:
        title, name = _("Save the table"), f"{table.title}.csv"
        path, _kind = file_dialogs.ask_target(self, title, "answers", name, KINDS)
        if path is not None:
            self.save(table, path if path.suffix else path.with_suffix(".csv"))

    def _curves(self, found: Comparison) -> QWidget:
        if not found.curves:
            text = _("Curves are kept of runs that were trained in several epochs.")
            return _page(_caption(text))
        return _page(*(titled_part(QLabel(c.title), [], ChartView(c)) for c in found.curves))

    def _settings(self, found: Comparison) -> QWidget:
        if not found.settings:
            return _page(_caption(_("Both have the same settings.")))
        columns = (_("Setting"), "A", "B")
        rows = tuple((each.title, each.first, each.second) for each in found.settings)
        return _page(self._table(Table(_("Settings that differ"), columns, rows)))


def _caption(text: str) -> WrappedLabel:
    label = WrappedLabel(role="caption")
    label.setText(text)
    return label


def _page(*parts: QWidget) -> QWidget:
    """Below each other; the page scrolls."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, style.INSIDE, style.GAP, 0)
    layout.setSpacing(style.BETWEEN)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    area = scrolled(page)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
