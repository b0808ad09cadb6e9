"""Tables that lie beside files and say what these are: which of them to believe, and its samples.

:mod:`.labelling` reads one table with the files at hand; here several are compared, those for the
parts of the data put together, and what is open is asked.
"""

import contextlib
import itertools
import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import (
    BY_FOLDER,
    NO_GROUP,
    Conflict,
    Problem,
    Sample,
    SplitName,
    natural_order,
)
from transfergui.core.data.labels import distinct
from transfergui.core.data.labels import same as same_labels
from transfergui.core.reading import labelling
from transfergui.core.reading.files.lookup import Lookup, by_parts
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.labelling import Columns, Labelled
from transfergui.core.reading.names.kinds import split_of
from transfergui.core.reading.names.words import FILLERS, SPLIT_WORDS, words
from transfergui.core.reading.parsing import columns as parsed
from transfergui.core.reading.parsing.table import ALL_SHEETS, Table
from transfergui.core.reading.tables import joins, table_files

TABLE = "table"
"""The layout in which a table says the classes."""
FILL, LEAVE = "yes", "no"
"""As what it is chosen whether a class holds for the rows below it."""
ALL_TABLES = "*"
"""As what the table is chosen where several of the same columns are one."""
PART_NAMED = 0.5
"""The share of the files that a table must name by a part of their names."""
SOME = 0.5
"""The share of files for which another table must say the group."""
AGREE = 0.95
"""From this share of files on, two say the same."""
PREDICTIONS = ("prediction", "submission")
"""Words in the names of tables that programs wrote; they say what a model thought."""
OF_TABLES = "label labels annotation annotations metadata meta list gt info ids classes csv df"
"""Words beside ``train`` in the name of a table that change nothing."""
ORDER = ("train", "val", "test")
EVALUATION = frozenset(("eval", "evaluation", "evaluate"))
PART_WORDS: Mapping[str, SplitName] = {**dict.fromkeys(EVALUATION, "val"), **SPLIT_WORDS}
"""Words in the names of tables that tell a part of the data."""
PREDICTED = frozenset(
    ("confidence", "prediction", "predictions", "predicted", "predicted_label", "pred", "score")
)
"""Columns that only tables of answers have."""
HALF_OF_FILES, MOST_BESIDE = 0.5, 50_000
"""Of the files beside a table of numbers, so many must be among these; files that are looked at."""
FEWEST_FOLDERS, MOST_FOLDERS = 3, 1000
"""So many folders of files that a table labels may be people or days."""
COLUMN_OPTIONS = ("path_column", "label_column", "split_column", "group_column")
SHOWN = 4
"""Names that are given as examples."""


@dataclass(frozen=True)
class Asked:
    """How the user wants the files understood; empty where the program shall find out.

    Attributes:
        of_model: whether the columns are those that a model of texts was trained with, so that
            other data may well lack them.
    """

    layout: str = ""
    split_folders: str = ""
    table: str = ""
    path_column: str = ""
    label_column: str = ""
    split_column: str = ""
    group_column: str = ""
    sheet: str = ""
    fill_down: str = ""
    of_model: bool = False

    @staticmethod
    def of(options: Mapping[str, Any]) -> "Asked":
        """What is said among data options, of which others are not about this."""
        known = Asked.__dataclass_fields__.keys() - {"of_model"}
        named = {name: value for name, value in options.items() if name in known}
        texts = {name: "" if value is None else str(value) for name, value in named.items()}
        of_model = bool(options.get("keep_untrained")) and "text_column" in options
        return Asked(**texts, of_model=of_model)

    @property
    def columns(self) -> labelling.Wanted:
        return labelling.Wanted(
            self.path_column, self.label_column, self.split_column, self.group_column
        )


