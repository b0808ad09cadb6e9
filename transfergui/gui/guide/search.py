"""Which pages of the guide have the words that somebody looks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transfergui.gui.guide import render
from transfergui.gui.guide.pages import Page


@dataclass(frozen=True)
class Found:
    """A page that has all the words.

    Attributes:
        hits: how often they occur in it.
    """

    page: Page
    hits: int


def words(query: str) -> list[str]:
    """What is looked for: the words of a query, in lower case."""
    return query.casefold().split()


def search(pages: Iterable[Page], query: str) -> list[Found]:
    """The pages with every word of the query: first those with one in the title, then by hits."""
    wanted, found = words(query), []
    for page in pages:
        text = render.plain(page.text).casefold()
        counts = [text.count(word) for word in wanted]
        if wanted and all(counts):
            found.append(Found(page, sum(counts)))

    def order(one: Found) -> tuple[bool, int]:
        title = one.page.title.casefold()
        return not any(word in title for word in wanted), -one.hits

    return sorted(found, key=order)
