"""The predictions of a model as a table: what the window saves and copies, and what
``transfergui predict`` writes.

The columns of the user's own tables stand first, then the file, the prediction, its confidence,
those of the objective (every class or label, the answer to each question, the number), a note for
people, and the reason to doubt the prediction as a word for programs. Where the model was adapted
to the files at hand, a last column says how; where the user corrected or confirmed predictions, one
says to what.

Of boxes, the prediction is how many of each class are shown, and its confidence the least of
theirs. They stand in ``boxes`` with their sides as shares of the picture, as in the files of a run,
and in ``boxes_pixels`` in pixels of the upright picture; ``threshold`` is the confidence from which
on they are listed and counted.
"""

import io
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from transfergui.core.base import files
from transfergui.core.base.cells import line, safe
from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.base.i18n import _
from transfergui.core.data.captions import caption
from transfergui.core.data.dataset import Problem
from transfergui.core.data.doubt import UNLIKE
from transfergui.core.data.doubt import UNSURE as LOOKS_UNSURE
from transfergui.core.data.rows import COLUMNS, OwnRow, named_apart
from transfergui.core.data.targets import cell_text
from transfergui.core.figures import box_answers

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.interfaces.objective import Found, Objective

NOTE, REASON = "note", "reason"
ADAPTED = "adapted"
"""The last column, where the model was adapted to the very files that were given."""
CORRECTED = "corrected"
"""The last column, where the user corrected or confirmed any of the predictions: what they said."""
COUNTS = "corrected_counts"
"""Behind it, of boxes: how many of each class there are then."""
UNSURE = 70
"""Predictions with less confidence (per cent) are flagged by default: a fixed number, not measured
on any test set."""
EXCEL = ".xlsx"
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_576, 16_384, 32_767
"""What a sheet of Excel holds: rows, columns, UTF-16 units of a cell."""

Cell = str | float
Row = tuple[Cell, ...]
Extent = Callable[[Path], tuple[int, int] | None]


class Answered(NamedTuple):
    """The predictions of one model.

    Attributes:
        found: what its answers are read with.
        predictions: in the order of the table; None where the model has none for a file.
        name: of the model.
        extent: as of :meth:`Modality.extent`, where answers are places in a sample; by what a
            sample is called.
        corrected: the labels that the user gave, or confirmed, by the path of the file.
    """

    objective: "Objective"
    found: "Found"
    predictions: "Sequence[Prediction | None]"
    name: str = ""
    extent: "Extent | None" = None
    corrected: Mapping[str, str] = {}

    @property
    def columns(self) -> tuple[str, ...]:
        """Of what the model answers, beside the label and its confidence."""
        return self.objective.columns(self.found)

    @property
    def placed(self) -> tuple[str, ...]:
        """Columns behind these, where answers are places in a sample."""
        return box_answers.TABLE_COLUMNS if self.objective.places else ()


class Predicting(Protocol):
    """A model, or what is kept of one: what is read of it here."""

    @property
    def objective(self) -> "Objective":
        """What it predicts."""

    @property
    def found(self) -> "Found":
        """What its answers are read with."""


def of(
    model: Predicting,
    predictions: "Sequence[Prediction | None]",
    name: str = "",
    extent: Extent | None = None,
    corrected: Mapping[str, str] | None = None,
) -> Answered:
    """The predictions of ``model``."""
    return Answered(model.objective, model.found, predictions, name, extent, corrected or {})


# -- what is said of a prediction


def told(
    prediction: "Prediction", objective: "Objective", found: "Found"
) -> tuple[str, float | None]:
    """The prediction in words and its confidence, for people: of boxes, how many of each class are
    shown, and the least of their scores; where they are stands in columns of its own."""
    if objective.places and prediction.probabilities is not None and not prediction.withheld:
        return box_answers.told(prediction.probabilities, found.targets.names, found.fitted)
    return prediction.label(found.classes), prediction.confidence


def problem_of(prediction: "Prediction") -> str:
    """Why a file could not be read, or why its prediction means little; empty for neither.

    The folder is left out: the path stands in its own column.
    """
    problem = _in_its_folder(prediction)
    return problem.sentence() if problem else ""


def reason_of(prediction: "Prediction") -> str:
    """The same without the name of the file that it begins with."""
    problem = _in_its_folder(prediction)
    return problem.reason() if problem else ""


def _in_its_folder(prediction: "Prediction") -> Problem | None:
    if prediction.problem is None:
        return None
    return msgspec.structs.replace(
        prediction.problem, path=caption(prediction.path.name, prediction.path.parent)
    )


