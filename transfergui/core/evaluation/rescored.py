"""The predictions of a run beside labels that were corrected after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from transfergui.core.data.boxes import names_in
from transfergui.core.data.targets import (
    BOXES,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.runs.run import Run


class Rescored(NamedTuple):
    """Predictions with corrected labels.

    Attributes:
        relabelled: the paths of the examples whose label is another one now.
        unknown: how many were left out, as the model does not know what they are now.
    """

    rows: Sequence[PredictionRow] = ()
    relabelled: frozenset[str] = frozenset()
    unknown: int = 0


NOTHING_RESCORED = Rescored()


def rescored(
    run: Run, rows: Sequence[PredictionRow], later: Run, labels: Mapping[str, str], report: Report
) -> Rescored:
    """The predictions of ``run`` on the labels of a later one.

    Classes that were renamed or merged are called in both as in the later one. Other examples than
    those of the later run are left as they are.

    Args:
        rows: what ``run`` predicted.
        labels: what the examples of ``later`` are, by their paths.
        report: of ``run``.

    Raises:
        UserError: ``run.damaged``.
    """
    called = _renamed(run, later) if report.objective == ONE_CLASS else {}
    made, relabelled, unknown = [], set[str](), 0
    for row in rows:
        own = called.get(row.truth, row.truth)
        truth = labels.get(row.path, own)
        if truth != own and not _knows(report, truth, called):
            unknown += 1
            continue
        if truth != own:
            relabelled.add(row.path)
        said = called.get(row.label, row.label)
        made.append(msgspec.structs.replace(row, truth=truth, label=said))
    return Rescored(made, frozenset(relabelled), unknown)


def _renamed(run: Run, later: Run) -> dict[str, str]:
    """What the classes of a run are called in a later one."""
    before, after = run.recipe.data.rename, later.recipe.data.rename
    return {before.get(name, name): after.get(name, name) for name in {*before, *after}}


def _knows(report: Report, truth: str, called: Mapping[str, str]) -> bool:
    """Whether a model could have predicted this."""
    if report.objective == ONE_CLASS:
        return truth in {called.get(name, name) for name in report.classes}
    if report.objective == SEVERAL_LABELS:
        return report.per_label.keys() >= {*parsed_labels(truth)}
    if report.objective == SEVERAL_QUESTIONS:
        return len(parsed_answers(truth)) == len(report.questions)
    if report.objective == BOXES:
        return {*report.classes} >= {*names_in(truth)}
    return True
