"""What the file of a labelling tool says of one picture: boxes, in whatever unit it writes them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from transfergui.core.data.dataset import SplitName

Unit = Literal["pixels", "shares"]
Size = tuple[float, float]
"""Width and height."""


ONLY = "object"
"""What things are called where no class is said."""


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
        tags: what is said of the whole picture.
        placeless: what is in it, but not as a box or an outline.
        split: the part of the data that the file says the picture is for.
        written: what the file calls its picture.
        others: what is said of the same picture elsewhere, or by other people.
        doubtful: whether the last two numbers of boxes may be width and height, or corners.
    """

    size: Size | None = None
    shapes: list[Shape] = field(default_factory=list)
    unit: Unit = "pixels"
    upright: bool = False
    outlines: int = 0
    crowds: int = 0
    unreadable: int = 0
    broken: bool = False
    tags: set[str] = field(default_factory=set)
    placeless: set[str] = field(default_factory=set)
    split: SplitName | None = None
    doubtful: bool = False
    written: str = ""
    others: list[Page] = field(default_factory=list)

    def add(self, name: object, numbers: Iterable[object]) -> None:
        """Add a box, of which the numbers may be none: left, top, right, bottom."""
        sides = tuple(numbers_in(numbers))
        if name in (None, "") or len(sides) != 4 or not all(map(math.isfinite, sides)):
            self.unreadable += 1
            self.placeless |= {str(name)} if name not in (None, "") else set()
        else:
            self.shapes.append(Shape(str(name), *sides))

    def add_sized(self, name: object, numbers: Iterable[object]) -> None:
        """Add a box of which left, top, width and height are known."""
        left, top, width, height = (*numbers_in(numbers), *[math.nan] * 4)[:4]
        self.add(name, (left, top, left + width, top + height))

    def add_centred(self, name: object, numbers: Iterable[object]) -> None:
        """Add a box of which x and y of the middle, width and height are known."""
        x, y, width, height = (*numbers_in(numbers), *[math.nan] * 4)[:4]
        self.add(name, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))

    def add_turned(
        self, name: object, numbers: Iterable[object], angle: float, about: float = 0.5
    ) -> None:
        """Add the box around one that is turned clockwise.

        Args:
            numbers: left, top, width and height before it is turned.
            angle: in degrees.
            about: the point that stays: the middle, or for 0 the left upper corner.
        """
        left, top, width, height = (*numbers_in(numbers), *[math.nan] * 4)[:4]
        across, down = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        points = list[float]()
        for side, level in ((0, 0), (1, 0), (1, 1), (0, 1)):
            x, y = (side - about) * width, (level - about) * height
            points += [
                left + about * width + x * across - y * down,
                top + about * height + x * down + y * across,
            ]
        self.add_outline(name, points)

    def add_outline(self, name: object, points: Iterable[object]) -> None:
        """Add the box around some points: x, y, x, y and so on."""
        flat = tuple(numbers_in(points))
        xs, ys = flat[::2], flat[1::2]
        if not ys or not all(map(math.isfinite, flat)):
            self.add(name, ())
            return
        before = len(self.shapes)
        self.add(name, (min(xs), min(ys), max(xs), max(ys)))
        self.outlines += len(self.shapes) - before

    def written_sides(self, shape: Shape) -> tuple[float, float, float, float]:
        """The numbers of a shape as they are written, where they may be width and height."""
        _name, left, top, right, bottom = shape
        return (left, top, right - left, bottom - top) if self.doubtful else shape[1:]

    def take_corners(self) -> None:
        """Take the last two of the four numbers for the right lower corner, not for a size."""
        shapes = [Shape(shape.name, *self.written_sides(shape)) for shape in self.shapes]
        self.shapes, self.doubtful = shapes, False

    @property
    def all_shapes(self) -> list[Shape]:
        """Also those of :attr:`others`."""
        return [shape for page in (self, *self.others) for shape in page.shapes]

    def names(self) -> Counter[str]:
        """How many boxes of each name there are."""
        return Counter(shape.name for shape in self.all_shapes)

    @property
    def inside(self) -> set[str]:
        """The names of everything that is in the picture."""
        pages = (self, *self.others)
        found = {shape.name for page in pages for shape in page.shapes}
        return found.union(*(page.tags | page.placeless for page in pages))


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


LARGEST_SHARE = 1.5
"""Where no side is larger, they are shares of the picture."""


def as_shares(pages: Iterable[Page]) -> None:
    """Take the sides for shares of the picture where none is large in several pictures."""
    pages = [page for page in pages if page.shapes]
    sides = (side for page in pages for shape in page.shapes for side in page.written_sides(shape))
    if len(pages) < 2 or max(map(abs, sides), default=math.inf) > LARGEST_SHARE:
        return
    for page in pages:
        page.unit, page.upright = "shares", True
