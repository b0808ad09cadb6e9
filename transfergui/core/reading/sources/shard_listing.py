"""WebDataset shards as a listing: tars whose pictures and labels belong together by their key.

Nothing is unpacked: a sample is a part of a tar (:mod:`transfergui.core.base.shards`). What cannot
be understood so is unpacked and read as a folder is (:mod:`.shard_folder`).
"""

import contextlib
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data.dataset import Problem, Sample, natural_order
from transfergui.core.data.file_part import in_tar
from transfergui.core.data.targets import BOXES
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.marks.drawn import Drawn
from transfergui.core.reading.marks.pages import Page
from transfergui.core.reading.names import kinds
from transfergui.core.reading.names.words import SPLIT_WORDS
from transfergui.core.reading.sources import shard_fields, shard_names
from transfergui.core.reading.sources.box_listing import listing_of_boxes
from transfergui.core.reading.sources.detection import part_of_path
from transfergui.core.reading.sources.shard_fields import Record
from transfergui.core.reading.sources.shard_index import NAMES, Index, Row, index_of
from transfergui.core.reading.sources.shard_survey import (
    WORD,
    Survey,
    homes_of,
    is_about,
    is_table_of_rows,
    meaning_of,
    tree_at,
)
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables.reading_options import ReadingOptions

TEXT = ".txt"
CAPTIONS = 0.5
"""If so many of the texts are different, they are captions."""
BROKEN = {"cut_off": "shards.cut_off", "damaged": "shards.damaged", "joined": "shards.joined"}
"""The code of the problem with a tar that cannot be read to its end."""
FAULTS = {
    "twice": "shards.twice",
    "without_picture": "shards.without_picture",
    "link": "shards.link",
    "sparse": "shards.sparse",
    "special": "shards.special",
    "outside": "shards.outside",
    "underscored": "shards.underscored",
    "long_label": "shards.long_label",
    "unreadable_label": "shards.unreadable_label",
    "nested": "shards.nested",
    "other": "shards.other",
}
"""The code of a problem for each kind of faults that an index counts."""


def tars(source: Path, wanted: Wanted, skip: Path | None = None) -> Sequence[str]:
    """The tars in a folder in which nothing else can be learnt from, in natural order.

    Args:
        skip: a folder below that is left out.
    """
    found = []
    for folder in Walk(source, skip=skip):
        for name in folder.files:
            if shards.is_tar(name):
                found.append(joined(folder.path, name))
            elif wanted.has_extension(name) and not is_about(name):
                return []
            rows = TEXT in wanted.extensions and is_table_of_rows(name)  # the texts themselves
            if rows:
                return []
    return natural_order(found)


def read_shards(
    root: Path, names: Sequence[str], asked: ReadingOptions, wanted: Wanted, progress: ScanProgress
) -> Listing | None:
    """The pictures in tars, labelled by what lies beside them there; None where they must be
    unpacked for that: something else says the labels, or the user wants it read as a folder.

    Args:
        root: the folder that ``names`` are relative to.
        progress: called with the number of pictures listed so far.

    Raises:
        UserError: ``shards.unreadable``, ``shards.captions``, ``shards.unlabelled``,
            ``shards.empty``, ``shards.all_outside``.
    """
    survey = Survey()
    for name, index in _indices(root, names, wanted):
        survey.add(name, index)
        progress(survey.total)
    if not survey.total:
        require_inside(root, [found for _name, found in survey.faults], wanted)
        raise UserError("shards.empty", path=str(root), noun=wanted.noun, count=len(names))
    meaning = meaning_of(root, names, survey, asked, wanted.noun)
    if meaning is None:
        return None
    if isinstance(meaning, Record):
        listing = _by_fields(root, names, meaning, survey, wanted, progress)
        how = _by_json(meaning.predicted)
    else:
        listing = _by_class(root, names, meaning, survey, wanted, progress)
        how = _how(meaning)
    listing.problems = [*_problems(survey, wanted.noun), *listing.problems]
    if not any(sample.split == "train" for sample in listing.samples):
        listing.samples = [Sample(s.path, s.label, s.size, s.group) for s in listing.samples]
    values = {"count": len(listing.samples), "shards": len(names), "noun": wanted.noun, "how": how}
    listing.problems.append(Problem("shards.read", values, path=".", left_out=False))
    return listing


