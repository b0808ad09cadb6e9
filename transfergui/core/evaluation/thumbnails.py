"""Samples small, for a page without other files: a picture as a data address, a text in words."""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.interfaces.samples import MarkedBox, Preview, Sound, Text

if TYPE_CHECKING:
    from PIL import Image

SIDE = 176
"""Pixels of a picture's longer side."""
QUALITY = 78
"""Of JPEG: about 6 KB a picture."""
WORDS = 240
"""Letters of a text."""

COLOURS = ("#77aadd", "#ee8866", "#44bb99", "#eedd88", "#99ddff", "#ffaabb", "#bbcc33", "#c59be8",
           "#d0a060", "#ff6f91")  # fmt: skip
"""Of boxes by the place of their class: as in the window, on a dark ground."""
CASING = "#202020"
"""Below each line."""
DASH, GAP = 5, 3
"""Pixels of the lines of predictions."""

SHADES = ((244, 248, 241), (194, 229, 203), (69, 176, 198), (34, 94, 168), (10, 31, 92))
"""Colours of a spectrogram from quiet to loud (after ColorBrewer's YlGnBu)."""


@dataclass(frozen=True)
class Thumbnail:
    """What stands for a sample.

    Attributes:
        source: a ``data:`` address of a picture; empty of a text.
        text: the beginning of a text.
    """

    source: str = ""
    text: str = ""


def thumbnail(preview: Preview) -> Thumbnail:
    """A preview as a page shows it."""
    match preview.data:
        case Text() as text:
            found = text.text or " ".join(text.pieces)
            said = " ".join(found[: 4 * WORDS].split())
            return Thumbnail(text=said if len(said) <= WORDS else said[:WORDS].rstrip() + "…")
        case Sound() as sound:
            shades = _shades()[sound.spectrogram[::-1]]
            return Thumbnail(_encoded(shades, (SIDE, SIDE * 3 // 4)))
    return Thumbnail(_encoded(preview.data, boxes=preview.boxes))


def _encoded(
    pixels: Any, size: tuple[int, int] | None = None, boxes: Sequence[MarkedBox] = ()
) -> str:
    """uint8 [height, width, 3] as JPEG.

    Args:
        size: width and height; by default, the longer side is as long as :data:`SIDE`.
        boxes: that are drawn in it.
    """
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels))
    if size is None:
        image.thumbnail((SIDE, SIDE))
    else:
        image = image.resize(size)
    if boxes:
        if max(image.size) < SIDE:  # a small part: the lines would hide it
            scale = SIDE / max(image.size)
            image = image.resize([max(1, round(side * scale)) for side in image.size])
        _draw_boxes(image, boxes)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode()


def _draw_boxes(image: Image.Image, boxes: Sequence[MarkedBox]) -> None:
    """True boxes with solid lines, predicted ones with dashed lines, wrong ones thicker."""
    from PIL import ImageDraw

    width, height = image.size
    pen = ImageDraw.Draw(image)
    for box in boxes:
        left, right = round(box.left * width), round(box.right * width)
        top, bottom = round(box.top * height), round(box.bottom * height)
        sides = [(left, top, right, top), (left, bottom, right, bottom)]
        sides += [(left, top, left, bottom), (right, top, right, bottom)]
        lines = [dash for side in sides for dash in _dashes(*side)] if box.predicted else sides
        thick = 3 if box.wrong else 1
        for colour, more in ((CASING, 2), (COLOURS[box.place % len(COLOURS)], 0)):
            for line in lines:
                pen.line(line, colour, thick + more)


def _dashes(left: int, top: int, right: int, bottom: int) -> Iterator[tuple[int, int, int, int]]:
    """A line that is upright or level, in pieces."""
    across = right > left
    length = right - left if across else bottom - top
    for start in range(0, length, DASH + GAP):
        end = min(length, start + DASH)
        yield (
            (left + start, top, left + end, top) if across else (left, top + start, left, top + end)
        )


@functools.cache
def _shades() -> np.ndarray:
    """uint8 [256, 3]: the colour of every loudness."""
    places = np.linspace(0, 255, len(SHADES))
    channels = [np.interp(np.arange(256), places, channel) for channel in np.transpose(SHADES)]
    return np.stack(channels, axis=1).round().astype(np.uint8)
