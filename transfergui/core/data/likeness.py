"""How alike two samples are once one is laid over the other, where a modality can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from transfergui.core.base.options import Options

Content = TypeVar("Content")
Compare = Callable[[Path, Path], float]
"""Gives 1 for what is the same, 0 or less for what has nothing in common.

Raises:
    UserError: a file cannot be read.
"""


@dataclass(frozen=True)
class Likeness:
    """A comparison of two samples that is too slow for all pairs.

    Attributes:
        same: from this value on, both are made from one original.
        apart: by so much both must be more alike than similar samples usually are.
        neighbours: how many of the nearest neighbours of each sample are worth a comparison.
        of: gives the comparison, by the input options; it remembers what it has read.
    """

    same: float
    apart: float
    neighbours: int
    of: Callable[[Options], Compare]


def remembered(read: Callable[[Path], Content], most: int) -> Callable[[Path], Content]:
    """``read``, whose results are kept for the next time.

    Args:
        most: so many at once; then it forgets all of them.
    """
    known: dict[Path, Content] = {}

    def get(path: Path) -> Content:
        found = known.get(path)
        if found is None:  # two threads may both read it
            found = read(path)
            if len(known) >= most:
                known.clear()
            known[path] = found
        return found

    return get
