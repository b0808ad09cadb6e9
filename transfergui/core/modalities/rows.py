"""Rows of tables as people write them: cells, delimiters, and what is wrong, counted per reason."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from transfergui.core.dataset import TABLES, Problem

SUFFIXES = frozenset(TABLES)
DELIMITERS = ",\t;|"
MAX_LINE = 100_000
"""Characters; a longer line is no row of a list of files."""
EXCERPT = 60
"""Characters of a row that are shown as an example of what is wrong with it."""


def json_object(text: str, limit: int = MAX_LINE) -> dict[str, Any] | None:
    """The object that a line of JSON holds; None where it holds none."""
    try:
        tree = json.loads(text) if len(text) <= limit else None
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def plain(value: Any) -> str:
    """A value of such an object as a cell."""
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def cells(text: str, delimiter: str, limit: int = MAX_LINE) -> list[str] | None:
    """The cells of one line; None where it cannot be a row of its own."""
    if len(text) > limit or "\0" in text:
        return None
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):  # the latter: the line is empty
        return None


def delimiter(lines: Sequence[str], path: Path) -> str:
    """The one that divides most lines into the same number of cells, and into most cells."""
    if path.suffix.lower() == ".tsv":
        return "\t"

    def fits(delimiter: str) -> tuple[bool, int, int]:
        widths = [len(cells(line, delimiter) or ()) for line in lines]
        width = max(widths, key=widths.count, default=0)
        return width > 1, widths.count(width), width

    return max(DELIMITERS, key=fits)


class Reasons:
    """Counts rows per reason, and remembers the first of each.

    Args:
        name: of the table, as problems name it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._first: dict[str, dict[str, Any]] = {}
        self._counts: Counter[str] = Counter()
        self._noted: set[str] = set()

    def count(self, code: str, number: int, example: str, left_out: bool = True) -> None:
        """One more row, with this number, that ``code`` is true of."""
        self._first.setdefault(code, {"row": number, "value": example[:EXCERPT]})
        self._counts[code] += 1
        if not left_out:
            self._noted.add(code)

    def problems(self) -> list[Problem]:
        """One for each reason, in the order met."""
        return [
            Problem(code, self._name, code not in self._noted, {"count": count, **first})
            for code, first in self._first.items()
            if (count := self._counts[code])
        ]
