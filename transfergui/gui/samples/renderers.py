"""How each kind of preview is drawn small: pictures, spectrograms, cards with the first words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

from transfergui.core.base import heat_colours
from transfergui.core.interfaces.samples import Preview, Sound, Text
from transfergui.gui.base import style
from transfergui.gui.base.images import image_of
from transfergui.gui.base.style import Tokens
from transfergui.gui.pictures import box_painter

CARD = 224
"""Side of a card, and width of a spectrogram, in pixels: twice that of a thumbnail."""
CARD_TEXT = 22
CARD_WORDS = 400
"""Characters of a text that may fit on a card."""
LINE = 120
"""Characters of a text that stand for it in a table."""

SHADES = {
    False: ("#f4f8f1", "#c2e5cb", "#45b0c6", "#225ea8", "#0a1f5c"),
    True: ("#14181d", "#173a63", "#2077ac", "#45b9c7", "#e3f3bf"),
}
"""Colours of a spectrogram from quiet to loud, by whether the window is dark: quiet is as the
window itself, and lightness goes one way only (after ColorBrewer's YlGnBu)."""


@dataclass(frozen=True)
class Renderer:
    """How previews of one kind are shown where there is little room.

    Attributes:
        draw: the data of a preview as an image, in the colours of the tokens; called in workers.
        line: the data in a few words, where words say more than the name of the file.
        icon: of :func:`transfergui.gui.base.style.icon`, where there is no room for ``draw``.
    """

    draw: Callable[[Any, Tokens], QImage]
    line: Callable[[Any], str] = lambda data: ""
    icon: str = ""


def draw(preview: Preview) -> QImage:
    """A preview as a small image, in the colours in force."""
    image = RENDERERS[preview.kind].draw(preview.data, style.tokens())
    if preview.boxes:
        painter = QPainter(image)
        box_painter.draw(painter, QRectF(image.rect()), preview.boxes, small=True)
        painter.end()
    return image


def line(preview: Preview) -> str:
    """A preview in a few words; empty where its name says as much."""
    return RENDERERS[preview.kind].line(preview.data)


def sound_of(preview: Preview) -> Sound | None:
    """What of a preview can be played."""
    return preview.data if isinstance(preview.data, Sound) else None


# -- pictures


def picture(data: np.ndarray, tokens: Tokens) -> QImage:
    """uint8 [height, width, 3]."""
    return image_of(data)


# -- sounds


def sound(data: Sound, tokens: Tokens) -> QImage:
    """The spectrogram, whatever its length, in the shape of a picture."""
    whole = spectrogram(data, tokens)
    return whole.scaled(
        QSize(CARD, CARD * 3 // 4),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def spectrogram(data: Sound, tokens: Tokens) -> QImage:
    """As a QImage with high tones at the top; in grey below a heat map, if there is one."""
    if data.heat is None:
        return picture(_shades(tokens.dark)[data.spectrogram[::-1]], tokens)
    return picture(heat_colours.spectrogram(data.spectrogram, data.heat, tokens.dark), tokens)


@functools.cache
def _shades(dark: bool) -> np.ndarray:
    """uint8 [256, 3]: the colour of every loudness."""
    stops = [QColor(name) for name in SHADES[dark]]
    places = np.linspace(0, 255, len(stops))
    rows = np.array([(stop.red(), stop.green(), stop.blue()) for stop in stops])
    channels = [np.interp(np.arange(256), places, rows[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


# -- texts


def text(data: Text, tokens: Tokens) -> QImage:
    """A card with as many of the first words as fit on it."""
    image = QImage(CARD, CARD, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(tokens.border))
    painter.setBrush(QColor(tokens.surface))
    painter.drawRoundedRect(QRectF(1, 1, CARD - 2, CARD - 2), 2 * style.RADIUS, 2 * style.RADIUS)
    painter.setPen(QColor(tokens.text))
    begin = _begin(data, CARD_WORDS)
    box = QRectF(16, 12, CARD - 32, CARD - 24)
    _write(painter, begin, box, coloured(data, len(begin)))
    painter.end()
    return image


def words(data: Text) -> str:
    """The beginning of a text, on one line."""
    begin = _begin(data, LINE + 1)
    return begin if len(begin) <= LINE else begin[:LINE].rstrip() + "…"


def _begin(data: Text, length: int) -> str:
    """The first characters on one line; of what is no text any more, the tokens."""
    found = data.text[: 4 * length] or ("  " if data.weights else " ").join(data.pieces)
    return " ".join(found.split())[:length]


def coloured(data: Text, length: int) -> list[QTextLayout.FormatRange]:
    """The colours of the words in the first characters of a text, which is on one line."""
    found = []
    for start, end, share in data.shares:
        if end <= length and abs(share) >= heat_colours.FAINT:
            part = QTextLayout.FormatRange()
            part.start, part.length = start, end - start
            part.format = word_format(share)
            found.append(part)
    return found


def word_format(share: float) -> QTextCharFormat:
    """How a word is coloured that speaks for a prediction, or against it."""
    shade = QColor(*(heat_colours.FOR if share > 0 else heat_colours.AGAINST))
    shade.setAlphaF(abs(share) * heat_colours.WORD)
    format = QTextCharFormat()
    format.setBackground(shade)
    return format


def _write(
    painter: QPainter,
    words: str,
    box: QRectF,
    formats: Sequence[QTextLayout.FormatRange] = (),
) -> None:
    """Lines of ``words`` from the top of ``box``; the last one that fits ends in dots."""
    font = style.font(CARD_TEXT)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    rows = int(box.height() // metrics.lineSpacing())
    layout = QTextLayout(words, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.setFormats(list(formats))
    layout.beginLayout()
    for row in range(rows):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(box.width())
        top = box.top() + row * metrics.lineSpacing()
        if row == rows - 1:
            rest = words[line.textStart() :]
            rest = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(QPointF(box.left(), top + metrics.ascent()), rest)
        else:
            line.draw(painter, QPointF(box.left(), top))
    layout.endLayout()


RENDERERS: dict[str, Renderer] = {
    "picture": Renderer(picture),
    "sound": Renderer(sound),
    "text": Renderer(text, words, "lines"),
}
"""By the kind of a :class:`Preview`."""
