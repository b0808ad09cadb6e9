"""A picture in which boxes are drawn, moved and resized, with the mouse or with the keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from transfergui.core.base.i18n import _
from transfergui.core.data.boxes import NamedBox
from transfergui.gui.pictures import box_painter, shapes
from transfergui.gui.pictures.drawn import DRAW, MOVE, RESIZE, Brush, DrawnBoxes
from transfergui.gui.pictures.picture_view import PictureView
from transfergui.gui.pictures.shapes import NO_EDGE, Edges, Point

REACH, OTHER = 6.0, 3.0
"""Pixels from an edge at which it is held: of the chosen box, and of others."""
DRAG = 4.0
"""Pixels from which on a press is a drag, and the least size of a box that is drawn."""
STEP, FAR = 1.0, 10.0
"""Pixels of the screen that an arrow key moves, and one with Ctrl."""
FIRST = 0.2
"""Of what is seen: the size of a box that the keyboard draws."""
HANDLE = 7.0

ARROWS = {
    Qt.Key.Key_Left: Point(-1, 0),
    Qt.Key.Key_Right: Point(1, 0),
    Qt.Key.Key_Up: Point(0, -1),
    Qt.Key.Key_Down: Point(0, 1),
}
DIGITS = {Qt.Key(Qt.Key.Key_1.value + at): at for at in range(9)}
DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
ALONE = Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class _Drag:
    """What the mouse does while it is pressed: it holds ``edges`` of ``box``, or all of it, or
    draws a new one from ``start`` on."""

    start: Point
    pressed: QPointF
    number: int = -1
    edges: Edges = NO_EDGE
    box: NamedBox | None = None
    begun: bool = False


class BoxCanvas(PictureView):
    """See the module.

    A click chooses a box; then it is moved by dragging, and resized at its edges. A drag anywhere
    else, or with Shift, draws a new one. The wheel zooms; the middle button or Ctrl moves the
    picture.

    Args:
        data: the picture, uint8 [height, width, 3].
        brush: the class of what is drawn.

    Attributes:
        drawn: the boxes.
        class_asked: the key of a class was pressed; with its place.
        name_asked: the chosen box was clicked twice: its class is to be typed.
    """

    class_asked = Signal(int)
    name_asked = Signal()

    def __init__(self, data: np.ndarray, brush: Brush) -> None:
        super().__init__(data)
        self.drawn = DrawnBoxes(self, brush)
        self.drawn.changed.connect(self._show_drawn)
        self._drag: _Drag | None = None
        self._left = False  # Escape was pressed last: Tab leaves the picture
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("The picture and its boxes"))

    def new_box(self) -> None:
        """Draw a box amid what is seen, to be moved by the arrow keys."""
        middle = self._at(QRectF(self.rect()).center())
        room = self._shares(QPointF(self.width(), self.height()))
        x, y = min(1.0, room.x) * FIRST / 2, min(1.0, room.y) * FIRST / 2
        corners = Point(middle.x - x, middle.y - y), Point(middle.x + x, middle.y + y)
        self.drawn.add(shapes.between(*corners, self.drawn.brush.name))

    def duplicate(self) -> None:
        """Draw a box of the same size and class beside the chosen one."""
        self.drawn.duplicate(self._shares(QPointF(2 * FAR, 2 * FAR)))

    def _show_drawn(self) -> None:
        self.boxes = self.drawn.marked
        said = box_painter.summary(self.boxes)
        if self.drawn.current is not None:
            said = f"{box_painter.caption(self.boxes[self.drawn.number])}. {said}"
        self.setAccessibleDescription(said)
        self.update()

    # -- places

    def _at(self, place: QPointF) -> Point:
        share = self._of_picture(place)
        return Point(share.x(), share.y())

    def _shares(self, pixels: QPointF) -> Point:
        """A way on the screen as shares of the picture."""
        whole = self._drawn()
        return Point(pixels.x() / whole.width(), pixels.y() / whole.height())

    def _touched(self, at: Point) -> tuple[int, Edges]:
        """The box under the mouse that would be moved, and which edges would; -1 for none."""
        if (box := self.drawn.current) is not None:
            edges = shapes.held(box, at, self._shares(QPointF(REACH, REACH)))
            if any(edges) or shapes.contains(box, at):
                return self.drawn.number, edges
        reach = self._shares(QPointF(OTHER, OTHER))
        return shapes.edge_at(self.drawn.boxes, at, reach), NO_EDGE

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.drawn.settle()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() is Qt.MouseButton.MiddleButton or event.modifiers() & CONTROL:
            self._held = event.position()
            self._show_hand()
        elif event.button() is Qt.MouseButton.LeftButton:
            self._drag = _Drag(self._at(event.position()), event.position())
            if not event.modifiers() & SHIFT:
                self._drag.number, self._drag.edges = self._touched(self._drag.start)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        drag = self._drag
        if self._held is not None:
            super().mouseMoveEvent(event)
        elif drag is None:
            self._show_cursor(event.position())
        elif drag.begun or (event.position() - drag.pressed).manhattanLength() >= DRAG:
            self._pull(drag, self._at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if self._held is not None:
            super().mouseReleaseEvent(event)
        elif drag is not None:
            self._end(drag)
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second click on a box asks for its class; beside boxes it is a click as any other."""
        box = self.drawn.current
        if box is not None and shapes.contains(box, self._at(event.position())):
            self.name_asked.emit()
        else:
            self.mousePressEvent(event)

    def _pull(self, drag: _Drag, at: Point) -> None:
        """The mouse was moved far enough: that is a drag."""
        if not drag.begun:
            drag.begun = True
            if drag.number < 0:
                self.drawn.begin(shapes.between(drag.start, at, self.drawn.brush.name))
            else:
                self.drawn.choose(drag.number)
                drag.box = self.drawn.current
        by = Point(at.x - drag.start.x, at.y - drag.start.y)
        if drag.box is None:
            box = shapes.between(drag.start, at, self.drawn.brush.name)
        elif any(drag.edges):
            box = shapes.resized(drag.box, drag.edges, by, self._shares(QPointF(DRAG, DRAG)))
        else:
            box = shapes.moved(drag.box, by)
        self.drawn.replace(box)

    def _end(self, drag: _Drag) -> None:
        drawn = self.drawn
        if not drag.begun:  # a click
            number = drag.number
            drawn.choose(number if number >= 0 else shapes.smallest_at(drawn.boxes, drag.start))
            return
        box, least = drawn.boxes[drawn.number], self._shares(QPointF(DRAG, DRAG))
        small = box.right - box.left < least.x or box.bottom - box.top < least.y
        if box == drag.box or (drag.box is None and small):
            drawn.give_up(drag.box)
        else:
            what = RESIZE if any(drag.edges) else MOVE
            drawn.done(drawn.number, DRAW if drag.box is None else what)

    # -- the keyboard

    def event(self, event: QEvent) -> bool:
        """Keys that mean a box are not those of the window around."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in ARROWS:
            return self.drawn.current is not None
        if key is Qt.Key.Key_Escape:
            return self._drag is not None or self.drawn.current is not None
        if key in DELETE:
            return True  # never that of the window, which excludes the picture
        if held == CONTROL:
            return key is Qt.Key.Key_D
        return held == ALONE and (key in DIGITS or key is Qt.Key.Key_N)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        self._left = key is Qt.Key.Key_Escape
        if not self._is_ours(event):
            super().keyPressEvent(event)
            return
        if key in ARROWS:
            self._nudge(ARROWS[key], event.modifiers())
        elif key in DIGITS:
            self.class_asked.emit(DIGITS[key])
        elif key in DELETE:
            self.drawn.delete()
        elif key is Qt.Key.Key_N:
            self.new_box()
        elif key is Qt.Key.Key_D:
            self.duplicate()
        elif self._drag is None:
            self.drawn.choose(-1)
        else:
            drag, self._drag = self._drag, None
            if drag.begun:
                self.drawn.give_up(drag.box)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes round from box to box; after Escape, and without boxes, on to what follows. Who
        deletes the last box and goes on is not to find the keyboard elsewhere in the window."""
        stays = not self._left and self.drawn.step(1 if next else -1)
        return stays or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._left = False
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.drawn.settle()
        super().focusOutEvent(event)

    def _nudge(self, way: Point, held: Qt.KeyboardModifier) -> None:
        """Move the chosen box a little; with Shift, its right or lower edge."""
        box = self.drawn.current
        assert box is not None
        far = FAR if held & CONTROL else STEP
        by = self._shares(QPointF(far * way.x, far * way.y))
        if held & SHIFT:
            edges = Edges(right=bool(way.x), bottom=bool(way.y))
            least = self._shares(QPointF(DRAG, DRAG))
            self.drawn.replace(shapes.resized(box, edges, by, least), settling=RESIZE)
        else:
            self.drawn.replace(shapes.moved(box, by), settling=MOVE)

    # -- looks

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.drawn.current is None:
            return
        painter = QPainter(self)
        place = box_painter.rectangle(self.boxes[self.drawn.number], self._drawn())
        for colour, width in ((QColor(0, 0, 0), 5), (QColor(255, 255, 255), 2)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(place)
        painter.setPen(QPen(QColor(0, 0, 0), 1))
        painter.setBrush(QColor(255, 255, 255))
        middle = place.center()
        for x in (place.left(), middle.x(), place.right()):
            for y in (place.top(), middle.y(), place.bottom()):
                if (x, y) != (middle.x(), middle.y()):
                    painter.drawRect(QRectF(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE))

    def _show_hand(self) -> None:
        """While the picture is moved; else the cursor says what a press would do."""
        if self._held is not None:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _show_cursor(self, place: QPointF) -> None:
        """What a press would do here."""
        number, edges = self._touched(self._at(place))
        across, along = edges.left or edges.right, edges.top or edges.bottom
        shape = Qt.CursorShape.CrossCursor if number < 0 else Qt.CursorShape.SizeAllCursor
        if across and along:
            falling = (edges.left and edges.top) or (edges.right and edges.bottom)
            shape = Qt.CursorShape.SizeFDiagCursor if falling else Qt.CursorShape.SizeBDiagCursor
        elif across or along:
            shape = Qt.CursorShape.SizeHorCursor if across else Qt.CursorShape.SizeVerCursor
        self.setCursor(shape)
