"""The model that suggests labels while they are given: ridge regression of frozen features.

One-hot classes are regressed on the features (least squares with a penalty on the weights: Hoerl
and Kennard, "Ridge Regression", 1970), which has a closed form, and with it the prediction for each
labelled example by the model of all others (leave one out; Allen's PRESS, 1974)::

    H = K (K + n l I)^-1,    f_-i(x_i) = y_i - (y_i - f(x_i)) / (1 - H_ii)

with K the products of centred features. From these, which no model has seen, the penalty ``l`` is
chosen, and the sharpness by which scores become probabilities (softmax, by the least log loss), so
that a confidence means something, and the estimate of accuracy comes for nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

PENALTIES = tuple(10.0**power for power in (-3, -2.5, -2, -1.5, -1, -0.5, 0))
"""Relative to the mean square of the features, which have length 1 on average."""
SHARPNESSES = tuple(np.geomspace(1, 60, 25).tolist())
LEAST = 1e-9


class Head(NamedTuple):
    """What a head makes of examples.

    Attributes:
        probabilities: float64 [N, C], of all examples.
        left_out: float64 [L, C], of the labelled ones, each by the model of all the others.
    """

    probabilities: np.ndarray
    left_out: np.ndarray


def scaled(features: np.ndarray) -> np.ndarray:
    """Features [N, F] from their mean, each of length 1; float64."""
    x = np.asarray(features, dtype=np.float64)
    x = x - x.mean(0)
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.maximum(lengths, LEAST)


def fitted(x: np.ndarray, rows: np.ndarray, labels: np.ndarray, classes: int) -> Head:
    """A head of the labelled examples.

    Args:
        x: of :func:`scaled` [N, F].
        rows: the labelled ones [L].
        labels: theirs, below ``classes`` [L].
    """
    from scipy.special import log_softmax, softmax

    own = x[rows]
    wanted = np.eye(classes)[labels]
    middle, mean = own.mean(0), wanted.mean(0)
    own, wanted = own - middle, wanted - mean
    directions, values = _directions(own)
    turned = own @ directions  # [L, D]
    best: tuple[float, float, float] | None = None
    kept = None
    for penalty in PENALTIES:
        shrunk = 1.0 / (values + penalty * len(rows) / 10)
        weights = shrunk[:, None] * (turned.T @ wanted)
        leverage = ((turned**2) @ shrunk) + 1.0 / len(rows)
        error = (wanted - turned @ weights) / np.maximum(1 - leverage, LEAST)[:, None]
        left_out = wanted + mean - error
        for sharpness in SHARPNESSES:
            loss = -float(log_softmax(sharpness * left_out, axis=1)[_at(labels)].mean())
            if best is None or loss < best[0]:
                best, kept = (loss, penalty, sharpness), (weights, left_out)
    assert best is not None and kept is not None
    weights, left_out = kept
    answers = (x - middle) @ (directions @ weights) + mean
    sharpness = best[2]
    return Head(softmax(sharpness * answers, axis=1), softmax(sharpness * left_out, axis=1))


def _at(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(len(labels)), labels


def _directions(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Those in which centred rows [L, F] vary [F, D], and the squares along them [D]; from the
    smaller of the two Gram matrices."""
    count, width = rows.shape
    if width <= count:
        values, vectors = np.linalg.eigh(rows.T @ rows)
        kept = values > LEAST * max(float(values[-1]), LEAST)
        return vectors[:, kept], values[kept]
    values, vectors = np.linalg.eigh(rows @ rows.T)
    kept = values > LEAST * max(float(values[-1]), LEAST)
    return rows.T @ (vectors[:, kept] / np.sqrt(values[kept])), values[kept]
