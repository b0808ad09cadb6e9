"""Which pages of the guide have words that somebody looks for, those with most of them first."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True)
class Found:
    """A page that has some of the words.

    Attributes:
        words: how many of them.
        hits: how often they occur in it.
    """

    page: Page
    words: int
    hits: int


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
    """The pages with words of the query: most of them first, then those with one in the title,
    then by hits."""
    wanted, found = words(query), []
    for page in pages:
        text = render.plain(page.text).casefold()
        counts = [text.count(word) for word in wanted]
        if any(counts):
            found.append(Found(page, sum(map(bool, counts)), sum(counts)))

    def order(one: Found) -> tuple[int, int, int]:
        title = one.page.title.casefold()
        return -one.words, -sum(word in title for word in wanted), -one.hits

    return sorted(found, key=order)
