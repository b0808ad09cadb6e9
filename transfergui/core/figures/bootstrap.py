"""Bootstrap confidence intervals.

The percentile bootstrap of Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 13: the samples are drawn again with replacement, the figure is computed anew each time,
and the interval holds the middle 95 % of what came out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from transfergui.core.figures.grouped import Groups, indices
from transfergui.core.figures.intervals import Range

RESAMPLES = 1000
"""So many times the samples are drawn again."""
FEWEST = 5
"""From fewer samples, nobody knows how much samples differ: no interval."""
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
