"""The one reader of table files: CSV, TSV, JSON, Excel and fastText, as people have them.

:mod:`transfergui.core.reading.parsing` makes rows of bytes; here files are read, once as long as
they stay as they are.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from transfergui.core.base import files, memory
from transfergui.core.base.cells import plain
from transfergui.core.base.encodings import encoding_of
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.data import rows as rows_
from transfergui.core.data.captions import LABELLED_LINES, TABLES
from transfergui.core.data.rows import OwnRow
from transfergui.core.reading.files import signatures
from transfergui.core.reading.parsing import parser
from transfergui.core.reading.parsing.lines import is_fasttext, is_marked
from transfergui.core.reading.parsing.refusals import NoTable
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.box_columns import with_names

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
            table = _plain(parser.parse(path.name, data, encoding))
            return table if table.sheets else with_names(table)
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
