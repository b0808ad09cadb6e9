"""Texts that are nearly the same: forwarded, signed, with other signs, or with a word changed.

Compared are shingles, the runs of a few words, as Broder does (On the resemblance and containment
of documents, 1997): what of the shorter text is in the longer one.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from transfergui.core.modalities.text import tokens

WORD = re.compile(tokens.WHOLE_WORD)
LENGTH, FEWEST = 4, 6
"""Words of a shingle; shingles of a text that is compared by them."""
CONTAINED = 0.8
"""The share of the shorter text's shingles that is in the longer one."""
OFTEN = 8
"""A shingle of more texts is a phrase of many people, a greeting for one."""
MOST = 20_000
"""More texts are not compared: 10,000 reviews take a second."""


def pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Indices (earlier, later) of texts that are nearly the same; equal ones are among them."""
    words = [tuple(WORD.findall(text.casefold())) for text in texts]
    firsts: dict[tuple[str, ...], int] = {}
    found = [
        (first, at)
        for at, said in enumerate(words)
        if said and (first := firsts.setdefault(said, at)) != at
    ]
    return found + _by_shingles({at: said for said, at in firsts.items()})


def _by_shingles(words: dict[int, tuple[str, ...]]) -> list[tuple[int, int]]:
    """The same among texts whose words differ."""
    shingles = {at: _shingles(said) for at, said in words.items()}
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for at, runs in shingles.items():
        if len(runs) >= FEWEST:
            for run in runs:
                holders[run].append(at)
    shared: Counter[tuple[int, int]] = Counter()
    for several in holders.values():
        if 1 < len(several) <= OFTEN:
            shared.update(itertools.combinations(several, 2))
    return [
        (one, other)
        for (one, other), count in shared.items()
        if count >= CONTAINED * min(len(shingles[one]), len(shingles[other]))
    ]


def _shingles(words: tuple[str, ...]) -> set[int]:
    return {hash(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1)}
