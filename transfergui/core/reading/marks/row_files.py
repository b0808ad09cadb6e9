"""Text files for one picture each, with a row for each box: YOLO, KITTI, DOTA, VisDrone, and names
with four numbers.

============  ==============================================================  ======
kind          row                                                             unit
============  ==============================================================  ======
YOLO          class, x and y of the middle, width, height [, confidence]      shares
YOLO          class, x and y of each point of an outline                      shares
YOLO          class, middle, width, height, x and y [and seen] of each point  shares
YOLO names    name, x and y of the middle, width, height                      shares
name, corners name, left, top, right, bottom                                  pixels
KITTI         name, 3 numbers, left, top, right, bottom, 7 or 8 numbers       pixels
DOTA          x and y of four corners, name [, difficulty]                    pixels
VisDrone      left, top, width, height, used, class, 2 numbers                pixels
============  ==============================================================  ======
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from transfergui.core.reading.marks.pages import Page
from transfergui.core.reading.marks.picture_files import decoded

Names = Mapping[str, str]
"""What the numbers of classes mean."""
POSES = "poses"
"""Stands among the names of classes where boxes have points of a body behind them."""
BESIDE_SHARES = 1.5
"""A number that is larger is no share of a picture."""

N = r"-?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?"
"""A number, also with a comma for the point."""
YOLO_ROW = re.compile(rf"\s*-?\d+(?:\.0*)?(?:[\s;]+(?:{N}|nan)){{4,}}[\s;]*", re.IGNORECASE)
YOLO_COMMAS = re.compile(rf"\s*\d+(?:\.0*)?(?:\s*,\s*{N.replace('[.,]', '[.]')}){{4,}}\s*,?\s*")
NAMED_ROW = re.compile(rf"\s*(?P<name>\S.*?)\s+(?P<sides>{N}(?:\s+{N}){{3}})\s*")
KITTI_ROW = re.compile(rf"\s*(?P<name>[^\d\s]\S*)(?:\s+{N}){{14,15}}\s*")
DOTA_ROW = re.compile(rf"\s*{N}(?:\s+{N}){{7}}\s+(?P<name>\S+)(?:\s+[0-3])?\s*")
VISDRONE_ROW = re.compile(r"\s*-?\d+(?:,-?\d+){3},[01],\d+,-?\d+,-?\d+,?\s*")
TEXT_ROW = re.compile(rf"\s*{N.replace('[.,]', '[.]')}(?:,{N.replace('[.,]', '[.]')}){{7}},.*")
DOTA_HEAD = re.compile(r"(imagesource|gsd|acquisition dates?|num_instances)\s*:.*", re.IGNORECASE)

VISDRONE = ("ignored", "pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle",
            "awning-tricycle", "bus", "motor", "others")  # fmt: skip
"""Its classes by their numbers; the first are regions in which nothing is labelled."""
DONT_CARE = "dontcare"
"""Of KITTI: regions in which nothing is labelled."""


class RowFormat(NamedTuple):
    """A kind of text files for one picture each.

    Attributes:
        row: a line of a box in it.
        read: adds the box of a line to a page.
        shares: whether places are shares of the upright picture.
    """

    kind: str
    row: Callable[[str], bool]
    read: Callable[[Page, str, Names], None]
    shares: bool = False


def _yolo_row(line: str) -> bool:
    return bool(YOLO_ROW.fullmatch(line) or YOLO_COMMAS.fullmatch(line))


def _named_shares(line: str) -> bool:
    match = NAMED_ROW.fullmatch(line)
    return match is not None and all(abs(side) <= BESIDE_SHARES for side in _sides(match))


def _sides(match: re.Match[str]) -> list[float]:
    return [float(side.replace(",", ".")) for side in match["sides"].split()]


def numbers_of(line: str) -> list[str]:
    """The cells of a row: divided by spaces, tabulators or semicolons, and commas within numbers;
    or else by commas."""
    cells = line.replace(";", " ").split()
    if len(cells) < 5:
        cells = [cell.strip() for cell in line.split(",")]
        return cells[:-1] if cells and not cells[-1] else cells
    return [cell.replace(",", ".") for cell in cells]


def _add_yolo(page: Page, line: str, names: Names) -> None:
    number, *numbers = numbers_of(line)
    number = re.sub(r"\.0*$", "", number)
    name = names.get(number, number)
    if not number.isdecimal() or len(numbers) < 4:
        page.unreadable += 1
    elif len(numbers) >= 6 and not len(numbers) % 2 and POSES not in names:
        page.add_outline(name, numbers)
    else:
        page.add_centred(name, numbers[:4])


def _add_named(page: Page, line: str, names: Names) -> None:
    match = NAMED_ROW.fullmatch(line)
    if match is None:
        page.unreadable += 1
    else:
        page.add_centred(match["name"], _sides(match))


def _add_corners(page: Page, line: str, names: Names) -> None:
    match = NAMED_ROW.fullmatch(line)
    if match is None:
        page.unreadable += 1
    else:
        page.add(match["name"], _sides(match))


def _add_kitti(page: Page, line: str, names: Names) -> None:
    name, *numbers = line.split() or [""]
    if name.lower() == DONT_CARE:
        page.crowds += 1
    else:
        page.add(name, numbers[3:7])


def _add_dota(page: Page, line: str, names: Names) -> None:
    if DOTA_HEAD.fullmatch(line.strip()):
        return
    cells = line.split()
    page.add_outline(cells[8] if len(cells) > 8 else "", cells[:8])


def _add_visdrone(page: Page, line: str, names: Names) -> None:
    cells = line.strip().rstrip(",").split(",")
    if len(cells) < 6:
        page.unreadable += 1
    elif cells[4] == "0" or cells[5] == "0":
        page.crowds += 1
    else:
        at = int(cells[5]) if cells[5].isdecimal() else len(VISDRONE)
        page.add_sized(VISDRONE[at] if at < len(VISDRONE) else cells[5], cells[:4])


FORMATS: Sequence[RowFormat] = (
    RowFormat("VisDrone", lambda line: bool(VISDRONE_ROW.fullmatch(line)), _add_visdrone),
    RowFormat("YOLO", _yolo_row, _add_yolo, shares=True),
    RowFormat("DOTA", lambda line: bool(DOTA_ROW.fullmatch(line)), _add_dota),
    RowFormat("KITTI", lambda line: bool(KITTI_ROW.fullmatch(line)), _add_kitti),
    RowFormat("YOLO (class names)", _named_shares, _add_named, shares=True),
    RowFormat("OIDv4", lambda line: bool(NAMED_ROW.fullmatch(line)), _add_corners),
)
"""The first is meant of which most lines are rows."""
KINDS = frozenset(each.kind for each in FORMATS)


def row_format(lines: Sequence[str], mostly: float) -> RowFormat | None:
    """What kind of files these lines are from.

    Args:
        mostly: the share of the lines that must be rows of it.
    """
    rows = [line for line in lines if line.strip() and not DOTA_HEAD.fullmatch(line.strip())]
    for each in FORMATS:
        if rows and sum(map(each.row, rows)) >= mostly * len(rows):
            return each
    return None


def read_rows(data: bytes, names: Names, form: RowFormat) -> Page:
    """What a text file says of its picture."""
    page = Page(unit="shares", upright=True) if form.shares else Page()
    for line in decoded(data).splitlines():
        if line.strip():
            form.read(page, line, names)
    return page


def have_poses(lines: Sequence[str]) -> bool:
    """Whether the numbers behind the boxes of YOLO are points of a body, of which the third of each
    says whether it is seen: 0, 1 or 2."""
    rows = [numbers_of(line)[5:] for line in lines if _yolo_row(line)]
    lengths = {len(row) for row in rows}
    whole = len(lengths) == 1 and (length := lengths.pop()) and not length % 3
    if not whole:
        return False
    return {float(cell) for row in rows for cell in row[2::3]} <= {0.0, 1.0, 2.0}


def in_pixels(lines: Sequence[str]) -> bool:
    """Whether rows of YOLO have numbers that are no shares of a picture."""
    rows = [numbers_of(line)[1:5] for line in lines if _yolo_row(line)]
    large = sum(any(abs(float(cell)) > BESIDE_SHARES for cell in row) for row in rows)
    return bool(rows) and large > len(rows) / 2
