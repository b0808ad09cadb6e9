"""Messages and UserError: codes with values become one safe line."""

import pytest

from transfergui.core import i18n, messages
from transfergui.core.errors import UserError


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
