"""The one reader of tables: CSV, TSV, JSON, Excel and fastText files, as people have them.

:mod:`.parsing` makes rows of bytes; here files are read, once as long as they stay as they are,
and what is to be said about their rows is counted.
"""

from __future__ import annotations

import functools
import itertools
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from transfergui.core.base import files, memory
from transfergui.core.base.cells import plain
from transfergui.core.base.encodings import encoding_of
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.data import rows as rows_
from transfergui.core.data.dataset import LABELLED_LINES, TABLES, Problem, row_name
from transfergui.core.data.rows import OwnRow
from transfergui.core.reading import signatures
from transfergui.core.reading.parsing import parser
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.lines import is_fasttext, is_marked
from transfergui.core.reading.parsing.refusals import NoTable
from transfergui.core.reading.parsing.table import Table

__all__ = ["Columns", "Reasons", "Table", "is_table", "notes", "parse", "read"]

SUFFIXES = frozenset(TABLES)
"""How the names of tables end; :func:`is_table` tells what of it is one."""
REFUSED = frozenset(parser.FOREIGN)
"""Endings of tables that are not read, but have a sentence of their own that says what to do."""
OURS = (rows_.COLUMNS, ("path", "truth", "label", "confidence"))
"""How the headers of our predictions begin, in a file of their own and in a run."""
KEPT = 200_000_000
"""Characters of parsed tables that are kept in memory; the one last read always is."""
FEWEST = 9
"""Line ends of a table whose name does not end as that of a table."""
HEAD = 1 << 16
"""Bytes of a file from which it is told whether its lines begin with their classes."""
EXCERPT = 60
"""Characters of a row that are shown as an example of what is wrong with it."""


