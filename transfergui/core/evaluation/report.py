"""The report on disk: ``report.json`` for programs, ``report.html`` to read and to pass on,
``predictions.csv`` with every single answer.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, records, shards
from transfergui.core.base.cells import line, plain, safe
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import tar_names
from transfergui.core.data.targets import Targets, cell_text
from transfergui.core.evaluation.beside import ALONE, Beside
from transfergui.core.evaluation.prediction_table import class_columns
from transfergui.core.evaluation.report_page import NOTHING, PAGE, Extras, render
from transfergui.core.figures import one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.interfaces.objective import Found
from transfergui.core.recipe import Recipe
from transfergui.core.runs.history import History
from transfergui.core.runs.run import REPORT

if TYPE_CHECKING:
    pass

PREDICTIONS = "predictions.csv"
VALIDATED = "validation.csv"
"""The same of the validation samples, of runs with other data to learn from."""
COLUMNS = ("path", "truth", "label", "confidence")
NAME = "file_in_tar"
"""Last column of predictions for samples in tars: what each is called by people."""
MAX_BYTES = 200_000_000
MAX_TABLE_BYTES = 4_000_000_000
"""A million answers about 250 classes."""


def save(
    folder: Path,
    report: Report,
    rows: Sequence[PredictionRow],
    *,
    recipe: Recipe,
    history: History | None = None,
    environment: Mapping[str, str] | None = None,
    beside: Beside = ALONE,
    found: Found | None = None,
    keep_predictions: bool = False,
    extras: Extras = NOTHING,
    root: str = "",
) -> None:
    """Write ``report.json``, ``predictions.csv`` and ``report.html`` into ``folder``.

    Args:
        rows: from :func:`transfergui.core.evaluation.prediction.prediction_rows`.
        history: draws the curves.
        environment: names and versions, as in ``environment.json``.
        beside: as for :func:`transfergui.core.evaluation.words.notes`.
        found: what the answers were read with; None of one class.
        keep_predictions: the rows were read from ``predictions.csv``, which stays.
        extras: what the page shows beside the report.
        root: the folder that the paths of rows are relative to.

    Raises:
        OSError: the disk is full or the folder cannot be written; older files are intact.
    """
    found = found or Found(Targets(), report.classes)
    columns = registry.objective(report.objective).columns(found)
    page = render(
        report,
        rows,
        recipe=recipe,
        history=history,
        environment=environment,
        beside=beside,
        found=found,
        extras=extras,
        root=root,
    )
    if not keep_predictions:
        files.write_atomic(folder / PREDICTIONS, predictions_csv(rows, columns, root))
    files.write_atomic(folder / PAGE, page.encode("utf-8", "backslashreplace"))
    files.write_atomic(folder / REPORT, to_json(report))


def to_json(report: Report) -> str:
    """ASCII JSON; undecodable bytes of a class name survive as ``\\udcXX``."""
    return json.dumps(msgspec.to_builtins(report), indent=1) + "\n"


def load(folder: Path) -> Report:
    """Read ``report.json``.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / REPORT
    found = records.read(path, Report, limit=MAX_BYTES)
    reason = _impossible(found)
    if reason:
        raise UserError("run.damaged", path=str(path), reason=reason)
    return found


def _impossible(found: Report) -> str:
    """What in a report, whose types are right, no test could have found; empty where nothing."""
    size = len(found.confusion_classes)
    if len(found.confusion) != size or any(len(row) != size for row in found.confusion):
        return _("its confusion matrix does not have one row and one column per class")
    if not {*found.per_class, *found.confusion_classes} <= {*found.classes}:
        return _("it contains results for classes that are not in its list")
    if all(objective.key != found.objective for objective in registry.OBJECTIVES):
        return _("its kind is unknown: {name}").format(name=found.objective)
    said = found.ungrouped
    if said is not None and not said.is_known:
        return _("an unknown code is in it: {name}").format(name=said.code)
    return ""


# -- predictions.csv


def predictions_csv(rows: Iterable[PredictionRow], columns: Sequence[str], root: str = "") -> bytes:
    """The table as UTF-8; undecodable bytes of a name are written as ``\\udcXX``.

    The columns of the objective follow :data:`COLUMNS`, of one class one per class; but only up
    to :data:`one_class.MATRIX_CLASSES` of them: 10 000 would make a table of gigabytes.
    Behind them, samples in tars have their names there (:data:`NAME`).

    Args:
        root: the folder that the paths of rows are relative to.
    """
    names = columns if len(columns) <= one_class.MATRIX_CLASSES else ()
    rows = list(rows)
    inside = any(shards.is_member(row.path) for row in rows)
    last = (NAME,) if inside else ()
    lines = [line((*COLUMNS, *map(safe, class_columns(names, (*COLUMNS, NAME))), *last))]
    for row in rows:
        sure = "" if row.confidence is None else row.confidence
        called = (tar_names.named(root, row.path),) if inside else ()
        cells = map(_written, (row.path, row.truth, row.label, sure, *row.cells, *called))
        lines.append(line(cells))
    return "".join(lines).encode("utf-8", "backslashreplace")


def _written(cell: str | float) -> str:
    return safe(cell) if isinstance(cell, str) else cell_text(cell)


def load_predictions(folder: Path, name: str = PREDICTIONS) -> list[PredictionRow]:
    """Read ``predictions.csv``, or :data:`VALIDATED`; no rows where there is none.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / name
    try:
        text = files.read_regular(path, MAX_TABLE_BYTES).decode("utf-8")
        return list(_read_rows(io.StringIO(text, newline="")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, csv.Error) as error:
        raise UserError("run.damaged", path=str(path), reason=records.why(error)) from None


def _read_rows(stream: Iterable[str]) -> Iterator[PredictionRow]:
    table = csv.reader(stream)
    header = tuple(next(table, ()))
    if header[: len(COLUMNS)] != COLUMNS:
        raise ValueError(_("it has other columns"))
    end = len(header) - 1 if header[-1] == NAME else None
    for row in table:
        if len(row) < len(COLUMNS):
            raise ValueError(_("a row is cut off (line {line})").format(line=table.line_num))
        path, truth, label, confidence, *cells = row[:end]
        yield PredictionRow(
            path=_undecodable(plain(path)),
            truth=_undecodable(plain(truth)),
            label=_undecodable(plain(label)),
            confidence=_share(confidence) if confidence else None,
            cells=tuple(map(_cell, cells)),
        )


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1 + 1e-9:
        raise ValueError(_("{name} is not between 0 and 1").format(name=text[:40]))
    return value


def _cell(text: str) -> float | str:
    """A figure, or an answer in words."""
    with contextlib.suppress(ValueError):
        value = float(text)
        if math.isfinite(value):
            return value
    return _undecodable(plain(text))


def _undecodable(name: str) -> str:
    """``\\udcXX`` back to the surrogate that stands for an undecodable byte."""
    return re.sub(r"\\u(dc[89a-f][0-9a-f])", lambda match: chr(int(match[1], 16)), name)
