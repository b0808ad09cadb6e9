"""Tables that are opened by themselves, and whether they name files."""

import itertools
from collections.abc import Sequence
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import table_columns, table_files
from transfergui.core.reading.tables.rows import names_files

HALF_OF_FILES, MOST_BESIDE = 0.5, 50_000
"""Of the files beside a table of numbers, so many must be among these; files that are looked at."""


def open_table(path: Path, sheet: str = "") -> Table:
    """The table at ``path``.

    Args:
        sheet: as of :func:`tables.read`.

    Raises:
        UserError: ``data.unreadable``.
    """
    try:
        return table_files.read(path, sheet=sheet)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("data.unreadable", path=str(path), reason=reason) from error


def below_folder_of(table: Path) -> list[str]:
    """The files that a table which is opened by itself may name, relative to its folder."""
    below = (joined(folder.path, name) for folder in Walk(table.parent) for name in folder.files)
    return list(itertools.islice(below, MOST_BESIDE))


def names_files_of(path: Path, paths: Sequence[str]) -> bool:
    """Whether a table that is opened by itself names files, with or without their endings.

    Args:
        paths: those that would be samples, of :func:`below_folder_of` the table.
    """
    if not paths:
        return False
    try:
        table = open_table(path)
    except (OSError, UserError):
        return False  # told where it is read
    lookup = Lookup(paths)
    where = table_columns.columns(table, lookup)
    if where.path is None or where.by != "file":
        return False
    cells = [table.cell(number, where.path) for number in table.below(where.header)]
    named = {at for cell in cells if (at := lookup.file(cell)) is not None}
    numbers = all(cell.isdecimal() for cell in cells)  # which number anything
    known = len(named) >= HALF_OF_FILES * len(paths) or not numbers
    return known and names_files(table, where, lookup, each_once=numbers)
