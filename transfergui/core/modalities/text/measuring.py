"""What can be measured of a text without understanding it."""

from __future__ import annotations

import re
from pathlib import Path

from transfergui.core.data.languages import ENGLISH, LATIN
from transfergui.core.data.properties import Value
from transfergui.core.modalities.text import languages, reading, tokens
from transfergui.core.modalities.text.lengths import expected_tokens
from transfergui.core.modalities.text.options import TextInput

LONGEST = 4000
"""Characters that are looked at, of each text."""
FEWEST_LETTERS = 12
"""In a text with fewer letters of an alphabet, a language cannot be told."""
RARE = 0.02
"""Share of English function words up to which a single text is not English: one of 20 words full of
names has few."""
WORD = re.compile(r"\w+")
SIGN = re.compile(r"[^\w\s]")
DIGIT = re.compile(r"\d")


def measure(path: Path, input: TextInput) -> dict[str, Value]:
    """By the keys of :mod:`.properties`; and about how many tokens a text has.

    Raises:
        UserError: ``text.*``, ``input.vanished``.
    """
    return of_text(reading.read(path, input))


def of_text(whole: str) -> dict[str, Value]:
    """As :func:`measure`."""
    text = whole[:LONGEST]
    words = WORD.findall(text)
    letters = sum(map(len, words))
    size = max(1, len(text.strip()))
    last = text.rstrip()[-1:]
    return {
        "characters": float(len(whole.strip())),
        "words": float(len(words)),
        "word_length": letters / max(1, len(words)),
        "punctuation": len(SIGN.findall(text)) / size,
        "end": last if SIGN.fullmatch(last) else "",
        "capitals": sum(map(str.isupper, text)) / max(1, letters),
        "digits": len(DIGIT.findall(text)) / size,
        "spaces": float(len(text) - len(text.strip())),
        "lines": float(text.strip().count("\n") + 1),
        "language": language(tokens.clean(text[: languages.LONGEST])),
        "tokens": expected_tokens(whole),
    }


def language(text: str) -> str:
    """As of :mod:`transfergui.core.data.languages`; empty where a text is too short to tell."""
    script = languages.script_of(text)
    if languages.DENSE.get(script, 1) * sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return ""
    if script != LATIN:
        return script
    words = [word.lower() for word in languages.WORD.findall(text)]
    if len(words) < languages.FEWEST_WORDS:
        return ""
    common = sum(languages.FUNCTION_WORD.fullmatch(word) is not None for word in words)
    return ENGLISH if languages.is_english([text]) or common > RARE * len(words) else LATIN
