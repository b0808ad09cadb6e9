"""Choosing the class that samples should have: an existing one, or a new name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style, words
from transfergui.gui.parts.labels import WrappedLabel

MOVING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
"""Keys that move in the list while its filter is typed."""


class ClassChooser(QDialog):
    """Type to find one of many classes. Enter takes the only match, or the one chosen in the list.

    A name that no class has is offered below the matches as a new class.

    Args:
        title: what will be done.
        names: of the classes.
        current: the class that the samples have now; empty where they have several.
    """

    def __init__(
        self,
        title: str,
        names: Sequence[str],
        parent: QWidget | None = None,
        current: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(360, 420)
        self._names = {shown(name): name for name in names}
        self._matches: list[str] = []
        self._new = ""
        self._model = QStringListModel(self)
        self.name = QLineEdit()
        self.list = QListView()
        self._now = WrappedLabel(role="caption")
        self._hint = WrappedLabel(role="caption")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._now.setText(_("Current class: {name}").format(name=shown(current)))
        self._now.setVisible(bool(current))
        self._filter("")

    def chosen(self) -> str:
        """The class asked for; empty while there is none."""
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._matches):
            return self._names[self._matches[row]]
        return self._new if row >= 0 else ""

    def accept(self) -> None:
        """Take the class that is chosen; while there is none, nothing happens."""
        if self.chosen():
            super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the field move in the list."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and event.key() in MOVING:  # type: ignore[attr-defined]
            QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.name.setPlaceholderText(_("Find a class, or type a new name"))
        self.name.setAccessibleName(_("Name of the class"))
        self.name.textChanged.connect(self._filter)
        self.name.installEventFilter(self)
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(_("Classes"))
        self.list.selectionModel().currentChanged.connect(lambda *_rows: self._update())
        self.list.doubleClicked.connect(self.accept)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        for part in (self._now, self.name, self.list, self._hint, self._buttons):
            layout.addWidget(part)
        self.name.setFocus()

    def _filter(self, text: str) -> None:
        """Show what matches; an exact name, an only match and a new name are chosen at once."""
        typed = text.strip()
        self._matches = [name for name in self._names if typed.casefold() in name.casefold()]
        self._new = typed if typed and typed not in self._names else ""
        new = [_("New class “{name}”").format(name=self._new)] if self._new else []
        self._model.setStringList([*self._matches, *new])
        row = self._found(typed)
        if row >= 0:
            self.list.setCurrentIndex(self._model.index(row, 0))
        self._update()

    def _found(self, typed: str) -> int:
        """The row that is meant by what was typed; -1 where that is not clear."""
        if not typed:
            return -1
        if typed in self._matches:
            return self._matches.index(typed)
        names = [name.casefold() for name in self._matches]
        if names.count(typed.casefold()) == 1:
            return names.index(typed.casefold())
        return 0 if len(self._matches) <= 1 else -1

    def _update(self) -> None:
        name = self.chosen()
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(name))
        if not name:
            count = words.number(len(self._matches))
            text = _("{count} classes match. Choose one with the arrow keys, or type more.")
            if not self.name.text().strip():
                text = _("{count} classes. Choose one with the arrow keys, or type its name.")
            self._hint.setText(text.format(count=count))
        elif name == self._new:
            self._hint.setText(_("Press Enter to create the class “{name}”.").format(name=name))
        else:
            self._hint.setText(_("Press Enter to choose “{name}”.").format(name=shown(name)))
