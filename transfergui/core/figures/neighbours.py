"""The nearest neighbours of each row of features, exactly, in blocks that take little memory."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transfergui.core.base.progress import Tell, untold

BLOCK = 512


class Neighbours(NamedTuple):
    """The nearest others of each row, nearest first.

    Attributes:
        rows: indices, int64 [N, K].
        distances: 1 - cosine similarity, 0 to 2: float32 [N, K].
    """

    rows: np.ndarray
    distances: np.ndarray


def normed(features: np.ndarray) -> np.ndarray:
    """Features [N, F] of length 1, float32; those that are zero stay so."""
    rows = features.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths > 0, lengths, 1)
    return rows


def nearest(features: np.ndarray, count: int, tell: Tell = untold) -> Neighbours:
    """The ``count`` nearest others of each row by the angle between features [N, F]; fewer where
    there are not so many."""
    rows = normed(features)
    total = len(rows)
    count = min(count, total - 1)
    found = np.empty((total, max(0, count)), np.int64)
    distances = np.empty((total, max(0, count)), np.float32)
    for start in range(0, total, BLOCK) if count > 0 else ():
        tell(start, total)
        end = min(start + BLOCK, total)
        near = rows[start:end] @ rows.T
        near[np.arange(end - start), np.arange(start, end)] = -np.inf
        some = np.argpartition(near, total - count, axis=1)[:, total - count :]
        likeness = np.take_along_axis(near, some, 1)
        order = np.argsort(-likeness, axis=1, kind="stable")
        found[start:end] = np.take_along_axis(some, order, 1)
        distances[start:end] = 1 - np.take_along_axis(likeness, order, 1)
    return Neighbours(found, distances.clip(0, 2))
