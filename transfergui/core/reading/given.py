"""What a person gives to a model: files and folders, zips of them, and tables that name them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from transfergui.core.base import archives, files, shards, unzip
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.rows import OwnRow
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.files import foreign
from transfergui.core.reading.files.lookup import MAX_NAME, Lookup
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.sources import shard_folder, shard_listing, shard_sets
from transfergui.core.reading.sources.contents import BESIDE
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import row_notes, table_columns, table_files
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.rows import files_of_row

ZIP = ".zip"


@dataclass
class Given:
    """Files and folders on the disk.

    Attributes:
        paths: of all that was given, in its order.
        problems: of zips that cannot be unpacked, tables that name what is not there, and files
            in folders that are not read, by their kind.
        notes: how it was read, where nothing is wrong.
        zips: the zip, or the tar, that each folder was unpacked from.
        rows: of tables, those that name each file.
    """

    paths: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    zips: dict[Path, Path] = field(default_factory=dict)
    rows: dict[Path, list[OwnRow]] = field(default_factory=dict)

    def called(self, path: Path) -> Path:
        """What a file is called by who gave it: ``photos.zip/cat/1.jpg``."""
        for folder, archive in self.zips.items():
            if path.is_relative_to(folder):
                within = shards.plain_name(path)  # a compressed tar holds one that is not
                return archive / (within or path.relative_to(folder))
        return path

    def holder(self, path: Path) -> Path:
        """The file on the disk of who gave it: the zip that holds it, or the file itself."""
        inside = (zip for folder, zip in self.zips.items() if path.is_relative_to(folder))
        return next(inside, FilePart.parse(path).path)


def unfolded(paths: Iterable[Path], modality: Modality) -> Given:
    """``paths``, with the folder of its content for each zip, and for each table that names files
    these files."""
    given = Given()
    for path in paths:
        try:
            _add(given, path, modality)
        except UserError as error:
            given.problems.append(Problem.of(error.note, str(path)))
    return given


def _add(given: Given, path: Path, modality: Modality) -> None:
    ending = path.suffix.lower()
    is_file = os.path.isfile(path)  # noqa: PTH113 - Path.is_file raises on too long names
    if (found := shard_sets.of_source(path, _wanted(modality))) is not None:
        _add_tars(given, path, found, modality)
    elif is_file and ending == ZIP:
        folder = unzip.unpacked(path)
        given.zips[folder] = path
        given.paths.append(folder)
        given.problems += _foreign(folder, path, modality)
    elif is_file and ending in table_files.SUFFIXES | table_files.REFUSED:
        named = _named(path, modality) or Given([path])
        given.paths += [file for file in named.paths if file not in given.rows]
        given.problems += named.problems
        for file, rows in named.rows.items():
            given.rows.setdefault(file, []).extend(rows)
    else:
        given.paths.append(path)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            given.problems += _foreign(path, path, modality)


def _wanted(modality: Modality) -> Wanted:
    return Wanted(modality.many, frozenset(p.removeprefix("*") for p in modality.patterns))


def _add_tars(given: Given, path: Path, found: shard_sets.Tars, modality: Modality) -> None:
    """Pictures stay in their tars; whatever else they hold is unpacked."""
    plain = shard_sets.plain(found)
    if modality.key not in shard_sets.IN_PLACE:
        folder = shard_folder.unpacked(plain.root, plain.names, _wanted(modality))
        given.zips[folder] = path
        given.paths.append(folder)
        _say_of_tars(given, path, [*plain.problems, *shard_folder.problems_of(folder)])
        return
    if plain.root != found.root:
        given.zips[plain.root] = path
    whole = path.is_dir() and plain.root == found.root
    given.paths += [path] if whole else [plain.root / name for name in plain.names]
    _say_of_tars(given, path, plain.problems)
    for problem in shard_listing.broken(plain.root, plain.names, _wanted(modality)):
        given.problems.append(
            msgspec.structs.replace(problem, path=str(given.called(plain.root / problem.path)))
        )


def _say_of_tars(given: Given, path: Path, problems: Iterable[Problem]) -> None:
    """What was found in the tars at ``path``, by what the user calls them; what leaves nothing out
    is no problem."""
    for problem in problems:
        within = "" if problem.path == "." else problem.path
        whole = not within or path.is_file()
        called = path if whole else (path if path.is_dir() else path.parent) / within
        told = msgspec.structs.replace(problem, path=str(called))
        (given.problems if problem.left_out else given.notes).append(told)


def _foreign(folder: Path, called: Path, modality: Modality) -> list[Problem]:
    """Files in a folder that are not read, counted by their endings, as a scan tells them; those
    that there are no sentences for, together."""
    patterns = (*modality.patterns, *modality.patterns_on_request)
    read = {pattern.removeprefix("*") for pattern in patterns}
    endings, others = Counter[str](), list[str]()
    for name in (name for each in Walk(folder) for name in each.files):
        if (ending := extension(name)) in read or not ending:
            continue
        endings[ending] += 1
        if ending not in BESIDE | foreign.READ and not foreign.known(ending):
            others.append(name)
    problems = [
        Problem("data.foreign", {"why": why}, path=str(called))
        for why in foreign.sentences(endings)
    ]
    if others:
        values = {"count": len(others), "example": min(others), "noun": modality.many}
        problems.append(Problem("data.other_files", values, path=str(called)))
    return problems


def _named(path: Path, modality: Modality) -> Given | None:
    """The files that a table names; None where its rows are the samples themselves.

    Raises:
        UserError: ``predict.table``: it names none; ``data.unreadable``, ``tables.`` codes.
    """
    table = _likeliest(path.parent, open_table(path))
    found = _files(path.parent, table, modality)
    lookup = _Anywhere(path.parent, found)
    where = table_columns.columns(table, lookup)
    reasons = row_notes.RowProblems(str(path))
    rows = list(table.below(where.header)) if where.path is not None else []
    places: dict[int, list[OwnRow]] = {}
    for number in rows:
        written = table.cell(number, where.path)
        several = files_of_row(table.rows[number], where, lookup)
        for place in several:
            places.setdefault(place, []).append(table_files.own_row(table, where.names, number))
        if not several:
            reasons.count("rows.missing" if written else "rows.no_path", number, written)
    missing = sum(problem.values["count"] for problem in reasons.problems())
    if modality.tables and len(rows) - missing < table_columns.NAMED_BY * len(table.rows):
        return None
    if not rows:
        raise UserError("predict.table", path=str(path), noun=modality.many)
    problems = [*row_notes.notes(table, str(path)), *reasons.problems()]
    named = {path.parent / found[at]: own for at, own in places.items()}
    return Given(list(named), problems, rows=named)


def _likeliest(root: Path, table: Table) -> Table:
    """The sheet of a workbook that names the most files as they stand."""

    def named(sheet: Table) -> int:
        return sum(_file(root, cell) is not None for row in sheet.rows.values() for cell in row)

    return max((table, *table.sheets.values()), key=named) if table.sheets else table


class _Anywhere(Lookup):
    """Finds what is named as it stands, too, wherever that is: it is only looked at."""

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        super().__init__(paths)
        self._root = root
        self._places = {path: at for at, path in enumerate(paths)}

    def file(self, written: str) -> int | None:
        exact = _file(self._root, written)
        return super().file(written) if exact is None else self._places.get(exact)


def _files(root: Path, table: Table, modality: Modality) -> Sequence[str]:
    """The files, relative to ``root``, that the cells of ``table`` may mean: those that they name
    as they stand, wherever these are; where these are few, all below ``root``."""
    named: dict[str, None] = {}
    for row in table.rows.values():
        named |= dict.fromkeys(file for cell in row if (file := _file(root, cell)) is not None)
    if len(named) >= table_columns.NAMED_BY * len(table.rows):
        return list(named)
    endings = tuple(pattern.removeprefix("*") for pattern in modality.patterns)
    below = (joined(folder.path, name) for folder in Walk(root) for name in folder.files)
    return [path for path in below if path.lower().endswith(endings)]


def _file(root: Path, cell: str) -> str | None:
    written = cell.strip().replace("\\", "/")
    if not 0 < len(written) <= MAX_NAME or "\0" in written:
        return None
    path = os.path.normpath(root / written)
    return os.path.relpath(path, root) if os.path.isfile(path) else None  # noqa: PTH113


def is_there(path: Path) -> bool:
    """Whether a file, or the file of which it is a part, or one of several tars, can be found."""
    return archives.is_there(files.nameable(FilePart.parse(path).path))
