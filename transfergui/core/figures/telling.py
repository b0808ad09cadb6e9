"""How well samples can be told apart by a single property, or by a few, cross-validated.

The model is as small as can be: a property is cut into bins, and a bin is called by the class that
falls into it most often, every class counting the same. What chance gives is measured by doing the
same with shuffled labels (Westfall and Young, "Resampling-Based Multiple Testing", 1993: the best
of all figures of each shuffling, so that many properties and classes find no more by chance than
one does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

FOLDS = 5
BINS = 8
"""Of a number, with equally many samples each."""
NAMES = 12
"""Of a category: the most frequent values; the others are one bin."""
SMOOTH = 0.5
"""Added to each count."""
SHUFFLES = 199
"""The smallest share of them that can be exceeded by chance alone: 1 in 200."""
AT_ONCE = 4_000_000
"""Counts that are held at a time."""
SHRINK = 3.0
"""Of the mean variance, added to every direction: with fewer samples than features, the small ones
are noise. On four sets of photos, 1 to 10 reach what logistic regression does."""


@dataclass(frozen=True)
class Told:
    """How well classes can be told apart.

    Attributes:
        together: balanced accuracy over all classes.
        each: of each class beside all others, balanced accuracy [C].
    """

    together: float
    each: np.ndarray


def binned(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Bins of a column [N], int [N], and how many there are; unknown values are one.

    Args:
        values: numbers, NaN for unknown ones, or names.
    """
    if values.dtype.kind in "fiu":
        return _binned_numbers(values.astype(np.float64))
    names, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    place = np.empty(len(names), np.int64)
    place[order] = np.minimum(np.arange(len(names)), NAMES)
    return place[inverse.ravel()], int(place.max()) + 1


def _binned_numbers(values: np.ndarray) -> tuple[np.ndarray, int]:
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values), np.int64), 1
    distinct = np.unique(values[known])
    if len(distinct) > BINS:
        cuts = np.unique(np.quantile(values[known], np.arange(1, BINS) / BINS))
    else:
        cuts = distinct[1:]
    found = np.digitize(values, cuts)
    found[~known] = len(cuts) + 1
    return found, len(cuts) + 1 + int(not known.all())


def folds_of(labels: np.ndarray, groups: Sequence[object], seed: int = 0) -> np.ndarray:
    """The fold of each sample, int [N]: groups stay together, classes are spread evenly."""
    rng = np.random.default_rng(seed)
    _names, members = np.unique(np.array([str(g) for g in groups]), return_inverse=True)
    members = members.ravel()
    first = np.zeros(int(members.max()) + 1, np.int64)
    first[members] = labels
    order = np.lexsort((rng.random(len(first)), first))
    fold = np.empty(len(first), np.int64)
    fold[order] = np.arange(len(first)) % FOLDS
    return fold[members]


def shuffled(labels: np.ndarray, groups: Sequence[object], count: int) -> Iterator[np.ndarray]:
    """Labels [N] as they might be if they had nothing to do with the samples: among those of one
    group where it has several classes, else from group to group."""
    rng = np.random.default_rng(0)
    _names, members = np.unique(np.array([str(g) for g in groups]), return_inverse=True)
    members = members.ravel()
    size = int(members.max()) + 1
    low, high = np.full(size, labels.max() + 1), np.full(size, labels.min() - 1)
    np.minimum.at(low, members, labels)
    np.maximum.at(high, members, labels)
    pure = np.flatnonzero(low == high)
    inside = np.flatnonzero((low != high)[members])
    sorted_inside = inside[np.argsort(members[inside], kind="stable")]
    for _number in range(count):
        of_group = low.copy()
        of_group[pure] = low[rng.permutation(pure)]
        found = of_group[members]
        order = np.lexsort((rng.random(len(inside)), members[inside]))
        found[sorted_inside] = labels[inside[order]]
        yield found


