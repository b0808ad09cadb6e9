"""Whether transfer learning helped: the model beside others on the same test samples."""

from __future__ import annotations

from collections.abc import Sequence

from transfergui.core import registry
from transfergui.core.base.figure_texts import span
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import baselines, outcomes, run_differences
from transfergui.core.evaluation.baselines import Other
from transfergui.core.evaluation.difference_texts import BALANCED, figure_title
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.figures.metrics import Report
from transfergui.core.views.result import Result


def shown(result: Result) -> Shown:
    own = run_differences.side_of(result.run)
    assert own is not None
    others = baselines.others(result.run)
    notes: list[Note] = []
    figures: dict[str, object] = {}
    for key, other in others.items():
        found = run_differences.difference(other.side, own)
        if found is not None:
            notes.append(baselines.said(found, other, own.report, result.modality.many))
            figures[key] = {
                "value": found.first,
                "verdict": found.verdict,
                "difference": found.value,
                "low": found.low,
                "high": found.high,
                "p": found.found.p,
                "n": found.shared,
            }
    return Shown(tuple(notes), (_table(own.report, others),), {"baselines": figures})


def _table(report: Report, others: dict[str, Other]) -> Table:
    """The figure of each, with its interval; the baselines of the report last."""
    objective = registry.objective(report.objective)
    figure = outcomes.first_figure(report)
    sides: Sequence[tuple[str, Report]] = [
        (_("This model"), report),
        *((other.title, other.side.report) for other in others.values()),
    ]
    rows = [(name, *_figure(each, figure)) for name, each in sides]
    score = objective.primary
    constant = {
        "accuracy": report.majority,
        "mean_average_precision": report.baseline_mean_average_precision,
        "mean_absolute_error": report.baseline_mean_absolute_error,
    }.get(figure)
    if figure == BALANCED:
        tested = sum(row.support > 0 for row in report.per_class.values())
        constant = 1 / max(1, tested)
    if figure == "accuracy":
        rows += [(_(each.title), score.text(each.accuracy), "") for each in report.baselines]
    if constant is not None:
        name = _("Mean baseline") if figure == "mean_absolute_error" else _("Majority baseline")
        rows.append((name, score.text(constant, report.unit), ""))
    title = figure_title(report.objective, figure)
    return Table(
        title=title,
        columns=(_("Model"), title, _("95 % interval")),
        rows=tuple(rows),
        figures=frozenset({1, 2}),
    )


def _figure(report: Report, figure: str) -> tuple[str, str]:
    score = registry.objective(report.objective).primary
    if figure == BALANCED:
        value, ends = report.balanced_accuracy, report.balanced_interval
        low, high = (None, None) if ends is None else (ends.low, ends.high)
    else:
        primary = report.primary
        value = None if primary is None else primary.value
        low, high = (None, None) if primary is None else (primary.low, primary.high)
    text = score.text(value, report.unit)
    if low is None or high is None:
        return text, ""
    return text, span(score.text(low, report.unit, 0), score.text(high, report.unit, 0))
