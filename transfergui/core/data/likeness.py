"""How alike two samples are once one is laid over the other, where a modality can tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from transfergui.core.base.options import Options

Content = TypeVar("Content")
Known = TypeVar("Known")
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


def saved_again(
    copies: Callable[[Sequence[Path], Sequence[Path]], list[tuple[int, int]] | None],
    own: Mapping[Path, Known],
    others: Mapping[str, Path],
) -> dict[str, Known] | None:
    """What is known of the own sample that another one is a copy of, by the name of the copy; None
    where there are too many to look for copies.

    Args:
        copies: as of :meth:`transfergui.core.interfaces.plan.Modality.copies`, without what comes
            after the samples.
        own: what is known of each.
        others: by name; no file is read where there are none.
    """
    if not others:
        return {}
    pairs = copies(list(own), list(others.values()))
    if pairs is None:
        return None
    known, names = list(own.values()), list(others)
    return {names[other]: known[one] for one, other in pairs}


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
