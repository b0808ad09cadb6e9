"""How much each training sample moves the prediction for another one: exact, of a linear model.

Without a sample, ridge regression predicts ``y(x) - h(x, i) e_i / (1 - h_i)``: ``h(x, i)`` is the
weight of sample i in the prediction for x, ``e_i`` its residual, ``h_i`` its leverage (Cook,
"Detection of Influential Observation in Linear Regression", 1977; for the last layer of a network
the representer points of Yeh et al. 2018, arXiv:1811.09720, are the same weights). So it needs no
second fit, and the amount has the unit of the target.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transfergui.core.base.progress import Tell, untold
from transfergui.core.checks.left_out import LARGEST_SHARE, decomposed

PENALTIES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Of weights of features whose squares sum up to about 1 for each sample; the smallest error on
samples that were left out chooses."""


@dataclass(frozen=True)
class Moved:
    """What the linear model says of one sample.

    Attributes:
        prediction: in the unit of the target.
        by: how much higher it is than it would be without each training sample [N].
        weights: of each training sample in the prediction [N]; above 0 it is alike.
    """

    prediction: float
    by: np.ndarray
    weights: np.ndarray


class Pulls:
    """Features of training samples, prepared for any number of targets and queries.

    Args:
        rows: features [N, F].
    """

    def __init__(self, rows: np.ndarray, tell: Tell = untold) -> None:
        x = rows.astype(np.float32)
        self._mean = x.mean(0)
        x = _directions(x - self._mean)
        self._middle = x.mean(0)
        self._x = x - self._middle
        self._squares, self._left = decomposed(self._x, tell)

    def of(self, wanted: np.ndarray, query: np.ndarray) -> Moved:
        """What the training samples do to the prediction for ``query`` [F].

        Args:
            wanted: the targets of the training samples, float64 [N].
        """
        penalty = min(PENALTIES, key=lambda each: self._error(wanted, each))
        alike = self._x @ (_directions((query - self._mean)[None])[0] - self._middle)
        part = self._left / (self._squares + penalty)
        weights = 1 / len(wanted) + part @ (self._left.T @ alike.astype(np.float64))
        residuals, spared = self._residuals(wanted, penalty)
        return Moved(float(weights @ wanted), weights * residuals / spared, weights)

    def _error(self, wanted: np.ndarray, penalty: float) -> float:
        residuals, spared = self._residuals(wanted, penalty)
        return float(np.square(residuals / spared).mean())

    def _residuals(self, wanted: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
        """Of each training sample, and 1 less its leverage [N]."""
        kept = self._left * (self._squares / (self._squares + penalty))
        mean = wanted.mean()
        residuals = (wanted - mean) - kept @ (self._left.T @ (wanted - mean))
        leverage = np.einsum("ij,ij->i", kept, self._left) + 1 / len(wanted)
        return residuals, 1 - np.minimum(leverage, LARGEST_SHARE)


def _directions(rows: np.ndarray) -> np.ndarray:
    """Each of length 1, so that a few far ones do not decide."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
