"""A sample with what was made of it: its picture, a heat map beside it, a sentence below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QLayout, QPushButton, QSizePolicy

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import number
from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Item
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples import renderers

SIDE, BESIDE = 168, 132
"""Pictures fit into a square of this many pixels; where two stand beside each other, into this."""

LETTERS = 10
"""Pixels of the letters of the time below a spectrogram."""
MOMENTS = {
    0.0: Qt.AlignmentFlag.AlignLeft,
    0.5: Qt.AlignmentFlag.AlignHCenter,
    1.0: Qt.AlignmentFlag.AlignRight,
}
"""Where times stand below a spectrogram, by their share of it."""
ARGB = QImage.Format.Format_ARGB32_Premultiplied


def side_of(item: Item) -> int:
    """Of the square of each picture of an item."""
    return BESIDE if item.beside else SIDE


def _with_seconds(preview: Preview, image: QImage) -> QImage:
    """A spectrogram of twice the pixels with its time below; other pictures as they are."""
    sound = renderers.sound_of(preview)
    if sound is None:
        return image
    font = style.font(2 * LETTERS)
    metrics = QFontMetrics(font)
    whole = QImage(image.width(), image.height() + metrics.height(), ARGB)
    whole.fill(Qt.GlobalColor.transparent)
    painter = QPainter(whole)
    painter.drawImage(0, 0, image)
    painter.setFont(font)
    painter.setPen(style.colour("muted"))
    row = QRect(0, image.height(), image.width(), metrics.height())
    length = len(sound.samples) / sound.rate
    for share, side in MOMENTS.items():
        seconds = _("{seconds} s").format(seconds=number(sound.start + share * length))
        painter.drawText(row, side | Qt.AlignmentFlag.AlignVCenter, seconds)
    painter.end()
    return whole


class PreviewCard(QPushButton):
    """A press opens it large.

    Args:
        look: makes the preview of what is shown first; called in a worker thread.
    """

    def __init__(self, item: Item, look: Callable[[], Preview]) -> None:
        super().__init__()
        self.item = item
        self.setProperty("role", "choice")
        self.setAccessibleName(item.caption or item.path)
        self.pictures = [QLabel(alignment=Qt.AlignmentFlag.AlignCenter)]
        self.pictures += [QLabel(alignment=Qt.AlignmentFlag.AlignCenter)] if item.beside else []
        caption = WrappedLabel()
        caption.setText(item.caption)
        caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        grid = QGridLayout(self)
        grid.setContentsMargins(*[style.INSIDE] * 4)
        grid.setSpacing(style.INSIDE)
        for place, picture in enumerate(self.pictures):
            picture.setFixedSize(side_of(item), side_of(item))
            picture.setWordWrap(True)
            grid.addWidget(picture, 0, place)
        grid.addWidget(caption, 1, 0, 1, len(self.pictures))
        for label in (*self.pictures, caption):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._look = look
        self._draw = Task(self, self._drawn, self._show, self._fail)
        style.theme.changed.connect(self._restart)
        self._restart()

    @staticmethod
    def width_of(item: Item) -> int:
        """Pixels that its card takes."""
        count = 2 if item.beside else 1
        return count * side_of(item) + (count + 1) * style.INSIDE + 2

    def _restart(self, *_args: object) -> None:
        self._draw.start()

    def _drawn(self) -> list[QImage]:
        """In a worker thread: every picture of the card."""
        size = QSize(1, 1) * 2 * side_of(self.item)
        keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode
        return [
            _with_seconds(p, renderers.draw(p).scaled(size, keep, smooth.SmoothTransformation))
            for p in self._previews()
        ]

    def _previews(self) -> list[Preview]:
        """Of a sound with its heat, the first is the same sound without: the network hears it at
        another length than its file has, and places are compared by time."""
        beside = self.item.beside
        if beside is None:
            return [self._look()]
        sound = renderers.sound_of(beside)
        if sound is None or sound.heat is None:
            return [self._look(), beside]
        return [replace(beside, data=replace(sound, heat=None)), beside]

    def _show(self, images: list[QImage]) -> None:
        for label, image in zip(self.pictures, images, strict=True):
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(2)
            label.setPixmap(pixmap)

    def _fail(self, error: UserError) -> None:
        self.pictures[0].setText(error.note.reason())

    def sizeHint(self) -> QSize:
        return QSize(self.width_of(self.item), self.heightForWidth(self.width_of(self.item)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay().totalHeightForWidth(width)

    def _lay(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout
