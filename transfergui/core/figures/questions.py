"""Figures of a model that answers several questions of each sample, each with one class.

N samples, Q questions. Truth and predictions are class indices [N, Q]; a truth of -1 is a
missing answer, and such a sample is not counted for that question. A question that was learnt
together with others is compared with a model that learnt it alone, on the same test samples.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np

from transfergui.core.figures.bootstrap import RESAMPLES, percentile_interval, resamples
from transfergui.core.figures.intervals import Interval, Range, wilson

MISSING = -1
LEVEL = 0.05
"""A smaller p-value is called significant."""

Verdict = Literal["helped", "harmed", "unclear"]


class QuestionFigures(msgspec.Struct, frozen=True):
    """How often one question was answered right.

    Attributes:
        accuracy: None where no sample has an answer.
        right: samples answered right, of ``n`` that have an answer.
        interval: Wilson's 95 % interval of the accuracy.
    """

    accuracy: float | None
    right: int
    n: int
    interval: Interval | None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Whether learning a question together with others changed its accuracy.

    Attributes:
        verdict: ``helped``, ``harmed`` or ``unclear``.
        difference: accuracy together minus accuracy alone, in [-1, 1]; None without samples.
        interval: its 95 % interval.
        p: of the exact McNemar test.
        only_together: samples that only the model of all questions answered right.
        only_alone: samples that only the model of this question answered right.
        n: samples with an answer.
    """

    verdict: Verdict
    difference: float | None
    interval: Range | None
    p: float
    only_together: int
    only_alone: int
    n: int


def accuracies(truth: np.ndarray, predicted: np.ndarray) -> tuple[QuestionFigures, ...]:
    """The accuracy of each question over the samples that have an answer to it.

    Args:
        truth: class indices [N, Q]; -1 where the answer is missing.
        predicted: class indices [N, Q].

    Raises:
        ValueError: shapes differ.
    """
    answered, right = _right(truth, predicted)
    counts = zip(right.sum(axis=0).tolist(), answered.sum(axis=0).tolist(), strict=True)
    return tuple(QuestionFigures(r / n if n else None, r, n, wilson(r, n)) for r, n in counts)


def mean_accuracy(figures: tuple[QuestionFigures, ...]) -> float | None:
    """Mean accuracy over the questions that have answers; each question counts the same."""
    known = [row.accuracy for row in figures if row.accuracy is not None]
    return sum(known) / len(known) if known else None


def mean_accuracy_interval(
    truth: np.ndarray, predicted: np.ndarray, seed: int = 0, count: int = RESAMPLES
) -> Interval | None:
    """95 % percentile bootstrap interval of the mean accuracy over the questions.

    Whole samples are drawn again, so that their answers stay together. A question without an
    answer in a resample is left out of its mean.

    Args:
        truth: class indices [N, Q]; -1 where the answer is missing.
        predicted: class indices [N, Q].

    Returns:
        None where no sample has an answer.

    Raises:
        ValueError: shapes differ.
    """
    answered, right = _right(truth, predicted)
    some = answered.any(axis=1)
    answered, right = answered[some], right[some]
    if not len(answered):
        return None
    means = []
    for drawn in resamples(len(answered), count, seed):
        asked = answered[drawn].sum(axis=1)
        shares = right[drawn].sum(axis=1) / np.maximum(asked, 1)
        means.append(shares.sum(axis=1) / (asked > 0).sum(axis=1))
    found = percentile_interval(np.concatenate(means))
    return Interval(found.low, found.high)


