"""Tables with a row for each box: those of Roboflow, TensorFlow, Open Images, the VGG Image
Annotator and of challenges."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path, PurePosixPath

from transfergui.core.base.errors import UserError
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.marks.drawn import Drawn
from transfergui.core.reading.marks.json_lists import class_of
from transfergui.core.reading.marks.pages import ONLY, Page, Size, as_shares, size_of
from transfergui.core.reading.marks.picture_lists import (
    LS_SIDES,
    add_region,
    add_result,
    region_name,
)
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables import table_columns
from transfergui.core.reading.tables.box_columns import Sides, sides_among
from transfergui.core.reading.tables.cells import split_value
from transfergui.core.reading.tables.column_names import column_key
from transfergui.core.reading.tables.label_table import LabelTable
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.reading_options import ReadingOptions
from transfergui.core.reading.tables.rows import files_of_row, label_of
from transfergui.core.reading.tables.table_columns import Columns

WHOLE = ("bbox", "bounding_box")
REGION = "region_shape_attributes"
RESULTS = re.compile(
    r"""\s*\[\s*(?:\{.*?"\w*labels"\s*:|\{(?=.*?['"]x['"])(?=.*?['"]width['"])|\[[\d\s.,-]+\])""",
    re.DOTALL,
)
"""A cell with all boxes of a picture: results of Label Studio, ``[{"x": …, "width": …}]``, or four
numbers for each."""
COMMA = re.compile(r"-?\d+,\d+")
TABLE = "CSV"
PROBED = 50
"""Rows that are looked at."""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)

Place = Callable[[Page, str, Mapping[str, str]], None]
"""Adds the box of a row, given by the keys of its columns, to a page."""


def drawn_in_rows(
    root: Path, paths: Sequence[str], said: LabelTable, asked: ReadingOptions
) -> Drawn:
    """What a table of boxes, or several alike, draws in the pictures ``paths``."""
    found = Drawn(TABLE, leaves_out=True, files=frozenset(said.names))
    found.numbers_as = asked.box_numbers
    by_name = said.lookup.by_name
    for name in said.names:
        lookup = Lookup(paths, str(PurePosixPath(name).parent), by_name)
        try:
            table = open_table(root / name, asked.sheet)
        except UserError:
            continue  # told where the tables are read
        where = table_columns.columns(table, lookup, asked.columns)
        _add_rows(found.pages, table, where, lookup)
    told = {at: page.split for at, page in found.pages.items() if page.split}
    found.splits = said.labelled.splits | told
    as_shares(found.pages.values())
    return found


def are_boxes(said: LabelTable) -> bool:
    """Whether the rows of a table say where boxes are."""
    where = said.columns
    if where.spans or where.path is None:
        return False
    if any(".coordinates." in name for name in where.names):  # of Create ML, flattened
        return False
    keys = list(map(column_key, where.names))
    return (where.boxes and _place_of(keys) is not None) or _results_in(said.table) is not None


def _results_in(table: Table) -> int | None:
    """The column whose cells hold all boxes of a picture each."""
    rows = table.sampled[:PROBED]
    found = Counter(at for row in rows for at, cell in enumerate(row) if RESULTS.match(cell))
    return max(found, key=found.__getitem__) if found else None


def _add_rows(pages: dict[int, Page], table: Table, where: Columns, lookup: Lookup) -> None:
    keys = list(map(column_key, where.names))
    place, results = _place_of(keys), _results_in(table)
    if place is None and results is None:
        return
    own = {side for sides in (sides_among(keys),) if sides for side in sides.names}
    for number in table.below(where.header):
        row = table.rows[number]
        cells = {key: cell.strip() for key, cell in zip(keys, row, strict=False)}
        name = ONLY
        if where.label is not None or where.hot:
            name = label_of(table, number, where)[0]
        for at in files_of_row(row, where, lookup):
            page = pages.setdefault(at, Page())
            if where.split is not None and where.split < len(row):
                page.split = page.split or split_value(where.name(where.split), row[where.split])
            if results is not None:
                _add_results(page, row[results] if results < len(row) else "")
                continue
            if page.size is None:
                page.size = _size_in(cells, own)
            if str(cells.get("isgroupof")) == "1":
                page.crowds += 1
            elif place is not None:
                place(page, name, cells)


SIZES = (("width", "height"), ("image_width", "image_height"), ("img_width", "img_height"))


def _size_in(cells: Mapping[str, str], own: Collection[str]) -> Size | None:
    """The size of the picture, by columns that are not those of the boxes."""
    named = ((w, h) for w, h in SIZES if w in cells and h in cells and w not in own)
    found = (size_of(cells[width], cells[height]) for width, height in named)
    return next(filter(None, found), None)


def _add_results(page: Page, cell: str) -> None:
    try:
        results = json.loads(cell or "[]")
    except (ValueError, RecursionError):
        results = _literal(cell)
    if not isinstance(results, list):
        page.unreadable += 1
        return
    for result in results:
        if not isinstance(result, dict):
            page.doubtful = True
            page.add_sized(ONLY, result if isinstance(result, list) else ())
        elif any(str(key).endswith("labels") for key in result):
            page.unit, page.upright = "shares", True
            add_result(page, {**result, "value": result})
        else:
            page.add_sized(class_of(result), [result.get(side) for side in LS_SIDES])


def _literal(cell: str) -> object:
    """What Python wrote into a cell; None where it is none."""
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _place_of(keys: Sequence[str]) -> Place | None:
    """How the boxes of a table with these columns are read."""
    if REGION in keys:
        return _region
    sides = sides_among(keys)
    if sides is not None:
        return _by_columns(sides)
    return _whole if any(key in keys for key in WHOLE) else None


def _by_columns(sides: Sides) -> Place:
    def add(page: Page, name: str, cells: Mapping[str, str]) -> None:
        written = [_plain(cells.get(side, "")) for side in sides.names]
        if sides.how == "centred" and any(written):
            page.add_centred(name, written)
        elif sides.how == "sized" and any(written):
            page.add_sized(name, written)
        elif any(written) or name:  # a row without either is a picture without a box
            page.add(name, written)

    return add


def _plain(cell: str) -> str:
    """A number with a point, where a comma stands for it."""
    return cell.replace(",", ".") if COMMA.fullmatch(cell) else cell


def _whole(page: Page, name: str, cells: Mapping[str, str]) -> None:
    written = next((cells[key] for key in WHOLE if cells.get(key)), "")
    numbers = NUMBER.findall(written)
    if numbers:
        page.doubtful = True
        page.add_sized(name, numbers)


def _region(page: Page, name: str, cells: Mapping[str, str]) -> None:
    try:
        shape = json.loads(cells.get(REGION, "") or "{}")
    except ValueError:
        shape = None
    try:
        told = region_name(json.loads(cells.get("region_attributes", "") or "{}"))
    except ValueError:
        told = ""
    if shape != {}:
        add_region(page, told or name, shape)
