"""Boxes as they are written become shares of the upright picture; what is wrong is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from transfergui.core.data.boxes import (
    MOST,
    NamedBox,
    box_name,
    boxes_text,
    count_in,
    has_size,
    joined,
    parsed_boxes,
    rounded,
)
from transfergui.core.reading.marks.pages import SWAPPED, Page, Shape, Size, Stored

NEAR = 1e-3
"""So far outside, as a share of the picture, a side may lie for rounding: nothing is said."""

Point = tuple[float, float]
TURNED: Mapping[int, Callable[[float, float], Point]] = {
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}
"""Where a point of the stored picture is in the upright one, by its EXIF orientation."""


@dataclass
class Placed:
    """The boxes of a picture, and what was wrong.

    Attributes:
        text: the combination of the boxes.
        counts: of ``cut``, ``outside``, ``sizeless``, ``repeated``, ``nameless``, ``unreadable``,
            ``crowd`` boxes; of all boxes where there are too ``many``; 1 for ``turned`` and
            ``resized`` pictures.
    """

    text: str
    counts: Counter[str] = field(default_factory=Counter)


def placed(page: Page, stored: Stored | None) -> Placed:
    """The boxes of ``page`` in the upright picture.

    They are those of the upright picture where the page says the size that it has upright, or
    where who writes such files turns pictures. Else they are turned with it.

    Args:
        stored: None where the picture cannot be read, which is told elsewhere.
    """
    counts = Counter({"unreadable": page.unreadable, "crowd": page.crowds})
    extent = _extent(page, stored)
    if extent is None:  # nobody knows how large the picture is, which is then not used
        return Placed(boxes_text(()), counts)
    turn = None if stored is None else TURNED.get(_turn(page, stored))
    counts["turned"] = int(turn is not None and bool(page.shapes))
    if stored is not None and page.size is not None and page.shapes:
        counts["resized"] = int(not _is_of(page.size, stored))
    boxes = [box for each in _shares(page.shapes, extent, turn, counts) if (box := each)]
    text = boxes_text(boxes)
    kept = count_in(text)
    sizeless = sum(not has_size(rounded(box)) for box in boxes)
    counts["sizeless"] += sizeless
    counts["repeated"] = len(boxes) - sizeless - kept
    counts["many"] = kept if kept > MOST else 0
    return Placed(text, +counts)


def united(several: Iterable[Placed]) -> Placed:
    """The boxes that several files, or people, say of the same picture: of those of one name that
    overlap by more than a half, the first."""
    found = list(several)
    if len(found) == 1:
        return found[0]
    text = boxes_text(joined([parsed_boxes(each.text) for each in found]))
    return Placed(text, sum((each.counts for each in found), Counter[str]()))


def _extent(page: Page, stored: Stored | None) -> Size | None:
    """What the places of a page are divided by."""
    if page.unit == "shares":
        return 1, 1
    if page.size is not None:
        return page.size
    if stored is None:
        return None
    return stored.upright if page.upright else (stored.width, stored.height)


def _turn(page: Page, stored: Stored) -> int:
    """The EXIF orientation by which the boxes are to be turned; 1 for not at all."""
    if page.size is None:
        return 1 if page.upright else stored.orientation
    if stored.orientation in SWAPPED and page.size == stored.upright:
        return 1
    return stored.orientation


def _is_of(size: Size, stored: Stored) -> bool:
    """Whether a picture has this size, as it is stored or upright."""
    return size in ((stored.width, stored.height), (stored.height, stored.width))


def _shares(
    shapes: Iterable[Shape],
    extent: Size,
    turn: Callable[[float, float], Point] | None,
    counts: Counter[str],
) -> Iterable[NamedBox]:
    width, height = extent
    for shape in shapes:
        name = box_name(shape.name)
        sides = (shape.left / width, shape.top / height, shape.right / width, shape.bottom / height)
        box = NamedBox(name, *sides)
        if not name:
            counts["nameless"] += 1
        elif not has_size(box):
            counts["sizeless"] += 1
        elif not has_size(inside := _cut(box)):
            counts["outside"] += 1
        else:
            counts["cut"] += _reaches_out(box, 1 / width if width > 1 else NEAR, 1 / height)
            yield inside if turn is None else _turned(inside, turn)


def _cut(box: NamedBox) -> NamedBox:
    return NamedBox(box.name, *(min(max(side, 0.0), 1.0) for side in box[1:]))


def _reaches_out(box: NamedBox, across: float, down: float) -> bool:
    """Whether a box lies partly outside the picture, by more than rounding makes: a pixel."""
    across, down = max(across, NEAR), max(down if down < 1 else NEAR, NEAR)
    return (
        min(box.left + across, box.top + down) < 0
        or box.right > 1 + across
        or box.bottom > 1 + down
    )


def _turned(box: NamedBox, turn: Callable[[float, float], Point]) -> NamedBox:
    (x, y), (other, beyond) = turn(box.left, box.top), turn(box.right, box.bottom)
    return NamedBox(box.name, min(x, other), min(y, beyond), max(x, other), max(y, beyond))
