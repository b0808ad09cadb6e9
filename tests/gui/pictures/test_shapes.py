"""Boxes under a mouse."""

import pytest

from transfergui.core.data.boxes import NamedBox
from transfergui.gui.pictures import shapes
from transfergui.gui.pictures.shapes import NO_EDGE, Edges, Point

BOX = NamedBox("cell", 0.2, 0.2, 0.6, 0.6)
REACH = Point(0.02, 0.02)


@pytest.mark.parametrize(
    ("at", "edges"),
    [
        (Point(0.4, 0.4), NO_EDGE),
        (Point(0.19, 0.4), Edges(left=True)),
        (Point(0.61, 0.59), Edges(right=True, bottom=True)),
        (Point(0.4, 0.2), Edges(top=True)),
        (Point(0.1, 0.2), NO_EDGE),
    ],
)
def test_edges_are_held_near_them(at: Point, edges: Edges) -> None:
    assert shapes.held(BOX, at, REACH) == edges


def test_a_tiny_box_can_be_held_amid_it() -> None:
    tiny = NamedBox("cell", 0.5, 0.5, 0.504, 0.504)
    assert shapes.held(tiny, Point(0.502, 0.502), REACH) == NO_EDGE


def test_boxes_stay_in_the_picture_and_keep_a_size() -> None:
    assert shapes.moved(BOX, Point(1, -1)) == pytest.approx(("cell", 0.6, 0, 1, 0.4))
    wide = shapes.resized(BOX, Edges(right=True, top=True), Point(1, -1), REACH)
    assert wide == ("cell", 0.2, 0, 1, 0.6)
    thin = shapes.resized(BOX, Edges(left=True), Point(1, 0), REACH)
    assert thin.right - thin.left == pytest.approx(REACH.x)
    assert shapes.between(Point(0.5, 1.2), Point(-1, 0.5), "x") == ("x", 0, 0.5, 0.5, 1)


def test_a_click_means_the_smallest_box() -> None:
    inner = NamedBox("nucleus", 0.3, 0.3, 0.4, 0.4)
    assert shapes.smallest_at([BOX, inner], Point(0.35, 0.35)) == 1
    assert shapes.smallest_at([BOX, inner], Point(0.55, 0.5)) == 0
    assert shapes.smallest_at([BOX, inner], Point(0.9, 0.9)) == -1


def test_what_is_no_text_of_boxes_is_drawn_as_nothing() -> None:
    assert shapes.marked_text("cat; dog", ("cat",)) == ()
    (found,) = shapes.marked_text("dog 0 0 0.5 1", ("cat", "dog"))
    assert (found.place, found.right) == (1, 0.5)
