"""Whether one picture is a part of another: laid over it at every place and in several sizes, then
compared by what is fine in both.

Shape and background alone do not tell: shirts of one cut on one sofa correlate by 0.96. Without
what is smooth, pictures that were cut to 60, 75 or 90 % of their area, made smaller or saved again
with quality 30 correlate with the original by 0.84 to 1 (9 in 10: above 0.94) among 250 brain
scans, 600 clothes and 400 hand signs; nearest neighbours that are other pictures by at most 0.77
among hand signs, before one background, and 0.42 among clothes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from transfergui.core.data.likeness import Compare, remembered
from transfergui.core.modalities.image import decode
from transfergui.core.modalities.image.deep import Reading

COARSE, FINE = 24, 48
"""The side of the smaller picture when all places are tried, and when the best one is looked at."""
PARTS = tuple(np.linspace(1, 0.7, 7).tolist())
"""Sides of the part, as shares of the whole."""
LIKELY = 0.8
"""Correlation at the best of all places below which no closer look is worth it."""
FITTING = 0.88
"""The same while the part is moved: copies reach 0.92 at the first step, 0.98 at the last."""
STEPS = (0.02, 0.01, 0.005)
"""Of the closer look: how far the part is moved, made larger and smaller."""
AROUND = 2
"""Pixels on each side whose mean is smooth, not fine."""
KEPT = 4000
"""Pictures that are remembered: 100 MB at most."""


Place = tuple[float, float, float]
"""Left, top and side of a part, as shares of the picture."""


@dataclass(frozen=True)
class _Small:
    """A picture, gray.

    Attributes:
        image: at least 2 * FINE pixels wide and high, where there are so many.
        coarse: of length 1 about its mean [COARSE²].
        fine: likewise [FINE²].
        larger: so large that a part of it is COARSE wide, by :data:`PARTS`.
    """

    image: Image.Image
    coarse: np.ndarray
    fine: np.ndarray
    larger: tuple[np.ndarray, ...]


def comparison(reading: Reading) -> Compare:
    """Compares two pictures, either of which may be a part of the other."""
    small = remembered(lambda path: _small(path, reading), KEPT)

    def compare(one: Path, other: Path) -> float:
        a, b = small(one), small(other)
        return max(_part_of(a, b), _part_of(b, a))

    return compare


def _small(path: Path, reading: Reading) -> _Small:
    image = decode.open_picture(path, 2 * FINE, reading).convert("L")
    image.thumbnail((4 * FINE, 4 * FINE), Image.Resampling.BOX)
    larger = tuple(_gray(image, round(COARSE / part)) for part in PARTS)
    return _Small(image, _unit(_gray(image, COARSE)), _unit(_gray(image, FINE)), larger)


def _gray(
    image: Image.Image, side: int, box: tuple[float, float, float, float] | None = None
) -> np.ndarray:
    """A part of a picture as a square: float32 [side, side]."""
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR, box), np.float32)


def _unit(pixels: np.ndarray) -> np.ndarray:
    flat = (pixels - pixels.mean()).ravel()
    found: np.ndarray = flat / max(float(np.linalg.norm(flat)), 1e-6)
    return found


def _part_of(whole: _Small, part: _Small) -> float:
    """The correlation of ``part`` with that part of ``whole`` which is most like it, by what is
    fine in both."""
    best, x, y, side = -1.0, 0.0, 0.0, 1.0
    for larger in whole.larger:
        found = _everywhere(larger, part.coarse)
        at = int(found.argmax())
        if found[at] > best:
            row, column = divmod(at, len(larger) - COARSE + 1)
            best, side = float(found[at]), COARSE / len(larger)
            x, y = column / len(larger), row / len(larger)
    if best < LIKELY:
        return 0.0
    place = _closer(whole.image, part.fine, (x, y, side))
    if place is None:
        return 0.0
    own = part.fine.reshape(FINE, FINE)
    return float(_detail(_part(whole.image, place)) @ _detail(own))


def _everywhere(larger: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Correlations of ``part`` [COARSE²] with every place of ``larger``, row by row."""
    windows = np.lib.stride_tricks.sliding_window_view(larger, (COARSE, COARSE))
    rows = windows.reshape(-1, COARSE * COARSE)
    means = rows.mean(1)
    squares = np.einsum("nf,nf->n", rows, rows) - means**2 * COARSE * COARSE
    found: np.ndarray = rows @ part / np.sqrt(np.maximum(squares, 1e-6))
    return found


def _closer(image: Image.Image, part: np.ndarray, place: Place) -> Place | None:
    """``place``, or one near it where ``part`` fits better; None where it fits nowhere."""
    best = _fit(image, part, place)
    for step in STEPS:
        x, y, side = place
        for dx, dy, larger in itertools.product((-step, 0, step), repeat=3):
            tried = (x + dx - larger / 2, y + dy - larger / 2, side + larger)
            found = _fit(image, part, tried)
            if found > best:
                best, place = found, tried
        if best < FITTING:
            return None
    return place


def _fit(image: Image.Image, part: np.ndarray, place: Place) -> float:
    return float(_unit(_part(image, place)) @ part)


def _part(image: Image.Image, place: Place) -> np.ndarray:
    """float32 [FINE, FINE]."""
    x, y, side = place
    side = min(1.0, side)
    x, y = min(max(0.0, x), 1 - side), min(max(0.0, y), 1 - side)
    width, height = image.size
    box = (x * width, y * height, (x + side) * width, (y + side) * height)
    return _gray(image, FINE, box)


def _detail(pixels: np.ndarray) -> np.ndarray:
    """Pixels without the mean of those around each: of length 1 [FINE²]."""
    padded = np.pad(pixels, AROUND, mode="edge")
    side = 2 * AROUND + 1
    windows = np.lib.stride_tricks.sliding_window_view(padded, (side, side))
    return _unit(pixels - windows.mean((2, 3)))
