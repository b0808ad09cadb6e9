"""Features of a frozen backbone: computed once, kept on disk, shared by all runs.

A feature is known by what it was made from: the bytes of the sample, the
weights, the input options, and (for augmented versions) the augmentation and
its number. Each computation adds one shard, ``<id>.npy`` (rows, memory-mapped
when read) and ``<id>.json`` (their keys and a checksum, written last), so that two programs
can add at once and a kill leaves nothing half-known. What is damaged is deleted and computed
again; where nothing can be written, features are kept in memory. Both are told in ``notes``.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import json
import math
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import torch

from transfergui.core.base import files, memory, paths
from transfergui.core.base.notes import Note
from transfergui.core.interfaces.networks import ASSETS
from transfergui.core.training.loaders import Batch
from transfergui.core.training.precision import EXACT, ComputeMode

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Align, Plan

LIMIT = 20 * 2**30
"""Bytes of cached features kept on the disk; the longest unused go first."""
FORMAT = 2
LONGEST_INDEX = 100_000_000
"""Bytes of the keys of one shard, at most."""
SHARD = 4096
"""Rows after which what was computed is put on the disk."""
HELD_SHARE = 0.5
"""Of the memory that is available, that features may take."""
SPARE = 2**30
"""Bytes of the disk that are left free by features that do not fit into memory."""


class Index(msgspec.Struct, frozen=True):
    """What ``<id>.json`` says of the rows beside it.

    Attributes:
        keys: of the rows, in their order.
        digest: of the file of the rows and of the keys.
    """

    keys: tuple[str, ...]
    digest: str


Notes = dict[str, Note]
"""What is to be said of a store, by its code."""
_notes: dict[Path, Notes] = {}
"""By the folder: what an estimate found is told by the training that follows."""
_checked: set[tuple[Path, int, int, int]] = set()
"""Shards that this process has read whole: where, when changed, of which size, with which index."""


class FeatureStore:
    """The cached features of one backbone with one preprocessing.

    Args:
        width: of the features.
        way: how they are computed.

    Attributes:
        notes: what is to be said of it; who says so clears them.
    """

    def __init__(self, folder: Path, width: int, way: ComputeMode = EXACT) -> None:
        self.folder = folder
        self.width = width
        self.way = way
        self.notes = _notes.setdefault(folder, {})
        self._on_disk = True
        self._where: dict[str, tuple[np.ndarray, int]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            indices = sorted(folder.glob("*.json"))
        except OSError as error:
            self._give_up(error)
            return
        for index in indices:
            self._read_shard(index)

    def __contains__(self, key: str) -> bool:
        return key in self._where

    def rows(self, keys: Sequence[str], result: np.ndarray | None = None) -> np.ndarray:
        """Features [len(keys), width] float32, in ``result`` where that is given; every key must be
        known."""
        if result is None:
            result = np.empty((len(keys), self.width), np.float32)
        for place, key in enumerate(keys):
            shard, row = self._where[key]
            result[place] = shard[row]
        return result

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def add(self, keys: Sequence[str], features: np.ndarray) -> None:
        """Keep ``features`` [len(keys), width]; those that are not finite in memory only."""
        rows = features.astype(np.float32, copy=False)
        self._where.update((key, (rows, row)) for row, key in enumerate(keys))
        finite = np.flatnonzero(np.isfinite(rows).all(1))
        if not (self._on_disk and len(finite)):
            return
        try:
            index = self._write(tuple(keys[int(row)] for row in finite), rows[finite])
        except OSError as error:
            self._give_up(error)
        else:
            self._read_shard(index)  # from now on from the disk, unless it was deleted meanwhile

    def keep_in_memory(self) -> None:
        """Write nothing from now on: another process does."""
        self._on_disk = False

    def _write(self, keys: tuple[str, ...], rows: np.ndarray) -> Path:
        path = self.folder / f"{uuid.uuid4().hex}.npy"
        files.write_atomic_with(path, lambda s: np.save(s, rows))
        index = path.with_suffix(".json")
        files.write_atomic(index, msgspec.json.encode(Index(keys, _digest(path, keys))))
        return index

    def _give_up(self, error: OSError) -> None:
        """The cache saves time only: without it, features are kept in memory."""
        self._on_disk = False
        reason = error.strerror or str(error)
        values = {"path": str(self.folder.parent), "reason": reason}
        _put(self.notes, Note("cache.not_written", values, "warning"))

    def _read_shard(self, index: Path) -> None:
        """A shard that cannot be read is deleted: what was cached is computed again."""
        rows = index.with_suffix(".npy")
        try:
            known = msgspec.json.decode(files.read_regular(index, LONGEST_INDEX), type=Index)
            shard = _read_rows(rows, known, self.width)
        except FileNotFoundError:  # deleted by another program, which makes room
            files.remove(index)
        except Exception as error:  # numpy and msgspec meet any bytes here
            if memory.explains(error, rows):
                raise
            files.remove(index)
            files.remove(rows)
            self._count_damaged()
        else:
            self._where.update((key, (shard, row)) for row, key in enumerate(known.keys))

    def _count_damaged(self) -> None:
        before = self.notes.get("cache.damaged")
        count = before.values["count"] + 1 if before else 1
        values = {"path": str(self.folder), "count": count}
        _put(self.notes, Note("cache.damaged", values, "warning"))


def _put(notes: Notes, note: Note) -> None:
    notes[note.code] = note


def _read_rows(path: Path, index: Index, width: int) -> np.ndarray:
    """The rows of a shard, memory-mapped; read whole the first time, to see that they are right.

    Raises:
        Exception: of many kinds, where they are damaged.
    """
    status = path.stat()
    mark = (path, status.st_mtime_ns, status.st_size, hash(index))
    if mark not in _checked and _digest(path, index.keys) != index.digest:
        raise ValueError(f"{path} has another checksum")
    shard = np.load(path, mmap_mode="r", allow_pickle=False)
    if shard.shape != (len(index.keys), width) or shard.dtype != np.float32:
        raise ValueError(f"{path} has shape {shard.shape} of {shard.dtype}")
    if mark not in _checked and not np.isfinite(shard).all():
        raise ValueError(f"{path} has values that are not finite")
    _checked.add(mark)
    return shard


def _digest(path: Path, keys: Sequence[str]) -> str:
    told = "\0".join((files.digest(path), *keys))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def open_store(
    plan: Plan, weights: Path, way: ComputeMode = EXACT, changed: str = ""
) -> FeatureStore:
    """The store for this backbone, these weights, this preprocessing and this precision.

    Args:
        changed: what tells the weights, where they are those of the file no more.
    """
    parts = {
        "format": FORMAT,
        "modality": plan.modality.key,
        "backbone": plan.backbone.key,
        "weights": changed or _weights_digest(weights, files.changed(weights)),
        "input": _told(plan.input),
        "precision": way.precision,
    }
    if plan.backbone.pooled:
        parts["maps"] = [each.at for each in plan.backbone.maps]
    if plan.backbone.parts:  # one that is made of others is as they look at it
        parts["parts"] = [part.input for part in plan.backbone.parts]
    name = hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=10).hexdigest()
    folder = paths.cache_dir() / "features" / f"{plan.backbone.key}-{name}"
    with contextlib.suppress(OSError):  # the store says so
        files.cache_folder("features", folder.name).touch()
    store = FeatureStore(folder, plan.backbone.features, way)
    prune(folder.parent, LIMIT, keep=folder)
    return store


@functools.lru_cache(maxsize=64)
def _weights_digest(weights: Path, changed: int) -> str:
    """Of a file that every store of a training asks for.

    Args:
        changed: as :func:`files.changed`; what was known before that does not count.
    """
    return files.digest(weights)


def prune(root: Path, limit: int, keep: Path) -> None:
    """Delete the longest unused folders until all together hold at most ``limit`` bytes.

    Other programs may write, and delete, at the same time.
    """
    stores = sorted((path for path in _within(root) if path.is_dir()), key=files.changed)
    sizes = {path: sum(map(_bytes, _within(path))) for path in stores}
    total = sum(sizes.values())
    for store in stores:
        if total <= limit:
            return
        if store != keep:
            shutil.rmtree(store, ignore_errors=True)
            total -= sizes[store]


def _within(folder: Path) -> list[Path]:
    """What is in a folder; nothing where it is gone."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _bytes(path: Path) -> int:
    """Of a file; none where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def _told(input: Options) -> dict[str, Any]:
    """The input options; the folder of a tokenizer by what is in it, not by where it is."""
    values = msgspec.to_builtins(input)
    folder = values.get(ASSETS)
    if folder:
        found = sorted(path for path in Path(folder).iterdir() if path.is_file())
        values[ASSETS] = {p.name: files.digest(p) for p in found if p.suffix == ".json"}
    return values


class FeatureSource:
    """Cached features as a source of batches.

    Args:
        versions: [V, N, F]: the plain features, then the augmented versions.
        samples: N.
        wanted: [N, ...], as of :class:`transfergui.core.training.loaders.Source`.
        moved: where it moves with a sample, what is wanted of each version [V, N, ...].
    """

    def __init__(
        self,
        versions: np.ndarray,
        samples: Sequence[Sample],
        wanted: torch.Tensor,
        seed: int,
        moved: torch.Tensor | None = None,
    ) -> None:
        self.versions = torch.from_numpy(versions)
        self.samples = samples
        self.labels = [sample.label for sample in samples]
        self.paths = [sample.path for sample in samples]
        self.seed = seed
        self.wanted = wanted
        self.moved = moved

    def among(self, paths: Container[str]) -> np.ndarray:
        """The features [V, M, F] of those samples whose path is in ``paths``."""
        rows = [row for row, path in enumerate(self.paths) if path in paths]
        return self.versions[:, rows].numpy()

    def seen_through(self, move: Align) -> FeatureSource:
        """These features, each moved."""
        moved = held(tuple(self.versions.shape), {})
        for before, after in zip(self.versions, moved, strict=True):
            for start in range(0, len(before), SHARD):  # in double precision, never all at once
                after[start : start + SHARD] = move(before[start : start + SHARD])
        return FeatureSource(moved, self.samples, self.wanted, self.seed)

    def batches(
        self, order: Sequence[int], size: int, epoch: int | None = None, empty: bool = False
    ) -> Iterator[Batch]:
        """With ``epoch``, a version of each sample is drawn for that epoch."""
        rows = np.asarray(order, dtype=np.int64)
        version = np.zeros_like(rows)
        if epoch is not None and len(self.versions) > 1:
            rng = np.random.default_rng([self.seed, epoch, 1])
            version = rng.integers(0, len(self.versions), len(self.labels))[rows]
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            which = torch.from_numpy(version[start : start + size])
            wanted = self.wanted[part] if self.moved is None else self.moved[which, part]
            yield Batch(self.versions[which, part], wanted, part.tolist())


def held(shape: tuple[int, ...], notes: Notes) -> np.ndarray:
    """An array of float32 for features: in memory, or in a temporary file where they would take
    more than :data:`HELD_SHARE` of what is available.

    Args:
        notes: gets what is to be said of it.
    """
    needed, free = 4 * math.prod(shape), memory.available()
    if needed > HELD_SHARE * free:
        try:
            array = _on_disk(shape, needed)
        except OSError:  # the disk has no room for them either
            return np.empty(shape, np.float32)
        values = {"needed": memory.gigabytes(needed), "free": memory.gigabytes(free)}
        _put(notes, Note("memory.features_on_disk", values, "warning"))
        return array
    return np.empty(shape, np.float32)


def _on_disk(shape: tuple[int, ...], size: int) -> np.ndarray:
    """
    Raises:
        OSError: there is no room: a file that is only promised would end the program when it is
            written.
    """
    folder = files.cache_folder("temporary")
    if shutil.disk_usage(folder).free < SPARE + size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    with tempfile.TemporaryFile(dir=folder) as stream:  # without a name: it goes with the process
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(stream.fileno(), 0, size)
        return np.memmap(stream, np.float32, "w+", shape=shape)


def side_by_side(sources: Sequence[FeatureSource], notes: Notes | None = None) -> FeatureSource:
    """The features of several networks as those of one: [V, N, F1 + F2 ...].

    What one of them could not read, which was another time then, is left out.

    Args:
        notes: gets what is to be said of it.
    """
    notes = {} if notes is None else notes
    if len(sources) == 1:
        return sources[0]
    known = set.intersection(*(set(source.paths) for source in sources))
    parts = [source.among(known) for source in sources]
    rows = [row for row, path in enumerate(sources[0].paths) if path in known]
    kept = [sources[0].samples[row] for row in rows]
    shape = (*parts[0].shape[:2], sum(part.shape[2] for part in parts))
    together = np.concatenate(parts, 2, out=held(shape, notes))
    return FeatureSource(together, kept, sources[0].wanted[rows], sources[0].seed)
