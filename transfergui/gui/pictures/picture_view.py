"""A picture that can be made larger and moved about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.gui.base.images import image_of
from transfergui.gui.pictures import box_painter

LARGEST = 4.0
"""A small picture is enlarged so much at most to fill the room."""
MOST, LEAST = 32.0, 0.02
"""How far one can zoom, in pixels of the screen for one of the picture."""
STEP = 1.25
Part = tuple[float, float, float, float]
PIXELS = 4.0
"""From this zoom on, single pixels are seen as squares, not smoothed."""
NEAREST = 8.0
"""How far a part of a picture is enlarged at most by itself."""
LARGE = 4_000_000
"""Pixels; of larger pictures, halved copies are kept."""
NOTCH = 120
"""What one step of a wheel counts."""


class PictureView(QWidget):
    """Fits the picture into its room until it is zoomed: by wheel, then moved by dragging.

    Attributes:
        changed: it was zoomed or moved by the user.
        shown: it is drawn at another zoom.
        boxes: that are drawn in it.
        beside: others that are drawn, too: what a model found, where boxes are corrected.
    """

    changed = Signal()
    shown = Signal()

    def __init__(self, data: np.ndarray) -> None:
        super().__init__()
        self.image = image_of(data)
        self.boxes: Sequence[MarkedBox] = ()
        self.beside: Sequence[MarkedBox] = ()
        self._meant: Sequence[MarkedBox] = ()
        self._part: Part | None = None
        self._zoom: float | None = None
        self._centre = QPointF(0.5, 0.5)
        self._small: QImage | None = None
        self._halves = [self.image]
        self._held: QPointF | None = None
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName(_("The picture"))

    def show_boxes(self, boxes: Sequence[MarkedBox]) -> None:
        """Draw these boxes in the picture, and tell a screen reader how many there are."""
        self.boxes = boxes
        self.setAccessibleDescription(box_painter.summary(boxes))
        self.update()

    def point_at(self, boxes: Sequence[MarkedBox], part: Part) -> None:
        """Make the first of these boxes stand out of all, and show that part of the picture."""
        self._meant = boxes
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        """Show a part of the picture, in whatever room there is, until the user zooms.

        Args:
            part: left, top, right and bottom as shares of the width and the height.
        """
        self._part = part
        left, top, right, bottom = part
        room, size = QSizeF(self.size()) * self.devicePixelRatioF(), self.image.size()
        wide, high = (right - left) * size.width(), (bottom - top) * size.height()
        self._zoom = None
        whole = self.zoom
        self._zoom = max(whole, min(NEAREST, room.width() / wide, room.height() / high))
        self._centre = QPointF((left + right) / 2, (top + bottom) / 2)
        self._keep_inside()
        self._show_hand()
        self.update()
        self.shown.emit()

    @property
    def fits(self) -> bool:
        """Whether it follows the room that there is."""
        return self._zoom is None

    @property
    def zoom(self) -> float:
        """Pixels of the screen for one of the picture."""
        if self._zoom is not None:
            return self._zoom
        room = QSizeF(self.size()) * self.devicePixelRatioF()
        size = self.image.size()
        share = min(room.width() / size.width(), room.height() / size.height())
        return max(LEAST, min(LARGEST, share))

    def set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """Show the picture at ``zoom``; None fits it into the room.

        Args:
            at: the place of the widget that stays where it is; the middle if None.
        """
        if zoom is None:
            self._zoom, self._centre = None, QPointF(0.5, 0.5)
        else:
            middle = QRectF(self.rect()).center()
            at = middle if at is None else at
            under = self._of_picture(at)
            self._zoom = max(LEAST, min(MOST, zoom))
            moved = self._of_picture(at)
            self._centre += under - moved
            self._keep_inside()
        self._tell()

    def zoom_by(self, steps: float, at: QPointF | None = None) -> None:
        """Larger by so many steps, smaller by negative ones."""
        self.set_zoom(self.zoom * STEP**steps, at)

    def follow(self, other: PictureView) -> None:
        """Show the same part of the picture as ``other``, equally large."""
        zoom = None if other.fits else other.zoom * other.image.width() / self.image.width()
        if zoom != self._zoom or other._centre != self._centre:
            self._zoom, self._centre = zoom, QPointF(other._centre)
            self.shown.emit()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom_by(event.angleDelta().y() / NOTCH, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._held = event.position()
            self._show_hand()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            moved = event.position() - self._held
            self._held = event.position()
            drawn = self._drawn()
            self._centre -= QPointF(moved.x() / drawn.width(), moved.y() / drawn.height())
            self._keep_inside()
            self._tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self._show_hand()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Between the picture's own pixels and the room that there is."""
        self.set_zoom(1.0 if self.fits else None, event.position())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._part is not None:
            self.show_part(self._part)
            return
        self._keep_inside()
        self._show_hand()
        self.shown.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        drawn = self._drawn()
        painter = QPainter(self)
        if self.zoom >= 1:
            smooth = painter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smooth, self.zoom < PIXELS or self.fits)
            painter.drawImage(drawn, self.image)
        else:
            painter.drawImage(drawn, self._shrunk(drawn.size()))
        boxes = (*self.beside, *self.boxes)
        box_painter.draw(painter, drawn, boxes, QRectF(self.rect()), meant=self._meant)

    # -- places

    def _drawn(self) -> QRectF:
        """Where the whole picture lies, most of it outside when it is enlarged."""
        size = QSizeF(self.image.size()) * (self.zoom / self.devicePixelRatioF())
        box = QRectF(QPointF(), size)
        middle = QRectF(self.rect()).center()
        box.moveTopLeft(
            middle - QPointF(self._centre.x() * size.width(), self._centre.y() * size.height())
        )
        return box

    def _of_picture(self, at: QPointF) -> QPointF:
        """The place of the picture under ``at``, as shares of its width and height."""
        box = self._drawn()
        inside = at - box.topLeft()
        return QPointF(inside.x() / box.width(), inside.y() / box.height())

    def _keep_inside(self) -> None:
        """No gap at one side while something is hidden at the other."""
        box = self._drawn()
        x = _kept(self._centre.x(), box.width(), self.width())
        y = _kept(self._centre.y(), box.height(), self.height())
        self._centre = QPointF(x, y)

    def _shrunk(self, size: QSizeF) -> QImage:
        """The picture made smaller by averaging: drawn directly, fine patterns would flicker."""
        pixels = (size * self.devicePixelRatioF()).toSize().expandedTo(QSize(1, 1))
        if self._small is None or self._small.size() != pixels:
            self._small = _scaled(self._at_least(pixels), pixels)
        return self._small

    def _at_least(self, pixels: QSize) -> QImage:
        """The smallest copy of a large picture that is no smaller; copies are halved once, so that
        a step of the wheel need not average 100 megapixels."""
        while _count(self._halves[-1].size()) > LARGE:
            half = self._halves[-1].size() / 2
            if half.width() < pixels.width() or half.height() < pixels.height():
                break
            self._halves.append(_scaled(self._halves[-1], half))
        fitting = (each for each in reversed(self._halves) if each.width() >= pixels.width())
        return next(fitting, self.image)

    def _tell(self) -> None:
        self._part = None
        self._show_hand()
        self.update()
        self.shown.emit()
        self.changed.emit()

    def _show_hand(self) -> None:
        drawn = self._drawn()
        larger = drawn.width() > self.width() + 1 or drawn.height() > self.height() + 1
        hand = Qt.CursorShape.OpenHandCursor if larger else Qt.CursorShape.ArrowCursor
        self.setCursor(Qt.CursorShape.ClosedHandCursor if larger and self._held else hand)


def _scaled(image: QImage, size: QSize) -> QImage:
    ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode
    return image.scaled(size, ignore, smooth.SmoothTransformation)


def _count(size: QSize) -> int:
    """How many pixels."""
    return size.width() * size.height()


def _kept(centre: float, size: float, room: float) -> float:
    """``centre`` (a share of ``size``) so that the room is filled; the middle if it cannot be."""
    half = room / size / 2
    return 0.5 if half >= 0.5 else max(half, min(1 - half, centre))
