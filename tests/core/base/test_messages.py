"""Messages and UserError: codes with values become one safe line."""

import re

import pytest

from transfergui.core.base import i18n, messages
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note

PLACES = re.compile(r"{([a-z_]+)}")


def test_the_sentence_of_a_user_error() -> None:
    error = UserError("data.missing", path="/tmp/beetles")
    assert error.code == "data.missing"
    assert str(error).startswith("/tmp/beetles does not exist.")


def test_an_unknown_code_is_a_bug() -> None:
    with pytest.raises(KeyError):
        UserError("data.mising", path="x")


def test_an_error_has_a_note() -> None:
    assert UserError("data.missing", path="x").note == Note("data.missing", {"path": "x"}, "error")


@pytest.mark.parametrize(
    ("note", "known"),
    [
        (Note("data.missing", {"path": "x"}), True),
        (Note("data.missing"), False),  # its sentence needs a value
        (Note("from.the_future", {"path": "x"}), False),
    ],
)
def test_a_note_of_another_version_is_recognised(note: Note, known: bool) -> None:
    assert note.is_known is known


def test_values_cannot_break_the_line_or_the_form() -> None:
    text = str(UserError("data.missing", path="a\nb\udcff{0}\u202ec"))
    assert "\n" not in text
    assert "a\\nb\\udcff{0}\\u202ec" in text


def test_sentences_are_translated_when_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UserError("data.missing", path="x")
    monkeypatch.setattr(messages, "_", lambda text: "Nichts bei {path}.")
    assert str(error) == "Nichts bei x."


@pytest.mark.parametrize(
    ("translation", "reason"),
    [("{path} 是空文件。", "是空文件。"), ("{path} 中没有文本。", "x 中没有文本。")],
)
def test_a_chinese_reason_is_a_sentence(
    translation: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_", lambda text: translation)
    assert messages.reason("picture.empty", {"path": "x"}) == reason


def test_numbers_keep_their_form() -> None:
    assert i18n._("") == ""
    values = {"count": 1, "noun": "pictures"}
    assert Note("data.too_few", values).sentence().startswith("1 pictures are too few")


def test_one_is_worded_with_what_many_are() -> None:
    """In the singular, nothing is filled in that the plural lacks."""
    for code in messages.ONE:
        values = dict.fromkeys(PLACES.findall(messages.MESSAGES[code]), "x")
        one = Note(code, {**values, "count": 1}).sentence()
        assert one != Note(code, {**values, "count": 2}).sentence(), code
        assert "one" in one.lower(), code


def test_one_text_and_two() -> None:
    values = {"path": "a.csv", "row": 3, "value": "x"}
    one = Note("rows.no_text", {"count": 1, **values}).sentence()
    assert one == "One row of a.csv contains no text and is left out (row 3, x)."
    assert Note("rows.no_text", {"count": 2, **values}).sentence().startswith("2 rows of")


def test_the_reason_comes_first_where_the_file_stands_beside_it() -> None:
    values = {"path": "a-long-name.png", "reason": "Permission denied"}
    assert Note("picture.unreadable", values).reason() == "Cannot be opened: Permission denied."
    assert UserError("input.vanished", path="a.png").note.reason() == "Is missing."
    whole = Note("data.folder_unreadable", values).sentence()
    assert Note("data.folder_unreadable", values).reason() == whole
    assert Note("picture.empty", {"path": "{path} x"}).reason().startswith("Is empty (0 bytes).")


def test_no_code_has_two_sentences() -> None:
    assert sum(len(subject.MESSAGES) for subject in messages.SUBJECTS) == len(messages.MESSAGES)
    assert sum(len(subject.ONE) for subject in messages.COUNTED) == len(messages.ONE)


ABOUT_FILE = [code for code, text in messages.MESSAGES.items() if text.startswith(messages.NAME)]


def test_without_its_file_a_sentence_goes_on_with_what_it_is_or_does() -> None:
    for code in ABOUT_FILE:
        follows = messages.MESSAGES[code].removeprefix(messages.NAME).split()[0]
        goes_on = follows in ("in", "and", "or", "from", "of", "with")
        assert goes_on == (code in messages.NEEDS_NAME), code
