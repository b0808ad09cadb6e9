"""What the file of a labelling tool says of one picture: boxes, in whatever unit it writes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Unit = Literal["pixels", "shares"]
Size = tuple[float, float]
"""Width and height."""


class Shape(NamedTuple):
    """One box as it is written; ``right`` may be left of ``left``.

    Attributes:
        left, top, right, bottom: in the unit of the page.
    """

    name: str
    left: float
    top: float
    right: float
    bottom: float


SWAPPED = (5, 6, 7, 8)
"""EXIF orientations of which width and height are swapped."""


class Stored(NamedTuple):
    """How large a picture is as it is stored, and how it must be turned to be upright.

    Attributes:
        orientation: as EXIF says it, from 1 to 8.
    """

    width: int
    height: int
    orientation: int = 1

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as the picture is seen."""
        swapped = self.orientation in SWAPPED
        return (self.height, self.width) if swapped else (self.width, self.height)


@dataclass
class Page:
    """What is written of one picture.

    Attributes:
        size: of the picture in pixels, as the file says it; None where it does not.
        shapes: in the order of the file.
        unit: of the shapes.
        upright: whether places are those of the picture as it is seen, where the file says no
            size: who writes so turns pictures by their EXIF.
        outlines: how many of the shapes were no boxes, but outlines of something.
        crowds: boxes around many things together, which are left out.
        unreadable: shapes without a name or a place, which are left out.
        broken: whether the file itself cannot be understood.
    """

    size: Size | None = None
    shapes: list[Shape] = field(default_factory=list)
    unit: Unit = "pixels"
    upright: bool = False
    outlines: int = 0
    crowds: int = 0
    unreadable: int = 0
    broken: bool = False

    def add(self, name: object, numbers: Iterable[object]) -> None:
        """Add a box, of which the numbers may be none: left, top, right, bottom."""
        sides = tuple(numbers_in(numbers))
        if name in (None, "") or len(sides) != 4 or not all(map(math.isfinite, sides)):
            self.unreadable += 1
        else:
            self.shapes.append(Shape(str(name), *sides))

    def add_sized(self, name: object, numbers: Iterable[object]) -> None:
        """Add a box of which left, top, width and height are known."""
        left, top, width, height = (*numbers_in(numbers), *[math.nan] * 4)[:4]
        self.add(name, (left, top, left + width, top + height))

    def add_outline(self, name: object, points: Iterable[object]) -> None:
        """Add the box around some points: x, y, x, y and so on."""
        flat = tuple(numbers_in(points))
        xs, ys = flat[::2], flat[1::2]
        if not ys or not all(map(math.isfinite, flat)):
            self.unreadable += 1
            return
        before = len(self.shapes)
        self.add(name, (min(xs), min(ys), max(xs), max(ys)))
        self.outlines += len(self.shapes) - before

    def names(self) -> Counter[str]:
        """How many boxes of each name there are."""
        return Counter(shape.name for shape in self.shapes)


def size_of(width: object, height: object) -> Size | None:
    """The size that a file says; None where it says none, or nonsense: 0, say."""
    sides = tuple(numbers_in((width, height)))
    if len(sides) == 2 and all(0 < side < math.inf for side in sides):
        return sides[0], sides[1]
    return None


def numbers_in(values: Iterable[object]) -> Iterator[float]:
    """``values`` as numbers; NaN for what is none."""
    for value in values:
        try:
            yield float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            yield math.nan


def flattened(points: object) -> Sequence[object]:
    """``[[x, y], …]`` as x, y, …; also ``{"x": …, "y": …}`` and what is flat already."""
    flat: list[object] = []
    for point in points if isinstance(points, list) else ():
        if isinstance(point, (list, tuple)):
            flat += point[:2]
        elif isinstance(point, dict):
            flat += [point.get("x"), point.get("y")]
        else:
            flat.append(point)
    return flat
