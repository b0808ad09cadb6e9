"""Questions about tables: which column, which sheet, whether a class holds for the rows below."""

from collections.abc import Mapping, Sequence

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import NO_GROUP
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.parsing.table import ALL_SHEETS, Table
from transfergui.core.reading.tables import table_columns
from transfergui.core.reading.tables.predicted_columns import Places, number_places
from transfergui.core.reading.tables.predicted_questions import described, label_choices, or_several
from transfergui.core.reading.tables.reading_options import (
    COLUMN_OPTIONS,
    FILL,
    ReadingOptions,
    fills,
)
from transfergui.core.reading.tables.table_columns import Columns


def require_own_columns(
    path: str, table: Table, lookup: Lookup, asked: ReadingOptions, certain: bool = False
) -> None:
    """Refuse what would take the column of the files or of the classes for something else, so
    that the classes would be read from the next likely column.

    Args:
        path: of the table.
        certain: whether only a column that is called so counts as that of the classes.

    Raises:
        UserError: ``data.one_column_twice``.
    """
    if not any(asked.columns):
        return
    alone = table_columns.columns(table, lookup)
    known = alone.named or (alone.sure and not certain)
    label = alone.name(alone.label) if known else ""
    file = "" if alone.by == "folder" else alone.name(alone.path)  # folders may be groups, too
    chosen = {key: getattr(asked, key) for key in COLUMN_OPTIONS}
    guessed = {"path_column": file, "label_column": label}
    require_different(path, {key: name or guessed.get(key, "") for key, name in chosen.items()})


def require_different(path: str, used: Mapping[str, str]) -> None:
    """
    Args:
        path: of the table.
        used: the column for each option.

    Raises:
        UserError: ``data.one_column_twice``: one column would be used for two things.
    """
    first: dict[str, str] = {}
    for option, name in used.items():
        if name and name != NO_GROUP and first.setdefault(name, option) != option:
            raise UserError(
                "data.one_column_twice", path=path, name=name, first=first[name], second=option
            )


def choice_of_column(table: Table, names: Sequence[str], at: int) -> str:
    """A column's name; where it has none, what stands in it."""
    name = names[at]
    if not name.isdecimal():
        return name
    example = next((row[at] for row in table.rows.values() if len(row) > at), "")
    return f"{name}: {example[:40]}"


def sheets_of(table: Table) -> dict[str, str]:
    """The sheets of a workbook, or lists of a JSON file, as a person chooses them."""
    found = {title: title for title, each in table.sheets.items() if each.rows}
    whole = table.of_sheet(ALL_SHEETS)
    if len(whole.parts) > 1:
        found[ALL_SHEETS] = _all_of(whole)
    return found


def _all_of(whole: Table) -> str:
    text = _("All together: {names}")
    if whole.titled == "label":
        text = _("All together, each as a class: {names}")
    return text.format(names=some(whole.parts))


def unknown_sheet(name: str, known: Sequence[str]) -> UserError:
    """No table has the sheet that was asked for.

    Args:
        known: those that there are.
    """
    found = ", ".join(each for each in known if each not in ("", ALL_SHEETS)) or "-"
    return UserError("data.unknown_sheet", name=name, found=found)


def which_sheet(path: str, found: Sequence[Table]) -> Question:
    """Which of several sheets holds the examples?

    Args:
        path: of the table, as it is called.
        found: the likeliest first.
    """
    choices = {}
    for each in found:
        rows = sum(1 for _row in each.below(each.columns().header))
        name = _all_of(each) if each.sheet == ALL_SHEETS else _("Only “{name}”").format(
            name=each.sheet)  # fmt: skip
        choices[each.sheet] = _("{sheet} ({count} rows)").format(sheet=name, count=rows)
    return Question(
        "data.which_sheet",
        setting="data.options.sheet",
        choices=choices,
        guess=found[0].sheet,
        path=path,
    )


def whether_filled(path: str, column: str, count: int) -> Question:
    """Does a class hold for the rows below it?"""
    values = {"path": path, "column": column, "count": count}
    setting = "data.options.fill_down"
    return Question("data.fill_down", setting=setting, choices=fills(count), guess=FILL, **values)


def which_column(path: str, table: Table, where: Places, places: Sequence[int]) -> Question:
    """Which of several columns is predicted, or which ones are?

    Args:
        path: of the table, as it is called.
        places: of those that may, the likeliest first. A single one is called like a group.
    """
    names = where.names
    every = [*sorted(places), *number_places(table, where, places)]
    choices = described(table, where.header, names, every)
    guess = names[places[0]]
    code, values = "data.which_column", {"path": path}
    if len(every) == 1 or [*places] == [where.group]:
        code, values = "data.only_column", {"path": path, "name": guess}
    question = Question(
        code, setting="data.options.label_column", choices=choices, guess=guess, **values
    )
    words = [names[at] for at in sorted(places)]
    return or_several(question, words).or_sets(*label_choices(table, where))


def which_file_column(path: str, table: Table, where: Columns) -> Question:
    """Which of several columns names the files?"""
    assert where.path is not None
    choices = {}
    for at in (where.path, *where.rivals):
        cells = [row[at].strip() for row in table.sampled if len(row) > at]
        choices[where.names[at]] = _("Column “{name}”: {examples}").format(
            name=choice_of_column(table, where.names, at), examples=some(cells)
        )
    return Question(
        "data.which_file_column",
        setting="data.options.path_column",
        choices=choices,
        guess=where.names[where.path],
        path=path,
    )
