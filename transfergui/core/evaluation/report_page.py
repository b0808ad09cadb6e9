"""``report.html``: the result on one page, which needs nothing beside it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, rounded_text, share_decimals
from transfergui.core.base.figure_texts import span as span_text
from transfergui.core.base.i18n import _, duration, language
from transfergui.core.base.notes import Note
from transfergui.core.data.captions import caption
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation import box_marks, chosen, crops, trials, words
from transfergui.core.evaluation.beside import ALONE, Beside
from transfergui.core.evaluation.kinds import (
    Chart,
    Gallery,
    Item,
    Part,
    Points,
    Shown,
    Sweep,
    Table,
)
from transfergui.core.evaluation.report_charts import charts, draw, map_of, scatter
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.thumbnails import Thumbnail, thumbnail
from transfergui.core.evaluation.verdict import Verdict
from transfergui.core.figures import answer_rows
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import Report
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.core.recipe import Recipe
from transfergui.core.runs.history import History

if TYPE_CHECKING:
    import jinja2

PAGE = "report.html"
PAGE_MISTAKES = 100
PICTURES = 24
"""Errors that are shown as pictures, and samples of each gallery."""
PAGE_CONFUSION = 40
"""More classes than this make a table that nobody reads; the page then lists pairs only."""
ROWS = 60
"""Of a table of a view."""


@dataclass(frozen=True)
class ShownView:
    """What a view found."""

    title: str
    summary: str
    shown: Shown


@dataclass(frozen=True)
class Extras:
    """What the page shows beside the report.

    Attributes:
        views: what was found by looking closer.
        findings: what the checks of the data say.
        look: makes the preview of a sample, by its path; None shows no samples.
    """

    views: Sequence[ShownView] = ()
    findings: Sequence[Note] = ()
    look: Callable[[str], Preview] | None = None


NOTHING = Extras()


def render(
    report: Report,
    rows: Sequence[PredictionRow],
    *,
    recipe: Recipe,
    history: History | None = None,
    environment: Mapping[str, str] | None = None,
    beside: Beside = ALONE,
    found: Found | None = None,
    extras: Extras = NOTHING,
    root: str = "",
) -> str:
    """The page: one self-contained file, every name in it escaped."""
    modality, objective = registry.modality(recipe.modality), registry.objective(report.objective)
    found = found or Found(Targets(), report.classes)
    wrong = functools.partial(objective.error, targets=found.targets)
    measures = trials.Measures(objective.curve, report.unit, objective.probe)
    sections = [
        Section(name, own, words.notes(own, modality)) for name, own in report.questions.items()
    ]
    mistakes = answer_rows.top_mistakes(rows, PAGE_MISTAKES, wrong)
    marks = box_marks.of_rows(rows, report) if report.found is not None else {}
    verdict = Verdict.of(words.notes(report, modality, beside))
    doubted = verdict.data is not None and verdict.data.level == "warning"
    return _template(report, objective, measures, root).render(
        _=_,
        language=language().replace("_", "-"),
        report=report,
        title=recipe.name or recipe.data.name or modality.key,
        network_name=chosen.network(modality, recipe.backbone),
        strategy_name=chosen.method_title(recipe, _(registry.strategy(recipe.strategy).title)),
        verdict=verdict,
        details=words.details(report, modality),
        bars=score_bars(report, beside.others, doubted),
        sections=sections,
        score=objective.curve,
        primary_title=_(objective.primary.title),
        charts=charts(history) if history else [],
        scatter=scatter(rows, report.unit) if report.mean_absolute_error is not None else None,
        thresholds=dict(zip(report.per_label, report.fitted, strict=False)),
        mistakes=mistakes,
        pictured=list(_pictured(mistakes[:PICTURES], report, extras, marks)),
        views=[_section(view, extras) for view in extras.views],
        findings=extras.findings,
        wrong=wrong,
        said=functools.partial(_prediction, report),
        truth=functools.partial(_truth, report),
        trials=history.trials if history else [],
        measures=measures,
        phases=_phases(history) if history else [],
        chosen=chosen.told(recipe, report.objective),
        recipe=list(_flat(msgspec.to_builtins(recipe))),
        environment=dict(environment or {}),
    )


# -- samples and views


@dataclass(frozen=True)
class Figure:
    """A sample on the page.

    Attributes:
        pictures: it, and what was made of it.
        lines: what is written below.
    """

    pictures: tuple[Thumbnail, ...]
    lines: tuple[str, ...]


def _pictured(
    rows: Sequence[PredictionRow],
    report: Report,
    extras: Extras,
    marks: Mapping[str, tuple[MarkedBox, ...]],
) -> Iterator[Figure]:
    """Errors with what was predicted; those that can be read.

    Args:
        marks: true and predicted boxes, by the path of their picture.
    """
    for row in rows:
        if row.path in marks:
            boxes = marks[row.path]
            yield from _figure(Item(row.path, box_marks.caption(boxes), boxes=boxes), extras)
            continue
        sure = "" if row.confidence is None else f" · {percent(row.confidence, 0)}"
        said = f"→ {_prediction(report, row)}{sure}"
        yield from _figure(Item(row.path, f"{paths.shown(row.truth)}\n{said}"), extras)


def _figure(item: Item, extras: Extras) -> Iterator[Figure]:
    """A sample of a gallery, if it can be seen."""
    look, previews = extras.look, [item.preview] if item.preview else []
    try:
        if not previews and look is not None and item.path:
            decode = functools.partial(look, item.path)
            previews.append(crops.look(item, lambda _large: decode()))
    except UserError:  # it is gone: what is said of it stands in a table as well
        return
    if previews:
        every = (*previews, *([item.beside] if item.beside else []))
        lines = tuple(map(paths.shown, item.caption.splitlines()))
        yield Figure(tuple(map(thumbnail, every)), lines)


@dataclass(frozen=True)
class Drawn:
    """A part of a view as the page draws it.

    Attributes:
        kind: which macro of ``parts.html`` does.
        left_out: rows or samples that are not shown.
    """

    kind: str
    title: str
    value: Any
    left_out: int = 0


def _section(view: ShownView, extras: Extras) -> dict[str, Any]:
    drawn = [found for part in view.shown.parts for found in _drawn(part, extras)]
    return {"title": view.title, "summary": view.summary, "notes": view.shown.notes, "parts": drawn}


def _drawn(part: Part, extras: Extras) -> Iterator[Drawn]:
    """A part of a view; nothing where there is nothing to see."""
    match part:
        case Chart():
            if (found := draw(part)) is not None:
                yield Drawn("chart", part.title, found)
        case Sweep():
            yield from _drawn(part.still, extras)
        case Table() if part.rows:
            kept = replace(part, rows=part.rows[:ROWS])
            yield Drawn("table", part.title, kept, len(part.rows) - len(kept.rows))
        case Gallery():
            figures = [f for item in part.items[:PICTURES] for f in _figure(item, extras)]
            if figures:
                left = max(0, len(part.items) - PICTURES)
                yield Drawn("gallery", part.title, figures, left)
        case Points() if len(part.xy):
            yield Drawn("map", part.title, map_of(part))


# -- the template


def _template(
    report: Report, objective: Objective, measures: trials.Measures, root: str
) -> jinja2.Template:
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
        caption=functools.partial(caption, root=root or None),
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
    """What was predicted; a number with the digits that its error can carry, boxes counted."""
    error = report.mean_absolute_error
    if report.found is not None:
        return box_marks.summary(row.label)
    if error is None or not row.cells:
        return paths.shown(row.label)
    return f"{rounded_text(float(row.cells[0]), error)} {report.unit}".rstrip()


def _truth(report: Report, row: PredictionRow) -> str:
    """What is true; boxes counted."""
    return paths.shown(row.truth) if report.found is None else box_marks.summary(row.truth)


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