def is_unsure(confidence: float | None, threshold: float) -> bool:
    """Whether a confidence in [0, 1] is below ``threshold`` per cent; no prediction never is."""
    return confidence is not None and 100 * confidence < threshold


def note(prediction: "Prediction", threshold: float = UNSURE, short: bool = False) -> str:
    """Why there is no prediction, or why it is flagged; empty where there is nothing to say.

    Args:
        short: without the name of the file that it begins with.
    """
    said = reason_of(prediction) if short else problem_of(prediction)
    return said or doubt_text(doubt(prediction, threshold))


def doubt_text(word: str) -> str:
    """What :func:`doubt` says, for people."""
    texts = {UNLIKE: _("unlike the training data"), LOOKS_UNSURE: _("low confidence")}
    return texts.get(word, "")


def doubt(prediction: "Prediction", threshold: float = UNSURE) -> str:
    """Why a prediction is not to be believed, as of :mod:`transfergui.core.data.doubt`.

    Args:
        threshold: as of :func:`note`; a model that made a promise has its own.
    """
    if prediction.doubt or prediction.probabilities is None:
        return prediction.doubt
    return LOOKS_UNSURE if is_unsure(prediction.confidence, threshold) else ""


# -- names of columns


def class_columns(classes: Sequence[str], others: Collection[str] = COLUMNS) -> tuple[str, ...]:
    """What the column of each class is called: as the class, with ``(class)`` behind it where one
    of the ``others`` is called so already."""
    return named_apart(classes, others, " (class)")


def _own_names(predictions: "Iterable[Prediction | None]") -> list[str]:
    """The columns of all tables of the user, in the order in which they come."""
    kinds = dict.fromkeys(row.names for each in predictions if each for row in each.own)
    return list(dict.fromkeys(itertools.chain.from_iterable(kinds)))


def _heading(own: Sequence[str], answered: Answered, earlier: Answered | None) -> Row:
    last = (*answered.placed, NOTE, REASON)
    fixed = (*COLUMNS, *last)
    mine = named_apart(own, fixed, " (your table)")
    answers = class_columns(answered.columns, (*fixed, *mine))
    heading = (*mine, *COLUMNS, *answers, *last)
    if earlier is None:
        return heading
    fixed, last = (*COLUMNS, *last), (*earlier.placed, NOTE, REASON)
    theirs = (*COLUMNS[1:], *class_columns(earlier.columns, fixed), *last)
    called = tuple(f"{column} ({earlier.name})" for column in theirs)
    return (*heading, *named_apart(called, heading, " (2)"))


# -- rows


def rows(
    answered: Answered, earlier: Answered | None = None, threshold: float = UNSURE
) -> Iterator[Row]:
    """The heading, then a row for each prediction, those of unreadable files included; where
    several rows of the user's table name a file, one for each of these.

    Args:
        earlier: of another model for the same files, in the same order; it gets further columns.
        threshold: per cent of confidence below which a note flags a prediction.
    """
    own = _own_names(answered.predictions)
    heading = _heading(own, answered, earlier)
    last = _last(answered)
    yield (*heading, *named_apart(tuple(last), [*map(str, heading)], " (2)"))
    before = itertools.repeat(None) if earlier is None else earlier.predictions
    for prediction, other in zip(answered.predictions, before, strict=False):
        assert prediction is not None
        said = _said(prediction, answered, threshold)
        if earlier is not None:
            said = (*said, *_said(other, earlier, threshold))
        for own_row in prediction.own or (OwnRow((), ()),):
            cells = dict(zip(own_row.names, own_row.cells, strict=False))
            mine = (cells.get(name, "") for name in own)
            row = (*mine, prediction.called, *said)
            yield (*row, *(cell(prediction) for cell in last.values()))


def _last(answered: Answered) -> "dict[str, Callable[[Prediction], str]]":
    """The last columns, with what stands in each."""
    found = [each for each in answered.predictions if each is not None]
    known = answered.corrected
    last: dict[str, Callable[[Prediction], str]] = {}
    if any(each.adapted for each in found):
        last[ADAPTED] = lambda each: each.adapted
    if any(str(each.path) in known for each in found):
        last[CORRECTED] = lambda each: known.get(str(each.path), "")
        if answered.objective.places:
            names = answered.found.targets.names
            counts = {
                path: box_answers.corrected_counts(text, names) for path, text in known.items()
            }
            last[COUNTS] = lambda each: counts.get(str(each.path), "")
    return last


