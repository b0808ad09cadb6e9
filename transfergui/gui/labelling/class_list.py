"""The classes with their keys and counts; examples are dropped on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.gui.base import style, words
from transfergui.gui.labelling.tiles import MIME

ROW = 34
"""Height of a row in pixels: large enough to drop on."""
KEY = 22
"""Side of the square with the key."""
ENTRY = Qt.ItemDataRole.UserRole + 1


class ClassRow(NamedTuple):
    """A class.

    Attributes:
        name: in the table.
        shown: as people read it.
        key: the number key that gives it; empty from the tenth class on.
        labelled, suggested: how many examples have it, and for how many more it is suggested.
    """

    name: str
    shown: str
    key: str
    labelled: int
    suggested: int

    def sentence(self) -> str:
        """All of it, for the tool tip and those who cannot see it."""
        text = _("{name}: {labelled} labelled, suggested for {suggested} more. Key: {key}")
        if not self.key:
            text = _("{name}: {labelled} labelled, suggested for {suggested} more.")
        return text.format(
            name=self.shown,
            labelled=words.number(self.labelled),
            suggested=words.number(self.suggested),
            key=self.key,
        )


class ClassList(QListView):
    """The view.

    Attributes:
        taken: a class was clicked twice, or Enter was pressed on it; with its name.
        dropped: examples were dropped on a class; with its name.
        removal_wanted: Delete was pressed; with the name of the class.
        menu_wanted: the menu of the current class; with its place on the screen.
        over: the row on which something would be dropped; -1 without one.
    """

    taken = Signal(object)
    dropped = Signal(object)
    removal_wanted = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over = -1
        self._model = _ClassModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setAccessibleName(_("Classes"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_for_menu)
        self._at = QPoint()
        self.clicked.connect(self._click)
        self.doubleClicked.connect(self._double_click)

    def fill(self, rows: Sequence[ClassRow]) -> None:
        """Show classes; the one that was current stays so, by its name."""
        current = self.current_name
        self._model.fill(rows)
        self.choose(current)

    @property
    def rows(self) -> Sequence[ClassRow]:
        return self._model.rows

    @property
    def current_name(self) -> str:
        """The class that is current; empty where none is."""
        row = self.currentIndex().row()
        return self._model.rows[row].name if 0 <= row < len(self._model.rows) else ""

    def choose(self, name: str) -> None:
        """Make a class the current one."""
        for number, row in enumerate(self._model.rows):
            if row.name == name:
                self.setCurrentIndex(self._model.index(number))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._at = event.position().toPoint()
        super().mousePressEvent(event)

    def _click(self, index: QModelIndex) -> None:
        """The dots at the end of a row open its menu; elsewhere, the class is only highlighted."""
        if more_box(self.visualRect(index)).contains(self._at):
            self._ask_for_menu(self._at)

    def _double_click(self, index: QModelIndex) -> None:
        if not more_box(self.visualRect(index)).contains(self._at):
            self.taken.emit(self._model.rows[index.row()].name)

    def _ask_for_menu(self, place: QPoint) -> None:
        if self.current_name:
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal = {
            Qt.Key.Key_Return: self.taken,
            Qt.Key.Key_Enter: self.taken,
            Qt.Key.Key_Delete: self.removal_wanted,
        }.get(Qt.Key(event.key()))
        if signal is not None and self.current_name:
            signal.emit(self.current_name)
        else:
            super().keyPressEvent(event)

    # -- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._consider(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._consider(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(-1)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        row = self._row_below(event)
        self._mark(-1)
        if row >= 0:
            event.acceptProposedAction()
            self.dropped.emit(self._model.rows[row].name)

    def _consider(self, event: QDropEvent) -> None:
        row = self._row_below(event)
        self._mark(row)
        if row >= 0:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _row_below(self, event: QDropEvent) -> int:
        if not event.mimeData().hasFormat(MIME):
            return -1
        return self.indexAt(event.position().toPoint()).row()

    def _mark(self, row: int) -> None:
        self.over = row
        self.viewport().update()


class _ClassModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[ClassRow] = ()

    def fill(self, rows: Sequence[ClassRow]) -> None:
        if len(rows) == len(self.rows):  # the view keeps its place
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        row = self.rows[index.row()]
        if role == ENTRY:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.shown
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.sentence()
        return style.tip(row.sentence()) if role == Qt.ItemDataRole.ToolTipRole else None


class _RowDelegate(QStyledItemDelegate):
    """The key in a square, the name, and how many examples have the label."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(80, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        self.initStyleOption(option, index)
        row: ClassRow = index.data(ENTRY)
        option.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.parent()
        assert isinstance(view, ClassList)
        if view.over == index.row():
            painter.setPen(QPen(style.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), 4, 4)
        inside = option.rect.adjusted(style.INSIDE, 0, -style.INSIDE, 0)
        _draw_key(painter, inside, row.key)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        count = words.number(row.labelled)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(style.colour("on_selected" if selected else "muted"))
        more = more_box(option.rect)
        painter.drawPixmap(
            more.center() - QPoint(8, 8), style.pixmap("more", 16, "text" if selected else "muted")
        )
        inside.setRight(more.left() - style.GAP)
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, count)
        left = inside.left() + KEY + style.INSIDE
        wide = painter.fontMetrics().horizontalAdvance(count) + style.INSIDE
        box = QRect(left, inside.top(), inside.right() - wide - left, inside.height())
        painter.setPen(style.colour("on_selected" if selected else "text"))
        name = painter.fontMetrics().elidedText(
            row.shown, Qt.TextElideMode.ElideMiddle, box.width()
        )
        painter.drawText(box, middle, name)
        painter.restore()


def more_box(row: QRect) -> QRect:
    """Where the dots are that open the menu of a row."""
    return QRect(row.right() - KEY - style.GAP, row.center().y() - KEY // 2, KEY, KEY)


def _draw_key(painter: QPainter, inside: QRect, key: str) -> None:
    """As on a keyboard."""
    if not key:
        return
    box = QRect(inside.left(), inside.center().y() - KEY // 2, KEY, KEY)
    painter.setPen(QPen(style.colour("outline"), 1))
    painter.setBrush(style.colour("sunken"))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(style.colour("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
