"""Messages and UserError: codes with values become one safe line."""

import re

import pytest

from transfergui.core.base import i18n, messages
from transfergui.core.base.errors import UserError

PLACES = re.compile(r"{([a-z_]+)}")


def test_the_sentence_of_a_user_error() -> None:
    error = UserError("data.missing", path="/tmp/beetles")
    assert error.code == "data.missing"
    assert str(error).startswith("There is nothing at /tmp/beetles.")


def test_an_unknown_code_is_a_bug() -> None:
    with pytest.raises(KeyError):
        UserError("data.mising", path="x")


def test_values_cannot_break_the_line_or_the_form() -> None:
    text = str(UserError("data.missing", path="a\nb\udcff{0}\u202ec"))
    assert "\n" not in text
    assert "a\\nb\\udcff{0}\\u202ec" in text


def test_sentences_are_translated_when_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    error = UserError("data.missing", path="x")
    monkeypatch.setattr(messages, "_", lambda text: "Nichts bei {path}.")
    assert str(error) == "Nichts bei x."


def test_numbers_keep_their_form() -> None:
    assert i18n._("") == ""
    values = {"count": 1, "noun": "pictures"}
    assert messages.sentence("data.too_few", values).startswith("1 pictures are too few")


@pytest.mark.parametrize("code", messages.ONE)
def test_one_is_worded_with_what_many_are(code: str) -> None:
    """In the singular, nothing is filled in that the plural lacks."""
    values = dict.fromkeys(PLACES.findall(messages.MESSAGES[code]), "x")
    one = messages.sentence(code, {**values, "count": 1})
    assert one != messages.sentence(code, {**values, "count": 2})
    assert one.startswith(("One ", "Validation "))


def test_one_text_and_two() -> None:
    values = {"path": "a.csv", "row": 3, "value": "x"}
    one = messages.sentence("rows.no_text", {"count": 1, **values})
    assert one == "One row of a.csv holds no text (row 3, x)."
    assert messages.sentence("rows.no_text", {"count": 2, **values}).startswith("2 rows of")


def test_the_reason_comes_first_where_the_file_stands_beside_it() -> None:
    values = {"path": "a-long-name.png", "reason": "Permission denied"}
    assert messages.reason("picture.unreadable", values) == "Cannot be opened: Permission denied."
    assert UserError("input.vanished", path="a.png").reason == "Is gone."
    whole = messages.sentence("data.folder_unreadable", values)
    assert messages.reason("data.folder_unreadable", values) == whole
    assert messages.reason("picture.empty", {"path": "{path} x"}).startswith("Is empty (0 bytes).")


def test_no_code_has_two_sentences() -> None:
    assert sum(len(subject.MESSAGES) for subject in messages.SUBJECTS) == len(messages.MESSAGES)
    assert sum(len(subject.ONE) for subject in messages.COUNTED) == len(messages.ONE)
    with_one = [subject for subject in messages.SUBJECTS if hasattr(subject, "ONE")]
    assert with_one == list(messages.COUNTED)


ABOUT_FILE = [code for code, text in messages.MESSAGES.items() if text.startswith(messages.NAME)]


@pytest.mark.parametrize("code", ABOUT_FILE)
def test_without_its_file_a_sentence_goes_on_with_what_it_is_or_does(code: str) -> None:
    follows = messages.MESSAGES[code].removeprefix(messages.NAME).split()[0]
    assert (follows in ("in", "and", "or", "from", "of", "with")) == (code in messages.NEEDS_NAME)
