"""Tables that lie beside files and say what these are: which of them to believe.

:mod:`.rows` reads one table with the files at hand; here several are compared, those for the parts
of the data put together, and what is open is asked.
"""

import contextlib
import posixpath
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Problem
from transfergui.core.reading.files.lookup import Lookup, by_parts
from transfergui.core.reading.listings.listing import SHOWN, some
from transfergui.core.reading.parsing.table import ALL_SHEETS, Table
from transfergui.core.reading.tables import joins, label_columns, table_columns
from transfergui.core.reading.tables.label_lists import LabelLists
from transfergui.core.reading.tables.label_table import (
    Grouping,
    LabelTable,
    of_files,
    same_columns,
    tells,
    too_few,
)
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.parts import as_one, merged_parts, parts_of, without_split
from transfergui.core.reading.tables.predicted_columns import numeric, places_of, with_predicted
from transfergui.core.reading.tables.predicted_questions import only_numbers
from transfergui.core.reading.tables.questions import require_own_columns, which_column
from transfergui.core.reading.tables.reading_options import ALL_TABLES, FILL, TABLE, ReadingOptions
from transfergui.core.reading.tables.rows import FileLabels, column_of, names_files, read_rows

PART_NAMED = 0.5
"""The share of the files that a table must name by a part of their names."""
SOME = 0.5
"""The share of files for which another table must say the group."""


