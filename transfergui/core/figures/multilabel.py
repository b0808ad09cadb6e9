"""Figures of a model that predicts several labels per sample: any of a list, or none.

N samples, L labels. Targets are 0 or 1 [N, L], probabilities floats in [0, 1] [N, L], one
independent probability per label (a row need not add up to 1). A label is predicted where its
probability is at least its threshold.

Where there was nothing to measure, a figure is None ("n/a"), never 0 or 1: a label without
positive samples has no average precision, no recall and no F1; a label that is never predicted
has no precision. Means over labels (mean average precision, macro F1) are over those that have
positive samples.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from transfergui.core.figures.bootstrap import RESAMPLES, counts
from transfergui.core.figures.grouped import Groups
from transfergui.core.figures.intervals import Z95, Interval, t95, wilson, wilson_of
from transfergui.core.figures.metrics import LabelFigures

DEFAULT_THRESHOLD = 0.5
FEWEST_POSITIVES = 5
"""A label with fewer positive validation samples keeps the default threshold. In simulations
(AUC 0.9, calibrated, one sample in ten positive) the F1 of new samples gains from this many on:
0.508 against 0.488; with two or three it is the same."""


class ConstantBaseline(msgspec.Struct, frozen=True):
    """A model that does not look at the sample: :func:`frequency_baseline`."""

    mean_average_precision: float | None
    macro_f1: float | None
    micro_f1: float | None


class MultilabelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How good a model is that predicts several labels.

    Attributes:
        n: samples measured on.
        mean_average_precision: mean over the labels that have positive samples.
        interval: its 95 % interval.
        per_label: L rows.
        macro_f1: mean F1 over the same labels.
        micro_f1: F1 of all N x L decisions together.
        exact_match: share of samples whose labels are all right, and no other predicted.
        exact_match_interval: Wilson's 95 % interval of it.
        none_true: share of samples that have no label.
        none_predicted: share of samples that no label was predicted for.
        true_together: [L, L], samples that have both labels; the diagonal is the support.
        predicted_together: the same of the predictions.
    """

    n: int
    mean_average_precision: float | None
    interval: Interval | None
    per_label: tuple[LabelFigures, ...]
    macro_f1: float | None
    micro_f1: float | None
    exact_match: float | None
    exact_match_interval: Interval | None
    none_true: float | None
    none_predicted: float | None
    true_together: list[list[int]]
    predicted_together: list[list[int]]
    baseline: ConstantBaseline | None = None


def measure(
    targets: np.ndarray,
    probabilities: np.ndarray,
    thresholds: Sequence[float],
    seed: int = 0,
    train_frequencies: Sequence[float] | None = None,
) -> MultilabelFigures:
    """All figures.

    Args:
        targets: 0 or 1 [N, L].
        probabilities: [N, L].
        thresholds: one per label, as of :func:`choose_thresholds` on other samples than these.
        seed: of the bootstrap.
        train_frequencies: share of the training samples that have each label; gives the baseline.

    Raises:
        ValueError: shapes do not fit, targets are not 0 or 1, probabilities not in [0, 1].
    """
    truth, scores = _checked(targets, probabilities)
    predicted = decide(scores, thresholds)
    precisions = average_precision(truth, scores)
    rows = label_figures(truth, predicted)
    n = len(truth)
    exact = int((truth == predicted).all(axis=1).sum())
    return MultilabelFigures(
        n=n,
        mean_average_precision=_mean(precisions),
        interval=mean_average_precision_interval(truth, scores, seed),
        per_label=tuple(
            msgspec.structs.replace(row, average_precision=precision)
            for row, precision in zip(rows, precisions, strict=True)
        ),
        macro_f1=_mean([row.f1 for row in rows]),
        micro_f1=micro_f1(truth, predicted),
        exact_match=exact / n if n else None,
        exact_match_interval=wilson(exact, n),
        none_true=share_without(truth),
        none_predicted=share_without(predicted),
        true_together=co_occurrence(truth).tolist(),
        predicted_together=co_occurrence(predicted).tolist(),
        baseline=None
        if train_frequencies is None
        else frequency_baseline(truth, train_frequencies),
    )


# -- average precision


