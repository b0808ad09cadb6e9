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
    if n == 0:
        return None
    p, z2 = right / n, Z95**2
    centre = p + z2 / (2 * n)
    half = Z95 * (p * (1 - p) / n + z2 / (4 * n * n)) ** 0.5
    low, high = (centre - half) / (1 + z2 / n), (centre + half) / (1 + z2 / n)
    return Interval(low if right else 0.0, high if right < n else 1.0)


def clearly_above(share: float, other: float, n: int) -> bool:
    """Whether a share of ``n`` is above another one of as many by more than chance explains.

    By the lower end of the 95 % interval of the difference (Newcombe, "Interval estimation for
    the difference between independent proportions", 1998, method 10).
    """
    own, its = wilson(round(share * n), n), wilson(round(other * n), n)
    if own is None or its is None:
        return False
    return share - other > math.hypot(share - own.low, its.high - other)
