"""Which columns of a table may be the classes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from transfergui.core.data import labels
from transfergui.core.reading.names.kinds import DATE
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.cells import (
    Cells,
    are_marks,
    body_of,
    is_mark,
    is_marked,
    is_number,
    whole,
)

FEW_MARKS = 4
"""So many columns that are a class each are all in the name of the column that they make."""

MARKED = 0.8
"""Rows with one mark, of columns that are a class each beside others that may tell classes."""

SIDES = labels.word_set(
    "left right l r li re links rechts gauche droite g d izq dcha der izquierda derecha esq dir "
    "esquerda direita sx dx sinistra destra lewa prawa vasen oikea venstre hoyre vanster hoger"
)
"""Of what there are two: rather an attribute than the class."""
SEXES = frozenset(
    [
        "m",
        "f",
        "w",
        "v",
        "k",
        "d",
        "male",
        "female",
        "man",
        "woman",
        "männlich",
        "weiblich",
        "mann",
        "frau",
        "h",
        "homme",
        "femme",
        "hombre",
        "mujer",
        "masculino",
        "feminino",
        "femenino",
        "muž",
        "žena",
        "mężczyzna",
        "kobieta",
        "uomo",
        "donna",
        "vrouw",
        "男",
        "女",
    ]
)
"""What tells people apart, and is hardly ever what is to be recognised."""
MAX_CLASSES = 1000
MOST_NUMBERS = 12
"""More different numbers are measurements, or count something."""
STEPS, OFTEN = 9, 5
"""So many numbers with decimals may be the steps of a rating, where each comes so often."""
MAX_LABEL = 60
"""Characters; a column with longer cells is called classes only where its name says so."""


def dividing(
    table: Table, header: bool, other_than: Collection[int | None], group: int | None = None
) -> list[int]:
    """The columns that may be classes by what stands in them, the likeliest first.

    Args:
        header: whether the first row names the columns.
        other_than: columns that are known to be something else.
        group: the column that is called like a group. Where no other one tells classes in words,
            it may be what is to be learned: the author of a text, the speaker.
    """
    cells = Cells(body_of(table, header), table.width)
    left = [at for at in range(table.width) if at not in (*other_than, group)]
    found = told_apart(cells, likeliest(cells, [at for at in left if divides(cells, at)]))
    worded = any(not all(map(is_number, cells.kinds(at))) for at in found)
    if group is not None and not worded and divides(cells, group):
        found.append(group)
    return found


def with_marks(table: Table) -> Table:
    """A table with one more column, where several columns are a class each, of which nearly every
    row marks one: the class of each row. The column is called by the others: ``books | films``."""
    columns = table.columns()
    if table.marks or not columns.header or columns.labelled:
        return table
    cells = Cells(body_of(table, columns.header), table.width)
    others = (columns.text, columns.split, columns.group)
    hot = hot_columns(cells, [at for at in range(table.width) if at not in others])
    if not hot or not one_each(cells, hot):
        return table
    names = [columns.names[at] for at in hot]
    called = " | ".join(names) if len(names) <= FEW_MARKS else f"{names[0]} … {names[-1]}"
    rows = dict(table.rows)
    for number in table.below(columns.header):
        row = [*rows[number], *[""] * (table.width - len(rows[number]))]
        said = [name for at, name in zip(hot, names, strict=True) if is_marked(row[at])]
        rows[number] = [*row, json.dumps(said) if len(said) > 1 else "".join(said)]
    if table.keys is None:
        rows |= {number: [*rows[number], called] for number in table.headers()}
    keys = table.keys and (*table.keys, called)
    width = table.width + 1
    return replace(table, rows=rows, keys=keys, divided=width, marks=called, _found={})


def likeliest(cells: Cells, columns: Iterable[int]) -> list[int]:
    """Those whose names say nothing: a few classes are likelier than many, yes and no are not."""

    def unlikely(at: int) -> tuple[bool, bool, int]:
        kinds = {kind.lower() for kind in cells.kinds(at)}
        attribute = kinds <= SEXES or kinds <= SIDES
        return attribute, all(map(is_mark, kinds)), len(set(map(labels.loosely, kinds)))

    return sorted(columns, key=unlikely)


def worded(cells: Cells, column: int) -> bool:
    return not all(is_number(cell) or is_mark(cell) for cell in cells.kinds(column))


def divides(cells: Cells, column: int) -> bool:
    """Whether the cells of a column may be classes: a few values, each of them often."""
    filled, kinds = cells.filled(column), cells.kinds(column)
    different = len(set(map(labels.loosely, kinds)))  # however they are spelt
    if not 2 <= different <= min(MAX_CLASSES, max(2, len(filled) / 2)):
        return False
    if not all(map(is_number, kinds)):
        return not all(map(DATE.fullmatch, kinds)) and max(map(len, kinds)) <= MAX_LABEL
    if all(map(whole, kinds)):
        return len(kinds) <= MOST_NUMBERS
    return len(kinds) <= STEPS and len(filled) >= len(kinds) * OFTEN


def hot_columns(cells: Cells, left: Sequence[int]) -> tuple[int, ...]:
    """Columns of marks: classes side by side, or labels, of which a row may have none."""
    marked = [at for at in left if are_marks(cells.columns[at])]
    given = {at: sum(map(is_marked, cells.columns[at])) for at in marked}
    marked = [at for at in marked if len(cells.rows) < 2 or given[at] < len(cells.rows)]
    return tuple(marked) if sum(given[at] > 0 for at in marked) > 1 else ()


def one_each(cells: Cells, hot: Sequence[int]) -> bool:
    """Whether nearly every row has one mark: others are rather things that hold or do not."""
    ones = [sum(is_marked(row[at]) for at in hot) for row in cells.rows]
    return ones.count(1) >= MARKED * len(ones)


def told_apart(cells: Cells, candidates: Sequence[int]) -> list[int]:
    """``candidates`` without those that say the same as another one; words before numbers."""
    kept: list[int] = []
    for at in sorted(candidates, key=lambda at: all(map(is_number, cells.kinds(at)))):
        if not any(_same_division(cells.columns[at], cells.columns[other]) for other in kept):
            kept.append(at)
    order = list(candidates)
    worded = [at for at in kept if not all(map(is_number, cells.kinds(at)))]
    return sorted(kept, key=lambda at: (at not in worded, order.index(at)))


def _same_division(one: Sequence[str], other: Sequence[str]) -> bool:
    alike = [[labels.loosely(cell) for cell in cells] for cells in (one, other)]
    pairs = set(zip(*alike, strict=True))
    return len(pairs) == len(set(alike[0])) == len(set(alike[1]))
