"""Combinations are taken apart for people, and put together again."""

import pytest

from transfergui.core.data import targets
from transfergui.core.data.label_parts import (
    LabelPart,
    Values,
    label_parts,
    put_together,
    taken_apart,
)
from transfergui.core.data.targets import Targets

LABELS = targets.of_labels(("cat; dog", "(none)"), ("cat", "dog"))
QUESTIONS = targets.of_questions(("1 · ann", "2 · ?"), ("digit", "speaker"))
CELLS = targets.of_boxes(("red 0 0 1 1; white 0 0 0.5 1", "(none)"))
NUMBERS = targets.of_numbers(("3", "3.5"), "weight", "kg")


def test_each_objective_has_its_parts() -> None:
    assert label_parts(Targets()) == ()
    assert label_parts(LABELS) == (LabelPart("names", "", ("cat", "dog")),)
    assert label_parts(QUESTIONS) == (
        LabelPart("name", "digit", ("1", "2")),
        LabelPart("name", "speaker", ("ann",)),
    )
    assert label_parts(CELLS) == (LabelPart("places", "", ("red", "white")),)
    assert label_parts(NUMBERS) == (LabelPart("amount", "weight", (), "kg"),)


@pytest.mark.parametrize(
    ("meant", "text", "values"),
    [
        (LABELS, "cat; dog", (("cat", "dog"),)),
        (LABELS, "(none)", ((),)),
        (QUESTIONS, "1 · ann", (("1",), ("ann",))),
        (QUESTIONS, "2 · ?", (("2",), ())),
        (CELLS, "red 0 0 1 1; white 0 0 0.5 1", (("red 0 0 1 1", "white 0 0 0.5 1"),)),
        (CELLS, "(none)", ((),)),
        (NUMBERS, "3.5", (("3.5",),)),
    ],
)
def test_apart_and_together_again(meant: Targets, text: str, values: tuple[Values, ...]) -> None:
    assert taken_apart(meant, text) == values
    assert put_together(meant, values) == text


def test_what_people_write_becomes_a_class() -> None:
    assert put_together(LABELS, [("dog", "cat", "old; cow")]) == "cat; dog; old, cow"
    assert put_together(QUESTIONS, [(" 7 ",), ()]) == "7 · ?"
    assert put_together(NUMBERS, [("3.50",)]) == "3.5"


@pytest.mark.parametrize("typed", ["", "heavy", "inf", "nan"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        put_together(NUMBERS, [(typed,)])
