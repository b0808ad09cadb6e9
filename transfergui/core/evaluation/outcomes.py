"""What single test samples bring to the figure of a run: to compare runs sample by sample, and for
the intervals of samples in groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    parsed_answers,
    parsed_labels,
    parsed_number,
)
from transfergui.core.evaluation.figure_words import balanced_first
from transfergui.core.figures import box_answers, detection, grouped, metrics
from transfergui.core.figures.detection import Matches, of_pictures
from transfergui.core.figures.grouped import Groups
from transfergui.core.figures.intervals import Interval, Range

if TYPE_CHECKING:
    from transfergui.core.data.split import Split
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Report

Key = tuple[str, str]
"""The path of a sample and what it is."""


@dataclass(frozen=True)
class Outcomes:
    """Of the test samples of one run.

    Attributes:
        objective: its key.
        keys: of each sample [N].
        values: float64 [N], 1 of a right answer, the absolute error of a number, the share of
            right answers to several questions; of which the figure is the mean. None of several
            labels.
        truth, scores: of several labels: bool and float64 [N, L].
        boxes: of boxes: which were found.
    """

    objective: str
    keys: tuple[Key, ...]
    values: np.ndarray | None = None
    truth: np.ndarray | None = None
    scores: np.ndarray | None = None
    boxes: Matches | None = None

    def at(self, rows: Sequence[int]) -> Outcomes:
        """Of some of the samples."""

        def taken(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[list(rows)]

        keys = tuple(self.keys[row] for row in rows)
        values, truth, scores = map(taken, (self.values, self.truth, self.scores))
        boxes = None if self.boxes is None else of_pictures(self.boxes, rows)
        return Outcomes(self.objective, keys, values, truth, scores, boxes)


def outcomes(report: Report, rows: Sequence[PredictionRow]) -> Outcomes | None:
    """Of a report and its predictions; None where too little was kept of them."""
    keys = tuple((row.path, row.truth) for row in rows)
    if not rows:
        return None
    if report.objective == ONE_CLASS:
        return Outcomes(ONE_CLASS, keys, np.array([row.right for row in rows], dtype=np.float64))
    if report.objective == NUMBER:
        errors = [abs(float(row.cells[0]) - parsed_number(row.truth)) for row in rows]
        return Outcomes(NUMBER, keys, np.array(errors))
    if report.questions:
        return _of_questions(report, rows, keys)
    if report.objective == BOXES:
        return Outcomes(BOXES, keys, boxes=box_answers.matched_rows(rows, report.classes))
    return _of_labels(report, rows, keys)


def _of_labels(
    report: Report, rows: Sequence[PredictionRow], keys: tuple[Key, ...]
) -> Outcomes | None:
    """Of each sample, which labels it has, and how likely each is."""
    if not all(len(row.cells) == len(report.per_label) for row in rows):
        return None
    names = {name: place for place, name in enumerate(report.per_label)}
    truth = np.zeros((len(rows), len(names)), dtype=bool)
    for row, each in enumerate(rows):
        truth[row, [names[name] for name in parsed_labels(each.truth) if name in names]] = True
    scores = np.array([[float(cell) for cell in row.cells] for row in rows])
    return Outcomes(report.objective, keys, truth=truth, scores=scores)


def _of_questions(
    report: Report, rows: Sequence[PredictionRow], keys: tuple[Key, ...]
) -> Outcomes | None:
    """Of each sample, what its answers bring to the mean accuracy over the questions."""
    pairs = [(parsed_answers(row.truth), parsed_answers(row.label)) for row in rows]
    asked = np.array([[answer is not None for answer in truth] for truth, _said in pairs])
    right = np.array([[a == b for a, b in zip(*pair, strict=True)] for pair in pairs]) & asked
    counts = asked.sum(0)
    known = counts > 0
    if not known.any():
        return None
    weights = len(rows) / np.maximum(counts, 1) * known / known.sum()
    return Outcomes(report.objective, keys, (right * weights).sum(1))


def balanced(found: Outcomes) -> Outcomes:
    """With values of which the mean is the balanced accuracy."""
    assert found.values is not None
    names = [truth for _path, truth in found.keys]
    _classes, of, sizes = np.unique(names, return_inverse=True, return_counts=True)
    weight = len(names) / len(sizes) / sizes
    return Outcomes(found.objective, found.keys, found.values * weight[of])


def groups_of(split: Split, keys: Sequence[Key]) -> Groups:
    """The group of each sample where the split keeps groups together; else none."""
    if not split.grouped_by or split.ungrouped is not None:
        return ()
    known = {s.path: s.group for part in (split.test, split.val) for s in part}
    return tuple(known.get(path) or path for path, _truth in keys)


def with_groups(report: Report, rows: Sequence[PredictionRow], split: Split) -> Report:
    """The report with intervals that heed which samples belong together."""
    found = outcomes(report, rows)
    if found is None:
        return report
    groups = groups_of(split, found.keys)
    count = len(set(groups))
    if count < 2 or count == len(found.keys):
        return msgspec.structs.replace(report, tested_groups=count)
    changes: dict[str, object] = {"tested_groups": count}
    ends: Interval | Range | None = None
    if report.objective == ONE_CLASS:
        ends = changes["interval"] = _of_classes(report, found, rows, groups, changes)
    elif report.objective == NUMBER:
        assert found.values is not None
        ends = changes["error_interval"] = grouped.mean_interval(found.values, groups)
    elif found.boxes is not None:
        ends = detection.ap50_intervals(found.boxes, groups)[0]
    elif found.values is not None:
        ends = grouped.share_like_interval(found.values, groups)
    else:
        ends = _interval_of_labels(found, groups)
    primary = report.primary
    if primary is not None and ends is not None:
        better = primary.higher_is_better
        changes["primary"] = metrics.primary(primary.name, primary.value, ends, better)
    return msgspec.structs.replace(report, **changes)


def _of_classes(
    report: Report,
    found: Outcomes,
    rows: Sequence[PredictionRow],
    groups: Groups,
    changes: dict[str, object],
) -> Interval | None:
    """The interval of the accuracy; those of the other figures go into ``changes``."""
    assert found.values is not None
    place: Mapping[str, int] = {name: at for at, name in enumerate(report.classes)}
    truth = np.array([place[row.truth] for row in rows])
    said = np.array([place[row.label] for row in rows])
    right = truth == said
    changes["balanced_interval"] = grouped.balanced_interval(right, truth, groups)
    changes["macro_f1_interval"] = grouped.macro_f1_interval(truth, said, len(place), groups)
    return grouped.share_interval(right, groups)


def _interval_of_labels(found: Outcomes, groups: Groups) -> Interval | None:
    from transfergui.core.figures import multilabel

    assert found.truth is not None
    assert found.scores is not None
    return multilabel.mean_average_precision_interval(found.truth, found.scores, groups=groups)


def first_figure(report: Report) -> str:
    """The figure that stands first: the key of the primary one, or ``balanced_accuracy``."""
    if report.accuracy is not None and balanced_first(report):
        return "balanced_accuracy"
    return report.primary.name if report.primary else "accuracy"
