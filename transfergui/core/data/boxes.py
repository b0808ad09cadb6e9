"""Boxes around the things in a picture: as a text that people can read and correct, and as numbers.

The text of one picture is a combination (:mod:`.combination`) of boxes, each its name and where it
lies: left, top, right, bottom, as shares of the width and the height of the upright picture, from 0
to 1 with at most five decimals:

    platelet 0 0 0.05 0.06; red cell 0.1 0.25 0.31 0.4

They are sorted by name, top and left, and none is there twice, so that equal boxes are equal texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from transfergui.core.data.combination import LABELS_APART, NONE_OF_THEM, member_name

DECIMALS = 5
"""Of a share: a hundredth of a pixel in a picture of a thousand."""
NUMBERS = 5
"""So many numbers are a box in ``Targets.values``: its name, and where it lies."""
MOST = 1000
"""So many boxes of a picture are learnt from; of more, the first."""
SAME = 0.5
"""Boxes of one name that overlap by more are around the same thing."""
APART = LABELS_APART.strip()

SHARE = r"(\d+[.,]\d*|[.,]\d+|\d+)\s*(%?)"
PLACE = r"(?:,\s+|\s+)".join([SHARE] * 4)
TYPED = re.compile(rf"\s*(.*?)[\s,:]+{PLACE}\s*", re.DOTALL)
"""A box as people type it: commas between numbers or in them, percents."""
TYPED_AS = str.maketrans({"，": ", ", "：": ": ", "％": "%"})
"""Marks that people type, and those that are meant."""
ALSO_APART = str.maketrans({"；": ";", "\n": ";"})
"""What also parts boxes that people type, and so is in no name."""


class Box(NamedTuple):
    """One box of a data set.

    Attributes:
        name: index into ``Targets.names``.
        left, top, right, bottom: shares of the picture's width and height, from 0 to 1.
    """

    name: int
    left: float
    top: float
    right: float
    bottom: float


class NamedBox(NamedTuple):
    """The same with the name itself."""

    name: str
    left: float
    top: float
    right: float
    bottom: float


def boxes_of(values: Sequence[float]) -> tuple[Box, ...]:
    """The boxes of a row of ``Targets.values``: (name, left, top, right, bottom) for each."""
    starts = range(0, len(values), NUMBERS)
    return tuple(Box(int(values[at]), *values[at + 1 : at + NUMBERS]) for at in starts)


def flat(boxes: Iterable[Box]) -> tuple[float, ...]:
    """Boxes as a row of ``Targets.values``."""
    return tuple(number for box in boxes for number in box)


def named(boxes: Iterable[Box], names: Sequence[str]) -> tuple[NamedBox, ...]:
    """Boxes with the names ``names``."""
    return tuple(NamedBox(names[box.name], *box[1:]) for box in boxes)


def indexed(boxes: Iterable[NamedBox], names: Sequence[str]) -> tuple[Box, ...]:
    """Boxes with the places of their names among ``names``.

    Raises:
        ValueError: a name is not among them.
    """
    places = {name: place for place, name in enumerate(names)}
    try:
        return tuple(Box(places[box.name], *box[1:]) for box in boxes)
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def boxes_text(boxes: Iterable[NamedBox]) -> str:
    """The combination of some boxes, in any order: rounded, sorted, each once.

    Boxes that have no size once they are rounded have no text, and are left out.
    """
    kept = {box for each in boxes if has_size(box := rounded(each))}
    texts = (" ".join((box.name, *map(share_text, box[1:]))) for box in sorted(kept, key=_order))
    return LABELS_APART.join(texts) or NONE_OF_THEM


def parsed_boxes(text: str) -> tuple[NamedBox, ...]:
    """The boxes of a combination.

    Raises:
        ValueError: it is none: no name, no four numbers, one outside the picture, no size.
    """
    if text.strip() in ("", NONE_OF_THEM):
        return ()
    return tuple(map(_parsed_box, filter(str.strip, text.split(APART))))


def typed_boxes(text: str) -> tuple[NamedBox, ...]:
    """The boxes of a combination as people type it: ``red cell: 10 %, 25 %, 31 %, 40 %``, any two
    opposite corners, a box to a line.

    Raises:
        ValueError: as :func:`parsed_boxes`.
    """
    parted = text.translate(ALSO_APART)
    try:
        found = parsed_boxes(parted)
    except ValueError:
        parts = parted.translate(TYPED_AS).split(APART)
        found = tuple(map(_typed_box, filter(str.strip, parts)))
    named_well = tuple(box._replace(name=box_name(box.name)) for box in found)
    if not all(box.name for box in named_well):
        raise ValueError(text)
    return named_well


def joined(several: Iterable[Sequence[NamedBox]]) -> list[NamedBox]:
    """The boxes that several people, or files, drew in the same picture: of those of one name that
    overlap by more than a half, only the first."""
    kept: list[NamedBox] = []
    for boxes in several:
        known = tuple(kept)
        kept += [
            box
            for box in boxes
            if not any(box.name == o.name and overlap(box, o) > SAME for o in known)
        ]
    return kept


def overlap(one: Box | NamedBox, other: Box | NamedBox) -> float:
    """The area that two boxes share, as a share of the area of both together (IoU)."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return 0.0
    areas = [(box.right - box.left) * (box.bottom - box.top) for box in (one, other)]
    return across * down / (sum(areas) - across * down)


