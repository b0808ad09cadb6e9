"""Parts of pictures, with the boxes in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from transfergui.core.evaluation.kinds import Item
from transfergui.core.interfaces.samples import MarkedBox, Preview

Part = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the width and the height."""
MARGIN = 0.6
"""Of the sides of a box, what is shown around it."""
LEAST = 0.12
"""Of the sides of a picture, what a part of it shows at least."""
SMALL = 0.5
"""Of a smaller part, the large picture is needed to see anything."""


def around(box: MarkedBox, margin: float = MARGIN) -> Part:
    """A box with what is around it, inside the picture.

    Args:
        margin: of its sides.
    """
    left, right = _ends(box.left, box.right, margin)
    top, bottom = _ends(box.top, box.bottom, margin)
    return left, top, right, bottom


def _ends(low: float, high: float, margin: float) -> tuple[float, float]:
    size = min(1.0, max(LEAST, (high - low) * (1 + 2 * margin)))
    start = min(1 - size, max(0.0, (low + high - size) / 2))
    return start, start + size


def look(item: Item, decode: Callable[[bool], Preview]) -> Preview:
    """What is shown of an item first.

    Args:
        decode: reads its picture; large where it is asked for.
    """
    if item.preview is not None:
        return item.preview
    if item.part is None:
        found = decode(False)
        return replace(found, boxes=item.boxes) if item.boxes else found
    left, top, right, bottom = item.part
    small = min(right - left, bottom - top) < SMALL
    return cropped(replace(decode(small), boxes=item.marked), item.part)


def cropped(preview: Preview, part: Part) -> Preview:
    """A part of a picture."""
    left, top, right, bottom = part
    height, width = preview.data.shape[:2]
    columns = slice(int(left * width), max(int(left * width) + 1, round(right * width)))
    rows = slice(int(top * height), max(int(top * height) + 1, round(bottom * height)))
    return replace(preview, data=preview.data[rows, columns], boxes=tuple(_inside(preview, part)))


def _inside(preview: Preview, part: Part) -> Iterator[MarkedBox]:
    """The boxes as shares of the part, those that reach into it."""
    left, top, right, bottom = part
    wide, high = right - left, bottom - top
    for box in preview.boxes:
        if box.left < right and box.right > left and box.top < bottom and box.bottom > top:
            yield replace(
                box,
                left=(box.left - left) / wide,
                top=(box.top - top) / high,
                right=(box.right - left) / wide,
                bottom=(box.bottom - top) / high,
            )
