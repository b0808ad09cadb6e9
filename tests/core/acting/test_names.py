"""Names that every system takes."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergui.core.acting import names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cat", "cat"),
        ("a/b:c", "a_b_c"),
        ("con", "_con"),
        ("LPT1.old", "_LPT1.old"),
        ("dots...", "dots"),
        ("..", "_"),
        (".hidden", "_hidden"),
        (" ", "_"),
        ("瓢虫", "瓢虫"),
        ("x" * 300, "x" * names.LONGEST),
    ],
)
def test_what_a_class_is_called_as_a_folder(text: str, name: str) -> None:
    assert names.safe(text) == name


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_text_becomes_a_name(text: str) -> None:
    name = names.safe(text)
    assert name
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
    assert not name.startswith((".", " "))
    assert not name.endswith((".", " "))
    assert not names.RESERVED.fullmatch(name)
    assert len(name.encode()) <= names.LONGEST + 1
    assert names.safe(name) == name


def test_names_are_apart_on_systems_that_know_no_case() -> None:
    found = names.folders(["Cat", "cat", "a/b", "a:b", "_unlike"], ["_unlike"])
    assert list(found.values()) == ["Cat", "cat (2)", "a_b", "a_b (2)", "_unlike (2)"]


def test_no_name_is_given_twice(tmp_path: Path) -> None:
    (tmp_path / "1 (2).jpg").touch()
    free = names.FreeNames()
    found = [free.free(tmp_path, name).name for name in ("1.jpg", "1.JPG", "1.jpg", "1.jpg")]
    assert found == ["1.jpg", "1 (2).JPG", "1 (3).jpg", "1 (4).jpg"]
