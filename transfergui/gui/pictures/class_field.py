"""The class of boxes: chosen from a list, typed, or by a number key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import box_name
from transfergui.gui.base import style
from transfergui.gui.pictures import box_painter

SIDE = 16
"""Pixels of the square in the colour of a class, which holds its key."""
KEYS = 9
"""So many classes have a number key."""
WIDE = 14
"""Letters that are seen of a name."""


class ClassField(QComboBox):
    """A name that is none of the classes is a new one.

    Attributes:
        taken: a class was chosen, or a new one typed; with its name.
    """

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(WIDE)
        self.setAccessibleName(_("Class of the box"))
        self.setToolTip(
            style.tip(
                _(
                    "The class of the selected box and of the next one. Choose one, press its "
                    "number key, or type a new name and press Enter."
                )
            )
        )
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Name a class"))
        self.line.returnPressed.connect(self._take_typed)
        self.setLineEdit(self.line)
        self.textActivated.connect(lambda _text: self._take(self.currentIndex()))

    def fill(self, names: Sequence[str], current: str) -> None:
        """Offer these classes; ``current`` is the one in force, or empty."""
        with QSignalBlocker(self):
            if tuple(names) != tuple(self._names):
                self._names = tuple(names)
                self.clear()
                for place, name in enumerate(names):
                    self.addItem(square(place), shown(name))
            at = self._names.index(current) if current in self._names else -1
            self.setCurrentIndex(at)
            if at < 0:
                self.setEditText(shown(current))

    def ask(self) -> None:
        """Put the keyboard here, with the old name marked: what is typed replaces it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def event(self, event: QEvent) -> bool:
        """Where nothing was typed, undo is that of the boxes: the field is asked for a name right
        after one was drawn."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            steps = {
                QKeySequence.StandardKey.Undo: self.line.isUndoAvailable(),
                QKeySequence.StandardKey.Redo: self.line.isRedoAvailable(),
            }
            if any(event.matches(key) and not there for key, there in steps.items()):
                event.ignore()
                return True
        return super().event(event)

    def _take(self, at: int) -> None:
        if 0 <= at < len(self._names):
            self.taken.emit(self._names[at])

    def _take_typed(self) -> None:
        typed = self.currentText().strip()
        same = [name for name in self._names if shown(name).casefold() == typed.casefold()]
        if name := same[0] if same else box_name(typed):
            self.taken.emit(name)


def square(place: int) -> QIcon:
    """The colour of a class, with the number of its key."""
    ratio = 2
    pixmap = QPixmap(SIDE * ratio, SIDE * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(box_painter.colour(place))
    if place < KEYS:
        painter = QPainter(pixmap)
        painter.setFont(style.font(style.SMALL, bold=True))
        painter.setPen(box_painter.INK)
        painter.drawText(0, 0, SIDE, SIDE, Qt.AlignmentFlag.AlignCenter, str(place + 1))
        painter.end()
    return QIcon(pixmap)
