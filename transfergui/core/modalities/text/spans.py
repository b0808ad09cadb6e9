"""The words of a text that its tokens are of, and how much each speaks for a prediction."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from transfergui.core.data.captions import caption
from transfergui.core.interfaces.samples import Preview, Text
from transfergui.core.modalities.text import reading, tokens
from transfergui.core.modalities.text.options import TextInput
from transfergui.core.modalities.text.preview import SHOWN


def units(path: Path, input: TextInput) -> np.ndarray:
    """The number of the word that each token is of, int [``input.tokens``]; -1 where it is of none.

    Raises:
        UserError: as :func:`reading.read`.
    """
    return _stretches(_text(path, input), input)[1]


def explained(path: Path, heat: np.ndarray, input: TextInput) -> Preview:
    """A text on one line, with how much each word that the network reads speaks for a prediction.

    Args:
        heat: of each token [``input.tokens``].

    Raises:
        UserError: as :func:`reading.read`.
    """
    text = _text(path, input)
    offsets, words = _stretches(text, input)
    found: dict[int, list[float]] = {}
    for word, (start, end), share in zip(words.tolist(), offsets.tolist(), heat, strict=True):
        if word >= 0:
            before = found.setdefault(word, [start, end, 0.0])
            before[0], before[1] = min(before[0], start), max(before[1], end)
            before[2] += float(share)
    most = max((abs(share) for _start, _end, share in found.values()), default=0.0) or 1.0
    shares = tuple((int(s), int(e), share / most) for s, e, share in found.values() if e > s)
    return Preview("text", Text(text, shares=shares), caption(os.fspath(path.name)))


def _text(path: Path, input: TextInput) -> str:
    """Without markup and on one line, as the tokenizer takes it, too."""
    return tokens.clean(reading.read(path, input)[:SHOWN])


def _stretches(text: str, input: TextInput) -> tuple[np.ndarray, np.ndarray]:
    return tokens.open_folder(Path(input.assets)).stretches(text, input.tokens)
