"""A table in memory, its sheets, and several sheets as one."""

import ast
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from transfergui.core.reading.parsing.cells import plain
from transfergui.core.reading.parsing.columns import Columns, Excerpt, find_columns
from transfergui.core.reading.parsing.headings import parts_in, width_of

SAMPLED = 1000
"""Rows, from all over the table, from which header and columns are guessed: many are sorted."""

ALL_SHEETS = "*"
"""Chosen instead of a sheet: all that have the same columns. No sheet can be called so."""
SHEET_ROWS = 1 << 20
"""The most rows of a sheet. Of several sheets that are read as one, the rows of the first are
numbered from here on, those of the second from twice as much on, and so on."""


@dataclass(frozen=True)
class Table:
    """A table in memory.

    Attributes:
        encoding: how it was written; ``auto`` for workbooks, which say it themselves.
        rows: cells by row number, a header among them.
        keys: names of the columns where every row says them (JSON, fastText), else None.
        broken: number and beginning of what is no row.
        above: the same of titles above the header.
        totals: the same of rows that sum up the others.
        sheet: the sheet of a workbook, or the list of a JSON file, where it may have several.
        sheets: all tables of the same file by the names of their sheets, this one among them;
            empty where a file holds one table only.
        hidden: whether it is a sheet that a spreadsheet does not show.
        formulas: cells of a workbook whose results were never computed.
        hidden_rows: rows that a spreadsheet does not show, because of a filter for example.
        divided: how many columns there are, as far as that was found out; 0 where it was not.
        titled: the column that the names of several sheets make, which are read as one.
        marks: the column that was added because several others are a class each.
    """

    encoding: str
    rows: dict[int, list[str]]
    keys: tuple[str, ...] | None = None
    broken: list[tuple[int, str]] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)
    totals: list[tuple[int, str]] = field(default_factory=list)
    sheet: str = ""
    sheets: dict[str, "Table"] = field(default_factory=dict, repr=False, compare=False)
    hidden: bool = False
    formulas: int = 0
    divided: int = 0
    hidden_rows: int = 0
    titled: str = ""
    marks: str = ""
    _parts: tuple[str, ...] = ()
    _found: dict[tuple[str, ...], Columns] = field(default_factory=dict, compare=False)

    @cached_property
    def size(self) -> int:
        """Characters."""
        return sum(sum(map(len, cells)) for cells in self.rows.values())

    @cached_property
    def unread(self) -> list[int]:
        """The rows with letters that could not be read."""
        return [at for at, cells in self.rows.items() if any("\ufffd" in cell for cell in cells)]

    def of_sheet(self, name: str = "", text: str = "") -> "Table":
        """The sheet of the same file that is called so, or all of them for ``*``.

        Where there is no such sheet, it is this one, unless another has the column ``text`` and
        this one lacks it.
        """
        if name == ALL_SHEETS:
            largest = max(self.sheets.values(), key=lambda each: len(each.alike), default=self)
            return largest.joined if len(largest.alike) > 1 else self
        if name in self.sheets:
            return self.sheets[name]
        if not text or self._has(text):
            return self
        return next((each for each in self.sheets.values() if each._has(text)), self)

    def _has(self, text: str) -> bool:
        """Whether the first row names a column so."""
        columns = self.columns(text)
        return columns.header and text in columns.names

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """The sheets of the same file that are not this one, or in it."""
        return tuple(title for title in self.sheets if title not in self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The sheets that are in this table."""
        return self._parts or (self.sheet,)

    @cached_property
    def alike(self) -> "tuple[Table, ...]":
        """The sheets with the columns of this one, which names them; at least itself."""
        if not self.columns().header or self.width < 1:
            return (self,)
        own = set(self.columns().names)
        others = (each for each in self.sheets.values() if not each.hidden and each.rows)
        found = tuple(each for each in others if set(each.columns().names) == own)
        short = all(max(each.rows, default=0) < SHEET_ROWS for each in found)
        return found if short and any(each is self for each in found) else (self,)

    def start(self, sheet: str) -> int:
        """Where the rows of a sheet begin, where several are read as one."""
        return (list(self.sheets).index(sheet) + 1) * SHEET_ROWS

    def at(self, number: int) -> "tuple[Table, int]":
        """The sheet in which a row is, and its number there."""
        sheet, row = divmod(number, SHEET_ROWS)
        if not 0 < sheet <= len(self.sheets):
            return self, number
        return list(self.sheets.values())[sheet - 1], row

    def having(self, text: str) -> "list[tuple[int, Table]]":
        """This table; or, where several sheets have the column ``text``, these, with the numbers
        at which their rows begin."""
        found = [
            (self.start(title), each)
            for title, each in self.sheets.items()
            if not each.hidden and each._has(text)
        ]
        return found if len(found) > 1 else [(0, self)]

    @property
    def divides(self) -> bool:
        """Whether these are several sheets, called as parts of the data: Train, Test."""
        return len(self._parts) > 1 and all(map(parts_in, self._parts))

    @cached_property
    def joined(self) -> "Table":
        """All sheets that are :attr:`alike` as one."""
        return _together(self)

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
        """How many columns there are; some rows may have more or fewer cells."""
        found = len(self.keys or ()) or self.divided or width_of([self.first, *self.sampled])
        return found if self.rows or self.keys else 0

    def columns(
        self,
        text: str = "",
        label: str = "",
        header: str = "auto",
        split: str = "",
        group: str = "",
    ) -> Columns:
        """Where text, label, split and group are.

        Args:
            text, label, split, group: columns as a person chose them; what the table lacks, and
                what is empty, is guessed: by the names in the header, else by what stands below.
                ``-`` says that there is no split, or no group.
            header: ``yes``, ``no`` or ``auto``.
        """
        asked = (text, label, header, split, group)
        if asked not in self._found:  # every row that is loaded asks
            chosen = {"text": text, "label": label, "split": split, "group": group}
            excerpt = Excerpt(self.first, self.sampled, self.keys, self.width)
            self._found[asked] = find_columns(excerpt, chosen, header)
        return self._found[asked]

    def below(self, header: bool) -> Iterator[int]:
        """The numbers of all rows but the header, wherever it is repeated."""
        if not header or self.keys is not None:
            return iter(self.rows)
        return (number for number, cells in self.rows.items() if cells != self.first)

    def headers(self) -> list[int]:
        """The numbers of the rows that are the same as the first."""
        return [number for number, cells in self.rows.items() if cells == self.first]

    def cell(self, number: int, column: int | None) -> str:
        """What stands in one row; empty where nothing does.

        Raises:
            KeyError: there is no such row.
        """
        cells = self.rows[number]
        return cells[column].strip() if column is not None and column < len(cells) else ""

    def values(self, number: int, column: int | None) -> Sequence[str]:
        """The same, where a cell may be a list: ``["pos"]`` is one value, ``["a", "b"]`` are two.

        Raises:
            KeyError: there is no such row.
        """
        cell = self.cell(number, column)
        return _listed(cell) if cell[:1] == "[" and cell[-1] == "]" else (cell,)


def _listed(cell: str) -> Sequence[str]:
    """The values of a list as JSON or Python writes it; the cell itself where it is none."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) and not any(isinstance(each, list | dict) for each in found):
            return [plain(each) for each in found] or [""]
    return (cell,)


def likeliest_sheet(sheets: dict[str, Table]) -> Table:
    """The likeliest of several tables in one file; each knows the others."""
    if len(sheets) > 1:
        for table in sheets.values():
            table.sheets.update(sheets)
    return max(sheets.values(), key=_likeliness)


def _likeliness(table: Table) -> tuple[bool, bool, bool, int]:
    """How much a sheet looks like a table of examples: by its columns, by values that come again
    as classes do, by the number of rows."""
    columns = [[cells[at] for cells in table.sampled if len(cells) > at and cells[at].strip()]
               for at in range(table.width)]  # fmt: skip
    again = any(2 * len(set(cells)) <= len(cells) for cells in columns)
    several = len(table.rows) > 1 and sum(map(bool, columns)) > 1
    return not table.hidden, several, again and several, len(table.rows)


def _together(table: Table) -> Table:
    """Sheets of the same columns as one table.

    What the sheets are called becomes a column: the part of the data, where it is that; else the
    class, where nothing in the rows can be.
    """
    first = table.alike[0]
    names = first.columns().names
    titles = [each.sheet for each in table.alike]
    extra = _meaning_of_titles(table.alike)
    starts = [table.start(title) for title in titles]
    rows: dict[int, list[str]] = {}
    for start, each in zip(starts, table.alike, strict=True):
        places = [each.columns().names.index(name) for name in names]
        for number, cells in each.rows.items():
            header = each.keys is None and cells == each.first
            if header and each is not first:
                continue
            row = [cells[place] if place < len(cells) else "" for place in places]
            rows[start + number] = row + ([extra if header else each.sheet] if extra else [])
    keys = None if first.keys is None else (*names, *([extra] if extra else []))
    whole = Table("auto" if first.keys is None else first.encoding, rows, keys, sheet=ALL_SHEETS)
    for start, each in zip(starts, table.alike, strict=True):
        for kept, more in ((whole.above, each.above), (whole.totals, each.totals),
                           (whole.broken, each.broken)):  # fmt: skip
            kept += [(start + number, line) for number, line in more]
    return replace(
        whole,
        sheets=table.sheets,
        formulas=sum(each.formulas for each in table.alike),
        hidden_rows=sum(each.hidden_rows for each in table.alike),
        divided=len(names) + bool(extra),
        titled=extra,
        _parts=tuple(titles),
    )


def _meaning_of_titles(sheets: Sequence[Table]) -> str:
    """The column that the titles of the sheets make: the part of the data, or the class where no
    column can be it; empty where they say nothing, or only number the sheets."""
    names = {name.strip().lower() for name in sheets[0].columns().names}
    if all(parts_in(each.sheet) for each in sheets):
        meant = "split"
    elif not any(each.columns().labelled for each in sheets) and not _come_again(sheets):
        meant = "label"
    elif any(re.search(r"\d", each.sheet) for each in sheets):
        meant = ""
    else:
        meant = "sheet"
    return "" if meant in names else meant


def _come_again(sheets: Sequence[Table]) -> bool:
    """Whether the values of a column come again in all sheets together, as those of classes do."""
    for name in sheets[0].columns().names:
        places = [(each, each.columns().names.index(name)) for each in sheets]
        cells = [r[at] for each, at in places for r in each.sampled if len(r) > at and r[at]]
        if cells and 2 * len(set(cells)) <= len(cells):
            return True
    return False
