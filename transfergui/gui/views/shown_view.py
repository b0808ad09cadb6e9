"""What a view found, drawn: sentences first, then charts, tables, samples and maps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Chart, Gallery, Part, Points, Shown, Sweep, Table
from transfergui.gui.base import style
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.parts.scroll_page import scrolled
from transfergui.gui.parts.titled_part import titled_part
from transfergui.gui.parts.tool_button import tool_button
from transfergui.gui.session.states import Message
from transfergui.gui.tables.result_table import ResultTable
from transfergui.gui.tables.save_table import save_button
from transfergui.gui.views.chart_view import ChartView
from transfergui.gui.views.gallery_view import Place, gallery_view
from transfergui.gui.views.map_view import MapView
from transfergui.gui.views.sweep_view import SweepView
from transfergui.gui.views.table_view import table_view


def shown_view(shown: Shown, place: Place) -> QWidget:
    """A page with everything; a map takes the room that there is, everything else scrolls."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, style.GAP, 0)
    layout.setSpacing(style.BETWEEN)
    if shown.notes:
        notes = NoteLines()
        notes.setting_wanted.connect(place.session.setting_wanted)
        notes.fill(shown.notes)
        layout.addWidget(notes)
    for part in shown.parts:
        layout.addWidget(DRAWN[type(part)](part, place), int(isinstance(part, Points)))
    if any(isinstance(part, Points) for part in shown.parts):
        return page
    layout.addStretch(1)
    area = scrolled(page)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _chart(chart: Chart, place: Place) -> QWidget:
    view = ChartView(chart)
    return _with_copy(chart.title, view, view.copy)


def _sweep(sweep: Sweep, place: Place) -> QWidget:
    view = SweepView(sweep)
    whole = _with_copy(sweep.chart.title, view, view.chart.copy)
    if view.table is None:
        return whole
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.BETWEEN)
    layout.addWidget(whole)
    layout.addWidget(_with_buttons(view.title, view.table, place))
    return column


def _table(table: Table, place: Place) -> QWidget:
    return _with_buttons(QLabel(table.title), table_view(table), place)


def _with_buttons(title: QLabel, view: ResultTable, place: Place) -> QWidget:
    """A table that can be copied and saved."""
    copy = tool_button(_("Copy"), _("Copy the figures for a spreadsheet."))
    copy.clicked.connect(lambda _checked=False: view.copy())
    name = view.accessibleName()

    def say(text: str) -> None:
        place.session.message.emit(Message("info", text, "results"))

    return titled_part(title, [copy, save_button(view, view.lines, name, say)], view)


def _with_copy(title: str, view: QWidget, copy: Callable[[], object]) -> QWidget:
    button = tool_button(_("Copy"), _("Copy the figures for a spreadsheet."))
    button.clicked.connect(lambda _checked=False: copy())
    return titled_part(QLabel(title), [button], view)


DRAWN: dict[type[Part], Callable[..., QWidget]] = {
    Chart: _chart,
    Sweep: _sweep,
    Table: _table,
    Gallery: gallery_view,
    Points: MapView,
}
"""How each kind is drawn."""
