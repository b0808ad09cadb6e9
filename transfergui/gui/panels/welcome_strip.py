"""What one gets, as a drawing: a folder of classes, a training, a prediction."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import N_, _
from transfergui.gui.base import style

HEIGHT = 112
"""Pixels of the drawings."""
ARROW = 28
"""Pixels between two of them."""
CAPTIONS = (
    N_("Your folder: one subfolder for each class"),
    N_("Training on this computer, often in under a minute"),
    N_("A tested model that predicts new files, with its confidence"),
)
COLOURS = ("training", "validation", "test")
"""Of the three classes that are drawn; their shapes differ, too."""
CONFIDENCES = (0.04, 0.92, 0.04)
"""Of the prediction that is drawn."""
TRAIN = (0.10, 0.42, 0.60, 0.72, 0.80, 0.86, 0.90, 0.93)
VALIDATION = (0.08, 0.36, 0.52, 0.63, 0.70, 0.75, 0.77, 0.78)
"""Heights of the curves that are drawn, as shares."""


class WelcomeStrip(QWidget):
    """Three drawings with arrows between them, and a line below each."""

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(ARROW)
        grid.setVerticalSpacing(style.INSIDE)
        drawings: tuple[Callable[[QPainter, QRectF], None], ...] = (
            _draw_folder,
            _draw_curves,
            _draw_prediction,
        )
        for column, (draw, caption) in enumerate(zip(drawings, CAPTIONS, strict=True)):
            label = QLabel(_(caption), wordWrap=True)
            label.setProperty("role", "caption")
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            label.setMinimumWidth(1)
            grid.addWidget(_Drawing(draw), 0, column)
            grid.addWidget(label, 1, column)
            grid.setColumnStretch(column, 1)
        style.theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The arrows; the drawings paint themselves."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("muted"), 2))
        for column in (1, 2):
            left = column * (self.width() + ARROW) / 3 - ARROW
            y, start, end = HEIGHT / 2, left + 7, left + ARROW - 7
            painter.drawLine(QPointF(start, y), QPointF(end, y))
            painter.drawLine(QPointF(end, y), QPointF(end - 5, y - 5))
            painter.drawLine(QPointF(end, y), QPointF(end - 5, y + 5))


class _Drawing(QWidget):
    """A card with a drawing on it."""

    def __init__(self, draw: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__()
        self._draw = draw
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        style.theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(220, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("border"), 1))
        painter.setBrush(style.colour("surface"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, style.RADIUS, style.RADIUS)
        width = min(box.width() - 2 * style.BETWEEN, 200.0)
        inside = QRectF(0, 0, width, box.height() - 2 * 14)
        inside.moveCenter(box.center())
        self._draw(painter, inside)


def _draw_folder(painter: QPainter, box: QRectF) -> None:
    """Three folders below each other, each with pictures of its own shape."""
    row = box.height() / 3
    side = row - 6
    tiles = max(2, min(4, int((box.width() - 34) // (side + style.GAP))))
    for number in range(3):
        top = box.top() + number * row + 3
        folder = style.pixmap("folder", 20, "muted")
        painter.drawPixmap(QPointF(box.left(), top + (side - 20) / 2), folder)
        for at in range(tiles):
            tile = QRectF(box.left() + 34 + at * (side + style.GAP), top, side, side)
            _draw_example(painter, tile, number, at)


def _draw_example(painter: QPainter, tile: QRectF, shape: int, at: int) -> None:
    """A picture of a class: its shape, each time of another size and turned otherwise."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("sunken"))
    painter.drawRoundedRect(tile, 4, 4)
    painter.save()
    painter.translate(tile.center())
    painter.rotate((at * 37) % 90 - 30)
    size = tile.width() * (0.34 - 0.03 * (at % 3))
    painter.setBrush(style.colour(COLOURS[shape]))
    painter.drawPath(_shape(shape, size))
    painter.restore()


def _shape(number: int, size: float) -> QPainterPath:
    """A circle, a triangle or a square, whose radius is ``size``."""
    path = QPainterPath()
    if number == 0:
        path.addEllipse(QPointF(), size * 0.9, size * 0.9)
        return path
    corners, turn = (3, -90) if number == 1 else (4, 45)
    angles = (math.radians(turn + 360 * n / corners) for n in range(corners))
    points = [QPointF(size * math.cos(a), size * math.sin(a)) for a in angles]
    path.addPolygon(QPolygonF([*points, points[0]]))
    return path


def _draw_curves(painter: QPainter, box: QRectF) -> None:
    """Two curves that rise, as on the Live page: validation in dots, its best one marked."""
    painter.setPen(QPen(style.colour("border"), 1))
    painter.drawLine(box.topLeft(), box.bottomLeft())
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    _draw_line(painter, _points(TRAIN, box), style.colour("training"))
    points = _points(VALIDATION, box)
    _draw_line(painter, points, style.colour("validation"), Qt.PenStyle.DashLine)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("validation"))
    for point in points:
        painter.drawEllipse(point, 2.5, 2.5)
    painter.setPen(QPen(style.colour("validation"), 2))
    painter.setBrush(style.colour("surface"))
    painter.drawEllipse(points[-1], 5, 5)


def _points(heights: tuple[float, ...], box: QRectF) -> list[QPointF]:
    step = (box.width() - 12) / (len(heights) - 1)
    return [
        QPointF(box.left() + 4 + step * at, box.bottom() - 4 - height * (box.height() - 8))
        for at, height in enumerate(heights)
    ]


def _draw_line(
    painter: QPainter,
    points: list[QPointF],
    colour: QColor,
    dash: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2, dash, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(points))


def _draw_prediction(painter: QPainter, box: QRectF) -> None:
    """A new picture, and how confident the model is of each class."""
    side = min(box.height(), 64.0, box.width() * 0.36)
    tile = QRectF(box.left(), box.center().y() - side / 2, side, side)
    _draw_example(painter, tile, 1, 2)
    painter.setFont(style.font(style.SMALL, bold=True))
    figure = painter.fontMetrics().horizontalAdvance("92 %") + style.GAP
    left, row = tile.right() + style.BETWEEN, box.height() / 3
    track = box.right() - figure - left - 20
    for number, share in enumerate(CONFIDENCES):
        middle = box.top() + row * (number + 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.save()
        painter.translate(left + 6, middle)
        painter.setBrush(style.colour(COLOURS[number]))
        painter.drawPath(_shape(number, 7))
        painter.restore()
        bar = QRectF(left + 20, middle - 4, track, 8)
        painter.setBrush(style.colour("sunken"))
        painter.drawRoundedRect(bar, 4, 4)
        bar.setWidth(max(8.0, track * share))
        painter.setBrush(style.colour("accent"))
        painter.drawRoundedRect(bar, 4, 4)
        painter.setPen(style.colour("text" if share > 0.5 else "muted"))
        painter.drawText(
            QRectF(box.right() - figure, middle - 10, figure, 20),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            percent(share, 0),
        )