def average_precision(targets: np.ndarray, probabilities: np.ndarray) -> list[float | None]:
    """Average precision per label: the area under the precision-recall curve.

    ``sum over thresholds of (R_k - R_(k-1)) P_k``, without interpolation, samples of equal
    probability taken together, as ``sklearn.metrics.average_precision_score``.

    Returns:
        L values in [0, 1]; None where a label has no positive sample.
    """
    truth, scores = _checked(targets, probabilities)
    ones = np.ones((len(truth), 1), dtype=np.int32)
    found = [
        _weighted_average_precision(_Ranking(truth[:, label], scores[:, label]), ones)[0]
        for label in range(truth.shape[1])
    ]
    return [None if np.isnan(value) else float(value) for value in found]


def mean_average_precision(targets: np.ndarray, probabilities: np.ndarray) -> float | None:
    """Mean of :func:`average_precision` over the labels that have positive samples."""
    return _mean(average_precision(targets, probabilities))


def mean_average_precision_interval(
    targets: np.ndarray,
    probabilities: np.ndarray,
    seed: int = 0,
    count: int = RESAMPLES,
    groups: Groups = (),
) -> Interval | None:
    """95 % interval of the mean average precision, by bootstrap.

    Whole samples are drawn again, so that labels stay together. A label that has no positive
    sample in a resample is left out of its mean; a resample without any positive is left out.
    Average precision of few positives is too high, in the resamples once more, so that their mean
    shows by how much (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 10).
    The interval is Wilson's around the corrected figure with as many samples as have the variance
    of the resamples, one sample's weight added to it: percentiles reach nothing that no resample
    has, and shrink to a point where the ranking is perfect. With few positives it is wider by the
    root of what Student's quantile of so many is larger than the normal one. In simulations on
    features of real data it held the true figure 93 to 97 times of 100, percentiles that are
    corrected for bias 74 to 95 times.

    Args:
        groups: of each sample; whole groups are drawn then, and the interval is as much wider as
            few groups vary less among themselves than in truth.

    Returns:
        None where no label has a positive sample.
    """
    truth, scores = _checked(targets, probabilities)
    if not truth.any():
        return None
    figure = MeanPrecision(truth, scores)
    found = np.concatenate([figure(drawn) for drawn in counts(len(truth), count, seed, groups)])
    found = found[~np.isnan(found)]
    if not len(found):
        return None
    estimate = _mean(average_precision(targets, probabilities))
    assert estimate is not None  # of the labels that some sample has
    positives = truth.sum(axis=0)
    wider = (t95(int(np.median(positives[positives > 0])) - 1) / Z95) ** 0.5
    units = len(truth)
    if len(set(groups)) > 1:
        units = len(set(groups))
        wider = max(wider, t95(units - 1) / Z95 * (units / (units - 1)) ** 0.5)
    mean = min(max(2 * estimate - float(found.mean()), 0.0), 1.0)
    variance = float(found.var()) + 1 / len(truth) ** 2
    size = max(mean * (1 - mean) / variance, 1.0) if 0 < mean < 1 else float(units)
    ends = wilson_of(mean, size, wider * Z95)
    return Interval(min(ends.low, estimate), max(ends.high, estimate))


class MeanPrecision:
    """The mean average precision [B] of samples that are there so many times [B, N]; NaN without
    positives."""

    def __init__(self, truth: np.ndarray, scores: np.ndarray) -> None:
        present = np.flatnonzero(truth.any(axis=0))
        self._rankings = [_Ranking(truth[:, label], scores[:, label]) for label in present]

    def __call__(self, drawn: np.ndarray) -> np.ndarray:
        columns = np.ascontiguousarray(drawn.T.astype(np.int32))
        rows = [_weighted_average_precision(rank, columns) for rank in self._rankings]
        per_label = np.stack(rows) if rows else np.full((1, len(drawn)), np.nan)
        known = ~np.isnan(per_label)
        sums = np.where(known, per_label, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), sums / np.maximum(known.sum(axis=0), 1), np.nan)


