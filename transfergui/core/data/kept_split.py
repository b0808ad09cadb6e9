"""The split of corrected data: every sample stays in the part that it had before.

A label that is corrected, a class that is renamed or merged and a sample that is excluded move no
other sample, so that models of before and after are tested on the same samples, and none that was
tested on comes into the training.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from transfergui.core.data.dataset import Sample

Parts = dict[str, list[Sample]]


def kept(
    samples: Sequence[Sample],
    before: Mapping[str, Sequence[Sample]],
    shares: Mapping[str, int],
    seed: int,
    held: Callable[[Sample], Iterable[int]],
) -> Parts:
    """``samples`` in the parts that they had.

    Those that had none, as they were left out until a correction said what they are, go where
    their group is, else at random, by their names. A class without a training sample gets one.

    Args:
        samples: as they are corrected.
        before: the samples of each part, as they were read.
        shares: per cent of each part that is taken at random.
        held: the classes, labels or answers of a sample.
    """
    of_path = {sample.path: part for part, own in before.items() for sample in own}
    of_group = {s.group: of_path[s.path] for s in samples if s.group and s.path in of_path}
    parts: Parts = {part: [] for part in before}
    for sample in samples:
        part = of_path.get(sample.path) or sample.split or of_group.get(sample.group or "")
        parts[part or _drawn(sample, shares, seed)].append(sample)
    _train_every_class(parts, held)
    return parts


def _drawn(sample: Sample, shares: Mapping[str, int], seed: int) -> str:
    """The part of a sample, by a hash of its group or name."""
    name = (sample.group or sample.path).encode("utf-8", "surrogateescape")
    key = seed.to_bytes(8, "big", signed=True)
    place = int.from_bytes(hashlib.blake2b(name, digest_size=8, key=key).digest(), "big")
    taken = 0
    for part, share in shares.items():
        taken += share
        if 100 * place < taken << 64:
            return part
    return "train"


def _train_every_class(parts: Parts, held: Callable[[Sample], Iterable[int]]) -> None:
    """Move one unit of each class that no training sample has into the training, of validation
    rather than of test; in place. What the user divided stays."""
    trained = {label for sample in parts["train"] for label in held(sample)}
    for part in ("val", "test"):
        for sample in list(parts[part]):
            if sample.split or trained.issuperset(held(sample)) or sample not in parts[part]:
                continue
            unit = [s for s in parts[part] if s is sample or (s.group and s.group == sample.group)]
            parts[part] = [other for other in parts[part] if other not in unit]
            parts["train"] += unit
            trained.update(label for each in unit for label in held(each))
