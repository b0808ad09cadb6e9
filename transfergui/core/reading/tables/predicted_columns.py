"""Which columns of a table are predicted, and as what; what is open is asked."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    member_name,
)
from transfergui.core.reading.listings.listing import SHOWN, some
from transfergui.core.reading.parsing import numbers
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.cells import (
    MINUS_ONE,
    UNSAID,
    Cells,
    are_marks,
    body_of,
    is_denied,
    is_mark,
    is_marked,
    lacks_number,
    separator,
)
from transfergui.core.reading.tables.column_names import only_numbers_rows
from transfergui.core.reading.tables.label_columns import (
    MOST_NUMBERS,
    divides,
    hot_columns,
    one_each,
)
from transfergui.core.reading.tables.predicted import NO_SEPARATOR, SEPARATORS, Predicted
from transfergui.core.reading.tables.reading_options import ReadingOptions
from transfergui.core.reading.tables.table_columns import Columns

SOME, FEWEST = 0.1, 3
"""Such a share of the rows, and so many, have several labels where it is no slip of somebody who
chose one class each."""
OFTEN = 5
"""Numbers of which each comes so often on average may be classes: they number something."""
HALF = 0.5
"""The share of cells that must be numbers where the user wants a number."""
NOTHING_ASKED = ReadingOptions()


class Places(NamedTuple):
    """What is known of the columns of a table of files or texts.

    Attributes:
        label: the likeliest column of classes.
        labels: every column that may tell them.
        hot: columns that are a class each.
        taken: what is something else: files, texts, the split.
        group: what keeps rows together; predicted only where the user says so.
    """

    names: tuple[str, ...]
    header: bool
    label: int | None
    labels: tuple[int, ...] = ()
    hot: tuple[int, ...] = ()
    taken: tuple[int | None, ...] = ()
    group: int | None = None


def of_columns(table: Table, where: Places, asked: ReadingOptions) -> Predicted | None:
    """What a table says where it is not one class; None where it is, or where the columns that the
    user named are not all there.

    Raises:
        UserError: ``recipe.invalid``: the objective does not fit the columns.
    """
    named = asked.predicted(where.names)
    if named is not None:
        places = [where.names.index(n) if n in where.names else -1 for n in named]
        lacking = places.count(-1)
        if lacking and asked.lenient and asked.objective not in (SEVERAL_QUESTIONS, ""):
            return _GUESSED[asked.objective](table, where, asked)
        if lacking and (not asked.lenient or lacking == len(places)):
            return None
        return _of_named(table, where, asked, named, tuple(places))
    return _GUESSED[asked.objective](table, where, asked)


def _of_named(
    table: Table, where: Places, asked: ReadingOptions, names: Sequence[str], places: Sequence[int]
) -> Predicted | None:
    """What columns say that the user named."""
    cells = Cells(body_of(table, where.header), table.width)
    there = [at for at in places if at >= 0]
    marked = len(there) > 1 and all(_mostly_marks(cells, at) for at in there)
    objective = asked.objective
    if not objective and len(places) > 1:
        objective = SEVERAL_LABELS if marked and not one_each(cells, there) else SEVERAL_QUESTIONS
    if not objective and len(there) == 1:
        found = _by_cells(cells, where, asked, there[0])
        return found and replace(found, asked=True)
    if objective == SEVERAL_QUESTIONS and not asked.lenient:
        _require_questions(cells, where, asked, there)
    made = _made(objective, cells, tuple(names), tuple(places), asked, marked)
    return made and replace(made, asked=True)


def _require_questions(
    cells: Cells, where: Places, asked: ReadingOptions, places: Sequence[int]
) -> None:
    """
    Raises:
        UserError: ``data.number_no_question``, ``data.labels_no_question``: a column holds a
            number that is measured, or several labels in one cell.
    """
    for at in places:
        if _measured(cells, at):
            raise UserError("data.number_no_question", name=where.names[at])
        if _by_cells(cells, where, asked, at) is not None:
            raise UserError("data.labels_no_question", name=where.names[at])


def _measured(cells: Cells, at: int) -> bool:
    """Whether a column tells how much something is: many numbers, each rare or with decimals."""
    used = Counter(_known(cells, at))
    whole = all(name.lstrip("+-").isdecimal() for name in used)
    return may_be_measured(used) and (not whole or _rare(used))


def _made(
    objective: str,
    cells: Cells,
    names: tuple[str, ...],
    places: tuple[int, ...],
    asked: ReadingOptions,
    marked: bool = False,
) -> Predicted | None:
    if objective in (ONE_CLASS, NUMBER) and len(places) > 1:
        raise one_column_only(objective, names)
    if objective == ONE_CLASS:
        return None
    if objective == NUMBER:
        filled = cells.filled(places[0]) if places[0] >= 0 else []
        how = numbers.written(filled, asked.decimal, asked.unit, names[0])
        return Predicted(NUMBER, (numbers.column_name(names[0]),), places, how=how)
    if objective == SEVERAL_LABELS and marked:
        return _of_marks(cells, names, places)
    if objective == SEVERAL_LABELS:
        filled = [cell for at in places if at >= 0 for cell in cells.filled(at)]
        return Predicted(
            SEVERAL_LABELS, names, places, between=_between(filled, asked.separator, True)
        )
    return Predicted(SEVERAL_QUESTIONS, _questions(names), places)


def _questions(names: Sequence[str]) -> tuple[str, ...]:
    """What questions are called: nothing that divides combinations, and no two alike."""
    found: dict[str, None] = {}
    for name in names:
        plain = member_name(name) or "?"
        while plain in found:
            plain += "'"
        found[plain] = None
    return tuple(found)


def one_column_only(objective: str, names: Sequence[str]) -> UserError:
    """One class, or a number, of several columns."""
    return UserError("data.one_column", objective=objective, names=some(names))


def _between(cells: Sequence[str], asked: str, several: bool) -> str:
    """What stands between the labels in one cell.

    Args:
        asked: as the user said; empty to find out.
        several: whether some cells surely hold several.
    """
    if asked:
        return "" if asked == NO_SEPARATOR else asked
    if (found := separator(cells)) or not several:
        return found
    counts = {mark: sum(mark in cell for cell in cells) for mark in SEPARATORS}
    likeliest = max(SEPARATORS, key=counts.__getitem__)
    return likeliest if counts[likeliest] else ""


def _marks(cells: Cells, at: int) -> bool:
    return are_marks(cells.columns[at])


def _mostly_marks(cells: Cells, at: int) -> bool:
    """Whether a column that the user named holds marks, but for some cells, which are told."""
    said = [cell for cell in cells.filled(at) if cell.lower() not in MINUS_ONE | UNSAID]
    return bool(said) and sum(map(is_mark, said)) >= HALF * len(said)


def _of_marks(cells: Cells, names: tuple[str, ...], places: tuple[int, ...]) -> Predicted:
    """Several labels, each of which has a column that rows mark."""
    written = (cell for at in places if at >= 0 for cell in cells.columns[at])
    denied = any(map(is_denied, written))
    return Predicted(SEVERAL_LABELS, names, places, marks=True, denied=denied)


def _nothing_asked(table: Table, where: Places, asked: ReadingOptions) -> Predicted | None:
    cells = Cells(body_of(table, where.header), table.width)
    if where.hot:
        return _several_marks(cells, where)
    if where.label is not None:
        return _by_cells(cells, where, asked, where.label)
    left = (at for at in range(table.width) if at not in where.taken)
    found = (_by_cells(cells, where, asked, at) for at in left if where.header)
    return next((each for each in found if each is not None), None)


def _several_marks(cells: Cells, where: Places) -> Predicted | None:
    """Several labels, where a row marks two columns, or too many mark none."""
    ones = [sum(is_marked(row[at]) for at in where.hot) for row in cells.rows]
    if max(ones, default=0) < 2 and one_each(cells, where.hot):
        return None
    names = tuple(where.names[at] for at in where.hot)
    return _of_marks(cells, names, where.hot)


def _by_cells(cells: Cells, where: Places, asked: ReadingOptions, at: int) -> Predicted | None:
    """Several labels, where clearly more than a slip has several in one cell."""
    filled = cells.filled(at)
    between = _between(filled, asked.separator, False)
    several = [cell for cell in filled if has_several(cell, between)]
    if len(several) < max(FEWEST, SOME * len(filled)) and not (asked.separator and several):
        return None
    return Predicted(SEVERAL_LABELS, (where.names[at],), (at,), between=between)


def has_several(cell: str, between: str) -> bool:
    """Whether a cell holds several labels, separated or as a list."""
    if cell.startswith("[") and cell.endswith("]"):
        return len(cell.split(",")) > 1
    return between != "" and len([p for p in cell.split(between) if p.strip()]) > 1


def _one_class(table: Table, where: Places, asked: ReadingOptions) -> None:
    return None


def _labels_asked(table: Table, where: Places, asked: ReadingOptions) -> Predicted | None:
    """The columns of marks; else the column of the classes."""
    cells = Cells(body_of(table, where.header), table.width)
    left = [at for at in range(table.width) if at not in where.taken]
    hot = where.hot or (_every_mark(cells, left) if where.header else ())
    worded = where.label is not None and not _marks(cells, where.label)
    if hot and not (where.labels and worded):
        names = tuple(where.names[at] for at in hot)
        return _of_marks(cells, names, hot)
    at = where.label
    if at is None:
        at = next((each for each in left if separator(cells.filled(each))), None)
    if at is None:
        return None
    return _made(SEVERAL_LABELS, cells, (where.names[at],), (at,), asked)


def _every_mark(cells: Cells, left: Sequence[int]) -> tuple[int, ...]:
    """Columns of marks, however few rows have one."""
    marked = tuple(at for at in left if _marks(cells, at))
    return hot_columns(cells, left) or (marked if len(marked) > 1 else ())


def _questions_asked(table: Table, where: Places, asked: ReadingOptions) -> Predicted | None:
    """Every column that may be one; which are meant is asked where they are read."""
    places = candidates(table, where)
    if len(places) < 2:
        return None
    names = tuple(where.names[at] for at in places)
    return Predicted(SEVERAL_QUESTIONS, _questions(names), places)


def candidates(table: Table, where: Places) -> tuple[int, ...]:
    """The columns that may be questions, in their order."""
    cells = Cells(body_of(table, where.header), table.width)
    left = [at for at in range(table.width) if at not in where.taken]
    telling = (at for at in left if at in where.labels or divides(cells, at))
    return tuple(at for at in telling if _by_cells(cells, where, NOTHING_ASKED, at) is None)


def _number_asked(table: Table, where: Places, asked: ReadingOptions) -> Predicted | None:
    """The column of the classes, where it holds numbers; else one that does."""
    cells = Cells(body_of(table, where.header), table.width)
    places = numeric(table, where, HALF)
    if not places:
        return None
    at = where.label if where.label in places else places[0]
    return _made(NUMBER, cells, (where.names[at],), (at,), asked)


def numeric(table: Table, where: Places, share: float = numbers.MOST_SHARE) -> tuple[int, ...]:
    """The columns of numbers that are no running numbers.

    Args:
        share: of the filled cells that must be numbers.
    """
    cells = Cells(body_of(table, where.header), table.width)
    left = [at for at in range(table.width) if at not in where.taken]
    return tuple(
        at
        for at in left
        if at != where.group
        and not only_numbers_rows(where.names[at])
        and numbers.is_numeric(_known(cells, at), share)
        and len(cells.kinds(at)) > 1
        and not _counts_rows(cells.columns[at])
    )


def _known(cells: Cells, at: int) -> list[str]:
    """The filled cells without those that say that a number is missing."""
    return [cell for cell in cells.filled(at) if not lacks_number(cell)]


def _counts_rows(column: Sequence[str]) -> bool:
    """Whether a column only numbers the rows; a table may be sorted by prices as well."""
    if not all(cell.isdecimal() for cell in column) or len(column) < FEWEST:
        return False
    values = [int(cell) for cell in column]
    steps = Counter(later - earlier for earlier, later in itertools.pairwise(values))
    return min(steps) > 0 and max(steps.values()) >= numbers.MOST_SHARE * steps.total()


_GUESSED: Mapping[str, Callable[[Table, Places, ReadingOptions], Predicted | None]] = {
    "": _nothing_asked,
    ONE_CLASS: _one_class,
    SEVERAL_LABELS: _labels_asked,
    SEVERAL_QUESTIONS: _questions_asked,
    NUMBER: _number_asked,
    BOXES: _one_class,  # a text for all boxes of a picture, which is read once they are known
}


def with_predicted(table: Table, found: Columns, asked: ReadingOptions) -> Columns:
    """The columns of a table beside files, with what is predicted.

    Where the user named columns that are not all there, none tells anything.
    """
    if found.path is None or (found.boxes and asked.predicted(found.names) is None):
        return found
    named, where = asked.predicted(found.names), places_of(found)
    made = of_columns(table, where, asked)
    if made is not None:
        own = {found.names[at] for at in made.places}
        group = None if found.name(found.group) in own else found.group
        split = None if found.name(found.split) in own else found.split
        sure = found.named or made.marks or made.asked or bool(asked.objective)
        hot = made.places if made.marks else found.hot
        return replace(
            found, predicted=made, group=group, split=split, boxes=False, named=sure, hot=hot
        )
    lenient = asked.lenient and asked.objective != SEVERAL_QUESTIONS
    if named is None or named == (asked.label_column,):
        return found
    if lenient and not {*named} <= {*found.names}:
        return found
    if len(named) > 1 or named[0] not in found.names:
        return replace(found, label=None, labels=(), hot=())
    at = found.names.index(named[0])
    return replace(
        found,
        label=at,
        labels=(at,),
        hot=(),
        named=True,
        sure=True,
        boxes=False,
        group=None if found.group == at else found.group,
        split=None if found.split == at else found.split,
    )


def predicted_levels(
    levels: Sequence[int], values: Sequence[Sequence[str]], asked: ReadingOptions
) -> Predicted | None:
    """What levels of folders say; None where it is one class.

    Args:
        values: of each folder, by level.

    Raises:
        UserError: ``data.one_column``: several levels cannot be one class, or number.
    """
    objective = asked.objective or (SEVERAL_QUESTIONS if len(levels) > 1 else ONE_CLASS)
    cells = Cells(values, len(levels))
    names = tuple(f"level {number}" for number in levels)
    return _made(objective, cells, names, tuple(range(len(levels))), asked)


def places_of(found: Columns) -> Places:
    """What is known of the columns of a table beside files."""
    taken = (found.path, *found.more, found.within, found.split)
    return Places(
        found.names, found.header, found.label, found.labels, found.hot, taken, found.group
    )


def notes(table: Table, where: Places, found: Predicted, decimal: str = "") -> Iterator[Problem]:
    """What is to be said of the predicted columns as a whole.

    Args:
        decimal: the sign of decimals, where the user said it.
    """
    cells = Cells(body_of(table, where.header), table.width)
    if found.objective == NUMBER and not decimal and found.places[0] >= 0:
        example = numbers.unclear(cells.filled(found.places[0]))
        said = {"example": example, "value": found.how.value(example)}
        if example:
            name = where.names[found.places[0]]
            yield Problem("data.unclear_decimal", said, path=name, left_out=False)
    if found.marks:
        yield from _constant_marks(cells, where, found)


def _constant_marks(cells: Cells, where: Places, found: Predicted) -> Iterator[Problem]:
    """That columns of marks say the same in every row, and so are no label that can be learnt."""
    taken = (*where.taken, where.group)
    left = found.places if found.asked else range(len(cells.columns))
    for at in (at for at in left if at >= 0 and at not in taken and _marks(cells, at)):
        marked = sum(map(is_marked, cells.columns[at]))
        if len(cells.rows) > 1 and marked in (0, len(cells.rows)):
            code = "data.label_of_all" if marked else "data.label_of_none"
            yield Problem(code, path=where.names[at], left_out=False)


def may_be_number(table: Table, where: Places, asked: ReadingOptions) -> bool:
    """Whether the classes may be a number, so that it must be asked: all are numbers, many
    different ones, and each comes rarely or has decimals."""
    named = asked.predicted(where.names)
    at = where.label
    if named is not None:
        at = where.names.index(named[0]) if len(named) == 1 and named[0] in where.names else None
    if asked.objective or at is None:
        return False
    cells = Cells(body_of(table, where.header), table.width)
    return may_be_measured(Counter(cells.filled(at)))


def may_be_measured(used: Mapping[str, int]) -> bool:
    """Whether the names of classes may be numbers that tell how much something is: many, each
    rare, or with decimals, or with gaps between them, as class numbers have none.

    Args:
        used: how often each occurs.
    """
    if len(used) <= MOST_NUMBERS or not numbers.is_numeric(list(used)):
        return False
    how = numbers.written(used)
    values = sorted(value for name in used if (value := how.value(name)) is not None)
    return _rare(used) or values != list(range(len(values)))


def _rare(used: Mapping[str, int]) -> bool:
    """Whether most numbers come so rarely that they are hardly classes."""
    return sum(used.values()) < OFTEN * len(used)


def marks_in(table: Table, where: Places) -> tuple[int, ...]:
    """Two or more columns, each of which may be a label that rows mark."""
    if not where.header:
        return ()
    cells = Cells(body_of(table, where.header), table.width)
    taken = (*where.taken, where.group)
    return hot_columns(cells, [at for at in range(table.width) if at not in taken])


def number_places(table: Table, where: Places, shown: Collection[int]) -> list[int]:
    """The columns of which a number may be predicted.

    Args:
        shown: the columns that are offered as classes.
    """
    cells = Cells(body_of(table, where.header), table.width)
    left = [at for at in numeric(table, where) if at not in shown and not _marks(cells, at)]
    return left[:SHOWN]
