"""Groups of one's own data that come from where the model will be used: one speaker of six, the
pictures of one camera.

They are named in the recipe (``data.elsewhere``). Their samples leave the data before anything is
divided, so that none of them is in training, validation or test; a split carries them beside, as
other data with the role ``target``. Their classes are known but are not used: each has the label
:data:`UNLABELLED`, so nothing can be chosen by it. Only where the user asks for it
(``data.elsewhere_checks``) are some of them set apart with their labels, with the role ``check``.
These are drawn by a hash of their paths: whoever asks for more gets the same ones and others.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Dataset, Sample

UNLABELLED = -1
"""The label of a sample whose class nobody knows."""
NAMED = 8
"""So many groups are named in an error."""
FEWEST = 20
"""Samples of a group that is offered: with fewer there is nothing to adapt to."""
PLACES = frozenset(
    (
        *("domain", "site", "camera", "device", "scanner", "source", "microphone", "sensor"),
        *("hospital", "shop", "location", "region", "platform", "corpus", "speaker", "patient"),
    )
)
"""Names of columns that say where a sample was made, or of whom it is."""
MOST = 24
"""Groups among which one is offered: of hundreds of patients none is a place."""


def groups(dataset: Dataset) -> dict[str, int]:
    """How many samples each named group has, in natural order; without groups that are only copies
    of one file."""
    from transfergui.core.data.dataset import natural_order

    if not dataset.grouped_by:
        return {}
    counts = Counter(sample.group for sample in dataset.samples if sample.group)
    copies = counts.keys() & {sample.path for sample in dataset.samples}
    return {name: counts[name] for name in natural_order(counts.keys() - copies)}


def offered(dataset: Dataset) -> dict[str, int]:
    """The groups that might be where the model will be used, with their numbers of samples.

    None where there are too many groups to be places, or only one. A group is not among them where
    too little would be left without it: each class must still have samples.
    """
    found = groups(dataset)
    if not 2 <= len(found) <= MOST or dataset.elsewhere:
        return {}
    held: dict[str, set[int]] = {name: set() for name in found}
    rest: dict[int, set[str | None]] = {}
    for sample in dataset.samples:
        if sample.group in held:
            held[sample.group].add(sample.label)
        rest.setdefault(sample.label, set()).add(sample.group)
    return {
        name: count
        for name, count in found.items()
        if count >= FEWEST and not any(rest[label] == {name} for label in held[name])
    }


@dataclass(frozen=True)
class Grouping:
    """What data could be grouped by, but are not.

    Attributes:
        option: the data option that says so, with its ``value``.
        said: what the groups are called: some of them, or the column.
    """

    option: str
    value: str
    said: str


def groupable(dataset: Dataset) -> Grouping | None:
    """What looks like places, or like people: named parts of file names, or a column that is called
    so. Numbers may only have been counted."""
    from transfergui.core.data.dataset import GROUP_BY, GROUP_COLUMN, NO_GROUP

    if dataset.grouped_by:
        return None
    for value, label in dataset.choices.get(GROUP_BY, {}).items():
        if value and label[:1].isalpha():
            return Grouping(GROUP_BY, value, label)
    if dataset.chosen.get(GROUP_COLUMN) in (None, "", NO_GROUP):
        for value, label in dataset.choices.get(GROUP_COLUMN, {}).items():
            if value.strip().lower() in PLACES:
                return Grouping(GROUP_COLUMN, value, label)
    return None


def of_groups(dataset: Dataset, names: Sequence[str]) -> frozenset[str]:
    """The paths of the samples of groups.

    Raises:
        UserError: ``data.no_group``: there is none that is called so; ``data.no_groups``: the
            data have no groups.
    """
    if not names:
        return frozenset()
    known = groups(dataset)
    for name in names:
        if not known:
            raise UserError("data.no_groups", name=name)
        if name not in known:
            some = comma_list([f"“{each}”" for each in [*known][:NAMED]])
            raise UserError("data.no_group", name=name, names=some)
    wanted = frozenset(names)
    return frozenset(sample.path for sample in dataset.samples if sample.group in wanted)


def parted(
    samples: Sequence[Sample], labels: Mapping[str, int], checks: int
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """The samples of a place, without labels, and those of them that check, with theirs.

    Args:
        labels: of each sample, by its path; none where the rest of the data lacks its class.
        checks: so many check, or as many as have a known class.
    """
    known = sorted((s.path for s in samples if s.path in labels), key=_drawn)
    checking = frozenset(known[:checks])
    beside = tuple(
        msgspec.structs.replace(sample, label=UNLABELLED, split=None)
        for sample in samples
        if sample.path not in checking
    )
    checked = tuple(
        msgspec.structs.replace(sample, label=labels[sample.path], split=None)
        for sample in samples
        if sample.path in checking
    )
    return beside, checked


def _drawn(path: str) -> bytes:
    return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).digest()
