"""What a model that finds boxes answers: as numbers, as a text that is kept, and as what is shown.

A model answers K boxes for each picture, six numbers each: class, score, left, top, right, bottom;
a score of 0 is no box. Kept are all of them, as ``red cell 0.93 0.1 0.25 0.31 0.4; ...`` behind how
many of each class are shown, so that other thresholds can be tried later.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import DECIMALS, NUMBERS, NamedBox, boxes_text, parsed_boxes
from transfergui.core.data.combination import LABELS_APART, NONE_OF_THEM
from transfergui.core.figures import detection
from transfergui.core.figures.detection import DEFAULT_THRESHOLD, Boxes, Matches

if TYPE_CHECKING:
    from transfergui.core.data.targets import Targets
    from transfergui.core.figures.answer_rows import PredictionRow

ANSWER = 6
"""Numbers of one box in the answers."""
SCORE_DECIMALS = 6
COLUMN = "boxes"
"""Of a table of predictions: all boxes with their scores."""
TABLE_COLUMNS = ("boxes_pixels", "threshold")
"""Of a table of predictions for people: the boxes that are shown, in pixels of the upright picture,
and from which confidence on boxes are shown. The ``predict.py`` of a package has the same."""
PIXEL_DECIMALS = 2
FILE, TOLD = "predictions.csv", 60
"""Where rows are kept, and how many letters of a damaged one are told."""
COUNTS_APART = ", "
COUNTED_CLASSES = 100
"""Up to so many classes, each has a column with how many are shown."""


class ScoredBox(NamedTuple):
    """One box of an answer.

    Attributes:
        name: of its class.
        score: in (0, 1].
        left, top, right, bottom: shares of the picture's width and height.
    """

    name: str
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def place(self) -> NamedBox:
        return NamedBox(self.name, *self[2:])


# -- of one picture


def scored_boxes(answers: np.ndarray, names: Sequence[str]) -> tuple[ScoredBox, ...]:
    """The boxes of one picture's answers [K * 6], rounded as they are kept."""
    found = []
    for name, score, *place in np.asarray(answers, dtype=np.float64).reshape(-1, ANSWER).tolist():
        if (score := round(score, SCORE_DECIMALS)) > 0:
            corners = (min(1.0, max(0.0, round(value, DECIMALS))) for value in place)
            found.append(ScoredBox(names[int(name)], score, *corners))
    return tuple(found)


def scored_text(boxes: Iterable[ScoredBox]) -> str:
    """Boxes as a text, the largest score first."""
    ordered = sorted(boxes, key=lambda box: -box.score)
    return LABELS_APART.join(map(_text, ordered)) or NONE_OF_THEM


def _text(box: ScoredBox) -> str:
    figures = (f"{box.score:.{SCORE_DECIMALS}f}", *(f"{value:.{DECIMALS}f}" for value in box[2:]))
    return " ".join((box.name, *(f.rstrip("0").rstrip(".") for f in figures)))


def shown_or_corrected(
    answers: np.ndarray | None,
    names: Sequence[str],
    fitted: Sequence[float] = (),
    corrected: str | None = None,
) -> tuple[ScoredBox, ...]:
    """The boxes that are shown of one picture's answers [K * 6].

    Args:
        fitted: as of :func:`fit`.
        corrected: boxes that a person drew or confirmed instead; they have a score of 1.
    """
    if corrected is not None:
        return tuple(ScoredBox(box.name, 1.0, *box[1:]) for box in parsed_boxes(corrected))
    if answers is None:
        return ()
    least = threshold(fitted)
    boxes = scored_boxes(answers, names)
    return tuple(box for box in boxes if box.score >= least)


def pixel_text(
    answers: np.ndarray, names: Sequence[str], least: float, size: tuple[int, int]
) -> str:
    """The boxes of one picture's answers [K * 6] with at least this score, the largest first, with
    their sides in pixels.

    Args:
        size: width and height of the upright picture.
    """
    rows = np.asarray(answers, dtype=np.float64).reshape(-1, ANSWER)
    shown = [(round(row[1], SCORE_DECIMALS), row) for row in rows]
    found = [(score, row) for score, row in shown if score > 0 and score >= least]
    texts = []
    for score, row in sorted(found, key=lambda pair: -pair[0]):
        sides = (row[2:].clip(0, 1) * (*size, *size)).round(PIXEL_DECIMALS).tolist()
        texts.append(" ".join((names[int(row[0])], *(f"{value:g}" for value in (score, *sides)))))
    return LABELS_APART.join(texts) or NONE_OF_THEM


def parsed_scored(text: str) -> tuple[ScoredBox, ...]:
    """The boxes of such a text.

    Raises:
        ValueError: it is none.
    """
    if text.strip() in ("", NONE_OF_THEM):
        return ()
    return tuple(map(_parsed, text.split(LABELS_APART)))


def _parsed(text: str) -> ScoredBox:
    name, *figures = text.strip().rsplit(" ", 5)
    if len(figures) != 5:
        raise ValueError(text)
    return ScoredBox(name, *map(float, figures))


def told(
    answers: np.ndarray, names: Sequence[str], fitted: Sequence[float] = ()
) -> tuple[str, float | None]:
    """What is shown of one picture's answers [K * 6], for people: how many of each class, as
    ``1 ball, 2 tent``, in the order of the classes; and the least score of these boxes, None
    without any. The ``predict.py`` of a package tells the same."""
    boxes = shown_or_corrected(answers, names, fitted)
    return counts_text(boxes, names), min((box.score for box in boxes), default=None)


