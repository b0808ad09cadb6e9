"""The ways in which people keep labelled files, found by themselves.

A folder per class (nested: the class is the folder's relative path), below
``train/``, ``val/``, ``test/`` or not; a manifest (:mod:`.manifest`), alone or
in a folder that has no class folders; a zip of any of these. Nothing is opened here.
"""

import os
import posixpath
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from transfergui.core import files, unzip
from transfergui.core.dataset import DataOptions, Problem, Sample, SplitName
from transfergui.core.errors import UserError
from transfergui.core.modalities import ScanProgress, manifest
from transfergui.core.modalities.manifest import SPLITS
from transfergui.core.modalities.walk import Walk, joined

PROGRESS_EVERY = 1000


@dataclass(frozen=True)
class Wanted:
    """Which files a modality is looking for.

    Attributes:
        noun: what they are called, untranslated: ``pictures``.
        extensions: in lower case, with the dot.
    """

    noun: str
    extensions: frozenset[str]

    def has_extension(self, name: str) -> bool:
        return extension(name) in self.extensions

    def might_be(self, name: str) -> bool:
        """Whether it is worth opening: files without an extension may be anything."""
        return extension(name) in self.extensions or not extension(name)


def extension(name: str) -> str:
    """``.jpg`` for ``Photo.JPG``, and for ``photo.jpg.`` and ``photo.jpg `` as well.

    Written for a million calls: twice as fast as ``os.path.splitext``.
    """
    _, dot, last = name.rstrip(" .").rpartition(".")
    return f".{last.lower()}" if dot and "/" not in last else ""


@dataclass
class Listing:
    """What a source holds, by name only.

    Attributes:
        root: the folder that sample paths are relative to.
        samples: labels index into ``classes``; sizes are not known yet.
        classes: in no particular order.
        problems: of files, folders and rows.
    """

    root: Path
    samples: list[Sample] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(options: DataOptions, wanted: Wanted, progress: ScanProgress) -> Listing:
    """List ``options.path``, and ``options.test`` as the test split.

    Args:
        progress: called with the number of files listed so far; may raise to cancel.

    Raises:
        UserError: ``data.missing``, ``data.empty``, ``data.unsorted``, ``data.unknown_source``,
            ``data.unreadable``, ``data.manifest_columns``, ``data.manifest_empty``, ``zip.*``,
            ``path.too_long``.
    """
    test = existing(options.test) if options.test else None
    listing = _read_source(existing(options.path), wanted, progress, skip=test)
    if test is not None:
        add_test(listing, _read_source(test, wanted, progress))
    return listing


def existing(path: str) -> Path:
    """What was opened.

    Raises:
        UserError: ``data.missing``, ``path.too_long``.
    """
    found = files.nameable(Path(path).expanduser())
    if not path or not os.path.exists(found):  # noqa: PTH110 - Path.exists raises on odd names
        raise UserError("data.missing", path=path)
    return found


def _read_source(
    source: Path, wanted: Wanted, progress: ScanProgress, skip: Path | None = None
) -> Listing:
    if source.is_dir():
        return _Tree(source, source, wanted, progress, skip).listing()
    if source.suffix.lower() in manifest.SUFFIXES:
        return _read_manifest(source, progress)
    if is_zip(source):
        return _Tree(source, unzip.unpacked(source, progress), wanted, progress).listing()
    raise UserError("data.unknown_source", path=str(source), noun=wanted.noun)


def is_zip(source: Path) -> bool:
    """Whether a file is a zip, or should be one."""
    return source.suffix.lower() == ".zip" or zipfile.is_zipfile(source)


def _read_manifest(path: Path, progress: ScanProgress) -> Listing:
    try:
        said = manifest.read(path, progress)
    except OSError as error:
        raise UserError("data.unreadable", path=str(path), reason=error.strerror) from error
    return Listing(path.parent, said.samples, said.classes, said.problems)


# -- a tree of folders


class Place(NamedTuple):
    """What a folder's name says about the files in it; no label: in no class folder."""

    label: str | None
    split: SplitName | None = None


