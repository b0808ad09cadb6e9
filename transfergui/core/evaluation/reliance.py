"""Whether a model relies on a property that gives the class away.

Where the property points to another class than the right one, a model that relies on it is wrong
more often than where it points to the right one. Both shares are compared within the classes, so
that a class that is hard by itself does not count; the interval is Newcombe's for strata (Yan and
Su, "Stratified Wilson and Newcombe confidence intervals for multiple binomial proportions", 2010).
Samples whose label is probably wrong are not counted: of these, both would be "wrong" together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from transfergui.core.figures.intervals import wilson_of

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow

HARDLY = 0.2
"""A model that surely loses less than this where a property misleads it hardly relies on it; one
that knows nothing else loses everything."""
FEWEST = 5
"""Samples of each kind without which no verdict is given."""

Verdict = Literal["relies", "hardly", "unclear", "untested"]


class Alone(msgspec.Struct, frozen=True):
    """A property that tells all classes it is about apart, without looking at what is shown.

    Attributes:
        title: of the property, marked for translation; empty of all properties together.
        score: balanced accuracy.
        fits, misled: paths of test samples whose class the property tells rightly, and of those
            whose class it does not, by what the other samples are like; not all where these are
            many. Both empty of earlier versions.
    """

    title: str
    score: float
    classes: tuple[str, ...]
    fits: tuple[str, ...] = ()
    misled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reliance:
    """How a model does where a property fits the class and where it does not.

    Attributes:
        fits, misled: right predictions, and how many samples there are, of classes that have both.
        gap: by how much the share of right ones is higher where it fits, within classes.
        low, high: 95 % interval of it.
    """

    fits: tuple[int, int] = (0, 0)
    misled: tuple[int, int] = (0, 0)
    gap: float = 0.0
    low: float = -1.0
    high: float = 1.0

    @property
    def verdict(self) -> Verdict:
        if not self.misled[1] or not self.fits[1]:
            return "untested"
        if min(self.misled[1], self.fits[1]) < FEWEST:
            return "unclear"
        if self.low > 0:
            return "relies"
        return "hardly" if self.high < HARDLY else "unclear"


def measured(
    alone: Alone,
    rows: Sequence[PredictionRow],
    groups: Mapping[str, str],
    doubted: Collection[str] = (),
) -> Reliance:
    """
    Args:
        rows: predictions of the test samples.
        groups: what samples belong together with, by path; samples that are in none are missing.
        doubted: paths of samples that are not counted.
    """
    fits, misled = set(alone.fits).difference(doubted), set(alone.misled).difference(doubted)
    known = [row for row in rows if row.path in fits or row.path in misled]
    truth = np.array([row.truth for row in known], dtype=object)
    right = np.array([row.right for row in known], dtype=bool)
    wrong = np.array([row.path in misled for row in known], dtype=bool)
    both = [name for name in set(truth) if 0 < wrong[truth == name].sum() < (truth == name).sum()]
    inside = np.isin(truth, both)
    if not inside.any():
        return Reliance()
    own = [groups.get(row.path) or row.path for row in known]
    arms = [_arm(side & inside, ~side & inside, truth, right, own) for side in (~wrong, wrong)]
    (first, first_n), (second, second_n) = arms
    one, other = wilson_of(first, first_n), wilson_of(second, second_n)
    gap = first - second
    return Reliance(
        _counts(right, ~wrong & inside),
        _counts(right, wrong & inside),
        gap,
        gap - float(np.hypot(first - one.low, other.high - second)),
        gap + float(np.hypot(one.high - first, second - other.low)),
    )


def _counts(right: np.ndarray, which: np.ndarray) -> tuple[int, int]:
    return int(right[which].sum()), int(which.sum())


def _arm(
    side: np.ndarray, beside: np.ndarray, truth: np.ndarray, right: np.ndarray, own: Sequence[str]
) -> tuple[float, float]:
    """The share of right ones on one side, classes weighted alike on both (Mantel and Haenszel),
    and by how many independent samples it is known: never more than there are groups."""
    weights, shares, counts = [], [], []
    for name in sorted(set(truth[side])):
        inside = side & (truth == name)
        n, m = int(inside.sum()), int((beside & (truth == name)).sum())
        weights.append(n * m / (n + m))
        shares.append(float(right[inside].mean()))
        counts.append(n)
    weight = np.array(weights) / np.sum(weights)
    independent = 1 / float((weight**2 / np.array(counts)).sum())
    groups = len({own[at] for at in np.flatnonzero(side).tolist()})
    return float(weight @ np.array(shares)), min(independent, float(groups))
