"""What is measured of texts."""

import pytest

from transfergui.core.modalities.text import measuring


def test_counts() -> None:
    values = measuring.of_text(" Was 3 times ON time! ")
    assert (values["words"], values["characters"], values["end"]) == (5, 20, "!")
    assert values["spaces"] == 2
    assert values["capitals"] == pytest.approx(3 / 15)


@pytest.mark.parametrize(
    "text, language",
    [
        ("The film was good, and the actors knew what they were doing in it. " * 2, "en"),
        ("Der Film war gut, und die Schauspieler wussten, was sie darin taten. " * 3, "Latn"),
        ("这家的外卖很好吃，下次还会再点，送餐也很快", "Hani"),
        ("非常快，态度好。", "Hani"),
        ("good film", ""),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert measuring.of_text(text)["language"] == language
