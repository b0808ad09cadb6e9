"""The figures of two models side by side, as tables, and how both were trained, as charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from transfergui.core import registry
from transfergui.core.base.figure_texts import (
    number,
    percent,
    percent_ends,
    share_decimals,
    span,
    within,
)
from transfergui.core.base.i18n import N_, _
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.targets import BOXES, NUMBER, ONE_CLASS
from transfergui.core.evaluation import disagreements
from transfergui.core.evaluation.kinds import Chart, Line, Table

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.intervals import Interval
    from transfergui.core.figures.metrics import Report
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.runs.events import EpochEnded
    from transfergui.core.runs.history import History

NAMES = ("A", "B")
"""What the two models are called, in this order."""
MORE = {
    "balanced_accuracy": N_("Balanced accuracy"),
    "macro_f1": N_("Macro F1"),
    "micro_f1": N_("Micro F1"),
    "exact_match": N_("All labels correct"),
    "median_absolute_error": N_("Median error"),
    "r2": N_("R²"),
    "ap": N_("AP"),
    "found": N_("Found"),
    "missed": N_("Missed"),
    "false_alarms": N_("False alarms"),
}
"""Figures of a report beside the primary one."""
COUNTS = ("found", "missed", "false_alarms")
INTERVALS = {"balanced_accuracy": "balanced_interval", "macro_f1": "macro_f1_interval"}
"""Where their 95 % intervals are, as far as a report has them."""


def tables(
    first: Report,
    second: Report,
    rows: Sequence[PredictionRow],
    other_rows: Sequence[PredictionRow],
) -> tuple[Table, ...]:
    """The figures of two reports of one objective; and of one class, how many examples of each
    class each model gets right, among those that both predicted."""
    made = [_figures(first, second)]
    if first.objective == ONE_CLASS:
        counted = disagreements.per_class(rows, other_rows)
        made += [_classes(counted)] if counted else []
    if first.objective == BOXES:
        made.append(_found_classes(first, second))
    return tuple(made)


def _found_classes(first: Report, second: Report) -> Table:
    """AP50 of each class that both know."""
    names = [name for name in first.per_class if name in second.per_class]
    rows = (
        (name, str(one.support), percent(one.ap50, 0), percent(other.ap50, 0))
        for name in names
        for one, other in [(first.per_class[name], second.per_class[name])]
    )
    title, columns = _("AP50 of each class"), (_("Class"), _("Objects"), "A", "B")
    return Table(title, columns, tuple(rows), frozenset({1, 2, 3}))


def _figures(first: Report, second: Report) -> Table:
    interval = _("95 % interval")
    lines = list(_lines(first, second))
    return Table(
        title=_("Figures"),
        columns=(_("Figure"), "A", f"A: {interval}", "B", f"B: {interval}"),
        rows=tuple(lines),
        figures=frozenset({1, 2, 3, 4}),
    )


def _lines(first: Report, second: Report) -> Iterator[tuple[str, ...]]:
    score = registry.objective(first.objective).primary
    yield (_(score.title), *_primary(first), *_primary(second))
    for key, title in MORE.items():
        both = getattr(first, key), getattr(second, key)
        if any(value is not None for value in both):
            cells = (_cells(report, key) for report in (first, second))
            yield (_(title), *(cell for pair in cells for cell in pair))
    for name in first.questions:
        if name in second.questions:
            own = first.questions[name], second.questions[name]
            yield (name, *_primary(own[0]), *_primary(own[1]))
    name = _("Examples") if first.measured_on == "data" else _("Test examples")
    yield (name, str(first.n), "", str(second.n), "")


def _primary(report: Report) -> tuple[str, str]:
    """The figure that models are compared by, and its interval."""
    score, known = registry.objective(report.objective).primary, report.primary
    if known is None:  # of versions that knew nothing but classes
        ends = report.interval
        return score.text(report.accuracy), "" if ends is None else _span(ends, report.n)
    text = score.text(known.value, report.unit)
    if known.low is None or known.high is None:
        return text, ""
    return text, span(*score.texts(known.low, known.high, report.unit, 0))


def _cells(report: Report, key: str) -> tuple[str, str]:
    value = getattr(report, key)
    if key in ("median_absolute_error", "r2"):
        unit = report.unit if key != "r2" else ""
        return ("" if value is None else f"{number(value)} {unit}".strip()), ""
    if key in COUNTS:
        return "" if value is None else str(value), ""
    ends = getattr(report, INTERVALS[key]) if key in INTERVALS else None
    return percent(value), "" if ends is None else _span(ends, report.n)


def _span(ends: Interval, n: int) -> str:
    return span(*percent_ends(ends.low, ends.high, share_decimals(n)))


def _classes(counted: Sequence[tuple[str, int, int, int]]) -> Table:
    """Those with the largest difference first."""
    order = sorted(counted, key=lambda row: (-abs(row[2] - row[3]), row[0]))
    rows = (
        (name, str(n), percent(one / n, 0), percent(other / n, 0), _signed(other - one))
        for name, n, one, other in order
    )
    return Table(
        title=_("Classes, on the examples of both"),
        columns=(
            _("Class"),
            _("Examples"),
            _("A correct"),
            _("B correct"),
            _("B minus A, examples"),
        ),
        rows=tuple(rows),
        figures=frozenset({1, 2, 3, 4}),
    )


def _signed(count: int) -> str:
    return f"{count:+d}".replace("-", "−") if count else "0"


def agreement(
    rows: Sequence[PredictionRow], other_rows: Sequence[PredictionRow], objective: Objective
) -> tuple[Table, ...]:
    """How often each model says what, and how surely, of data without labels."""
    if objective.key == NUMBER:
        return ()
    counts = [Counter[str](_said(own, objective)) for own in (rows, other_rows)]
    names = sorted({*counts[0], *counts[1]}, key=lambda name: (-counts[0][name], name))
    said = Table(
        title=_("What each predicts"),
        columns=(_("Prediction"), "A", "B"),
        rows=tuple((name, str(counts[0][name]), str(counts[1][name])) for name in names),
        figures=frozenset({1, 2}),
    )
    if not objective.confident:
        return (said,)
    means = [_mean_confidence(own) for own in (rows, other_rows)]
    sure = Table(
        title=_("Confidence"),
        columns=(_("Model"), _("Mean confidence"), _("Examples")),
        rows=tuple(
            (name, percent(mean), str(len(own)))
            for name, mean, own in zip(NAMES, means, (rows, other_rows), strict=True)
        ),
        figures=frozenset({1, 2}),
    )
    return sure, said


def _said(rows: Sequence[PredictionRow], objective: Objective) -> Iterator[str]:
    """What is counted of predictions: of boxes, the class of each."""
    for row in rows:
        if objective.key == BOXES:
            yield from (box.name for box in parsed_boxes(row.label))
        else:
            yield row.label


def _mean_confidence(rows: Sequence[PredictionRow]) -> float | None:
    known = [row.confidence for row in rows if row.confidence is not None]
    return sum(known) / len(known) if known else None


# -- curves


def curves(first: History, second: History) -> tuple[Chart, ...]:
    """Validation score and losses of two trainings over their epochs, over one another; no chart
    of what neither measured, and no score where both measured another one."""
    both = first, second
    made = []
    scores = [None if each.started is None else each.started.objective for each in both]
    if scores[0] is not None and scores[0] == scores[1]:
        known = {each.key: each.curve for each in registry.OBJECTIVES}
        if (curve := known.get(scores[0])) is not None:
            title = _("Validation: {title}").format(title=within(_(curve.title)))
            lines = _of_each(both, "val_score")
            made.append(Chart(title, _("Epoch"), _(curve.title), lines, y_percent=curve.share))
    made += [
        Chart(_("Validation loss"), _("Epoch"), _("Loss"), _of_each(both, "val_loss")),
        Chart(_("Training loss"), _("Epoch"), _("Loss"), _of_each(both, "train_loss")),
    ]
    return tuple(chart for chart in made if chart.lines)


def _of_each(both: tuple[History, History], column: str) -> tuple[Line, ...]:
    lines = (_line(name, each.epochs, column) for name, each in zip(NAMES, both, strict=True))
    return tuple(line for line in lines if line is not None)


def _line(name: str, epochs: Sequence[EpochEnded], column: str) -> Line | None:
    known = [(row.epoch, getattr(row, column)) for row in epochs]
    known = [(epoch, value) for epoch, value in known if value is not None]
    if not known:
        return None
    role = {"A": "train", "B": "val"}
    return Line(name, [x for x, _y in known], [y for _x, y in known], role=role[name])  # type: ignore[arg-type]
