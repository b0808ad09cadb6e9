"""Classes that have no source in common: no speaker, no camera, no place.

Where a source gives several classes but none gives both of two, these two may be told apart by the
source. Sources are the groups of the data, or, where there are none, a part of the file names.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from transfergui.core.data.file_part import is_part

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample

CHANCE = 0.05
"""So unlikely is it that two classes have nothing in common, were sources dealt at random."""
FEWEST = 3
"""Sources in all, and samples of each on average that make it one."""
DIVIDERS = re.compile(r"[_\-\s]+")


class Apart(NamedTuple):
    """Two classes, and the sources of each."""

    one: int
    other: int
    sources: tuple[tuple[str, ...], tuple[str, ...]]


def pairs(labels: Sequence[int], sources: Sequence[str]) -> list[Apart]:
    """The pairs of classes without a common source; none where no source gives several classes:
    patients have one illness each, and kinds of a class are no sources of it.

    Args:
        labels, sources: of each sample [N].
    """
    held: dict[int, set[str]] = defaultdict(set)
    classes_of: dict[str, set[int]] = defaultdict(set)
    for label, source in zip(labels, sources, strict=True):
        held[label].add(source)
        classes_of[source].add(label)
    shared = any(len(classes) > 1 for classes in classes_of.values())
    if not shared or len(classes_of) < FEWEST:
        return []
    return [
        Apart(one, other, (tuple(sorted(held[one])), tuple(sorted(held[other]))))
        for one, other in itertools.combinations(sorted(held), 2)
        if not held[one] & held[other]
        and min(len(held[one]), len(held[other])) > 1
        and chance(len(classes_of), len(held[one]), len(held[other])) <= CHANCE
    ]


def chance(sources: int, one: int, other: int) -> float:
    """How likely it is that two classes of so many sources each have none in common."""
    return math.comb(sources - one, other) / math.comb(sources, other)


def name_parts(samples: Sequence[Sample]) -> Iterator[tuple[int, list[str]]]:
    """Parts of the file names that may be sources: their place, from 1, and the one of each sample.

    Words that come again and again; numbers rather count takes.
    """
    if not samples or any(is_part(sample.path) for sample in samples):
        return
    stems = (PurePosixPath(sample.path).stem for sample in samples)
    rows = [[part for part in DIVIDERS.split(stem) if part] or [stem] for stem in stems]
    for place in range(min(map(len, rows))):
        values = [row[place] for row in rows]
        words = sum(value[0].isalpha() for value in values)
        if words == len(values) and FEWEST <= len(set(values)) <= len(values) / FEWEST:
            yield place + 1, values


def by_group(samples: Sequence[Sample], group_of: Mapping[str, str]) -> list[Apart]:
    """As :func:`pairs`, of the groups of samples by their path."""
    return pairs([s.label for s in samples], [group_of[s.path] for s in samples])
