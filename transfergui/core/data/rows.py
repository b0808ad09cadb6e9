"""Rows of the tables of users."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple


class OwnRow(NamedTuple):
    """A row of a table of the user.

    Attributes:
        names: of the columns, each its own; as many as cells, or more.
    """

    names: tuple[str, ...]
    cells: Sequence[str]


COLUMNS = ("path", "label", "confidence")
"""How the header of a table of predictions begins."""


def named_apart(names: Sequence[str], others: Collection[str], suffix: str) -> tuple[str, ...]:
    """``names``, with ``suffix`` behind each that is among ``others``; no name comes twice."""
    taken = {*others, *names}
    named: dict[str, None] = {}
    for name in names:
        column = name
        while column in others or column in named or (column != name and column in taken):
            column += suffix
        taken.add(column)
        named[column] = None
    return tuple(named)
