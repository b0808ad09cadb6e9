"""How many tokens hold nearly all of some texts."""

from __future__ import annotations

import heapq
import re
import threading
import zlib
from collections.abc import Iterable

import numpy as np

from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import MOST_TOKENS

PIECE = re.compile(f"[{tokens.UNSPACED}]|[^\\W_{tokens.UNSPACED}]+|[^\\w\\s]")
"""A word, a sign, or a character of a script that sets no spaces between words."""
PER_PIECE = 1.2
"""Tokens of a network for one of them: rare words are cut up."""
AROUND = 2
"""Tokens that networks want around a text."""
PERCENTILE = 98.0
"""Of 100 texts, so many are seen whole."""
FEWEST_TOKENS = 16
STEP = 8
MEASURED = 4000
"""Texts whose length is measured: of more, a random choice."""


def expected_tokens(text: str) -> float:
    """About as many tokens as a network's own tokenizer will make of a text."""
    return AROUND + PER_PIECE * sum(1 for _ in PIECE.finditer(text[: MOST_TOKENS * tokens.LONGEST]))


class SomeTexts:
    """A random choice of texts, at most :data:`MEASURED`, from several threads.

    The choice is made by checksums of the texts: it is the same on every scan, in whatever order
    the texts come and wherever the folder is, and it is spread over all classes.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[int, str]] = []  # a heap, the largest checksum first
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        rank = -zlib.crc32(text.encode("utf-8", "surrogatepass"))
        kept = (rank, text[: MOST_TOKENS * tokens.LONGEST])
        with self._lock:
            if len(self._kept) < MEASURED:
                heapq.heappush(self._kept, kept)
            else:
                heapq.heappushpop(self._kept, kept)

    def texts(self) -> list[str]:
        """The beginnings of those that were chosen."""
        return [text for _rank, text in sorted(self._kept)]


def suitable_tokens(texts: Iterable[str]) -> int:
    """How many tokens hold nearly all of the texts."""
    some = SomeTexts()
    for text in texts:
        some.add(text)
    lengths = [expected_tokens(text) for text in some.texts()]
    wanted = float(np.percentile(lengths, PERCENTILE)) if lengths else 0.0
    steps = int(np.ceil(wanted / STEP))
    return min(MOST_TOKENS, max(FEWEST_TOKENS, STEP * steps))
