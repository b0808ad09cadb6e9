"""Tables with a row for each box: those of Roboflow, TensorFlow, Open Images, the VGG Image
Annotator and of challenges."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from transfergui.core.base.errors import UserError
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.marks.drawn import Drawn
from transfergui.core.reading.marks.pages import ONLY, Page, as_shares, size_of
from transfergui.core.reading.marks.picture_lists import add_region
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import table_columns
from transfergui.core.reading.tables.column_names import column_key
from transfergui.core.reading.tables.label_table import LabelTable
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.reading_options import ReadingOptions
from transfergui.core.reading.tables.rows import files_of_row, label_of
from transfergui.core.reading.tables.table_columns import Columns

SIDES = (
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
    ("x1", "y1", "x2", "y2"),
)
SIZED = (("x_min", "y_min", "width", "height"), ("x_min", "y_min", "w", "h"))
WHOLE = ("bbox", "bounding_box")
REGION = "region_shape_attributes"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)

Place = Callable[[Page, str, Mapping[str, str]], None]
"""Adds the box of a row, given by the keys of its columns, to a page."""


def drawn_in_rows(
    root: Path, paths: Sequence[str], said: LabelTable, asked: ReadingOptions
) -> Drawn:
    """What a table of boxes, or several alike, draws in the pictures ``paths``."""
    found = Drawn("CSV", leaves_out=True)
    for name in said.names:
        lookup = Lookup(paths, str(PurePosixPath(name).parent))
        try:
            table = open_table(root / name, asked.sheet)
        except UserError:
            continue  # told where the tables are read
        where = table_columns.columns(table, lookup, asked.columns)
        _add_rows(found.pages, table, where, lookup)
    as_shares(found.pages.values())
    return found


def are_boxes(said: LabelTable) -> bool:
    """Whether the rows of a table say where boxes are."""
    where = said.columns
    known = where.boxes and not where.spans and where.path is not None
    return known and _place_of(list(map(column_key, where.names))) is not None


def _add_rows(pages: dict[int, Page], table: Table, where: Columns, lookup: Lookup) -> None:
    keys = list(map(column_key, where.names))
    place = _place_of(keys)
    if place is None:
        return
    sized = place is not _sized
    for number in table.below(where.header):
        row = table.rows[number]
        cells = {key: cell.strip() for key, cell in zip(keys, row, strict=False)}
        name = ONLY
        if where.label is not None or where.hot:
            name = label_of(table, number, where)[0]
        for at in files_of_row(row, where, lookup):
            page = pages.setdefault(at, Page())
            if sized and page.size is None:
                page.size = size_of(cells.get("width"), cells.get("height"))
            place(page, name, cells)


def _place_of(keys: Sequence[str]) -> Place | None:
    """How the boxes of a table with these columns are read."""
    if REGION in keys:
        return _region
    for sides in SIDES:
        if {*sides} <= {*keys}:
            return _by_sides(sides)
    if any({*sides} <= {*keys} for sides in SIZED):
        return _sized
    return _whole if any(key in keys for key in WHOLE) else None


def _by_sides(sides: Sequence[str]) -> Place:
    def add(page: Page, name: str, cells: Mapping[str, str]) -> None:
        written = [cells.get(side, "") for side in sides]
        if any(written) or name:  # a row without either is a picture without a box
            page.add(name, written)

    return add


def _sized(page: Page, name: str, cells: Mapping[str, str]) -> None:
    sides = next(each for each in SIZED if {*each} <= cells.keys())
    written = [cells[side] for side in sides]
    if any(written):
        page.add_sized(name, written)


def _whole(page: Page, name: str, cells: Mapping[str, str]) -> None:
    written = next((cells[key] for key in WHOLE if cells.get(key)), "")
    numbers = NUMBER.findall(written)
    if numbers:
        page.add_sized(name, numbers)


def _region(page: Page, name: str, cells: Mapping[str, str]) -> None:
    try:
        shape = json.loads(cells.get(REGION, "") or "{}")
    except ValueError:
        shape = None
    if shape != {}:
        add_region(page, name, shape)
