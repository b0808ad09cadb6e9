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


def window(boxes: Tensor, left: float, top: float, width: float) -> Tensor:
    """The boxes [4 M, 5] that are seen in a square of four pictures, two beside two.

    Args:
        boxes: of the four [4, M, 5].
        left, top, width: of the square, in pictures.
    """
    shifts = torch.tensor([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=boxes.dtype).repeat(1, 2)
    corner = torch.tensor([left, top] * 2, dtype=boxes.dtype)
    corners = (boxes[..., 1:].cpu() + shifts[:, None] - corner) / width
    middle = (corners[..., :2] + corners[..., 2:]) / 2
    cut = corners.clamp(0, 1)
    large = (cut[..., 2:] - cut[..., :2] >= LEAST).all(2)
    kept = (boxes[..., 0].cpu() >= 0) & large & ((middle >= 0) & (middle <= 1)).all(2)
    name = boxes[..., 0].cpu().where(kept, -1)
    found = torch.cat([name[..., None], cut * kept[..., None]], 2)
    return found.flatten(0, 1).to(boxes.device)


PAIRS = ((0, 1), (2, 1), (0, 3), (2, 3))
"""The columns of the four corners."""


def _at(points: np.ndarray, linear: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Where points [N, M, 2] of the picture are in the changed square."""
    return np.einsum("nij,nmj->nmi", linear, points - shift)
