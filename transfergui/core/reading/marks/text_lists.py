"""Text files that say the boxes of many pictures: WIDER FACE, MOT Challenge, keras-yolo3.

===========  ==========================================================================
kind         lines
===========  ==========================================================================
WIDER FACE   the picture; how many boxes; for each left, top, width, height and more
MOT          frame, number of the track, left, top, width, height, used, class, visible
keras-yolo3  the picture, then ``left,top,right,bottom,class`` for each box
===========  ==========================================================================

All are in pixels. What the frames of MOT are is said by ``seqinfo.ini``, two folders above.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.reading.marks.pages import Page, size_of
from transfergui.core.reading.marks.picture_lists import Pages

FACE = "face"
MOT = ("object", "pedestrian", "person on vehicle", "car", "bicycle", "motorbike",
       "non motorized vehicle", "static person", "distractor", "occluder",
       "occluder on the ground", "occluder full", "reflection", "crowd")  # fmt: skip
"""Classes of MOT16 and later by their numbers; -1 and others are objects."""
USED = 1
NAMED = r"\S.*\.(?:jpe?g|png|bmp|tiff?|webp)"
WIDER_HEAD = re.compile(rf"{NAMED}\s*\n\s*\d+\s*\n\s*\d+ \d+ \d+ \d+", re.IGNORECASE)
MOT_HEAD = re.compile(r"\d+,-?\d+(?:,-?[\d.]+){4,7}\s*(?:\n|$)")
KERAS_HEAD = re.compile(rf"{NAMED}(?: \d+,\d+,\d+,\d+,\d+)+\s*(?:\n|$)", re.I | re.M)


class TextFormat(NamedTuple):
    """A kind of such files, told by its beginning."""

    kind: str
    begins: Callable[[Path, str], bool]
    read: Callable[[Path, str, Mapping[str, str]], Pages]


def _wider(path: Path, text: str, names: Mapping[str, str]) -> Pages:
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip():
            continue
        page = Page()
        count = next(lines, "")
        number = int(count) if count.strip().isdecimal() else 0
        for _each in range(max(number, 1)):  # a row of zeros where there is none
            cells = next(lines, "").split()
            if number:
                page.add_sized(FACE, cells[:4])
        yield line.strip(), page


def _mot(path: Path, text: str, names: Mapping[str, str]) -> Pages:
    said = _sequence(path.parent.parent / "seqinfo.ini")
    size = size_of(said.get("imwidth"), said.get("imheight"))
    digits, ending = int(said.get("digits", "6")), said.get("imext", ".jpg")
    folder = said.get("imdir", "img1")
    length = said.get("seqlength", "")
    frames: dict[int, Page] = {n: Page(size) for n in range(1, int(length or 0) + 1)}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) < 6 or not cells[0].isdecimal():
            continue
        page = frames.setdefault(int(cells[0]), Page(size))
        if len(cells) > 6 and cells[6] == "0":
            page.crowds += 1
            continue
        kind = int(cells[7]) if len(cells) > 7 and cells[7].isdecimal() else USED
        page.add_sized(MOT[kind] if kind < len(MOT) else str(kind), cells[2:6])
    for number, page in sorted(frames.items()):
        yield f"../{folder}/{number:0{digits}}{ending}", page


def _sequence(path: Path) -> Mapping[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        return parser["Sequence"]
    except (OSError, KeyError, ValueError, configparser.Error):
        return {}


def _is_mot(path: Path, text: str) -> bool:
    return path.parent.name == "gt" and bool(MOT_HEAD.match(text))


def _keras(path: Path, text: str, names: Mapping[str, str]) -> Pages:
    for line in text.splitlines():
        cells = line.split()
        places: list[str] = []
        while cells and cells[-1].count(",") == 4:
            places.insert(0, cells.pop())
        if not cells:
            continue
        page = Page()
        for place in places:
            *sides, number = place.split(",")
            page.add(names.get(number, number), sides)
        yield " ".join(cells), page


FORMATS: Sequence[TextFormat] = (
    TextFormat("WIDER FACE", lambda _path, text: bool(WIDER_HEAD.match(text)), _wider),
    TextFormat("MOT", _is_mot, _mot),
    TextFormat("keras-yolo3", lambda _path, text: bool(KERAS_HEAD.match(text)), _keras),
)


def readers(path: Path, head: str) -> Iterator[TextFormat]:
    """The formats that a file with this beginning may be of."""
    return (each for each in FORMATS if each.begins(path, head))
