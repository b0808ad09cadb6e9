"""Boxes as texts that people can read and correct, and as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data import boxes, targets
from transfergui.core.data.boxes import Box, NamedBox
from transfergui.core.data.targets import BOXES, NONE_OF_THEM

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6)
KNOWN = NAMES.map(boxes.box_name).filter(bool)
SIDES = st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)).filter(lambda s: s[0] != s[1])


@st.composite
def named_boxes(draw: st.DrawFn) -> NamedBox:
    """A box of a picture, of whole hundred-thousandths."""
    (left, right), (top, bottom) = sorted(draw(SIDES)), sorted(draw(SIDES))
    return NamedBox(draw(KNOWN), *(side / 10**5 for side in (left, top, right, bottom)))


PICTURES = st.lists(named_boxes(), max_size=6)


@given(st.lists(PICTURES, min_size=1, max_size=4))
def test_boxes_are_read_as_they_are_written(pictures: list[list[NamedBox]]) -> None:
    classes = [boxes.boxes_text(picture) for picture in pictures]
    found = targets.of_boxes(classes)
    read = [boxes.named(boxes.boxes_of(row), found.names) for row in found.values]
    assert [set(row) for row in read] == [set(picture) for picture in pictures]
    assert [boxes.boxes_text(row) for row in read] == classes
    assert [boxes.flat(boxes.boxes_of(row)) for row in found.values] == list(found.values)
    assert not targets.fault(found)


@given(PICTURES, st.randoms(use_true_random=False))
def test_equal_boxes_are_equal_texts_and_stay_them(picture: list[NamedBox], chance: object) -> None:
    text = boxes.boxes_text(picture)
    shuffled = [*picture, *picture]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    known = targets.of_boxes([text])
    assert boxes.boxes_text(shuffled) == text
    assert targets.normalised(known, text) == text
    assert targets.called(known, text, {}) == text
    assert targets.renewed(known, [text]) == known


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("red cell 0.1 0.25 0.31 0.4", "red cell 0.1 0.25 0.31 0.4"),
        ("red cell: 10%, 25 %, 31%, 40%", "red cell 0.1 0.25 0.31 0.4"),
        ("red cell, 0,1 0,25 0,31 0,4", "red cell 0.1 0.25 0.31 0.4"),
        ("Rot：.5，.5, 1, 1", "Rot 0.5 0.5 1 1"),
        ("b 0 0 1 1\na 0.9 1 0.3 0", "a 0.3 0 0.9 1; b 0 0 1 1"),
        ("7 0 0 0.5 0.123456; 7 0 0 .5 .123461;", "7 0 0 0.5 0.12346"),
        ("白细胞 0 0 1 1；红细胞 0 0 1 1", "白细胞 0 0 1 1; 红细胞 0 0 1 1"),
        ("", NONE_OF_THEM),
        (" (none) ", NONE_OF_THEM),
    ],
)
def test_what_people_type_is_understood(typed: str, meant: str) -> None:
    assert targets.normalised(targets.Targets(BOXES), typed) == meant


@pytest.mark.parametrize(
    "text",
    ["cat", "0 0 1 1", "? 0 0 1 1", "a 0 0 1", "a 0 0 1 2", "a 0 0 nan 1", "a 0 0 0 1",
     "a 10 9 50 60",
     "a 0,1,0,2,0,3,0,4", "a 0 0 1e999 1", "a -0.1 0 1 1", "a 0.100001 0 0.100002 1"],
)  # fmt: skip
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        targets.normalised(targets.Targets(BOXES), text)


def test_boxes_are_counted_and_corrected_as_several_labels_are() -> None:
    found = targets.of_boxes(["b 0 0 1 1; b 0 0.5 1 1; a 0 0 1 1", NONE_OF_THEM], ("b", "a"))
    assert [targets.members_of(found, label) for label in (0, 1)] == [(0, 1), ()]
    assert targets.members(found, ()) == ("b", "a")
    assert found.meant("a 0 0 0.5 1") == (1, 0, 0, 0.5, 1)
    assert targets.called(found, "b 0 0 1 1; a 0 0 1 1", {"b": "a"}) == "a 0 0 1 1"
    assert targets.renewed(found, ["c 0 0 1 1; a 0 0 1 1"]).names == ("a", "c")
    assert targets.names_in(BOXES, "b 0 0 1 1; b 0 0.5 1 1") == ("b",)
    with pytest.raises(ValueError):
        found.meant("c 0 0 1 1")


@pytest.mark.parametrize(
    "row", [(0, 0, 0, 1), (2, 0, 0, 1, 1), (0, 0, 0, 1, 1.5), (0, 0, 0, 1, float("nan"))]
)
def test_boxes_of_others_that_cannot_be_are_told(row: tuple[float, ...]) -> None:
    assert targets.fault(targets.Targets(BOXES, ("a", "b"), values=(row,)))


def test_a_box_that_vanishes_has_no_text() -> None:
    assert boxes.boxes_text([NamedBox("a", 0.1, 0, 0.1000001, 1)]) == NONE_OF_THEM
    assert not boxes.has_size(Box(0, float("nan"), 0, 1, 1))
