"""Files that are the same, byte for byte or nearly, and the groups that keep them together."""

import contextlib
import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import msgspec
import numpy as np

from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.dataset import Problem, Sample

TAIL = 4096
"""Bytes at the end that are compared first: the ends of different files hardly ever agree."""
BLOCK = 1 << 20


@dataclass
class Comparison:
    """What a modality finds by comparing samples, as indices.

    Attributes:
        near: (earlier, later) of one class that are nearly the same.
        across: (earlier, later) of two classes that are nearly the same, and whether they are one
            and the same thing, saved again.
        problems: what only looking into the whole of a sample shows.
    """

    near: list[tuple[int, int]] = field(default_factory=list)
    across: list[tuple[int, int, bool]] = field(default_factory=list)
    problems: list[tuple[int, Problem]] = field(default_factory=list)


def nothing(*_: object) -> Comparison:
    """For samples that are not compared but byte for byte."""
    return Comparison()


class UnionFind:
    """Sets that are merged (Galler & Fischer 1964); only what was joined costs memory."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def find(self, item: Hashable) -> Hashable:
        """The representative of the set of ``item``."""
        parents = self._parents
        while (parent := parents.get(item, item)) != item:
            parents[item] = parents.get(parent, parent)  # path halving
            item = parents[item]
        return item

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parents.setdefault(one, one)
        self._parents.setdefault(other, other)
        self._parents[self.find(one)] = self.find(other)

    def sets(self) -> list[list[Hashable]]:
        """Everything that was joined, by set."""
        members = defaultdict(list)
        for item in self._parents:
            members[self.find(item)].append(item)
        return list(members.values())


def identical(
    root: str, samples: Sequence[Sample], progress: Callable[[], None]
) -> list[list[int]]:
    """Indices of samples with the same content, two or more each, in order.

    Only files of the same size and the same end are read whole.
    """
    sizes = np.fromiter((sample.size for sample in samples), np.int64, len(samples))
    indices = _repeated(np.arange(len(samples)), sizes)
    ends = _digests(root, samples, indices, False, progress)
    indices = _repeated(indices, ends)
    wholes = _digests(root, samples, indices, True, progress)
    groups: dict[int, list[int]] = defaultdict(list)
    for index, key in zip(indices.tolist(), wholes.tolist(), strict=True):
        groups[key].append(index)
    return [group for group in groups.values() if len(group) > 1]


def _repeated(indices: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Those of ``indices`` whose key is not theirs alone; both arrays are [n]."""
    _, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return indices[counts[place] > 1]


def _digests(
    root: str,
    samples: Sequence[Sample],
    indices: np.ndarray,
    whole: bool,
    progress: Callable[[], None],
) -> np.ndarray:
    """A 64-bit hash of the content of each file, uint64 [n]."""

    def digest(index: int) -> int:
        return _digest(f"{root}/{samples[index].path}", samples[index].size, whole)

    keys = np.empty(len(indices), np.uint64)
    with contextlib.closing(in_chunks(digest, indices.tolist())) as digests:
        for at, key in enumerate(digests):
            progress()
            keys[at] = key
    return keys


def _digest(path: str, size: int, whole: bool) -> int:
    """Hash of a file, or of its size and its end."""
    digest = hashlib.blake2b(size.to_bytes(8, "big"), digest_size=8)
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - paths are plain strings here
            if not whole:
                stream.seek(-min(size, TAIL), os.SEEK_END)
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError:  # gone since it was checked: like no other
        digest.update(path.encode("utf-8", "surrogateescape"))
    return int.from_bytes(digest.digest(), "big")


def sets(pairs: Iterable[Sequence[int]]) -> list[list[int]]:
    """Indices that are linked by ``pairs``, directly or through others; each set in order."""
    joined = UnionFind()
    for one, *others in pairs:
        for other in others:
            joined.join(one, other)
    return [sorted(cast("list[int]", members)) for members in joined.sets()]


def grouped(samples: list[Sample], alike: Iterable[Sequence[int]]) -> None:
    """Give samples that are alike one group, in place; declared groups they belong to are merged.

    The group is called as the first declared one, else as the first of the samples.
    """
    joined = UnionFind()
    for indices in alike:
        for index in indices:
            joined.join(indices[0], index)
            if (group := samples[index].group) is not None:
                joined.join(index, group)
    names: dict[Hashable, str] = {}
    for members in joined.sets():
        declared = [member for member in members if isinstance(member, str)]
        paths = [samples[member].path for member in members if isinstance(member, int)]
        names[joined.find(members[0])] = min(declared or paths)
    if names:
        _rename(samples, joined, names)


def _rename(samples: list[Sample], joined: UnionFind, names: dict[Hashable, str]) -> None:
    for index, sample in enumerate(samples):
        name = names.get(joined.find(index)) or names.get(joined.find(sample.group))
        if name is not None:
            samples[index] = msgspec.structs.replace(sample, group=name)
