"""Points that one moves among, names with the pointer and chooses with a lasso."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainterPath, QPolygonF
from PySide6.QtWidgets import QGraphicsPathItem, QWidget

from transfergui.gui.base import style
from transfergui.gui.views.map_colours import Group

Tool = Literal["move", "lasso", "rectangle"]
NEAR = 12
"""Pixels from the pointer within which a point is named."""
SIZE, SMALL, MANY = 9, 5, 3000
"""Pixels of a point, of one of more than so many."""
FAINT = 170
"""Opacity of such a one, of 255: those below are seen through it."""
STEP, ZOOM = 0.1, 0.8
"""Share of what is seen that an arrow key moves by, and factor by which a key zooms."""


class MapPlot(pg.PlotWidget):
    """See the module.

    Attributes:
        pointed: the row of the point under the pointer, None where there is none.
        enclosed: rows within a lasso or a rectangle [M], and whether they are added to others.
    """

    pointed = Signal(object)
    enclosed = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._box = _Box()
        super().__init__(parent, viewBox=self._box)
        self.xy = np.empty((0, 2))
        self._given: np.ndarray | None = None
        self._items: list[pg.ScatterPlotItem] = []
        self._chosen = pg.ScatterPlotItem(pxMode=True)
        self._chosen.setZValue(20)
        self.addItem(self._chosen)
        self.setAspectLocked(False)
        self.setMenuEnabled(False)
        self.hideButtons()
        for side in ("left", "bottom"):
            self.hideAxis(side)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.enclosed.connect(self._enclose)
        self.scene().sigMouseMoved.connect(self._point)
        self._rows = np.empty(0, dtype=np.int64)
        self.setBackground(style.tokens().surface)

    @property
    def zoomed(self) -> bool:
        """Whether the user looks at a part of it."""
        return not all(self._box.autoRangeEnabled())

    def use_tool(self, tool: Tool) -> None:
        """What dragging does."""
        self._box.tool = tool

    def draw(self, xy: np.ndarray, groups: Sequence[Group]) -> None:
        """Show points [N, 2]; where they are as before, what is seen stays."""
        moved = self._given is not xy
        self._given = xy
        self.xy = np.asarray(xy, dtype=float)
        for item in self._items:
            self.removeItem(item)
        self._items = [self._item(xy, group) for group in groups if len(group.rows)]
        self.setBackground(style.tokens().surface)
        self.choose(self._rows)
        if moved:
            self.show_all()

    def _item(self, xy: np.ndarray, group: Group) -> pg.ScatterPlotItem:
        many, colour = len(xy) > MANY, QColor(group.colour)
        colour.setAlpha(FAINT if many else 255)
        item = pg.ScatterPlotItem(
            x=xy[group.rows, 0],
            y=xy[group.rows, 1],
            size=SMALL if many else SIZE,
            symbol=group.symbol,
            brush=pg.mkBrush(colour),
            pen=None if many else pg.mkPen(style.tokens().surface, width=0.5),
        )
        self.addItem(item)
        return item

    def choose(self, rows: np.ndarray) -> None:
        """Ring the points ``rows``."""
        self._rows = rows
        pen = pg.mkPen(style.tokens().text, width=1.5)
        size = (SIZE if len(self.xy) <= MANY else SMALL) + 5
        points = self.xy[rows] if len(rows) else np.empty((0, 2))
        self._chosen.setData(x=points[:, 0], y=points[:, 1], size=size, pen=pen, brush=None)

    def show_all(self) -> None:
        """Everything is seen again."""
        if len(self.xy):
            low, high = self.xy.min(axis=0).tolist(), self.xy.max(axis=0).tolist()
            self.setRange(xRange=(low[0], high[0]), yRange=(low[1], high[1]), padding=0.04)
        self._box.enableAutoRange()

    def point_at(self, place: QPointF) -> int | None:
        """The row of the point that is nearest to a place of the scene, if one is near."""
        if not len(self.xy):
            return None
        here = self._box.mapSceneToView(place)
        across, up = self._box.viewPixelSize()
        away = np.hypot((self.xy[:, 0] - here.x()) / across, (self.xy[:, 1] - here.y()) / up)
        row = int(away.argmin())
        return row if away[row] <= NEAR else None

    def place_of(self, row: int) -> QPoint:
        """Where a point is, in pixels of this widget."""
        return self.mapFromScene(self._box.mapViewToScene(QPointF(*self.xy[row].tolist())))

    def _point(self, place: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(place) and not self._box.dragging
        self.pointed.emit(self.point_at(place) if inside else None)

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _enclose(self, outline: list[QPointF], more: bool) -> None:
        corners = np.array([(corner.x(), corner.y()) for corner in outline])
        self.enclosed.emit(np.flatnonzero(inside(self.xy, corners)), more)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        (left, right), (low, high) = self._box.viewRange()
        across, up = STEP * (right - left), STEP * (high - low)
        moves = {
            Qt.Key.Key_Left: (-across, 0.0),
            Qt.Key.Key_Right: (across, 0.0),
            Qt.Key.Key_Up: (0.0, up),
            Qt.Key.Key_Down: (0.0, -up),
        }
        zooms = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}
        key = Qt.Key(event.key())
        if key in moves:
            x, y = moves[key]
            self._box.translateBy(x=x, y=y)
        elif key in zooms:
            self._box.scaleBy((zooms[key], zooms[key]))
        elif key == Qt.Key.Key_Home:
            self.show_all()
        elif key == Qt.Key.Key_Escape and len(self._rows):
            self.enclosed.emit(np.empty(0, dtype=np.int64), False)
        else:
            event.ignore()


def inside(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Which of ``points`` [N, 2] lie within the polygon ``corners`` [K, 2]: bool [N].

    Crossings of a ray to the right, counted (even-odd rule).
    """
    found = np.zeros(len(points), dtype=bool)
    x, y = points[:, 0], points[:, 1]
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        found ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found


class _Box(pg.ViewBox):
    """Dragging moves, or draws an outline around points."""

    enclosed = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.tool: Tool = "lasso"
        self.dragging = False
        self._corners: list[QPointF] = []
        self._outline = QGraphicsPathItem(self)
        self._outline.setZValue(50)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if self.tool == "move" or not left:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        self.dragging = not event.isFinish()
        if event.isStart():
            self._corners = [event.buttonDownPos()]
        if self.tool == "rectangle":
            self._corners = _rectangle(event.buttonDownPos(), event.pos())
        elif _apart(self._corners[-1], event.pos()):
            self._corners.append(event.pos())
        self._draw()
        if event.isFinish():
            outline = [self.mapToView(corner) for corner in self._corners]
            more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._corners = []
            self._draw()
            self.enclosed.emit(outline, more)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        self.enableAutoRange()

    def _draw(self) -> None:
        path = QPainterPath()
        if self._corners:
            path.addPolygon(QPolygonF([*self._corners, self._corners[0]]))
        colour = style.colour("accent")
        self._outline.setPen(pg.mkPen(colour, width=1.5))
        colour.setAlpha(40)
        self._outline.setBrush(pg.mkBrush(colour))
        self._outline.setPath(path)


def _rectangle(one: QPointF, other: QPointF) -> list[QPointF]:
    return [one, QPointF(other.x(), one.y()), other, QPointF(one.x(), other.y())]


def _apart(one: QPointF, other: QPointF) -> bool:
    return math.hypot(one.x() - other.x(), one.y() - other.y()) >= 3
