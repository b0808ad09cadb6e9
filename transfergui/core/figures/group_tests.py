"""In which groups of samples a model makes clearly more errors than in all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transfergui.core.figures.bootstrap import RESAMPLES, percentile_interval
from transfergui.core.figures.intervals import wilson

MEMBERS = 10
"""Samples of a group, and outside it, that it takes to say anything."""
CERTAIN = 0.05
"""The chance that any group is named although none is worse."""
POINTS = 0.1
"""More errors, as a share, that matter."""
TIMES = 1.25
"""The same of the errors of numbers, as a ratio."""


@dataclass(frozen=True)
class Compared:
    """A group beside all other samples.

    Attributes:
        n: samples of the group.
        inside, outside: mean error in the group and outside it.
        low, high: the 95 % interval of ``inside``.
        p: the p-value, for all groups that were looked at together.
    """

    n: int
    inside: float
    outside: float
    low: float
    high: float
    p: float


def is_large_enough(inside: np.ndarray) -> bool:
    """Whether a group bool [N] can be compared with the others."""
    return MEMBERS <= int(inside.sum()) <= len(inside) - MEMBERS


def worse(groups: Sequence[np.ndarray], errors: np.ndarray) -> list[tuple[int, Compared]]:
    """The numbers of those groups, bool [N] each, that have clearly more errors, the worst first.

    Fisher's exact test of shares, the test of Mann and Whitney of numbers, each one-sided and
    multiplied by the number of groups (Bonferroni); and the difference must matter.

    Args:
        errors: of each sample, 0 or 1, or how far a number is off [N].
    """
    binary = bool(np.isin(errors, (0, 1)).all())
    found = []
    for at, inside in enumerate(groups):
        own, others = errors[inside], errors[~inside]
        more = float(own.mean() - others.mean())
        if more < POINTS if binary else own.mean() < TIMES * others.mean():
            continue
        p = min(1.0, len(groups) * (_fisher if binary else _mann_whitney)(own, others))
        if p <= CERTAIN:
            low, high = _interval(own, binary)
            means = float(own.mean()), float(others.mean())
            found.append((at, Compared(len(own), *means, low, high, p)))
    return sorted(found, key=lambda pair: (pair[1].p, -pair[1].inside))


def _fisher(own: np.ndarray, others: np.ndarray) -> float:
    """Of so many errors among a group if they fell anywhere: the upper tail."""
    from scipy.stats import hypergeom

    wrong, total = int(own.sum()), len(own) + len(others)
    every = wrong + int(others.sum())
    return float(hypergeom.sf(wrong - 1, total, every, len(own)))


def _mann_whitney(own: np.ndarray, others: np.ndarray) -> float:
    from scipy.stats import mannwhitneyu

    return float(mannwhitneyu(own, others, alternative="greater").pvalue)


def _interval(own: np.ndarray, binary: bool) -> tuple[float, float]:
    if binary:
        found = wilson(int(own.sum()), len(own))
        assert found is not None
        return found.low, found.high
    rng = np.random.default_rng(0)
    means = own[rng.integers(0, len(own), (RESAMPLES, len(own)))].mean(axis=1)
    ends = percentile_interval(means)
    return ends.low, ends.high
