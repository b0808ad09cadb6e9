"""A quick classifier of few samples that count differently: ridge regression in closed form.

One column for each class, on the principal components of features. With X [N, D + 1] the rows and a
constant, W the weights, Y [N, K] and a penalty of 1 on all but the constant: (X'WX + P)^-1 X'WY.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

DIMENSIONS = 128
"""Principal components, at most."""
PENALTY = 1.0
"""Of weights, on rows whose length is 1 on average."""
SAMPLES = 1024
"""Rows by which the components are found."""
SEED = 0


class Components(NamedTuple):
    """The principal components of features, each of variance 1 before.

    Attributes:
        mean, scale: [F].
        directions: [F, D].
        length: of a row, on average.
    """

    mean: np.ndarray
    scale: np.ndarray
    directions: np.ndarray
    length: float

    @classmethod
    def of(cls, features: np.ndarray) -> Components:
        """Of features [N, F]."""
        x = features.astype(np.float64)
        mean, scale = x.mean(0), x.std(0)
        scale = np.where(scale > 1e-6 * max(float(scale.max()), 1e-12), scale, 1.0)
        x = (x - mean) / scale
        directions = np.eye(x.shape[1])
        if x.shape[1] > DIMENSIONS:
            some = np.random.default_rng(SEED).permutation(len(x))[:SAMPLES]
            directions = _directions(x[some])
        length = math.sqrt(float(((x @ directions) ** 2).sum(1).mean())) or 1.0
        return cls(mean, scale, directions, length)

    def rows(self, features: np.ndarray) -> np.ndarray:
        """Features [M, F] in them, and a constant: [M, D + 1]."""
        x = (features.astype(np.float64) - self.mean) / self.scale @ self.directions / self.length
        return np.concatenate([x, np.ones((len(x), 1))], 1)


def _directions(x: np.ndarray) -> np.ndarray:
    """The most important ones of rows [M, F]: [F, D], of length 1."""
    if x.shape[1] <= len(x):
        values, vectors = np.linalg.eigh(x.T @ x)
        return vectors[:, np.argsort(values)[::-1][:DIMENSIONS]]
    values, vectors = np.linalg.eigh(x @ x.T)
    kept = np.argsort(values)[::-1][:DIMENSIONS]
    kept = kept[values[kept] > 1e-9 * max(float(values.max()), 1e-12)]
    found: np.ndarray = x.T @ (vectors[:, kept] / np.sqrt(values[kept]))
    return found


class Fitted(NamedTuple):
    """A classifier.

    Attributes:
        classes: [K].
        columns: [D + 1, K].
        inverse: (X'WX + P)^-1, [D + 1, D + 1].
    """

    classes: np.ndarray
    columns: np.ndarray
    inverse: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> Fitted:
        """Of rows [N, D + 1] as of :meth:`Components.rows`, their classes [N] and weights [N]."""
        classes, codes = np.unique(labels, return_inverse=True)
        wanted = np.eye(len(classes))[codes.ravel()]
        heavy = rows * weights[:, None]
        squares = rows.T @ heavy
        penalised = np.arange(len(squares) - 1)
        squares[penalised, penalised] += PENALTY
        inverse = np.linalg.inv(squares)
        return cls(classes, inverse @ (heavy.T @ wanted), inverse)

    def predicted(self, rows: np.ndarray) -> np.ndarray:
        """The class of each row [M]."""
        found: np.ndarray = self.classes[(rows @ self.columns).argmax(1)]
        return found

    def unseen(self, rows: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The class of each of the rows that it was fitted to, by a classifier of all others
        (leave-one-out, exact)."""
        own = weights * ((rows @ self.inverse) * rows).sum(1)
        wanted = self.classes == labels[:, None]
        answers = rows @ self.columns - own[:, None] * wanted
        found: np.ndarray = self.classes[(answers / np.maximum(1 - own, 1e-6)[:, None]).argmax(1)]
        return found
