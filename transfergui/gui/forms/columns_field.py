"""Columns with check boxes and a button that applies them: each change reads the data again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style

MOST_ROWS = 5
"""More columns scroll."""
NAME = Qt.ItemDataRole.UserRole


class ColumnsField(QWidget):
    """A list of columns, and a button that applies what is ticked.

    Attributes:
        applied: the names that are ticked, in the order of the list.
    """

    applied = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.button = QPushButton(_("Apply"))
        self._used: tuple[str, ...] = ()
        self.list.itemChanged.connect(self._follow)
        self.button.clicked.connect(lambda: self.applied.emit(self.chosen))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.list)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self.setFocusProxy(self.list)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names that are ticked."""
        items = map(self.list.item, range(self.list.count()))
        return tuple(i.data(NAME) for i in items if i.checkState() is Qt.CheckState.Checked)

    def show_columns(self, columns: Mapping[str, str], used: Collection[str]) -> None:
        """Show these columns; those that are used now are ticked.

        Args:
            columns: how each name is shown.
        """
        with QSignalBlocker(self.list):
            self.list.clear()
            for name, text in columns.items():
                item = QListWidgetItem(shown(text), self.list)
                item.setData(NAME, name)
                item.setToolTip(shown(text))
                self._tick(item, name in used)
        row = self.list.sizeHintForRow(0) if columns else 0
        rows = min(len(columns), MOST_ROWS)
        self.list.setFixedHeight(rows * row + 2 * self.list.frameWidth())
        self._used = self.chosen
        self._follow()

    def tick(self, *names: str) -> None:
        """Tick these and no others."""
        for item in map(self.list.item, range(self.list.count())):
            self._tick(item, item.data(NAME) in names)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.list.setAccessibleName(name)

    def _tick(self, item: QListWidgetItem, ticked: bool) -> None:
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _follow(self, *_what: object) -> None:
        self.button.setEnabled(self.chosen != self._used)
