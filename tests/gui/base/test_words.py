"""How the window writes numbers."""

import pytest

from transfergui.gui.base import words


@pytest.mark.parametrize(
    ("count", "english", "chinese"),
    [
        (3.5e6, "3.5 million", "350 万"),
        (4.1e9, "4.1 billion", "41 亿"),
        (1e5, "0.1 million", "10 万"),
    ],
)
def test_large_numbers_have_the_units_of_the_language(
    count: float, english: str, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words.large(count) == english
    monkeypatch.setattr(words, "language", lambda: "zh_CN")
    assert words.large(count) == chinese
