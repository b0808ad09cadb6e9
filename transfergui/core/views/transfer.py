"""Whether transfer learning helped: the model beside others on the same test samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from transfergui.core import registry
from transfergui.core.base.figure_texts import span, within
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import outcomes, run_differences
from transfergui.core.evaluation.kinds import Shown, Table
from transfergui.core.evaluation.run_differences import PairedDifference, Side
from transfergui.core.figures.metrics import Report
from transfergui.core.training import companions, frozen_probe
from transfergui.core.views.result import Result

PROBE = {
    "better": "transfer.probe_better",
    "worse": "transfer.probe_worse",
    "unclear": "transfer.probe_unclear",
}
"""What is said of the model beside the frozen backbone with a linear model."""
SCRATCH = {
    "better": "transfer.helped",
    "worse": "transfer.harmed",
    "unclear": "transfer.unclear",
}
"""What is said of it beside the same network from random weights."""
MORE = {
    "transfer.probe_unclear": "transfer.probe_needs_more",
    "transfer.unclear": "transfer.needs_more",
}
"""The same where more test samples would tell."""


@dataclass(frozen=True)
class _Other:
    """Another way to the same predictions.

    Attributes:
        title: translated.
        codes: of the sentences about the model beside it, by the verdict.
    """

    title: str
    side: Side
    codes: dict[str, str]


def shown(result: Result) -> Shown:
    own = run_differences.side_of(result.run)
    assert own is not None
    others = _others(result)
    notes: list[Note] = []
    figures: dict[str, object] = {}
    for key, other in others.items():
        found = run_differences.difference(other.side, own)
        if found is not None:
            notes.append(_said(found, other, own.report, result.modality.many))
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


def _others(result: Result) -> dict[str, _Other]:
    """What there is to compare with, from scratch first."""
    found: dict[str, _Other] = {}
    scratch = companions.finished(result.run, companions.SCRATCH)
    side = None if scratch is None else run_differences.side_of(scratch)
    if side is not None:
        found["from_scratch"] = _Other(_("From scratch"), side, SCRATCH)
    probe = frozen_probe.known(result.run)
    if probe is not None:
        title = _("Frozen backbone, linear model")
        found["frozen_probe"] = _Other(title, probe, PROBE)
    return found


def _said(found: PairedDifference, other: _Other, report: Report, noun: str) -> Note:
    score = registry.objective(report.objective).primary
    first, second = score.texts(found.first, found.second, report.unit)
    values: dict[str, Any] = {
        "title": within(run_differences.figure_title(report.objective, found.figure)),
        "other": first,
        "own": second,
        "n": found.shared,
        "noun": noun,
    }
    code = other.codes[found.verdict]
    if found.verdict == "better":
        return Note(code, values, "good")
    if found.verdict == "worse":
        return Note(code, values, "warning")
    if found.found.needed is None:
        return Note(code, values)
    more = run_differences.rounded_up(found.found.needed)
    return Note(MORE[code], {**values, "more": more})


def _table(report: Report, others: dict[str, _Other]) -> Table:
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
    if figure == run_differences.BALANCED:
        tested = sum(row.support > 0 for row in report.per_class.values())
        constant = 1 / max(1, tested)
    if figure == "accuracy":
        rows += [(_(each.title), score.text(each.accuracy), "") for each in report.baselines]
    if constant is not None:
        name = _("Mean baseline") if figure == "mean_absolute_error" else _("Majority baseline")
        rows.append((name, score.text(constant, report.unit), ""))
    title = run_differences.figure_title(report.objective, figure)
    return Table(
        title=title,
        columns=(_("Model"), title, _("95 % interval")),
        rows=tuple(rows),
        figures=frozenset({1, 2}),
    )


def _figure(report: Report, figure: str) -> tuple[str, str]:
    score = registry.objective(report.objective).primary
    if figure == run_differences.BALANCED:
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
