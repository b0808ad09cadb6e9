"""A table joined with another one, or filled down where the first row of a block has a value."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from transfergui.core.reading.parsing.table import Table

UNIQUE, JOINED = 0.9, 0.5
"""So many rows of a second table must have a value of their own in the column that both have, and
so many rows of the first one must be found there."""
BLOCKS, CHANGES, BLANK = 3, 0.15, 0.3
"""So many gaps at least, so few rows that differ from the one above among those that are filled,
and such a share of blank ones make blocks of which only the first row says the class."""


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
