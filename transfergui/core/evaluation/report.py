"""The report on disk: ``report.json`` for programs, ``report.html`` to read and to pass on,
``predictions.csv`` with every single answer.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core import registry
from transfergui.core.base import files, paths, records
from transfergui.core.base.cells import line, plain, safe
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, rounded_text, share_decimals
from transfergui.core.base.figure_texts import span as span_text
from transfergui.core.base.i18n import _, duration, language
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import caption
from transfergui.core.data.targets import Targets, cell_text
from transfergui.core.evaluation import chosen, trials, words
from transfergui.core.evaluation.prediction_table import class_columns
from transfergui.core.evaluation.report_charts import charts, scatter
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.evaluation.words import ALONE, Beside
from transfergui.core.figures import metrics
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import PredictionRow, Report
from transfergui.core.interfaces import Found, Objective
from transfergui.core.recipe import Recipe
from transfergui.core.runs.history import History
from transfergui.core.runs.run import REPORT

if TYPE_CHECKING:
    import jinja2

PAGE = "report.html"
PREDICTIONS = "predictions.csv"
COLUMNS = ("path", "truth", "label", "confidence")
MAX_BYTES = 200_000_000
MAX_TABLE_BYTES = 4_000_000_000
"""A million answers about 250 classes."""
PAGE_MISTAKES = 100
PAGE_CONFUSION = 40
"""More classes than this make a table that nobody reads; the page then lists pairs only."""


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
) -> None:
    """Write ``report.json``, ``predictions.csv`` and ``report.html`` into ``folder``.

    Args:
        rows: from :func:`transfergui.core.figures.metrics.prediction_rows`.
        history: draws the curves.
        environment: names and versions, as in ``environment.json``.
        beside: as for :func:`transfergui.core.evaluation.words.notes`.
        found: what the answers were read with; None of one class.
        keep_predictions: the rows were read from ``predictions.csv``, which stays.

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
    )
    if not keep_predictions:
        files.write_atomic(folder / PREDICTIONS, predictions_csv(rows, columns))
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


def predictions_csv(rows: Iterable[PredictionRow], columns: Sequence[str]) -> bytes:
    """The table as UTF-8; undecodable bytes of a name are written as ``\\udcXX``.

    The columns of the objective follow :data:`COLUMNS`, of one class one per class; but only up
    to :data:`metrics.MATRIX_CLASSES` of them: 10 000 would make a table of gigabytes.
    """
    names = columns if len(columns) <= metrics.MATRIX_CLASSES else ()
    lines = [line((*COLUMNS, *map(safe, class_columns(names, COLUMNS))))]
    for row in rows:
        sure = "" if row.confidence is None else row.confidence
        cells = map(_written, (row.path, row.truth, row.label, sure, *row.cells))
        lines.append(line(cells))
    return "".join(lines).encode("utf-8", "backslashreplace")


def _written(cell: str | float) -> str:
    return safe(cell) if isinstance(cell, str) else cell_text(cell)


def load_predictions(folder: Path) -> list[PredictionRow]:
    """Read ``predictions.csv``; no rows where there is none.

    Raises:
        UserError: ``run.damaged``.
    """
    path = folder / PREDICTIONS
    try:
        text = files.read_regular(path, MAX_TABLE_BYTES).decode("utf-8")
        return list(_read_rows(io.StringIO(text, newline="")))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, csv.Error) as error:
        raise UserError("run.damaged", path=str(path), reason=records.why(error)) from None


def _read_rows(stream: Iterable[str]) -> Iterator[PredictionRow]:
    table = csv.reader(stream)
    if tuple(next(table, ()))[: len(COLUMNS)] != COLUMNS:
        raise ValueError("it has other columns")
    for path, truth, label, confidence, *cells in table:
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


# -- report.html


