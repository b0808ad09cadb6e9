"""The boxes of test pictures as they are drawn: the true ones, and what the model found."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import boxes_of, parsed_boxes
from transfergui.core.data.split import Split
from transfergui.core.figures import box_answers, detection
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.detection import Boxes, Matches
from transfergui.core.figures.metrics import Report
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.core.runs.events import Example

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.interfaces.objective import Found


def of_rows(rows: Sequence[PredictionRow], report: Report) -> dict[str, tuple[MarkedBox, ...]]:
    """By the path of each picture: true boxes, and those that are shown of the answers.

    Raises:
        UserError: ``run.damaged``.
    """
    found = box_answers.matched_rows(rows, report.classes)
    least = box_answers.threshold(report.fitted)
    paths = [row.path for row in rows]
    return of_matches(found, least, report.classes, paths)


def of_matches(
    found: Matches, threshold: float, names: Sequence[str], paths: Sequence[str]
) -> dict[str, tuple[MarkedBox, ...]]:
    """The same of boxes that are matched already; ``paths`` [P] of the pictures."""
    there, hits = detection.is_found(found, threshold), found.hits
    known = defaultdict[str, list[MarkedBox]](list)
    for row, picture in enumerate(found.truth.picture.tolist()):
        known[paths[picture]].append(true_mark(found.truth, row, names, not there[row]))
    for row, picture in enumerate(found.said.picture.tolist()):
        if found.said.score[row] >= threshold:
            known[paths[picture]].append(said_mark(found.said, row, names, not hits[row]))
    return {path: tuple(marks) for path, marks in known.items()}


def of_examples(examples: Sequence[Example], split: Split) -> dict[str, tuple[MarkedBox, ...]]:
    """The same of validation pictures that are shown while a model learns.

    Raises:
        ValueError: what it says of one is damaged.
    """
    names, labels = split.targets.names, {each.path: each.label for each in split.val}
    known = [each for each in examples if each.path in labels]
    place = {name: at for at, name in enumerate(names)}
    truth = [list(boxes_of(split.targets.values[labels[each.path]])) for each in known]
    said = [
        [(place[box.name], *box[2:], box.score) for box in box_answers.parsed_scored(each.said)]
        for each in known
    ]
    pairs = detection.boxes(truth), detection.boxes(said)
    found = detection.match(*pairs, len(known), len(names))
    return of_matches(found, 0.0, names, [each.path for each in known])


def of_answers(answers: np.ndarray, found: Found) -> tuple[MarkedBox, ...]:
    """The boxes that are shown of one picture's answers [K * 6]."""
    boxes, least = box_answers.said_boxes(answers[None]), box_answers.threshold(found.fitted)
    rows = (row for row, score in enumerate(boxes.score) if score >= least)
    return tuple(said_mark(boxes, row, found.targets.names, wrong=False) for row in rows)


def of_label(text: str, names: Sequence[str]) -> tuple[MarkedBox, ...]:
    """The boxes that a person drew, or confirmed, in a picture.

    Args:
        text: as a class of the data is written.
        names: of the model's classes; one that it has not is drawn as the next one.

    Raises:
        ValueError: it is none.
    """
    places = {name: place for place, name in enumerate(names)}
    return tuple(
        MarkedBox(box.name, *box[1:], place=places.get(box.name, len(names)))
        for box in parsed_boxes(text)
    )


def true_mark(boxes: Boxes, row: int, names: Sequence[str], wrong: bool) -> MarkedBox:
    """A true box; ``wrong`` where it is missed."""
    left, top, right, bottom = boxes.corners[row].tolist()
    place = int(boxes.name[row])
    return MarkedBox(names[place], left, top, right, bottom, place=place, wrong=wrong)


def said_mark(boxes: Boxes, row: int, names: Sequence[str], wrong: bool) -> MarkedBox:
    """A box of an answer; ``wrong`` where it is a false alarm."""
    left, top, right, bottom = boxes.corners[row].tolist()
    place, score = int(boxes.name[row]), float(boxes.score[row])
    return MarkedBox(names[place], left, top, right, bottom, place, score, True, wrong)


# -- in words


def summary(text: str) -> str:
    """A combination of boxes in a few words: ``12 red cell, 1 platelet``.

    Raises:
        ValueError: it is none.
    """
    counts = Counter(box.name for box in parsed_boxes(text))
    return comma_list([f"{count} {shown(name)}" for name, count in counts.most_common()]) or _(
        "no boxes"
    )


def caption(marks: Sequence[MarkedBox]) -> str:
    """Two lines: what is missed in a picture, and what is too much."""
    missed, alarms = _wrong(marks)
    lines = (
        _("Missed: {count}").format(count=missed),
        _("False alarms: {count}").format(count=alarms),
    )
    return "\n".join(lines)


def sentence(marks: Sequence[MarkedBox]) -> str:
    """The same as a sentence, with how many there are."""
    missed, alarms = _wrong(marks)
    boxes = sum(not mark.predicted for mark in marks)
    text = _("Found {found} of {boxes}; false alarms: {count}.")
    return text.format(found=boxes - missed, boxes=boxes, count=alarms)


def _wrong(marks: Sequence[MarkedBox]) -> tuple[int, int]:
    alarms = sum(mark.wrong and mark.predicted for mark in marks)
    return sum(mark.wrong for mark in marks) - alarms, alarms
