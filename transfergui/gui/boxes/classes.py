"""The classes of boxes while they are drawn: keys, colours, and how many boxes each has."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import box_name
from transfergui.gui.base import style, words
from transfergui.gui.boxes.drawing import Drawing
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.pictures.class_field import square

ROWS = 7
"""So many classes are seen at once."""
NAME = Qt.ItemDataRole.UserRole
KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete)


class BoxClasses(QWidget):
    """See the module.

    Args:
        drawing: whose classes they are.

    Attributes:
        field: where a new one is typed.
        list: of all.
        taken: one was clicked; with its name.
    """

    taken = Signal(str)

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self.field = QLineEdit()
        self.add = QPushButton(_("Add"))
        self.list = QListWidget()
        self._build()
        drawing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the classes that there are now."""
        counts, row = self._drawing.boxes, self.list.currentRow()
        with QSignalBlocker(self.list):
            self.list.clear()
            for place, name in enumerate(self._drawing.table.classes):
                text = words.bracketed(shown(name), words.number(counts[name]))
                item = QListWidgetItem(square(place), text)
                item.setData(NAME, (name,))
                item.setToolTip(
                    style.tip(_("Click: draw this class. Right click: rename or delete."))
                )
                self.list.addItem(item)
            self.list.setCurrentRow(row)

    def choose(self, name: str) -> None:
        """Show that boxes of this class are drawn."""
        classes = self._drawing.table.classes
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(classes.index(name) if name in classes else -1)

    def rename(self) -> None:
        """Ask for another name of the current class."""
        if (name := self._current()) is not None:
            title = _("Rename the class “{name}”").format(name=shown(name))
            NameDialog(
                self,
                title,
                name,
                lambda new: self._judge(new, name),
                lambda new: self._drawing.rename(name, new),
            ).open()

    def menu(self, name: str) -> QMenu:
        """What can be done with a class."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        menu.addAction(_("Rename…")).triggered.connect(self.rename)
        delete = menu.addAction(_("Delete"))
        delete.triggered.connect(lambda: self._drawing.remove(name))
        delete.setEnabled(not self._drawing.boxes[name])
        if not delete.isEnabled():
            text = _("Only a class without boxes can be deleted. Rename it, or delete its boxes.")
            delete.setToolTip(style.tip(text))
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F2 renames the current class, Delete removes it where it has no boxes; neither is the
        window's then."""
        name = self._current()
        if not isinstance(event, QKeyEvent) or event.key() not in KEYS or name is None:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_F2:
            self.rename()
        else:
            self._drawing.remove(name)
        return True

    def _ask_for_menu(self, place: QPoint) -> None:
        if (item := self.list.itemAt(place)) is not None:
            self._take(item)
            self.menu(item.data(NAME)[0]).popup(self.list.viewport().mapToGlobal(place))

    def _current(self) -> str | None:
        item = self.list.currentItem()
        return item.data(NAME)[0] if item is not None else None

    def _judge(self, name: str, before: str) -> NameCheck:
        """What is said of a new name of the class that is called ``before``."""
        if not box_name(name):
            problem = _("Type a name. The name of a class cannot be empty.")
            return NameCheck(problem=problem, button=_("Rename"))
        if box_name(name) != before and box_name(name) in self._drawing.table.classes:
            note = _("This class exists. The two become one.")
            return NameCheck(note=note, button=_("Rename"))
        return NameCheck(button=_("Rename"))

    def _add_typed(self) -> None:
        if name := box_name(self.field.text()):
            self._drawing.add_class(name)
            self.field.clear()
            self.choose(name)
            self.taken.emit(name)
            self.field.setFocus()

    def _take(self, item: QListWidgetItem) -> None:
        self.taken.emit(item.data(NAME)[0])

    def _build(self) -> None:
        self.field.setPlaceholderText(_("New class"))
        self.field.setAccessibleName(_("New class"))
        self.field.returnPressed.connect(self._add_typed)
        self.add.clicked.connect(self._add_typed)
        self.list.setAccessibleName(_("Classes"))
        self.list.setIconSize(QSize(16, 16))
        self.list.setFixedHeight(ROWS * (self.list.fontMetrics().height() + style.GAP))
        self.list.itemClicked.connect(self._take)
        self.list.itemDoubleClicked.connect(lambda _item: self.rename())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._ask_for_menu)
        self.list.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addWidget(self.list)