def box_name(text: str) -> str:
    """As :func:`.combination.member_name`, for boxes."""
    return member_name(text.translate(ALSO_APART))


def names_in(text: str) -> tuple[str, ...]:
    """The names of the boxes of a combination, each once.

    Raises:
        ValueError: as :func:`parsed_boxes`.
    """
    return tuple(dict.fromkeys(box.name for box in parsed_boxes(text)))


def has_size(box: Box | NamedBox) -> bool:
    """Whether there is anything in a box; NaN is no size."""
    return box.left < box.right and box.top < box.bottom


def share_text(value: float) -> str:
    """A share with five decimals, without zeros at the end: ``0``, ``0.25``."""
    return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")


def count_in(text: str) -> int:
    """How many boxes a combination of :func:`boxes_text` has."""
    return 0 if text == NONE_OF_THEM else text.count(LABELS_APART) + 1


def rounded(box: NamedBox) -> NamedBox:
    """A box as its text says it."""
    name, left, top, right, bottom = box
    return NamedBox(
        name,
        round(left, DECIMALS) + 0.0,
        round(top, DECIMALS) + 0.0,
        round(right, DECIMALS) + 0.0,
        round(bottom, DECIMALS) + 0.0,
    )


def _order(box: NamedBox) -> tuple[str, float, float, float, float]:
    return box.name, box.top, box.left, box.bottom, box.right


def _parsed_box(text: str) -> NamedBox:
    name, *place = text.strip().rsplit(" ", 4)
    if len(place) != 4 or not name.strip():
        raise ValueError(text)
    return _checked(NamedBox(name.strip(), *map(float, place)), text)


def _typed_box(text: str) -> NamedBox:
    match = TYPED.fullmatch(text)
    if match is None:
        raise ValueError(text)
    name, *parts = match.groups()
    one, above, other, below = _shares(parts)
    sides = (min(one, other), min(above, below), max(one, other), max(above, below))
    return _checked(NamedBox(name, *sides), text)


def _shares(parts: Sequence[str]) -> Iterator[float]:
    for number, percent in zip(parts[::2], parts[1::2], strict=True):
        yield float(number.replace(",", ".")) / (100 if percent else 1)


def _checked(box: NamedBox, text: str) -> NamedBox:
    """``box``, where it lies in the picture and has a size, which NaN has not.

    Raises:
        ValueError: otherwise.
    """
    _name, left, top, right, bottom = box
    if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
        small = min(right - left, bottom - top) < 2 / 10**DECIMALS
        if not small or has_size(rounded(box)):
            return box
    raise ValueError(text)
