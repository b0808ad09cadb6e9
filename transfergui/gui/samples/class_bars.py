"""The classes of a dataset as a list of bars: name, bar, count; one row or ten thousand."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.base.words import Noun, number

COUNT = Qt.ItemDataRole.UserRole + 1
LARGEST = Qt.ItemDataRole.UserRole + 2
GAP = 8
BAR_HEIGHT = 8
NAME_SHARE = 0.6
"""At most this share of the width is given to the names."""


class ClassModel(QAbstractListModel):
    """Class names with the number of samples of each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._counts: Sequence[int] = ()
        self._noun = Noun("", "")
        self._largest = 0

    def fill(self, names: Sequence[str], counts: Sequence[int], noun: Noun) -> None:
        self.beginResetModel()
        self._names, self._counts, self._noun = names, counts, noun
        self._largest = max(counts, default=0)
        self.endResetModel()

    def name(self, row: int) -> str:
        """The class of a row (not through ``data``: Qt drops undecodable bytes)."""
        return self._names[row]

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        name, count = self._names[index.row()], self._counts[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(name)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{shown(name)}: {self._noun.amount(count)}"
            case Qt.ItemDataRole.ToolTipRole:
                return style.tip(self.data(index, Qt.ItemDataRole.AccessibleTextRole))
            case _ if role == COUNT:
                return count
            case _ if role == LARGEST:
                return self._largest
        return None


class ClassBars(QListView):
    """The list. Names share one column and counts another, so that bars compare."""

    class_chosen = Signal(object)
    """Index of the class that became the current one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ClassModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_BarDelegate(self))
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._tell)

    def fill(self, names: Sequence[str], counts: Sequence[int], noun: Noun) -> None:
        """Show ``names`` with ``counts``; the class that was current stays so, by its name."""
        current = self.current_name()
        self._model.fill(names, counts, noun)
        delegate = self.itemDelegate()
        assert isinstance(delegate, _BarDelegate)
        delegate.measure(names, counts, self.fontMetrics())
        if current in names:
            self.choose(names.index(current))

    def choose(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row))

    def current_name(self) -> str:
        """The class that is current, empty where none is."""
        index = self.currentIndex()
        return self._model.name(index.row()) if index.isValid() else ""

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid():
            self.class_chosen.emit(current.row())


class _BarDelegate(QStyledItemDelegate):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name_width = self._count_width = 0

    def measure(self, names: Sequence[str], counts: Sequence[int], metrics: QFontMetrics) -> None:
        """How wide the columns are: the longest name by letters, the largest count."""
        longest = sorted(names, key=len)[-5:]
        self._name_width = max((metrics.horizontalAdvance(shown(n)) for n in longest), default=0)
        self._count_width = metrics.horizontalAdvance(number(max(counts, default=0)))

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(60, _row_height(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        self.initStyleOption(option, index)
        name, option.text = option.text, ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        self._draw(painter, option, name, index.data(COUNT), index.data(LARGEST))

    def _draw(
        self, painter: QPainter, option: QStyleOptionViewItem, name: str, count: int, largest: int
    ) -> None:
        inside = option.rect.adjusted(GAP, 0, -GAP, 0)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        text = palette.highlightedText() if selected else palette.text()
        painter.save()
        painter.setPen(text.color())
        name_box = QRect(inside)
        name_box.setWidth(min(self._name_width + 2, int(inside.width() * NAME_SHARE)))
        elided = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, name_box.width())
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(name_box, middle | Qt.AlignmentFlag.AlignLeft, elided)
        painter.drawText(inside, middle | Qt.AlignmentFlag.AlignRight, number(count))
        left = name_box.right() + 1 + GAP
        width = inside.right() - self._count_width - GAP - left
        bar = QRect(left, inside.center().y() - BAR_HEIGHT // 2 + 1, width, BAR_HEIGHT)
        bar.setWidth(max(2, round(width * count / largest)) if largest else 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(text if selected else palette.accent())
        painter.drawRoundedRect(bar, 2, 2)
        painter.restore()


def _row_height(metrics: QFontMetrics) -> int:
    return metrics.height() + 4
