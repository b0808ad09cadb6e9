"""How the cells of the table of runs are drawn: two lines, a picture, a curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from transfergui.gui.base import style
from transfergui.gui.tables.result_table import ROW, Column

PICTURE = 32
"""Side of the picture before a name, in pixels."""
HIGH = 46
"""Pixels of a row with two lines."""
PAD = 8
CHIP = 5
"""Pixels beside the words of a tag."""
BAR = 3
CURVE = 84
"""Pixels of the column of the curves."""


@dataclass(frozen=True)
class RunColumn(Column):
    """A column whose cells may have a second line.

    Attributes:
        below: the second line, smaller.
        chips: words before it, each in a box.
        picture: before both lines: an image, or the name of an icon.
        curve: drawn instead of text: heights in [0, 1], and which of them is marked.
    """

    below: Callable[[Any], str] | None = None
    chips: Callable[[Any], Sequence[str]] | None = None
    picture: Callable[[Any], QImage | str] | None = None
    curve: Callable[[Any], tuple[Sequence[float], int]] | None = None


class RunDelegate(QStyledItemDelegate):
    """See the module.

    Args:
        parts: whether a line parts a row from the one above it.
    """

    def __init__(self, parent: QWidget, parts: Callable[[int], bool]) -> None:
        super().__init__(parent)
        self._parts = parts

    def sizeHint(self, option: QStyleOptionViewItem, index: Any) -> QSize:
        column, row = _column(index), index.data(ROW)
        if column.curve is not None:
            return QSize(CURVE, HIGH)
        big, small = QFontMetrics(style.font()), QFontMetrics(style.font(style.SMALL))
        above = big.horizontalAdvance(column.text(row))
        below = small.horizontalAdvance(column.below(row)) if column.below else 0
        picture = PICTURE + PAD if column.picture else 0
        return QSize(max(above, below) + picture + 2 * PAD + 4, HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        option.widget.style().drawControl(
            QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget
        )
        column, row = _column(index), index.data(ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._parts(index.row()):
            painter.fillRect(QRect(option.rect.topLeft(), QSize(option.rect.width(), 2)),
                             style.colour("outline"))  # fmt: skip
        box = option.rect.adjusted(PAD, 3, -PAD, -3)
        if column.curve is not None:
            draw_curve(painter, QRectF(box).adjusted(0, 6, 0, -6), *column.curve(row))
        else:
            if column.picture is not None:
                _draw_picture(painter, box, column.picture(row))
                box.setLeft(box.left() + PICTURE + PAD)
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            _draw_lines(painter, box, column, row, selected)
        painter.restore()


def _column(index: Any) -> RunColumn:
    column: RunColumn = index.model().columns[index.column()]
    return column


def _draw_lines(painter: QPainter, box: QRect, column: RunColumn, row: Any, selected: bool) -> None:
    """The text, and below it the chips and the second line."""
    text, below = column.text(row), column.below(row) if column.below else ""
    chips = column.chips(row) if column.chips else ()
    share = column.share(row) if column.share else None
    high, low = QFontMetrics(style.font()), QFontMetrics(style.font(style.SMALL))
    whole = high.height() + (low.height() if below or chips else 0)
    top = box.top() + (box.height() - whole - (BAR + 2 if share is not None else 0)) // 2
    ink = column.ink(row) or style.colour("on_selected" if selected else "text")
    side = Qt.AlignmentFlag.AlignRight if column.figure else Qt.AlignmentFlag.AlignLeft
    first = QRect(box.left(), top, box.width(), high.height())
    _write(painter, first, text, ink, style.font(), side, column.elide)
    line = QRect(box.left(), first.bottom() + 1, box.width(), low.height())
    line.setLeft(_draw_chips(painter, line, chips))
    muted = style.colour("on_selected" if selected else "muted")
    _write(painter, line, below, muted, style.font(style.SMALL), side)
    if share is not None:
        track = QRect(box.left(), box.bottom() - BAR, box.width(), BAR)
        painter.fillRect(track, style.colour("sunken"))
        track.setWidth(round(track.width() * min(1.0, max(0.0, share))))
        token = (column.colour(row) if column.colour else "") or "test"
        painter.fillRect(track, style.colour(token))


def _write(
    painter: QPainter,
    box: QRect,
    text: str,
    ink: QColor,
    font: Any,
    side: Qt.AlignmentFlag,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    if text and box.width() > 0:
        painter.setFont(font)
        painter.setPen(ink)
        elided = painter.fontMetrics().elidedText(text, elide, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, elided)


def _draw_chips(painter: QPainter, line: QRect, chips: Sequence[str]) -> int:
    """Returns where what follows them begins."""
    painter.setFont(style.font(style.SMALL))
    left = line.left()
    for chip in chips:
        wide = painter.fontMetrics().horizontalAdvance(chip) + 2 * CHIP
        if left + wide > line.right():
            break
        box = QRectF(left + 0.5, line.top() + 0.5, wide, line.height() - 1)
        painter.setPen(QPen(style.colour("outline"), 1))
        painter.setBrush(style.colour("sunken"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(style.colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip)
        left += wide + CHIP
    return left


def _draw_picture(painter: QPainter, box: QRect, picture: QImage | str) -> None:
    place = QRectF(box.left(), box.center().y() - PICTURE / 2 + 0.5, PICTURE, PICTURE)
    path = QPainterPath()
    path.addRoundedRect(place, 4, 4)
    painter.save()
    painter.setClipPath(path)
    if isinstance(picture, QImage):
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, picture)
    else:
        painter.fillRect(place, style.colour("sunken"))
        painter.drawPixmap(place.center() - QPointF(10, 10), style.pixmap(picture, 20, "muted"))
    painter.restore()


def draw_curve(painter: QPainter, box: QRectF, heights: Sequence[float], marked: int) -> None:
    """A curve in the colour of validation, with a ring around one of its points."""
    if not heights:
        return
    step = (box.width() - 6) / max(1, len(heights) - 1)
    points = [
        QPointF(box.left() + 3 + at * step, box.bottom() - 3 - height * (box.height() - 6))
        for at, height in enumerate(heights)
    ]
    colour = style.colour("validation")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.5))
    painter.drawPolyline(QPolygonF(points))
    if 0 <= marked < len(points):
        painter.setBrush(style.colour("surface"))
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(points[marked], 3, 3)
