"""Columns of tables that say where boxes are, and tables of boxes whose first row names none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from transfergui.core.reading.parsing.table import Table

How = Literal["corners", "sized", "centred"]


class Sides(NamedTuple):
    """Four columns: left, top, right, bottom; left, top, width, height; or the middle of a box, its
    width and height."""

    how: How
    names: tuple[str, str, str, str]


CORNERS = (
    "xmin ymin xmax ymax",
    "x_min y_min x_max y_max",
    "x1 y1 x2 y2",
    "x_1 y_1 x_2 y_2",
    "left top right bottom",
    "bbox_xmin bbox_ymin bbox_xmax bbox_ymax",
    "bbox_x1 bbox_y1 bbox_x2 bbox_y2",
    "bbox_left bbox_top bbox_right bbox_bottom",
    "x_left y_top x_right y_bottom",
    "topx topy bottomx bottomy",
    "startx starty endx endy",
)
SIZED = (
    "x_min y_min {width} {height}",
    "xmin ymin {width} {height}",
    "bbox_x bbox_y bbox_{width} bbox_{height}",
    "bbox_left bbox_top bbox_{width} bbox_{height}",
    "bb_left bb_top bb_width bb_height",
    "left top {width} {height}",
    "x y {width} {height}",
)
CENTRED = (
    "x_center y_center {width} {height}",
    "x_centre y_centre {width} {height}",
    "xcenter ycenter {width} {height}",
    "center_x center_y {width} {height}",
    "cx cy {width} {height}",
)
EXTENTS = (("width", "height"), ("w", "h"))


def _each(how: How, rows: Sequence[str]) -> list[Sides]:
    named = [row.format(width=w, height=h).split() for row in rows for w, h in EXTENTS]
    every = dict.fromkeys(tuple(names) for names in named)
    return [Sides(how, (a, b, c, d)) for a, b, c, d in every]


SIDES = (*_each("corners", CORNERS), *_each("sized", SIZED), *_each("centred", CENTRED))
"""In this order; of a table with several, the first is meant."""


def sides_among(keys: Collection[str]) -> Sides | None:
    """The columns that say where boxes are, among those with these keys."""
    known = {*keys}
    return next((each for each in SIDES if known.issuperset(each.names)), None)


# -- tables without a header

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
KINDS = {
    "picture": re.compile(r"\S.*\.(?:jpe?g|png|bmp|gif|tiff?|webp|ppm)", re.IGNORECASE),
    "number": NUMBER,
    "number?": re.compile(rf"(?:{NUMBER.pattern})?", re.IGNORECASE),
    "text": re.compile(rf"(?!(?:{NUMBER.pattern})$)\S.*", re.IGNORECASE),
    "text?": re.compile(r".*"),
    "use": re.compile(r"train(ing)?|validat(ion|e)|test|unassigned", re.IGNORECASE),
}
"""What cells look like."""
BARE: Sequence[tuple[str, str]] = (
    (  # keras-retinanet; a row without numbers is a picture without a box
        "picture number? number? number? number? text?",
        "path x1 y1 x2 y2 label",
    ),
    (  # makesense.ai
        "text number number number number picture number number",
        "label bbox_x bbox_y bbox_width bbox_height path image_width image_height",
    ),
    (  # Vertex AI: two or four corners
        "use picture text? number? number? number? number? number? number? number? number?",
        "split path label xmin ymin second_x second_y xmax ymax fourth_x fourth_y",
    ),
    (
        "use picture text? number? number? number? number? number? number?",
        "split path label xmin ymin second_x second_y xmax ymax",
    ),
)
"""How the cells of rows look, and what their columns are."""


def with_names(table: Table) -> Table:
    """``table`` with names for its columns, where its first row is one of boxes already."""
    if table.keys is not None or not table.rows:
        return table
    for looks, names in BARE:
        kinds = looks.split()
        rows = [_filled(row, len(kinds)) for row in (table.first, *table.sampled)]
        at = names.split().index("ymin" if "ymin" in names else "y1" if "y1" in names else "bbox_y")
        placed = any(len(row) > at and row[at].strip() for row in rows)
        if placed and all(_looks(row, kinds) for row in rows):
            for number, row in table.rows.items():
                table.rows[number] = _filled(row, len(kinds))
            return replace(table, keys=tuple(names.split()), _found={})
    return table


def _filled(row: Sequence[str], width: int) -> list[str]:
    return [*row, *[""] * (width - len(row))]


def _looks(row: Sequence[str], kinds: Sequence[str]) -> bool:
    return len(row) == len(kinds) and all(
        KINDS[kind].fullmatch(cell.strip()) for cell, kind in zip(row, kinds, strict=True)
    )