class Tables:
    """The tables of a data set, read with its files at hand.

    Args:
        root: the folder that everything is relative to.
        paths: of the files.
        names: of the tables, nearest to the root first.
        others: of tables that name no files, but may say more of them by another column.
        lists: files that say for each label which files have it.

    Attributes:
        unread: why tables cannot be read, by their names.
        repeats: what is to be said of tables that are not used, because others divide the data.
        sheets: of all workbooks that were read.
    """

    def __init__(
        self,
        root: Path,
        paths: Sequence[str],
        names: Sequence[str],
        asked: ReadingOptions,
        others: Sequence[str] = (),
        lists: LabelLists | None = None,
    ) -> None:
        self._others = others
        self._root = root
        self._paths = paths
        self.names = [*names, lists.name] if lists else names
        self._lists = lists
        self.unread: dict[str, UserError] = {}
        self.repeats: dict[str, Problem] = {}
        self.sheets: dict[str, None] = {}
        self._parts = parts_of(self.names)
        self._asked = asked

    @cached_property
    def each(self) -> list[LabelTable]:
        """What each table says, those that name many files first."""
        if self._asked.table == ALL_TABLES:
            return self._all_together()
        if self._asked.table and self._asked.table not in self.names:
            found = ", ".join(self.names) or "-"
            raise UserError("data.unknown_table", name=self._asked.table, found=found)
        asked = self._asked.table
        last = asked.rpartition("/")[2]
        alike = [name for name in self.names if name.rpartition("/")[2] == last]
        chosen = self.names if not asked or asked in self._parts else alike
        read = [self._read(name) for name in chosen]
        said = self._alike([each for each in read if each is not None])
        if not any(map(tells, said)):
            said = [self._by_part(each) or self._joined(each) or each for each in said]
        if not any(map(tells, said)):
            said += filter(None, map(self._other_by_part, self._others))
        merged = self._without_repeats(merged_parts(said, self._parts, self._paths))
        if asked and len(chosen) > 1:  # the first of several that divide the data means all of them
            whole = [each for each in merged if each.names[0] == asked]
            if not whole:
                self.repeats = {}
            merged = whole or [each for each in said if each.names[0] == asked]

        def says(each: LabelTable) -> tuple[int, bool, bool]:
            said = each.labelled
            return len(said.labels), bool(said.groups), bool(said.splits)

        return sorted(merged, key=says, reverse=True)

    def _alike(self, said: Sequence[LabelTable]) -> list[LabelTable]:
        """Tables of the same columns read alike: where one has rows of several labels, each row of
        the others may have several; what divides labels or begins decimals is the same in all."""
        first: dict[tuple[str, ...], LabelTable] = {}
        for each in sorted(said, key=lambda each: -len(each.table.rows)):
            if each.columns.predicted is not None:
                first.setdefault(each.columns.names, each)
        return [self._like(each, first.get(each.columns.names, each)) for each in said]

    def _like(self, said: LabelTable, other: LabelTable) -> LabelTable:
        """A table, read as another one of the same columns is."""
        own, meant = said.columns.predicted, other.columns.predicted
        if meant is None or said is other:
            return said
        if own is not None and (own.objective, own.chosen()) == (meant.objective, meant.chosen()):
            return said
        asked = self._asked.written(meant.objective, **meant.chosen())
        return self._read_table(said.names[0], said.table, asked) or said

    def _all_together(self) -> list[LabelTable]:
        """The tables of the same columns as the one that says most, as one."""
        read = [each for name in self.names if (each := self._read(name)) is not None]
        said = self._alike(read)
        telling = [each for each in said if each.columns.labelled and each.labelled.labels]
        most = max(telling, key=lambda each: len(each.labelled.labels), default=None)
        if most is None:
            return said
        alike = [without_split(each) for each in telling if same_columns(most, each)]
        whole = as_one(alike, {}, self._paths)
        return [whole, *(each for each in said if each not in alike)]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns of all tables that can be read."""
        return tuple(dict.fromkeys(name for each in self.each for name in each.columns.names))

    @property
    def choices(self) -> dict[str, str]:
        """The tables that a person may choose, as they are shown."""
        if self._asked.table == ALL_TABLES:
            return {ALL_TABLES: _("all together"), **{name: name for name in self.names}}
        found = {each.names[0]: some(each.names) for each in self.each}
        return found | {name: name for name in self.repeats}

    @property
    def best(self) -> LabelTable | None:
        return self.each[0] if self.each else None

    @property
    def telling(self) -> list[LabelTable]:
        """Those that tell several classes apart."""
        return [each for each in self.each if tells(each)]

    def labelled_by(self, said: LabelTable, labels: Sequence[int]) -> LabelTable:
        """What a table says when the first of ``labels`` is the likeliest column of classes."""
        where = replace(said.columns, label=labels[0], labels=tuple(labels))
        name = said.names[0]
        read = read_rows(said.table, where, said.lookup, name, self._paths)
        return LabelTable(said.names, said.table, read, said.lookup)

    def refusal(self, path: Path) -> UserError:
        """Why no table can be used."""
        for error in self.unread.values():
            return error
        for each in self.each:
            found = ", ".join(each.columns.names)
            require_own_columns(each.names[0], each.table, each.lookup, self._asked)
            if (asking := self._lacking(each)) is not None:
                return asking
            few = too_few(path, each)
            if few is not None:
                return few
            if each.columns.path is None or not each.columns.labelled:
                return UserError("data.table_columns", path=str(path), found=found)
            why = " ".join(problem.sentence() for problem in each.labelled.problems[:1])
            return UserError("data.manifest_empty", path=str(path), why=why)
        return self._no_table(path)

    def _no_table(self, path: Path) -> UserError:
        """That there is no table at all, and what columns are where folders say it."""
        if not self._asked.predict:
            return UserError("data.table_columns", path=str(path), found="-")
        names = some(self._asked.predict)
        return UserError("data.predicted_folders", path=str(path), names=names)

    def _lacking(self, said: LabelTable) -> UserError | None:
        """That a table lacks columns that are to be predicted; or that it holds numbers alone,
        which is asked."""
        where = said.columns
        named = self._asked.predicted(where.names) or ()
        missing = [name for name in named if name not in where.names]
        if missing and where.path is not None:
            found = ", ".join(where.names)
            return UserError(
                "data.unknown_column", path=said.names[0], name=missing[0], found=found
            )
        if where.path is None or where.labelled or self._asked.objective:
            return None
        places = numeric(said.table, places_of(where)) if said.labelled.found else ()
        return only_numbers(said.names[0], [where.names[at] for at in places]) if places else None

    def require_no_group(self) -> None:
        """
        Raises:
            Question: no table tells classes, but one tells who or what the files are of: that may
                be what is to be learned.
        """
        for each in self.each:
            where = each.columns
            if where.path is None or where.by != "file" or where.labelled or where.group is None:
                continue
            known = (where.path, where.split)
            places = label_columns.dividing(each.table, where.header, known, where.group)
            if places == [where.group] and where.name(where.group) != self._asked.group_column:
                raise which_column(each.names[0], each.table, places_of(where), places)

    def ask_for_numbers(self) -> None:
        """
        Raises:
            Question: ``data.only_numbers``: a table tells no classes, but numbers.
        """
        for each in self.each:
            if isinstance(asking := self._lacking(each), Question):
                raise asking

    def grouping(
        self, used: Sequence[str], files: Collection[int], wanted: str = ""
    ) -> Grouping | None:
        """What another table than those ``used`` says about which of ``files`` belong together:
        patients in a table of their own, say.

        Args:
            wanted: the column; empty for one that is called so.
        """
        for name in self.names:
            if name in used or name in self.unread:
                continue
            try:
                table = open_table(self._root / name)
            except UserError:
                continue
            lookup = Lookup(self._paths, posixpath.dirname(name))
            where = table_columns.columns(table, lookup)
            column = where.names.index(wanted) if wanted in where.names else None
            column = where.group if not wanted else column
            if column is None or where.path is None or where.by != "file":
                continue
            found = column_of(table, where, column, lookup)
            groups = {at: found[at] for at in files if at in found}
            together = 1 < len(set(groups.values())) < len(groups)
            if together and len(groups) >= SOME * len(files):
                return Grouping(name, where.names[column], groups)
        return None

    def _without_repeats(self, merged: Sequence[LabelTable]) -> list[LabelTable]:
        """Without tables of the same columns as several that divide the data: these repeat the
        rows of those, or hold what was not divided."""
        dividing = [each for each in merged if len(each.names) > 1]
        left = []
        for each in merged:
            names = each.columns.names
            whole = next((d for d in dividing if d.columns.names == names and d is not each), None)
            if whole is None or not each.columns.header:
                left.append(each)
                continue
            again = len(each.labelled.named & whole.labelled.named)
            tables = ", ".join(whole.names[:SHOWN])
            values = {"tables": tables, "count": again, "rows": each.labelled.count}
            self.repeats[each.names[0]] = Problem(
                "data.table_repeats", values, path=each.names[0], left_out=False
            )
        return left

    def _of_lists(self, lists: LabelLists) -> LabelTable | None:
        said = self._read_table(lists.name, lists.table)
        if said is not None:
            said.labelled.problems += lists.problems
        return said

    def _read(self, name: str) -> LabelTable | None:
        if self._lists is not None and name == self._lists.name:
            return self._of_lists(self._lists)
        try:
            table = open_table(self._root / name, self._asked.sheet)
        except UserError as error:
            self.unread[name] = error
            return None
        self.sheets |= dict.fromkeys((*table.sheets, table.sheet))
        if not table.sheets or self._asked.sheet in (*table.sheets, ALL_SHEETS):
            return self._read_table(name, table)
        every = [each for each in table.sheets.values() if not each.hidden]
        read = [found for each in every if (found := self._read_table(name, each)) is not None]
        telling = of_files([each for each in read if tells(each)])
        whole = table.of_sheet(ALL_SHEETS)
        together = self._read_table(name, whole) if len(whole.parts) > 1 else None
        if together is not None and tells(together):
            if whole.divides:
                return together
            telling.insert(0, together)
        if len(telling) > 1 and not self._asked.sheet:  # it may be a sheet of another table
            telling[0].sheets = tuple(each.table for each in telling)
        found = max(read, key=lambda each: each.labelled.found, default=None)
        return telling[0] if telling else found

    def _by_part(self, said: LabelTable) -> LabelTable | None:
        """What a table says whose rows are for all files that have a part of their names in
        common, such as the number of a patient; None for another one.
        """
        names = said.names
        for lookup in by_parts(self._paths):
            where = table_columns.columns(said.table, lookup, self._asked.columns)
            where = with_predicted(said.table, where, self._asked)
            if where.by != "folder" or not where.labelled or table_columns.says_times(where):
                continue
            read = read_rows(said.table, where, lookup, names[0], self._paths)
            if (
                len(read.labels) < PART_NAMED * len(self._paths)
                or len(set(read.labels.values())) < 2
            ):
                continue
            example = self._paths[min(read.labels)]
            values = {"column": where.name(where.path), "example": example}
            read.problems.append(Problem("data.by_part", values, path=names[0], left_out=False))
            return LabelTable(names, said.table, read, lookup)
        return None

    def _other_by_part(self, name: str) -> LabelTable | None:
        """The same of a table that names no files, by its name."""
        with contextlib.suppress(UserError):
            table = open_table(self._root / name)
            lookup = Lookup(self._paths)
            return self._by_part(
                LabelTable([name], table, FileLabels(table_columns.columns(table, lookup)), lookup)
            )
        return None

    def _joined(self, said: LabelTable) -> LabelTable | None:
        """What a table of files says together with another one that has a column of it: the
        specimen, say; None where no other one tells classes."""
        where = said.columns
        if where.path is None or where.by != "file" or not where.header or not said.labelled.found:
            return None
        found = []
        for name in [*self.names, *self._others]:
            with contextlib.suppress(UserError):
                other = open_table(self._root / name) if name not in said.names else None
                if other is not None and (whole := joins.joined(said.table, where, other)):
                    found.append((name, *whole))
        read = [self._read_joined(said, name, table, key) for name, table, key in found]
        telling = [each for each in read if tells(each)]
        return max(telling, key=lambda e: (e.columns.named, len(e.labelled.labels)), default=None)

    def _read_joined(self, said: LabelTable, other: str, table: Table, key: str) -> LabelTable:
        """
        Args:
            other: the name of the second table.
            table: both as one.
            key: the column that they have in common.
        """
        wanted = self._asked.columns
        where = table_columns.columns(table, said.lookup, wanted)
        if where.group is None and not wanted.group:
            where = table_columns.columns(table, said.lookup, wanted._replace(group=key))
        where = with_predicted(table, where, self._asked)
        name = said.names[0]
        read = read_rows(table, where, said.lookup, name, self._paths)
        values = {"other": other, "column": key}
        read.problems.append(Problem("data.joined", values, path=name, left_out=False))
        return LabelTable([name, other], table, read, said.lookup)

    def _read_table(
        self, name: str, table: Table, asked: ReadingOptions | None = None
    ) -> LabelTable | None:
        if not table.rows:
            return None
        asked = asked or self._asked
        lookup = Lookup(self._paths, posixpath.dirname(name))
        alone = len(self.names) == 1 or self._asked.table  # of several, only the one that is used
        if alone and self._asked.layout in ("", TABLE):
            require_own_columns(name, table, lookup, self._asked, certain=True)
        found = table_columns.columns(table, lookup, self._asked.columns)
        if found.path is None or not names_files(table, found, lookup):
            looser = Lookup(self._paths, by_name=True)
            by_name = table_columns.columns(table, looser, self._asked.columns)
            if names_files(table, by_name, looser, each_once=not by_name.boxes):
                found, lookup = by_name, looser
        if found.path is None:
            return LabelTable([name], table, FileLabels(found), lookup)
        found = with_predicted(table, found, asked)
        default = self._parts.get(name)
        blank = (
            0
            if found.hot or found.predicted
            else joins.blank_below(table, found.header, found.label)
        )
        if blank and self._asked.fill_down == FILL:
            below = [at for at in (found.label, found.group) if at is not None]
            table = joins.filled_down(table, found.header, below)
        said = read_rows(table, found, lookup, name, self._paths, default)
        if lookup.by_name:
            values = {"count": said.found}
            said.problems.append(Problem("data.by_name", values, path=name, left_out=False))
        return LabelTable([name], table, said, lookup, blank=blank)
