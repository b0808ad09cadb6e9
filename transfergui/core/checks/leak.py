"""What near duplicates do to a score: a linear probe that has seen the copies of what it is asked,
and one that has not.

Each sample is predicted by ridge regression on the features of all others, once with its copies
among them and once without. Both follow in closed form from one fit (Cook & Weisberg, *Residuals
and Influence in Regression*, 1982): the residuals of a fit without the samples G are
``(I - H_GG)^-1 e_G``, where ``e`` are the residuals of all and ``H`` maps what is wanted to what is
predicted. So nothing is left to chance, and the figures differ by the copies alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.base.progress import Tell, untold

if TYPE_CHECKING:
    from transfergui.core.interfaces.objective import Probe

PENALTY = 0.3
"""Of the ridge regression, for each feature, on features of variance 1. Measured on brain scans,
clothes, hand signs and spoken digits with three backbones each: between 0.1 and 1 the probe is as
accurate as logistic regression, and the difference that copies make is the same."""
BLOCK = 2048
"""Rows that are turned at once."""
UNKNOWN = -1e9
"""The score of a class that nothing is known of: below that of every other one."""


class Leak(NamedTuple):
    """The score with copies of what is predicted among what is learnt from, and without.

    Attributes:
        with_copies, without: as of the objective's probe.
        only_by_copies, only_without: samples that are predicted correctly in one case alone; None
            where nothing is correct or wrong.
        n: samples that were predicted.
    """

    with_copies: float
    without: float
    only_by_copies: int | None
    only_without: int | None
    n: int


def measured(
    features: np.ndarray,
    groups: Sequence[Sequence[int]],
    probes: Sequence[Probe],
    tell: Tell = untold,
) -> Leak | None:
    """What copies make of the scores of ``probes`` on features [N, F]; the mean where there are
    several.

    Args:
        groups: rows that are copies of each other.

    Returns:
        None where there are no copies, or nothing can be learnt.
    """
    groups = [group for group in groups if len(group) > 1]
    wanted = [(probe, target) for probe in probes if (target := _target(probe)) is not None]
    if not groups or not wanted:
        return None
    fit = _Fit(features, tell)
    scores: list[tuple[float, float]] = []
    gained: list[tuple[int, int]] = []
    for probe, target in wanted:
        alone, without = fit.left_out(target, groups)
        score = _SCORES[probe.kind]
        scores.append((score(alone, probe.wanted), score(without, probe.wanted)))
        if probe.kind == "classes":
            before, after = (_correct(each, probe.wanted) for each in (alone, without))
            gained.append((int((before & ~after).sum()), int((after & ~before).sum())))
    gain, loss = gained[0] if len(gained) == len(wanted) == 1 else (None, None)
    with_copies, without_them = np.mean(scores, axis=0)
    return Leak(float(with_copies), float(without_them), gain, loss, len(features))


class _Fit:
    """A ridge regression on all rows, ready for those that leave some of them out.

    ``I - H`` is kept as it is where there are few rows, else ``H`` as the product of a half [N, F]
    with itself.
    """

    def __init__(self, features: np.ndarray, tell: Tell) -> None:
        rows = features - features.mean(0, dtype=np.float64).astype(np.float32)
        rows /= rows.std() or 1.0
        count, width = rows.shape
        penalty = PENALTY * width
        tell(0, 0)
        if count <= width:
            inner = (rows @ rows.T).astype(np.float64)
            self._rest = penalty * np.linalg.inv(inner + penalty * np.eye(count))
            return
        tell(0, 0)
        gram = (rows.T @ rows).astype(np.float64)
        tell(0, 0)
        lower = np.linalg.cholesky(gram + penalty * np.eye(width))
        tell(0, 0)
        turned = np.linalg.inv(lower).T.astype(np.float32)
        self._half = np.empty((count, width), np.float32)
        for start in range(0, count, BLOCK):
            tell(start, count)
            self._half[start : start + BLOCK] = rows[start : start + BLOCK] @ turned

    _rest: np.ndarray | None = None

    def _residuals(self, wanted: np.ndarray) -> np.ndarray:
        """What the fit to ``wanted`` [N, S] leaves of it."""
        if self._rest is not None:
            return self._rest @ wanted
        half = self._half
        return wanted - half @ (half.T @ wanted.astype(np.float32)).astype(np.float64)

    def _left(self, rows: np.ndarray) -> np.ndarray:
        """The block of ``I - H`` for ``rows`` [n, n]."""
        if self._rest is not None:
            return self._rest[np.ix_(rows, rows)]
        half = self._half[rows].astype(np.float64)
        return np.eye(len(rows)) - half @ half.T

    def _left_alone(self) -> np.ndarray:
        """The diagonal of ``I - H`` [N]."""
        if self._rest is not None:
            return np.diag(self._rest)
        return 1 - np.einsum("nf,nf->n", self._half, self._half).astype(np.float64)

    def left_out(
        self, target: np.ndarray, groups: Sequence[Sequence[int]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """What is predicted for each row without itself, and without its group [N, S].

        Args:
            target: what is wanted [N, S], NaN in rows that are not known.
        """
        known = np.isfinite(target).all(1)
        mean = target[known].mean(0)
        wanted = np.where(known[:, None], target - mean, 0.0)
        residuals = self._residuals(wanted)
        alone = wanted - residuals / np.maximum(self._left_alone(), 1e-6)[:, None]
        without = alone.copy()
        for group in groups:
            rows = np.array(group)
            others = np.linalg.lstsq(self._left(rows), residuals[rows], rcond=None)[0]
            without[rows] = wanted[rows] - others
        alone, without = alone + mean, without + mean
        _forget_lost(without, np.where(known[:, None], target, 0.0), groups)
        return alone, without


def _forget_lost(
    predicted: np.ndarray, target: np.ndarray, groups: Sequence[Sequence[int]]
) -> None:
    """Make ``predicted`` [N, S] say for a group that it is of no class of which all others are in
    that group: without it, nobody would know that class. Classes have 0 and 1 in ``target``."""
    if not np.isin(target, (0.0, 1.0)).all():
        return
    whole = target.sum(0)
    for group in groups:
        rows = np.array(group)
        lost = (whole > 0) & (target[rows].sum(0) == whole)
        predicted[np.ix_(rows, np.flatnonzero(lost))] = UNKNOWN


def _target(probe: Probe) -> np.ndarray | None:
    """What a regression is to predict [N, S]; None where it is all the same."""
    if probe.kind == "classes":
        values = np.unique(probe.wanted[probe.wanted >= 0])
        hot = (probe.wanted[:, None] == np.arange(int(values.max(initial=-1)) + 1)).astype(float)
        hot[probe.wanted < 0] = np.nan
        return hot if len(values) > 1 else None
    wanted = probe.wanted.astype(np.float64)[:, None]
    return wanted if np.ptp(wanted) else None


def _correct(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    return (predicted.argmax(1) == labels) & (labels >= 0)


def _accuracy(predicted: np.ndarray, labels: np.ndarray) -> float:
    return float(_correct(predicted, labels).sum() / max(1, int((labels >= 0).sum())))


def _average_precision(predicted: np.ndarray, truth: np.ndarray) -> float:
    from transfergui.core.base import imports

    imports.load("sklearn.metrics")
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(truth, predicted[:, 0]))


def _explained(predicted: np.ndarray, values: np.ndarray) -> float:
    return float(1 - np.square(predicted[:, 0] - values).mean() / values.var())


_SCORES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "classes": _accuracy,
    "label": _average_precision,
    "number": _explained,
}
