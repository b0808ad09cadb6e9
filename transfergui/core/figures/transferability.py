"""How much of what is to be predicted the features of a network tell, before anything is trained.

Both scores are higher for better networks, and comparable within one data set only.
"""

from __future__ import annotations

import numpy as np

ROUNDS, CLOSE = 100, 1e-3
"""Of LogME's fixed point."""
SPREAD = 1e-12
"""Share of the largest variance below which a direction of the features holds nothing."""


def one_hot(labels: np.ndarray) -> np.ndarray:
    """A column for each label that occurs: float64 [N, C]."""
    return (labels[:, None] == np.unique(labels)[None]).astype(np.float64)


def logme(features: np.ndarray, wanted: np.ndarray) -> float:
    """Log of the maximum evidence of ``wanted`` [N, S], given features [N, F]; per sample and
    column.

    You et al., "LogME: Practical Assessment of Pre-trained Models for Transfer Learning", 2021
    (arXiv:2102.11005): Bayesian linear regression of each one-hot label, its prior precision a
    and noise precision b at their fixed point, averaged over the columns: one for each class.
    """
    x = features.astype(np.float64)
    n, width = x.shape
    u, s, _vt = np.linalg.svd(x, full_matrices=False)
    squares = s**2
    evidences = []
    for y in np.ascontiguousarray(wanted.T):
        along = (u.T @ y) ** 2
        outside = max(0.0, float(y @ y - along.sum()))
        evidences.append(_evidence(squares, along, outside, n, width))
    return float(np.mean(evidences))


def _evidence(squares: np.ndarray, along: np.ndarray, outside: float, n: int, width: int) -> float:
    """Of one label: ``along`` [k] its squared coordinates on the k directions, ``squares`` [k]."""
    a = b = 1.0
    for _round in range(ROUNDS):
        ratio = a / b
        effective = float((squares / (squares + ratio)).sum())
        norm = float((squares * along / (squares + ratio) ** 2).sum())
        error = float((along * (ratio / (squares + ratio)) ** 2).sum()) + outside
        a, b = effective / (norm + 1e-12), (n - effective) / (error + 1e-12)
        if abs(a / b - ratio) <= CLOSE * ratio:
            break
    determinant = float(np.log(a + b * squares).sum()) + (width - len(squares)) * np.log(a)
    fit = width * np.log(a) + n * np.log(b) - determinant - b * error - a * norm
    return (fit - n * np.log(2 * np.pi)) / (2 * n)


def h_score(features: np.ndarray, labels: np.ndarray) -> float | None:
    """H-score of features [N, F] for labels [N]; None where there is one class, or one sample.

    Bao et al., "An Information-Theoretic Approach to Transferability in Task Transfer Learning",
    2019: the trace of inverse(covariance of the features) times the covariance of their means
    given the label. That is the sum of the squared correlations of the features with the classes,
    from 0 to classes - 1. With fewer samples than features the covariance has no inverse, so it
    is shrunk towards a multiple of the identity by the amount a of Ledoit and Wolf, and the
    other one by the factor 1 - a, as proposed by Ibrahim, Ponomareva and Mazumder, "Newer is not
    always better: Rethinking transferability metrics", 2021 (arXiv:2110.06893).
    """
    from sklearn.covariance import ledoit_wolf_shrinkage
    from threadpoolctl import threadpool_limits

    x = features.astype(np.float64)
    x = x - x.mean(0)
    n, width = x.shape
    names, which = np.unique(labels, return_inverse=True)
    usual = float((x**2).sum()) / max(1, n * width)
    if len(names) < 2 or usual <= 0:
        return None
    with threadpool_limits(1):
        shrunk = float(ledoit_wolf_shrinkage(x, assume_centered=True))
        _u, s, vt = np.linalg.svd(x, full_matrices=False)
    counts = np.bincount(which)
    means = np.stack([x[which == place].mean(0) for place in range(len(names))])
    along = means @ vt.T  # the means lie in the directions of the samples: all others add nothing
    variances = (1 - shrunk) * s**2 / n + shrunk * usual
    known = variances > SPREAD * variances.max()
    squares = (along[:, known] ** 2 / variances[known]).sum(1)
    return float((1 - shrunk) * (counts / n * squares).sum())
