"""What is kept of answers says the same as the answers themselves."""

from __future__ import annotations

import numpy as np
import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.targets import Targets
from transfergui.core.figures import box_answers, box_report, detection
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report

NAMES = ("red cell", "platelet", "5")
CLASSES = ("(none)", "red cell 0.1 0.1 0.3 0.4", "5 0 0 0.1 0.1; red cell 0.5 0.5 1 1")
VALUES = ((), (0, 0.1, 0.1, 0.3, 0.4), (2, 0, 0, 0.1, 0.1, 0, 0.5, 0.5, 1, 1))
TARGETS = Targets(objective="boxes", names=NAMES, values=VALUES)
LABELS = [0, 1, 2]


def answers() -> np.ndarray:
    """Of three pictures [3, 4 * 6]: a false alarm, a hit that is nearly exact, and one of two."""
    none = [0.0] * 6
    return np.array(
        [
            [[1, 0.7, 0.2, 0.2, 0.4, 0.4], none, none, none],
            [[0, 0.93, 0.1, 0.1, 0.3, 0.41], [0, 0.2, 0.6, 0.6, 1.0000002, 0.9], none, none],
            [[0, 0.45, 0.5, 0.5, 1, 1], [2, 0.1, 0, 0, 0.1, 0.1], none, none],
        ]
    ).reshape(3, -1)


FITTED = (0.4,)
"""The threshold."""


@pytest.fixture
def rows() -> list[PredictionRow]:
    said = box_answers.said_texts(answers(), NAMES, FITTED)
    cells = [box_answers.cells(row, NAMES, FITTED) for row in answers()]
    every = zip(CLASSES, said, cells, strict=True)
    return [PredictionRow("a.png", truth, text, None, kept) for truth, text, kept in every]


def test_what_is_shown_can_be_corrected() -> None:
    said = box_answers.said_texts(answers(), NAMES, FITTED)
    assert said[1] == "red cell 0.1 0.1 0.3 0.41"
    assert [len(parsed_boxes(text)) for text in said] == [1, 1, 1]


def test_all_boxes_are_kept_with_counts_of_those_shown() -> None:
    assert box_answers.columns(NAMES) == ("boxes", *NAMES)
    cells = box_answers.cells(answers()[1], NAMES, FITTED)
    assert cells[0] == "red cell 0.93 0.1 0.1 0.3 0.41; red cell 0.2 0.6 0.6 1 0.9"
    assert cells[1:] == (1, 0, 0)
    assert box_answers.cells(np.zeros(24), NAMES)[0] == "(none)"
    assert box_answers.parsed_scored("(none)") == ()
    with pytest.raises(ValueError, match="red cell 1 2"):
        box_answers.parsed_scored("red cell 1 2")


def test_rows_are_matched_as_answers_are(rows: list[PredictionRow]) -> None:
    kept = box_answers.matched_rows(rows, NAMES)
    direct = box_answers.matched(answers(), LABELS, TARGETS)
    assert kept.taken.tolist() == direct.taken.tolist()
    assert kept.said.corners.tolist() == direct.said.corners.tolist()


def test_errors_are_missed_boxes_and_false_alarms(rows: list[PredictionRow]) -> None:
    assert [box_answers.row_error(row) for row in rows] == [1, 0, 1]


def test_a_damaged_row_is_a_sentence() -> None:
    for row in (
        PredictionRow("a.png", "red cell 1 2", "(none)", None),
        PredictionRow("a.png", "(none)", "(none)", None, ("red cell high 0 0 1 1",)),
    ):
        with pytest.raises(UserError, match="is not a list of boxes"):
            box_answers.matched_rows([row], NAMES)
        with pytest.raises(UserError, match="is not a list of boxes"):
            box_answers.row_error(row)


def test_the_threshold_is_chosen_by_f1() -> None:
    (least,) = box_answers.fit(answers(), LABELS, TARGETS)
    assert least == 0.1  # 3 found and 2 false alarms are better than 2 and 1


@pytest.fixture
def measured() -> Report:
    return box_report.measure("boxes", answers(), LABELS, TARGETS, FITTED, [10, 20, 30], {})


def test_a_report_counts_what_is_shown(measured: Report) -> None:
    assert (measured.found, measured.missed, measured.false_alarms) == (2, 1, 1)
    assert (measured.boxes, measured.pictures) == (3, 3)
    assert measured.per_class["red cell"].recall == 1
    assert measured.per_class["5"].ap50 == 1  # found, though not shown
    assert measured.per_class["platelet"].ap50 is None
    assert measured.per_class["platelet"].false_alarms == 1
    assert measured.ap50 == pytest.approx(1)
    assert measured.primary is not None
    assert measured.primary.name == "ap50"
    assert sum(group.boxes for group in measured.found_by_size) == 3


def test_the_same_boxes_for_all_pictures_are_the_baseline(measured: Report) -> None:
    always = box_report.usual_boxes(TARGETS, [10, 20, 30])
    assert always.name.tolist() == [0, 2, 0]
    assert always.score.tolist() == [30, 30, 20]
    assert measured.baseline_ap50 is not None
    assert 0.3 < measured.baseline_ap50 < 0.9
    assert not len(box_report.usual_boxes(TARGETS, [10, 0, 0]).score)


def test_nothing_to_find_has_no_figure() -> None:
    targets = Targets(objective="boxes", names=NAMES, values=((),))
    empty = box_report.measure("boxes", answers()[:1], [0], targets, FITTED, None, {})
    assert empty.ap50 is None
    assert (empty.found, empty.false_alarms) == (0, 1)
    assert not len(detection.boxes([]).score)


def test_corrected_boxes_are_counted_in_the_order_of_the_classes() -> None:
    text = "ball 0 0 0.5 0.5; new 0 0 0.1 0.1; tent 0.1 0.1 0.9 0.9; ball 0.5 0.5 1 1"
    counted = box_answers.corrected_counts(text, ("tent", "ball"))
    assert counted == "1 tent, 2 ball, 1 new"
    assert box_answers.corrected_counts("(none)", ("tent",)) == "(none)"
