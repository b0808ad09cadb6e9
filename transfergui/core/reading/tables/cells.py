"""What stands in cells of tables beside files: marks, parts of the data, no class at all."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from transfergui.core.data import labels
from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.names.kinds import says_unknown, split_of
from transfergui.core.reading.names.words import SPLIT_WORDS, words
from transfergui.core.reading.parsing.table import Table

NO_LABEL = frozenset(
    {"", "-", "--", "nan", "?", "??", "???", "n/a", "#n/a", "null", "n/d", "n.d.", "k.a.", "k. a.",
     "s/d", "s.d.", "b/d", "b.d.", "tbd", "tbc"}
)  # fmt: skip
"""An empty cell, what pandas writes for one, and what people write who do not know."""
CROSSES = frozenset({"x", "✓", "✔", "×"})
"""Marks that people put into one of several columns."""
DECIMAL = re.compile(r"-?\d+,00?")
"""A whole number with a decimal comma."""

UNMARKED = frozenset({"", "-", "–", "—"})
MINUS_ONE = frozenset({"-1", "-1.0", "-1,0"})
"""Where other cells say 1: no, as beside nothing else; beside 0 or no, that nobody knows."""
UNSAID = UNMARKED | NO_LABEL | {"na"}
"""Cells of a column of marks that say nothing."""


def lacks_number(cell: str) -> bool:
    """Whether a cell of a column of numbers says that there is none."""
    said = cell.strip().lower()
    return said in NO_LABEL or said == "none" or says_unknown(said)


def body_of(table: Table, header: bool) -> list[list[str]]:
    """The rows that are looked at, without the one that names the columns."""
    return table.sampled if header and table.keys is None else [table.first, *table.sampled]


def plain_cell(cell: str) -> str:
    """What a cell says; of JSON objects the words: ``a|b`` of ``{"choices": ["a", "b"]}``."""
    cell = cell.strip()
    if not cell.startswith("{"):
        return cell
    try:
        tree = json.loads(cell)
    except (ValueError, RecursionError):
        return cell
    return "|".join(_strings(tree))


def _strings(tree: object) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict | list):
        for each in tree.values() if isinstance(tree, dict) else tree:
            yield from _strings(each)


class Cells:
    """Some rows of a table, by column."""

    def __init__(self, body: Iterable[Sequence[str]], width: int) -> None:
        self.rows = [[*row[:width], *[""] * (width - len(row))] for row in body]
        self.columns = [[plain_cell(row[at]) for row in self.rows] for at in range(width)]

    def filled(self, column: int) -> list[str]:
        return [cell for cell in self.columns[column] if cell.lower() not in NO_LABEL]

    def kinds(self, column: int) -> set[str]:
        return set(self.filled(column))


@functools.lru_cache(4096)
def is_marked(cell: str) -> bool:
    """Whether a cell says yes, or has a cross."""
    said = cell.strip().lower()
    return said in CROSSES or labels.holds(said) is True


@functools.lru_cache(4096)
def is_mark(cell: str) -> bool:
    """Whether a cell says yes or no, or has a cross or none."""
    said = cell.strip().lower()
    return said in CROSSES | UNMARKED or labels.holds(said) is not None


def are_marks(cells: Sequence[str]) -> bool:
    """Whether the cells of a column say yes or no, or nothing; ``-1`` may stand for no."""
    said = [cell for cell in cells if cell.lower() not in MINUS_ONE | UNSAID]
    return bool(said) and all(map(is_mark, said))


@functools.lru_cache(4096)
def is_denied(cell: str) -> bool:
    """Whether a cell says no in a word or a number: then neither an empty one nor -1 does."""
    said = cell.strip().lower()
    return is_mark(said) and not is_marked(said) and said not in UNSAID


def split_value(column: str, cell: str) -> SplitName | None:
    """The part of the data that a cell means: ``valid``, or ``1`` in a column ``is_train``."""
    marks = [SPLIT_WORDS[word] for word in words(column) if word in SPLIT_WORDS]
    value = cell.strip().lower()
    if len(marks) == 1 and value not in UNMARKED and is_mark(value):
        other: SplitName = "test" if marks[0] == "train" else "train"
        return marks[0] if is_marked(value) else other
    return split_of(cell) if len(cell) < 40 else None


def whole(cell: str) -> bool:
    """Whether a number is none with decimals, which would be a measurement."""
    return float(cell.replace(",", ".")).is_integer()


def is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True


def separator(cells: Sequence[str]) -> str:
    """What stands between several labels in one cell (``cat|dog``); empty where none does.

    It does where most of what it separates are labels of other cells, too; a space where all are.
    """
    for mark in "|;,+/&":
        joined = [cell for cell in cells if mark in cell and not DECIMAL.fullmatch(cell)]
        parts = {part.strip() for cell in joined for part in cell.split(mark)} - {""}
        alone = {cell for cell in cells if mark not in cell}
        if parts and len(parts & alone) > len(parts) / 2:
            return mark
        said = sum(len(set(cell.split(mark))) for cell in set(joined))
        if mark != "," and 1 < len(parts) <= said / 2:  # the same ones in other company
            return mark
    spaced = [cell for cell in cells if " " in cell]
    words = {word for cell in spaced for word in cell.split()}
    alone = {cell for cell in cells if " " not in cell}
    return " " if words and words <= alone else ""