def places(folders: Sequence[str]) -> Callable[[str], Place]:
    """How to read the names of ``folders``, each of which holds files.

    What all have in common in front is not part of a class name (zips mostly
    hold one folder with everything in it); then come ``train``, ``val``, ``test``
    if the folders are divided so; the rest is the class.
    """
    parts = [folder.split("/") for folder in folders if folder]
    lead = _common(parts)
    rests = [part[lead:] for part in parts]
    if not _divided(rests):
        return lambda folder: Place("/".join(folder.split("/")[lead:]) or None)
    inner = _common([rest[1:] for rest in rests if len(rest) > 1])

    def place(folder: str) -> Place:
        split, *rest = folder.split("/")[lead:] or [""]
        known = SPLITS.get(split.lower())
        return Place("/".join(rest[inner:]) or None if known else None, known)

    return place


def _common(parts: Sequence[Sequence[str]]) -> int:
    """How many leading parts all share; the last part of each always stays."""
    if not parts:
        return 0
    shortest = min(map(len, parts)) - 1
    first = parts[0]
    return next((at for at in range(shortest) if any(p[at] != first[at] for p in parts)), shortest)


def _divided(rests: Sequence[Sequence[str]]) -> bool:
    """Whether the top folders are training, validation and test, with classes below."""
    tops = {rest[0].lower() for rest in rests}
    trained = {rest[0] for rest in rests if SPLITS.get(rest[0].lower()) == "train" and rest[1:]}
    found = {SPLITS[top] for top in tops if top in SPLITS}
    return bool(trained) and (len(found) > 1 or tops <= SPLITS.keys())


