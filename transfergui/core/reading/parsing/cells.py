"""What a cell, a row or a column looks like: a number, a name, a class; values as cells."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

MAX_CELL = 4_000_000
"""Characters; no text is longer. What is longer is a file that is no table."""

CONSISTENT, NAMED = 0.9, 0.5
"""The share of rows with equally many cells from which on a delimiter is believed in; and where
the first row names the columns."""

MOSTLY = 0.8
"""The share of cells that must be sentences for a word above them to be their title."""
SHORT = 40
"""Characters; the name of a column or a class is hardly ever longer."""


def like_header(cells: Sequence[str]) -> bool:
    """Whether these may be names of columns: short, different, no numbers, no further words of a
    sentence."""
    return len(set(cells)) == len(cells) > 1 and all(
        0 < len(cell) <= SHORT and not cell[0].isspace() and not is_number(cell) for cell in cells
    )


def like_classes(cells: Sequence[str]) -> bool:
    """Whether few and short values come again and again."""
    return 2 * len(set(cells)) <= len(cells) and all(len(cell) <= SHORT for cell in cells)


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def commonest(numbers: Iterable[int]) -> int:
    return max(Counter(numbers).most_common(1), default=(0, 0))[0]


LONE = re.compile("[\ud800-\udfff]")
"""Half of a character, as programs leave it that cut texts: ``"\\ud83d"`` of an emoji in JSON."""


def plain(value: Any) -> str:
    """A value of such an object as a cell; a list of several values as JSON writes it."""
    if isinstance(value, str):
        return LONE.sub("\ufffd", value.strip())
    if not isinstance(value, list):
        return "" if value is None or isinstance(value, dict) else str(value).strip()
    if any(isinstance(each, list | dict) for each in value):
        return ""
    cells = [plain(each) for each in value]
    return json.dumps(cells, ensure_ascii=False) if len(cells) > 1 else "".join(cells)


def padded(rows: dict[int, list[str]], width: int) -> dict[int, list[str]]:
    """``rows``, filled up to ``width`` cells each."""
    for cells in rows.values():
        cells.extend([""] * (width - len(cells)))
    return rows
