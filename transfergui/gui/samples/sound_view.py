"""A sound, large: its waveform above its spectrogram, and a button to hear it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.data.captions import clock
from transfergui.core.interfaces.samples import Sound
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples.audio_player import AudioPlayer
from transfergui.gui.samples.renderers import spectrogram

MARKS = 5
"""Moments named below."""
SHORT = 10
"""Seconds; moments in shorter sounds are named to the hundredth."""


class SoundView(QWidget):
    """What a sound looks like, with a cursor where it is being played."""

    def __init__(self, sound: Sound, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sound = sound
        self.player = AudioPlayer(self)
        self.drawing = SoundDrawing(sound)
        self.button = QPushButton()
        self.why_not = WrappedLabel(role="caption")
        self.button.clicked.connect(self._toggle)
        length = QLabel(_("{seconds} seconds").format(seconds=f"{_length(sound):.2f}"))
        length.setProperty("role", "caption")
        row = QHBoxLayout()
        row.setSpacing(style.BETWEEN)
        row.addWidget(self.button)
        row.addWidget(length)
        row.addWidget(self.why_not, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.drawing, 1)
        layout.addLayout(row)
        self.player.moved.connect(self.drawing.move_cursor)
        self.player.ended.connect(self._show_ended)
        style.theme.changed.connect(self._dress)
        self._allow()
        self._dress()

    def _toggle(self) -> None:
        if self.player.playing:
            self.player.stop()
        else:
            self.player.play(self._sound)
            self._dress()

    def _show_ended(self) -> None:
        self.drawing.move_cursor(None)
        self._dress()

    def _allow(self) -> None:
        obstacle = self.player.obstacle
        self.button.setEnabled(not obstacle)
        self.button.setToolTip(obstacle or _("Play the recording as it is in the file."))
        self.button.setAccessibleDescription(obstacle)
        self.why_not.setText(obstacle)

    def _dress(self) -> None:
        playing = self.player.playing
        self.button.setText(_("Stop") if playing else _("Play"))
        self.button.setIcon(style.icon("stop" if playing else "play"))


class SoundDrawing(QWidget):
    """The waveform, the spectrogram below it on the same time axis, and the cursor."""

    BELOW = 18
    """Pixels for the moments below."""

    def __init__(self, sound: Sound) -> None:
        super().__init__()
        self._sound = sound
        self._picture = QImage()
        self._cursor: float | None = None
        self.setMinimumSize(240, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Waveform and spectrogram"))
        self.setToolTip(
            _(
                "Top: the waveform, how loud the recording is over time. Bottom: the spectrogram, "
                "with low tones at the bottom, high tones at the top, and loud ones in strong "
                "colours."
            )
        )
        style.theme.changed.connect(self._dress)
        self._dress()

    @property
    def cursor_place(self) -> float | None:
        """Seconds from the beginning, None while it is silent."""
        return self._cursor

    def move_cursor(self, seconds: float | None) -> None:
        self._cursor = seconds
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 360)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.rect()).adjusted(0, 0, 0, -self.BELOW)
        wave = QRectF(room.left(), room.top(), room.width(), room.height() // 3)
        tones = room.adjusted(0, wave.height() + style.GAP, 0, 0)
        painter.fillRect(wave, style.colour("sunken"))
        painter.setPen(QPen(style.colour("accent"), 1))
        painter.drawLines(_envelope(self._sound.samples, wave))
        painter.drawImage(tones, self._picture)
        self._draw_moments(painter, room)
        if self._cursor is not None:
            x = room.width() * min(1.0, self._cursor / _length(self._sound))
            painter.setPen(QPen(style.colour("validation"), 2))
            painter.drawLine(QLineF(x, room.top(), x, room.bottom()))

    def _draw_moments(self, painter: QPainter, room: QRectF) -> None:
        """Where in the file this is: a few moments below the drawing."""
        painter.setFont(style.font(style.SMALL))
        painter.setPen(style.colour("muted"))
        for number in range(MARKS):
            share = number / (MARKS - 1)
            text = self._moment(self._sound.start + share * _length(self._sound))
            width = painter.fontMetrics().horizontalAdvance(text)
            x = share * (room.width() - width)
            painter.drawText(QPointF(x, self.height() - style.GAP), text)

    def _moment(self, seconds: float) -> str:
        return clock(seconds) if _length(self._sound) > SHORT else f"{seconds:.2f} s"

    def _dress(self) -> None:
        self._picture = spectrogram(self._sound, style.tokens())
        self.update()


def _length(sound: Sound) -> float:
    """Seconds; of an empty sound a moment, so that one can divide by it."""
    return max(len(sound.samples), 1) / sound.rate


def _envelope(samples: np.ndarray, box: QRectF) -> list[QLineF]:
    """One line a column, from the lowest to the highest sample in it."""
    columns = max(1, min(int(box.width()), len(samples)))
    starts = np.linspace(0, len(samples), columns, endpoint=False).astype(int)
    if not len(samples):
        return []
    low, high = np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
    middle, half = box.center().y(), box.height() / 2 - 1
    tops, bottoms = middle - half * high.clip(-1, 1), middle - half * low.clip(-1, 1)
    places = box.left() + (np.arange(columns) + 0.5) * (box.width() / columns)
    rows = zip(places.tolist(), tops.tolist(), bottoms.tolist(), strict=True)
    return [QLineF(x, top, x, bottom + 1) for x, top, bottom in rows]
