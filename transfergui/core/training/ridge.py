"""Linear models in closed form, where logistic regression would take minutes.

Ridge regression of one column for each class, label or number. All that it needs of the samples are
sums over them, so that a model of some more samples, or of some less, costs only what these add.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from transfergui.core.interfaces.objective import Probe

PENALTY = 1.0
"""For each feature, on features of variance 1. With it, and MobileNetV2, photos are told as well as
by logistic regression: 0.11 and 0.09 of 3 each of 60 classes, 0.23 and 0.25 of 30 each, 0.34 and
0.34 of 1500 of 10."""
LOGISTIC = 60_000_000
"""Samples x features x classes up to which logistic regression takes about a second."""
CROWDED = 6
"""Samples for each class below which scikit-learn doubts that these are classes."""
MOST_WIDTH = 1280
"""Features are turned so that no more are left, the most important ones: time grows with the cube
of them."""
BLOCK = 4096
SHARPNESSES = tuple(np.geomspace(1, 100, 25).tolist())
"""By which scores, 1 for a class and 0 for the others, are multiplied to become probabilities."""


def is_needed(count: int, width: int, classes: int) -> bool:
    """Whether logistic regression of ``count`` samples would take too long."""
    return count * width * classes > LOGISTIC or count < CROWDED * classes


class Columns(NamedTuple):
    """What is to be predicted by some probes.

    Attributes:
        wanted: [N, S]; zeros where it is not known.
        of: the columns of each probe.
    """

    wanted: csr_matrix
    of: tuple[slice, ...]


def columns_of(probes: Sequence[Probe]) -> Columns:
    """One column for each class; for each label; for each number."""
    from scipy import sparse

    parts, places, start = [], [], 0
    for probe in probes:
        if probe.kind == "classes":
            width = int(probe.wanted.max()) + 1
            part = _one_hot(probe.wanted.astype(np.int64), width)
        else:
            width = 1
            part = sparse.csr_matrix(probe.wanted.astype(np.float64)[:, None])
        parts.append(part)
        places.append(slice(start, start + width))
        start += width
    return Columns(sparse.hstack(parts, format="csr"), tuple(places))


def _one_hot(labels: np.ndarray, width: int | None = None) -> csr_matrix:
    """[N, width]; zeros where the label is -1."""
    from scipy import sparse

    rows = np.flatnonzero(labels >= 0)
    shape = (len(labels), width or int(labels.max()) + 1)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, labels[rows])), shape)


def narrowed(features: np.ndarray) -> np.ndarray:
    """Features [N, F] of mean 0 and variance 1, float32; of more than :data:`MOST_WIDTH`, what is
    left of them in the directions of some of the samples."""
    x = features.astype(np.float32) - features.mean(0, dtype=np.float64).astype(np.float32)
    x /= float(x.std()) or 1.0
    if x.shape[1] <= MOST_WIDTH:
        return x
    some = np.random.default_rng(0).permutation(len(x))[:MOST_WIDTH]
    return x @ directions(x[some])


def directions(rows: np.ndarray) -> np.ndarray:
    """Those in which rows [M, F] lie, of length 1 [F, at most M]."""
    values, vectors = np.linalg.eigh((rows @ rows.T).astype(np.float64))
    kept = values > 1e-6 * max(float(values[-1]), 1e-12)
    found: np.ndarray = (rows.T @ (vectors[:, kept] / np.sqrt(values[kept]))).astype(np.float32)
    return found


def accuracies(
    features: np.ndarray, labels: np.ndarray, parts: Iterable[tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    """How well classes [N] are told in each of ``parts``: rows to learn from, rows to test."""
    codes = np.unique(labels, return_inverse=True)[1].ravel()
    x, wanted = narrowed(features), _one_hot(codes)
    found = []
    for learnt, tested in parts:
        model = Ridge(x, wanted, features.shape[1])
        model.learn(learnt)
        found.append(float((model.classes(tested) == codes[tested]).mean()))
    return np.array(found)


def probabilities(
    features: np.ndarray, labels: np.ndarray, learnt: np.ndarray, classes: int
) -> np.ndarray:
    """Of each class [N, classes], learnt from the rows ``learnt``; a part of these, before they are
    learnt from as well, says how sure the model may be."""
    from scipy.special import log_softmax

    order = np.random.default_rng(0).permutation(learnt)
    held, rest = order[: len(order) // 5], order[len(order) // 5 :]
    model = Ridge(narrowed(features), _one_hot(labels, classes), features.shape[1])
    model.learn(rest)
    answers = model.answers(held)

    def loss(sharpness: float) -> float:
        logs = log_softmax(sharpness * answers, axis=1)
        return -float(logs[np.arange(len(held)), labels[held]].mean())

    sharpness = min(SHARPNESSES, key=loss)
    model.learn(held)
    scores = np.where(model.seen, sharpness * model.answers(np.arange(len(features))), -np.inf)
    found: np.ndarray = np.exp(log_softmax(scores, axis=1)).astype(np.float64)
    return found


class Ridge:
    """A model of the rows that it has learnt from.

    Args:
        x: of :func:`narrowed` [N, D].
        wanted: of :class:`Columns` [N, S].
        width: of the features before they were narrowed.
    """

    def __init__(self, x: np.ndarray, wanted: csr_matrix, width: int) -> None:
        self._x, self._wanted = x, wanted
        self._penalty = PENALTY * width
        self._squares = np.zeros((x.shape[1], x.shape[1]))
        self._products = np.zeros((x.shape[1], wanted.shape[1]))
        self._sum, self._total = np.zeros(x.shape[1]), np.zeros(wanted.shape[1])
        self._count = 0

    def learn(self, rows: np.ndarray, sign: int = 1) -> None:
        """Learn from more rows; with -1, forget them."""
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            own, wanted = self._x[some], self._wanted[some]
            self._squares += sign * (own.T @ own)
            self._products += sign * np.asarray((wanted.T @ own).T)
            self._sum += sign * own.sum(0, dtype=np.float64)
            self._total += sign * np.asarray(wanted.sum(0)).ravel()
        self._count += sign * len(rows)

    @property
    def seen(self) -> np.ndarray:
        """Which columns were not always 0 [S]."""
        return np.abs(self._total) > 0.5

    def classes(self, rows: np.ndarray) -> np.ndarray:
        """The most likely of its columns, all of which are classes, for ``rows`` [T]."""
        return self.likeliest(self.answers(rows), slice(None))

    def likeliest(self, answers: np.ndarray, of: slice) -> np.ndarray:
        """The most likely of some columns that are classes and occur, by :meth:`answers` [T].

        Of a few samples each, a class with two is not twice as likely as one with one: then each
        counts the same.
        """
        own, middle = answers[:, of], (self._total / self._count)[of]
        if self._count < CROWDED * len(middle):
            own = (own - middle) / np.maximum(middle, 1e-12)
        found: np.ndarray = np.where(self.seen[of], own, -np.inf).argmax(axis=1)
        return found

    def without(self, rows: np.ndarray) -> Ridge:
        """A model that has not learnt from ``rows``, which this one has."""
        other = Ridge.__new__(Ridge)
        other.__dict__ |= self.__dict__
        for name in ("_squares", "_products", "_sum", "_total"):
            setattr(other, name, getattr(self, name).copy())
        other.learn(rows, -1)
        return other

    def answers(self, rows: np.ndarray) -> np.ndarray:
        """What it predicts for ``rows`` [T, S]."""
        from scipy.linalg import cho_factor, cho_solve

        mean, middle = self._sum / self._count, self._total / self._count
        squares = self._squares - self._count * np.outer(mean, mean)
        squares[np.diag_indices_from(squares)] += self._penalty
        products = self._products - self._count * np.outer(mean, middle)
        weights = cho_solve(cho_factor(squares, overwrite_a=True), products, overwrite_b=True)
        start = middle - mean @ weights
        found: np.ndarray = self._x[rows] @ weights.astype(np.float32) + start
        return found