@dataclass
class Listing:
    """What a source holds, by name only.

    Attributes:
        root: the folder that sample paths are relative to.
        samples: labels index into ``classes``; sizes are not known yet.
        classes: in no particular order.
        problems: of files, folders and rows.
        chosen, choices, conflicts: as of :class:`transfergui.core.data.dataset.Dataset`.
    """

    root: Path
    samples: list[Sample] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    chosen: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def open_table(path: Path, sheet: str = "") -> Table:
    """The table at ``path``.

    Args:
        sheet: as of :func:`tables.read`.

    Raises:
        UserError: ``data.unreadable``.
    """
    try:
        return table_files.read(path, sheet=sheet)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("data.unreadable", path=str(path), reason=reason) from error


def below_folder_of(table: Path) -> list[str]:
    """The files that a table which is opened by itself may name, relative to its folder."""
    below = (joined(folder.path, name) for folder in Walk(table.parent) for name in folder.files)
    return list(itertools.islice(below, MOST_BESIDE))


def names_files_of(path: Path, paths: Sequence[str]) -> bool:
    """Whether a table that is opened by itself names files, with or without their endings.

    Args:
        paths: those that would be samples, of :func:`below_folder_of` the table.
    """
    if not paths:
        return False
    try:
        table = open_table(path)
    except (OSError, UserError):
        return False  # told where it is read
    lookup = Lookup(paths)
    where = labelling.columns(table, lookup)
    if where.path is None or where.by != "file":
        return False
    cells = [table.cell(number, where.path) for number in table.below(where.header)]
    named = {at for cell in cells if (at := lookup.file(cell)) is not None}
    numbers = all(cell.isdecimal() for cell in cells)  # which number anything
    known = len(named) >= HALF_OF_FILES * len(paths) or not numbers
    return known and labelling.names_files(table, where, lookup, each_once=numbers)


@dataclass
class Said:
    """What one table, or several of one kind, say of the files.

    Attributes:
        names: of the tables, relative to the root.
        table: the first of them.
        lookup: finds the files that it names.
        sheets: those of a workbook that may be meant as well, where it has several.
        blank: rows that lack the class that stands above them.
    """

    names: list[str]
    table: Table
    labelled: Labelled
    lookup: Lookup
    sheets: tuple[Table, ...] = ()
    blank: int = 0

    @property
    def columns(self) -> Columns:
        return self.labelled.columns


class Grouping(NamedTuple):
    """Which files belong together, by a table that does not say the classes.

    Attributes:
        name: of the table.
        groups: by the place of the file among all.
    """

    name: str
    column: str
    groups: Mapping[int, str]


