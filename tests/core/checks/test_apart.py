"""Classes without a common source."""

import pytest

from transfergui.core.checks import apart
from transfergui.core.data.dataset import Sample


def dealt(*classes: str) -> tuple[list[int], list[str]]:
    """Each class with the sources whose letters it names, four samples of each."""
    rows = [(label, letter) for label, own in enumerate(classes) for letter in own * 4]
    return [label for label, _ in rows], [letter for _, letter in rows]


def test_two_classes_of_different_speakers_are_found() -> None:
    (found,) = apart.pairs(*dealt("abc", "def", "abcdef"))
    assert found == (0, 1, (("a", "b", "c"), ("d", "e", "f")))


@pytest.mark.parametrize(
    "classes",
    [
        ("abcdef", "abcdef"),  # everybody said everything
        ("abc", "def"),  # patients, or kinds of a class
        ("abc", "cde", "ab"),  # one speaker gave both
        ("a", "b", "ab"),  # two speakers are no pattern
        ("ab", "cd", *"efghijklmnop", "abcdefghijklmnop"),  # of so many, that may be chance
    ],
)
def test_others_are_not(classes: tuple[str, ...]) -> None:
    assert apart.pairs(*dealt(*classes)) == []


def test_words_in_names_are_sources_and_numbers_are_not() -> None:
    def named(*names: str) -> list[tuple[int, list[str]]]:
        return list(apart.name_parts([Sample(f"x/{name}.wav", 0) for name in names]))

    speakers = ["ann", "bob", "cas"] * 3
    found = named(*(f"rec{at}_{who}_{at % 2}" for at, who in enumerate(speakers)))
    assert found == [(2, speakers)]
    assert named(*(f"IMG_{at}" for at in range(9))) == []
    assert named() == []