class _Ranking:
    """The samples of one label by falling probability.

    Attributes:
        order: indices of the samples [N].
        positives: those that have the label, in the same order [P].
        ends: ranks of the last of each group of equal probability that holds a positive sample
            [G]; the other groups add nothing.
        upto: how many of ``positives`` there are up to each of these ranks [G].
        before: how many before the group [G].
    """

    def __init__(self, truth: np.ndarray, scores: np.ndarray) -> None:
        self.order = np.argsort(-scores, kind="stable")
        positive = truth[self.order]
        self.positives = self.order[positive]
        ordered = scores[self.order]
        ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True)[: len(ordered)])
        upto = np.cumsum(positive)[ends]
        before = np.append(0, upto[:-1])[: len(ends)]
        useful = upto > before
        self.ends, self.upto, self.before = ends[useful], upto[useful], before[useful]


def _weighted_average_precision(rank: _Ranking, counts: np.ndarray) -> np.ndarray:
    """Average precision [B] of samples that are there ``counts`` [N, B] times; NaN without
    positives."""
    if not len(rank.ends):
        return np.full(counts.shape[1], np.nan)
    ranked = np.cumsum(counts[rank.order], axis=0, dtype=counts.dtype)[rank.ends]
    hits = np.zeros((len(rank.positives) + 1, counts.shape[1]), dtype=counts.dtype)
    np.cumsum(counts[rank.positives], axis=0, out=hits[1:])
    precision = hits[rank.upto] / np.maximum(ranked, 1)
    sums = ((hits[rank.upto] - hits[rank.before]) * precision).sum(axis=0)
    return np.where(hits[-1] > 0, sums / np.maximum(hits[-1], 1), np.nan)


# -- decisions


def choose_thresholds(
    targets: np.ndarray, probabilities: np.ndarray, fewest: int = FEWEST_POSITIVES
) -> list[float]:
    """The threshold of each label that has the highest F1 on these (validation) samples.

    Candidates lie midway between neighbouring probabilities, and midway between the lowest one
    and 0 (which predicts the label for all). Among equally good ones the nearest to 0.5 is
    taken, then the higher. A label with fewer than ``fewest`` positive samples, or without a
    negative one, keeps 0.5: a threshold of so few is chance.

    Returns:
        L thresholds in [0, 1].
    """
    truth, scores = _checked(targets, probabilities)
    return [_threshold(truth[:, k], scores[:, k], fewest) for k in range(truth.shape[1])]


def _threshold(truth: np.ndarray, scores: np.ndarray, fewest: int) -> float:
    positives = int(truth.sum())
    if positives < max(fewest, 1) or positives == len(truth):
        return DEFAULT_THRESHOLD
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    last = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    f1 = 2 * np.cumsum(truth[order], dtype=np.int64)[last] / (last + 1 + positives)
    upper, lower = ordered[last], np.append(ordered[last[1:]], 0.0)
    middle = (upper + lower) / 2
    cuts = np.where(middle > lower, middle, upper)  # neighbours may have nothing between them
    best = cuts[f1 == f1.max()]
    nearest = np.lexsort((-best, np.abs(best - DEFAULT_THRESHOLD)))[0]
    return float(best[nearest])


def decide(probabilities: np.ndarray, thresholds: Sequence[float]) -> np.ndarray:
    """Which labels are predicted: bool [N, L].

    Raises:
        ValueError: there is not one threshold per label.
    """
    scores = np.asarray(probabilities, dtype=np.float64)
    cuts = np.asarray(thresholds, dtype=np.float64)
    if scores.ndim != 2 or cuts.shape != scores.shape[1:]:
        raise ValueError(f"{cuts.shape} thresholds for probabilities of shape {scores.shape}")
    return scores >= cuts


def label_figures(targets: np.ndarray, predicted: np.ndarray) -> tuple[LabelFigures, ...]:
    """Precision, recall, F1 and support of each label, without average precision.

    Args:
        targets: 0 or 1 [N, L].
        predicted: the same shape.
    """
    truth, decided = _pair(targets, predicted)
    counts = zip(
        (truth & decided).sum(axis=0).tolist(),
        decided.sum(axis=0).tolist(),
        truth.sum(axis=0).tolist(),
        strict=True,
    )
    return tuple(_label_figures(*row) for row in counts)


def _label_figures(right: int, predicted: int, support: int) -> LabelFigures:
    return LabelFigures(
        precision=right / predicted if predicted else None,
        recall=right / support if support else None,
        f1=2 * right / (predicted + support) if support else None,
        support=support,
        predicted=predicted,
        precision_interval=wilson(right, predicted),
        recall_interval=wilson(right, support),
    )


