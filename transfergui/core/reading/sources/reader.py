"""The ways in which people keep labelled files, found by themselves.

Classes are said by folders, by a table, by the boxes of a detection set or by the names of the
files; in a folder, a zip, or a table that is opened by itself. What can be understood in two ways
is asked. No sample is opened here.
"""

import os
import posixpath
import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec

from transfergui.core.base import archives, files, paths, unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions, Problem, Sample
from transfergui.core.data.targets import BOXES, columns_of
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.walk import RUN, Walk, extension, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.marks.boxes import says_boxes
from transfergui.core.reading.sources import shard_folder, shard_listing, shard_sets
from transfergui.core.reading.sources.single_tables import read_single_table
from transfergui.core.reading.sources.tree import Tree
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import label_files, table_files
from transfergui.core.reading.tables.reading_options import ReadingOptions


def read(options: DataOptions, wanted: Wanted, progress: ScanProgress) -> Listing:
    """List ``options.path``, and ``options.test`` as the test split.

    Args:
        progress: called with the number of files listed so far; may raise to cancel.

    Raises:
        Question: the data can be understood in several ways.
        UserError: ``data.missing``, ``data.is_run``, ``data.empty``, ``data.unsorted``,
            ``data.unknown_source``, ``data.unreadable``, ``data.table_columns``,
            ``data.manifest_empty``, ``zip.*``, ``path.too_long``, ``data.boxes_file``,
            ``data.detection_mixed``, ``data.segmentation``, ``shards.*``.
    """
    asked = ReadingOptions.of(options)
    test = existing(options.test) if options.test else None
    if options.labels:
        listing = _by_label_table(options, wanted, progress)
    else:
        listing = _read_source(existing(options.path), asked, wanted, progress, skip=test)
    if test is not None:
        add_test(listing, _read_test(test, listing, options, wanted, progress))
    return listing


def _by_label_table(options: DataOptions, wanted: Wanted, progress: ScanProgress) -> Listing:
    root = root_of(options, wanted, progress)
    if options.labels != label_files.UNSORTED:
        listing = label_files.listed(root, Path(options.labels), progress)[0]
        if options.objective == BOXES:
            label_files.read_as_boxes(listing, Path(options.labels))
        return listing
    source = existing(options.path)
    tars = shard_sets.of_source(source, wanted)
    names = [source.name] if source.is_file() and not is_zip(source) and tars is None else None
    if tars is not None and wanted.stored is not None:
        plain = shard_sets.plain(tars).names
        names = [path for name in plain for path in shard_listing.members(root, name, wanted)]
    elif names is None:
        folders = Walk(root, wanted.has_extension)
        names = [joined(each.path, name) for each in folders for name in each.files]
        names = list(filter(wanted.has_extension, names))
    if not names:
        raise UserError("data.empty", path=options.path, noun=wanted.noun)
    return label_files.unsorted(root, names, progress)


def root_of(options: DataOptions, wanted: Wanted, progress: ScanProgress) -> Path:
    """The folder that the paths of a table of labels are relative to; a zip is unpacked, and tars
    whose files are not read in place.

    Raises:
        UserError: as of :func:`existing`; ``zip.*``, ``shards.*``.
    """
    source = existing(options.path)
    if (tars := shard_sets.of_source(source, wanted)) is not None:
        plain = shard_sets.plain(tars, progress)
        if wanted.stored is not None:
            return plain.root
        return shard_folder.unpacked(plain.root, plain.names, wanted, progress)
    if source.is_dir():
        return source
    return unzip.unpacked(source) if is_zip(source) else source.parent


def _read_test(
    test: Path, listing: Listing, options: DataOptions, wanted: Wanted, progress: ScanProgress
) -> Listing:
    """A separate test set; what it leaves open is taken as in ``listing``.

    Raises:
        UserError: ``data.test_unclear``; as :func:`read`.
    """
    known = listing.targets
    objective, predict = known.objective, options.predict or columns_of(known)
    alike = msgspec.structs.replace(DataOptions(), objective=objective, predict=predict)
    asked = replace(ReadingOptions.of(alike), lenient=True)
    try:
        return _read_source(test, asked, wanted, progress)
    except Question as question:
        name = question.setting.rpartition(".")[2]
        answer = listing.chosen.get(name, "class" if name == "layout" else "")
        if answer not in question.choices:
            raise UserError("data.test_unclear", path=str(test), why=str(question)) from question
        answered = msgspec.structs.replace(alike, options={name: answer})
        asked = replace(ReadingOptions.of(answered), lenient=True)
        return _read_source(test, asked, wanted, progress)


def existing(path: str) -> Path:
    """What was opened.

    Raises:
        UserError: ``data.missing``, ``data.not_a_file``, ``path.too_long``.
    """
    found = files.nameable(paths.expanded(path))
    try:
        there = bool(path) and archives.is_there(found)
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise UserError("data.missing", path=path)
    if files.is_special(found):
        raise UserError("data.not_a_file", path=path)
    return found


