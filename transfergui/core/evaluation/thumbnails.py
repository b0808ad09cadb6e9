"""Samples small, for a page without other files: a picture as a data address, a text in words."""

from __future__ import annotations

import base64
import functools
import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from transfergui.core.interfaces.samples import Preview, Sound, Text

SIDE = 176
"""Pixels of a picture's longer side."""
QUALITY = 78
"""Of JPEG: about 6 KB a picture."""
WORDS = 240
"""Letters of a text."""

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
    return Thumbnail(_encoded(preview.data))


def _encoded(pixels: Any, size: tuple[int, int] | None = None) -> str:
    """uint8 [height, width, 3] as JPEG.

    Args:
        size: width and height; by default, the longer side is as long as :data:`SIDE`.
    """
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels))
    if size is None:
        image.thumbnail((SIDE, SIDE))
    else:
        image = image.resize(size)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode()


@functools.cache
def _shades() -> np.ndarray:
    """uint8 [256, 3]: the colour of every loudness."""
    places = np.linspace(0, 255, len(SHADES))
    channels = [np.interp(np.arange(256), places, channel) for channel in np.transpose(SHADES)]
    return np.stack(channels, axis=1).round().astype(np.uint8)
