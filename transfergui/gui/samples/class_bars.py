"""The classes of a dataset as a list of bars: name, bar, count; one row or ten thousand.

The answers to several questions stand below the question, each question on a scale of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
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
COLOUR = Qt.ItemDataRole.UserRole + 3
TITLE = -1
"""The number of a row that is a title."""
GAP = 8
BAR_HEIGHT = 8
NAME_SHARE = 0.6
"""At most this share of the width is given to the names."""


class BarGroup(NamedTuple):
    """Bars of one scale.

    Attributes:
        title: above them; empty for none.
        classes: which ones, by their numbers.
        names: what each is called below the title.
    """

    title: str
    classes: Sequence[int]
    names: Sequence[str]


class _Row(NamedTuple):
    """One row: a class, or a title, whose ``number`` is below 0."""

    text: str
    number: int
    largest: int = 0


class ClassModel(QAbstractListModel):
    """Class names with the number of samples of each, and titles above groups of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._counts: Sequence[int] = ()
        self._noun = Noun("", "")
        self._rows: list[_Row] = []
        self._places: dict[int, int] = {}
        self._colours: Mapping[str, QColor] = {}

    def fill(
        self,
        names: Sequence[str],
        counts: Sequence[int],
        noun: Noun,
        groups: Sequence[BarGroup] = (),
        colours: Mapping[str, QColor] = MappingProxyType({}),
    ) -> None:
        self.beginResetModel()
        self._colours = colours
        self._names, self._counts, self._noun = names, counts, noun
        self._rows = []
        for group in groups or [BarGroup("", range(len(names)), names)]:
            largest = max((counts[number] for number in group.classes), default=0)
            if group.title:
                self._rows.append(_Row(group.title, TITLE))
            self._rows += map(_Row, group.names, group.classes, [largest] * len(group.names))
        self._places = {row.number: place for place, row in enumerate(self._rows)}
        self.endResetModel()

    def number(self, row: int) -> int:
        """Which class is in a row; below 0 for a title."""
        return self._rows[row].number

    def name(self, row: int) -> str:
        """The class of a row (not through ``data``: Qt drops undecodable bytes)."""
        number = self._rows[row].number
        return "" if number < 0 else self._names[number]

    def index_of(self, number: int) -> QModelIndex:
        """Where a class is."""
        return self.index(self._places.get(number, -1))

    def rowCount(self, parent: QModelIndex | None = None) -> int:  # type: ignore[override]
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:  # type: ignore[override]
        known = index.isValid() and self._rows[index.row()].number < 0
        return Qt.ItemFlag.NoItemFlags if known else super().flags(index)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(row.text)
        if row.number < 0:
            named = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
            return shown(row.text) if role in named else None
        if role == COLOUR:
            return self._colours.get(self._names[row.number])
        if role in (COUNT, LARGEST):
            return self._counts[row.number] if role == COUNT else row.largest
        amount = self._noun.amount(self._counts[row.number])
        said = f"{shown(self._names[row.number])}: {amount}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return style.tip(said)
        return said if role == Qt.ItemDataRole.AccessibleTextRole else None


class ClassBars(QListView):
    """The list. Names share one column and counts another, so that bars compare."""

    class_chosen = Signal(object)
    """Number of the class that became the current one."""

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

    def fill(
        self,
        names: Sequence[str],
        counts: Sequence[int],
        noun: Noun,
        groups: Sequence[BarGroup] = (),
        colours: Mapping[str, QColor] = MappingProxyType({}),
    ) -> None:
        """Show ``names`` with ``counts``; the class that was current stays so, by its name.

        Args:
            groups: how they are grouped; all on one scale by default.
            colours: of the bars of some names.
        """
        current = self.current_name()
        self._model.fill(names, counts, noun, groups, colours)
        delegate = self.itemDelegate()
        assert isinstance(delegate, _BarDelegate)
        written = [name for group in groups for name in group.names] or names
        delegate.measure(written, counts, self.fontMetrics())
        if current in names:
            self.choose(names.index(current))

    def choose(self, number: int) -> None:
        """Make a class the current one."""
        self.setCurrentIndex(self._model.index_of(number))

    def current_name(self) -> str:
        """The class that is current, empty where none is."""
        index = self.currentIndex()
        return self._model.name(index.row()) if index.isValid() else ""

    def _tell(self, current: QModelIndex) -> None:
        if current.isValid() and (number := self._model.number(current.row())) >= 0:
            self.class_chosen.emit(number)


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
        if index.data(COUNT) is None:
            self._draw_title(painter, option, name)
            return
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, widget)
        figures = index.data(COUNT), index.data(LARGEST)
        self._draw(painter, option, name, figures, index.data(COLOUR))

    def _draw_title(self, painter: QPainter, option: QStyleOptionViewItem, title: str) -> None:
        inside = option.rect.adjusted(GAP, 0, -GAP, 0)
        painter.save()
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(style.colour("muted"))
        elided = painter.fontMetrics().elidedText(
            title, Qt.TextElideMode.ElideMiddle, inside.width()
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()

    def _draw(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        name: str,
        figures: tuple[int, int],
        colour: QColor | None,
    ) -> None:
        count, largest = figures
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
        painter.setBrush(colour or (text if selected else palette.accent()))
        painter.drawRoundedRect(bar, 2, 2)
        painter.restore()


def _row_height(metrics: QFontMetrics) -> int:
    return metrics.height() + 4
