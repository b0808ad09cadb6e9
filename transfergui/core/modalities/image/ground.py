"""What is seen through transparent parts: the background on which the pictures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from transfergui.core.modalities.image.decode import GROUNDS
from transfergui.core.modalities.image.deep import Ground

Contrasts = Mapping[Ground, float]
"""How far the visible pixels of a picture are from each background, in levels of 255."""

SIDE = 64
"""So many pixels are looked at, squared; as they are, for a mean of them may be visible nowhere."""
HIDDEN = 48
"""A picture with less contrast is as good as blank: white icons on white, say."""


def contrasts(image: Image.Image) -> Contrasts | None:
    """How well ``image`` shows on each background; None where nothing of it is transparent."""
    if not image.has_transparency_data:
        return None
    few = image.convert("RGBA").resize((SIDE, SIDE), Image.Resampling.NEAREST)
    pixels = np.asarray(few, dtype=np.float32)
    alpha = pixels[..., 3]
    if alpha.min() == 255 or not alpha.any():
        return None
    weights = alpha / alpha.sum()
    return {
        ground: float((np.abs(pixels[..., :3] - colour).max(axis=2) * weights).sum())
        for ground, colour in GROUNDS.items()
    }


def choose(found: Sequence[Contrasts]) -> Ground:
    """The background that hides the fewest pictures; white, black and gray in this order."""

    def hidden(ground: Ground) -> int:
        return sum(contrasts[ground] < HIDDEN for contrasts in found)

    return min(GROUNDS, key=hidden)
