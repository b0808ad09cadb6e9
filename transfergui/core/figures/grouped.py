"""Intervals of figures of samples that come in groups: recordings of a speaker, pictures of a
patient.

Samples of one group resemble each other, so that a hundred of two speakers tell less of a third
one than a hundred of a hundred. The unit that is counted, or drawn again, is then the group.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from transfergui.core.figures.intervals import Z95, Interval, Range, t95, wilson_of

Groups = Sequence[Hashable]
"""Of each sample, what it belongs to; empty where every sample stands for itself."""


class Effect(NamedTuple):
    """How much less samples in groups tell than as many independent ones.

    Attributes:
        factor: the variance of the figure, over that of independent samples; at least 1.
        quantile: of the 95 % interval.
    """

    factor: float = 1.0
    quantile: float = Z95


def indices(groups: Groups) -> np.ndarray:
    """The group of each sample as a number from 0: int [N]."""
    places: dict[Hashable, int] = {}
    return np.array([places.setdefault(name, len(places)) for name in groups], dtype=np.int64)


def effect(deviations: np.ndarray, groups: Groups) -> Effect:
    """The design effect of a mean over samples in groups.

    Kish, "Survey Sampling", 1965: the variance between the sums of the groups over that within.
    It is at least 1 and at most what it would be if all samples of a group were alike. Where
    groups do differ, Student's quantile stands for how few they are. In simulations (3 to 40
    groups, correlation within them 0 to 0.2) such intervals of a share held the true one 93 to
    97 times of 100 from five groups on; 84 to 98 of three; those that ignore the groups 60 to 95.

    Args:
        deviations: [N], each sample's share in the difference of the figure from the true one,
            which adds up to 0.
    """
    if not len(groups):
        return Effect()
    of = indices(groups)
    sizes = np.bincount(of)
    count, own = len(sizes), float(np.sum(deviations**2))
    if count < 2 or not own:
        return Effect()
    between = count / (count - 1) * float(np.sum(np.bincount(of, deviations) ** 2))
    most = float(np.sum(sizes**2) / np.sum(sizes))
    factor = min(between / own, most)
    return Effect(factor, t95(count - 1)) if factor > 1 else Effect()


def share_interval(right: np.ndarray, groups: Groups = ()) -> Interval | None:
    """The 95 % interval of a share of samples, bool [N], by Wilson; None of nothing."""
    n = len(right)
    if not n:
        return None
    share = float(right.mean())
    found = effect(right - share, groups)
    return wilson_of(share, n / found.factor, found.quantile)


def share_like_interval(values: np.ndarray, groups: Groups = ()) -> Interval | None:
    """The 95 % interval of a mean in [0, 1] of values float [N], as of :func:`macro_f1_interval`,
    with a quarter of a sample's weight added to the variance; None of nothing."""
    n = len(values)
    if not n:
        return None
    mean = min(1.0, float(values.mean()))
    variance = (float(((values - mean) ** 2).sum()) + 0.25) / n**2
    return _of_variance(mean, variance, n, values - mean, groups)


def balanced_interval(right: np.ndarray, truth: np.ndarray, groups: Groups = ()) -> Interval | None:
    """The 95 % interval of the mean share over the classes that have samples; None of nothing.

    The variance is that of each class's own share, drawn towards the mean by two samples, as the
    share of three samples says little of its variance; the interval is Wilson's with as many
    samples as have this variance. In simulations (10 classes, 30 to 150 test samples) it held
    the true figure 92 to 98 times of 100.

    Args:
        right: bool [N].
        truth: the class of each sample, int [N].
    """
    if not len(right):
        return None
    of = np.unique(truth, return_inverse=True)[1]
    sizes, hits = np.bincount(of), np.bincount(of, right)
    shares = hits / sizes
    mean, count = float(shares.mean()), len(sizes)
    variance = _mean_variance(hits, sizes, mean)
    n = mean * (1 - mean) / variance if variance else count**2 / float((1 / sizes).sum())
    found = effect((right - shares[of]) / sizes[of], groups)
    return wilson_of(mean, n / found.factor, found.quantile)


def _mean_variance(hits: np.ndarray, sizes: np.ndarray, mean: float) -> float:
    """The variance of the mean of shares ``hits / sizes`` [C], each drawn towards ``mean`` by two
    samples."""
    smooth = (hits + 2 * mean) / (sizes + 2)
    return float((smooth * (1 - smooth) / sizes).sum()) / len(sizes) ** 2


def macro_f1_interval(
    truth: np.ndarray, predicted: np.ndarray, classes: int, groups: Groups = ()
) -> Interval | None:
    """The 95 % interval of the mean F1 over the classes that have samples; None of nothing.

    By the delta method (Takahashi et al., "Confidence interval for micro-averaged F1 and
    macro-averaged F1 scores", 2022), one sample's weight added to the variance, which is else 0
    where all is right; Wilson's interval with as many samples as have this variance. It is at least
    that of the balanced accuracy: a class of three samples that are all wrong, or all right, shows
    none of its own. Else such an interval of 6 to 12 groups held the true figure 82 to 87 times of
    100.

    Args:
        truth, predicted: classes, int [N].
    """
    n = len(truth)
    if not n:
        return None
    right = truth == predicted
    wanted = np.bincount(truth, minlength=classes)
    total = wanted + np.bincount(predicted, minlength=classes)
    f1 = 2 * np.bincount(truth[right], minlength=classes) / np.maximum(total, 1)
    present = wanted > 0
    weight = present / np.maximum(total, 1) / present.sum()
    pull = 2 * right * weight[truth] - (f1 * weight)[truth] - (f1 * weight)[predicted]
    mean = float(f1[present].mean())
    hits = np.bincount(truth[right], minlength=classes)[present]
    least = _mean_variance(hits, wanted[present], mean)
    return _of_variance(mean, max(float((pull**2).sum()) + 1 / n**2, least), n, pull, groups)


def _of_variance(
    mean: float, variance: float, n: int, deviations: np.ndarray, groups: Groups
) -> Interval:
    """Wilson's interval with as many samples as have the variance."""
    found = effect(deviations, groups)
    size = max(mean * (1 - mean) / variance, 1.0) if 0 < mean < 1 else float(n)
    return wilson_of(mean, size / found.factor, found.quantile)


def mean_interval(values: np.ndarray, groups: Groups = ()) -> Range | None:
    """The 95 % interval of the mean of values above 0, float [N]; None of nothing.

    Student's, of the logarithm: errors lean to one side, and their mean is above 0. In
    simulations (errors of normal, exponential and t4 distribution) it held the true mean 93 to
    96 times of 100 from eight samples on; the percentiles of the bootstrap 83 to 94 times.
    """
    n = len(values)
    if not n:
        return None
    mean = float(values.mean())
    if n < 2 or not mean:
        return Range(mean, mean)
    found = effect(values - mean, groups)
    error = float(values.std(ddof=1)) * (found.factor / n) ** 0.5
    quantile = found.quantile if found.factor > 1 else t95(n - 1)
    ratio = math.exp(min(quantile * error / mean, 700.0))
    return Range(mean / ratio, mean * ratio)
