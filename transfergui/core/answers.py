"""The answers of a model as a table: what ``predict`` writes, with or without a window."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core import files
from transfergui.core.cells import line, safe
from transfergui.core.errors import UserError

if TYPE_CHECKING:
    from transfergui.core.trained import Prediction

COLUMNS = ("path", "label", "confidence")


def class_columns(classes: Sequence[str], others: Sequence[str] = COLUMNS) -> tuple[str, ...]:
    """What the column of each class is called: as the class, with ``(class)`` behind it where one
    of the ``others`` is called so already."""
    taken = {*others, *classes}
    named = []
    for name in classes:
        column = name
        while column in others or (column != name and column in taken):
            column += " (class)"
        taken.add(column)
        named.append(column)
    return tuple(named)


def rows(classes: Sequence[str], predictions: Iterable["Prediction"]) -> Iterator[tuple[str, ...]]:
    """The heading, then one row per file that could be read: :data:`COLUMNS`, one per class.

    Cells are as :func:`transfergui.core.cells.safe` makes them.
    """
    yield (*COLUMNS, *map(safe, class_columns(classes)))
    for prediction in predictions:
        if prediction.probabilities is not None:
            figures = (prediction.confidence, *prediction.probabilities)
            label = prediction.label(tuple(classes))
            yield (
                safe(str(prediction.name or prediction.path)),
                safe(label),
                *(f"{figure:.6g}" for figure in figures),
            )


def to_text(
    classes: Sequence[str], predictions: Iterable["Prediction"], delimiter: str = ","
) -> str:
    """The table as CSV, or with tabs as spreadsheets paste it."""
    return "".join(line(row, delimiter) for row in rows(classes, predictions))


def write_csv(path: Path, classes: Sequence[str], predictions: Iterable["Prediction"]) -> None:
    """Write the table as UTF-8; undecodable bytes of a name become ``\\udcXX``.

    Raises:
        UserError: ``export.not_writable``.
    """
    data = to_text(classes, predictions).encode("utf-8", "backslashreplace")
    try:
        files.write_output(path, data)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