def require_inside(
    root: Path, faults: Sequence[Mapping[str, tuple[int, str]]], wanted: Wanted
) -> None:
    """
    Args:
        faults: of each tar, none of which holds anything that is read.

    Raises:
        UserError: ``shards.all_outside``: that is because of the paths in them.
    """
    found = [each["outside"] for each in faults if "outside" in each]
    if found:
        values = {"count": sum(count for count, _first in found), "first": found[0][1]}
        raise UserError("shards.all_outside", path=str(root), noun=wanted.noun, **values)


def _how(kind: str) -> str:
    """What says the class of each picture, in a sentence."""
    if kind == "folder":
        return _("The folder that each is in is its class.")
    if kind.startswith("json:"):
        field = kind.partition(":")[2]
        return _by_json((field,)) if field else _by_file("json")
    return _by_file(kind)


def _by_file(ending: str) -> str:
    text = _("The class of each is in the file beside it that has its name and ends in .{ending}.")
    return text.format(ending=ending)


def _by_json(fields: Sequence[str]) -> str:
    text = _("Labels are in the file beside each that has its name and ends in .json ({names}).")
    return text.format(names=comma_list(fields))


def _indices(root: Path, names: Sequence[str], wanted: Wanted) -> Iterator[tuple[str, Index]]:
    """
    Raises:
        UserError: ``shards.unreadable``.
    """

    def read(name: str) -> Index:
        try:
            return index_of(root / name, wanted.extensions)
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("shards.unreadable", path=str(root / name), reason=reason) from error

    with contextlib.closing(ordered_map(read, names, threads=2, ahead=4)) as found:  # type: ignore[type-var]
        yield from zip(names, found, strict=True)


def broken(root: Path, names: Sequence[str], wanted: Wanted) -> Iterator[Problem]:
    """What is said of tars that cannot be read to their end."""
    for name in names:
        with contextlib.suppress(OSError):
            found = index_of(root / name, wanted.extensions).faults
            yield from _broken(name, found, wanted.noun)


def _broken(name: str, faults: Mapping[str, tuple[int, str]], noun: str) -> Iterator[Problem]:
    for kind in BROKEN.keys() & faults.keys():
        yield Problem(BROKEN[kind], {"at": int(faults[kind][1]), "noun": noun}, path=name)


def pictures(path: Path, wanted: Wanted) -> Iterator[Path]:
    """The pictures in a tar, whether they have a label or not; the tar itself where it has none or
    cannot be read, so that it is told."""
    found = list(members(path.parent, path.name, wanted))
    yield from (path.parent / name for name in found or [path.name])


def members(root: Path, name: str, wanted: Wanted) -> Iterator[str]:
    """The pictures in a tar, relative to ``root`` as its ``name`` is; none where it cannot be
    read."""
    with contextlib.suppress(OSError):
        for row in index_of(root / name, wanted.extensions).rows:
            yield from (in_tar(name, at) for _component, at in _pictures(row))


def _said(row: Row, kind: str) -> str | None:
    if kind == "folder":
        above = [part for part in row.key.split("/")[:-1] if kinds.split_of(part) is None]
        return above[-1] if above else None
    if kind == "cls":
        return row.cls
    if kind == "txt":
        return row.txt
    field, _equals, value = (row.json or "").partition("=")
    return value if row.json is not None and f"json:{field}" == kind else None


def _pictures(row: Row) -> Iterator[tuple[str, int]]:
    """The pictures of a key, by component and where they begin."""
    yield row.component, row.offset
    if row.more:
        yield from row.more.items()


