"""Texts as neutral data to show."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from transfergui.core.data.captions import caption
from transfergui.core.interfaces.samples import Preview, Text
from transfergui.core.modalities.text import reading, tfidf, tokens
from transfergui.core.modalities.text.options import TextInput

SHOWN = 20_000
"""Characters of a text; nobody reads on beyond."""


def of_text(path: Path, input: TextInput) -> Preview:
    """A text as it is written, and what the tokenizer, where one is known, makes of it.

    Raises:
        UserError: the text cannot be read, or the tokenizer cannot be used.
    """
    text = reading.read(path, input)
    title = caption(os.fspath(path.name))
    if not input.assets:
        return Preview("text", Text(text[:SHOWN]), title)
    tokenizer = tokens.open_folder(Path(input.assets))
    whole = tokenizer.whole(text)
    around = int(whole.special.sum())
    cut = max(0, len(whole.ids) - input.tokens)
    own = ~whole.special
    seen = np.flatnonzero(own)[: max(0, input.tokens - around)]
    unknown = float((whole.ids[own] == tokenizer.unknown).mean()) if own.any() else 0.0
    known = _weighed(whole.ids[seen], Path(input.assets))
    written = known or (tuple(whole.tokens[i] for i in seen), ())
    return Preview("text", Text(text[:SHOWN], written[0], unknown, cut, written[1]), title)


def of_ids(ids: np.ndarray, input: TextInput) -> Preview:
    """What the network gets, int64 [n], in words again."""
    tokenizer = tokens.open_folder(Path(input.assets))
    own = [int(each) for each in ids if int(each) not in tokenizer.special - {tokenizer.mask}]
    written = tuple(tokenizer.token(each) for each in own)
    unknown = sum(each == tokenizer.unknown for each in own) / max(1, len(own))
    if known := _weighed(np.array(own, np.int64), Path(input.assets)):
        return Preview("text", Text("", known[0], unknown, weights=known[1]))
    return Preview("text", Text(tokenizer.words(own), written, unknown))


def _weighed(ids: np.ndarray, folder: Path) -> tuple[tuple[str, ...], tuple[float, ...]] | None:
    """What TF-IDF counts in a text, and the weight of each; None of other networks."""
    if not (folder / tfidf.IDF).is_file():
        return None
    found = tfidf.weighed(ids, folder)
    return tuple(name for name, _ in found), tuple(weight for _, weight in found)