def render(
    report: Report,
    rows: Sequence[PredictionRow],
    *,
    recipe: Recipe,
    history: History | None = None,
    environment: Mapping[str, str] | None = None,
    beside: Beside = ALONE,
    found: Found | None = None,
) -> str:
    """The page: one self-contained file, every name in it escaped."""
    modality, objective = registry.modality(recipe.modality), registry.objective(report.objective)
    found = found or Found(Targets(), report.classes)
    wrong = functools.partial(objective.error, targets=found.targets)
    measures = trials.Measures(objective.curve, report.unit, objective.probe)
    sections = [
        Section(name, own, words.notes(own, modality)) for name, own in report.questions.items()
    ]
    return _template(report, objective, measures).render(
        _=_,
        language=language().replace("_", "-"),
        report=report,
        title=recipe.name or recipe.data.name or modality.key,
        network_name=chosen.network(modality, recipe.backbone),
        strategy_name=_(registry.strategy(recipe.strategy).title),
        verdict=Verdict.of(words.notes(report, modality, beside)),
        details=words.details(report, modality),
        bars=score_bars(report),
        sections=sections,
        score=objective.curve,
        primary_title=_(objective.primary.title),
        charts=charts(history) if history else [],
        scatter=scatter(rows, report.unit) if report.mean_absolute_error is not None else None,
        thresholds=dict(zip(report.per_label, report.fitted, strict=False)),
        mistakes=metrics.top_mistakes(rows, PAGE_MISTAKES, wrong),
        wrong=wrong,
        said=functools.partial(_prediction, report),
        trials=history.trials if history else [],
        measures=measures,
        phases=_phases(history) if history else [],
        chosen=chosen.told(recipe, report.objective),
        recipe=list(_flat(msgspec.to_builtins(recipe))),
        environment=dict(environment or {}),
    )


def _template(report: Report, objective: Objective, measures: trials.Measures) -> jinja2.Template:
    """The page without its values: how it writes figures depends on what was measured."""
    import jinja2

    decimals = share_decimals(report.n)
    page = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.resource("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    page.filters.update(
        shown=paths.shown,
        caption=caption,
        percent=functools.partial(percent, decimals=decimals),
        between=functools.partial(_between, decimals=decimals),
        primary=functools.partial(objective.primary.text, unit=report.unit, decimals=decimals),
        figure=functools.partial(objective.curve.text, unit=report.unit),
        trained=measures.trained_text,
        probed=measures.probed_text,
        way=trials.way,
        fate=trials.fate,
        duration=duration,
        matrix=_matrix,
        together=_together_rows,
    )
    return page.get_template(PAGE)


def _prediction(report: Report, row: PredictionRow) -> str:
    """What was predicted; a number with the digits that its error can carry."""
    error = report.mean_absolute_error
    if error is None or not row.cells:
        return paths.shown(row.label)
    return f"{rounded_text(float(row.cells[0]), error)} {report.unit}".rstrip()


@dataclass(frozen=True)
class Section:
    """One of several questions."""

    name: str
    report: Report
    notes: list[Note]


def _between(ends: Interval | None, decimals: int) -> str:
    return (
        ""
        if ends is None
        else f" ({span_text(percent(ends.low, decimals), percent(ends.high, decimals))})"
    )


@dataclass(frozen=True)
class Cell:
    """One cell of the confusion table; ``share`` is of its row, for the shade."""

    count: int
    share: float
    right: bool


def _matrix(report: Report) -> list[tuple[str, list[Cell]]]:
    """The rows of the confusion matrix; none where nobody would read them."""
    if len(report.confusion_classes) > PAGE_CONFUSION:
        return []
    rows = []
    for i, (name, counts) in enumerate(
        zip(report.confusion_classes, report.confusion, strict=True)
    ):
        total = sum(counts) or 1
        rows.append((name, [Cell(c, c / total, i == j) for j, c in enumerate(counts)]))
    return rows


def _together_rows(report: Report, counts: list[list[int]]) -> list[tuple[str, list[Cell]]]:
    """How often labels occur together: of each row, shares of the samples with its label."""
    if not 0 < len(counts) <= PAGE_CONFUSION:  # none are kept of many labels
        return []
    pairs = zip(report.per_label, counts, strict=True)
    return [
        (name, [Cell(n, n / max(1, row[i]), i == j) for j, n in enumerate(row)])
        for i, (name, row) in enumerate(pairs)
    ]


@dataclass(frozen=True)
class Phase:
    """One phase as it was; ``share`` of all weights are those that learnt."""

    name: str
    epochs: int
    lr: str
    share: float
    precision: str


def _phases(history: History) -> list[Phase]:
    return [
        Phase(
            name=phase.name,
            epochs=sum(epoch.phase == phase.index for epoch in history.epochs),
            lr="" if phase.lr is None else f"{phase.lr:.3g}",
            share=phase.trainable / max(1, phase.trainable + phase.frozen),
            precision=phase.precision,
        )
        for phase in history.phases
    ]


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """("optim.lr", "0.001"), ... in the order of the recipe."""
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _("automatic") if value is None else str(value)
