"""What ridge regression on features says of each sample, learnt from all samples but its group.

Leaving one out needs no second fit: the error of a sample that was left out is its residual divided
by 1 less its leverage (Allen, "The relationship between variable selection and data augmentation
and a method for prediction", 1974), and that of a group the same with a matrix. So 600 photos take
a fraction of a second, nothing depends on how folds were drawn, and each prediction has learnt from
almost everything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from transfergui.core.base.progress import Tell, untold

LARGEST_SHARE = 1 - 1e-6
"""Of a residual that a sample's own label explains: 1 would divide by 0."""


class LeftOut:
    """Features, prepared for any number of targets and penalties: centred, and of each sample only
    the direction, so that a few far ones do not decide.

    Args:
        features: float32 [N, F].
        groups: of each sample [N]; those of one are left out together.
        tell: called between steps; may raise.
    """

    def __init__(self, features: np.ndarray, groups: Sequence[str], tell: Tell = untold) -> None:
        x = features.astype(np.float32)
        x -= x.mean(0)
        x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
        x -= x.mean(0)  # again, for the intercept
        tell(0, 0)
        self._squares, self._left = decomposed(x, tell)
        self._groups = _of_several(groups)

    def predictions(self, wanted: np.ndarray, penalty: float) -> np.ndarray:
        """Of ``wanted`` [N, S], by a model that has not seen the sample's group: [N, S].

        Args:
            penalty: on weights of features whose squares sum up to 1 for each sample.
        """
        n = len(wanted)
        mean = wanted.mean(0)
        kept = self._squares / (self._squares + penalty)
        part = self._left * kept
        residuals = (wanted - mean) - part @ (self._left.T @ (wanted - mean))
        leverage = np.einsum("ij,ij->i", part, self._left) + 1 / n
        errors = residuals / (1 - np.minimum(leverage, LARGEST_SHARE))[:, None]
        for rows in self._groups:
            hat = part[rows] @ self._left[rows].T + 1 / n
            system = np.eye(len(rows)) / LARGEST_SHARE - hat
            errors[rows] = np.linalg.solve(system, residuals[rows])
        return wanted - errors


def decomposed(x: np.ndarray, tell: Tell) -> tuple[np.ndarray, np.ndarray]:
    """Squares of the singular values [k] and left singular vectors [N, k], of those that count."""
    n, width = x.shape
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # beside a training and the window, more threads make it slower
        tell(0, 0)
        gram = (x @ x.T if n <= width else x.T @ x).astype(np.float64)
        tell(0, 0)
        squares, vectors = np.linalg.eigh(gram)
    counts = squares > 1e-6 * max(float(squares[-1]), 1e-12)
    squares, vectors = squares[counts], vectors[:, counts]
    tell(0, 0)
    if n > width:
        tell(0, 0)
        vectors = x @ (vectors / np.sqrt(squares)).astype(np.float32)
    return squares, vectors.astype(np.float64)


def _of_several(groups: Sequence[str]) -> list[np.ndarray]:
    """The rows of each group that has more than one."""
    rows: dict[str, list[int]] = {}
    for row, group in enumerate(groups):
        rows.setdefault(group, []).append(row)
    return [np.array(each) for each in rows.values() if len(each) > 1]
