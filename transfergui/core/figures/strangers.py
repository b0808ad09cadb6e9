"""Samples unlike anything that a network was trained on.

Three signs, each with a limit that samples set which it was not compared with. The distance: to the
nearest training samples in the space of its features (Sun, Ming, Zhu and Li, "Out-of-Distribution
Detection with Deep Nearest Neighbors", 2022, arXiv:2204.06507). The residual: what the training
samples together leave unexplained of the square roots of its features, which is the variance of a
Gaussian process (Rasmussen and Williams 2006, section 2.2; without its centring and in the span
rather than outside of it, the residual of Wang et al., "ViM", 2022, arXiv:2203.10807; the roots
shrink the few features that a fine-tuned network blows up, as Sun, Guo and Li, "ReAct", 2021,
arXiv:2111.12797, cut them). The energy of its logits (Liu, Wang, Owens and Li, "Energy-based
Out-of-distribution Detection", 2020, arXiv:2010.03759).

``python -m tests.benchmarks.strangers`` measures them; on the same pairs they were chosen: the mean
distance to three beat that to the first, third, fifth and tenth, by 5 to 30 points with the
built-in network; the residual of roots that of plain features, Mahalanobis distances, relative
ones, densities and local ratios; both together are never far below the better one. Energy, the
highest logit and the confidence tell 0 to 50 % of strangers, and cost the others as many when they
share the refusals, so energy only counts where it is extreme.

What is kept is small, and a graph of any format can hold it: some features, and a few numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from transfergui.core.figures.intervals import wilson
from transfergui.core.runs.doubts import Limits

NEAREST = 3
"""The distance is the mean of those to so many neighbours."""
COPIES = 10.0
"""The distance is at most so many times that to the nearest one: no copy of an odd training sample
is a stranger."""
SAME = 1e-4
"""What is nearer is a copy: less is how computers and formats round."""
FIFTH = 5
"""Runs of older versions: the distance is that to this neighbour."""
RIDGE = 0.03
"""What the training samples are taken to be blurred by, of a variance of 1."""
MOST = 1000
"""Training samples that are kept; of networks with long features fewer: :data:`MOST_NUMBERS`."""
MOST_NUMBERS = 2_000_000
"""Of two bytes."""
PASSED = 0.95
"""The share of samples that the network was not compared with and that are taken for its own."""
PASSED_HELD_OUT = 0.9
"""The least such share of the held-out ones, where training samples set the limits as well."""
FEWEST = 20
"""Held-out samples: of fewer, none may be beyond the 95 %."""
FEWEST_KEPT = 10
"""Training samples."""
FEWEST_GROUPS = 5
"""Of training samples."""
LEAST_SPREAD = 1e-6
PASSED_ENERGY = 0.99
"""The share that passes by energy."""


class Signs(NamedTuple):
    """How far samples are from the training samples, in two ways: float32 [N] each."""

    distance: np.ndarray
    residual: np.ndarray

    def together(self, other: Signs | None) -> Signs:
        """These and others [N + M]."""
        if other is None:
            return self
        return Signs(*(np.concatenate(pair) for pair in zip(self, other, strict=True)))


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


def rooted(rows: np.ndarray) -> np.ndarray:
    """Signed square roots of features [N, F], on the sphere."""
    return on_sphere(np.sign(rows) * np.sqrt(np.abs(rows.astype(np.float32))))


def basis(kept: np.ndarray) -> np.ndarray:
    """What the kept features [R, F] explain: float32 [R, F], of which :func:`residuals` come."""
    rows = rooted(kept).astype(np.float64)
    lower = np.linalg.cholesky(rows @ rows.T + RIDGE * np.eye(len(rows)))
    return np.linalg.solve(lower, rows).astype(np.float32)


class Comparison:
    """What new samples are compared with, made ready once for many of them.

    Args:
        kept: of :func:`reference` [R, F].
    """

    def __init__(self, kept: np.ndarray) -> None:
        self._kept = kept.astype(np.float32)
        self._basis = basis(kept)

    def signs(self, rows: np.ndarray) -> Signs:
        """Of features [N, F] of new samples."""
        return Signs(distances(rows, self._kept), residuals(rows, self._basis))


def distances(rows: np.ndarray, kept: np.ndarray, nearest: int = NEAREST) -> np.ndarray:
    """One minus the mean cosine to the nearest of the kept features: float32 [N].

    Args:
        rows: [N, F], as a network makes them.
        kept: of :func:`reference` [R, F].
    """
    return _far(on_sphere(rows) @ kept.astype(np.float32, copy=False).T, nearest)


def _far(likeness: np.ndarray, nearest: int = NEAREST) -> np.ndarray:
    place = min(nearest, likeness.shape[1])
    top = np.partition(likeness, -place, axis=1)[:, -place:]
    return np.minimum(1 - top.mean(axis=1), COPIES * (1 - top.max(axis=1)).clip(min=SAME))


def residuals(rows: np.ndarray, explained: np.ndarray) -> np.ndarray:
    """The share of features [N, F] that :func:`basis` [R, F] leaves unexplained: float32 [N]."""
    return 1 - ((rooted(rows) @ explained.T) ** 2).sum(axis=1)


def signs(rows: np.ndarray, kept: np.ndarray) -> Signs:
    """Of features [N, F] of new samples, against the kept ones [R, F]."""
    return Comparison(kept).signs(rows)


def among(kept: np.ndarray, groups: Sequence[str]) -> Signs | None:
    """Of kept features [R, F], as :func:`signs` of each against those of the other groups.

    Args:
        groups: of each [R].

    Returns:
        None of fewer than :data:`FEWEST_GROUPS`: too little is left to compare with.
    """
    order = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    if len(order) < FEWEST_GROUPS:
        return None
    group = np.array([order[name] for name in groups])
    rows = kept.astype(np.float32)
    likeness = rows @ rows.T
    likeness[group[:, None] == group] = -1  # as far as can be
    roots = rooted(kept).astype(np.float64)
    inverse = np.linalg.inv(roots @ roots.T + RIDGE * np.eye(len(roots)))
    residual = np.empty(len(kept), dtype=np.float32)
    for number in range(len(order)):  # the variance of one block, given all others
        own = np.flatnonzero(group == number)
        residual[own] = np.diag(np.linalg.inv(inverse[np.ix_(own, own)])) - RIDGE
    return Signs(_far(likeness), residual)


def fading(found: Signs, lengths: np.ndarray) -> float:
    """The power of the length of texts [N] with which their signs fall, 0 to 1.

    The mean of a few word vectors lies farther from all others than that of many: without this,
    whatever is short is a stranger, and of long texts none is.
    """
    length = np.log(lengths.clip(min=1))
    spread = length - length.mean()
    if lengths.min() == lengths.max():
        return 0.0
    height = sum(np.log(values.clip(min=LEAST_SPREAD)) for values in found) / len(found)
    return float(np.clip(-(spread @ height) / (spread @ spread), 0, 1))


def unfaded(found: Signs, lengths: np.ndarray, usual: float, power: float) -> Signs:
    """Signs [N] as if all texts were as long as usual; of :func:`fading`."""
    factor = (lengths.clip(min=1) / usual) ** power
    return Signs(*((values * factor).astype(np.float32) for values in found))


def too_far(values: np.ndarray, passed: float = PASSED) -> float:
    """What that share of new samples passes, if they are like these [N]."""
    place = min(len(values), math.ceil((len(values) + 1) * passed))
    return float(np.sort(values)[place - 1])


def limits(found: Signs, energy: np.ndarray, training: Signs | None = None) -> Limits | None:
    """What 95 % of samples pass that the network was not compared with; None of too few.

    Few held-out samples, with some odd ones among them, set loose limits. Training samples, each
    compared with all others, count as well, as long as the held-out ones are not clearly farther.

    Args:
        found, energy: of held-out samples [N].
        training: of :func:`among`; None where they say nothing of new samples.
    """
    count = len(energy)
    if count < FEWEST:
        return None
    far, beyond = passing(found, training)
    usual, high = float(np.median(energy)), too_far(energy, PASSED_ENERGY)
    if (count + 1) * (1 - PASSED_ENERGY) < 1:  # the highest of few is nothing unusual
        high += high - usual
    return Limits(
        distance=float(np.median(found.distance)),
        far=far,
        energy=usual,
        high=high,
        held_out=count,
        nearest=NEAREST,
        residual=float(np.median(found.residual)),
        beyond=beyond,
    )


def passing(found: Signs, training: Signs | None) -> tuple[float, float]:
    """The limits of distance and residual that 95 % pass, as of :func:`limits`."""
    if training is None or not _alike(found, training):
        return _both(found, PASSED)
    pairs = zip(_both(found.together(training), PASSED), _both(found, PASSED_HELD_OUT), strict=True)
    far, beyond = (max(pair) for pair in pairs)
    return far, beyond


def _both(found: Signs, passed: float) -> tuple[float, float]:
    """The limits that both together let so many pass, as often by one as by the other."""
    rank = np.maximum(*map(_ranks, found))
    last = int(too_far(rank, passed))
    distance, residual = (float(np.sort(values)[last]) for values in found)
    return distance, residual


def _alike(found: Signs, training: Signs) -> bool:
    """Whether the held-out pass the limits of the training samples, which may have copies."""
    outside = wilson(int(stranger(found, _both(training, PASSED)).sum()), len(found.distance))
    return outside is not None and outside.low <= 1 - PASSED


def stranger(found: Signs, most: tuple[float, float]) -> np.ndarray:
    """Which are beyond one of the limits of distance and residual: bool [N]."""
    return (found.distance > most[0]) | (found.residual > most[1])


def left_out(
    kept: np.ndarray,
    kept_labels: np.ndarray,
    rows: np.ndarray,
    labels: np.ndarray,
    label: int,
    groups: Sequence[str],
) -> tuple[int, int] | None:
    """How many samples of a class are told by their distance from all the other classes.

    Args:
        kept: of :func:`reference` [R, F], of the training samples with ``kept_labels`` [R].
        rows: features of held-out samples [N, F], with ``labels`` [N].
        groups: of the training samples [R], as of :func:`among`.

    Returns:
        So many of so many; None where there are too few of the others, or none of the class.
    """
    others, own = kept_labels != label, labels == label
    if others.sum() < FEWEST_KEPT or not own.any() or (~own).sum() < FEWEST:
        return None
    rest = kept[others]
    named = [groups[at] for at in np.flatnonzero(others).tolist()]
    found = signs(rows, rest)
    usual = Signs(*(values[~own] for values in found))
    told = stranger(found, passing(usual, among(rest, named)))
    return int(told[own].sum()), int(own.sum())


def _ranks(values: np.ndarray) -> np.ndarray:
    """How many are smaller than each."""
    return np.searchsorted(np.sort(values), values, side="left")
