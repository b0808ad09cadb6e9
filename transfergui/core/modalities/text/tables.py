"""Tables whose rows are texts: CSV, TSV and JSON lines, as people and spreadsheets write them.

A row is known by its number, as a spreadsheet counts: a header is row 1, and a quoted cell may
go on for several lines. In JSON lines it is the number of the line. What is wrong with a row
spoils none of its neighbours: a quotation mark that is never closed would otherwise swallow the
rest of the file.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import mean

from transfergui.core.encodings import encoding_of
from transfergui.core.modalities import rows
from transfergui.core.modalities.manifest import COLUMNS, PROBED

MAX_CELL = 4_000_000
"""Characters; no text is longer. What is longer is a file that is no table."""
MAX_JOINED = 500
"""Lines that one quoted cell may go on for."""
PROBE = 200
"""Lines from which the delimiter is guessed."""
SAMPLED = 1000
"""Rows, from all over the table, from which header and columns are guessed: many are sorted."""
KEPT = 200_000_000
"""Characters of parsed tables that are kept in memory; the one last read always is."""
SHORT = 40
"""Characters; the name of a column is hardly ever longer."""
EXCEL_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""What Excel reads in a first line of its own; it is no row."""

NAMES: Mapping[str, str] = {
    "text": "text texts sentence review reviews content contents comment comments body message "
    "messages tweet document utterance question title headline description "
    "文本 内容 评论 评价 句子 标题",
    "label": COLUMNS["label"] + " labels sentiment polarity rating stars score topic intent "
    "emotion 标签 类别 分类 情感",
    "split": COLUMNS["split"],
    "group": COLUMNS["group"] + " user author user_id author_id",
}
"""What each column may be called, in lower case; earlier names are likelier."""


@dataclass(frozen=True)
class Columns:
    """Where things are in a table, by position; None for what it lacks.

    Attributes:
        names: as a person chooses them: what the header says, else ``1``, ``2`` ...
        header: whether the first row names the columns.
    """

    names: tuple[str, ...]
    header: bool
    text: int | None
    label: int | None
    split: int | None = None
    group: int | None = None

    def name(self, place: int | None) -> str:
        """What a column is called; empty for none."""
        return "" if place is None else self.names[place]

    def place(self, name: str) -> int | None:
        """Where a column is, by its name: its number only where the header names it not.

        A number that was learnt from a table without a header means nothing in one that has one:
        its first column may well be a running number.
        """
        return self.names.index(name) if name in self.names else None