def compare(together: np.ndarray, alone: np.ndarray, level: float = LEVEL) -> Comparison:
    """Compare two models on the same samples, which all have an answer.

    ``helped`` or ``harmed`` where the exact McNemar test is significant and the 95 % interval of
    the difference leaves out 0; both, since near the limit the one may say what the other does
    not. The test knows one training of each model: it does not cover what another seed would
    change (Dietterich 1998). Nor is it corrected for asking about many questions at once:
    of 20 questions that nothing happened to, at most one is expected to be called significant.

    Args:
        together: bool [N], whether the model of all questions is right.
        alone: bool [N], whether the model of this question alone is right.
        level: significance level of the test.

    Raises:
        ValueError: lengths differ.
    """
    first, second = np.asarray(together, dtype=bool), np.asarray(alone, dtype=bool)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"shapes {first.shape} and {second.shape}, the same [N] wanted")
    both, neither = int((first & second).sum()), int((~first & ~second).sum())
    gained, lost = int((first & ~second).sum()), int((~first & second).sum())
    n = len(first)
    interval = paired_interval(both, gained, lost, neither)
    p = mcnemar(gained, lost)
    return Comparison(
        verdict=_verdict(p, interval, level),
        difference=(gained - lost) / n if n else None,
        interval=interval,
        p=p,
        only_together=gained,
        only_alone=lost,
        n=n,
    )


def _verdict(p: float, interval: Range | None, level: float) -> Verdict:
    if interval is None or p >= level or interval.low <= 0 <= interval.high:
        return "unclear"
    return "helped" if interval.low > 0 else "harmed"


def mcnemar(gained: int, lost: int) -> float:
    """The two-sided p-value of the exact McNemar test.

    Of the samples on which two models differ, each is right on half by chance: twice the
    binomial tail, at most 1. McNemar, "Note on the sampling error of the difference between
    correlated proportions or percentages", 1947; Edwards 1948 corrects its approximation;
    Dietterich, "Approximate statistical tests for comparing supervised classification learning
    algorithms", 1998, recommends it where each model is trained once.

    Args:
        gained: samples that only the first model has right.
        lost: samples that only the second has right.
    """
    n, fewer = gained + lost, min(gained, lost)
    term = tail = 1
    for k in range(fewer):  # binomial coefficients, exact
        term = term * (n - k) // (k + 1)
        tail += term
    return min(1.0, 2 * tail / 2**n)


def paired_interval(both: int, gained: int, lost: int, neither: int) -> Range | None:
    """The 95 % interval of the difference of two shares of the same samples.

    Newcombe, "Improved confidence intervals for the difference between binomial proportions
    based on paired data", 1998, method 10: from the Wilson intervals of both shares and their
    correlation phi, corrected for continuity.

    Args:
        both: samples that both models have right; then those that only the first, only the
            second, and neither has right.

    Returns:
        of the first minus the second, within [-1, 1]; None without samples.
    """
    n = both + gained + lost + neither
    first, second = wilson(both + gained, n), wilson(both + lost, n)
    if first is None or second is None:
        return None
    p1, p2 = (both + gained) / n, (both + lost) / n
    phi = _phi(both, gained, lost, neither)
    down = _side(p1 - first.low, second.high - p2, phi)
    up = _side(first.high - p1, p2 - second.low, phi)
    difference = (gained - lost) / n
    return Range(max(-1.0, difference - down), min(1.0, difference + up))


def _side(own: float, other: float, phi: float) -> float:
    """The length of one side of the interval, from the two that it is made of."""
    return math.sqrt(max(0.0, own**2 - 2 * phi * own * other + other**2))


def _phi(both: int, gained: int, lost: int, neither: int) -> float:
    """The correlation of two binary outcomes, brought nearer to 0 where it is positive."""
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if not margins:
        return 0.0
    product = float(both * neither - gained * lost)
    if product > 0:
        product = max(0.0, product - (both + gained + lost + neither) / 2)
    return product / math.sqrt(margins)


def _right(truth: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which answers are there, and which of them are predicted right: bool [N, Q] each."""
    wanted, given = np.asarray(truth), np.asarray(predicted)
    if wanted.ndim != 2 or wanted.shape != given.shape:
        raise ValueError(f"shapes {wanted.shape} and {given.shape}, the same [N, Q] wanted")
    answered = wanted != MISSING
    return answered, answered & (wanted == given)