def counts_text(boxes: Iterable[ScoredBox], names: Sequence[str]) -> str:
    """``1 ball, 2 tent``, in the order of ``names``."""
    counts = Counter(box.name for box in boxes)
    known = dict.fromkeys((*names, *counts))
    found = [f"{counts[name]} {name}" for name in known if counts[name]]
    return COUNTS_APART.join(found) or NONE_OF_THEM


def corrected_counts(text: str, names: Sequence[str]) -> str:
    """The same of boxes that a person drew or confirmed, as a text."""
    return counts_text(shown_or_corrected(None, names, corrected=text), names)


def threshold(fitted: Sequence[float]) -> float:
    """From which score on boxes are shown; :data:`.detection.DEFAULT_THRESHOLD` where none was
    chosen."""
    return fitted[0] if fitted else DEFAULT_THRESHOLD


def shown_text(boxes: Iterable[ScoredBox], least: float) -> str:
    """The combination of the boxes with at least this score."""
    return boxes_text(box.place for box in boxes if box.score >= least)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """What cannot be read in rows of predictions is told as of a damaged file."""
    try:
        yield
    except ValueError as error:
        reason = _("“{text}” is not a list of boxes").format(text=shown(str(error))[:TOLD])
        raise UserError("run.damaged", path=FILE, reason=reason) from None


# -- as an objective asks for them


def said_texts(
    answers: np.ndarray, names: Sequence[str], fitted: Sequence[float] = ()
) -> list[str]:
    """What is shown of answers [N, K * 6], as combinations.

    Args:
        fitted: as of :func:`fit`.
    """
    least = threshold(fitted)
    return [shown_text(scored_boxes(row, names), least) for row in answers]


def columns(names: Sequence[str]) -> tuple[str, ...]:
    """The boxes with their scores, then how many of each class are shown."""
    return (COLUMN, *names) if len(names) <= COUNTED_CLASSES else (COLUMN,)


def cells(
    answers: np.ndarray, names: Sequence[str], fitted: Sequence[float] = (), shown: bool = False
) -> tuple[float | str, ...]:
    """The cells of one picture for :func:`columns`, of its answers [K * 6].

    Args:
        shown: only boxes that are shown are listed, too.
    """
    boxes, least = scored_boxes(answers, names), threshold(fitted)
    above = [box for box in boxes if box.score >= least]
    counts = Counter(box.name for box in above)
    return (
        scored_text(above if shown else boxes),
        *(float(counts[name]) for name in columns(names)[1:]),
    )


def row_boxes(row: PredictionRow) -> tuple[ScoredBox, ...]:
    """The boxes of a row of predictions; only those that are shown where no others were kept."""
    if row.cells and isinstance(row.cells[0], str):
        return parsed_scored(row.cells[0])
    return tuple(ScoredBox(box.name, 1.0, *box[1:]) for box in parsed_boxes(row.label))


def row_error(row: PredictionRow) -> float:
    """How many boxes of a row are missed or false alarms.

    Raises:
        UserError: ``run.damaged``.
    """
    with _readable():
        truth, said = parsed_boxes(row.truth), parsed_boxes(row.label)
        scores = {box.place: box.score for box in row_boxes(row)}
    names = {name: at for at, name in enumerate({box.name for box in (*truth, *said)})}
    own = [(names[box.name], *box[1:], scores.get(box, 1.0)) for box in said]
    wanted = [(names[box.name], *box[1:]) for box in truth]
    found = detection.match(detection.boxes([wanted]), detection.boxes([own]), 1, len(names))
    counts = detection.at_threshold(found, 0.0)
    return float(counts.missed.sum() + counts.false_alarms.sum())


# -- of many pictures


def matched(answers: np.ndarray, labels: Sequence[int], targets: Targets) -> Matches:
    """Answers [N, K * 6] beside the truth of pictures with ``labels`` [N]."""
    rows = [np.reshape(targets.values[label], (-1, NUMBERS)).tolist() for label in labels]
    said = said_boxes(answers)
    return detection.match(detection.boxes(rows), said, len(rows), len(targets.names))


def matched_rows(rows: Sequence[PredictionRow], names: Sequence[str]) -> Matches:
    """The same of rows of predictions; what has another name is left out.

    Raises:
        UserError: ``run.damaged``.
    """
    place = {name: at for at, name in enumerate(names)}
    with _readable():
        truth = [
            [(place[box.name], *box[1:]) for box in parsed_boxes(row.truth) if box.name in place]
            for row in rows
        ]
        said = [
            [(place[b.name], *b[2:], b.score) for b in row_boxes(row) if b.name in place]
            for row in rows
        ]
    boxes = detection.boxes(truth), detection.boxes(said)
    return detection.match(*boxes, len(rows), len(names))


def said_boxes(answers: np.ndarray) -> Boxes:
    """Answers [N, K * 6] as boxes, rounded as they are kept."""
    table = np.asarray(answers, dtype=np.float64).reshape(len(answers), -1, ANSWER)
    score = table[:, :, 1].round(SCORE_DECIMALS)
    picture, place = np.nonzero(score > 0)
    rows = table[picture, place]
    corners = rows[:, 2:].round(DECIMALS).clip(0, 1)
    return Boxes(picture, rows[:, 0].astype(np.int64), corners, score[picture, place])


def fit(answers: np.ndarray, labels: Sequence[int], targets: Targets) -> tuple[float, ...]:
    """The threshold of the score with the best F1 of all boxes together; none without true boxes,
    by which alone it could be chosen."""
    found = matched(answers, labels, targets)
    return (detection.best_threshold(found),) if len(found.truth.score) else ()
