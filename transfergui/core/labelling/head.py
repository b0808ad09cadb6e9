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

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

PENALTIES = tuple(10.0**power for power in (-4, -3.5, -3, -2.5, -2, -1.5, -1))
"""For each labelled example; features have length 1."""
SHARPNESSES = tuple(np.geomspace(1, 60, 25).tolist())
LEAST = 1e-9


class Head(NamedTuple):
    """What a head makes of examples.

    Attributes:
        probabilities: float64 [N, C], of all examples.
        left_out: float64 [L, C], of the labelled ones, each by the model of all the others.
        penalty: the chosen one of :data:`PENALTIES`.
    """

    probabilities: np.ndarray
    left_out: np.ndarray
    penalty: float


def scaled(features: np.ndarray) -> np.ndarray:
    """Features [N, F] from their mean, each of length 1; float64."""
    x = np.asarray(features, dtype=np.float64)
    x = x - x.mean(0)
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.maximum(lengths, LEAST)


def narrowed(x: np.ndarray, width: int) -> np.ndarray:
    """Features [N, F] of :func:`scaled`, of more than ``width`` those parts in which some of the
    examples vary most [N, ``width``]."""
    if x.shape[1] <= width:
        return x
    some = x[np.random.default_rng(0).permutation(len(x))[: 2 * width]]
    directions, _squares = _directions(some - some.mean(0))
    return x @ directions[:, -width:]


def fitted(
    x: np.ndarray,
    rows: np.ndarray,
    labels: np.ndarray,
    classes: int,
    penalties: Sequence[float] = PENALTIES,
) -> Head:
    """A head of the labelled examples.

    Args:
        x: of :func:`scaled` [N, F].
        rows: the labelled ones [L].
        labels: theirs, below ``classes`` [L].
        penalties: those to choose from.
    """
    from scipy.special import softmax

    own = x[rows]
    wanted = np.eye(classes)[labels]
    middle, mean = own.mean(0), wanted.mean(0)
    own, wanted = own - middle, wanted - mean
    directions, values = _directions(own)
    turned = own @ directions  # [L, D]
    products = turned.T @ wanted
    found = []
    for penalty in penalties:
        shrunk = 1.0 / (values + penalty * len(rows))
        weights = shrunk[:, None] * products
        leverage = (turned**2) @ shrunk + 1.0 / len(rows)
        error = (wanted - turned @ weights) / np.maximum(1 - leverage, LEAST)[:, None]
        left_out = wanted + mean - error
        losses = [_loss(sharpness * left_out, labels) for sharpness in SHARPNESSES]
        at = int(np.argmin(losses))
        found.append((losses[at], penalty, SHARPNESSES[at], weights, left_out))
    _best, penalty, sharpness, weights, left_out = min(found, key=lambda each: each[0])
    answers = (x - middle) @ (directions @ weights) + mean
    return Head(
        softmax(sharpness * answers, axis=1), softmax(sharpness * left_out, axis=1), penalty
    )


def _loss(scores: np.ndarray, labels: np.ndarray) -> float:
    """Mean log loss of the softmax of scores [L, C]."""
    from scipy.special import logsumexp

    return float((logsumexp(scores, axis=1) - scores[np.arange(len(labels)), labels]).mean())


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