def macro_f1(targets: np.ndarray, predicted: np.ndarray) -> float | None:
    """Mean F1 over the labels that have positive samples."""
    return _mean([row.f1 for row in label_figures(targets, predicted)])


def micro_f1(targets: np.ndarray, predicted: np.ndarray) -> float | None:
    """F1 of all decisions together; None where no label is true or predicted."""
    truth, decided = _pair(targets, predicted)
    both = int(truth.sum()) + int(decided.sum())
    return 2 * int((truth & decided).sum()) / both if both else None


def exact_match(targets: np.ndarray, predicted: np.ndarray) -> float | None:
    """Share of samples whose labels are all right (subset accuracy); None without samples."""
    truth, decided = _pair(targets, predicted)
    return float((truth == decided).all(axis=1).mean()) if len(truth) else None


def share_without(labels: np.ndarray) -> float | None:
    """Share of the samples [N, L] that have no label at all; None without samples."""
    return float((~np.asarray(labels, dtype=bool).any(axis=1)).mean()) if len(labels) else None


def co_occurrence(labels: np.ndarray) -> np.ndarray:
    """How many samples have both of two labels: int64 [L, L], symmetric.

    Args:
        labels: 0 or 1 [N, L].
    """
    ones = np.asarray(labels, dtype=bool).astype(np.float64)  # exact, and a fast product
    return (ones.T @ ones).round().astype(np.int64)


# -- baseline


def frequency_baseline(targets: np.ndarray, train_frequencies: Sequence[float]) -> ConstantBaseline:
    """What always predicting each label's frequency in the training samples reaches.

    With one probability for all samples the average precision of a label is the share of the
    samples that have it. The decision that serves macro F1 best is to predict every label for
    every sample; for micro F1 it is to predict the most frequent labels, as many as give the
    highest micro F1 at the training frequencies.

    Args:
        targets: 0 or 1 [N, L].
        train_frequencies: L shares in [0, 1] of the training samples.

    Raises:
        ValueError: there is not one frequency per label.
    """
    truth, _ = _pair(targets, targets)
    frequencies = np.asarray(train_frequencies, dtype=np.float64)
    if frequencies.shape != truth.shape[1:]:
        raise ValueError(f"{frequencies.shape} frequencies for targets of shape {truth.shape}")
    shares = [float(share) for share in truth.mean(axis=0) if share] if len(truth) else []
    always = np.broadcast_to(_most_useful(frequencies), truth.shape)
    return ConstantBaseline(
        mean_average_precision=_mean(shares),
        macro_f1=_mean([2 * share / (1 + share) for share in shares]),
        micro_f1=micro_f1(truth, always),
    )


def _most_useful(frequencies: np.ndarray) -> np.ndarray:
    """The labels bool [L] to predict for every sample for the highest expected micro F1."""
    order = np.argsort(-frequencies, kind="stable")
    hits = np.cumsum(frequencies[order])
    f1 = 2 * hits / np.maximum(np.arange(1, len(order) + 1) + frequencies.sum(), 1e-12)
    chosen = np.zeros(len(order), dtype=bool)
    if frequencies.any():
        chosen[order[: int(f1.argmax()) + 1]] = True
    return chosen


# -- checks


def _checked(targets: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Targets as bool and probabilities as float64, both [N, L]."""
    scores = np.asarray(probabilities, dtype=np.float64)
    truth, _ = _pair(targets, targets)
    if truth.shape != scores.shape:
        raise ValueError(f"targets of shape {truth.shape}, probabilities of {scores.shape}")
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError("probabilities must be within 0 and 1")
    return truth, scores


def _pair(targets: np.ndarray, predicted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as bool [N, L]."""
    arrays = [np.asarray(given) for given in (targets, predicted)]
    if arrays[0].ndim != 2 or arrays[0].shape != arrays[1].shape:
        raise ValueError(f"shapes {arrays[0].shape} and {arrays[1].shape}, [N, L] wanted")
    if any(not ((array == 0) | (array == 1)).all() for array in arrays):
        raise ValueError("labels must be 0 or 1")
    return arrays[0].astype(bool), arrays[1].astype(bool)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
