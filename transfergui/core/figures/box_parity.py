"""How far the boxes of an exported model are from those of the model itself."""

from __future__ import annotations

import numpy as np

from transfergui.core.figures.box_answers import ANSWER

TOLERANCE = 1e-4
"""Of scores, and of sides as shares of the picture: half a pixel where it has 5000."""
PARTNER = 0.01
"""Boxes of one class that are no further apart are the same box."""
LEAST, SAME = 0.05, 0.5
"""As of :mod:`transfergui.core.nn.detection.decode`: smaller scores are none, and boxes of one
class that overlap by more are one."""
BORDER = 2e-3
"""What is so close to either may be decided otherwise where figures are rounded otherwise."""


def side_by_side(rows: np.ndarray) -> np.ndarray:
    """Sides [K * 4], scores [K] and classes [K] of pictures, [N, K * 6], as answers [N, K * 6]:
    class, score and sides of one box after the other."""
    count = rows.shape[1] // ANSWER
    sides, scores, names = np.split(rows, (4 * count, 5 * count), axis=1)
    parts = names[..., None], scores[..., None], sides.reshape(len(rows), count, 4)
    return np.concatenate(parts, axis=2).reshape(len(rows), -1)


def apart(wanted: np.ndarray, found: np.ndarray) -> float:
    """The largest difference of a score, or of a side as a share, of boxes in answers [N, K * 6].

    A box that has no partner counts with its score, unless it is one that rounding decides: its
    score, or how far it overlaps another box of its class, is next to the border.
    """
    if not (np.isfinite(wanted).all() and np.isfinite(found).all()):
        return float("inf")
    return max((_of_picture(*each) for each in zip(wanted, found, strict=True)), default=0.0)


def _of_picture(wanted: np.ndarray, found: np.ndarray) -> float:
    one, other = (row.reshape(-1, ANSWER).astype(np.float64) for row in (wanted, found))
    one, other = one[one[:, 1] > 0], other[other[:, 1] > 0]
    return max(_one_way(one, other, len(wanted)), _one_way(other, one, len(wanted)))


def _one_way(boxes: np.ndarray, others: np.ndarray, room: int) -> float:
    """Of each of ``boxes`` [A, 6] from its partner among ``others`` [B, 6]."""
    if not len(boxes):
        return 0.0
    full = others[:, 1].min() if len(others) * ANSWER == room else 0.0
    differences = np.full(len(boxes), np.inf)
    if len(others):
        each = np.abs(boxes[:, None, 1:] - others[None, :, 1:]).max(axis=2)
        each[boxes[:, None, 0] != others[None, :, 0]] = np.inf
        differences = each.min(axis=1)
    for at in np.flatnonzero(differences > PARTNER):
        decided = _on_border(boxes[at], np.concatenate([boxes, others]), max(full, LEAST))
        differences[at] = 0.0 if decided else max(boxes[at, 1], PARTNER)
    return float(differences.max())


def _on_border(box: np.ndarray, others: np.ndarray, least: float) -> bool:
    if box[1] < least + BORDER:
        return True
    same = others[others[:, 0] == box[0]]
    low, high = np.maximum(same[:, 2:4], box[2:4]), np.minimum(same[:, 4:], box[4:])
    both = (high - low).clip(0).prod(axis=1)
    sizes = (same[:, 4:] - same[:, 2:4]).prod(axis=1) + (box[4:] - box[2:4]).prod()
    overlap = both / np.maximum(sizes - both, 1e-12)
    return bool((abs(overlap - SAME) < BORDER).any())
