"""Whether four numbers are left, top, width and height of a box, or two corners.

Lists that only say ``bbox`` have either. What does not fit into the pictures decides; where both
fit, it is a size, as COCO has it. It is told, and can be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Problem
from transfergui.core.reading.marks.pages import Page, Shape, Size, Stored

OPTION = "box_numbers"
SIZES, CORNERS = "size", "corners"
PROBED = 500
"""Pictures whose boxes are looked at."""
FEW = 0.02
"""The share of boxes that may not fit where they are understood as they are meant."""


def choices() -> dict[str, str]:
    """What the numbers may be."""
    return {
        SIZES: _("Left, top, width, height"),
        CORNERS: _("Left, top, right, bottom"),
    }


def decide(
    pages: Mapping[int, Page], stored: Callable[[int], Stored | None], asked: str
) -> str | None:
    """Read the numbers as they are meant, and say how; None where nothing is in doubt.

    Args:
        stored: how large the picture at a place is.
        asked: how the user wants them read; empty for what fits.
    """
    doubtful = {at: page for at, page in sorted(pages.items()) if page.doubtful and page.shapes}
    if not doubtful:
        return None
    how = asked if asked in (SIZES, CORNERS) else _guess(list(doubtful.items())[:PROBED], stored)
    if how == CORNERS:
        for page in doubtful.values():
            page.take_corners()
    return how


def _guess(pages: Iterable[tuple[int, Page]], stored: Callable[[int], Stored | None]) -> str:
    wrong = {SIZES: 0, CORNERS: 0}
    count = 0
    for at, page in pages:
        size = _size(page, stored(at))
        for shape in page.shapes if size else ():
            count += 1
            sides = page.written_sides(shape)
            wrong[SIZES] += not _fits(shape, size)
            wrong[CORNERS] += not _fits(Shape(shape.name, *sides), size)
    return CORNERS if wrong[CORNERS] <= FEW * count < wrong[SIZES] else SIZES


def _size(page: Page, stored: Stored | None) -> Size | None:
    if page.unit == "shares":
        return 1, 1
    return page.size or (stored.upright if stored else None)


def _fits(shape: Shape, size: Size | None) -> bool:
    """Whether a box has a size, and lies in the picture, but for a pixel."""
    width, height = size or (0, 0)
    across, down = width + 0.01 * width + (width > 1), height + 0.01 * height + (height > 1)
    inside = shape.right <= across and shape.bottom <= down
    return inside and shape.left < shape.right and shape.top < shape.bottom


def told(how: str, path: str) -> Problem:
    """That it was a guess."""
    return Problem("data.box_numbers", {"how": choices()[how]}, path=path, left_out=False)
