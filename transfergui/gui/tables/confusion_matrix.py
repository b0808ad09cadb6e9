"""The confusion matrix: what each class was predicted as; one cell opens what is behind it."""

import math
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from transfergui.core.base.figure_texts import hundredths
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.figures.metrics import Report
from transfergui.core.figures.one_class import CONFUSED_CLASSES
from transfergui.gui.base import desktop, style

Unit = Literal["count", "percent"]

SHARE = Qt.ItemDataRole.UserRole + 1
"""Share of the row, 0 to 1."""
SMALLEST, LARGEST = QSize(26, 16), QSize(56, 40)
"""Of a cell."""
NAMES = (60, 120)
"""Names get as much room as the longest needs, between these."""
SMALLER = 0.75
"""Figures that do not fit into a cell are written so much smaller at most; then cells are wider."""
EDGE = 1
"""Pixels around a cell."""


class ConfusionModel(QAbstractTableModel):
    """Rows are the truth, columns the prediction; many classes are cut to the most confused."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._counts: list[list[int]] = []
        self._totals: list[int] = []
        self._unit: Unit = "count"
        self._together = self._of_truth = False

    @property
    def names(self) -> list[str]:
        return self._names

    @property
    def together(self) -> bool:
        """Whether the cells count labels of the same sample, which are no mistakes."""
        return self._together

    def fill(self, report: Report, of_truth: bool = False) -> None:
        """Show the confusion matrix of ``report``; of several labels, how often two of them are
        predicted for the same sample, or truly belong to it."""
        self.beginResetModel()
        counts, names = report.confusion, report.confusion_classes
        self._together, self._of_truth = bool(report.predicted_together), of_truth
        if self._together:
            counts = report.true_together if of_truth else report.predicted_together
            names = tuple(report.per_label)
        kept = most_confused(counts)
        self._names = [names[i] for i in kept]
        self._counts = [[counts[i][j] for j in kept] for i in kept]
        if self._together:
            rows = [report.per_label[name] for name in self._names]
            self._totals = [row.support if of_truth else row.predicted for row in rows]
        else:
            self._totals = [report.per_class[name].support for name in self._names]
        self.endResetModel()

    def use_unit(self, unit: Unit) -> None:
        self._unit = unit
        corner = self.index(self.rowCount() - 1, self.columnCount() - 1)
        self.dataChanged.emit(self.index(0, 0), corner, [Qt.ItemDataRole.DisplayRole])

    @property
    def texts(self) -> set[str]:
        """What stands in the cells."""
        every = range(len(self._names))
        return {self._text(row, column) for row in every for column in every}

    def pair(self, index: Any) -> tuple[str, str]:
        """True and predicted class of a cell."""
        return self._names[index.row()], self._names[index.column()]

    def rowCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def columnCount(self, parent: Any = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._sentence(index)
            case Qt.ItemDataRole.ToolTipRole:
                return style.tip(self._sentence(index))
            case _ if role == SHARE:
                return self._share(index.row(), index.column())
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return shown(self._names[section])
            case Qt.ItemDataRole.ToolTipRole:
                return style.tip(shown(self._names[section]))
        return None

    def table(self) -> list[list[str]]:
        """The matrix with its headings."""
        lines = [["", *map(shown, self._names)]]
        for row, name in enumerate(self._names):
            cells = [self._text(row, column) or "0" for column in range(len(self._names))]
            lines.append([shown(name), *cells])
        return lines

    def _share(self, row: int, column: int) -> float:
        return self._counts[row][column] / (self._totals[row] or 1)

    def _text(self, row: int, column: int) -> str:
        count = self._counts[row][column]
        if not count:
            return ""
        return str(count) if self._unit == "count" else hundredths(self._share(row, column))

    def _sentence(self, index: Any) -> str:
        truth, label = map(shown, self.pair(index))
        count, total = self._counts[index.row()][index.column()], self._totals[index.row()]
        if self._of_truth:
            text = _("{count} of {total} examples with the label “{truth}” also have “{label}”.")
        elif self._together:
            text = _("{count} of {total} predictions of “{truth}” also include “{label}”.")
        elif truth == label:
            text = _("{count} of {total} “{truth}” predicted correctly.")
        else:
            text = _("{count} of {total} “{truth}” predicted as “{label}”.")
        return text.format(count=count, total=total, truth=truth, label=label)


def most_confused(counts: list[list[int]], limit: int = CONFUSED_CLASSES) -> list[int]:
    """Indices of the classes to show: all, or the ``limit`` with most mistakes, in their order."""
    if len(counts) <= limit:
        return list(range(len(counts)))
    columns = [sum(column) for column in zip(*counts, strict=True)]
    wrong = [sum(row) + columns[i] - 2 * row[i] for i, row in enumerate(counts)]
    worst = sorted(range(len(counts)), key=lambda i: -wrong[i])[:limit]
    return sorted(worst)


class ConfusionMatrix(QTableView):
    """The view; the cell that is current is the one that was chosen, by mouse or arrow keys."""

    chosen = Signal(object)
    """(true class, predicted class) of the cell, None when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = ConfusionModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_CellDelegate(self))
        self.setHorizontalHeader(_UprightHeader(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setProperty("role", "tight")
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for header in (rows, self.horizontalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(12)
            header.setHighlightSections(True)
        self._names = NAMES[0]
        self._corner = QLabel(_("predicted →\ntrue ↓"), self)
        self._corner.setProperty("role", "caption")
        self._corner.setMargin(style.GAP)
        self._corner.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self.setAccessibleName(
            _("Confusion matrix: rows are the true classes, columns the predictions")
        )
        self.cells.dataChanged.connect(self._fit)  # counts need more room than per cent
        self.selectionModel().currentChanged.connect(self._tell)
        self.clicked.connect(self._tell)

    def fill(self, report: Report, of_truth: bool = False) -> None:
        """Show the matrix of ``report``, as :meth:`ConfusionModel.fill`."""
        self.cells.fill(report, of_truth)
        together = bool(report.predicted_together)
        self._corner.setText(_("with →\nlabel ↓") if together else _("predicted →\ntrue ↓"))
        width = self.fontMetrics().horizontalAdvance
        longest = max((width(shown(name)) for name in self.cells.names), default=0)
        corner = self._corner.sizeHint().width()
        self._names = max(NAMES[0], corner, min(NAMES[1], longest + 3 * style.INSIDE))
        self.verticalHeader().setFixedWidth(self._names)
        self.horizontalHeader().setFixedHeight(self._names)
        self._corner.setGeometry(1, 1, self._names, self._names)
        self._fit()

    def copy(self) -> None:
        """Copy the matrix as it is shown, as spreadsheets paste it."""
        desktop.copy_table(self.cells.table())

    def clear_choice(self) -> None:
        """No cell is chosen any more."""
        self.setCurrentIndex(QModelIndex())

    def needed_height(self, usual: int, most: int) -> int:
        """With its names and without a scroll bar.

        Args:
            usual: pixels of all rows together, unless that makes one too high or too low.
            most: the same of many rows, unless they need more.
        """
        count = max(1, self.cells.rowCount())
        room = max(usual, min(most, 24 * count))
        row = min(LARGEST.height(), max(SMALLEST.height(), room // count))
        return self._names + 2 * self.frameWidth() + 2 + row * count

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Cells as large as there is room for, within reason."""
        count = max(1, self.cells.rowCount())
        frame = 2 * self.frameWidth() + 2
        room = QSize(self.width() - self._names - frame, self.height() - self._names - frame)
        each = QSize(room.width() // count, room.height() // count)  # Qt would round it up
        cell = each.expandedTo(SMALLEST).boundedTo(LARGEST)
        width = max(min(cell.width(), 2 * cell.height()), self._needed_width())
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(cell.height())
        self.updateGeometries()  # Qt would not, where the headings grew and the cells did not

    def _needed_width(self) -> int:
        """Of a cell, so that a figure is never cut off: 15000 would be read as 500."""
        metrics = self.fontMetrics()
        longest = max(map(metrics.horizontalAdvance, self.cells.texts), default=0)
        return math.ceil(SMALLER * longest) + 2 * EDGE

    def _tell(self, index: QModelIndex, *_before: Any) -> None:
        self.chosen.emit(self.cells.pair(index) if index.isValid() else None)


class _CellDelegate(QStyledItemDelegate):
    """Right answers in the colour of the test, mistakes in the warning's, deeper for more."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        box = option.rect.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        right = index.row() == index.column()
        other = "training" if index.model().together else "validation"
        colour = style.colour("test" if right else other)
        share = index.data(SHARE)
        painter.fillRect(box, style.colour("sunken"))
        colour.setAlphaF(min(1.0, 0.12 + 0.88 * share) if share else 0.0)
        painter.fillRect(box, colour)
        painter.setPen(_ink(colour))
        painter.setFont(_fitting(option.font, index.data(), box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, index.data())
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(style.colour("text"))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            painter.drawRect(box.adjusted(1, 1, -2, -2))


def _fitting(font: QFont, text: str, width: int) -> QFont:
    """``font``, smaller where that makes ``text`` fit into so many pixels."""
    needed = QFontMetricsF(font).horizontalAdvance(text)
    if needed <= width:
        return font
    smaller = QFont(font)
    smaller.setPixelSize(int(QFontInfo(font).pixelSize() * max(SMALLER, width / needed)))
    return smaller


def _ink(over: QColor) -> QColor:
    """Black or white, whichever can be read on ``over`` painted on the sunken colour."""
    ground, share = style.colour("sunken"), over.alphaF()
    bands = (
        (over.redF(), ground.redF()),
        (over.greenF(), ground.greenF()),
        (over.blueF(), ground.blueF()),
    )
    mixed = [share * a + (1 - share) * b for a, b in bands]
    luminance = 0.2126 * mixed[0] ** 2.2 + 0.7152 * mixed[1] ** 2.2 + 0.0722 * mixed[2] ** 2.2
    return QColor("black") if luminance > 0.18 else QColor("white")


class _UprightHeader(QHeaderView):
    """Class names that stand upright, so that columns can be narrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def sizeHint(self) -> QSize:
        return QSize(0, NAMES[0])

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        name = self.model().headerData(logicalIndex, Qt.Orientation.Horizontal)
        room = rect.height() - style.INSIDE
        text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        painter.save()
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.translate(rect.left(), rect.bottom() - style.GAP)
        painter.rotate(-90)
        painter.drawText(
            QRect(0, 0, room, rect.width()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
        painter.restore()
