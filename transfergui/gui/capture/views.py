"""What the camera sees, and what the microphone hears, while it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.capture.feed import SHOWN, Clips
from transfergui.core.capture.level import FLOOR
from transfergui.core.interfaces.capture import Captured
from transfergui.core.interfaces.samples import MarkedBox, Sound
from transfergui.gui.base import style
from transfergui.gui.pictures import box_painter
from transfergui.gui.samples import renderers

METER = 14
"""Pixels of the height of the meter of loudness."""
LOUD = -12.0
"""Decibels from which on the meter is drawn as too loud."""
AXIS = 18
"""Pixels for the seconds below the spectrogram."""


class CameraView(QWidget):
    """The newest picture, as large as there is room, mirrored if wanted, with words above it.

    Attributes:
        mirrored: whether it is drawn as in a mirror; what is predicted and kept never is.
        words: in large letters over the picture, such as a countdown.
        recording: whether a frame says that pictures are taken.
        boxes: that are drawn in it, by their places in the picture as it is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mirrored = True
        self.words = ""
        self.recording = False
        self.boxes: Sequence[MarkedBox] = ()
        self._pixels: np.ndarray | None = None
        self._image = QImage()
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Picture of the camera"))

    def show_picture(self, captured: Captured | None) -> None:
        """Show it; None for nothing."""
        if captured is None:
            self._pixels, self._image = None, QImage()
        else:
            height, width = captured.values.shape[:2]
            ratio = self.devicePixelRatioF()
            step = max(1, min(int(width / (self.width() * ratio)), int(height / self.height())))
            self._pixels = np.ascontiguousarray(captured.values[::step, ::step])
            height, width = self._pixels.shape[:2]
            form = QImage.Format.Format_RGB888
            self._image = QImage(self._pixels.data, width, height, 3 * width, form)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        if self._image.isNull():
            painter.fillRect(box, style.colour("sunken"))
        else:
            box = self._place()
            self._draw(painter, box)
            if self.boxes:
                box_painter.draw(painter, box, self._marks())
        if self.recording:
            self._draw_mark(painter, box)
        if self.words:
            self._write(painter, box)

    def _place(self) -> QRectF:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height())

    def _marks(self) -> Sequence[MarkedBox]:
        """The boxes as they are seen."""
        if not self.mirrored:
            return self.boxes
        return [replace(box, left=1 - box.right, right=1 - box.left) for box in self.boxes]

    def _draw(self, painter: QPainter, box: QRectF) -> None:
        if self.mirrored:
            painter.save()
            painter.translate(2 * box.center().x(), 0)
            painter.scale(-1, 1)
            painter.drawImage(box, self._image)
            painter.restore()
        else:
            painter.drawImage(box, self._image)

    def _draw_mark(self, painter: QPainter, box: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setColor(style.colour("danger"))
        pen.setWidth(4)
        painter.setPen(pen)
        painter.drawRect(box.adjusted(2, 2, -2, -2))

    def _write(self, painter: QPainter, box: QRectF) -> None:
        painter.setFont(style.font(64, bold=True))
        for shift, colour in ((2, QColor(0, 0, 0)), (0, QColor(255, 255, 255))):
            painter.setPen(colour)
            painter.drawText(box.translated(shift, shift), Qt.AlignmentFlag.AlignCenter, self.words)


class SoundScope(QWidget):
    """How loud it is, above the spectrogram of the last seconds, the newest at the right.

    Attributes:
        words, recording: as of :class:`CameraView`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.recording = False
        self._clips: Clips | None = None
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Loudness and running spectrogram"))
        self.setToolTip(
            style.tip(
                _(
                    "Top: how loud it is now, with a mark for the recent peak. Bottom: "
                    "the spectrogram of the last seconds, low tones at the bottom. The part "
                    "between the line and the right edge is what is predicted."
                )
            )
        )
        style.theme.changed.connect(self.update)

    def show_sound(self, clips: Clips | None) -> None:
        """Show what was heard so far; None for nothing."""
        self._clips = clips
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        clips, box = self._clips, QRectF(self.rect())
        meter = QRectF(box.left(), box.top(), box.width(), METER)
        tones = box.adjusted(0, METER + style.INSIDE, 0, -AXIS)
        painter.fillRect(meter, style.colour("sunken"))
        painter.fillRect(tones, style.colour("sunken"))
        if clips is not None and clips.columns is not None:
            self._draw_level(painter, clips, meter)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            sound = Sound(np.zeros(0, np.float32), clips.rate, clips.columns.shades)
            painter.drawImage(tones, renderers.spectrogram(sound, style.tokens()))
            self._draw_clip(painter, clips, tones)
        self._draw_axis(painter, tones)
        if self.recording:
            painter.setPen(style.colour("danger"))
            for inset in range(4):
                painter.drawRect(tones.adjusted(inset, inset, -inset - 1, -inset - 1))
        if self.words:
            painter.setFont(style.font(48, bold=True))
            painter.setPen(style.colour("text"))
            painter.drawText(tones, Qt.AlignmentFlag.AlignCenter, self.words)

    def _draw_level(self, painter: QPainter, clips: Clips, meter: QRectF) -> None:
        def place(decibels: float) -> float:
            return meter.width() * (1 - decibels / FLOOR)

        level = clips.level
        colour = "danger" if level.clipped else "warning" if level.peak > LOUD else "test"
        filled = QRectF(meter.left(), meter.top(), place(level.decibels), meter.height())
        painter.fillRect(filled, style.colour(colour))
        mark = QRectF(meter.left() + place(level.peak) - 2, meter.top(), 2, meter.height())
        painter.fillRect(mark, style.colour("text"))

    def _draw_clip(self, painter: QPainter, clips: Clips, tones: QRectF) -> None:
        """What the model is given: the end."""
        if clips.seconds < SHOWN:
            x = tones.right() - tones.width() * clips.seconds / SHOWN
            painter.fillRect(QRectF(x, tones.top(), 2, tones.height()), style.colour("validation"))

    def _draw_axis(self, painter: QPainter, tones: QRectF) -> None:
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("muted"))
        whole = int(SHOWN)
        for second in range(whole + 1):
            text = _("now") if second == 0 else f"−{second} s"
            width = painter.fontMetrics().horizontalAdvance(text)
            x = tones.right() - tones.width() * second / SHOWN - width * (1 - second / whole)
            painter.drawText(int(x), int(tones.bottom()) + AXIS - 4, text)
