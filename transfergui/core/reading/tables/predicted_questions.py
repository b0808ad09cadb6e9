"""What the user is asked about the columns that are predicted: which are meant, and as what."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import natural_order
from transfergui.core.data.labels import distinct
from transfergui.core.data.targets import (
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
)
from transfergui.core.reading.listings.listing import SHOWN, some
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.cells import (
    Cells,
    body_of,
    lacks_number,
)
from transfergui.core.reading.tables.predicted import Predicted
from transfergui.core.reading.tables.predicted_columns import (
    FEWEST,
    HALF,
    Places,
    has_several,
    marks_in,
    numeric,
)

SETTING = "data.objective"
LONGEST = 40
"""Characters of a value that are shown."""
JOIN = ", "
"""Between columns that are chosen together."""


def require_fit(path: str, where: Places, objective: str, found: Predicted | None) -> None:
    """
    Args:
        objective: as the user wants it; empty for none.

    Raises:
        UserError: ``data.no_questions``, ``data.no_numbers``: the table says nothing like that.
    """
    columns = ", ".join(where.names)
    if found is None and objective == SEVERAL_QUESTIONS:
        raise UserError("data.no_questions", path=path, found=columns)
    if found is None and objective == NUMBER:
        raise UserError("data.no_numbers", path=path, found=columns)


def require_sure(path: str, table: Table, where: Places, found: Predicted) -> None:
    """
    Raises:
        Question: several columns may be the questions, or the number.
    """
    if found.asked:
        return
    if found.objective == SEVERAL_QUESTIONS and len(found.places) > 2:
        raise which_questions(path, table, where, found.places)
    if found.objective == SEVERAL_LABELS and (rivals := _rival_labels(table, where, found)):
        raise which_labels(path, table, where, rivals)
    places = numeric(table, where, HALF) if found.objective == NUMBER else ()
    if len(places) > 1 and where.label not in places:
        raise which_number(path, table, where, places)


def class_or_number(path: str, name: str, cells: Collection[str]) -> Question:
    """Are the many numbers of a column classes, or a number to predict?"""
    return _how_much("data.class_or_number", cells, path=path, name=name)


def classes_or_number(path: str, names: Collection[str]) -> Question:
    """The same of classes that folders or the names of files say."""
    return _how_much("data.classes_or_number", names, path=path)


def _how_much(code: str, cells: Collection[str], **values: str) -> Question:
    return Question(
        code,
        setting=SETTING,
        choices={
            NUMBER: _("A number: the model predicts a quantity."),
            ONE_CLASS: _("Classes: each number is its own class."),
        },
        guess=NUMBER,
        examples=some(natural_order(c for c in distinct(cells) if not lacks_number(c))),
        **values,
    )


def only_numbers(path: str, names: Sequence[str]) -> Question:
    """No column tells classes, but some hold numbers: is one of these predicted?"""
    text = _("A number, from the column {names}")
    question = Question(
        "data.only_numbers",
        setting=SETTING,
        choices={NUMBER: text.format(names=some(names))},
        guess=NUMBER,
        path=path,
        names=some(names),
        count=len(names),
    )
    question.certain = len(names) == 1
    return question


def described(
    table: Table, header: bool, names: Sequence[str], places: Sequence[int]
) -> dict[str, str]:
    """Columns that may be meant: what each is called, its first values, how many there are.

    Args:
        header: whether the first row names the columns.
        names: of all columns.
        places: of those that may be meant.
    """
    rows = list(table.rows.values())
    cells = Cells(rows[1:] if header and table.keys is None else rows, table.width)
    return {names[at]: _described(names[at], natural_order(cells.kinds(at))) for at in places}


def _described(name: str, kinds: Sequence[str]) -> str:
    """``“digit”: 0, 1, 2, … (10 different)``; of a column without a name, its number."""
    listed = ", ".join(kind[:LONGEST] for kind in kinds[:SHOWN])
    if len(kinds) > SHOWN:
        listed += ", …"
    return _("“{name}”: {examples} ({count} different)").format(
        name=name, examples=listed, count=len(kinds)
    )


def or_several(question: Question, names: Sequence[str], likely: bool = False) -> Question:
    """A question about columns, of which several may be chosen: each is a question to answer.

    Args:
        names: of those that may: a number is predicted alone.
        likely: whether all are meant, as likely as not.
    """
    if len(names) < 2 or any("," in name for name in names):
        return question
    text = _("Several of them, each column as its own question ({names})")
    return question.or_several(JOIN, text.format(names=some(names)), names, likely)


def which_questions(path: str, table: Table, where: Places, places: Sequence[int]) -> Question:
    """Which of several columns are questions?"""
    choices = described(table, where.header, where.names, places)
    question = Question(
        "data.which_questions",
        setting="data.options.label_column",
        choices=choices,
        guess=next(iter(choices)),
        path=path,
    )
    return or_several(question, [*choices], likely=True)


def _rival_labels(table: Table, where: Places, found: Predicted) -> tuple[int, ...]:
    """Columns of marks, where a column of words was taken for the labels that has one in each
    cell."""
    if found.marks or found.between or not where.header:
        return ()
    cells = Cells(body_of(table, where.header), table.width)
    if any(has_several(cell, "") for at in found.places if at >= 0 for cell in cells.filled(at)):
        return ()
    return marks_in(table, where)


def label_choices(table: Table, where: Places) -> tuple[dict[str, str], bool]:
    """That columns of marks are a label each, and whether that is likely."""
    marks = marks_in(table, where)
    return _of_labels(where, marks), len(marks) >= FEWEST


def _of_labels(where: Places, marks: Sequence[int]) -> dict[str, str]:
    names = [where.names[at] for at in marks]
    if not names or any("," in name for name in names):
        return {}
    text = _("Several labels, one column each: {names}")
    return {JOIN.join(names): text.format(names=some(names))}


def which_labels(path: str, table: Table, where: Places, marks: Sequence[int]) -> Question:
    """Are the labels in a column of words, or does each have a column that rows mark?"""
    assert where.label is not None
    choices = _of_labels(where, marks) | described(table, where.header, where.names, [where.label])
    return _which_column("data.which_labels", path, choices)


def which_number(path: str, table: Table, where: Places, places: Sequence[int]) -> Question:
    """Which of several columns is the number?"""
    choices = described(table, where.header, where.names, places)
    return _which_column("data.which_number", path, choices)


def _which_column(code: str, path: str, choices: dict[str, str]) -> Question:
    """Which column says it, of which the first is the likeliest?"""
    setting, guess = "data.options.label_column", next(iter(choices))
    return Question(code, setting=setting, choices=choices, guess=guess, path=path)