class _Tree:
    """Lists a folder. Samples are gathered per folder first: classes show at the end."""

    def __init__(
        self,
        source: Path,
        root: Path,
        wanted: Wanted,
        progress: ScanProgress,
        skip: Path | None = None,
    ) -> None:
        """Args:
        source: what the user opened, for messages.
        root: the folder that holds it.
        skip: a folder below that belongs to something else.
        """
        self._source = source
        self._root = root
        self._wanted = wanted
        self._progress = progress
        self._walk = Walk(root, wanted.has_extension, skip, keep_repeats=True)
        self._homes: dict[str, int] = {}
        self._samples: list[Sample] = []
        self._others: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._empty: list[str] = []
        self._manifests: list[str] = []

    def listing(self) -> Listing:
        for folder in self._walk:
            self._add(folder.path, folder.files)
            if folder.leaf and folder.path not in self._homes:
                self._empty.append(folder.path)
        place = places(list(self._homes))
        found = {home: place(home) for home in self._homes}
        classes = {spot.label for spot in found.values()} - {None}
        if len(classes) < 2 and (only := self._only_manifest()):
            return _read_manifest(self._root / only, self._progress)
        self._require_classes(classes)
        return self._sorted_in(found, place)

    def _add(self, folder: str, names: Iterable[str]) -> None:
        """Take in the files of one folder; everything shared is shared."""
        label, samples, might_be = -1, self._samples, self._wanted.might_be
        for name in names:
            if might_be(name):
                if label < 0:
                    label = self._homes.setdefault(folder, len(self._homes))
                samples.append(Sample(joined(folder, name), label))
                if not len(samples) % PROGRESS_EVERY:
                    self._progress(len(samples))
            else:
                self._add_other(folder, name)

    def _add_other(self, folder: str, name: str) -> None:
        self._others[folder] += 1
        self._examples[folder] = min(name, self._examples.get(folder, name))
        if extension(name) in manifest.SUFFIXES:
            self._manifests.append(joined(folder, name))

    def _only_manifest(self) -> str | None:
        """The manifest nearest to the root, if there is but one there."""
        depths = [path.count("/") for path in self._manifests]
        nearest = [p for p, d in zip(self._manifests, depths, strict=True) if d == min(depths)]
        return nearest[0] if len(nearest) == 1 else None

    def _require_classes(self, classes: set[str | None]) -> None:
        if classes:
            return
        values = {"path": str(self._source), "noun": self._wanted.noun}
        for problem in self._walk.problems:
            if problem.path == ".":  # the folder itself could not be looked into
                raise UserError("data.unreadable", path=str(self._source), **problem.values)
        if any(self._wanted.has_extension(sample.path) for sample in self._samples):
            raise UserError("data.unsorted", count=len(self._samples), **values)
        raise UserError("data.empty", **values)

    def _sorted_in(self, found: dict[str, Place], place: Callable[[str], Place]) -> Listing:
        names = {spot.label: 0 for spot in found.values() if spot.label is not None}
        labels = {name: label for label, name in enumerate(names)}
        targets = [(labels.get(spot.label or ""), spot.split) for spot in found.values()]
        listing = Listing(self._root, classes=list(labels))
        strays: Counter[int] = Counter()
        for at, sample in enumerate(self._samples):
            label, split = targets[sample.label]
            if label is None:
                strays[sample.label] += self._wanted.has_extension(sample.path)
            else:
                listing.samples.append(Sample(sample.path, label, split=split))
            self._samples[at] = None  # type: ignore[call-overload]  # halves the memory
        if self._walk.repeats:
            self._leave_out_repeats(listing)
        listing.problems = self._problems(
            strays, {place(f).label for f in self._empty} - set(names)
        )
        return listing

    def _leave_out_repeats(self, listing: Listing) -> None:
        """Links to what is there anyway count only where they give it another class."""
        repeats, root = self._walk.repeats, os.path.realpath(self._root)
        real = {
            os.path.realpath(f"{root}/{s.path}"): s.label
            for s in listing.samples
            if s.path not in repeats
        }
        spare = {
            s.path
            for s in listing.samples
            if s.path in repeats and real.get(repeats[s.path], s.label) == s.label
        }
        for path in sorted(spare):
            self._walk.report_repeat(path)
        listing.samples = [s for s in listing.samples if s.path not in spare]

    def _problems(self, strays: Counter[int], empty: set[str | None]) -> list[Problem]:
        homes = list(self._homes)
        noun = self._wanted.noun
        problems = [
            Problem("data.no_class", homes[home] or ".", values={"count": count, "noun": noun})
            for home, count in strays.items()
            if count
        ]
        problems += [
            Problem(
                "data.other_files",
                folder,
                values={"count": count, "example": self._examples[folder], "noun": noun},
            )
            for folder, count in self._others.items()
            if folder in self._homes and folder
        ]
        problems += [
            Problem("data.empty_class", name, values={"noun": noun}) for name in empty if name
        ]
        return sorted(self._walk.problems + problems, key=lambda problem: problem.path)


# -- a separate test set


def add_test(listing: Listing, test: Listing) -> None:
    """Make ``test`` the test split of ``listing``."""
    replaced = [sample.path for sample in listing.samples if sample.split == "test"]
    if replaced:
        listing.samples = [sample for sample in listing.samples if sample.split != "test"]
        values = {"count": len(replaced)}
        listing.problems.append(Problem("data.test_replaced", min(replaced), values=values))
    prefix = _relative(test.root, listing.root)
    labels = {name: label for label, name in enumerate(listing.classes)}
    unknown: Counter[str] = Counter()
    for sample in test.samples:
        name = test.classes[sample.label]
        if name in labels:
            path = posixpath.normpath(f"{prefix}/{sample.path}")
            added = Sample(path, labels[name], sample.size, sample.group, "test")
            listing.samples.append(added)
        else:
            unknown[name] += 1
    listing.problems += [
        Problem(p.code, posixpath.normpath(f"{prefix}/{p.path}"), p.left_out, p.values)
        for p in test.problems
    ]
    listing.problems += [
        Problem("data.unknown_test_class", name, values={"count": count})
        for name, count in sorted(unknown.items())
    ]


def _relative(folder: Path, root: Path) -> str:
    """``folder`` seen from ``root``; absolute on another drive of Windows."""
    try:
        return Path(os.path.relpath(os.path.realpath(folder), os.path.realpath(root))).as_posix()
    except ValueError:
        return folder.absolute().as_posix()
