"""Texts of which only the beginning is read."""

import numpy as np

from transfergui.core.modalities.text import framing
from transfergui.core.modalities.text.options import TextInput


def told(tokens: int) -> list[tuple[str, int]]:
    lengths = {"tokens": np.arange(1.0, 101.0)}
    found = framing.framed(lengths, TextInput(tokens=tokens))
    return [(each.setting, each.value) for each in found]


def test_long_texts_are_told_with_a_length_that_holds_them() -> None:
    assert told(64) == [("input.tokens", 104)]
    assert told(96) == []
    assert told(256) == []  # what is longer, the scan tells
