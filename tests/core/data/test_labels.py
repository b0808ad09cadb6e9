"""Which names of classes are the same to a person, and which may be."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data import labels

CAFE = "caf\u00e9"
NFD = unicodedata.normalize("NFD", CAFE)


@pytest.mark.parametrize(
    "names",
    [
        ("0", "0.0", "0e0"),
        ("1", "1.0", "1e0", "1."),
        ("15", "1.5e1", "15.00"),
        ("True", "true", "TRUE"),
        ("pos", '["pos"]', "['pos']", '"pos"'),
        (CAFE, NFD),
        ("cat", "cat ", " cat", "\tcat", "cat\u200b", "cat\u00a0"),
        ("new york", "new  york", "new\u00a0york"),
        ("a/b", "a / b"),
        ("0", "0,0"),
        ("1,0", "1.0"),
        ("t-shirt", "t\u2011shirt"),
    ],
)
def test_one_class_to_a_person(names: tuple[str, ...]) -> None:
    assert labels.same(names) == [list(names)]
    assert labels.same(reversed(names)) == [list(reversed(names))]


@pytest.mark.parametrize(
    "names",
    [
        ("Cat", "cat"),
        ("US", "us"),
        ("Polish", "polish"),
        ("new york", "new_york", "New-York"),
        ("01", "1"),
        ("+1", "1"),
        ("gut", "gut."),
        ("t-shirt", "t\u2013shirt"),
        ("1.1", "1.10"),
        ("Straße", "STRASSE"),
        ("m\u00b2", "m2"),
        ("\uff11", "1"),
    ],
)
def test_what_may_be_meant_is_asked(names: tuple[str, ...]) -> None:
    assert labels.same(names) == []
    assert labels.similar(names) == [list(names)]


@pytest.mark.parametrize(
    "names",
    [
        ("A", "A+", "A-"),
        ("1", "-1", "1e-1", "10"),
        ("12345678901234567890123456789012", "12345678901234567890123456789013"),
        ("1e9999", "1e999"),
        ("true", "1"),
        ("か", "が"),
        ("\u0646\u0645\u06cc", "\u0646\u200c\u0645\u06cc"),  # Persian joins letters or not
        ("a", "b", "", " "),
    ],
)
def test_different_classes(names: tuple[str, ...]) -> None:
    assert labels.same(names) == []
    assert labels.similar(names) == []


def test_numbers_are_not_the_same_among_versions() -> None:
    assert labels.same(["0", "0.0", "unknown"]) == [["0", "0.0"]]
    assert labels.same(["1", "1.0", "0.5"]) == [["1", "1.0"]]
    assert labels.same(["1", "1.0", "2.0.1"]) == []
    assert labels.similar(["1", "1.0", "2.0.1"]) == [["1", "1.0"]]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("dog", "dogs"),
        ("apples", "apple"),
        ("berries", "berry"),
        ("red_fox", "Red Foxes"),
        ("RedFox", "red fox"),
        ("test_cat", "cat"),
        ("elefant", "elephant"),
        ("epicea", "\u00c9pic\u00e9as"),
    ],
)
def test_nearly_a_class_that_is_known(name: str, meant: str) -> None:
    assert labels.nearly([name], [meant, "zebra"]) == {name: meant}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("class 3", ["class 1", "class 2"]),  # numbers are no spelling mistakes
        ("left", ["right"]),
        ("male", ["female"]),
        ("house", ["horse"]),
        ("glass", ["grass"]),
        ("dog", ["dogs", "Dogs"]),  # either may be meant
    ],
)
def test_not_nearly_the_same(name: str, known: list[str]) -> None:
    assert labels.nearly([name], known) == {}


def test_two_that_are_nearly_one_class_are_not_told() -> None:
    assert labels.nearly(["dog", "Dog"], ["dogs"]) == {}


def test_accents_may_be_left_out() -> None:
    assert labels.similar(["cafe", CAFE]) == [["cafe", CAFE]]
    assert labels.similar(["apple", "apple - Copy", "apple copy 2", "photocopy"]) == [
        ["apple", "apple - Copy", "apple copy 2"]
    ]
    assert labels.similar(["Kopie von Birne", "Birne"]) == [["Kopie von Birne", "Birne"]]
    assert labels.similar(["Schoener Apfel", "Sch\u00f6ner Apfel"]) != []
    assert labels.similar(["R\u00f8d gr\u00f8d", "Roed groed", "gul"]) != []


def test_what_they_are_called_together() -> None:
    assert labels.plainest(["1.0", "1", "1e0"], Counter({"1.0": 9, "1": 2})) == "1"
    assert labels.plainest([NFD, CAFE], Counter({NFD: 9, CAFE: 1})) == CAFE
    assert labels.plainest(["true", "True"], Counter({"true": 1, "True": 2})) == "True"
    assert labels.plainest(["cat ", " cat"], Counter()) == "cat"
    assert labels.commonest(["Cat", "cat "], Counter({"Cat": 3, "cat ": 5})) == "cat"


def test_names_that_look_alike_are_told_apart() -> None:
    said = labels.quoted([CAFE, NFD, "a\u200bb", "x"], Counter({NFD: 3}))
    assert said == (
        f"“a\u200bb” (0, with invisible characters), “{NFD}” (3, accents as separate characters), "
        f"“{CAFE}” (0), “x” (0)"
    )
    assert labels.quoted([str(n) for n in range(9)]).endswith("“4”, …")


def test_matching_names_of_a_model() -> None:
    known = ("cat", CAFE, "US", "us")
    names = ["cat ", NFD, "Cat", "Us", "us", "dog"]
    assert labels.matched(names, known, loosely=False) == {"cat ": "cat", NFD: CAFE, "us": "us"}
    loosely = labels.matched(names, known, loosely=True)
    assert loosely == {"cat ": "cat", NFD: CAFE, "us": "us", "Cat": "cat"}  # "Us" may be either
    assert labels.matched(["0.0", "1.0"], ("0", "1"), loosely=False) == {"0.0": "0", "1.0": "1"}


names = st.lists(st.text(max_size=8) | st.integers().map(str) | st.floats().map(str), max_size=12)


@given(names)
def test_any_names_at_all(found: list[str]) -> None:
    for alike in (labels.same(found), labels.similar(found)):
        members = [name for several in alike for name in several]
        assert len(members) == len(set(members)) and set(members) <= set(found)
        assert all(len(several) > 1 for several in alike)
    for name in found:
        assert labels.tidy(labels.tidy(name)) == labels.tidy(name) or '"' in name or "'" in name


@given(st.integers(-(10**12), 10**12))
def test_every_whole_number_is_its_float(number: int) -> None:
    assert labels.same([str(number), f"{number}.0"]) == [[str(number), f"{number}.0"]]


@given(names, names)
def test_a_match_is_one_of_the_known(found: list[str], known: list[str]) -> None:
    for loosely in (False, True):
        matched = labels.matched(found, known, loosely)
        assert set(matched) <= set(found) and set(matched.values()) <= set(known)
        assert all(matched[name] == name for name in found if name in known)


def test_yes_and_no_in_any_spelling_are_asked_about() -> None:
    names = ("TRUE", "1", "wahr", "FALSE", "0", "falsch", "nein")
    assert labels.similar(names) == [["TRUE", "1", "wahr"], ["FALSE", "0", "falsch", "nein"]]
    assert labels.similar((*names, "maybe")) == []


def test_odd_spaces_are_shown_as_spaces() -> None:
    assert labels.quoted(["queen\u00a0lost"]) == "“queen lost” (with invisible characters)"