def _read_source(
    source: Path,
    asked: ReadingOptions,
    wanted: Wanted,
    progress: ScanProgress,
    skip: Path | None = None,
) -> Listing:
    if source.is_dir():
        if all(os.path.isfile(source / name) for name in RUN):  # noqa: PTH113
            raise UserError("data.is_run", path=str(source), noun=wanted.noun)
        if (found := shard_sets.of_source(source, wanted, skip)) is not None:
            return _of_tars(source, found, asked, wanted, progress)
        return Tree(source, source, asked, wanted, progress, skip).listing()
    if (found := shard_sets.of_source(source, wanted)) is not None:
        return _of_tars(source, found, asked, wanted, progress)
    if wanted.stored is not None and says_boxes(source):
        raise UserError("data.boxes_file", path=str(source))
    if extension(source.name) in table_files.SUFFIXES | table_files.REFUSED:
        return read_single_table(source, asked, wanted, progress)
    if is_zip(source):
        root = unzip.unpacked(source, progress)
        return Tree(source, root, asked, wanted, progress).listing()
    raise UserError("data.unknown_source", path=str(source), noun=wanted.noun)


def _of_tars(
    source: Path,
    found: shard_sets.Tars,
    asked: ReadingOptions,
    wanted: Wanted,
    progress: ScanProgress,
) -> Listing:
    """Tars read in place, or unpacked and read as a folder.

    Raises:
        UserError: ``shards.incomplete``: nothing can be learnt from them, and one is cut off.
    """
    plain = shard_sets.plain(found, progress)
    try:
        return _read_tars(source, plain, asked, wanted, progress)
    except UserError as error:
        values = error.note.values
        if source.is_file() and values.get("path") == str(plain.root):
            error = UserError(error.code, **{**values, "path": str(source)})
        faults = shard_listing.broken(plain.root, plain.names, wanted)
        if (fault := next(faults, None)) is None:
            raise error from None
        path = str(source if source.is_file() else plain.root / fault.path)
        values = {"why": str(error), "at": fault.values["at"], "noun": wanted.noun}
        raise UserError("shards.incomplete", path=path, **values) from error


def _read_tars(
    source: Path,
    plain: shard_sets.Tars,
    asked: ReadingOptions,
    wanted: Wanted,
    progress: ScanProgress,
) -> Listing:
    if wanted.stored is not None:
        listing = shard_listing.read_shards(plain.root, plain.names, asked, wanted, progress)
        if listing is not None:
            if plain.problems:  # that they are decompressed: then "without unpacking" is wrong
                listing.problems = [
                    msgspec.structs.replace(each, code="shards.read_decompressed")
                    if each.code == "shards.read"
                    else each
                    for each in listing.problems
                ]
            listing.problems += plain.problems
            return listing
    root = shard_folder.unpacked(plain.root, plain.names, wanted, progress)
    asked = shard_sets.as_recorded(root, asked)
    listing = Tree(source, root, asked, wanted, progress).listing()
    listing.problems += [*plain.problems, *shard_folder.problems_of(root)]
    return listing


def is_zip(source: Path) -> bool:
    """Whether a file is a zip, or should be one; workbooks are zips, too."""
    if extension(source.name) in table_files.SUFFIXES | table_files.REFUSED:
        return False
    return source.suffix.lower() == ".zip" or zipfile.is_zipfile(source)


# -- a separate test set


def add_test(listing: Listing, test: Listing) -> None:
    """Make ``test`` the test split of ``listing``.

    Classes of it that are not among those to learn are added all the same: they may be the same
    in another spelling.
    """
    replaced = [sample.path for sample in listing.samples if sample.split == "test"]
    if replaced:
        listing.samples = [sample for sample in listing.samples if sample.split != "test"]
        values = {"count": len(replaced)}
        listing.problems.append(Problem("data.test_replaced", values, path=min(replaced)))
    prefix = _relative(test.root, listing.root)
    listing.classes = list(dict.fromkeys([*listing.classes, *test.classes]))
    labels = {name: label for label, name in enumerate(listing.classes)}
    for sample in test.samples:
        path = posixpath.normpath(f"{prefix}/{sample.path}")
        label = labels[test.classes[sample.label]]
        listing.samples.append(Sample(path, label, sample.size, sample.group, "test"))
    listing.problems += [
        msgspec.structs.replace(problem, path=posixpath.normpath(f"{prefix}/{problem.path}"))
        for problem in test.problems
    ]


def _relative(folder: Path, root: Path) -> str:
    """``folder`` seen from ``root``; absolute on another drive of Windows."""
    try:
        return Path(os.path.relpath(os.path.realpath(folder), os.path.realpath(root))).as_posix()
    except ValueError:
        return folder.absolute().as_posix()
