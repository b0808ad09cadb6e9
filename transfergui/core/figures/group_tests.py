"""In which groups of samples a model makes clearly more errors than in all others."""

from __future__ import annotations

import math
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
HALF, MOST = 0.5, 0.7
"""Of a group, and of its errors, as much at least belongs to what explains it."""
FEW = 3
"""Of fewer samples, no share of errors is known."""


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
    binary = _are_shares(errors)
    found = []
    for at, inside in enumerate(groups):
        own, others = errors[inside], errors[~inside]
        if not _matters(own, others, binary):
            continue
        p = min(1.0, len(groups) * (_fisher if binary else _mann_whitney)(own, others))
        if p <= CERTAIN:
            low, high = _interval(own, binary)
            means = float(own.mean()), float(others.mean())
            found.append((at, Compared(len(own), *means, low, high, p)))
    return sorted(found, key=lambda pair: (pair[1].p, -pair[1].inside))


def explains(cause: np.ndarray, group: np.ndarray, errors: np.ndarray) -> bool:
    """Whether a group has more errors because of those members that belong to ``cause`` as well.

    Its other members are then no worse than all that belong to neither, and what belongs to the
    cause alone is as bad as the group: recordings of a speaker that are quiet, and those that are
    not. Where there are hardly any of these, nothing speaks against it.

    Args:
        cause, group: bool [N] each.
        errors: as of :func:`worse`.
    """
    both, rest = group & cause, group & ~cause
    alone, neither = cause & ~group, ~cause & ~group
    if both.sum() < HALF * group.sum() or errors[both].sum() < MOST * errors[group].sum():
        return False
    if neither.sum() < FEW:
        return False
    binary, usual = _are_shares(errors), errors[neither]
    if rest.sum() >= FEW and _matters(errors[rest], usual, binary):
        return False
    return bool(alone.sum() < FEW) or _matters(errors[alone], usual, binary)


def explained(
    parts: Sequence[np.ndarray], group: np.ndarray, errors: np.ndarray, tests: int
) -> float:
    """How much of what a group is worse by is to be expected of what its members belong to: their
    classes, or speakers. 0 where the group is clearly worse than others of the same parts.

    The test of Mantel and Haenszel: in each part, the members of the group might be any.

    Args:
        parts, group: bool [N] each; ``parts`` do not overlap.
        errors: as of :func:`worse`.
        tests: groups that were looked at.
    """
    from scipy.stats import norm

    expected, variance = 0.0, 0.0
    for part in (*parts, ~np.any(parts, axis=0)):
        n, own = int(part.sum()), int((part & group).sum())
        expected += own * float(errors[part].mean()) if own else 0.0
        if 0 < own < n:
            variance += own * (n - own) / n * float(errors[part].var(ddof=1))
    observed, usual = float(errors[group].sum()), float(group.sum() * errors[~group].mean())
    more = observed - expected - (0.5 if _are_shares(errors) else 0)
    if variance and tests * float(norm.sf(more / math.sqrt(variance))) <= CERTAIN:
        return 0.0
    return (expected - usual) / (observed - usual) if observed > usual else 0.0


def _are_shares(errors: np.ndarray) -> bool:
    return bool(np.isin(errors, (0, 1)).all())


def _matters(own: np.ndarray, others: np.ndarray, binary: bool) -> bool:
    if binary:
        return float(own.mean() - others.mean()) >= POINTS
    return bool(own.mean() >= TIMES * others.mean())


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
