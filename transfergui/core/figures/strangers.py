"""Samples unlike anything that a network was trained on.

Two signs, each with a limit that its own held-out samples set: the distance to the nearest training
samples in the space of its features (Sun, Ming, Zhu and Li, "Out-of-Distribution Detection with
Deep Nearest Neighbors", 2022, arXiv:2204.06507), and the energy of its logits (Liu, Wang, Owens and
Li, "Energy-based Out-of-distribution Detection", 2020, arXiv:2010.03759). Measured on the bundled
collections: features as they are, on the unit sphere, told noise and other collections in 99 to
100 % at 5 % of the own; centred or whitened ones in 0 to 100 %; energy alone in 0 to 100 %.

What is kept is small, and a graph of any format can hold it: some features, and four numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from transfergui.core.figures.intervals import wilson
from transfergui.core.runs.doubts import Limits

NEAREST = 5
"""The distance is that to this neighbour: the nearest one may be a stray itself."""
MOST = 1000
"""Training samples that are kept; of networks with long features fewer: :data:`MOST_NUMBERS`."""
MOST_NUMBERS = 2_000_000
"""Of two bytes."""
PASSED = 0.95
"""The share of the held-out samples that are taken for its own."""
FEWEST = 20
"""Held-out samples: of fewer, none may be beyond the 95 %."""
FEWEST_KEPT = 10
"""Training samples."""
LEAST_SPREAD = 1e-6
PASSED_ENERGY = 0.99
"""The share that passes by energy where the training samples set the limit of the distance."""


def spreads(found: Limits) -> tuple[float, float]:
    """What lies between the usual and too much, of distance and energy."""
    pairs = ((found.distance, found.far), (found.energy, found.high))
    far, high = (max(LEAST_SPREAD, most - usual) for usual, most in pairs)
    return far, high


def on_sphere(rows: np.ndarray) -> np.ndarray:
    """Features [N, F] as float32 with length 1; without any, 0."""
    rows = rows.astype(np.float32)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(length, np.float32(1e-12))


def most(width: int) -> int:
    """So many features [F = ``width`` each] are kept at most."""
    return max(FEWEST_KEPT, min(MOST, MOST_NUMBERS // max(1, width)))


def chosen(labels: Sequence[int], most: int = MOST) -> list[int]:
    """Up to ``most`` rows, of every class as evenly as there are."""
    turns: dict[int, int] = {}
    ranked = []
    for row, label in enumerate(labels):
        turn = turns.get(label, 0)
        turns[label] = turn + 1
        ranked.append((turn, row))
    return sorted(row for _turn, row in sorted(ranked)[:most])


def reference(rows: np.ndarray) -> np.ndarray:
    """Features [R, F] as they are kept: float16 [R, F], on the sphere."""
    return on_sphere(rows).astype(np.float16)


def distances(rows: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """One minus the cosine to the :data:`NEAREST` of the kept features: float32 [N].

    Args:
        rows: [N, F], as a network makes them.
        kept: of :func:`reference` [R, F].
    """
    likeness = on_sphere(rows) @ kept.astype(np.float32).T
    place = min(NEAREST, len(kept))
    return 1 - np.partition(likeness, -place, axis=1)[:, -place]


def among(kept: np.ndarray) -> np.ndarray:
    """Of kept features [R, F], as :func:`distances` of each to the others: float32 [R]."""
    rows = kept.astype(np.float32)
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    place = min(NEAREST, len(kept) - 1)
    return 1 - np.partition(likeness, -place, axis=1)[:, -place]


def too_far(distance: np.ndarray, passed: float = PASSED) -> float:
    """What that share of new samples passes, if they are like these [N]."""
    place = min(len(distance), math.ceil((len(distance) + 1) * passed))
    return float(np.sort(distance)[place - 1])


def limits(
    distance: np.ndarray, energy: np.ndarray, training: np.ndarray | None = None
) -> Limits | None:
    """What 95 % of held-out samples pass, in both ways; None where they are too few.

    Few held-out samples, with some odd ones among them, set a loose limit of the distance. A
    network that was not trained has seen its training samples no more than others: their distances
    from each other count as well. (On 230 photos of clothes, 85 instead of 44 % of photos of
    hands are told so, and no more of the own refused.)

    Args:
        distance, energy: [N] of held-out samples.
        training: of :func:`among` [R], of a network that was not trained on them.
    """
    count = len(distance)
    place = math.ceil((count + 1) * PASSED)
    if count < FEWEST or place > count:
        return None
    if training is not None and _alike(distance, training):
        far = too_far(np.concatenate([training, distance]))
        high = too_far(energy, PASSED_ENERGY)
    else:
        rank = np.maximum(_ranks(distance), _ranks(energy))
        last = int(np.sort(rank)[place - 1])
        far, high = float(np.sort(distance)[last]), float(np.sort(energy)[last])
    return Limits(
        distance=float(np.median(distance)),
        far=far,
        energy=float(np.median(energy)),
        high=high,
        held_out=count,
    )


def _alike(distance: np.ndarray, training: np.ndarray) -> bool:
    """Whether the held-out pass the limit of the training samples, which may have copies."""
    beyond = wilson(int((distance > too_far(training)).sum()), len(distance))
    return beyond is not None and beyond.low <= 1 - PASSED


def left_out(
    kept: np.ndarray,
    kept_labels: np.ndarray,
    rows: np.ndarray,
    labels: np.ndarray,
    label: int,
    exchangeable: bool,
) -> tuple[int, int] | None:
    """How many samples of a class are told by their distance from all the other classes.

    Args:
        kept: of :func:`reference` [R, F], of the training samples with ``kept_labels`` [R].
        rows: features of held-out samples [N, F], with ``labels`` [N].
        exchangeable: whether training samples set the limit as well; as of :func:`limits`.

    Returns:
        So many of so many; None where there are too few of the others, or none of the class.
    """
    rest, own = kept[kept_labels != label], labels == label
    if len(rest) < FEWEST_KEPT or not own.any():
        return None
    usual = distances(rows[~own], rest) if (~own).any() else np.zeros(0, np.float32)
    training = among(rest)
    if exchangeable and (not len(usual) or _alike(usual, training)):
        usual = np.concatenate([usual, training])
    if len(usual) < FEWEST:
        return None
    return int((distances(rows[own], rest) > too_far(usual)).sum()), int(own.sum())


def _ranks(values: np.ndarray) -> np.ndarray:
    """How many are smaller than each."""
    return np.searchsorted(np.sort(values), values, side="left")


def unlikeness(distance: np.ndarray, energy: np.ndarray, found: Limits) -> np.ndarray:
    """How unusual samples are [N]: about 0 is usual, above 1 is a stranger."""
    far, high = spreads(found)
    return np.maximum((distance - found.distance) / far, (energy - found.energy) / high)
