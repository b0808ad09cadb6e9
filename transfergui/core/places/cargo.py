"""Here: what a training needs that must be over there: files of data and weights, and the recipe
and split of the run with the paths that these have there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec

from transfergui.core import plans
from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import Companion
from transfergui.core.data.dataset import Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split, absolute
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import weights
from transfergui.core.places.jobs import Manifest
from transfergui.core.recipe import Recipe
from transfergui.core.registry import named_in
from transfergui.core.runs.run import RECIPE, SPLIT, Run

FILES, WEIGHTS = "files", "weights"
"""Folders of a job: files at the paths that they have here, and pretrained weights."""
READ = 1 << 23
"""Bytes of a file that are read at once."""
SAVED_EVERY = 30.0
"""Seconds after which the hashes that are known are written down."""
NOT_SENT = {"last.pt", "lock", "stop", "log.txt", "export"}
"""Files and folders of another run that no training reads."""


class Piece(NamedTuple):
    """A file that is sent, and where it is put, below the folder of the job."""

    source: Path
    target: str


@dataclass(frozen=True)
class Cargo:
    """Everything that is sent.

    Attributes:
        samples: how many examples there are.
        data: their files.
        weights: of backbones, and files that the recipe names.
        data_bytes, weight_bytes: their sizes.
    """

    samples: int
    data: tuple[Piece, ...]
    weights: tuple[Piece, ...]
    data_bytes: int
    weight_bytes: int

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.data + self.weights


def of(plan: Plan) -> Cargo:
    """What must be over there for a plan; the data are not looked at.

    Raises:
        UserError: ``weights.missing``.
    """
    sizes = _data(plan.split)
    others = _weights(plan)
    return Cargo(
        sum(len(samples) for _root, samples in _parts(plan.split)),
        tuple(Piece(Path(path), target_of(path)) for path in sizes),
        others,
        sum(sizes.values()),
        sum(_size(piece.source) for piece in others),
    )


def target_of(path: str) -> str:
    """Where a file of this computer is put, below the folder of the job."""
    drive, rest = os.path.splitdrive(os.path.abspath(path))  # noqa: PTH100 - no link followed
    return f"{FILES}/{drive.rstrip(':')}{rest.replace(os.sep, '/')}".replace("//", "/")


def _data(split: Split) -> dict[str, int]:
    """The files of all samples that a training reads, with their bytes; each once."""
    return {
        absolute(root, FilePart.parse(sample.path).file): sample.size
        for root, samples in _parts(split)
        for sample in samples
    }


def _parts(split: Split) -> Iterator[tuple[str, tuple[Sample, ...]]]:
    """All that a training reads: folders, and samples below each."""
    for part in (split.train, split.val, split.test, split.new):
        yield split.root, part
    for each in split.companions:
        yield each.root, each.samples


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


# -- weights, and what the recipe names


def _weights(plan: Plan) -> tuple[Piece, ...]:
    found = dict.fromkeys(_pretrained(plan))
    for named in _named(plan.recipe):
        found |= {Piece(path, target_of(str(path))): None for path in _files_of(named)}
    return tuple(found)


def _pretrained(plan: Plan) -> Iterator[Piece]:
    """The published weights; what comes with the program is there already."""
    for source in plans.sources(plan):
        row = source.backbone
        if source.weights is not None or not row.params or row.weights_url is None:
            continue
        path = weights.require(row, plan.recipe.weights_dir)
        if row.hub:
            home = PurePosixPath(weights.file_name(row)).parent
            for name in weights.FOLDER_PARTS:
                yield Piece(path.with_name(name), f"{WEIGHTS}/{home}/{name}")
        else:
            yield Piece(path, f"{WEIGHTS}/{path.name}")


def _named(recipe: Recipe) -> list[Path]:
    """Runs, packages, files and folders that stand for backbones in a recipe."""
    names = map(str, (recipe.backbone, *named_in(recipe.options)))
    found = (paths.expanded(name).absolute() for name in names if weights.is_file_name(name))
    return list(dict.fromkeys(path for path in found if path.exists()))


def _files_of(named: Path) -> Iterator[Path]:
    if named.is_file():
        yield named
        return
    is_run = (named / RECIPE).is_file()
    for folder, folders, names in os.walk(named):
        folders[:] = sorted(name for name in folders if not (is_run and name in NOT_SENT))
        yield from (
            Path(folder, name) for name in sorted(names) if not (is_run and name in NOT_SENT)
        )


# -- the paths of over there


def manifest(plan: Plan, job: str, cargo: Cargo, hashes: Mapping[Path, str]) -> Manifest:
    """
    Args:
        job: the folder of the job over there, absolute.
        hashes: of every file of ``cargo``.
    """
    there = _Paths(plan, job)
    return Manifest(
        files={piece.target: hashes[piece.source] for piece in cargo.pieces},
        recipe=there.recipe(plan.recipe, any(p.target.startswith(WEIGHTS) for p in cargo.weights)),
        split=there.split(plan.split),
        texts=dict(there.of_runs(_named(plan.recipe))),
    )


class _Paths:
    """The paths that a recipe and a split name, as they are over there."""

    def __init__(self, plan: Plan, job: str) -> None:
        recipe, split = plan.recipe, plan.split
        data, others = recipe.data, recipe.companions
        named = (split.root, data.path, data.test, data.labels, *data.added)
        beside = [path for each in split.companions if not each.own for path in _of(each)]
        networks = map(str, _named(recipe))
        places = (*named, *beside, *(path for _role, path in others.places()), *networks)
        self._known = {str(Path(place)) for place in places if place}
        self._job = job

    def recipe(self, recipe: Recipe, weights_sent: bool) -> str:
        tree = self._mapped(msgspec.to_builtins(recipe))
        tree["weights_dir"] = f"{self._job}/{WEIGHTS}" if weights_sent else None
        return json.dumps(tree, indent=2) + "\n"

    def split(self, split: Split) -> str:
        beside = tuple(
            msgspec.structs.replace(
                each,
                path=each.path if each.own else self._path(each.path),
                root=self._path(each.root),
                tars={},
            )
            for each in split.companions
        )
        root = self._path(split.root)  # the tars are checked by their content on the way
        split = msgspec.structs.replace(split, root=root, companions=beside, tars={})
        return json.dumps(msgspec.to_builtins(split))

    def of_runs(self, named: Iterable[Path]) -> Iterator[tuple[str, str]]:
        """The splits of other runs: what they were tested on is compared by its paths."""
        for path in named:
            with contextlib.suppress(UserError, OSError):
                if (path / SPLIT).is_file():
                    found = Run(path).split
                    root = f"{self._job}/{target_of(found.root)}"
                    found = msgspec.structs.replace(found, root=root)
                    target = target_of(str(path / SPLIT))
                    yield target, json.dumps(msgspec.to_builtins(found))

    def _mapped(self, tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: self._mapped(value) for key, value in tree.items()}
        if isinstance(tree, list | tuple):
            return [self._mapped(value) for value in tree]
        return self._path(tree) if isinstance(tree, str) else tree

    def _path(self, text: str) -> str:
        """A path as it is over there; anything else stays."""
        if str(Path(text)) in self._known and Path(text).is_absolute():
            return f"{self._job}/{target_of(text)}"
        return text


def _of(each: Companion) -> tuple[str, str]:
    return each.path, each.root


# -- hashes


def hashes(cargo: Cargo) -> Generator[int, None, dict[Path, str]]:
    """The SHA-256 of every file; known ones of files that were not changed are remembered, also
    where the reading is ended before its end.

    Yields how many bytes were read, at least after each file.

    Raises:
        UserError: ``place.file_gone``.
    """
    memory = _Memory()
    found: dict[Path, str] = {}
    done = 0
    try:
        for piece in cargo.pieces:
            try:
                for count in memory.read(piece.source):
                    done += count
                    yield done
            except OSError as error:
                reason = error.strerror or str(error)
                raise UserError("place.file_gone", path=str(piece.source), reason=reason) from None
            found[piece.source] = memory.digest(piece.source)
    finally:
        memory.save()
    return found


class _Memory:
    """Hashes by path, size and time of the last change, in the cache."""

    def __init__(self) -> None:
        self._path = paths.cache_dir() / "places" / "hashes.json"
        self._known: dict[str, tuple[int, int, str]] = {}
        self._new, self._saved = False, time.monotonic()
        if self._path.exists():
            with contextlib.suppress(UserError):
                self._known = records.read(self._path, dict[str, tuple[int, int, str]])

    def read(self, path: Path) -> Iterator[int]:
        """Read a file, unless its hash is known; yields how many bytes were.

        Raises:
            OSError: it cannot be read.
        """
        status, key = path.stat(), os.fspath(path)
        known = self._known.get(key)
        if known is not None and known[:2] == (status.st_size, status.st_mtime_ns):
            yield status.st_size
            return
        digest = hashlib.sha256()
        with files.open_regular(path) as stream:
            while data := stream.read(READ):
                digest.update(data)
                yield len(data)
        self._known[key] = (status.st_size, status.st_mtime_ns, digest.hexdigest())
        self._new = True
        if time.monotonic() > self._saved + SAVED_EVERY:
            self.save()

    def digest(self, path: Path) -> str:
        """The hash of a file that was read."""
        return self._known[os.fspath(path)][2]

    def save(self) -> None:
        self._saved = time.monotonic()
        with contextlib.suppress(OSError):  # only a help
            if self._new:
                files.write_atomic(self._path, json.dumps(self._known))
