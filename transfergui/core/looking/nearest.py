"""Examples that are like another one, by what a network makes of them."""

from __future__ import annotations

import numpy as np

COUNT = 8
"""Examples that are shown."""


def centred(rows: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Features [N, F] from their mean, each of length 1; float32.

    Features behind a rectifier are all positive, so that any two look alike; what tells them apart
    is how they differ from the mean.
    """
    apart = rows - mean
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return (apart / np.maximum(lengths, np.finfo(np.float32).tiny)).astype(np.float32)


def ranked(likeness: np.ndarray, count: int = COUNT, leave_out: int = -1) -> list[int]:
    """The ``count`` places with the highest likeness [N], the highest first.

    Args:
        leave_out: a place that is never among them: the sample itself.
    """
    order = np.argsort(-likeness, kind="stable")
    return [int(place) for place in order if place != leave_out][:count]


def alike(rows: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Cosine similarity [N] of features [N, F] with those of one sample [F], both from the mean of
    ``rows``."""
    mean = rows.mean(0)
    return centred(rows, mean) @ centred(query[None], mean)[0]


def pull(
    rows: np.ndarray,
    residuals: np.ndarray,
    query: np.ndarray,
    wanted: np.ndarray,
) -> np.ndarray:
    """How much each training sample pulls the prediction of another one to a class, in [-1, 1].

    The cosine of two gradients of the loss with respect to the last layer, which are outer
    products of residuals and features: that of the training sample, and that of the other one if
    the class were its label ("gradient cosine", of the measures compared by Hanawa et al. 2021,
    "Evaluation of Similarity-based Explanations", arXiv:2006.04528, the one that passed all their
    tests; the plain product, TracIn's of Pruthi et al. 2020, lets a few samples with large features
    explain everything). What is unlike the sample can pull, too, by teaching the opposite; nobody
    would see why, so that it counts nothing here.

    Args:
        rows, residuals: of the training samples: features [N, F], probabilities less truth [N, C].
        query, wanted: of the other one: features [F], probabilities less that class [C].
    """
    likeness = alike(rows, query).clip(0, None)
    return likeness * (_unit(residuals) @ _unit(wanted[None])[0])


def _unit(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, np.finfo(np.float64).tiny)


def residuals(answers: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Probabilities [N, C] less 1 at the class that each sample has [N]."""
    found = answers.astype(np.float64).copy()
    found[np.arange(len(labels)), labels] -= 1
    return found
