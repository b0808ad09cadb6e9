"""Boxes that move with the pictures that they are in."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

LEAST = 1e-3
"""Of a picture's width and height, that a box must keep."""


def moved(boxes: Tensor, maps: np.ndarray) -> Tensor:
    """Where boxes are in changed pictures: the smallest box around what each has become, cut off
    at the edges. One whose middle lies outside then, or of which nothing is left, is none.

    Args:
        boxes: [N, M, 5]: what it is, or -1 of none; left, top, right, bottom as shares.
        maps: of the changed square [-1, 1]² to the picture's, [N, 2, 3].
    """
    table = boxes.numpy().astype(np.float64)
    name, corners = table[..., 0], 2 * table[..., 1:] - 1
    linear, shift = np.linalg.inv(maps[:, :, :2]), maps[:, None, :, 2]
    middle = _at((corners[..., :2] + corners[..., 2:]) / 2, linear, shift)
    four = np.stack([_at(corners[..., list(at)], linear, shift) for at in PAIRS])
    low, high = four.min(0).clip(-1, 1), four.max(0).clip(-1, 1)
    inside = (np.abs(middle) <= 1).all(2) & (high - low >= 2 * LEAST).all(2)
    found = np.concatenate([(low + 1) / 2, (high + 1) / 2], 2)
    kept = inside & (name >= 0)
    whole = np.concatenate(
        [np.where(kept, name, -1)[..., None], np.where(kept[..., None], found, 0)], 2
    )
    return torch.from_numpy(whole.astype(np.float32))


PAIRS = ((0, 1), (2, 1), (0, 3), (2, 3))
"""The columns of the four corners."""


def _at(points: np.ndarray, linear: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Where points [N, M, 2] of the picture are in the changed square."""
    return np.einsum("nij,nmj->nmi", linear, points - shift)
