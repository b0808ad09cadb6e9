"""Examples that were added to data after a first training: the test set stays what it was.

Examples of the first data keep the part of the split that they had: by path, as a run wrote it down
(:attr:`~transfergui.core.data.split.SplitOptions.kept`), else as the first data are divided by
themselves. New ones are trained on, or a share of them is a second test set, drawn by class and by
whole groups, the same on every machine. A new example of a group that is validated or tested on (a
speaker, a patient) is not used: the test would be too optimistic.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.kept_split import Parts
from transfergui.core.data.targets import ONE_CLASS

PARTS = ("train", "val", "test", "new")
"""Of a split, with the second test set."""
MEASURED = ("val", "test", "new")
UNUSED = "unused"


def first_data(dataset: Dataset) -> Dataset:
    """``dataset`` without what was added to it."""
    if not dataset.arrived:
        return dataset
    before = dataset.as_read
    return msgspec.structs.replace(
        dataset,
        samples=tuple(s for s in dataset.samples if s.path not in dataset.arrived),
        as_read=None if before is None else first_data(before),
        arrived=frozenset(),
    )


def extended(
    known: Mapping[str, Sequence[Sample]],
    dataset: Dataset,
    percent: int,
    seed: int,
    only_known: bool = False,
) -> Parts:
    """The examples of ``dataset`` in the parts that they have in ``known``; new ones to train on.

    Args:
        known: the samples of each part of :data:`PARTS`, as they were.
        dataset: as it is corrected.
        percent: so much of what is new is a second test set.
        only_known: use nothing that is new.

    Returns:
        the samples of each part, and those ``unused``.
    """
    part_of = {s.path: part for part, own in known.items() for s in own}
    parts: Parts = {part: [] for part in (*PARTS, UNUSED)}
    fresh: list[Sample] = []
    for sample in dataset.samples:
        part = part_of.get(sample.path)
        (fresh if part is None else parts[part]).append(sample)
    measured = {s.group for part in MEASURED for s in parts[part] if s.group}
    usable = [s for s in fresh if not only_known and s.group not in measured]
    taken = {s.path for s in usable}
    parts[UNUSED] = [sample for sample in fresh if sample.path not in taken]
    second = _drawn(usable, percent, seed, dataset.targets.objective == ONE_CLASS)
    for sample in usable:
        parts["new" if sample.path in second else "train"].append(sample)
    return {part: sorted(own, key=lambda s: s.path) for part, own in parts.items()}


def _drawn(samples: Sequence[Sample], percent: int, seed: int, by_class: bool) -> frozenset[str]:
    """The paths of about ``percent`` of ``samples``: whole groups, in the order of a hash of their
    names; of each class as many, where there are classes."""
    units: dict[str, list[Sample]] = {}
    for sample in samples:
        units.setdefault(sample.group or sample.path, []).append(sample)
    strata: dict[int, list[str]] = {}
    for name, unit in units.items():
        strata.setdefault(unit[0].label if by_class else 0, []).append(name)
    drawn: list[str] = []
    for names in strata.values():
        wanted = sum(len(units[name]) for name in names) * percent / 100
        for name in sorted(names, key=functools.partial(_key, seed)):
            if wanted < len(units[name]) / 2:  # nearer to the share without it
                break
            drawn += (sample.path for sample in units[name])
            wanted -= len(units[name])
    return frozenset(drawn)


def _key(seed: int, name: str) -> bytes:
    key = seed.to_bytes(8, "big", signed=True)
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), key=key).digest()


def gone(
    known: Mapping[str, Sequence[Sample]], dataset: Dataset, excluded: Iterable[str]
) -> Mapping[str, str]:
    """The part of each example of ``known`` that is not in ``dataset`` and was not excluded by the
    user, by its path."""
    there = {sample.path for sample in dataset.samples}.union(excluded)
    return {s.path: part for part, own in known.items() for s in own if s.path not in there}
