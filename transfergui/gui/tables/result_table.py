"""A table of any rows: columns are data, sorting and copying come with it."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.gui.base import desktop, style

T = TypeVar("T")

ROW = Qt.ItemDataRole.UserRole + 1
SHARE = Qt.ItemDataRole.UserRole + 2
ELIDE = Qt.ItemDataRole.UserRole + 3
BAR = 4
LEAST = 116
"""Pixels of the first column where the others leave it nothing: then the table scrolls."""


@dataclass(frozen=True)
class Column(Generic[T]):
    """One column.

    Attributes:
        title: translated; on two lines where there is a line break.
        text: what a row shows here.
        key: what it is sorted by, by default the text; None stands last either way.
        explanation: of the title, as a tool tip; a dotted line below the title tells of it.
        figure: numbers stand at the right.
        share: of 1, drawn as a bar below the text.
        colour: a token for the text, empty for the usual one.
        tip: plain text, shown as it is.
        elide: where dots stand for what there is no room for.
        width: in pixels; the first column takes what is left, whatever it says: others that may
            be narrower leave it this much.
        least: pixels to which it narrows where there is too little room; by default never.
    """

    title: str
    text: Callable[[T], str]
    key: Callable[[T], Any] | None = None
    explanation: str = ""
    figure: bool = False
    share: Callable[[T], float | None] | None = None
    colour: Callable[[T], str] | None = None
    tip: Callable[[T], str] | None = None
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    width: int = 90
    least: int | None = None

    def order(self, row: T) -> Any:
        return (self.key or self.text)(row)

    @property
    def name(self) -> str:
        """The title on one line."""
        return self.title.replace("\n", " ")

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.figure else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def hint(self, row: T) -> str:
        return style.tip(self.tip(row)) if self.tip else ""

    def ink(self, row: T) -> QColor | None:
        token = self.colour(row) if self.colour else ""
        return style.colour(token) if token else None


READERS: dict[int, Callable[[Column, Any], Any]] = {
    Qt.ItemDataRole.DisplayRole: lambda column, row: column.text(row),
    Qt.ItemDataRole.ToolTipRole: Column.hint,
    Qt.ItemDataRole.AccessibleTextRole: lambda column, row: f"{column.name}: {column.text(row)}",
    Qt.ItemDataRole.TextAlignmentRole: lambda column, row: column.alignment,
    Qt.ItemDataRole.ForegroundRole: Column.ink,
    ROW: lambda column, row: row,
    SHARE: lambda column, row: column.share(row) if column.share else None,
    ELIDE: lambda column, row: column.elide,
}
"""What the model answers for each role."""


class RowsModel(QAbstractTableModel, Generic[T]):
    """Rows that may be many, filtered and sorted; adding does not disturb what is there."""

    def __init__(self, columns: Sequence[Column[T]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self._rows: list[T] = []
        self._shown: list[T] = []
        self._filter: Callable[[T], bool] = lambda row: True
        self._sorted: tuple[int, Qt.SortOrder] | None = None
        self._most = sys.maxsize

    @property
    def rows(self) -> list[T]:
        """All rows, in the order in which they came."""
        return self._rows

    @property
    def shown(self) -> list[T]:
        """The rows that the filter lets through, in the order of the table."""
        return self._shown

    def set_columns(self, columns: Sequence[Column[T]]) -> None:
        """Replace the columns; where they are more or fewer, the last ones come or go."""
        before, now = len(self.columns), len(columns)
        if now > before:
            self.beginInsertColumns(QModelIndex(), before, now - 1)
            self.columns = columns
            self.endInsertColumns()
        elif now < before:
            self.beginRemoveColumns(QModelIndex(), now, before - 1)
            self.columns = columns
            self.endRemoveColumns()
        self.columns = columns
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)

    def fill(self, rows: Iterable[T]) -> None:
        """Replace all rows."""
        self._rows = list(rows)
        self._arrange()

    def show_first(self, most: int) -> None:
        """Let the view see so many rows at most; :attr:`shown` keeps all of them.

        Not by hiding rows in the view: for each hidden one of 10 000, sorting took Qt 20 us.
        """
        if most != self._most:
            self.beginResetModel()
            self._most = most
            self.endResetModel()

    def append(self, rows: Sequence[T]) -> None:
        """Add rows; they come last until the table is sorted again by :meth:`arrange`."""
        self._rows.extend(rows)
        new = [row for row in rows if self._filter(row)]
        room = min(len(new), self._most - len(self._shown))
        if room > 0:
            count = len(self._shown)
            self.beginInsertRows(QModelIndex(), count, count + room - 1)
            self._shown.extend(new)
            self.endInsertRows()
        else:
            self._shown.extend(new)

    def show_only(self, wanted: Callable[[T], bool]) -> None:
        """Filter the rows."""
        self._filter = wanted
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort the rows; those that are selected stay so."""
        self._sorted = (column, order) if column >= 0 else None
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        rows = [self._shown[index.row()] for index in old]
        self._shown = self._in_order()
        places = {id(row): number for number, row in enumerate(self._shown)}
        new = [self.index(places.get(id(row), -1), index.column())
               for row, index in zip(rows, old, strict=True)]  # fmt: skip
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def arrange(self) -> None:
        """Sort rows that were added into their place."""
        if self._sorted is not None:
            self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = self._in_order()
        self.endResetModel()

    def _in_order(self) -> list[Any]:
        shown = [row for row in self._rows if self._filter(row)]
        if self._sorted is None:
            return shown
        column, order = self.columns[self._sorted[0]], self._sorted[1]
        known = [row for row in shown if column.order(row) is not None]
        unknown = [row for row in shown if column.order(row) is None]
        known.sort(key=column.order, reverse=order == Qt.SortOrder.DescendingOrder)
        return known + unknown

    def rowCount(self, parent: Any = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return min(len(self._shown), self._most)

    def columnCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        read = READERS.get(role)
        return read(self.columns[index.column()], self._shown[index.row()]) if read else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title
            case Qt.ItemDataRole.ToolTipRole:
                return style.tip(column.explanation)
            case Qt.ItemDataRole.WhatsThisRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return column.explanation
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
        return None


class ResultTable(QTableView):
    """The view: sortable by a click or Space on a heading, Ctrl+C copies what is selected."""

    def __init__(
        self,
        columns: Sequence[Column],
        parent: QWidget | None = None,
        model: RowsModel | None = None,
        least: int = LEAST,
    ) -> None:
        """
        Args:
            model: one of these columns that can do more than the plain one.
            least: pixels of the first column.
        """
        super().__init__(parent)
        self._least = least
        self.rows = model or RowsModel(columns, self)
        self._empty = ""
        self.setProperty("role", "result")
        self.setModel(self.rows)
        self.setItemDelegate(_BarDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        header = _Headings(self)
        self.setHorizontalHeader(header)
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        for number, column in enumerate(columns):
            self.setColumnWidth(number, column.width)
        header.setSectionResizeMode(0, header.ResizeMode.Fixed)
        header.sectionResized.connect(self._follow_column)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.add_action(_("Copy"), self.copy, QKeySequence.StandardKey.Copy)

    def add_action(self, text: str, slot: Callable[[], object], keys: Any = None) -> QAction:
        """An entry of the context menu, with a key that works while the table has the focus."""
        action = QAction(text, self)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked: slot())
        self.addAction(action)
        return action

    def widen_to_titles(self) -> None:
        """Make columns as wide as their titles, which are longer in some languages."""
        measured = QFontMetrics(style.font(style.SMALL))
        for number, column in enumerate(self.rows.columns[1:], 1):
            title = measured.horizontalAdvance(column.title) + 2 * style.INSIDE + style.INSIDE
            self.setColumnWidth(number, max(column.width, title))

    def needed_width(self) -> int:
        """So wide, no column is cut off, and the first has room for short names."""
        header = self.horizontalHeader()
        others = header.length() - header.sectionSize(0)
        return self._least + others + 2 * self.frameWidth() + 2

    def show_first(self, most: int) -> int:
        """Show so many rows at most; returns the height at which they do not scroll."""
        self.rows.show_first(most)
        row = self.verticalHeader().defaultSectionSize()
        others = self.horizontalHeader().sizeHint().height() + 2 * self.frameWidth() + 2
        return others + row * max(1, self.rows.rowCount())

    def set_empty_text(self, text: str) -> None:
        """The sentence that stands where no rows are."""
        self._empty = text
        self.viewport().update()

    def selectRow(self, row: int) -> None:
        """Select this row alone; Qt's own adds or removes it while Ctrl or Shift is held down."""
        index = self.rows.index(row, 0)
        self.setCurrentIndex(index)
        how = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(index, how.ClearAndSelect | how.Rows)

    def chosen(self) -> list[Any]:
        """The selected rows, in the order of the table."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows.shown[number] for number in numbers]

    def copy(self) -> None:
        """Copy the selected rows, or all, with headings, as spreadsheets paste it; columns that
        are not shown are left out."""
        every = enumerate(self.rows.columns)
        columns = [column for number, column in every if not self.isColumnHidden(number)]
        lines = [[column.name for column in columns]]
        lines += [[c.text(row) for c in columns] for row in self.chosen() or self.rows.shown]
        desktop.copy_table(lines)

    def lines(self) -> list[list[str]]:
        """All cells, the titles first, with those of columns that are not shown."""
        columns = self.rows.columns
        return [[c.name for c in columns], *([c.text(r) for c in columns] for r in self.rows.shown)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._narrow()
        self._share_width()

    def _narrow(self) -> None:
        """Take what is missing from the columns that may be narrower, from each its share."""
        columns = [(n, c.width, c.least) for n, c in enumerate(self.rows.columns[1:], 1)]
        spare = sum(width - least for _n, width, least in columns if least is not None)
        if not spare:
            return
        wanted = max(self._least, self.rows.columns[0].width) + sum(
            width for _n, width, _least in columns
        )
        share = min(1.0, max(0, wanted - self.viewport().width()) / spare)
        for number, width, least in columns:
            if least is not None:
                self.setColumnWidth(number, int(width - share * (width - least)))

    def _follow_column(self, column: int, _old: int, _new: int) -> None:
        if column != 0:
            self._share_width()

    def _share_width(self) -> None:
        """Give the first column what the others leave, or the least that it needs."""
        header = self.horizontalHeader()
        rest = self.viewport().width() - (header.length() - header.sectionSize(0))
        header.resizeSection(0, max(rest, self._least))  # Qt itself might leave it nothing

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._empty and not self.rows.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            box = self.viewport().rect().adjusted(24, 24, -24, -24)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty
            )


class _Headings(QHeaderView):
    """Titles; those that are explained have a dotted line below, as elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        column: Column = self.model().columns[logicalIndex]  # type: ignore[attr-defined]
        if column.explanation:
            painter.save()
            painter.setPen(QPen(style.colour("muted"), 1, Qt.PenStyle.DotLine))
            line = _line_below(column, rect)
            painter.drawLine(line.bottomLeft(), line.bottomRight())
            painter.restore()


def _line_below(column: Column, cell: QRect) -> QRect:
    """The box of a title in its cell."""
    metrics = QFontMetrics(style.font(style.SMALL))
    inside = cell.adjusted(style.INSIDE, 0, -style.INSIDE, 0)
    title = QSize(min(metrics.horizontalAdvance(column.title), inside.width()), metrics.height())
    return QStyle.alignedRect(Qt.LayoutDirection.LeftToRight, column.alignment, title, inside)


class _BarDelegate(QStyledItemDelegate):
    """A thin bar below the text where the column has a share; no dotted focus box."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.textElideMode = index.data(ELIDE)
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share is None:
            return
        box = option.rect
        track = QRect(box.left() + 3, box.bottom() - BAR, box.width() - 6, BAR - 1)
        painter.fillRect(track, style.colour("sunken"))
        track.setWidth(round(track.width() * share))
        painter.fillRect(track, style.colour("accent"))
