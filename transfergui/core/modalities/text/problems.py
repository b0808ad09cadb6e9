"""What is worth a note about texts: one problem for each reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from transfergui.core.data.dataset import Problem
from transfergui.core.data.file_part import FilePart
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.lengths import expected_tokens
from transfergui.core.modalities.text.options import MOST_TOKENS

EXAMPLE = 60
"""Characters of a text that are shown as an example."""

WORD = re.compile(r"\w")
MARKUP = re.compile(tokens.MARKUP)
HIDDEN = re.compile(tokens.CONTROL.replace("\ufffd", ""))


class TextProblems:
    """What is to be said about texts: one problem for each reason, with the first example."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, Problem] = {}

    def look(self, path: str, text: str) -> None:
        """Count whatever is remarkable about one text."""
        for code in remarkable(text):
            self.count(code, path, text)

    def count(
        self,
        code: str,
        path: str,
        text: str,
        number: int = 1,
        left_out: bool = False,
        values: Mapping[str, str] = {},
    ) -> None:
        self._counts[code] += number
        if code not in self._first:
            said = {"first": path, "value": tokens.clean(text[: 4 * EXAMPLE])[:EXAMPLE], **values}
            self._first[code] = Problem(
                code, said, path=FilePart.parse(path).file, left_out=left_out
            )

    def problems(self) -> list[Problem]:
        return [
            msgspec.structs.replace(first, values={"count": self._counts[code], **first.values})
            for code, first in self._first.items()
        ]


def remarkable(text: str) -> Iterator[str]:
    """Codes of what is worth a note about a text that is used."""
    if "<" in text and MARKUP.search(text):
        yield "text.markup"
    if not text.isprintable() and HIDDEN.search(text):
        yield "text.control"
    if "\ufffd" in text:
        yield "text.undecodable"
    if not WORD.search(text):
        yield "text.no_words"
    if len(text) > MOST_TOKENS and expected_tokens(text) > MOST_TOKENS:
        yield "text.long"
