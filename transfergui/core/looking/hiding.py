"""Heat maps without gradients: what a prediction becomes when one part after the other is hidden.

Occlusion sensitivity (Zeiler and Fergus 2014, arXiv:1311.2901), with parts of two sizes: small
ones find what is small, of large ones less is left to fill in. Works for every model that can be
asked, an ONNX file, too.
"""

from __future__ import annotations

import numpy as np

from transfergui.core.base.heat_colours import stretched

SIDE = 12
"""Places along each side of such a map."""
PARTS = ((3, 3), (4, 2))
"""Width of the hidden squares and the step between them, in places: 16 and 25 squares."""
GRADIENTS = 0.5
"""Weight of a map of gradients beside one by hiding. Share of test pictures whose map passes the
test, gradients alone and both: clothing 0.70 and 0.87 (30 pictures, MobileNetV2)."""
MOST_WORDS = 60
"""Parts of a text that are hidden one after the other, at most: of longer texts, neighbouring words
are hidden together."""


def squares() -> list[np.ndarray]:
    """The parts of a picture or a spectrogram that are hidden, bool [SIDE, SIDE]."""
    found = []
    for width, step in PARTS:
        starts = range(0, SIDE - width + 1, step)
        for row, column in ((row, column) for row in starts for column in starts):
            hidden = np.zeros((SIDE, SIDE), dtype=bool)
            hidden[row : row + width, column : column + width] = True
            found.append(hidden)
    return found


def of_squares(hidden: list[np.ndarray], changes: np.ndarray) -> np.ndarray:
    """A map [SIDE, SIDE] of how much less speaks for a prediction without each of :func:`squares`:
    of each size the mean of the squares that cover a place, both sizes on one scale."""
    whole = np.zeros((SIDE, SIDE))
    sizes = np.array([region.sum() for region in hidden])
    for size in np.unique(sizes):
        chosen = np.flatnonzero(sizes == size)
        covers = np.stack([hidden[at] for at in chosen]).astype(float)
        mean = np.tensordot(changes[chosen], covers, 1) / covers.sum(0)
        supports = mean.clip(0, None)
        whole += supports / supports.max() if supports.any() else supports
    return whole


def words(units: np.ndarray) -> list[np.ndarray]:
    """The parts of a text that are hidden, bool [T]: a word each, or neighbouring ones.

    Args:
        units: the word that each token is of [T], -1 for none.
    """
    there = np.unique(units[units >= 0])
    parts = np.array_split(there, min(len(there), MOST_WORDS)) if len(there) else []
    return [np.isin(units, part) for part in parts]


def of_words(hidden: list[np.ndarray], changes: np.ndarray, count: int) -> np.ndarray:
    """How much each token counts [T]: what its part changes, divided among the part's tokens.

    Args:
        count: of the tokens.
    """
    heat = np.zeros(count)
    for region, change in zip(hidden, changes, strict=True):
        heat[region] = change / region.sum()
    return heat


def joined(gradients: np.ndarray, hiding: np.ndarray) -> np.ndarray:
    """A map of gradients and one by hiding, each from 0 to 1, as one: gradients are finer."""
    size = (max(gradients.shape[0], SIDE), max(gradients.shape[1], SIDE))
    return GRADIENTS * stretched(gradients, size) + stretched(hiding, size)
