"""Whether a confidence is what it says: the temperature that makes it so, and how far it is off.

Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks", 2017
(arXiv:1706.04599): one temperature, by which the logits are divided, fitted on validation samples
by their log-likelihood. It changes no prediction. The error has bins that hold equally many samples
(Nguyen and O'Connor, "Posterior calibration and exploratory analysis for natural language
processing models", 2015): bins of equal width are nearly empty below 90 %.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from transfergui.core.figures import bootstrap
from transfergui.core.figures.intervals import Interval, Range, wilson

FEWEST = 100
"""Validation samples below which no temperature is fitted: of 50, it is off by half as often as
not, and the confidence may be worse than before."""
LARGEST = 20.0
"""Temperatures lie between this and its inverse."""
STEPS = 24
"""Halvings of the logarithm of what lies between: to 1e-6 of it."""
BINS = 10
MOST_DRAWN = 10_000_000
"""Samples that are drawn for what chance explains, in all: a second."""
BIN = 10
"""Samples of a bin, at least."""
SIMULATED, MULTIPLES = 1000, 60
WIDER = 1.06
"""So much larger is the noise, as where the samples are divided into bins is chance, too."""

Shares = Callable[[np.ndarray], np.ndarray]


def fit(logits: np.ndarray, truth: np.ndarray) -> float:
    """The temperature of a softmax.

    The wanted probability of the true class is (n + 1) / (n + 2), that of the others what is left
    (Platt, "Probabilistic outputs for support vector machines", 1999): where every validation
    sample is right, the likelihood alone would want certainty.

    Args:
        logits: [N, C] of validation samples, at least one.
        truth: indices of classes [N].
    """
    count, classes = logits.shape
    rest = 1 / (count + 2)
    wanted = np.full((count, classes), rest / max(1, classes - 1))
    wanted[np.arange(count), truth] = 1 - rest if classes > 1 else 1.0
    return _temperature(logits.astype(np.float64), wanted, _softmax)


def fit_labels(logits: np.ndarray, truth: np.ndarray) -> float:
    """The one temperature of the sigmoids of several labels; as :func:`fit`.

    Args:
        logits, truth: [N, L]; truth of zeros and ones.
    """
    rest = 1 / (len(logits) + 2)
    wanted = np.where(truth > 0, 1 - rest, rest)
    return _temperature(logits.astype(np.float64), wanted, _sigmoid)


def _temperature(logits: np.ndarray, wanted: np.ndarray, shares: Shares) -> float:
    """Where the derivative of the loss by the inverse temperature, which grows with it, is zero."""
    low, high = -np.log(LARGEST), np.log(LARGEST)
    for _step in range(STEPS):
        middle = (low + high) / 2
        if np.sum((shares(logits * np.exp(middle)) - wanted) * logits) < 0:
            low = middle
        else:
            high = middle
    return float(np.exp(-(low + high) / 2))


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(logits / 2))


class Bin(NamedTuple):
    """Predictions of about the same confidence.

    Attributes:
        confidence: their mean.
        right: the share of them that is correct, with its 95 % interval.
    """

    confidence: float
    right: float
    interval: Interval
    size: int


class Reliability(NamedTuple):
    """How confidence and correctness go together.

    Attributes:
        bins: from the least confident to the most confident.
        error: expected calibration error: the mean distance of confidence and correctness.
        interval: its 95 % interval.
        by_chance: if every confidence were right, the error would be above this in 5 % of cases
            only: in small bins, chance alone makes some.
    """

    bins: tuple[Bin, ...]
    error: float
    interval: Range
    by_chance: float


def reliability(confidence: np.ndarray, right: np.ndarray, seed: int = 0) -> Reliability:
    """Of at least one prediction.

    Args:
        confidence: [N] in [0, 1].
        right: bool [N].
    """
    order = np.argsort(confidence, kind="stable")
    confidence, right = confidence[order].astype(np.float64), right[order].astype(np.float64)
    count = len(order)
    parts = np.array_split(np.arange(count), max(1, min(BINS, count // BIN)))
    bins = [_bin(confidence[part], right[part]) for part in parts]
    interval = _interval(confidence, right, parts, seed)
    error = float(_error(confidence[None], right[None], parts)[0])
    return Reliability(tuple(bins), error, interval, _by_chance(confidence, parts, seed))


def _interval(
    confidence: np.ndarray, right: np.ndarray, parts: list[np.ndarray], seed: int
) -> Range:
    """The 95 % interval of the error.

    The mean of absolute values is above the true one where these are small (Roelofs et al.,
    "Mitigating Bias in Calibration Error Estimation", 2022, arXiv:2012.08668), and in resamples
    once more, so that no bootstrap tells it: its percentiles held the true error 50 to 75 times of
    100. Here the difference in each bin is taken to be a multiple of what it is, and the errors
    that such differences give are simulated: the interval holds those multiples of which the
    measured error is not among the largest or smallest 2.5 %. It held the true error 91 to 97
    times of 100.
    """
    count, gaps = len(confidence), confidence - right
    sizes = np.array([len(part) for part in parts])
    means = np.array([gaps[part].mean() for part in parts])
    measured = float(sizes @ np.abs(means)) / count
    error = measured or 1 / count
    if not measured:
        means = np.full(len(parts), error)
    spreads = WIDER * np.array([_spread(confidence[part], right[part]) for part in parts])
    together = WIDER * float(np.sqrt(sizes @ (means - sizes @ means / count) ** 2)) / count
    normal = np.random.default_rng(seed).standard_normal((SIMULATED, len(parts) + 1))
    noise = normal[:, :-1] * spreads + normal[:, -1:] * together
    scales = np.linspace(0.0, max(2.0, 4 * float(np.abs(noise).mean()) / error), MULTIPLES)
    larger = [
        float((np.abs(scale * means + noise) @ sizes / count >= error).mean()) for scale in scales
    ]
    rising = np.maximum.accumulate(larger)
    low, high = (float(np.interp(end, rising, scales * error)) for end in (0.025, 0.975))
    return Range(min(low if rising[0] < 0.025 else 0.0, measured), min(1.0, max(high, measured)))


def _spread(confidence: np.ndarray, right: np.ndarray) -> float:
    """The standard error of a bin's difference; its share of correct ones is drawn towards its
    confidence by two samples."""
    count = len(confidence)
    share = (right.sum() + 2 * confidence.mean()) / (count + 2)
    return float(np.sqrt((share * (1 - share) + confidence.var()) / count))


def _by_chance(confidence: np.ndarray, parts: list[np.ndarray], seed: int) -> float:
    """See :attr:`Reliability.by_chance`."""
    rng, count = np.random.default_rng(seed), len(confidence)
    at_once = max(1, MOST_DRAWN // 10 // count)
    errors: list[np.ndarray] = []
    for start in range(0, _resamples(count), at_once):
        size = (min(at_once, _resamples(count) - start), count)
        errors.append(_error(confidence, (rng.random(size) < confidence).astype(np.float64), parts))
    return float(np.quantile(np.concatenate(errors), 0.95))


def _resamples(count: int) -> int:
    """Of so many samples; fewer of many, where they hardly differ."""
    return max(50, min(bootstrap.RESAMPLES, MOST_DRAWN // count))


def _bin(confidence: np.ndarray, right: np.ndarray) -> Bin:
    interval = wilson(int(right.sum()), len(right))
    assert interval is not None
    return Bin(float(confidence.mean()), float(right.mean()), interval, len(right))


def _error(confidence: np.ndarray, right: np.ndarray, parts: list[np.ndarray]) -> np.ndarray:
    """The error [B] of samples [B, N] that are sorted by confidence.

    Args:
        parts: the places of each bin.
    """
    gaps = confidence - right
    means = [np.abs(gaps[:, part].mean(1)) * len(part) for part in parts]
    return np.sum(means, axis=0) / confidence.shape[-1]
