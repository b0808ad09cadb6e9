"""Texts of which only the beginning is read."""

import numpy as np

from transfergui.core.modalities.text import framing
from transfergui.core.modalities.text.options import TextInput


def told(tokens: int) -> list[tuple[str, int, int]]:
    lengths = {"tokens": np.arange(1.0, 301.0, 3.0)}
    found = framing.framed(lengths, TextInput(tokens=tokens))
    return [(each.setting, each.value, len(each.rows)) for each in found]


def test_long_texts_are_told_with_a_length_that_holds_them() -> None:
    assert told(64) == [("input.tokens", 256, 78)]
    assert told(256) == [("", None, 14)]  # nothing longer is read; the scan tells it too
    assert told(280) == [("", None, 6)]
    assert told(300) == []
