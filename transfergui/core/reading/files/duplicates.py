"""Files that are the same, byte for byte or nearly, and the groups that keep them together."""

import contextlib
import functools
import hashlib
import os
import threading
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from transfergui.core.base import shards
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data import grouping
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.data.file_part import FilePart

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


class KnownDigests:
    """Digests of pictures in tars, noted while each is read to look into it: a second reading of
    all tars costs as much as the first. 16 bytes for each picture.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of_tar: dict[str, tuple[array[int], array[int]]] = {}

    def note(self, path: str, content: bytes) -> None:
        """Keep the digest of what was read at ``path``; from any thread.

        Args:
            path: absolute, as of :func:`transfergui.core.base.shards.is_member`.
        """
        part, digest = FilePart.parse(path), _of_bytes(content)
        with self._lock:
            offsets, digests = self._of_tar.setdefault(part.file, (array("Q"), array("Q")))
            offsets.append(part.part or 0)
            digests.append(digest)

    def identical(
        self, root: str, samples: Sequence[Sample], progress: Callable[[], None]
    ) -> list[list[int]]:
        """See :func:`identical`; nothing is noted any more afterwards."""
        noted, self._of_tar = self._of_tar, {}

        @functools.lru_cache(maxsize=2)  # samples are sorted: those of one tar follow each other
        def digests_of(tar: str) -> dict[int, int]:
            return dict(zip(*noted[tar], strict=True)) if tar in noted else {}

        def digest(path: str) -> int | None:
            part = FilePart.parse(path)
            return digests_of(part.file).get(part.part or 0)

        return identical(root, samples, progress, digest if noted else _unknown)


def _unknown(_path: str) -> int | None:
    return None


def nothing(*_: object) -> Comparison:
    """For samples that are not compared but byte for byte."""
    return Comparison()


def identical(
    root: str,
    samples: Sequence[Sample],
    progress: Callable[[], None],
    known: Callable[[str], int | None] = _unknown,
) -> list[list[int]]:
    """Indices of samples with the same content, two or more each, in order.

    Only files of the same size and the same end are read whole.

    Args:
        known: the digest of what is at a path, or None where it must be read.
    """
    sizes = np.fromiter(map(_size, samples), np.int64, len(samples))
    indices = _repeated(np.arange(len(samples)), sizes)
    ends = _digests(root, samples, indices, False, progress, known)
    indices = _repeated(indices, ends)
    wholes = _digests(root, samples, indices, True, progress, known)
    groups: dict[int, list[int]] = defaultdict(list)
    for index, key in zip(indices.tolist(), wholes.tolist(), strict=True):
        groups[key].append(index)
    return [group for group in groups.values() if len(group) > 1]


def _size(sample: Sample) -> int:
    """Bytes of a file; the same for all in tars, whose ends are compared then."""
    return 0 if shards.is_member(sample.path) else sample.size


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
    known: Callable[[str], int | None],
) -> np.ndarray:
    """A 64-bit hash of the content of each file, uint64 [n]."""

    def digest(index: int) -> int:
        return _digest(f"{root}/{samples[index].path}", samples[index].size, whole)

    keys = np.empty(len(indices), np.uint64)
    missing = []
    for at, index in enumerate(indices.tolist()):
        found = known(f"{root}/{samples[index].path}")
        if found is None:
            missing.append(at)
        else:
            keys[at] = found
    with contextlib.closing(in_chunks(digest, indices[missing].tolist())) as digests:
        for at, key in zip(missing, digests, strict=True):
            progress()
            keys[at] = key
    return keys


def _digest(path: str, size: int, whole: bool) -> int:
    """Hash of a file, or of its size and its end."""
    digest = hashlib.blake2b(size.to_bytes(8, "big"), digest_size=8)
    try:
        if shards.is_member(path):  # of which ``size`` says nothing: it is that of the tar
            return _of_bytes(shards.read(path))
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - paths are plain strings here
            if not whole:
                stream.seek(-min(size, TAIL), os.SEEK_END)
            while block := stream.read(BLOCK):
                digest.update(block)
    except OSError:  # gone since it was checked: like no other
        digest.update(path.encode("utf-8", "surrogateescape"))
    return int.from_bytes(digest.digest(), "big")


def _of_bytes(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")


def grouped(samples: list[Sample], alike: Iterable[Sequence[int]]) -> None:
    """Give samples that are alike one group, in place; see :func:`grouping.merged`."""
    groups = [sample.group for sample in samples]
    paths = [sample.path for sample in samples]
    for index, name in enumerate(grouping.merged(paths, groups, alike)):
        if name != groups[index]:
            samples[index] = msgspec.structs.replace(samples[index], group=name)
