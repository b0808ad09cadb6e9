"""Where in a picture its object is, as far as the colours of the border tell.

The border of most pictures of one thing is background; what differs from it is the thing (the
boundary prior of Wei et al., "Geodesic Saliency Using Background Priors", 2012). Where the
surroundings are as colourful as the thing, nothing is known, and nothing is claimed.
"""

from __future__ import annotations

import math

import numpy as np

SIDE = 48
"""Pixels of the longer side of what is looked at, about."""
STRIP = 0.05
"""Of each side: the border."""
FLOOR = 14.0
"""Levels of 255 that count as noise of a background at least."""
APART = 3.0
"""Standard deviations of the background by which a pixel of the object differs."""
LEAST, MOST = 0.03, 0.75
"""Of the picture: an object smaller or larger than that is not trusted."""
FILLED = 0.45
"""Of its box that an object covers: less is clutter."""
OUTSIDE = 0.12
"""Of what differs from the background, so much may lie outside the object."""
UNKNOWN = math.nan


def box(pixels: np.ndarray) -> dict[str, float]:
    """The box around the object of a picture float32 [h, w, 3], as shares of its width and height
    (``box_left``, ``box_top``, ``box_right``, ``box_bottom``); NaN where that cannot be told."""
    step = max(1, max(pixels.shape[:2]) // SIDE)
    small = _reduced(pixels, step)
    found = _found(_apart(small) > APART)
    names = ("box_left", "box_top", "box_right", "box_bottom")
    return dict(zip(names, found or (UNKNOWN,) * 4, strict=True))


def _reduced(pixels: np.ndarray, step: int) -> np.ndarray:
    height, width = (length // step * step for length in pixels.shape[:2])
    cut = pixels[:height, :width].reshape(height // step, step, width * 3).sum(axis=1)
    return np.asarray(cut.reshape(height // step, width // step, step, 3).sum(axis=2) / step**2)


def _apart(small: np.ndarray) -> np.ndarray:
    """How many standard deviations each pixel is from the border [h, w]: of the four sides, from
    the second nearest, as the object may reach one of them."""
    high, wide = (max(1, round(STRIP * length)) for length in small.shape[:2])
    sides = (small[:high], small[-high:], small[:, :wide], small[:, -wide:])
    found = []
    for side in sides:
        colours = side.reshape(-1, 3)
        middle = _median(colours)
        spread = 1.4826 * _median(np.abs(colours - middle))
        apart = np.square((small - middle) / np.maximum(spread, FLOOR))
        found.append(np.sqrt((apart[..., 0] + apart[..., 1] + apart[..., 2]) / 3))
    return np.sort(np.stack(found), axis=0)[1]


def _median(rows: np.ndarray) -> np.ndarray:
    """Of each column; of a few rows, five times as quick as :func:`numpy.median`."""
    ordered = np.sort(rows, axis=0)
    half = len(rows) // 2
    found: np.ndarray = ordered[half] if len(rows) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return found


def _found(other: np.ndarray) -> tuple[float, float, float, float] | None:
    """The box of the largest connected part of what differs, bool [h, w]; None where most of it is
    elsewhere, or it is no solid thing."""
    from scipy import ndimage

    parts, count = ndimage.label(other)
    if not count:
        return None
    sizes = np.bincount(parts.ravel())[1:]
    share = sizes.max() / other.size
    if not LEAST <= share <= MOST or sizes.max() < (1 - OUTSIDE) * sizes.sum():
        return None
    rows, columns = ndimage.find_objects(parts)[int(sizes.argmax())]
    height, width = other.shape
    area = (rows.stop - rows.start) * (columns.stop - columns.start)
    if sizes.max() < FILLED * area:
        return None
    return columns.start / width, rows.start / height, columns.stop / width, rows.stop / height
