"""Whether one model is better than another, measured on the same samples of both.

Each sample brings the difference of what it counts with both models. Of right and wrong answers,
the exact test of McNemar says how often chance alone gives a difference as large; of all other
figures, the same test in its general form: the sign of each difference is drawn again (Fisher,
"The Design of Experiments", 1935). Where samples come in groups, a whole group keeps its sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from transfergui.core.figures.bootstrap import FEWEST, RESAMPLES, counts, percentile_interval
from transfergui.core.figures.grouped import Groups, effect, indices
from transfergui.core.figures.intervals import Z95, Range, t95
from transfergui.core.figures.questions import LEVEL, mcnemar, paired_interval

Verdict = Literal["better", "worse", "unclear"]
SEED_SHARE, SEED_PART = 0.015, 0.03
"""The standard deviation of the difference of two models of one recipe that differ in their seed:
of a share, and, of a mean error, as a part of it. Measured on heads of a few hundred samples (95 of
100 were at most 3.5 points or 7 % apart). A test on the same samples tells models apart however
little they differ, if these are many; but of two recipes it tells nothing before their difference
is above that of two seeds (Bouthillier et al., "Accounting for Variance in Machine Learning
Benchmarks", 2021, arXiv:2103.03098)."""
SIGNS = 10_000
"""So many times the signs are drawn again."""
POWER = 2.801585
"""The normal quantiles of a test at 5 % that finds a difference 8 times of 10: 1.96 + 0.84."""
MOST, TIMES = 100_000, 20
"""No need is reckoned with more samples than this."""


class Paired(NamedTuple):
    """The second model beside the first one.

    Attributes:
        verdict: of the second one; ``unclear`` where chance alone may explain it.
        difference: of the figures, the second less the first; ``low`` and ``high`` are the ends
            of its 95 % interval; that of the recipes, where two seeds are heeded. NaN where
            nothing is known of how much samples differ.
        p: how often chance alone gives a difference as large.
        n: samples.
        needed: how many more samples would show a difference of this size 8 times of 10; None where
            it is shown already, or with any number that there may be.
    """

    verdict: Verdict
    difference: float
    low: float
    high: float
    p: float
    n: int
    needed: int | None = None


def of_shares(
    first: np.ndarray, second: np.ndarray, higher_is_better: bool = True, seeds: float = 0.0
) -> Paired:
    """Of right answers bool [N] of both, N at least 1, that stand each for itself.

    Args:
        seeds: by how much two seeds of one recipe differ, as :data:`SEED_SHARE`; by default, the
            models are compared, not their recipes.
    """
    pairs = ((first & second), (second & ~first), (first & ~second), ~(first | second))
    both, gained, lost, neither = (int(each.sum()) for each in pairs)
    ends = paired_interval(both, gained, lost, neither)
    assert ends is not None
    values = second.astype(np.float64) - first
    return _judged(values, (), ends, mcnemar(gained, lost), higher_is_better, seeds)


def of_values(
    first: np.ndarray,
    second: np.ndarray,
    groups: Groups = (),
    higher_is_better: bool = True,
    seed: int = 0,
    seeds: float = 0.0,
) -> Paired:
    """Of figures that are means of values float [N], N at least 1; ``seeds`` as above."""
    values = second - first
    difference, error, quantile = _error(values, groups)
    ends = Range(difference - quantile * error, difference + quantile * error)
    return _judged(values, groups, ends, _chance(values, groups, seed), higher_is_better, seeds)


def of_figures(
    first: Callable[[np.ndarray], np.ndarray],
    second: Callable[[np.ndarray], np.ndarray],
    n: int,
    groups: Groups = (),
    seed: int = 0,
    seeds: float = 0.0,
) -> Paired:
    """Of figures that are no means, such as mean average precision; higher is better.

    Args:
        first, second: the figure [B] of samples that are there so many times [B, N].
        n: N; fewer than :data:`.bootstrap.FEWEST` samples, or groups, have no interval.
    """
    whole = np.ones((1, n), dtype=np.int64)
    difference = float((second(whole) - first(whole))[0])
    if (len(set(groups)) or n) < FEWEST:
        return Paired("unclear", difference, math.nan, math.nan, 1.0, n)
    drawn = [second(rows) - first(rows) for rows in counts(n, RESAMPLES, seed, groups)]
    found = np.concatenate(drawn)
    found = found[np.isfinite(found)]  # some resamples of few samples have no figure
    ends = percentile_interval(found)
    smaller = min(float((found <= 0).mean()), float((found >= 0).mean()))
    error = float(found.std())
    return _verdict(difference, ends, min(1.0, 2 * smaller), n, error, True, seeds)


def _judged(
    values: np.ndarray,
    groups: Groups,
    ends: Range,
    p: float,
    higher_is_better: bool,
    seeds: float,
) -> Paired:
    difference, error, _quantile = _error(values, groups)
    return _verdict(difference, ends, p, len(values), error, higher_is_better, seeds)


def _verdict(
    difference: float,
    ends: Range,
    p: float,
    n: int,
    error: float,
    higher_is_better: bool,
    seeds: float,
) -> Paired:
    """Both the test and the interval must say it: near the limit the one may, the other not."""
    low = difference - math.hypot(difference - ends.low, Z95 * seeds)
    high = difference + math.hypot(ends.high - difference, Z95 * seeds)
    if p < LEVEL and (low > 0 or high < 0):
        better = (difference > 0) is higher_is_better
        return Paired("better" if better else "worse", difference, low, high, p, n)
    needed = _needed(difference, error, n, seeds)
    return Paired("unclear", difference, low, high, p, n, needed)


def _error(values: np.ndarray, groups: Groups) -> tuple[float, float, float]:
    """The mean of values [N], its standard error and the quantile of its interval."""
    n, mean = len(values), float(values.mean())
    found = effect(values - mean, groups)
    spread = float(values.std(ddof=1)) if n > 1 else 0.0
    quantile = found.quantile if found.factor > 1 else t95(n - 1)
    return mean, spread * math.sqrt(found.factor / n), quantile


def _chance(values: np.ndarray, groups: Groups, seed: int) -> float:
    """How often a mean as far from 0 comes of drawing the signs again."""
    sums = values
    if len(groups):
        sums = np.bincount(indices(groups), values)
    sums = sums[sums != 0]
    if not len(sums):
        return 1.0
    own, rng = abs(float(sums.sum())) * (1 - 1e-9), np.random.default_rng(seed)
    block = max(1, 2_000_000 // len(sums))
    hits = 0
    for start in range(0, SIGNS, block):
        size = (min(block, SIGNS - start), len(sums))
        hits += int((np.abs((2 * rng.integers(0, 2, size) - 1) @ sums) >= own).sum())
    return min(1.0, (hits + 1) / (SIGNS + 1))


def _needed(difference: float, error: float, n: int, seeds: float) -> int | None:
    """How many more samples show the difference, if it stays so large and varies as much."""
    beyond = difference**2 - (POWER * seeds) ** 2
    if beyond <= 0 or not error:
        return None
    more = math.ceil(n * (POWER * error) ** 2 / beyond) - n
    return more if 0 < more <= min(MOST, TIMES * n) else None
