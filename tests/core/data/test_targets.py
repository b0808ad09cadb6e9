"""What the classes of a data set mean: texts that people can read, and their values."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data import targets
from transfergui.core.data.targets import NONE_OF_THEM, Targets

NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5).filter(
    lambda name: name != targets.MISSING
)


@given(st.lists(st.lists(NAMES, unique=True, max_size=4), min_size=1, max_size=6))
def test_labels_are_read_as_they_are_written(rows: list[list[str]]) -> None:
    classes = [targets.labels_text(row) for row in rows]
    found = targets.of_labels(classes)
    assert [tuple(found.names[int(i)] for i in value) for value in found.values] == [
        tuple(sorted(row, key=found.names.index)) for row in rows
    ]


def test_no_label_is_a_combination_of_its_own() -> None:
    assert targets.labels_text(()) == NONE_OF_THEM
    assert targets.of_labels([NONE_OF_THEM, "cat; dog"]).values == ((), (0, 1))


@given(st.data(), st.integers(1, 4))
def test_answers_are_read_as_they_are_written(data: st.DataObject, count: int) -> None:
    row = st.lists(st.none() | NAMES, min_size=count, max_size=count)
    rows = data.draw(st.lists(row, min_size=1, max_size=5))
    names = tuple(f"q{place}" for place in range(count))
    found = targets.of_questions([targets.answers_text(row) for row in rows], names)
    read = [
        [None if at < 0 else found.answers[place][int(at)] for place, at in enumerate(value)]
        for value in found.values
    ]
    assert read == rows


@given(st.floats(-targets.LARGEST, targets.LARGEST))
def test_numbers_are_read_as_they_are_written(value: float) -> None:
    assert targets.parsed_number(targets.number_text(value)) == value


@pytest.mark.parametrize("text", ["x", "", "nan", "inf"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        targets.of_numbers([text], "age")


def test_corrections_keep_the_order_of_the_names() -> None:
    found = targets.of_labels(["dog", "cat; dog"], ("dog", "cat"))
    renewed = targets.renewed(found, ["cat", "bird; cat"])
    assert renewed.names == ("cat", "bird")
    assert renewed.values == ((0,), (0, 1))


def test_a_correction_with_too_few_answers_is_refused() -> None:
    found = targets.of_questions(["a · b"], ("one", "two"))
    assert targets.renewed(found, ["a · c"]).answers == (("a",), ("c",))
    with pytest.raises(ValueError, match="a"):
        targets.renewed(found, ["a"])


def test_what_is_known_of_the_training_samples_is_not_what_is_meant() -> None:
    found = targets.of_numbers(["1", "2.5"], "length", "cm")
    assert found.values == ((1.0,), (2.5,))
    fitted = msgspec.structs.replace(found, mean=1.75, scale=0.75)
    assert targets.meaning(fitted) == found
    assert targets.renewed(Targets(), ["a"]) == Targets()


TIDY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6).map(
    targets.member_name
)


@given(st.lists(st.lists(TIDY.filter(bool), unique=True, max_size=4), min_size=1, max_size=6))
def test_any_labels_survive_as_texts(rows: list[list[str]]) -> None:
    """Whatever stands in a name: what divides combinations is written otherwise there."""
    names = sorted({name for row in rows for name in row})
    texts = [targets.labels_text(name for name in names if name in row) for row in rows]
    found = targets.of_labels(texts, names)
    assert [{found.names[int(at)] for at in value} for value in found.values] == [
        set(row) for row in rows
    ]
    assert [targets.normalised(found, text) for text in texts] == texts


@given(st.lists(TIDY.map(lambda name: name or None), min_size=2, max_size=4))
def test_any_answers_survive_as_texts(row: list[str | None]) -> None:
    text = targets.answers_text(row)
    found = targets.of_questions([text], [f"q{n}" for n in range(len(row))])
    assert targets.parsed_answers(text) == tuple(row)
    assert targets.normalised(found, text) == text


@given(st.floats(-targets.LARGEST, targets.LARGEST))
def test_numbers_are_written_in_one_way(value: float) -> None:
    found = targets.of_numbers(["0"], "age")
    assert targets.normalised(found, f" {value!r} ") == targets.number_text(value)


def test_what_samples_are_counted_by() -> None:
    labels = targets.of_labels(["(none)", "cat; dog"])
    assert targets.members(labels, ["(none)", "cat; dog"]) == ("cat", "dog")
    assert [targets.members_of(labels, at) for at in (0, 1)] == [(), (0, 1)]
    asked = targets.of_questions(["a · x", "b · ?"], ("one", "two"))
    assert targets.members(asked, ["a · x", "b · ?"]) == ("one: a", "one: b", "two: x")
    assert [targets.members_of(asked, at) for at in (0, 1)] == [(0, 2), (1,)]
    assert targets.members(targets.of_numbers(["1"], "age"), ["1"]) == ()
    assert targets.members_of(Targets(), 3) == (3,)
