"""How many objects a model counts in each picture, beside how many there are.

Missed objects and false alarms make up for each other in a count, so that it may be right where
boxes are not: neither AP50 nor found and missed boxes tell how far off a count is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from transfergui.core.figures import grouped
from transfergui.core.figures.detection import FEWEST_PICTURES, Boxes, Matches
from transfergui.core.figures.intervals import Range


class Counted(NamedTuple):
    """Objects of pictures by class, the last column of all classes together.

    Attributes:
        truth, said: int [P, C + 1], true and predicted ones.
    """

    truth: np.ndarray
    said: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """Mean absolute errors [C + 1]; NaN without pictures."""
        if not len(self.truth):
            return np.full(self.truth.shape[1], np.nan)
        off: np.ndarray = np.abs(self.said - self.truth).mean(0)
        return off

    def interval(self, column: int) -> Range | None:
        """95 % interval of a mean absolute error; None of too few pictures."""
        off = np.abs(self.said[:, column] - self.truth[:, column]).astype(np.float64)
        return grouped.mean_interval(off) if len(off) >= FEWEST_PICTURES else None


def counted(found: Matches, threshold: float) -> Counted:
    """What is there, and what answers with at least this score say."""
    shown = found.said.at(found.said.score >= threshold)
    return Counted(_table(found.truth, found), _table(shown, found))


def _table(boxes: Boxes, found: Matches) -> np.ndarray:
    flat = boxes.picture * found.names + boxes.name
    table = np.bincount(flat, minlength=found.pictures * found.names)
    table = table.reshape(found.pictures, found.names)
    return np.column_stack([table, table.sum(1)])
