"""The listing of the files whose classes a table says."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import BY_FOLDER, NO_GROUP, Problem, Sample, natural_order
from transfergui.core.reading.listings.listing import SHOWN, Listing, some
from transfergui.core.reading.parsing import columns as parsed
from transfergui.core.reading.parsing.table import ALL_SHEETS, Table
from transfergui.core.reading.tables import label_columns, predicted_columns, table_columns
from transfergui.core.reading.tables.label_table import AGREE, Grouping, LabelTable
from transfergui.core.reading.tables.predicted_columns import (
    may_be_number,
    number_places,
    places_of,
)
from transfergui.core.reading.tables.predicted_questions import (
    JOIN,
    class_or_number,
    require_fit,
    require_sure,
)
from transfergui.core.reading.tables.questions import (
    choice_of_column,
    require_own_columns,
    sheets_of,
    unknown_sheet,
    whether_filled,
    which_column,
    which_file_column,
    which_sheet,
)
from transfergui.core.reading.tables.reading_options import ALL_TABLES, TABLE, ReadingOptions, fills
from transfergui.core.reading.tables.table_columns import Columns
from transfergui.core.reading.tables.tables_beside import Tables

FEWEST_FOLDERS, MOST_FOLDERS = 3, 1000
"""So many folders of files that a table labels may be people or days."""


def labelled_listing(
    root: Path,
    paths: Sequence[str],
    said: LabelTable,
    asked: ReadingOptions,
    tables: Tables,
    part: Mapping[int, Any] | None = None,
) -> Listing:
    """The samples that a table labels.

    Args:
        part: the split of each file by its folder, where the table says none.

    Raises:
        Question: several columns may be the classes.
    """
    where, names = said.columns, said.names
    borrowed = None
    if asked.group_column not in (*where.names, NO_GROUP, BY_FOLDER) and not said.labelled.groups:
        borrowed = tables.grouping(names, said.labelled.labels, asked.group_column)
    _require_clear(said, asked, tables, borrowed)
    splits = said.labelled.splits or part or {}
    if asked.split_column == NO_GROUP:
        splits = {}
    groups, by = _groups(paths, said, asked, borrowed)
    classes: dict[str, int] = {}
    listing = Listing(root, problems=list(said.labelled.problems))
    for at, label in said.labelled.labels.items():
        number = classes.setdefault(label, len(classes))
        group = None if asked.group_column == NO_GROUP else groups.get(at)
        listing.samples.append(Sample(paths[at], number, group=group, split=splits.get(at)))
    listing.classes = list(classes)
    if where.predicted is not None:
        listing.targets = where.predicted.bare
        told = predicted_columns.notes(said.table, places_of(where), where.predicted, asked.decimal)
        listing.problems += told
    _tell_columns(listing, said, asked, tables, by)
    if not by and not asked.group_column and not splits:
        listing.problems += _in_folders(listing)
        used = where.predicted.places if where.predicted else ()
        known = (where.path, *where.more, *where.hot, *used, where.split)
        listing.problems += columns_may_group(said.table, where, known)
    if borrowed:
        listing.choices["group_column"][by] = by
        values = {"column": by}
        listing.problems.append(
            Problem("data.groups_of_table", values, path=borrowed.name, left_out=False)
        )
    return listing


def _groups(
    paths: Sequence[str], said: LabelTable, asked: ReadingOptions, borrowed: Grouping | None
) -> tuple[Mapping[int, str], str]:
    """The group of each file by its number, and what says it: a column, or each file's folder."""
    where = said.columns
    if asked.group_column == BY_FOLDER:
        homes = {at: path.rpartition("/")[0] for at, path in enumerate(paths)}
        return {at: home for at, home in homes.items() if home}, BY_FOLDER
    by = borrowed.column if borrowed else where.name(where.group)
    if said.labelled.groups and where.group is None:  # a row for a folder of files
        by = where.name(where.path)
    return borrowed.groups if borrowed else said.labelled.groups, by


def columns_may_group(
    table: Table, where: Columns | parsed.Columns, known: Collection[int | None]
) -> Iterator[Problem]:
    """That columns may say what belongs together, where nothing was taken to.

    Args:
        known: columns that are something else, beside the one that tells the classes.
    """
    places = table_columns.may_group(table, where.header, where.label, known)
    found = [where.names[at] for at in places]
    if found:
        said = ", ".join(f"“{name}”" for name in found[:SHOWN])
        values = {"names": said, "first": found[0]}
        yield Problem("data.columns_may_group", values, path=".", left_out=False)


def _in_folders(listing: Listing) -> Iterator[Problem]:
    """That the folders of the files may be people or days, where all have several classes."""
    homes: defaultdict[str, set[int]] = defaultdict(set)
    for sample in listing.samples:
        homes[sample.path.rpartition("/")[0]].add(sample.label)
    several = sum(len(labels) > 1 for labels in homes.values())
    if MOST_FOLDERS >= len(homes) >= FEWEST_FOLDERS and several >= AGREE * len(homes):
        values = {"count": len(homes), "names": some(natural_order(homes))}
        yield Problem("data.folders_may_group", values, path=".", left_out=False)