class _Kept:
    """Parsed tables, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tables: OrderedDict[tuple[object, ...], Table] = OrderedDict()

    def read(self, path: Path, encoding: str) -> Table:
        """The likeliest table of a file, which knows the others in it."""
        status = path.stat()
        key = (str(path), status.st_mtime_ns, status.st_size, encoding)
        with self._lock:
            table = self._tables.get(key)
            if table is None:
                table = self._tables[key] = parse(path, _read(path), encoding)
                while len(self._tables) > 1 and self._size() > KEPT:
                    self._tables.popitem(last=False)
            self._tables.move_to_end(key)
        return table

    def _size(self) -> int:
        found = (each for t in self._tables.values() for each in (t.sheets or {"": t}).values())
        return sum(table.size for table in found)


def _read(path: Path) -> bytes:
    with files.open_regular(path) as stream:
        return stream.read()


_kept = _Kept()


def read(path: Path, encoding: str = "auto", sheet: str = "", text: str = "") -> Table:
    """The table at ``path``, parsed once as long as the file stays as it is.

    Args:
        encoding: a name that Python knows, or ``auto``.
        sheet: the sheet of a workbook, or list of a JSON file, where it has several; ``*`` for
            all of the same columns. Where it has none called so, the likeliest one.
        text: a column that the likeliest one should have.

    Raises:
        UserError: ``tables.`` codes: the file is no table, or one of a kind that is not read.
        OSError: it cannot be read.
    """
    return _kept.read(path, encoding).of_sheet(sheet, text)


def parse(path: Path, data: bytes, encoding: str = "auto") -> Table:
    """The table that ``data`` hold; ``path`` tells what kind it is, where they do not.

    Raises:
        UserError: as :func:`read`.
    """
    try:
        with naming_missing_parts():
            return _plain(parser.parse(path.name, data, encoding))
    except NoTable as error:
        if error.__cause__ is not None and memory.explains(error.__cause__, path):
            raise error.__cause__ from None
        why = f" ({error.reason})" if error.reason else ""
        raise UserError(error.code, path=str(path), why=why) from error


def _plain(table: Table) -> Table:
    """Of predictions of ours, the cells as they were before they were made safe; in a workbook
    they were not changed."""
    written = table.encoding != "auto"  # which only a workbook's is
    if written and any(_stands_in(ours, table.first) for ours in OURS):
        for number, row in table.rows.items():
            table.rows[number] = [plain(cell) for cell in row]
    return table


BROKEN = "tables.broken_letters"
UNIQUE, JOINED = 0.9, 0.5
"""So many rows of a second table must have a value of their own in the column that both have, and
so many rows of the first one must be found there."""
BLOCKS, CHANGES, BLANK = 3, 0.15, 0.3
"""So many gaps at least, so few rows that differ from the one above among those that are filled,
and such a share of blank ones make blocks of which only the first row says the class."""
SENTENCE = 15
"""Characters of a cell, on average, in a column of texts."""


def _stands_in(ours: tuple[str, ...], heading: Sequence[str]) -> bool:
    """Whether columns of ours stand side by side: those of a table of the user come before."""
    width = len(ours)
    starts = range(len(heading) - width + 1)
    return any(tuple(heading[at : at + width]) == ours for at in starts)


def own_row(table: Table, names: tuple[str, ...], number: int) -> OwnRow:
    """A row with all its cells; those beyond the last column are called by their place.

    Args:
        names: of the columns of ``table``.
    """
    cells = table.rows[number]
    return OwnRow(_as_many(names, len(cells)), cells)


@functools.lru_cache(maxsize=256)
def _as_many(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    more = [str(place) for place in range(len(names) + 1, width + 1)]
    return (*names, *rows_.named_apart(more, names, " (more)")) if more else names


def is_table(path: Path) -> bool:
    """Whether a file holds the rows of a table; the names of JSON and text files do not tell."""
    ending = path.suffix.lower()
    if ending == LABELLED_LINES:
        return _begins_with_classes(path) or _holds_texts(path)
    if ending != ".json":
        return ending in SUFFIXES
    try:
        return len(read(path).rows) > 1
    except (OSError, UserError):
        return False


def divides(path: Path) -> bool:
    """Whether tabulators divide all lines of a file without an ending: its rows."""
    head = _head(path)
    whole, _end, _rest = head.rpartition(b"\n")
    if signatures.ending(head[: signatures.HEAD]) != ".txt":
        return False
    counts = {line.count(b"\t") for line in (whole or head).splitlines() if line.strip()}
    return len(counts) == 1 and counts != {0} and whole.count(b"\n") >= FEWEST


def describes_files(path: Path, is_file: Callable[[str], bool]) -> bool:
    """Whether a text file is a table with a column of file names: ``1.jpg cat``, ``1.wav;dog``.

    Args:
        is_file: whether a cell is such a name.
    """
    head = _head(path)
    whole, _end, _rest = head.rpartition(b"\n")  # the last line may be cut off
    try:
        table = parse(path, whole or head)
    except UserError:
        return False
    rows = [row for row in table.rows.values() if len(row) > 1]
    columns = zip(*rows[1:], strict=False)  # below what may be a header
    return len(rows) > 1 and any(all(map(is_file, cells)) for cells in columns)


def _begins_with_classes(path: Path) -> bool:
    head = _head(path)
    if b"@" not in head and b"_\0_\0l" not in head and b"__label__" not in head:
        return False
    whole = head.decode(encoding_of(head), "replace")
    lines = (whole.rpartition("\n")[0] or whole).split("\n")  # the last may be cut off
    return is_fasttext(lines) or is_marked(lines)


def _holds_texts(path: Path) -> bool:
    """Whether tabulators divide all lines of a text file, and one column is called as texts are or
    holds sentences."""
    head = _head(path)
    text = head.decode(encoding_of(head), "replace")
    whole, _end, _rest = text.rpartition("\n")  # the last line may be cut off
    counts = {line.count("\t") for line in whole.splitlines() if line.strip()}
    if len(counts) != 1 or counts == {0} or whole.count("\n") < FEWEST:
        return False
    try:
        table = parse(path, whole.encode(), "utf-8")
    except UserError:
        return False
    columns = table.columns()
    cells = [row[columns.text] for row in table.sampled if len(row) > (columns.text or 0)] if (
        columns.text is not None) else []  # fmt: skip
    return columns.text_named or sum(map(len, cells)) >= SENTENCE * len(cells) > 0


def _head(path: Path) -> bytes:
    try:
        return files.head(path, HEAD)
    except (OSError, ValueError):
        return b""


# -- two tables that have a column in common


def joined(table: Table, where: Any, other: Table) -> tuple[Table, str] | None:
    """Each row of a table of files, followed by the row of another one that says the same in a
    column of the same name; and that name. None where there is no such column.

    Args:
        where: the columns of ``table``, with a header and the one that names files.
    """
    columns = other.columns()
    common = [name for name in where.names if name in columns.names and columns.header]
    for name in common:
        at, there = where.names.index(name), columns.names.index(name)
        numbers = list(other.below(True))
        rows = {key: n for n in reversed(numbers) if (key := other.cell(n, there))}
        cells = [table.cell(n, at) for n in table.below(True)]
        known = sum(cell in rows for cell in cells)
        if at == where.path or len(rows) < UNIQUE * len(numbers) or known < JOINED * len(cells):
            continue
        if len(rows) < 2:
            continue
        header = _followed(list(where.names), table.width, columns.names, there)
        merged = {0: header} | {
            n: _followed(table.rows[n], table.width, other.rows[rows[key]], there)
            for n in table.below(True)
            if (key := table.cell(n, at)) in rows
        }
        return replace(table, rows=merged, keys=None, divided=len(header), _found={}), name
    return None


def _followed(row: Sequence[str], width: int, other: Sequence[str], without: int) -> list[str]:
    own = [*row[:width], *[""] * (width - len(row))]
    return [*own, *other[:without], *other[without + 1 :]]


# -- classes that stand in the first row of a block only


def blank_below(table: Table, header: bool, column: int | None) -> int:
    """How many rows lack what the first row of their block says in a column; 0 where it is not
    filled in block by block."""
    cells = [table.cell(number, column) for number in table.below(header)]
    filled = sum(map(bool, cells))
    runs = [
        len(list(run)) for empty, run in itertools.groupby(cells, lambda cell: not cell) if empty
    ]
    changes = sum(bool(one and other and one != other) for one, other in itertools.pairwise(cells))
    blocks = bool(cells and cells[0]) and len(runs) >= BLOCKS and changes <= CHANGES * filled
    return sum(runs) if blocks and sum(runs) >= BLANK * len(cells) else 0


def filled_down(table: Table, header: bool, columns: Sequence[int]) -> Table:
    """A table whose blank cells in some columns say what stands above them."""
    rows = dict(table.rows)
    last = dict.fromkeys(columns, "")
    for number in table.below(header):
        cells = [*rows[number], *[""] * (table.width - len(rows[number]))]
        for at in columns:
            last[at] = cells[at].strip() or last[at]
            cells[at] = last[at]
        rows[number] = cells
    return replace(table, rows=rows, _found={})


# -- what is to be said of rows


class Reasons:
    """Counts rows per reason, and remembers the first of each.

    Args:
        name: of the table, as problems name it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._first: dict[str, dict[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self._noted: set[str] = set()

    def count(
        self, code: str, number: int, example: str, left_out: bool = True, **values: str
    ) -> None:
        """One more row, with this number, that ``code`` is true of; the sentence of the first one
        has more ``values``."""
        row = row_name(self._name, number)
        self._first.setdefault(code, {"row": row, "value": example[:EXCERPT], **values})
        self._counts[code] += 1
        if not left_out:
            self._noted.add(code)

    def problems(self) -> list[Problem]:
        """One for each reason, in the order met."""
        return [
            Problem(code, self._name, code not in self._noted, {"count": count, **first})
            for code, first in self._first.items()
            if (count := self._counts[code])
        ]


def count_unread(table: Table, header: bool, reasons: Reasons) -> None:
    """Count the rows of a table that are none of its examples.

    Args:
        header: whether the first row names the columns.
    """
    for number, line in table.above:
        reasons.count("rows.above", number, line, left_out=False)
    for number, line in table.broken:
        reasons.count("rows.broken", number, line)
    for number, line in table.totals:
        reasons.count("rows.total", number, line)
    if header and table.keys is None:
        for number in itertools.islice(table.headers(), 1, None):
            reasons.count("rows.header_repeated", number, ", ".join(table.first), left_out=False)


def notes(table: Table, name: str) -> Iterator[Problem]:
    """What is to be said of a workbook as a whole: other sheets, formulas without results."""
    if table.other_sheets:
        others = ", ".join(table.other_sheets)
        used = ", ".join(table.parts)
        values = {"sheet": used, "count": len(table.other_sheets), "others": others}
        yield Problem("tables.other_sheets", name, False, values)
    if table.hidden_rows:
        yield Problem("tables.hidden_rows", name, False, {"count": table.hidden_rows})
    if table.formulas:
        yield Problem("tables.formulas", name, False, {"count": table.formulas})
    if table.unread:
        values = {"count": len(table.unread), "row": table.unread[0], "encoding": table.encoding}
        yield Problem(BROKEN, name, False, values)
