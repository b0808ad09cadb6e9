"""Boxes as shapes under a mouse: where they are touched, moved and resized.

All places are shares of the picture's width and height, in [0, 1].
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from transfergui.core.data.boxes import NamedBox, parsed_boxes
from transfergui.core.figures.detection import overlap
from transfergui.core.interfaces.samples import MarkedBox


class Point(NamedTuple):
    """A place in a picture, or a way there."""

    x: float
    y: float


class Edges(NamedTuple):
    """Which edges of a box are held."""

    left: bool = False
    top: bool = False
    right: bool = False
    bottom: bool = False


NO_EDGE = Edges()
SAME = 0.5
"""IoU from which on two boxes are of the same thing."""


def marked(boxes: Iterable[NamedBox], names: Sequence[str]) -> tuple[MarkedBox, ...]:
    """Boxes of the data as they are drawn.

    Args:
        names: of all classes, which give the colours; unknown ones get those behind.
    """
    places = {name: place for place, name in enumerate(names)}
    return tuple(MarkedBox(*box, place=places.get(box.name, len(places))) for box in boxes)


@functools.lru_cache(maxsize=4096)
def marked_text(text: str, names: tuple[str, ...]) -> tuple[MarkedBox, ...]:
    """The same of the text of a picture; nothing where it is no such text."""
    try:
        return marked(parsed_boxes(text), names)
    except ValueError:
        return ()


def between(one: Point, other: Point, name: str) -> NamedBox:
    """The box with two opposite corners, as far as it lies in the picture."""
    left, right = sorted((inside(one.x), inside(other.x)))
    top, bottom = sorted((inside(one.y), inside(other.y)))
    return NamedBox(name, left, top, right, bottom)


def inside(share: float) -> float:
    """The nearest place in the picture."""
    return max(0.0, min(1.0, share))


def moved(box: NamedBox, by: Point) -> NamedBox:
    """A box at another place, of the same size: it stops at the edge of the picture."""
    x = max(-box.left, min(1 - box.right, by.x))
    y = max(-box.top, min(1 - box.bottom, by.y))
    return NamedBox(box.name, box.left + x, box.top + y, box.right + x, box.bottom + y)


def resized(box: NamedBox, edges: Edges, by: Point, least: Point) -> NamedBox:
    """A box with some edges moved: it stays in the picture, and no smaller than ``least``."""
    left, top, right, bottom = box[1:]
    if edges.left:
        left = min(inside(left + by.x), right - least.x)
    if edges.right:
        right = max(inside(right + by.x), left + least.x)
    if edges.top:
        top = min(inside(top + by.y), bottom - least.y)
    if edges.bottom:
        bottom = max(inside(bottom + by.y), top + least.y)
    return NamedBox(box.name, inside(left), inside(top), inside(right), inside(bottom))


def held(box: NamedBox, at: Point, reach: Point) -> Edges:
    """Which edges of a box are touched.

    Args:
        reach: how far from an edge that is; inside the box at most a quarter of its size, so that
            a small one can be moved, too.
    """
    wide, high = box.right - box.left, box.bottom - box.top
    inner = Point(min(reach.x, wide / 4), min(reach.y, high / 4))
    across = box.left - reach.x <= at.x <= box.right + reach.x
    along = box.top - reach.y <= at.y <= box.bottom + reach.y
    if not (across and along):
        return NO_EDGE
    return Edges(
        at.x <= box.left + inner.x,
        at.y <= box.top + inner.y,
        at.x >= box.right - inner.x,
        at.y >= box.bottom - inner.y,
    )


def contains(box: NamedBox, at: Point) -> bool:
    """Whether a place lies in a box."""
    return box.left <= at.x <= box.right and box.top <= at.y <= box.bottom


def area(box: NamedBox) -> float:
    """Share of the picture."""
    return (box.right - box.left) * (box.bottom - box.top)


def smallest_at(boxes: Sequence[NamedBox], at: Point) -> int:
    """Which box is meant by a click: the smallest of those there; -1 where there is none."""
    there = [number for number, box in enumerate(boxes) if contains(box, at)]
    return min(there, key=lambda number: area(boxes[number]), default=-1)


def edge_at(boxes: Sequence[NamedBox], at: Point, reach: Point) -> int:
    """The smallest box of which an edge is touched; -1 where there is none."""
    there = [number for number, box in enumerate(boxes) if any(held(box, at, reach))]
    return min(there, key=lambda number: area(boxes[number]), default=-1)


def nearest(boxes: Sequence[NamedBox], mark: MarkedBox) -> int:
    """Which box lies where ``mark`` does: the one that overlaps it most; -1 where none does by
    half (IoU)."""
    corners = [box[1:] for box in boxes]
    if not corners:
        return -1
    own = np.array([mark.left, mark.top, mark.right, mark.bottom])
    shared = overlap(np.array(corners), own)
    best = int(shared.argmax())
    return best if shared[best] >= SAME else -1


def in_reading_order(boxes: Sequence[NamedBox]) -> list[int]:
    """From top to bottom, and in a row from left to right: in which order Tab goes."""
    return sorted(range(len(boxes)), key=lambda at: (round(boxes[at].top, 1), boxes[at].left))