def _said(prediction: "Prediction | None", answered: Answered, threshold: float) -> Row:
    """Label, confidence, the cells of the answers, those of places, note, reason."""
    width = 2 + len(answered.columns) + len(answered.placed)
    if prediction is None:
        return ("",) * (width + 2)
    remark = note(prediction, threshold)
    if prediction.probabilities is None:
        return ("",) * width + (remark, "")
    label, confidence = told(prediction, answered.objective, answered.found)
    sure = "" if confidence is None else float(confidence)
    cells = answered.objective.told_cells(prediction.probabilities, answered.found)
    reason = doubt(prediction, threshold)
    return (label, sure, *cells, *_placed(prediction, answered), remark, reason)


def _placed(prediction: "Prediction", answered: Answered) -> Row:
    """The cells of :attr:`Answered.placed`."""
    if not answered.placed or prediction.probabilities is None:
        return ()
    size = answered.extent(prediction.path) if answered.extent is not None else None
    found, least = answered.found, box_answers.threshold(answered.found.fitted)
    text = ""
    if size is not None:
        text = box_answers.pixel_text(prediction.probabilities, found.targets.names, least, size)
    return (text, least)


# -- writing


def to_text(rows: Iterable[Row], delimiter: str = ",") -> str:
    """A table as CSV, or with tabs as spreadsheets paste it; no cell is a formula."""
    return "".join(line(map(_written, row), delimiter) for row in rows)


def _written(cell: Cell) -> str:
    return safe(cell) if isinstance(cell, str) else cell_text(cell)


def require_ending(path: Path | None) -> None:
    """
    Raises:
        UserError: ``predict.save_ending``: a file of this name is no table.
    """
    if path is not None and path.suffix and path.suffix.lower() not in (EXCEL, *TEXT_ENDINGS):
        raise UserError("predict.save_ending", path=str(path), ending=path.suffix)


def write(
    path: Path, rows: Iterable[Row], more: Callable[[Any], object] = lambda _book: None
) -> None:
    """Write a table: an Excel workbook where ``path`` ends in ``.xlsx``, else CSV.

    Undecodable bytes of a name become ``\\udcXX``.

    Args:
        more: writes further sheets into a workbook.

    Raises:
        UserError: ``export.not_writable``, ``predict.too_large_for_excel``, ``part.missing``.
    """
    try:
        if path.suffix.lower() == EXCEL:
            data = _workbook(path, rows, more)
        else:
            data = to_text(rows).encode("utf-8", "backslashreplace")
        files.write_output(path, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None


def _workbook(path: Path, rows: Iterable[Row], more: Callable[[Any], object]) -> bytes:
    """A workbook in which every text is a text: none is a formula, a number or a link."""
    with naming_missing_parts():
        import xlsxwriter

    stream = io.BytesIO()
    with files.temporary_folder() as folder:
        options = {"constant_memory": True, "tmpdir": str(folder)}
        with xlsxwriter.Workbook(stream, options) as book:
            sheet = book.add_worksheet("predictions")
            sheet.freeze_panes(1, 0)
            last = 0
            for last, row in enumerate(rows):
                write_row(sheet, path, last, row)
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
            more(book)
    return stream.getvalue()


def write_row(sheet: Any, path: Path, number: int, row: Row, first: int = 0) -> None:
    """Write a row into a sheet of a workbook, no text as a formula.

    Args:
        path: of the workbook.
        first: the column of the first cell.

    Raises:
        UserError: ``predict.too_large_for_excel``.
    """
    _require_room(path, number, row)
    for at, cell in enumerate(row, first):
        if cell == "":
            continue
        if isinstance(cell, str):
            sheet.write_string(number, at, _encodable(cell))
        else:
            sheet.write_number(number, at, float(cell_text(cell)))


def _require_room(path: Path, number: int, row: Row) -> None:
    """
    Raises:
        UserError: ``predict.too_large_for_excel``.
    """
    units = max(map(_units, row), default=0)
    for found, limit, what in (
        (number + 1, MOST_ROWS, _("rows")),
        (len(row), MOST_COLUMNS, _("columns")),
        (units, MOST_LETTERS, _("characters in a cell")),
    ):
        if found > limit:
            values = {"limit": limit, "what": what, "row": number + 1}
            raise UserError("predict.too_large_for_excel", path=str(path), **values)


def _units(cell: Cell) -> int:
    return len(cell.encode("utf-16-le", "surrogatepass")) // 2 if isinstance(cell, str) else 0


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
