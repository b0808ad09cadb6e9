"""The rows of tables of texts as samples."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import NO_GROUP, DataOptions, Problem, Sample, SplitName
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.targets import ONE_CLASS, Targets
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.columns import (
    TABLE_COLUMNS,
    again,
    class_columns,
    columns_of,
    lacking,
    notes_of,
    opened_table,
    predicted_of,
    without_predicted,
)
from transfergui.core.modalities.text.options import TextData
from transfergui.core.modalities.text.problems import EXAMPLE
from transfergui.core.modalities.text.tables import TextTable
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.media import Findings
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import ALL_SHEETS, Table
from transfergui.core.reading.tables import joins, row_notes, table_files
from transfergui.core.reading.tables.cells import NO_LABEL, separator, split_value
from transfergui.core.reading.tables.labelled_listings import columns_may_group
from transfergui.core.reading.tables.predicted import Predicted
from transfergui.core.reading.tables.predicted_questions import JOIN
from transfergui.core.reading.tables.questions import (
    require_different,
    sheets_of,
    unknown_sheet,
    whether_filled,
)
from transfergui.core.reading.tables.reading_options import ALL_TABLES, FILL, ReadingOptions, fills
from transfergui.core.reading.tables.row_notes import RowProblems

PROGRESS_EVERY = 1000
PLAIN = DataOptions()
MAX_CLASSES = 1000
"""A column with more different values tells no classes."""


def input_of(reading: TextData, count: int) -> dict[str, Any]:
    return {
        "tokens": count,
        "text_column": reading.text_column,
        "label_column": reading.label_column,
        "encoding": reading.encoding,
        "sheet": reading.sheet,
    }


def _require_sheet(root: Path, opened: Sequence[TextTable], asked: TextData) -> None:
    """
    Raises:
        UserError: ``data.unknown_sheet``: no table has the sheet that the user chose.
    """
    found: dict[str, None] = {}
    for source in opened:
        with contextlib.suppress(OSError, UserError):  # told where it is read
            table = table_files.read(root / source.name, asked.encoding)
            found |= dict.fromkeys((*table.sheets, table.sheet, ALL_SHEETS))
    if asked.sheet not in found:
        raise unknown_sheet(asked.sheet, list(found))


class Rows:
    """Turns the rows of tables into samples.

    Args:
        root: the folder that paths are relative to.
        data: what is predicted.
        lenient: whether the columns asked for are those of another table, so that this one may
            lack them; it is noted.
    """

    def __init__(
        self,
        root: Path,
        asked: TextData,
        progress: ScanProgress,
        lenient: bool = False,
        data: DataOptions = PLAIN,
    ) -> None:
        self._root = root
        self._asked = asked
        self._lenient = lenient or asked.keep_untrained
        self._progress = progress
        self._samples: list[Sample] = []
        self._problems: list[Problem] = []
        self._labels: dict[str, int] = {}
        self._first: tuple[Table, Columns] | None = None
        self._blank = 0
        self._wanted = ReadingOptions.of(data)
        self._predicted: Predicted | None = None

    def read(self, opened: Sequence[TextTable]) -> None:
        """Add the rows of these tables.

        Raises:
            UserError: ``data.unreadable``, ``text.one_column``, ``text.too_many_classes``;
                ``tables.`` codes.
        """
        if self._asked.sheet and not self._lenient:
            _require_sheet(self._root, opened, self._asked)
        for source in opened:
            name = source.name
            try:
                table = opened_table(self._root / name, self._asked)
            except OSError as error:
                path = str(self._root / name)
                raise UserError("data.unreadable", path=path, reason=error.strerror) from error
            reading = self.reading
            columns = columns_of(table, reading)
            self._require_columns(name, table, columns)
            if not table.rows and not table.broken:
                raise UserError("data.table_no_rows", path=str(self._root / name))
            if self._first is None and source.label is None:
                columns, self._predicted = predicted_of(name, table, columns, reading, self._wanted)
                self._wanted = self._like(columns)
                self._problems += notes_of(table, columns, self._predicted, self._wanted.decimal)
            if columns.text is None or (columns.label is None and source.label is None):
                raise UserError("text.one_column", path=str(self._root / name))
            predicted = self._predicted
            if predicted is not None and self._first is not None and source.label is None:
                predicted = again(table, columns, reading, self._wanted, predicted)
                columns = without_predicted(columns, predicted) if predicted else columns
            if self._unlabelled(columns) or (predicted is None and self._predicted is not None):
                values = {
                    "column": reading.label_column,
                    "count": len(list(table.below(columns.header))),
                }
                self._problems.append(Problem("text.unlabelled", values, path=name))
                continue
            for wanted in lacking(reading, columns):
                values = {"column": wanted, "found": ", ".join(columns.names)}
                self._problems.append(Problem("text.no_column", values, path=name, left_out=False))
            if source.label is None and predicted is None:
                table = self._whole_blocks(name, table, columns)
            if self._first is None and columns.group is None and columns.split is None:
                self._problems += self._may_group(table, columns)
            self._first = self._first or (table, columns)
            self._add(source, table, columns, None if source.label else predicted)
            told = any("\ufffd" in label for label in self._labels)  # texts are looked at later
            notes = row_notes.notes(table, name)
            self._problems += (each for each in notes if told or each.code != row_notes.BROKEN)

    def _like(self, columns: Columns) -> ReadingOptions:
        """What further tables are asked for, once the first one says what is predicted."""
        found = self._predicted
        if found is None:
            return self._wanted
        names = tuple(columns.names[at] for at in found.places if at >= 0)
        return replace(self._wanted, objective=found.objective, predict=names)

    def _may_group(self, table: Table, columns: Columns) -> Iterable[Problem]:
        """That columns may say whose texts these are, where nobody said anything of that."""
        if self._asked.group_column or self._lenient:
            return ()
        return columns_may_group(table, columns, (columns.text, columns.split))

    def _whole_blocks(self, name: str, table: Table, columns: Columns) -> Table:
        """``table``, where a class holds for the rows below it.

        Raises:
            Question: it may.
        """
        blank = joins.blank_below(table, columns.header, columns.label)
        self._blank += blank
        if not blank or self._lenient:
            return table
        if not self._asked.fill_down:
            raise whether_filled(name, columns.name(columns.label), blank)
        below = [at for at in (columns.label, columns.group) if at is not None]
        filled = self._asked.fill_down == FILL
        return joins.filled_down(table, columns.header, below) if filled else table

    def _require_columns(self, name: str, table: Table, columns: Columns) -> None:
        """
        Raises:
            UserError: ``data.unknown_column``: the user chose a column that the first table lacks;
                ``data.one_column_twice``: or one that is used for something else.
        """
        if self._first is not None or self._lenient:
            return
        path = str(self._root / name)
        for wanted in lacking(self._asked, columns):
            found = ", ".join(columns.names)
            raise UserError("data.unknown_column", path=path, name=wanted, found=found)
        require_different(path, self._uses(table))

    def _uses(self, table: Table) -> dict[str, str]:
        """The column for each option: as the user chose it, else as it would be found if nothing
        were chosen."""
        asked = self._asked
        alone = table.columns(header=asked.header)
        found = {"text_column": alone.name(alone.text) if alone.text_named else ""}
        if alone.labelled or len(class_columns(table, alone, TextData())) == 1:
            found["label_column"] = alone.name(alone.label)
        if not alone.labelled and asked.text_column:  # it may well be the guess that is wrong
            found["label_column"] = ""
        return {key: getattr(asked, key) or found.get(key, "") for key in TABLE_COLUMNS}

    def _unlabelled(self, columns: Columns) -> bool:
        """Whether the labels of the first table have a column with a name, and here they lack."""
        if self._first is None or columns.labelled or not columns.header:
            return False
        first = self._first[1]
        return first.labelled and first.header

    def listing(self) -> Listing:
        self._samples.sort(key=attrgetter("path"))
        found = self._predicted
        targets = found.bare if found else Targets()
        classes = list(self._labels)
        return Listing(self._root, self._samples, classes, self._problems, targets=targets)

    def nothing(self, path: str) -> UserError:
        """Why there is no sample at all."""
        if not self._problems:
            return UserError("data.table_no_rows", path=path)
        return UserError("data.manifest_empty", path=path, why=self._problems[0].sentence())

    @property
    def reading(self) -> TextData:
        """What the user chose; once a table was read, with the columns found there."""
        if self._first is None:
            return self._asked
        columns = self._first[1]
        found = {
            "text_column": columns.name(columns.text),
            "label_column": self._label_columns(columns),
            "split_column": columns.name(columns.split) or self._asked.split_column,
            "group_column": columns.name(columns.group) or self._asked.group_column,
        }
        if self._first[0].sheets:
            found["sheet"] = self._first[0].sheet
        return msgspec.structs.replace(self._asked, **found)

    def _label_columns(self, columns: Columns) -> str:
        """The columns that say what is predicted; empty for a column per label."""
        found = self._predicted
        if found is None:
            return columns.name(columns.label)
        return "" if found.marks else JOIN.join(columns.names[at] for at in found.places if at >= 0)

    @property
    def data(self) -> DataOptions:
        """What is predicted of other data that are read as these were."""
        wanted = self._wanted
        return msgspec.convert(
            {
                "objective": wanted.objective if self._predicted else ONE_CLASS,
                "predict": wanted.predict,
                "options": {"keep_untrained": True},
            },
            DataOptions,
        )

    def findings(self, count: int, together: str) -> Findings:
        """How the tables were read.

        Args:
            count: tokens that suit the texts.
            together: what the tables are to each other; empty of a single one.
        """
        assert self._first is not None
        table, columns = self._first
        reading = self.reading
        chosen = {
            "text_column": reading.text_column,
            "label_column": "" if together == "classes" else reading.label_column,
            "header": "yes" if columns.header else "no",
            "encoding": table.encoding,
        }
        if together:
            chosen["tables"] = together
        if table.sheets:
            chosen["sheet"] = table.sheet
        if self._blank:
            chosen["fill_down"] = reading.fill_down
        if reading.table:
            chosen["table"] = reading.table
        names = {name: _described(table, columns, at) for at, name in enumerate(columns.names)}
        choices = {"text_column": names, "label_column": names}
        if (found := self._predicted) is not None:
            chosen |= found.chosen()
            choices |= found.choices()
            if reading.label_column not in names:
                said = reading.label_column or JOIN.join(found.names)
                choices["label_column"] = {reading.label_column: said} | names
        if table.sheets:
            choices["sheet"] = sheets_of(table)
        if self._blank:
            choices["fill_down"] = fills(self._blank)
        if reading.table:
            named = _("all together") if reading.table == ALL_TABLES else reading.table
            choices["table"] = {reading.table: named}
        for key in ("split_column", "group_column"):
            if getattr(reading, key):
                chosen[key] = getattr(reading, key)
                choices[key] = {NO_GROUP: _("nothing")} | names
        return Findings(input_of(reading, count), chosen, choices)

    def _add(
        self, source: TextTable, table: Table, columns: Columns, predicted: Predicted | None
    ) -> None:
        name = source.name
        reasons = RowProblems(name)
        row_notes.count_unread(table, columns.header, reasons)
        size = (self._root / name).stat().st_size
        groups: dict[str, str] = {}
        every = [table.cell(number, columns.label) for number in table.below(columns.header)]
        between = "" if source.label or predicted else separator(every)
        for number in table.below(columns.header):
            labels = table.values(number, columns.label) if source.label is None else [source.label]
            if between and len(labels) == 1:
                labels = [part for part in labels[0].split(between) if part.strip()] or [""]
            said = None
            if predicted is not None:
                text, said = predicted.of_row(table, number)
                labels = [text]
            why = self._refusal(table, columns, number, labels, said)
            if why:
                several = why == "rows.several_labels"
                row = " ".join(labels if several else table.rows[number])
                reasons.count(
                    why, number, predicted.example(table, number, row) if predicted else row
                )
                continue
            if predicted is not None and (code := predicted.remark(table, number)):
                reasons.count(code, number, " ".join(table.rows[number]), left_out=False)
            group = table.cell(number, columns.group)
            sample = Sample(
                str(FilePart(name, number)),
                self._labels.setdefault(labels[0], len(self._labels)),
                size,
                groups.setdefault(group, group) if group else None,
                source.split or self._split(table, columns, number, reasons),
            )
            self._samples.append(sample)
            if not len(self._samples) % PROGRESS_EVERY:
                self._progress(len(self._samples))
        if predicted is None and len(self._labels) > MAX_CLASSES:
            column = columns.name(columns.label)
            raise UserError("text.too_many_classes", path=name, column=column)
        self._problems += reasons.problems()

    def _refusal(
        self,
        table: Table,
        columns: Columns,
        number: int,
        labels: Sequence[str],
        said: str | None = None,
    ) -> str | None:
        """Why this row cannot be used, as a code.

        Args:
            said: the same of its labels; None where they are one class.
        """
        if any(cell.strip() for cell in table.rows[number][table.width :]):
            return "rows.wide"
        if len(labels) > 1:
            return "rows.several_labels"
        if said or (said is None and labels[0].lower() in NO_LABEL):
            return said or "rows.no_label"
        return None if tokens.clean(table.cell(number, columns.text)) else "rows.no_text"

    @staticmethod
    def _split(
        table: Table, columns: Columns, number: int, reasons: RowProblems
    ) -> SplitName | None:
        word = table.cell(number, columns.split)
        known = split_value(columns.name(columns.split), word) if word else None
        if word and known is None:
            reasons.count("rows.split_unknown", number, word, left_out=False)
        return known


def _described(table: Table, columns: Columns, at: int) -> str:
    """What a column is called where people choose one: its name, else what stands in it."""
    name = columns.names[at]
    if not name.isdecimal():
        return name
    example = next((row[at].strip() for row in table.sampled if len(row) > at), "")
    return f"{name}: {example[:EXAMPLE]}" if example else name
