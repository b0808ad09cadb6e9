"""A file or a part of one, and the text that names it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.data.file_part import FilePart, is_part

FILES = st.one_of(
    st.text(st.sampled_from("ab.#/019"), min_size=1, max_size=20),
    st.text(min_size=1, max_size=20),
    st.text(string.printable, min_size=1, max_size=20),
)
PARTS = st.none() | st.integers(0, 10**15)


@given(FILES, PARTS)
def test_every_part_is_named_so_that_it_is_found_again(file: str, part: int | None) -> None:
    whole = FilePart(file, part)
    assert FilePart.parse(str(whole)) == whole
    assert is_part(str(whole)) == (part is not None)


@pytest.mark.parametrize(
    ("text", "file", "part"),
    [
        ("C#/a#1.jpg", "C#/a#1.jpg", None),
        ("C#/rec#2.wav#12000", "C#/rec#2.wav", 12000),
        ("table#3.csv#17", "table#3.csv", 17),
        ("a.b#3/x", "a.b#3/x", None),
        ("a.b#3/talk##0", "a.b#3/talk", 0),
        ("talk.recording##500", "talk.recording", 500),
        ("a.jpg#1##", "a.jpg#1", None),
    ],
)
def test_the_text_of_a_part(text: str, file: str, part: int | None) -> None:
    assert FilePart.parse(text) == FilePart(file, part)
    assert str(FilePart(file, part)) == text


@pytest.mark.parametrize("name", ["talk##", "photo.jpg##3", "##", "#3", "no extension#3"])
def test_names_that_need_no_second_mark_are_whole_files(name: str) -> None:
    assert FilePart.parse(name) == FilePart(name)
    assert str(FilePart(name)) == name
