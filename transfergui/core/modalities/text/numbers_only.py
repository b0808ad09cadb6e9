"""Tables of measurements: numbers, classes and codes, but no column of texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.modalities.text.columns import columns_in
from transfergui.core.modalities.text.options import TextData
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.parsing import numbers
from transfergui.core.reading.parsing.cells import is_number
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.cells import Cells, body_of, plain_cell

FEWEST_ROWS = 3
"""With fewer rows nobody can say what a column holds."""
MOST_TABLES = 20
"""So many tables of a folder are looked at."""
MOSTLY = 0.9
"""The share of the cells of a column that must be codes for it to be one of codes."""
FEWEST_MEASURES = 2
"""Beside so many columns of numbers, codes and classes that come again are no texts."""
WORDS, AGAIN = 3, 10
"""Classes are shorter than so many words, or each comes so often."""
CODE = re.compile(r"[\w\-:./+ ]*\d[\w\-:./+ ]*")
"""A running number or a time: ``LP001002``, ``2024-05-01 12:30``."""


def require_texts(root: Path, names: Sequence[str], asked: TextData) -> None:
    """
    Args:
        names: of the tables that would be read as texts, below ``root``.

    Raises:
        UserError: ``text.only_numbers``: none of them has a column of texts.
    """
    if asked.text_column or not 0 < len(names) <= MOST_TABLES:
        return
    found = [columns_in(root / name, asked) for name in names]
    measured = [measures(*each) if each else [] for each in found]
    if all(measured):
        path, columns = str(root / names[0]), measured[0]
        raise UserError("text.only_numbers", path=path, names=some(columns))


def measures(table: Table, columns: Columns) -> list[str]:
    """The columns of numbers of a table that has no column of texts, by name, or by number where
    they have none; empty where it has one."""
    cells = Cells(body_of(table, columns.header), table.width)
    if len(cells.rows) < FEWEST_ROWS or columns.text is None:
        return []
    label = columns.label if columns.labelled else None
    places = [at for at in range(table.width) if at not in (label, columns.split)]
    numeric = [at for at in places if _of_numbers(cells.filled(at))]
    beside = len(numeric) >= FEWEST_MEASURES and not columns.text_named
    others = [at for at in places if at not in numeric and cells.filled(at)]
    if not numeric or any(not (beside and _no_texts(cells.filled(at))) for at in others):
        return []
    names = [columns.names[at] for at in numeric]
    return [str(at + 1) if is_number(n) else n for at, n in zip(numeric, names, strict=True)]


def _of_numbers(filled: Sequence[str]) -> bool:
    """Whether cells hold a number each, or equally many: the pixels of a picture."""
    if not filled:
        return False
    parts = [cell.split() for cell in filled]
    if max(map(len, parts)) < WORDS:
        return numbers.is_numeric(filled)
    same = len(set(map(len, parts))) == 1
    return same and all(numbers.is_numeric(cell) for cell in parts)


def _no_texts(filled: Sequence[str]) -> bool:
    """Whether cells are codes, or classes that come again."""
    kinds = set(filled)
    if len(kinds) * AGAIN <= len(filled):
        return True
    if 2 * len(kinds) <= len(filled) and all(len(kind.split()) < WORDS for kind in kinds):
        return True
    return sum(map(_is_code, filled)) >= MOSTLY * len(filled)


def _is_code(cell: str) -> bool:
    worded = any(len(part) > 1 and part.isalpha() for part in plain_cell(cell).split())
    return not worded and CODE.fullmatch(cell) is not None
