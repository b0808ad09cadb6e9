"""Which pages of the guide have words that somebody looks for, those with most of them first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transfergui.gui.guide import render
from transfergui.gui.guide.pages import Page

_TOLD = (
    "a about all an and any are as at be but by can could do does for from get has have how i if "
    "in is it its me my no not of on or our should so than that the then there this to too want "
    "was we what when where which who why will with you your"
)
COMMON = frozenset(_TOLD.split())
"""Words that nearly every page has."""
ENDINGS = ("ations", "ation", "ions", "ion", "ings", "ing", "ies", "ed", "es", "s", "y")
"""Of English words, the longest first."""
STEM = 4
"""Letters that stay at least."""
MARKS = "?!.,;:“”\"'()？！。，；："
"""Around words."""
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """A page that has some of the words.

    Attributes:
        words: how many of them.
        hits: how often they occur in it.
        weight: the same, where a word counts the more the fewer pages have it (tf-idf).
    """

    page: Page
    words: int
    hits: int
    weight: float


def words(query: str) -> list[str]:
    """What is looked for: the words of a query in lower case, without their endings.

    Words such as “can” and “my” are only looked for where there are no others.
    """
    every = [word for part in query.casefold().split() if (word := part.strip(MARKS))]
    told = [word for word in every if word not in COMMON]
    return list(dict.fromkeys(map(_stem, told or every)))


def _stem(word: str) -> str:
    """``predict`` of predictions and predicting, so that each finds the other."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= STEM:
            return word.removesuffix(ending)
    return word


def search(pages: Iterable[Page], query: str) -> list[Found]:
    """The pages with words of the query: most of them first, then those with one in the title, in
    other headings, then by hits, where words that few pages have count more: “model” is on all.
    """
    wanted, counted = words(query), []
    for page in pages:
        text = render.plain(page.text).casefold()
        counted.append((page, [text.count(word) for word in wanted]))
    rarity = [_rarity([counts[at] for _page, counts in counted]) for at in range(len(wanted))]
    found = []
    for page, counts in counted:
        if any(counts):
            weight = sum(math.log1p(n) * rare for n, rare in zip(counts, rarity, strict=True))
            found.append(Found(page, sum(map(bool, counts)), sum(counts), weight))

    def order(one: Found) -> tuple[float, ...]:
        title, headings = one.page.title.casefold(), _headings(one.page)
        titled, headed = (sum(word in text for word in wanted) for text in (title, headings))
        return -one.words, -titled, -headed, -one.weight

    return sorted(found, key=order)


def _rarity(counts: Sequence[int]) -> float:
    """Inverse document frequency of a word that occurs so often in each page."""
    return math.log(len(counts) / max(1, sum(map(bool, counts))))


def _headings(page: Page) -> str:
    return " ".join(HEADING.findall(page.text)).casefold()