@dataclass(frozen=True)
class Table:
    """A table in memory.

    Attributes:
        encoding: how it was written.
        rows: cells by row number, a header among them.
        keys: names of the columns where every row says them (JSON lines), else None.
        broken: number and beginning of what is no row.
    """

    encoding: str
    rows: dict[int, list[str]]
    keys: tuple[str, ...] | None = None
    broken: list[tuple[int, str]] = field(default_factory=list)
    _found: dict[tuple[str, ...], Columns] = field(default_factory=dict)

    @cached_property
    def size(self) -> int:
        """Characters."""
        return sum(sum(map(len, cells)) for cells in self.rows.values())

    @cached_property
    def first(self) -> list[str]:
        """The first row."""
        return next(iter(self.rows.values()), [])

    @cached_property
    def sampled(self) -> list[list[str]]:
        """Rows from all over the table, but not the first."""
        step = max(1, len(self.rows) // SAMPLED)
        return list(itertools.islice(self.rows.values(), 1, None, step))

    @cached_property
    def width(self) -> int:
        """How many columns most rows have."""
        return len(self.keys) if self.keys else _commonest(map(len, self.sampled or [self.first]))

    def columns(self, text: str = "", label: str = "", header: str = "auto") -> Columns:
        """Where text, label, split and group are.

        Args:
            text, label: columns as a person chose them; what the table lacks, and what is
                empty, is guessed: by the names in the header, else by what stands below.
            header: ``yes``, ``no`` or ``auto``.
        """
        asked = (text, label, header)
        if asked not in self._found:  # every row that is loaded asks
            self._found[asked] = _columns(self, {"text": text, "label": label}, header)
        return self._found[asked]

    def cell(self, number: int, column: int | None) -> str:
        """What stands in one row; empty where nothing does.

        Raises:
            KeyError: there is no such row.
        """
        cells = self.rows[number]
        return cells[column].strip() if column is not None and column < len(cells) else ""


# -- reading


class _Kept:
    """Parsed tables, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: OrderedDict[tuple[object, ...], Table] = OrderedDict()

    def read(self, path: Path, encoding: str) -> Table:
        status = path.stat()
        key = (str(path), status.st_mtime_ns, status.st_size, encoding)
        with self._lock:
            table = self._tables.get(key)
            if table is None:
                table = self._tables[key] = parse(path, path.read_bytes(), encoding)
                while len(self._tables) > 1 and self._size() > KEPT:
                    self._tables.popitem(last=False)
            self._tables.move_to_end(key)
        return table

    def _size(self) -> int:
        return sum(table.size for table in self._tables.values())


_kept = _Kept()


def read(path: Path, encoding: str = "auto") -> Table:
    """The table at ``path``, parsed once as long as the file stays as it is.

    Args:
        encoding: a name that Python knows, or ``auto``.

    Raises:
        OSError: it cannot be read.
    """
    return _kept.read(path, encoding)


def parse(path: Path, data: bytes, encoding: str = "auto") -> Table:
    """The table that ``data`` hold; ``path`` only tells what kind it is, by its ending."""
    if encoding == "auto":
        encoding = found_encoding(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    if path.suffix.lower() == ".jsonl":
        return _parse_json(text, encoding)
    return _parse_cells(text, encoding, path)


def found_encoding(data: bytes) -> str:
    """How ``data`` are written: by their beginning, or, where that is plain ASCII, by the place
    where they first are not."""
    head = data[:PROBED]
    if head.isascii() and b"\0" not in head and len(data) > PROBED:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            head = data[max(0, error.start - 1) : error.start + PROBED]
    found = encoding_of(head)
    return {"utf-8-sig": "utf-8", "latin-1": "cp1252"}.get(found, found)


def _parse_cells(text: str, encoding: str, path: Path) -> Table:
    csv.field_size_limit(MAX_CELL)  # the whole process's; lists of files have a lower one of theirs
    first, _, rest = text.partition("\n")
    said = EXCEL_DELIMITER.fullmatch(first)
    lines = io.StringIO(rest if said else text, newline=None)
    probe = list(itertools.islice(lines, PROBE))
    delimiter, width = _dialect(probe, path)
    if said:
        delimiter, width = said[1], _commonest(map(len, _leniently(probe, said[1])))
    lines.seek(0)
    table = Table(encoding, {})
    number = 0
    for number, (cells, line) in enumerate(_records(lines, delimiter, width), 1):
        if cells:
            table.rows[number] = cells
        elif cells is None:
            table.broken.append((number, line))
    return table


def _dialect(lines: Sequence[str], path: Path) -> tuple[str, int]:
    """What divides most rows into the same number of cells, and that number.

    A tab, which hardly any text holds, where nothing does.
    """
    if path.suffix.lower() == ".tsv":
        return "\t", _commonest(map(len, _leniently(lines, "\t")))
    best, most = ("\t", 1), (0, 0)
    for delimiter in rows.DELIMITERS:
        widths = [len(cells) for cells in _leniently(lines, delimiter)]
        width = _commonest(widths)
        fits = widths.count(width), width
        if width > 1 and fits > most and 2 * fits[0] >= len(widths):
            best, most = (delimiter, width), fits
    return best


def _leniently(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Cells of the rows, as well as it goes."""
    try:
        return [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:  # a cell without an end
        return []


def _commonest(numbers: Iterable[int]) -> int:
    return max(Counter(numbers).most_common(1), default=(0, 0))[0]


def _records(
    lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[list[str] | None, str]]:
    """The cells of each record (none in an empty line; None where it is broken), and its start."""
    ahead: deque[str] = deque()
    while line := (ahead.popleft() if ahead else next(lines, "")):
        line = line.rstrip("\n")
        if not line.strip():
            yield [], line
        elif '"' not in line:
            yield line.split(delimiter), line
        elif (cells := _parsed(line, delimiter)) is not None:
            yield cells, line
        elif delimiter == "\t" and line.count("\t") == width - 1:
            yield line.split("\t"), line  # nobody had to quote there: the marks are the text's own
        else:
            yield _joined(line, lines, ahead, delimiter, width), line


def _parsed(record: str, delimiter: str) -> list[str] | None:
    if len(record) > MAX_CELL:
        return None
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _joined(
    line: str, lines: Iterator[str], ahead: deque[str], delimiter: str, width: int
) -> list[str] | None:
    """The record that begins with ``line``, whose quoted cell goes on below.

    It must have as many cells as the others; else the lines below are records of their own, and
    are put back into ``ahead``.
    """
    taken = [line]
    marks, size = line.count('"'), len(line)
    while marks % 2 and len(taken) < MAX_JOINED and size < MAX_CELL:
        below = ahead.popleft() if ahead else next(lines, "")
        if not below:
            break
        taken.append(below.rstrip("\n"))
        marks, size = marks + below.count('"'), size + len(below)
    cells = _parsed("\n".join(taken), delimiter) if not marks % 2 and len(taken) > 1 else None
    if cells is not None and len(cells) == width:
        return cells
    ahead.extendleft(f"{below}\n" for below in reversed(taken[1:]))
    return None


def _parse_json(text: str, encoding: str) -> Table:
    table = Table(encoding, {}, keys=())
    places: dict[str, int] = {}
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        if not line.strip():
            continue
        tree = rows.json_object(line, MAX_CELL)
        if tree is None:
            table.broken.append((number, line.rstrip("\n")))
            continue
        for key in tree:
            places.setdefault(key, len(places))
        table.rows[number] = [rows.plain(tree.get(key)) for key in places]
    return Table(encoding, table.rows, tuple(places), table.broken)


# -- which column is what


def _columns(table: Table, chosen: Mapping[str, str], header: str) -> Columns:
    has_header = _has_header(table, chosen) if header == "auto" else header == "yes"
    named = table.keys or (tuple(table.first) if has_header else ())
    columns = Columns(_names(named, table.width), has_header, None, None)
    content = Content(_below(table, has_header), table.width)
    found: dict[str, int | None] = {key: _named(named, key) for key in NAMES}
    places = {key: columns.place(name) for key, name in chosen.items()}
    sure = {key: place for key, place in places.items() if place is not None}
    for key, other in (("text", "label"), ("label", "text")):
        if key not in sure and found[key] == sure.get(other):
            found[key] = None
    found |= sure
    if found["text"] is None:
        found["text"] = content.longest({found[key] for key in ("label", "split", "group")})
    if found["label"] is None:
        found["label"] = content.fewest({found[key] for key in ("text", "split", "group")})
    return Columns(columns.names, has_header, **found)


def _below(table: Table, has_header: bool) -> list[list[str]]:
    return table.sampled if has_header and not table.keys else [table.first, *table.sampled]


def _names(named: Sequence[str], width: int) -> tuple[str, ...]:
    """What each column is called; its number where the header does not tell it from the others."""
    said = [name.strip() for name in named[:width]]
    said += [""] * (width - len(said))
    return tuple(
        name if name and said.count(name) == 1 else str(place) for place, name in enumerate(said, 1)
    )


def _named(header: Sequence[str], key: str) -> int | None:
    """The column that the header calls by the likeliest name of ``key``."""
    names = [name.strip().lower() for name in header]
    return next((names.index(name) for name in NAMES[key].split() if name in names), None)


def _has_header(table: Table, chosen: Mapping[str, str]) -> bool:
    """Whether the first row names columns: known ones, or what no row below could be."""
    first = [cell.strip() for cell in table.first]
    named = {name for name in chosen.values() if name and not name.isdecimal()}
    if table.keys is not None or named & set(first):
        return True
    if any(_named(first, key) is not None for key in ("text", "label")):
        return all(len(cell) <= SHORT for cell in first)
    content = Content(table.sampled, table.width)
    text = content.longest(set())
    label = content.fewest({text})
    if text is None or label is None or len(first) != table.width:
        return False
    seen = content.of(label)
    repeated = len(set(seen)) < len(seen)
    return repeated and first[label] not in seen and len(first[text]) < content.length(text)


class Content:
    """What stands in the columns of some rows."""

    def __init__(self, below: Sequence[Sequence[str]], width: int) -> None:
        self._below = [cells for cells in below if len(cells) == width]
        self._places = range(width)

    def of(self, column: int) -> list[str]:
        """The cells that are not empty."""
        cells = (cells[column].strip() for cells in self._below)
        return [cell for cell in cells if cell]

    def length(self, column: int) -> float:
        """Characters of a cell, on average."""
        return mean(map(len, self.of(column) or [""]))

    def longest(self, other_than: set[int | None]) -> int | None:
        """The column with the longest cells."""
        return max((c for c in self._places if c not in other_than), key=self.length, default=None)

    def fewest(self, other_than: set[int | None]) -> int | None:
        """The column that divides the rows into the fewest classes, two at least."""
        free = [column for column in self._places if column not in other_than]
        kinds = {column: len(set(self.of(column))) for column in free}
        dividing = [column for column in free if kinds[column] > 1]
        return min(dividing or free, key=kinds.__getitem__, default=None)