def _samples(name: str, row: Row, label: int, size: int, split: Any) -> Iterator[Sample]:
    """The pictures of a key, which stay in one set.

    Args:
        split: what the name of the tar says of it.
    """
    split = split or part_of_path(row.key)
    group = f"{name}/{row.key}" if row.more else None
    for _component, at in _pictures(row):
        yield Sample(in_tar(name, at), label, size, group, split)


def _by_class(
    root: Path,
    names: Sequence[str],
    kind: str,
    survey: Survey,
    wanted: Wanted,
    progress: ScanProgress,
) -> Listing:
    """
    Raises:
        UserError: ``shards.captions``.
    """
    listing = Listing(root)
    _fill(listing, names, kind, wanted, progress)
    if kind == "txt" and len(listing.classes) > CAPTIONS * len(listing.samples):
        first = listing.classes[0]
        raise UserError("shards.captions", path=str(root), noun=wanted.noun, name=first)
    if kind != "folder":
        _name_classes(listing, names, survey)
    return listing


def _fill(
    listing: Listing, names: Sequence[str], kind: str, wanted: Wanted, progress: ScanProgress
) -> None:
    """The samples, from the indices that are in the cache now."""
    classes: dict[str, int] = {}
    missing, first = 0, ""
    for name, index in _indices(listing.root, names, wanted):
        size, split = (listing.root / name).stat().st_size, split_of(name)
        for row in index.rows:
            text = _said(row, kind)
            if text is None:
                missing, first = missing + 1, first or f"{name}: {row.key}"
                continue
            label = classes.setdefault(text, len(classes))
            listing.samples.extend(_samples(name, row, label, size, split))
        progress(len(listing.samples))
    listing.classes = list(classes)
    if missing:
        listing.problems.append(_without_label(missing, wanted.noun, first))


def _without_label(count: int, noun: str, first: str) -> Problem:
    return Problem("shards.without_label", {"count": count, "noun": noun, "first": first}, path=".")


def _by_fields(
    root: Path,
    names: Sequence[str],
    record: Record,
    survey: Survey,
    wanted: Wanted,
    progress: ScanProgress,
) -> Listing:
    """The samples, labelled by fields of each ``key.json``."""
    called = _known_names(root, names, survey)[0]
    listing = Listing(root, targets=record.bare)
    classes: dict[str, int] = {}
    paths: list[str] = []
    pages: dict[int, Page] = {}
    splits: dict[int, Any] = {}
    missing: list[str] = []
    for name, index in _indices(root, names, wanted):
        size, split = (root / name).stat().st_size, split_of(name)
        for row in index.rows:
            tree = tree_at(f"{root}/{in_tar(name, row.tree)}") if row.tree >= 0 else None
            if tree is None:
                missing.append(f"{name}: {row.key}")
            elif record.objective == BOXES:
                for sample in _samples(name, row, 0, size, split):
                    splits[len(paths)] = sample.split
                    pages[len(paths)] = shard_fields.page_of(record, tree, called)
                    paths.append(sample.path)
            elif (text := shard_fields.combination(record, tree, called)) is None:
                missing.append(f"{name}: {row.key}")
            else:
                label = classes.setdefault(text, len(classes))
                listing.samples.extend(_samples(name, row, label, size, split))
        progress(len(paths) or len(listing.samples))
    listing.classes = list(classes)
    if record.objective == BOXES:
        known = frozenset(record.classes)
        told = {at: split for at, split in splits.items() if split}
        drawn = Drawn("WebDataset", pages, known=known)
        listing = listing_of_boxes(root, paths, drawn, wanted, progress, told)
    if missing:
        listing.problems.append(_without_label(len(missing), wanted.noun, missing[0]))
    return listing


def split_of(name: str) -> Any:
    """The split that the name of a shard, or a folder above it, says: ``in1k-train-0001.tar``."""
    own = {
        SPLIT_WORDS[w] for w in WORD.findall(name.rpartition("/")[2].lower()) if w in SPLIT_WORDS
    }
    return own.pop() if len(own) == 1 else part_of_path(name)