def _tell_columns(
    listing: Listing, said: LabelTable, asked: ReadingOptions, tables: Tables, by: str
) -> None:
    """Keep how the table was read, and what else each column may be.

    Args:
        by: the column of the groups; empty for none.
    """
    where, names = said.columns, said.names
    listing.chosen = {
        "layout": TABLE,
        "table": ALL_TABLES if asked.table == ALL_TABLES else names[0],
        "path_column": where.name(where.path),
        "label_column": _label_columns(where),
        "split_column": _or_none(asked.split_column, where.name(where.split)),
        "group_column": _or_none(asked.group_column, by),
    }
    listing.choices = _choices(said, tables)
    if (found := where.predicted) is not None:
        listing.chosen |= found.chosen()
        listing.choices |= found.choices()
        columns = _label_columns(where)
        listing.choices["label_column"] |= {columns: columns} if columns else {}
    if where.more:
        columns = ", ".join(where.name(at) for at in (where.path, *where.more))
        values = {"columns": columns}
        listing.problems.append(Problem("data.more_files", values, path=names[0], left_out=False))
    if said.blank:
        listing.chosen["fill_down"] = asked.fill_down
        listing.choices["fill_down"] = fills(said.blank)
    if said.table.sheets:
        listing.chosen["sheet"] = said.table.sheet
        listing.choices["sheet"] = sheets_of(said.table)


def _label_columns(where: Columns) -> str:
    """The columns that say what is predicted; empty for a column per class."""
    found = where.predicted
    if found is None:
        return where.name(where.label)
    return "" if found.marks else JOIN.join(where.name(at) for at in found.places if at >= 0)


def _require_clear(
    said: LabelTable, asked: ReadingOptions, tables: Tables, borrowed: Grouping | None
) -> None:
    """
    Args:
        borrowed: the groups that another table says.

    Raises:
        Question: several sheets, columns of files or columns of classes may be meant.
        UserError: ``data.unknown_column``, ``data.one_column_twice``; a sheet that is not there.
    """
    where, name = said.columns, said.names[0]
    if asked.sheet not in ("", *tables.sheets, ALL_SHEETS) and not asked.of_model:
        raise unknown_sheet(asked.sheet, list(tables.sheets))
    if said.sheets:
        raise which_sheet(name, said.sheets)
    if said.blank and not asked.fill_down:
        raise whether_filled(name, where.name(where.label), said.blank)
    _require_columns(name, where, asked, borrowed)
    require_own_columns(name, said.table, said.lookup, asked)
    if where.rivals:
        raise which_file_column(name, said.table, where)
    require_fit(name, places_of(where), asked.objective, where.predicted)
    if where.predicted is not None and (asked.objective or where.predicted.asked):
        require_sure(name, said.table, places_of(where), where.predicted)
        return
    if not (asked.label_column or asked.predict or where.label is None or where.hot):
        _require_one_column(name, said, asked)
    if where.label is not None and may_be_number(said.table, places_of(where), asked):
        cells = said.table.sampled
        column = [row[where.label] for row in cells if len(row) > where.label]
        raise class_or_number(name, where.name(where.label), column)


def _require_one_column(name: str, said: LabelTable, asked: ReadingOptions) -> None:
    """
    Raises:
        Question: several columns may be the classes.
    """
    where = said.columns
    assert where.label is not None
    places = list(dict.fromkeys((where.label, *where.labels))) if not where.sure else []
    if not where.named and not asked.group_column:
        known = (where.path, where.split)
        found = label_columns.dividing(said.table, where.header, known, where.group)
        places += [at for at in found if at == where.group]
        places = [where.label, *places] if places == [where.group] else places
        places = places or ([] if asked.objective else _beside_numbers(said))
    if places:
        raise which_column(name, said.table, places_of(where), places)


def _beside_numbers(said: LabelTable) -> list[int]:
    """The column of the classes, where its name does not say so and another one may be a number to
    predict."""
    where = said.columns
    if where.label is None or where.boxes or where.spans or not where.header:
        return []
    return [where.label] if number_places(said.table, places_of(where), [where.label]) else []


def _require_columns(
    path: str, where: Columns, asked: ReadingOptions, borrowed: Grouping | None
) -> None:
    """
    Args:
        borrowed: the groups that another table says.

    Raises:
        UserError: ``data.unknown_column``: a column is chosen that the table lacks.
    """
    known = (*where.names, NO_GROUP, BY_FOLDER, "", *([borrowed.column] if borrowed else []))
    for name in asked.columns:
        together = name == asked.label_column and where.predicted is not None
        if name not in known and not together:
            raise UserError(
                "data.unknown_column", path=path, name=name, found=", ".join(where.names)
            )


def _or_none(asked: str, found: str) -> str:
    return NO_GROUP if asked == NO_GROUP else found


def _choices(said: LabelTable, tables: Tables) -> dict[str, dict[str, str]]:
    """What each column may be, for the user to choose another."""
    where = said.columns
    every = {n: choice_of_column(said.table, where.names, at) for at, n in enumerate(where.names)}
    listed = some(said.names)
    found = {
        "layout": {TABLE: _("the table {name}").format(name=listed)},
        "table": tables.choices,
        "path_column": every,
        "label_column": every,
        "split_column": {NO_GROUP: _("nothing")} | every,
        "group_column": {NO_GROUP: _("nothing"), BY_FOLDER: _("the folder of each file")} | every,
    }
    hot = where.predicted.places if where.predicted and where.predicted.marks else where.hot
    if hot:
        names = ", ".join(where.names[at] for at in hot[:SHOWN])
        found["label_column"] = {"": _("a column for each class: {names}").format(names=names)}
        found["label_column"] |= every
    return found
