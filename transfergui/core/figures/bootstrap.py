"""Bootstrap confidence intervals.

The percentile bootstrap of Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 13: the samples are drawn again with replacement, the figure is computed anew each time,
and the interval holds the middle 95 % of what came out. A figure that is biased (higher in the
resamples than in the samples, as average precision is) needs the bias-corrected one of Efron,
"Nonparametric Standard Errors and Confidence Intervals", 1981.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from transfergui.core.figures.grouped import Groups, indices
from transfergui.core.figures.intervals import Range

RESAMPLES = 1000
"""So many times the samples are drawn again."""
BLOCK = 500_000
"""So many indices are drawn at once: 4 MB."""


def resamples(n: int, count: int, seed: int) -> Iterator[np.ndarray]:
    """Indices of samples drawn with replacement, in blocks int [B, n] of ``count`` rows in all.

    Raises:
        ValueError: there is no sample to draw.
    """
    if n < 1:
        raise ValueError("no samples to draw from")
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // n)
    for start in range(0, count, rows):
        yield rng.integers(0, n, size=(min(rows, count - start), n))


def counts(n: int, count: int, seed: int, groups: Groups = ()) -> Iterator[np.ndarray]:
    """How often each of ``n`` samples is drawn, in blocks int [B, n] of ``count`` rows in all.

    Args:
        groups: of each sample; whole groups are drawn then.
    """
    of = indices(groups) if len(groups) else np.arange(n)
    units = int(of.max()) + 1
    for drawn in resamples(units, count, seed):
        rows = len(drawn)
        flat = (drawn + np.arange(rows)[:, None] * units).ravel()
        yield np.bincount(flat, minlength=rows * units).reshape(rows, units)[:, of]


def percentile_interval(values: np.ndarray) -> Range:
    """The middle 95 % of ``values`` [B], at least one."""
    low, high = np.percentile(values, (2.5, 97.5))
    return Range(float(low), float(high))


def bias_corrected_interval(values: np.ndarray, estimate: float) -> Range:
    """The 95 % interval of a figure that is ``estimate``, and ``values`` [B] in the resamples.

    Of unbiased values, half of them below the estimate, it is :func:`percentile_interval`. The
    estimate is always within.
    """
    normal, count = NormalDist(), len(values)
    below = (np.sum(values < estimate) + np.sum(values == estimate) / 2) / count
    bias = normal.inv_cdf(min(max(below, 1 / (2 * count)), 1 - 1 / (2 * count)))
    ends = [100 * normal.cdf(2 * bias + normal.inv_cdf(end)) for end in (0.025, 0.975)]
    low, high = np.percentile(values, ends)
    return Range(min(float(low), estimate), max(float(high), estimate))