class Tables:
    """The tables of a data set, read with its files at hand.

    Args:
        root: the folder that everything is relative to.
        paths: of the files.
        names: of the tables, nearest to the root first.
        others: of tables that name no files, but may say more of them by another column.

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
        asked: Asked,
        others: Sequence[str] = (),
    ) -> None:
        self._others = others
        self._root = root
        self._paths = paths
        self.names = names
        self.unread: dict[str, UserError] = {}
        self.repeats: dict[str, Problem] = {}
        self.sheets: dict[str, None] = {}
        self._parts = parts_of(names)
        self._asked = asked

    @cached_property
    def each(self) -> list[Said]:
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
        said = [each for each in read if each is not None]
        if not any(map(tells, said)):
            said = [self._by_part(each) or self._joined(each) or each for each in said]
        if not any(map(tells, said)):
            said += filter(None, map(self._other_by_part, self._others))
        merged = self._without_repeats(_merged(said, self._parts, self._paths))
        if asked and len(chosen) > 1:  # the first of several that divide the data means all of them
            whole = [each for each in merged if each.names[0] == asked]
            if not whole:
                self.repeats = {}
            merged = whole or [each for each in said if each.names[0] == asked]

        def says(each: Said) -> tuple[int, bool, bool]:
            said = each.labelled
            return len(said.labels), bool(said.groups), bool(said.splits)

        return sorted(merged, key=says, reverse=True)

    def _all_together(self) -> list[Said]:
        """The tables of the same columns as the one that says most, as one."""
        said = [each for name in self.names if (each := self._read(name)) is not None]
        telling = [each for each in said if each.columns.labelled and each.labelled.labels]
        most = max(telling, key=lambda each: len(each.labelled.labels), default=None)
        if most is None:
            return said
        alike = [_without_split(each) for each in telling if same_columns(most, each)]
        whole = _together(alike, {}, self._paths)
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
    def best(self) -> Said | None:
        return self.each[0] if self.each else None

    @property
    def telling(self) -> list[Said]:
        """Those that tell several classes apart."""
        return [each for each in self.each if tells(each)]

    def labelled_by(self, said: Said, labels: Sequence[int]) -> Said:
        """What a table says when the first of ``labels`` is the likeliest column of classes."""
        where = replace(said.columns, label=labels[0], labels=tuple(labels))
        name = said.names[0]
        read = labelling.read_rows(said.table, where, said.lookup, name, self._paths)
        return Said(said.names, said.table, read, said.lookup)

    def refusal(self, path: Path) -> UserError:
        """Why no table can be used."""
        for error in self.unread.values():
            return error
        for each in self.each:
            found = ", ".join(each.columns.names)
            require_own_columns(each.names[0], each.table, each.lookup, self._asked)
            few = too_few(path, each)
            if few is not None:
                return few
            if each.columns.path is None or not each.columns.labelled:
                return UserError("data.table_columns", path=str(path), found=found)
            why = " ".join(problem.sentence() for problem in each.labelled.problems[:1])
            return UserError("data.manifest_empty", path=str(path), why=why)
        return UserError("data.table_columns", path=str(path), found="-")

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
            places = labelling.dividing(each.table, where.header, known, where.group)
            if places == [where.group] and where.name(where.group) != self._asked.group_column:
                raise which_column(each.names[0], each.table, where.names, places)

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
            where = labelling.columns(table, lookup)
            column = where.names.index(wanted) if wanted in where.names else None
            column = where.group if not wanted else column
            if column is None or where.path is None or where.by != "file":
                continue
            found = labelling.column_of(table, where, column, lookup)
            groups = {at: found[at] for at in files if at in found}
            together = 1 < len(set(groups.values())) < len(groups)
            if together and len(groups) >= SOME * len(files):
                return Grouping(name, where.names[column], groups)
        return None

    def _without_repeats(self, merged: Sequence[Said]) -> list[Said]:
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
                "data.table_repeats", each.names[0], False, values
            )
        return left

    def _read(self, name: str) -> Said | None:
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
        telling = _of_files([each for each in read if tells(each)])
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

    def _by_part(self, said: Said) -> Said | None:
        """What a table says whose rows are for all files that have a part of their names in
        common, such as the number of a patient; None for another one.
        """
        names = said.names
        for lookup in by_parts(self._paths):
            where = labelling.columns(said.table, lookup, self._asked.columns)
            if where.by != "folder" or not where.labelled or labelling.says_times(where):
                continue
            read = labelling.read_rows(said.table, where, lookup, names[0], self._paths)
            if (
                len(read.labels) < PART_NAMED * len(self._paths)
                or len(set(read.labels.values())) < 2
            ):
                continue
            example = self._paths[min(read.labels)]
            values = {"column": where.name(where.path), "example": example}
            read.problems.append(Problem("data.by_part", names[0], left_out=False, values=values))
            return Said(names, said.table, read, lookup)
        return None

    def _other_by_part(self, name: str) -> Said | None:
        """The same of a table that names no files, by its name."""
        with contextlib.suppress(UserError):
            table = open_table(self._root / name)
            lookup = Lookup(self._paths)
            return self._by_part(
                Said([name], table, Labelled(labelling.columns(table, lookup)), lookup)
            )
        return None

    def _joined(self, said: Said) -> Said | None:
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

    def _read_joined(self, said: Said, other: str, table: Table, key: str) -> Said:
        """
        Args:
            other: the name of the second table.
            table: both as one.
            key: the column that they have in common.
        """
        wanted = self._asked.columns
        where = labelling.columns(table, said.lookup, wanted)
        if where.group is None and not wanted.group:
            where = labelling.columns(table, said.lookup, wanted._replace(group=key))
        name = said.names[0]
        read = labelling.read_rows(table, where, said.lookup, name, self._paths)
        values = {"other": other, "column": key}
        read.problems.append(Problem("data.joined", name, left_out=False, values=values))
        return Said([name, other], table, read, said.lookup)

    def _read_table(self, name: str, table: Table) -> Said | None:
        if not table.rows:
            return None
        lookup = Lookup(self._paths, posixpath.dirname(name))
        alone = len(self.names) == 1 or self._asked.table  # of several, only the one that is used
        if alone and self._asked.layout in ("", TABLE):
            require_own_columns(name, table, lookup, self._asked, certain=True)
        found = labelling.columns(table, lookup, self._asked.columns)
        if found.path is None or not labelling.names_files(table, found, lookup):
            looser = Lookup(self._paths, by_name=True)
            by_name = labelling.columns(table, looser, self._asked.columns)
            if labelling.names_files(table, by_name, looser, each_once=True):
                found, lookup = by_name, looser
        if found.path is None:
            return Said([name], table, Labelled(found), lookup)
        default = self._parts.get(name)
        blank = 0 if found.hot else joins.blank_below(table, found.header, found.label)
        if blank and self._asked.fill_down == FILL:
            below = [at for at in (found.label, found.group) if at is not None]
            table = joins.filled_down(table, found.header, below)
        said = labelling.read_rows(table, found, lookup, name, self._paths, default)
        if lookup.by_name:
            values = {"count": said.found}
            said.problems.append(Problem("data.by_name", name, left_out=False, values=values))
        return Said([name], table, said, lookup, blank=blank)


def _of_files(telling: Sequence[Said]) -> list[Said]:
    """Sheets without those that hardly name files: the numbers in a list of classes are found
    among names of files, too."""
    most = max((each.labelled.found for each in telling), default=0)
    best = [each.columns.names for each in telling if each.labelled.found == most]
    likely = (e for e in telling if 2 * e.labelled.found >= most or e.columns.names in best)
    return sorted(likely, key=lambda each: -each.labelled.found)


def too_few(path: Path, said: Said) -> UserError | None:
    """What a table lacks that could be read otherwise: rows, or a second class."""
    rows = sum(1 for _row in said.table.below(said.columns.header))
    if not rows and said.columns.path is not None:
        return UserError("data.table_no_rows", path=str(path))
    classes = sorted(set(said.labelled.labels.values()))
    unknown = said.labelled.found and not said.columns.labelled and said.table.width > 1
    if rows == 1 and (classes or unknown):
        return UserError("data.table_one_row", path=str(path))
    if len(classes) == 1:
        return UserError("data.table_one_class", path=str(path), name=classes[0])
    return None


def tells(said: Said) -> bool:
    """Whether a table tells several classes apart."""
    return said.columns.labelled and len(set(said.labelled.labels.values())) > 1


def parts_of(names: Sequence[str]) -> dict[str, SplitName]:
    """Which parts the names of tables tell.

    A word such as ``train`` tells one where it is the whole name, or where another table has the
    same name but for it (``reviews-train``, ``reviews-test``). Where there is no other test set,
    ``eval`` is one beside ``dev``, else the validation set.
    """
    found: dict[str, SplitName] = {n: part for n in names if (part := _split_of_table(n))}
    alike: defaultdict[tuple[str, ...], dict[str, SplitName]] = defaultdict(dict)
    for name in names:
        spoken = words(name.rpartition(".")[0])
        said = [word for word in spoken if word in PART_WORDS]
        if len(set(said)) == 1:  # the folder may be called like the table in it
            rest = tuple(word for word in spoken if word not in PART_WORDS)
            alike[rest][name] = PART_WORDS[said[0]]
    every = {name: part for several in alike.values() for name, part in several.items()}
    for several in [*alike.values(), every]:
        if len(set(several.values())) > 1 and "train" in several.values():
            found = several | found
    return with_evaluation(found)


def with_evaluation(parts: Mapping[str, SplitName]) -> dict[str, SplitName]:
    """``parts``, where an ``eval`` beside a validation set is the test set."""
    evals = [name for name in parts if EVALUATION & set(words(name))]
    others = {part for name, part in parts.items() if name not in evals}
    tests = "val" in others and "test" not in others
    return {name: "test" if tests and name in evals else part for name, part in parts.items()}


def _split_of_table(name: str) -> Any:
    """The part that a table is for, by its name or by its folder: ``train/_classes.csv``."""
    folder, _slash, last = name.rpartition("/")
    above = split_of(folder.rpartition("/")[2]) if folder else None
    return above or split_of(last.rpartition(".")[0], FILLERS.union(OF_TABLES.split()))


def _merged(
    said: Sequence[Said], parts: Mapping[str, SplitName], paths: Sequence[str]
) -> list[Said]:
    """Tables of the same columns, one for each part of the data, as one."""
    kinds: dict[tuple[Any, ...], list[Said]] = defaultdict(list)
    for each in said:
        where = each.columns
        roles = (where.name(where.path), where.name(where.label), where.hot and where.names)
        kinds[(roles if where.header else ()) if where.labelled else (id(each),)].append(each)
    merged = []
    for alike in kinds.values():
        of_parts = [each for each in alike if each.names[0] in parts]
        splits = {parts[each.names[0]] for each in of_parts}
        if len(of_parts) > 1 and len(splits) > 1 and "train" in splits:
            merged.append(_together(of_parts, parts, paths))
            merged += [_without_split(each) for each in alike if each not in of_parts]
        else:
            merged += _of_folders(alike, parts, paths)
    return merged


def _of_folders(
    alike: Sequence[Said], parts: Mapping[str, SplitName], paths: Sequence[str]
) -> Iterator[Said]:
    """Tables of the same columns, of which those of one name are one where each says something
    of the files in its own folder."""
    named: dict[tuple[str, int], list[Said]] = defaultdict(list)
    for each in alike:
        named[each.names[0].rpartition("/")[2], len(each.columns.names)].append(each)
    for several in named.values():
        files = [each.labelled.labels.keys() for each in several]
        apart = all(files) and len(set().union(*files)) == sum(map(len, files))
        if len(several) > 1 and apart:
            yield _together(several, parts, paths)
        else:
            yield from map(_without_split, several)


def _together(alike: Sequence[Said], parts: Mapping[str, SplitName], paths: Sequence[str]) -> Said:
    first = alike[0]
    whole = Labelled(first.columns)
    for each, other in itertools.combinations(alike, 2):
        whole.problems += _in_two_parts(each, other, paths)
    for each in alike:
        part = each.labelled
        for at, label in part.labels.items():
            whole.labels.setdefault(at, label)
        for at, inside in part.several.items():
            whole.several.setdefault(at, set()).update(inside)
        whole.splits = part.splits | whole.splits
        whole.groups = part.groups | whole.groups
        whole.problems += part.problems
        whole.named |= part.named
        whole.found += part.found
        whole.count += part.count
    names = sorted(
        (name for each in alike for name in each.names),
        key=lambda name: (ORDER.index(parts.get(name, ORDER[0])), name),
    )
    if not first.columns.boxes:
        whole.problems += _of_two_labels(whole, alike, paths)
    sheets = next((each.sheets for each in alike if each.sheets), ())
    return Said(names, first.table, whole, first.lookup, sheets)


def same_columns(one: Said, other: Said) -> bool:
    """Whether two tables may be parts of one."""
    return one.columns.header and one.columns.names == other.columns.names


def _in_two_parts(first: Said, second: Said, paths: Sequence[str]) -> Iterator[Problem]:
    """Files that two tables name for different parts of the data: they count for the first."""
    one, other = first.labelled.splits, second.labelled.splits
    labels = second.labelled.labels
    both = [at for at, label in first.labelled.labels.items() if _agree(label, labels.get(at))]
    again = [at for at in both if one.get(at) != other.get(at)]
    if again:
        at = min(again, key=lambda at: paths[at])
        values = {
            "count": len(again),
            "value": paths[at],
            "other": first.names[0],
            "one": one.get(at),
            "second": other.get(at),
        }
        yield Problem("data.in_two_parts", second.names[0], left_out=False, values=values)


def _agree(label: str, other: str | None) -> bool:
    return other is not None and (label == other or bool(same_labels((label, other))))


def _of_two_labels(
    whole: Labelled, alike: Sequence[Said], paths: Sequence[str]
) -> Iterator[Problem]:
    """Take files out that two tables label differently."""
    for at, label in list(whole.labels.items()):
        said = [each.labelled.labels[at] for each in alike if at in each.labelled.labels]
        others = [each for each in said if not _agree(label, each)]
        if others:
            del whole.labels[at]
            values = {"first": label, "second": others[0]}
            yield Problem("rows.two_labels", paths[at], values=values)


def _without_split(said: Said) -> Said:
    """A table that is called ``train.csv`` alone: what it names is not only for training."""
    if said.columns.split is None:
        said.labelled.splits = {}
    return said


def labelled_listing(
    root: Path,
    paths: Sequence[str],
    said: Said,
    asked: Asked,
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
    by_folder = asked.group_column == BY_FOLDER
    if asked.group_column not in (*where.names, NO_GROUP, BY_FOLDER) and not said.labelled.groups:
        borrowed = tables.grouping(names, said.labelled.labels, asked.group_column)
    _require_clear(said, asked, tables, borrowed)
    splits = said.labelled.splits or part or {}
    if asked.split_column == NO_GROUP:
        splits = {}
    groups = borrowed.groups if borrowed else said.labelled.groups
    if by_folder:
        groups = {at: home for at, path in enumerate(paths) if (home := path.rpartition("/")[0])}
    by = borrowed.column if borrowed else where.name(where.group)
    if said.labelled.groups and where.group is None:  # a row for a folder of files
        by = where.name(where.path)
    by = BY_FOLDER if by_folder else by
    classes: dict[str, int] = {}
    listing = Listing(root, problems=list(said.labelled.problems))
    for at, label in said.labelled.labels.items():
        number = classes.setdefault(label, len(classes))
        group = None if asked.group_column == NO_GROUP else groups.get(at)
        listing.samples.append(Sample(paths[at], number, group=group, split=splits.get(at)))
    listing.classes = list(classes)
    _tell_columns(listing, said, asked, tables, by)
    if not by and not asked.group_column and not splits:
        listing.problems += _in_folders(listing)
        known = (where.path, *where.more, *where.hot, where.split)
        listing.problems += columns_may_group(said.table, where, known)
    if borrowed:
        listing.choices["group_column"][by] = by
        values = {"column": by}
        listing.problems.append(Problem("data.groups_of_table", borrowed.name, False, values))
    return listing


def columns_may_group(
    table: Table, where: Columns | parsed.Columns, known: Collection[int | None]
) -> Iterator[Problem]:
    """That columns may say what belongs together, where nothing was taken to.

    Args:
        known: columns that are something else, beside the one that tells the classes.
    """
    places = labelling.may_group(table, where.header, where.label, known)
    found = [where.names[at] for at in places]
    if found:
        said = ", ".join(f"“{name}”" for name in found[:SHOWN])
        values = {"names": said, "first": found[0]}
        yield Problem("data.columns_may_group", ".", False, values)


def _in_folders(listing: Listing) -> Iterator[Problem]:
    """That the folders of the files may be people or days, where all have several classes."""
    homes: defaultdict[str, set[int]] = defaultdict(set)
    for sample in listing.samples:
        homes[sample.path.rpartition("/")[0]].add(sample.label)
    several = sum(len(labels) > 1 for labels in homes.values())
    if MOST_FOLDERS >= len(homes) >= FEWEST_FOLDERS and several >= AGREE * len(homes):
        values = {"count": len(homes), "names": some(natural_order(homes))}
        yield Problem("data.folders_may_group", ".", False, values)


def _tell_columns(listing: Listing, said: Said, asked: Asked, tables: Tables, by: str) -> None:
    """Keep how the table was read, and what else each column may be.

    Args:
        by: the column of the groups; empty for none.
    """
    where, names = said.columns, said.names
    listing.chosen = {
        "layout": TABLE,
        "table": ALL_TABLES if asked.table == ALL_TABLES else names[0],
        "path_column": where.name(where.path),
        "label_column": where.name(where.label) if where.label is not None else "",
        "split_column": _or_none(asked.split_column, where.name(where.split)),
        "group_column": _or_none(asked.group_column, by),
    }
    listing.choices = _choices(said, tables)
    if where.more:
        columns = ", ".join(where.name(at) for at in (where.path, *where.more))
        values = {"columns": columns}
        listing.problems.append(Problem("data.more_files", names[0], False, values))
    if said.blank:
        listing.chosen["fill_down"] = asked.fill_down
        listing.choices["fill_down"] = fills(said.blank)
    if said.table.sheets:
        listing.chosen["sheet"] = said.table.sheet
        listing.choices["sheet"] = sheets_of(said.table)


def _require_clear(said: Said, asked: Asked, tables: Tables, borrowed: Grouping | None) -> None:
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
    if asked.label_column or where.label is None or where.hot:
        return
    places = list(dict.fromkeys((where.label, *where.labels))) if not where.sure else []
    if not where.named and not asked.group_column:
        known = (where.path, where.split)
        found = labelling.dividing(said.table, where.header, known, where.group)
        places += [at for at in found if at == where.group]
        places = [where.label, *places] if places == [where.group] else places
    if places:
        raise which_column(name, said.table, where.names, places)


def _require_columns(path: str, where: Columns, asked: Asked, borrowed: Grouping | None) -> None:
    """
    Args:
        borrowed: the groups that another table says.

    Raises:
        UserError: ``data.unknown_column``: a column is chosen that the table lacks.
    """
    known = (*where.names, NO_GROUP, BY_FOLDER, "", *([borrowed.column] if borrowed else []))
    for name in asked.columns:
        if name not in known:
            raise UserError(
                "data.unknown_column", path=path, name=name, found=", ".join(where.names)
            )


def require_own_columns(
    path: str, table: Table, lookup: Lookup, asked: Asked, certain: bool = False
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
    alone = labelling.columns(table, lookup)
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


def _or_none(asked: str, found: str) -> str:
    return NO_GROUP if asked == NO_GROUP else found


def _choices(said: Said, tables: Tables) -> dict[str, dict[str, str]]:
    """What each column may be, for the user to choose another."""
    where = said.columns
    every = {n: _column(said.table, where.names, at) for at, n in enumerate(where.names)}
    listed = some(said.names)
    found = {
        "layout": {TABLE: _("the table {name}").format(name=listed)},
        "table": tables.choices,
        "path_column": every,
        "label_column": every,
        "split_column": {NO_GROUP: _("nothing")} | every,
        "group_column": {NO_GROUP: _("nothing"), BY_FOLDER: _("the folder of each file")} | every,
    }
    if where.hot:
        names = ", ".join(where.names[at] for at in where.hot[:SHOWN])
        found["label_column"] = {"": _("a column for each class: {names}").format(names=names)}
        found["label_column"] |= every
    return found


def _column(table: Table, names: Sequence[str], at: int) -> str:
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
        text = _("All together, each is a class: {names}")
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


def fills(count: int) -> dict[str, str]:
    """What becomes of rows below one that says a class.

    Args:
        count: of these rows.
    """
    return {
        FILL: _("Yes: the {count} rows have the class above them").format(count=count),
        LEAVE: _("No: the {count} rows have no class and are left out").format(count=count),
    }


def whether_filled(path: str, column: str, count: int) -> Question:
    """Does a class hold for the rows below it?"""
    values = {"path": path, "column": column, "count": count}
    setting = "data.options.fill_down"
    return Question("data.fill_down", setting=setting, choices=fills(count), guess=FILL, **values)


def which_column(path: str, table: Table, names: Sequence[str], places: Sequence[int]) -> Question:
    """Which of several columns tells the classes?

    Args:
        path: of the table, as it is called.
        names: of all columns.
        places: of those that may, the likeliest first. A single one is called like a group.
    """
    choices = {}
    for at in places:
        cells = (row[at].strip() for row in table.sampled if len(row) > at)
        kinds = natural_order(distinct(cell for cell in cells if cell))
        choices[names[at]] = _("Column “{name}”: {examples}").format(
            name=_column(table, names, at), examples=some(kinds)
        )
    guess = names[places[0]]
    code, values = "data.which_column", {"path": path}
    if len(places) == 1:
        code, values = "data.only_column", {"path": path, "name": guess}
    return Question(
        code, setting="data.options.label_column", choices=choices, guess=guess, **values
    )


def which_file_column(path: str, table: Table, where: Columns) -> Question:
    """Which of several columns names the files?"""
    assert where.path is not None
    choices = {}
    for at in (where.path, *where.rivals):
        cells = [row[at].strip() for row in table.sampled if len(row) > at]
        choices[where.names[at]] = _("Column “{name}”: {examples}").format(
            name=_column(table, where.names, at), examples=some(cells)
        )
    return Question(
        "data.which_file_column",
        setting="data.options.path_column",
        choices=choices,
        guess=where.names[where.path],
        path=path,
    )


def some(names: Sequence[str]) -> str:
    """The first few of ``names``, and how many there are."""
    listed = ", ".join(names[:SHOWN])
    return f"{listed}, … ({len(names)})" if len(names) > SHOWN else listed


def differ(one: Labelled, other: Labelled) -> bool:
    """Whether it matters which of two tables is taken."""
    if labelling.agreement(one.labels, other.labels) < AGREE:
        return True
    return one.splits != other.splits or one.groups != other.groups


def described(said: Said) -> str:
    """What a table says, for the user to choose: its name, classes and groups."""
    classes = natural_order(distinct(said.labelled.labels.values()))
    names = some(said.names)
    text = _("{name}: classes {classes}").format(name=names, classes=some(classes))
    groups = natural_order(set(said.labelled.groups.values()))
    if groups:
        text += _(", grouped by {column} ({groups})").format(
            column=said.columns.name(said.columns.group) or _("folder"), groups=some(groups)
        )
    return text


def predicted(said: Said) -> bool:
    """Whether a table seems to be what a model answered, not what is true."""
    name = said.names[0].rpartition("/")[2].lower()
    called = any(word in name for word in PREDICTIONS)
    columns = [at for at, each in enumerate(said.columns.names) if _key(each) in PREDICTED]
    return called or any(_measures(said.table, at) for at in columns)


def _measures(table: Table, column: int) -> bool:
    """Whether a column holds more than whole numbers: people are sure of what they label."""
    cells = {row[column].strip() for row in table.sampled if len(row) > column}
    return any(cell and not cell.removesuffix(".0").isdecimal() for cell in cells)


def _key(name: str) -> str:
    return name.strip().lower()
