"""What the rows of one table say of the files at hand."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.data.targets import labels_text, parsed_labels
from transfergui.core.reading.files.lookup import LEADS_OUT, MAX_NAME, URL, Lookup
from transfergui.core.reading.names.kinds import kind_of
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import row_notes
from transfergui.core.reading.tables.cells import (
    NO_LABEL,
    is_marked,
    plain_cell,
    separator,
    split_value,
)
from transfergui.core.reading.tables.table_columns import NAMED_BY, Columns

BETWEEN_FILES = re.compile(r"[;,|\n]")
"""What stands between several names of files in one cell."""


def names_files(table: Table, where: Columns, lookup: Lookup, each_once: bool = False) -> bool:
    """Whether some of the rows name files that are there.

    Args:
        each_once: whether every file must be named by one row only.
    """
    if where.path is None:
        return False
    written = [
        _full(table.rows[number], table.cell(number, where.path), where)
        for number in table.below(where.header)
    ]
    files = [at for cell in written if (at := lookup.file(cell)) is not None]
    if where.by == "folder":
        return any(map(lookup.folder, written))
    return len(files) >= NAMED_BY * len(written) and not (
        each_once and len(set(files)) < len(files)
    )


@dataclass
class FileLabels:
    """What a table says of files, by their place among all.

    Attributes:
        labels: of each file; for a table of boxes, of everything in it.
        problems: one per reason, with the number of rows; and files with two labels.
        named: files that a row names, whether it can be used or not.
        found: rows that name a file that is there.
        count: rows in all.
    """

    columns: Columns
    labels: dict[int, str] = field(default_factory=dict)
    several: dict[int, set[str]] = field(default_factory=dict)
    splits: dict[int, SplitName] = field(default_factory=dict)
    groups: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    found: int = 0
    count: int = 0

    def difference(self, at: int, split: SplitName | None, group: str | None) -> Note:
        """What a row says anew that names a file again."""
        for code, one, other in (
            ("rows.other_split", self.splits.get(at), split),
            ("rows.other_group", self.groups.get(at), group),
        ):
            if one and other and one != other:
                return Note(code, {"one": one, "other": other})
        return Note("rows.repeated")


def read_rows(
    table: Table,
    where: Columns,
    lookup: Lookup,
    name: str,
    paths: Sequence[str],
    default: SplitName | None = None,
) -> FileLabels:
    """What the rows of ``table`` say.

    Args:
        name: of the table, as problems call it.
        paths: of the files that ``lookup`` finds.
        default: the split of all rows that say none.
    """
    said = FileLabels(where)
    reasons = row_notes.RowProblems(name)
    row_notes.count_unread(table, where.header, reasons)
    cells = [table.cell(number, where.label) for number in table.below(where.header)]
    between = separator(list(map(plain_cell, cells)))
    conflicts: dict[int, tuple[str, str]] = {}
    for number in table.below(where.header):
        said.count += 1
        row, written = table.rows[number], table.cell(number, where.path)
        label, why = label_of(table, number, where, between)
        if not written:
            reasons.count("rows.no_path", number, " ".join(row))
            continue
        if "\0" in written or max(len(written), len(label)) > MAX_NAME:
            reasons.count("rows.broken", number, written)
            continue
        named = files_of_row(row, where, lookup)
        said.found += bool(named)
        said.named.update(named)
        if not named:
            reasons.count(_missing(written), number, written)
            continue
        if why:
            seen = where.predicted.example(table, number, written) if where.predicted else written
            reasons.count(why, number, seen)
            continue
        if where.predicted is not None and (code := where.predicted.remark(table, number)):
            reasons.count(code, number, written, left_out=False)
        _note(said, named, label, row, where, default, reasons, number, conflicts)
    _split_notes(table, where, reasons)
    for at, (first, second) in conflicts.items():
        said.labels.pop(at, None)
        values = {"first": first, "second": second}
        said.problems.append(Problem("rows.two_labels", values, path=paths[at]))
    said.problems = [*row_notes.notes(table, name), *reasons.problems(), *said.problems]
    return said


def _missing(written: str) -> str:
    """Why a name means no file, as a code."""
    if URL.match(written):
        return "rows.url"
    plain = posixpath.normpath(written.replace("\\", "/"))
    return "rows.outside" if LEADS_OUT.match(plain) else "rows.missing"


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def label_of(table: Table, number: int, where: Columns, between: str = "") -> tuple[str, str]:
    """The class that a row says, or the code of the reason why it says none."""
    if where.predicted is not None:
        return where.predicted.of_row(table, number)
    if where.hot:
        row = table.rows[number]
        marked = [where.names[at] for at in where.hot if is_marked(_cell(row, at))]
    else:
        marked = [
            plain for each in table.values(number, where.label) if (plain := plain_cell(each))
        ]
        if between and len(marked) == 1:
            marked = [part for part in marked[0].split(between) if part.strip()]
    if len(marked) > 1:
        return "", "rows.several_labels"
    label = marked[0] if marked else ""
    return label, "rows.no_label" if label.lower() in NO_LABEL else ""


def _full(row: Sequence[str], written: str, where: Columns) -> str:
    """A file with the folder that another column names."""
    folder = _cell(row, where.within)
    return f"{folder}/{written}" if folder else written


def files_of_row(row: Sequence[str], where: Columns, lookup: Lookup) -> list[int]:
    """The files that a row is about, by their places."""
    written = [_full(row, _cell(row, where.path), where)]
    written += [_cell(row, at) for at in where.more]
    return list(itertools.chain(*(_files_named(each, where, lookup) for each in written)))


def names_in(cell: str) -> list[str]:
    """What a cell may name: itself, and the parts of a list in it."""
    parts = [part for part in map(str.strip, BETWEEN_FILES.split(cell)) if part]
    return [cell, *parts] if len(parts) > 1 else [cell]


def _files_named(written: str, where: Columns, lookup: Lookup) -> Sequence[int]:
    """The files that a cell names: one, or several as in ``a.jpg; b.jpg``."""
    _whole, *parts = names_in(written)
    several = [_files_of(part, where, lookup) for part in parts]
    if several and all(several):
        return list(itertools.chain(*several))
    return _files_of(written, where, lookup)


def _files_of(written: str, where: Columns, lookup: Lookup) -> Sequence[int]:
    if where.by == "folder":
        return lookup.folder(written)
    at = lookup.file(written)
    return () if at is None else (at,)


def _note(
    said: FileLabels,
    files: Sequence[int],
    label: str,
    row: Sequence[str],
    where: Columns,
    default: SplitName | None,
    reasons: row_notes.RowProblems,
    number: int,
    conflicts: dict[int, tuple[str, str]],
) -> None:
    """Keep what one row says of its files."""
    written, group = _cell(row, where.path), _cell(row, where.group)
    if where.by == "folder" or len(files) > 1:
        group = group or _whose(written)
    split = split_value(where.name(where.split), _cell(row, where.split)) or default
    for at in files:
        earlier = said.labels.get(at)
        if where.several_labels and earlier not in (None, label):
            said.labels[at] = labels_text(dict.fromkeys(_both_labels(earlier or "", label)))
        elif where.boxes:
            said.several.setdefault(at, set()).add(label)
        elif earlier is not None and earlier != label and not labels.same((earlier, label)):
            conflicts.setdefault(at, (earlier, label))
        elif earlier is not None:
            note = said.difference(at, split, group)
            reasons.count(note.code, number, written, left_out=False, **note.values)
        said.labels.setdefault(at, label)
        if split:
            said.splits.setdefault(at, split)
        if group:
            said.groups.setdefault(at, group)


def _both_labels(one: str, other: str) -> tuple[str, ...]:
    return (*parsed_labels(one), *parsed_labels(other))


def _whose(written: str) -> str:
    """Of a path of folders the one of a person, of whom there may be several."""
    parts = written.replace("\\", "/").split("/")
    return next((part for part in parts[:-1] if kind_of(part) == "person"), written)


def _split_notes(table: Table, where: Columns, reasons: row_notes.RowProblems) -> None:
    if where.split is None:
        return
    for number in table.below(where.header):
        cell = table.cell(number, where.split)
        if cell and split_value(where.name(where.split), cell) is None:
            reasons.count("rows.split_unknown", number, cell, left_out=False)


def column_of(table: Table, where: Columns, column: int, lookup: Lookup) -> dict[int, str]:
    """What one column says of each file that the table names."""
    found = {}
    for number in table.below(where.header):
        row = table.rows[number]
        cell = _cell(row, column)
        for at in _files_of(_full(row, _cell(row, where.path), where), where, lookup):
            if cell:
                found[at] = cell
    return found


def agreement(one: Mapping[int, str], other: Mapping[int, str]) -> float:
    """The share of files of which two say the same, whatever they call it: 1 where every class
    of one is a class of the other."""
    both = [(one[at], other[at]) for at in one if at in other]
    if not both:
        return 0.0
    forwards: dict[str, Counter[str]] = defaultdict(Counter)
    backwards: dict[str, Counter[str]] = defaultdict(Counter)
    for a, b in both:
        forwards[a][b] += 1
        backwards[b][a] += 1
    there = {a: counts.most_common(1)[0][0] for a, counts in forwards.items()}
    back = {b: counts.most_common(1)[0][0] for b, counts in backwards.items()}
    return sum(there[a] == b and back[b] == a for a, b in both) / len(both)
