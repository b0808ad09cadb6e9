"""Which column of a table is what: by the names in the header, else by what stands below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import NamedTuple

from transfergui.core.reading.parsing.cells import MOSTLY, SHORT, is_number
from transfergui.core.reading.parsing.headings import NAMES, columns_named, group_columns, names_of

QUESTION = 120
"""The same, where it is a question of a form."""

LONG_GROUP = 40
"""Characters of a cell on average from which on a column groups nothing: a subject is a heading."""

NOTHING = "-"
"""Chosen instead of a column: there is none."""


@dataclass(frozen=True)
class Columns:
    """Where things are in a table, by position; None for what it lacks.

    Attributes:
        names: as a person chooses them: what the header says, else ``1``, ``2`` ...
        header: whether the first row names the columns.
        labelled: whether a name says which column the labels are in; else it was guessed.
        text_named: the same of the texts.
    """

    names: tuple[str, ...]
    header: bool
    text: int | None
    label: int | None
    split: int | None = None
    group: int | None = None
    labelled: bool = False
    text_named: bool = False

    def name(self, place: int | None) -> str:
        """What a column is called; empty for none."""
        return "" if place is None else self.names[place]

    def place(self, name: str) -> int | None:
        """Where a column is, by its name: its number only where the header names it not.

        A number that was learnt from a table without a header means nothing in one that has one:
        its first column may well be a running number.
        """
        return self.names.index(name) if name in self.names else None


class Excerpt(NamedTuple):
    """The rows of a table from which its columns are guessed.

    Attributes:
        first: the first row, which may name the columns.
        sampled: rows from all over the table, but not the first.
        keys: names of the columns where every row says them.
        width: how many columns there are.
    """

    first: list[str]
    sampled: list[list[str]]
    keys: tuple[str, ...] | None
    width: int


def find_columns(table: Excerpt, chosen: Mapping[str, str], header: str) -> Columns:
    has_header = _has_header(table, chosen) if header == "auto" else header == "yes"
    named = table.keys or (tuple(table.first) if has_header else ())
    columns = Columns(names_of(named, table.width), has_header, None, None)
    content = Content(_below(table, has_header), table.width)
    found = {key: content.likeliest(key, columns_named(named, key)) for key in NAMES}
    found["group"] = content.grouping(group_columns(named))
    places = {key: columns.place(name) for key, name in chosen.items()}
    sure = {key: place for key, place in places.items() if place is not None}
    taken = list(sure.values())
    found |= {key: None for key, place in found.items() if key not in sure and place in taken}
    found |= {key: None for key, name in chosen.items() if name == NOTHING}
    found |= sure
    if found["text"] is not None and "text" not in sure and content.sparse(found["text"]):
        found["text"] = None  # remarks beside the texts
    labelled, text_named = found["label"] is not None, found["text"] is not None
    if found["text"] is None:
        found["text"] = content.longest({found[key] for key in ("label", "split", "group")})
    if found["label"] is None:
        found["label"] = content.fewest({found[key] for key in ("text", "split", "group")})
    if found["label"] is not None and "label" not in sure:
        others = {found[key] for key in ("text", "split", "group")}
        found["label"] = content.in_words(found["label"], others)
    return Columns(columns.names, has_header, **found, labelled=labelled, text_named=text_named)


def _below(table: Excerpt, has_header: bool) -> list[list[str]]:
    return table.sampled if has_header and not table.keys else [table.first, *table.sampled]


def _has_header(table: Excerpt, chosen: Mapping[str, str]) -> bool:
    """Whether the first row names columns: known ones, or what no row below could be."""
    first = [cell.strip() for cell in table.first]
    named = {name for name in chosen.values() if name and not name.isdecimal()} - {NOTHING}
    if table.keys is not None or named & set(first):
        return True
    called = any(columns_named(first, key) for key in ("text", "label"))
    if called and all(len(cell) <= SHORT for cell in first):
        return True
    content = Content(table.sampled, table.width)
    if first and len(first) == table.width and _titles(first, content):
        return True
    if called and not all(len(cell) <= QUESTION and cell for cell in first):
        return False
    text = content.longest(set())
    label = content.fewest({text})
    if text is None or label is None or len(first) != table.width:
        return False
    seen = content.of(label)
    repeated = len(set(seen)) < len(seen)
    return repeated and first[label] not in seen and len(first[text]) < content.length(text)


class Content:
    """What stands in the columns of some rows."""

    def __init__(self, below: Sequence[Sequence[str]], width: int) -> None:
        self._below = [cells for cells in below if len(cells) == width]
        self._places = range(width)

    def of(self, column: int) -> list[str]:
        """The cells that are not empty."""
        cells = (cells[column].strip() for cells in self._below)
        return [cell for cell in cells if cell]

    def length(self, column: int) -> float:
        """Characters of a cell, on average; empty ones count, remarks beside few rows are none."""
        return mean(len(cells[column].strip()) for cells in self._below) if self._below else 0.0

    def sparse(self, column: int) -> bool:
        """Whether a column is mostly blank, where another one holds longer cells."""
        blank = 2 * len(self.of(column)) < len(self._below)
        return blank and self.longest(set()) != column

    def likeliest(self, key: str, columns: Sequence[int]) -> int | None:
        """Which of several columns of one name holds what ``key`` says; None of none."""
        if len(columns) < 2:
            return columns[0] if columns else None
        others: set[int | None] = {place for place in self._places if place not in columns}
        return self.longest(others) if key == "text" else self.fewest(others)

    def grouping(self, columns: Sequence[int]) -> int | None:
        """The first of ``columns`` with several values of which some come again; else the first
        in which none does, unless all is one value, or a heading."""
        kinds = {column: self.of(column) for column in columns}
        several = [column for column in columns if len(set(kinds[column])) > 1]
        several = [column for column in several if self.length(column) < LONG_GROUP]
        again = [column for column in several if len(set(kinds[column])) < len(kinds[column])]
        return next(iter(again or several), None)

    def longest(self, other_than: set[int | None]) -> int | None:
        """The column with the longest cells; one of numbers only where there is no other."""

        def likely(column: int) -> tuple[bool, float]:
            return not all(map(is_number, self.of(column))), self.length(column)

        return max((c for c in self._places if c not in other_than), key=likely, default=None)

    def fewest(self, other_than: set[int | None]) -> int | None:
        """The column that divides the rows into the fewest classes, two at least."""
        free = [column for column in self._places if column not in other_than]
        kinds = {column: len(set(self.of(column))) for column in free}
        filled = [column for column in free if 2 * len(self.of(column)) >= len(self._below)]
        dividing = [column for column in filled if kinds[column] > 1]
        used = [column for column in free if kinds[column]]
        return min(dividing or used or free, key=kinds.__getitem__, default=None)

    def in_words(self, column: int, other_than: set[int | None]) -> int:
        """The column that says in words what ``column`` says in numbers; else ``column``."""
        if not all(map(is_number, self.of(column))):
            return column
        kinds = len(set(self.of(column)))
        for other in self._places:
            words = self.of(other)
            pairs = {(cells[column].strip(), cells[other].strip()) for cells in self._below}
            if (
                other not in other_than
                and 1 < kinds == len(set(words)) == len(pairs) < len(words)
                and not any(map(is_number, words))
            ):
                return other
        return column


def _titles(first: Sequence[str], content: Content) -> bool:
    """Whether a first row is of another kind than what stands below it: a word above numbers, or a
    single word above sentences only."""
    for column, cell in enumerate(first):
        below = content.of(column)
        if len(below) > 1 and cell and not is_number(cell) and all(map(is_number, below)):
            return True
    (word, *more) = first
    sentences = [cell for cell in content.of(0) if " " in cell]
    return (
        not more
        and word.isalpha()
        and len(sentences) > 1
        and len(sentences) >= MOSTLY * len(content.of(0))
    )
