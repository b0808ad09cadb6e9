"""The columns of a table of texts: texts, classes, the split, the sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import NO_GROUP, Problem
from transfergui.core.data.targets import NUMBER
from transfergui.core.modalities.text.options import TextData
from transfergui.core.reading.parsing import headings
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import ALL_SHEETS, SAMPLED, Table
from transfergui.core.reading.tables import (
    column_names,
    label_columns,
    predicted_columns,
    table_files,
)
from transfergui.core.reading.tables.cells import Cells, body_of, split_value
from transfergui.core.reading.tables.predicted import Predicted
from transfergui.core.reading.tables.predicted_columns import (
    Places,
    may_be_number,
    number_places,
    numeric,
    of_columns,
)
from transfergui.core.reading.tables.predicted_questions import (
    class_or_number,
    only_numbers,
    require_fit,
    require_sure,
)
from transfergui.core.reading.tables.questions import which_column, which_sheet
from transfergui.core.reading.tables.reading_options import ReadingOptions

SENTENCE = 15
"""Characters; a column without a longer cell is called texts only where its name says so."""

FEWEST_ROWS = 3
"""In so many rows at least, a column with another value in each tells no classes."""


def is_usable(table: Table, asked: TextData) -> bool:
    """Whether a table holds different texts, and classes that come again."""
    table = label_columns.with_marks(table)
    columns = columns_of(table, asked)
    rows = list(table.below(columns.header))[:SAMPLED]
    texts = [cell for n in rows if (cell := table.cell(n, columns.text))]
    if len(texts) < 2 or lacking(asked, columns):
        return False
    longest = max(map(len, texts))
    if 2 * len(set(texts)) < len(texts) or not (columns.text_named or longest >= SENTENCE):
        return False
    if columns.labelled:
        found = [cell for n in rows if (cell := table.cell(n, columns.label))]
        return 1 < len(set(found)) < len(found)
    return bool(class_columns(table, columns, asked))


def opened_table(path: Path, asked: TextData) -> Table:
    """What holds the texts, as of :func:`_chosen_sheet`, with the classes that its rows mark."""
    return label_columns.with_marks(_chosen_sheet(path, asked))


def _chosen_sheet(path: Path, asked: TextData) -> Table:
    """The sheet of a workbook, or list of a JSON file, that holds the texts; other files are one.

    Raises:
        Question: ``data.which_sheet``.
        OSError: it cannot be read.
    """
    table = table_files.read(path, asked.encoding, asked.sheet, asked.text_column)
    if not table.sheets or asked.sheet in (*table.sheets, ALL_SHEETS):
        return table
    shown = [each for each in table.sheets.values() if not each.hidden]
    working = [each for each in shown if is_usable(each, asked)]
    whole = table.of_sheet(ALL_SHEETS)
    several = len(whole.parts) > 1 and is_usable(whole, asked)
    if several and whole.divides:
        return whole
    if len(working) + several < 2 and working:
        return working[0]
    if not several and not working:
        return table
    working.sort(key=lambda each: -len(each.rows))
    if asked.sheet:  # of another table
        return whole if several else working[0]
    raise which_sheet(path.name, [*([whole] if several else []), *(working or [table])])


def columns_in(path: Path, asked: TextData) -> tuple[Table, Columns] | None:
    """How a table would be read; None where it cannot be, which is told where it is."""
    try:
        table = table_files.read(path, asked.encoding, asked.sheet, asked.text_column)
    except (OSError, UserError):
        return None
    sheets = () if asked.sheet in table.sheets else table.sheets.values()
    table = next((each for each in sheets if not each.hidden and is_usable(each, asked)), table)
    table = label_columns.with_marks(table)
    return table, columns_of(table, asked)


def lacks_labels(path: Path, asked: TextData) -> bool:
    """Whether no column tells classes: there is none, or its values hardly ever come again."""
    found = columns_in(path, asked)
    if found is None or found[1].labelled:
        return False
    table, columns = found
    if class_columns(table, columns, asked):
        return False
    cells = [row[columns.label] for row in table.sampled if len(row) > (columns.label or 0)] if (
        columns.label is not None) else []  # fmt: skip
    return 2 * len(set(cells)) >= len(cells)


def class_columns(table: Table, columns: Columns, asked: TextData) -> list[int]:
    """Columns of a table without one that is called as labels are, which may be the classes."""
    guessed = None if asked.group_column else columns.group
    others = (columns.text, columns.split, columns.group)
    return label_columns.dividing(table, columns.header, others, guessed)


def _called_labels(table: Table, columns: Columns) -> list[int]:
    """The columns that are called as labels are, and tell the texts apart differently."""
    others = (columns.text, columns.split, columns.group)
    dividing = label_columns.dividing(table, columns.header, others)
    called = [at for at in dividing if headings.is_label(columns.names[at])]
    if columns.label is None or columns.label not in called:
        return []
    if column_names.is_ambiguous(columns.names[columns.label]):
        called = dividing
    return [columns.label, *(at for at in called if at != columns.label)]


def with_one_label(name: str, table: Table, columns: Columns, asked: TextData) -> Columns:
    """``columns``, with the one that tells classes where none is called as labels are.

    Raises:
        Question: several may be classes, or one that is called like a group.
        UserError: ``text.too_many_classes``: none, as every row has a value of its own.
    """
    if asked.label_column:
        return columns
    if columns.labelled:
        places = _called_labels(table, columns)
        if len(places) > 1:
            raise which_column(name, table, plain_places(columns), places)
        return columns
    places = class_columns(table, columns, asked)
    numbered = columns.header and number_places(table, plain_places(columns), places)
    if len(places) > 1 or (places and (places[0] == columns.group or numbered)):
        raise which_column(name, table, plain_places(columns), places)
    if places and places[0] != columns.label:
        found = columns.names[places[0]]
        return columns_of(table, msgspec.structs.replace(asked, label_column=found))
    cells = [table.cell(number, columns.label) for number in table.below(columns.header)]
    if not places and FEWEST_ROWS <= len(cells) == len(set(cells)):
        if numbers := numeric(table, plain_places(columns)):
            raise only_numbers(name, [columns.names[at] for at in numbers])
        column = columns.name(columns.label)
        raise UserError("text.too_many_classes", path=name, column=column)
    return columns


def plain_places(columns: Columns) -> Places:
    """What is known of the columns, but not which one tells the classes."""
    taken = (columns.text, columns.split)
    return Places(columns.names, columns.header, None, taken=taken, group=columns.group)


def predicted_of(
    name: str, table: Table, columns: Columns, asked: TextData, reading: ReadingOptions
) -> tuple[Columns, Predicted | None]:
    """The columns of the first table, and what its rows say; None where that is one class.

    Args:
        name: of the table.
        reading: what the user wants to predict.

    Raises:
        Question: several columns may be meant, or a number.
        UserError: as :func:`with_one_label`; ``data.unknown_column``.
    """
    named = reading.predicted(columns.names)
    lacking = [each for each in named or () if columns.place(each) is None]
    if lacking and not reading.lenient:
        found = ", ".join(columns.names)
        raise UserError("data.unknown_column", path=name, name=lacking[0], found=found)
    where = _places(table, columns, asked, reading)
    made = of_columns(table, where, reading)
    if made is None and named and not lacking and len(named) == 1:
        columns = columns_of(table, msgspec.structs.replace(asked, label_column=named[0]))
        _ask_for_number(name, table, columns, where._replace(label=columns.label), reading)
        return columns, None
    by_itself = not reading.objective and (made is None or not (made.asked or made.marks))
    if by_itself and not (made is not None and not where.labels):
        columns = with_one_label(name, table, columns, asked)
        where = where._replace(label=columns.label)
        made = of_columns(table, where, reading)
        _ask_for_number(name, table, columns, where, reading)
    require_fit(name, where, reading.objective, made)
    if made is None:
        return columns, None
    require_sure(name, table, where, made)
    return without_predicted(columns, made), made


def _ask_for_number(
    name: str, table: Table, columns: Columns, where: Places, reading: ReadingOptions
) -> None:
    """
    Raises:
        Question: the many numbers of a column may be classes, or a number.
    """
    if may_be_number(table, where, reading):
        cells = [row[columns.label or 0] for row in table.sampled if len(row) == table.width]
        raise class_or_number(name, columns.name(columns.label), cells)


def notes_of(
    table: Table, columns: Columns, made: Predicted | None, decimal: str
) -> Iterable[Problem]:
    """What is to be said of the predicted columns of a table."""
    return predicted_columns.notes(table, plain_places(columns), made, decimal) if made else ()


def without_predicted(columns: Columns, made: Predicted) -> Columns:
    """``columns`` of which none that is predicted groups or divides the rows."""
    own = made.places
    group = None if columns.group in own else columns.group
    split = None if columns.split in own else columns.split
    return replace(columns, group=group, split=split)


def again(
    table: Table, columns: Columns, asked: TextData, reading: ReadingOptions, first: Predicted
) -> Predicted | None:
    """What the rows of a further table say; None where it lacks the columns of the first.

    Args:
        reading: with the columns of the first table.
    """
    found = of_columns(table, _places(table, columns, asked, reading), reading)
    return found and replace(found, between=first.between, how=first.how)


def _places(table: Table, columns: Columns, asked: TextData, reading: ReadingOptions) -> Places:
    left = (columns.text, columns.split)
    guessed = not columns.labelled and reading.objective == NUMBER  # which number is not guessed
    return Places(
        columns.names,
        columns.header,
        None if guessed else columns.label,
        tuple(class_columns(table, columns, asked)),
        _marks(table, columns),
        left,
        columns.group,
    )


def _marks(table: Table, columns: Columns) -> tuple[int, ...]:
    """The columns that are a class or label each, of which a row marks some."""
    if not columns.header or (columns.labelled and not table.marks):
        return ()
    cells = Cells(body_of(table, columns.header), table.width)
    others = (columns.text, columns.split, columns.group)
    left = [at for at in range(table.width) if at not in others]
    hot = label_columns.hot_columns(cells, left)
    worded = [at for at in left if label_columns.divides(cells, at)]
    worded = [at for at in worded if at not in hot and label_columns.worded(cells, at)]
    return hot if table.marks or not worded else ()


TABLE_COLUMNS = ("text_column", "label_column", "split_column", "group_column")


def columns_of(table: Table, asked: TextData) -> Columns:
    chosen = (asked.text_column, asked.label_column or table.marks, asked.header)
    found = table.columns(*chosen, asked.split_column, asked.group_column)
    if found.split is None and not asked.split_column:
        split = _split_column(table, found)
        found = table.columns(*chosen, split, asked.group_column) if split else found
    return found


def _split_column(table: Table, columns: Columns) -> str:
    """The column whose cells say training, validation or test, whatever it is called."""
    for at, name in enumerate(columns.names):
        if at in (columns.text, columns.group) or (at == columns.label and columns.labelled):
            continue
        cells = {cell for row in table.sampled if len(row) > at and (cell := row[at].strip())}
        parts = {split_value(name, cell) for cell in cells}
        if "train" in parts and len(parts) > 1 and None not in parts:
            return name
    return ""


def lacking(asked: TextData, columns: Columns) -> list[str]:
    """The columns asked for that a table does not have."""
    wanted = [getattr(asked, key) for key in TABLE_COLUMNS]
    several = [part.strip() for part in asked.label_column.split(",")]
    if len(several) > 1 and all(columns.place(part) is not None for part in several):
        wanted.remove(asked.label_column)
    return [name for name in wanted if name not in ("", NO_GROUP) and columns.place(name) is None]