def by_bins(bins: np.ndarray, labels: np.ndarray, folds: np.ndarray, classes: int) -> Told:
    """How well classes [N] from 0 can be told by the bins [N] of one property."""
    together, each = _scores(_counts(bins, labels[None], folds, classes))
    return Told(float(together[0]), each[0])


def fitting(
    bins: np.ndarray, labels: np.ndarray, folds: np.ndarray, classes: int, one: int | None = None
) -> np.ndarray:
    """Samples whose class the bins tell rightly, from the samples of the other folds, bool [N].

    Args:
        one: a class that is only told from all others.
    """
    counts = _counts(bins, labels[None], folds, classes)[0]
    learnt = counts.sum(axis=0, keepdims=True) - counts  # [F, C, B]
    likely = _shares(learnt[None])[0]
    if one is None:
        return np.asarray(likely.argmax(axis=1)[folds, bins] == labels)
    rest = learnt.sum(axis=1, keepdims=True) - learnt
    said = (likely > _shares(rest[None])[0])[:, one]
    return np.asarray(said[folds, bins] == (labels == one))


def by_bins_shuffled(
    bins: np.ndarray, labels: np.ndarray, folds: np.ndarray, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same for many labellings [S, N]: ``together`` [S], and the best of ``each`` [S]."""
    step = max(1, AT_ONCE // (FOLDS * classes * (int(bins.max()) + 1)))
    found = [
        _scores(_counts(bins, labels[at : at + step], folds, classes))
        for at in range(0, len(labels), step)
    ]
    together = np.concatenate([scores for scores, _each in found])
    return together, np.concatenate([each.max(axis=1) for _scores, each in found])


def _counts(bins: np.ndarray, labels: np.ndarray, folds: np.ndarray, classes: int) -> np.ndarray:
    """Samples by fold, class and bin, float64 [S, F, C, B], of labellings [S, N]."""
    width, runs = int(bins.max()) + 1, len(labels)
    place = (folds[None] * classes + labels) * width + bins[None]
    place += np.arange(runs)[:, None] * (FOLDS * classes * width)
    flat = np.bincount(place.ravel(), minlength=runs * FOLDS * classes * width)
    return flat.reshape(runs, FOLDS, classes, width).astype(np.float64)


def _scores(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``together`` [S] and ``each`` [S, C] of counts [S, F, C, B]."""
    learnt = counts.sum(axis=1, keepdims=True) - counts
    rest = learnt.sum(axis=2, keepdims=True) - learnt
    likely, unlikely = _shares(learnt), _shares(rest)
    sizes = counts.sum(axis=(1, 3))
    best = likely.argmax(axis=2)  # [S, F, B]
    hit = best[:, :, None, :] == np.arange(counts.shape[2])[None, None, :, None]
    together = ((counts * hit).sum(axis=(1, 3)) / np.maximum(sizes, 1)).mean(axis=1)
    said = likely > unlikely
    others = counts.sum(axis=2, keepdims=True) - counts
    recall = (counts * said).sum(axis=(1, 3)) / np.maximum(sizes, 1)
    spared = (others * ~said).sum(axis=(1, 3)) / np.maximum(others.sum(axis=(1, 3)), 1)
    return together, (recall + spared) / 2


def _shares(counts: np.ndarray) -> np.ndarray:
    smooth = counts + SMOOTH
    return np.asarray(smooth / smooth.sum(axis=3, keepdims=True))


# -- several at once


def one_hot(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Bins [N] of several properties as one matrix float32 [N, D]."""
    return np.concatenate(
        [(bins[:, None] == np.unique(bins)[None]).astype(np.float32) for bins in columns], axis=1
    )


def whitened(features: np.ndarray) -> np.ndarray:
    """Features [N, F] turned and scaled so that all directions vary about alike [N, D]."""
    centred = (features - features.mean(axis=0)).astype(np.float64)
    rows, width = centred.shape
    if rows < width:
        values, left = np.linalg.eigh(centred @ centred.T / rows)
        turned = left * np.sqrt(np.maximum(values, 0) * rows)
    else:
        values, right = np.linalg.eigh(centred.T @ centred / rows)
        turned = centred @ right
    values = np.maximum(values, 0)
    return np.asarray((turned / np.sqrt(values + SHRINK * values.mean() + 1e-12)), np.float32)


def by_means(rows: np.ndarray, labels: np.ndarray, folds: np.ndarray, classes: int) -> Told:
    """How well classes [N] from 0 can be told by the nearest of their means among :func:`whitened`
    rows [N, D]: linear discriminant analysis, every class counting the same."""
    hits, firsts = np.zeros(classes), np.zeros((classes, 2))
    sizes = np.bincount(labels, minlength=classes)
    for fold in range(FOLDS):
        tested = folds == fold
        means, others = _means(rows[~tested], labels[~tested], classes)
        own, truth = rows[tested], labels[tested]
        said = (own @ means.T - np.square(means).sum(axis=1) / 2).argmax(axis=1)
        hits += np.bincount(truth[said == truth], minlength=classes)
        way = means - others
        beyond = own @ way.T > ((means + others) / 2 * way).sum(axis=1)
        is_class = truth[:, None] == np.arange(classes)
        firsts[:, 0] += (beyond & is_class).sum(axis=0)
        firsts[:, 1] += (~beyond & ~is_class).sum(axis=0)
    recall = firsts[:, 0] / np.maximum(sizes, 1)
    spared = firsts[:, 1] / np.maximum(len(labels) - sizes, 1)
    return Told(float((hits / np.maximum(sizes, 1)).mean()), (recall + spared) / 2)


def _means(rows: np.ndarray, labels: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """The mean row of each class, and of all others, [C, D] each."""
    members = (labels[:, None] == np.arange(classes)).astype(np.float32)
    sizes = members.sum(axis=0)[:, None]
    sums = members.T @ rows
    others = (rows.sum(axis=0) - sums) / np.maximum(len(rows) - sizes, 1)
    return sums / np.maximum(sizes, 1), others


# -- numbers


def correlation(bins: np.ndarray, values: np.ndarray, folds: np.ndarray) -> float:
    """Of numbers [N] with what is predicted of them: the mean of their bin in the other folds."""
    width = int(bins.max()) + 1
    predicted = np.empty(len(values))
    for fold in range(FOLDS):
        learnt = folds != fold
        counts = np.bincount(bins[learnt], minlength=width)
        sums = np.bincount(bins[learnt], weights=values[learnt], minlength=width)
        means = np.where(counts > 0, sums / np.maximum(counts, 1), values[learnt].mean())
        predicted[~learnt] = means[bins[~learnt]]
    if not predicted.std() or not values.std():
        return 0.0
    return float(np.corrcoef(predicted, values)[0, 1])


def linear_correlation(rows: np.ndarray, values: np.ndarray, folds: np.ndarray) -> float:
    """The same of a linear model of :func:`whitened` rows [N, D]."""
    predicted = np.empty(len(values))
    for fold in range(FOLDS):
        learnt = folds != fold
        mean = values[learnt].mean()
        way = rows[learnt].T @ (values[learnt] - mean) / learnt.sum()
        predicted[~learnt] = mean + rows[~learnt] @ way
    if not predicted.std() or not values.std():
        return 0.0
    return float(np.corrcoef(predicted, values)[0, 1])


def tail_of_chance(found: float, by_chance: Sequence[float] | np.ndarray) -> float:
    """The same where it may be smaller than shuffling can tell: by Gumbel's distribution, which
    maxima have, with the mean and the deviation of the shuffled ones."""
    chance = np.asarray(by_chance, dtype=np.float64)
    apart = (found - chance.mean()) / max(float(chance.std()), 1e-9)
    return float(-np.expm1(-np.exp(-(np.pi / np.sqrt(6) * apart + np.euler_gamma))))


def share_of_chance(found: float, by_chance: Sequence[float] | np.ndarray) -> float:
    """The p-value of a figure beside those of shuffled labels."""
    return (1 + int((np.asarray(by_chance) >= found).sum())) / (1 + len(by_chance))
