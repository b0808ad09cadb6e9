"""What is predicted of each row of a table, or of each folder, where it is not one class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from transfergui.core.base.i18n import _
from transfergui.core.data.targets import (
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    answers_text,
    labels_text,
    member_name,
    number_text,
)
from transfergui.core.reading.parsing.numbers import Written
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.cells import (
    MINUS_ONE,
    NO_LABEL,
    UNSAID,
    is_mark,
    is_marked,
    lacks_number,
    plain_cell,
)

SEPARATORS = (";", "|", ",")
NO_SEPARATOR = "-"
PLAIN = Written()


@dataclass(frozen=True)
class Predicted:
    """What is predicted of each row, and where that stands.

    Attributes:
        names: of the questions; of the number; of the columns of marks.
        places: of the columns; -1 for one that the table lacks.
        marks: whether each column is a label, which a row marks or not.
        denied: whether some of these cells say no, so that an empty one, or -1, does not.
        between: what stands between several labels in one cell; empty for nothing.
        how: how a number is written.
        asked: whether the columns are those that the user named.
    """

    objective: str
    names: tuple[str, ...]
    places: tuple[int, ...]
    marks: bool = False
    denied: bool = False
    between: str = ""
    how: Written = PLAIN
    asked: bool = False

    @property
    def bare(self) -> Targets:
        """What is known of the targets before any class is."""
        if self.objective == SEVERAL_LABELS:
            return Targets(SEVERAL_LABELS)
        return Targets(self.objective, self.names, unit=self.how.unit)

    def said(self, cells: Sequence[Sequence[str]]) -> tuple[str, str]:
        """The combination that a row says, or the code of the reason why it says none.

        Args:
            cells: the values in each of its columns.
        """
        return _SAID[self.objective](self, cells)

    def of_row(self, table: Table, number: int) -> tuple[str, str]:
        """The same of a row of a table."""
        return self.said([table.values(number, at) if at >= 0 else ("",) for at in self.places])

    def remark(self, table: Table, number: int) -> str:
        """The code of what is to be said of a row that is used; empty for nothing."""
        if not (self.marks and self.denied):
            return ""
        cells = [cell for at in self.places if at >= 0 for cell in table.values(number, at)]
        return "rows.empty_marks" if any(cell.lower() in UNSAID for cell in cells) else ""

    def chosen(self) -> dict[str, str]:
        """How cells are read, by data options."""
        if self.objective == NUMBER:
            return {"unit": self.how.unit, "decimal": self.how.decimal}
        if self.objective == SEVERAL_LABELS and not self.marks:
            return {"separator": self.between or NO_SEPARATOR}
        return {}

    def choices(self) -> dict[str, dict[str, str]]:
        """What else these may be."""
        if self.objective == NUMBER:
            texts = {".": _("point: 1234.5"), ",": _("comma: 1234,5")}
            return {"decimal": texts}
        if self.objective == SEVERAL_LABELS and not self.marks:
            every = dict.fromkeys((*filter(None, (self.between,)), *SEPARATORS))
            return {
                "separator": {s: s if s.strip() else _("a space") for s in every}
                | {NO_SEPARATOR: _("nothing")}
            }
        return {}


def _labels(self: Predicted, cells: Sequence[Sequence[str]]) -> tuple[str, str]:
    if self.marks:
        if why := _unsaid(self, cells):
            return "", why
        pairs = zip(self.names, cells, strict=True)
        given = [name for name, values in pairs if any(map(is_marked, values))]
    else:
        plain = [plain_cell(value) for values in cells for value in values]
        given = [part for value in plain for part in parts_of(value, self.between)]
    found = (member_name(name) for name in given if name.strip().lower() not in NO_LABEL)
    return labels_text(dict.fromkeys(filter(None, found))), ""


def _unsaid(self: Predicted, cells: Sequence[Sequence[str]]) -> str:
    """Why marks do not say which labels a row has, as a code; empty where they do."""
    written = [plain_cell(value).lower() for values in cells for value in values]
    if self.denied and written and all(cell in UNSAID for cell in written):
        return "rows.no_label"
    known = UNSAID if self.denied else UNSAID | MINUS_ONE
    unknown = any(not is_mark(cell) and cell not in known for cell in written)
    return "rows.unknown_mark" if unknown else ""


def parts_of(cell: str, between: str) -> list[str]:
    """The labels in one cell."""
    return cell.split(between) if between else [cell]


def _answers(self: Predicted, cells: Sequence[Sequence[str]]) -> tuple[str, str]:
    answers = [_answer(values) for values in cells]
    return ("", "rows.no_answer") if not any(answers) else (answers_text(answers), "")


def _answer(values: Sequence[str]) -> str | None:
    given = [plain for each in values if (plain := plain_cell(each)).lower() not in NO_LABEL]
    return member_name(", ".join(given)) or None


def _number(self: Predicted, cells: Sequence[Sequence[str]]) -> tuple[str, str]:
    cell = " ".join(cells[0]).strip()
    if lacks_number(cell):
        return "", "rows.no_number"
    if self.how.other_unit(cell):
        return "", "rows.other_unit"
    if self.how.is_too_large(cell):
        return "", "rows.number_too_large"
    value = self.how.value(cell)
    return ("", "rows.not_a_number") if value is None else (number_text(value), "")


_SAID: Mapping[str, Callable[[Predicted, Sequence[Sequence[str]]], tuple[str, str]]] = {
    SEVERAL_LABELS: _labels,
    SEVERAL_QUESTIONS: _answers,
    NUMBER: _number,
}
