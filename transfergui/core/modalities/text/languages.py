"""In which languages texts are: told by their script, and for Latin letters whether it is English.

What the networks in the list were trained on is known in these terms only, and finer ones would
need a library: which of the languages in Cyrillic letters it is, say, decides nothing here.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from transfergui.core.base import paths
from transfergui.core.data.languages import ENGLISH, LATIN, OTHER
from transfergui.core.modalities.text import tokens

RANGES = {
    LATIN: "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\uff21-\uff5a",
    "Jpan": "\u3040-\u30ff\uff66-\uff9f",
    "Hani": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
    "Kore": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Cyrl": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Deva": "\u0900-\u097f\ua8e0-\ua8ff",
    "Thai": "\u0e00-\u0e7f",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Armn": "\u0530-\u058f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Gujr": "\u0a80-\u0aff",
    "Mymr": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
}
PATTERNS = {code: re.compile(f"[{span}]") for code, span in RANGES.items()}
WORD = re.compile(f"[{RANGES[LATIN]}]+")
DENSE = {"Hani": 3.0, "Jpan": 3.0, "Kore": 2.0}
"""How many letters of an alphabet say as much as one character of these scripts."""
KANA = 0.1
"""Share of kana among the characters of East Asia from which on texts are Japanese."""

MEASURED, LONGEST = 1000, 1000
"""Texts that are looked at, and characters of each."""
MIXED = 0.2
"""Share of the texts from which on a language is one of theirs."""
FEWEST_WORDS = 20
"""With fewer words in Latin letters, English is not ruled out."""
KNOWN, COMMON = 0.8, 0.05
"""Texts are not English where a smaller share of their words is in an English vocabulary, and one
of them a :data:`FUNCTION_WORD`. Catalogues of translated programs in 23 languages: at most
0.64 and 0.03, but simple French and Spanish sentences 0.73 and 0; English reviews 0.91 and 0.20,
titles without function words 0.89 and 0."""
FUNCTION_WORD = re.compile(
    "the|and|that|this|for|with|you|have|but|they|from|by|what|which|who|would|there|been|if|when|"
    "can|were|she|your|their|just|about|some|more|than|then|it|its|our|them|because|into"
)
"""Of English, without those that are common words of its neighbours, too (Polish i, Dutch of)."""


def of_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """The languages of some of the texts, the commonest first; none where there are no letters."""
    step = -(-len(texts) // MEASURED) or 1
    some = [tokens.clean(text[:LONGEST]) for text in texts[::step]]
    written = Counter(script for text in some if (script := script_of(text)))
    if {"Hani", "Jpan"} <= written.keys() and written["Jpan"] >= KANA * written["Hani"]:
        written["Jpan"] += written.pop("Hani")  # a short Japanese text may be without kana
    if LATIN in written and is_english(text for text in some if script_of(text) == LATIN):
        written[ENGLISH] = written.pop(LATIN)
    least = MIXED * written.total()
    return tuple(code for code, count in written.most_common() if count >= least)


def script_of(text: str) -> str:
    """The script of most of what a text says; empty where there are no letters."""
    counts = {code: DENSE.get(code, 1) * len(p.findall(text)) for code, p in PATTERNS.items()}
    told = sum(len(pattern.findall(text)) for pattern in PATTERNS.values())
    counts[OTHER] = sum(map(str.isalpha, text)) - told
    if counts["Jpan"] >= KANA * (counts["Jpan"] + counts["Hani"]):
        counts["Jpan"] += counts.pop("Hani")
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] > 0 else ""


def is_english(texts: Iterable[str]) -> bool:
    """Whether texts in Latin letters are English, as far as their words tell."""
    words = [word.lower() for text in texts for word in WORD.findall(text)]
    if len(words) < FEWEST_WORDS:
        return True
    known = sum(word in _vocabulary() for word in words) / len(words)
    common = sum(FUNCTION_WORD.fullmatch(word) is not None for word in words) / len(words)
    return known >= KNOWN or common >= COMMON


@functools.cache
def _vocabulary() -> frozenset[str]:
    """The whole words that the built-in word vectors know; English ones, but for some names."""
    folder = paths.resource("backbones", "word_vectors")
    tree = tokens.read_tree(folder / tokens.TOKENIZER)
    return frozenset(word for word in tree["model"]["vocab"] if not word.startswith("##"))
