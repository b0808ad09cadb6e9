"""The report of a model that finds boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.data.boxes import NUMBERS
from transfergui.core.figures import box_counts, detection, metrics
from transfergui.core.figures.box_answers import matched, threshold
from transfergui.core.figures.detection import MOST, Boxes, Counts, Matches, overlap
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import Circumstances, ClassFigures, FoundBySize, Report

if TYPE_CHECKING:
    from transfergui.core.data.targets import Targets

CANDIDATES = 400
"""Boxes of a class that may be answered for every picture."""


def measure(
    objective: str,
    answers: np.ndarray,
    labels: Sequence[int],
    targets: Targets,
    fitted: Sequence[float],
    train_counts: Sequence[int] | None,
    circumstances: Circumstances,
) -> Report:
    """Compare answers with the truth.

    Args:
        objective: its key.
        answers: [N, K * 6].
        labels: indices into the classes of the data set [N].
        fitted: as of :func:`.box_answers.fit`.
        train_counts: training samples per class of the data set; None where unknown.
        circumstances: what the report keeps, ``fitted`` too.
    """
    least = threshold(fitted)
    matches = matched(answers, labels, targets)
    precision = detection.average_precision(matches)
    interval, by_class = detection.ap50_intervals(matches)
    value = _known(detection.mean_of_known(precision[0]))
    counts = detection.at_threshold(matches, least)
    off = box_counts.counted(matches, least).errors
    figures = metrics.no_class_figures()
    figures["per_class"] = dict(
        zip(targets.names, _per_class(counts, precision, by_class, off), strict=True)
    )
    return Report(
        objective=objective,
        primary=metrics.primary("ap50", value, interval),
        macro_f1=None,
        n=len(labels),
        classes=targets.names,
        ap50=value,
        ap=_known(detection.mean_of_known(detection.mean_of_known(precision.T))),
        baseline_ap50=None if train_counts is None else _baseline(matches, targets, train_counts),
        found=int(counts.found.sum()),
        missed=int(counts.missed.sum()),
        false_alarms=int(counts.false_alarms.sum()),
        boxes=len(matches.truth.score),
        pictures=len(labels),
        found_by_size=tuple(
            FoundBySize(each.low, each.high, each.found, each.boxes, each.interval)
            for each in detection.by_size(matches, least)
        ),
        count_error=_known(off[-1]),
        **figures,
        **circumstances,
    )


def _known(value: np.ndarray | float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _per_class(
    counts: Counts,
    precision: np.ndarray,
    intervals: Sequence[Interval | None],
    off: np.ndarray,
) -> Iterator[ClassFigures]:
    """A row for each class; precision [T, C], errors of counts [C + 1]."""
    for name, interval in enumerate(intervals):
        found, missed, false = (int(each[name]) for each in counts)
        boxes, said = found + missed, found + false
        yield ClassFigures(
            precision=found / said if said else None,
            recall=found / boxes if boxes else None,
            f1=2 * found / (boxes + said) if boxes else None,
            support=boxes,
            ap50=_known(precision[0, name]),
            ap=_known(precision[:, name].mean()),
            ap50_interval=interval,
            false_alarms=false,
            count_error=_known(off[name]),
        )


# -- the same boxes for every picture


def _baseline(matches: Matches, targets: Targets, train_counts: Sequence[int]) -> float | None:
    """AP50 of answering the same boxes for all pictures: those that most training pictures have."""
    always = usual_boxes(targets, train_counts)
    if not len(always.score) or not matches.pictures:
        return None
    every = np.repeat(np.arange(matches.pictures), len(always.score))
    said = Boxes(every, *(np.concatenate([each] * matches.pictures) for each in always[1:]))
    found = detection.match(matches.truth, said, matches.pictures, matches.names)
    whole = np.ones((1, matches.pictures), dtype=np.int32)
    return _known(detection.ap50(found, whole)[0])


def usual_boxes(targets: Targets, train_counts: Sequence[int]) -> Boxes:
    """Boxes where the things in the training pictures most often are, with the share of the
    pictures that have one there; of one picture.

    Of boxes that overlap, only the commonest is kept; of all classes, the :data:`.MOST` commonest.
    """
    known = _of_training(targets, train_counts)
    rows = [_usual(known.at(known.name == name)) for name in range(len(targets.names))]
    every = [row for found in rows for row in found]
    best = sorted(every, key=lambda row: -row[-1])[:MOST]
    return detection.boxes([best])


def _of_training(targets: Targets, train_counts: Sequence[int]) -> Boxes:
    """The boxes of the training pictures, which ``score`` counts."""
    rows: list[list[list[float]]] = []
    for values, count in zip(targets.values, train_counts, strict=True):
        boxes = np.reshape(values, (-1, NUMBERS)).tolist() if count else []
        rows.append([[*box, count] for box in boxes])
    return detection.boxes(rows)


def _usual(boxes: Boxes) -> Iterator[tuple[float, ...]]:
    """Of one class: class, left, top, right, bottom, score; the commonest first."""
    if len(boxes.score) > CANDIDATES:
        rows = np.random.default_rng(0).choice(len(boxes.score), CANDIDATES, replace=False)
        boxes = boxes.at(np.sort(rows))
    near = overlap(boxes.corners[:, None], boxes.corners[None]) >= detection.OVERLAPS[0]
    worth = near @ boxes.score
    left = np.ones(len(worth), dtype=bool)
    while left.any():
        best = int(np.where(left, worth, -1.0).argmax())
        yield (boxes.name[best], *boxes.corners[best], worth[best])
        left &= ~near[best]
        left[best] = False
