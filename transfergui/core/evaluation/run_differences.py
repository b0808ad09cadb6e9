"""By how much one run is better than another, measured on the test examples of both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from transfergui.core.base.errors import UserError
from transfergui.core.evaluation.report import load_predictions
from transfergui.core.figures.intervals import Z95
from transfergui.core.runs.run import Run


@dataclass(frozen=True)
class PairedDifference:
    """Of the shares of correct predictions of two runs, the second minus the first.

    Attributes:
        shared: how many examples both were tested on.
        same: whether neither was tested on any other.
        first_only, second_only: how many only the one, or only the other, predicts correctly.
        value: in [-1, 1]; ``low`` and ``high`` are the ends of its 95 % interval.
    """

    shared: int
    same: bool
    first_only: int
    second_only: int
    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether chance alone hardly explains it."""
        return self.low > 0 or self.high < 0


def paired(first: Run, second: Run) -> PairedDifference | None:
    """The difference on the examples that both were tested on; None without any.

    Adjusted Wald interval for paired data (Bonett and Price, "Adjusted Wald confidence interval
    for a difference of binomial proportions based on paired data", 2012).
    """
    try:
        one, other = _correct(first), _correct(second)
    except UserError:  # the Runs stage says what is wrong with it
        return None
    shared = one.keys() & other.keys()
    if not shared:
        return None
    first_only = sum(one[key] and not other[key] for key in shared)
    second_only = sum(other[key] and not one[key] for key in shared)
    n = len(shared)
    p12, p21 = (first_only + 1) / (n + 2), (second_only + 1) / (n + 2)
    half = Z95 * math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2))
    low, high = max(-1.0, p21 - p12 - half), min(1.0, p21 - p12 + half)
    value = (second_only - first_only) / n
    same = len(shared) == len(one) == len(other)
    return PairedDifference(n, same, first_only, second_only, value, low, high)


def _correct(run: Run) -> dict[tuple[str, str], bool]:
    """Of each test example and its label, whether it was predicted correctly."""
    return {(row.path, row.truth): row.label == row.truth for row in load_predictions(run.path)}
