"""Which of the groups with more errors are the same samples, and what may be the cause.

Quiet recordings may all be of one speaker: then the speaker is to be named, not the loudness.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from transfergui.core.figures import group_tests

NAMED = frozenset({"group", "folder", "file_name", "class"})
"""Groups by name: a speaker may be the cause that recordings are quiet, not the other way round."""


NAMES = 3
"""Classes or speakers that are named as the cause."""


@dataclass(frozen=True)
class Group:
    """Some of the test samples.

    Attributes:
        by: key of what they have in common.
        title: in the user's language.
        inside: bool [N].
    """

    by: str
    title: str
    inside: np.ndarray

    @property
    def is_named(self) -> bool:
        return self.by in NAMED


def leaders(groups: Sequence[Group], errors: np.ndarray) -> list[int]:
    """For each of the groups that are worse, the number of the one that explains it; its own where
    none does.

    Args:
        groups: the worst first.
    """
    order = sorted(range(len(groups)), key=lambda at: (not groups[at].is_named, at))
    place = {at: rank for rank, at in enumerate(order)}

    def follows(one: int, other: int) -> bool:
        if one == other or not _explains(groups[other], groups[one], errors):
            return False
        return place[other] < place[one] or not _explains(groups[one], groups[other], errors)

    found: dict[int, int] = {}
    for at in order:
        firsts = [each for each in order if follows(at, each)]
        first = next((each for each in firsts if found.get(each, each) == each), at)
        found[at] = first
    return [_end(at, found) for at in range(len(groups))]


def _end(at: int, found: dict[int, int]) -> int:
    """The leader of leaders; the first of those that lead each other."""
    seen = {at}
    while found[at] not in seen:
        at = found[at]
        seen.add(at)
    return at


def causes(
    group: Group, partitions: Sequence[Sequence[Group]], errors: np.ndarray, tests: int
) -> list[Group]:
    """The classes, speakers or folders to which a group owes most of its errors, the most first.

    Args:
        partitions: groups by name, each of which divides the samples.
        tests: groups that were looked at.
    """
    if group.is_named:
        return []
    finer = [_crossed(*two) for two in itertools.combinations(partitions, 2)]
    for some in (partitions, finer):  # one speaker of one class only where neither alone does it
        shares = [
            group_tests.explained([each.inside for each in parts], group.inside, errors, tests)
            for parts in some
        ]
        if shares and max(shares) >= group_tests.HALF:
            return _worst(some[shares.index(max(shares))], group, errors)
    return []


def _crossed(some: Sequence[Group], others: Sequence[Group]) -> list[Group]:
    """What belongs to one of each."""
    made = [
        Group(one.by, f"{one.title} · {two.title}", one.inside & two.inside)
        for one, two in itertools.product(some, others)
    ]
    return [each for each in made if each.inside.sum() >= group_tests.FEW]


def _worst(parts: Sequence[Group], group: Group, errors: np.ndarray) -> list[Group]:
    """Those that hold most errors of a group, the most first; none where these are many."""
    wrong = [float(errors[group.inside & each.inside].sum()) for each in parts]
    least = group_tests.MOST * float(errors[group.inside].sum())
    found: list[Group] = []
    for at in sorted(range(len(parts)), key=lambda at: -wrong[at])[:NAMES]:
        found.append(parts[at])
        least -= wrong[at]
        if least <= 0:
            return found
    return []


def _explains(one: Group, other: Group, errors: np.ndarray) -> bool:
    return group_tests.explains(one.inside, other.inside, errors)
