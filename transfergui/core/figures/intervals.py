"""Intervals of figures, and that of a share."""

from __future__ import annotations

import math

import msgspec

from transfergui.core.base.records import Share


class Range(msgspec.Struct, frozen=True):
    """Both ends of a 95 % interval, in the unit of the figure; an
    :class:`transfergui.core.figures.intervals.Interval` is one of shares."""

    low: float
    high: float


Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""
T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
"""Student's of 1 to 10 degrees of freedom."""


class Interval(msgspec.Struct, frozen=True):
    """Both ends in [0, 1]."""

    low: Share
    high: Share


def wilson(right: int, n: int) -> Interval | None:
    """The 95 % score interval of a share; None of nothing.

    Wilson, "Probable inference, the law of succession, and statistical
    inference", 1927. Unlike the textbook's p ± 1.96 s it stays honest near 100 %: 16
    right of 16 gives [0.81, 1].
    """
    return wilson_of(right / n, n) if n else None


def wilson_of(share: float, n: float, quantile: float = Z95) -> Interval:
    """The score interval of a ``share`` that is known as well as by ``n`` independent samples.

    Args:
        n: above 0; not whole where samples come in groups.
        quantile: of the distribution that the interval is of.
    """
    z2 = quantile**2
    centre = share + z2 / (2 * n)
    half = quantile * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    low, high = (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)
    return Interval(max(0.0, low) if share > 0 else 0.0, min(1.0, high) if share < 1 else 1.0)


def t95(freedom: int) -> float:
    """Student's quantile of a two-sided 95 % interval with ``freedom`` degrees, at least one.

    Beyond the table the expansion of Cornish and Fisher, exact to three decimals there.
    """
    if freedom <= len(T95):
        return T95[max(freedom, 1) - 1]
    z = Z95
    first = (z**3 + z) / (4 * freedom)
    return z + first + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def clearly_above(share: float, other: float, n: int) -> bool:
    """Whether a share of ``n`` is above another one of as many by more than chance explains.

    By the lower end of the 95 % interval of the difference, :func:`difference_of`.
    """
    found = difference_of(round(share * n), n, round(other * n), n)
    return found is not None and found.low > 0


def difference_of(found: int, n: int, others: int, m: int) -> Range | None:
    """The 95 % interval of ``found / n`` less ``others / m``, of samples that are not the same.

    Newcombe, "Interval estimation for the difference between independent proportions", 1998,
    method 10. None without samples.
    """
    own, its = wilson(found, n), wilson(others, m)
    if own is None or its is None:
        return None
    first, second = found / n, others / m
    return Range(
        first - second - math.hypot(first - own.low, its.high - second),
        first - second + math.hypot(own.high - first, second - its.low),
    )
