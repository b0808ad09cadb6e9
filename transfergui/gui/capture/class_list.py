"""The classes that are recorded, with how many examples each has."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.capture import class_folders
from transfergui.gui.base import style, words
from transfergui.gui.parts.labels import WrappedLabel

KEYED = 9
"""So many classes have a key of their own, 1 to 9."""


class ClassList(QWidget):
    """See the module; a class is added by its name.

    Attributes:
        chosen: another class was chosen.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, int] = {}
        self.list = QListWidget()
        self.list.setAccessibleName(_("Classes"))
        self.list.currentRowChanged.connect(lambda _row: self.chosen.emit())
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("Name of a new class"))
        self.name.setAccessibleName(self.name.placeholderText())
        self.add = QPushButton(_("Add"))
        self.problem = WrappedLabel(role="caption")
        self.name.returnPressed.connect(self._add)
        self.name.textChanged.connect(lambda _text: self.problem.hide())
        self.add.clicked.connect(lambda _checked=False: self._add())
        self.add.setAutoDefault(False)
        self.problem.hide()
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.name, 1)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        layout.addWidget(self.list, 1)

    @property
    def names(self) -> list[str]:
        """All classes, in the order of the list."""
        return list(self._counts)

    @property
    def current(self) -> str:
        """The chosen class; empty where there is none."""
        row = self.list.currentRow()
        return self.names[row] if 0 <= row < len(self._counts) else ""

    @property
    def total(self) -> int:
        """Examples of all classes."""
        return sum(self._counts.values())

    def choose(self, number: int) -> bool:
        """Choose the class with this key, 1 to 9; whether there is one."""
        if not 1 <= number <= min(KEYED, len(self._counts)):
            return False
        self.list.setCurrentRow(number - 1)
        return True

    def fill(self, counts: Mapping[str, int]) -> None:
        """Show classes with their counts, those that were added here behind the others."""
        current = self.current
        self._counts = dict(counts)
        self.list.blockSignals(True)
        self.list.clear()
        for number, (name, count) in enumerate(self._counts.items(), 1):
            item = QListWidgetItem(_text(number, name, count))
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(item)
        if self._counts:
            names = self.names
            self.list.setCurrentRow(names.index(current) if current in names else 0)
        self.list.blockSignals(False)
        self.chosen.emit()

    def _add(self) -> None:
        name = self.name.text().strip()
        code = class_folders.problem(name, self._counts)
        if code:
            error = UserError(code, name=name, most=class_folders.LONGEST)
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.name.clear()
        self.fill(self._counts | {name: 0})
        self.list.setCurrentRow(self.list.count() - 1)
        self.list.setFocus()


def _text(number: int, name: str, count: int) -> str:
    """``1  cup  (24)``: the key, the class, and how many examples it has."""
    said = words.bracketed(shown(name), words.number(count))
    return f"{number}   {said}" if number <= KEYED else f"     {said}"