def _problems(survey: Survey, noun: str) -> Iterator[Problem]:
    """What is wrong in tars: one for each that is damaged, one for each kind of other faults."""
    together: dict[str, tuple[int, str]] = {}
    for name, found in survey.faults:
        yield from _broken(name, found, noun)
        for kind in FAULTS.keys() & found.keys():
            count, first = found[kind]
            before, named = together.get(kind, (0, f"{name}: {first}"))
            together[kind] = before + count, named
    for kind, (count, first) in sorted(together.items()):
        values = {"count": count, "first": first, "noun": noun}
        yield Problem(FAULTS[kind], values, path=".", left_out=kind != "other")
    if survey.several:
        parts = some([f".{each}" if each else "." for each in sorted(survey.components)])
        values = {"count": survey.several, "noun": noun, "names": parts}
        yield Problem("shards.several", values, path=".", left_out=False)


# -- how the classes are called


def _known_names(
    root: Path, names: Sequence[str], survey: Survey, least: int = 1
) -> tuple[list[str], str]:
    """The names of classes by number, and the file that says them: beside the tars, or in one.

    Args:
        least: so many names it must say.
    """
    for home in homes_of(root, names):
        for file in NAMES:
            if len(known := shard_names.names_in(home / file)) >= least:
                return known, Path(os.path.relpath(home / file, root)).as_posix()
    for name, text in survey.names.items():
        if len(known := shard_names.names_of(name, text)) >= least:
            return known, name
    return [], ""


def _name_classes(listing: Listing, names: Sequence[str], survey: Survey) -> None:
    """Names instead of numbers, where a file says them."""
    numbers = [int(text) for text in listing.classes if shard_names.NUMBER.fullmatch(text)]
    if not numbers:
        return
    fine = len(numbers) == len(listing.classes) and min(numbers) >= 0
    known, where = _known_names(listing.root, names, survey, max(numbers) + 1) if fine else ([], "")
    if not known:
        listing.problems += _names_unused(listing, names, survey)
        return
    texts = [known[number] for number in numbers]
    listing.classes = shard_names.distinct(texts, listing.classes)
    values = {"names": some(natural_order(listing.classes)), "count": len(known)}
    listing.problems.append(Problem("shards.names", values, path=where, left_out=False))


def _names_unused(listing: Listing, names: Sequence[str], survey: Survey) -> Iterator[Problem]:
    """What is said of the first file of names that does not fit the labels; nothing where none
    is there."""
    beside = (home / file for home in homes_of(listing.root, names) for file in NAMES)
    texts = ((os.path.relpath(p, listing.root), shard_names.text_of(p)) for p in beside)
    for where, text in (*texts, *survey.names.items()):
        if count := shard_names.count_in(where, text):
            values = {"count": count, "labels": some(natural_order(listing.classes))}
            path = Path(where).as_posix()
            yield Problem("shards.names_unused", values, path=path, left_out=False)
            return


def first_names(source: Path, most: int) -> list[str]:
    """The names of the first files in a tar, to see what it holds; those before the damage, if it
    is damaged."""
    found: list[str] = []
    with contextlib.suppress(OSError), source.open("rb") as stream:
        entries = itertools.islice(shards.entries(stream, source.stat().st_size), most)
        found.extend(entry.name for entry in entries)  # keeps those before an error
    return found


def require_tar(path: Path) -> None:
    """
    Raises:
        UserError: ``shards.unreadable``: it does not begin like a tar.
    """
    with contextlib.suppress(OSError), path.open("rb") as stream:
        block = stream.read(shards.BLOCK)
        if block.strip(b"\0") and shards.parsed(block) is None:
            reason = _("it is damaged at its beginning, or not a tar file")
            raise UserError("shards.unreadable", path=str(path), reason=reason)
