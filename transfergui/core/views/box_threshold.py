"""What is found, and at the cost of how many false alarms, at every threshold of the confidence."""

from __future__ import annotations

import numpy as np

from transfergui.core.base.figure_texts import hundredths, percent
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.base.progress import Tell
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation.kinds import Chart, Line, Shown, Sweep, Table
from transfergui.core.figures import box_answers, box_counts, detection
from transfergui.core.figures.detection import Curve, Matches
from transfergui.core.views.result import Result
from transfergui.core.views.view import View

CLASSES = 4
"""Up to so many classes have a line of their own."""
POINTS = 300
"""Of a line."""
LISTED = tuple(tenth / 10 for tenth in range(1, 10))
"""Thresholds in the table."""


def obstacle(result: Result) -> str:
    """As :attr:`transfergui.core.views.view.View.obstacle`."""
    if result.split.targets.objective != BOXES:
        return "boxes.other_runs"
    if not result.rows:
        return "boxes.no_rows"
    return "" if result.report.boxes else "boxes.no_objects"


def matches_of(result: Result) -> Matches:
    """The predictions of the report beside the truth."""
    return box_answers.matched_rows(result.rows, result.report.classes)


def compute(result: Result, tell: Tell) -> Shown:
    """The curve, a slider along it, and a table."""
    found = matches_of(result)
    least = box_answers.threshold(result.report.fitted)
    steps = np.unique([*(step / 100 for step in range(1, 100)), least])
    chosen, known = int(np.searchsorted(steps, least)), _Steps(found, steps)
    sweep = Sweep(
        chart=_chart(found, result.report.classes),
        name=_("Confidence threshold"),
        thresholds=steps.tolist(),
        x=known.recall.tolist(),
        y=known.precision.tolist(),
        said=known.sentence,
        chosen=chosen,
        table=_ByClass(found, steps, result.report.classes).table,
    )
    notes = (Note("boxes.threshold", known.values(chosen)), Note("boxes.trade"))
    return Shown(notes, (sweep, _table(known)), {"threshold": least})


class _Steps:
    """What is found at each of ``thresholds`` [M]."""

    def __init__(self, found: Matches, thresholds: np.ndarray) -> None:
        scores, hits = found.said.score, found.hits  # falling
        shown = np.searchsorted(-scores, -thresholds, side="right")
        self.thresholds, self.shown = thresholds, shown
        self.right = np.concatenate([[0], np.cumsum(hits)])[shown]
        self.boxes = len(found.truth.score)
        self.recall = self.right / max(1, self.boxes)
        self.precision = np.where(shown > 0, self.right / np.maximum(1, shown), np.nan)

    def values(self, at: int) -> dict[str, object]:
        """For a sentence."""
        right, shown = int(self.right[at]), int(self.shown[at])
        return {
            "percent": hundredths(float(self.thresholds[at])),
            "found": right,
            "boxes": self.boxes,
            "share": hundredths(right / max(1, self.boxes)),
            "missed": self.boxes - right,
            "wrong": shown - right,
            "shown": shown,
        }

    def sentence(self, at: int) -> str:
        """What comes of one threshold."""
        text = _(
            "Found {found} of {boxes} ({share} %), missed {missed}. False alarms: {wrong} of "
            "{shown} boxes."
        )
        return text.format(**self.values(at))


class _ByClass:
    """What is found of each class at each of ``thresholds`` [M]."""

    def __init__(self, found: Matches, thresholds: np.ndarray, names: tuple[str, ...]) -> None:
        self._found, self._thresholds, self._names = found, thresholds, names

    def table(self, at: int) -> Table:
        """At one threshold."""
        least = float(self._thresholds[at])
        counts = detection.at_threshold(self._found, least)
        off = box_counts.counted(self._found, least).errors
        columns = (
            *(_("Class"), _("Found"), _("Missed"), _("False alarms"), _("Recall")),
            *(_("Precision"), _("Count off by")),
        )
        rows = []
        for place, name in enumerate(self._names):
            found, missed, wrong = (int(each[place]) for each in counts)
            recall = found / (found + missed) if found + missed else None
            precision = found / (found + wrong) if found + wrong else None
            shares = percent(recall, 0), percent(precision, 0)
            figures = map(str, (found, missed, wrong))
            rows.append((shown(name), *figures, *shares, f"{off[place]:.1f}"))
        title = _("Classes at a threshold of {percent}").format(percent=percent(least, 0))
        return Table(title, columns, tuple(rows), frozenset(range(1, 7)))


def _chart(found: Matches, names: tuple[str, ...]) -> Chart:
    lines = [_line(_("All classes") if len(names) > 1 else shown(names[0]), detection.curve(found))]
    if 1 < len(names) <= CLASSES:
        for place, name in enumerate(names):
            own = detection.curve(found, place)
            if own.boxes and len(own.found):
                lines.append(_line(shown(name), own))
    return Chart(
        title=_("Precision and recall at every threshold"),
        x_title=_("Recall: objects found"),
        y_title=_("Precision: correct boxes"),
        lines=tuple(lines),
        x_percent=True,
        y_percent=True,
        y_range=(0.0, 1.0),
        x_range=(0.0, 1.0),
    )


def _line(name: str, known: Curve) -> Line:
    """A curve of as many points as can be seen."""
    at = np.unique(np.linspace(0, max(0, len(known.found) - 1), POINTS).astype(int))
    at = at[: len(known.found)]
    return Line(name, known.recall[at].tolist(), known.precision[at].tolist())


def _table(known: _Steps) -> Table:
    columns = _("Threshold"), _("Found"), _("Missed"), _("False alarms"), _("Precision")
    rows = []
    for at, threshold in enumerate(known.thresholds.tolist()):
        if min(abs(threshold - each) for each in LISTED) < 1e-9:
            right, all_shown = int(known.right[at]), int(known.shown[at])
            precision = right / all_shown if all_shown else None
            figures = (right, known.boxes - right, all_shown - right)
            rows.append((percent(threshold, 0), *map(str, figures), percent(precision, 0)))
    title = _("What other thresholds give")
    return Table(title, columns, tuple(rows), frozenset({1, 2, 3, 4}))


VIEW = View(
    key="box_threshold",
    title=N_("Confidence threshold"),
    summary=N_(
        "Shows how many objects are found and how many false alarms there are at every confidence."
    ),
    obstacle=obstacle,
    compute=compute,
    quick=True,
    unlisted="boxes.other_runs",
)
