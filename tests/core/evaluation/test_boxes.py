"""What is said of a detector, and of two beside each other."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.data.boxes import NamedBox, boxes_text
from transfergui.core.data.targets import BOXES, Targets, of_boxes
from transfergui.core.evaluation import baseline_words, box_marks, disagreements, outcomes, words
from transfergui.core.evaluation.report_page import render
from transfergui.core.evaluation.run_differences import Side, difference
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.side_figures import tables
from transfergui.core.figures import box_answers, box_report, detection
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Report
from transfergui.core.recipe import Recipe

NAMES, FITTED, PICTURES = ("red cell", "platelet"), (0.5,), 40
Measured = tuple[Report, list[PredictionRow]]


def truth() -> tuple[tuple[str, ...], Targets]:
    """Of each picture a few boxes; a third of them are small."""
    rng = np.random.default_rng(0)
    texts = []
    for _picture in range(PICTURES):
        sides = np.where(np.arange(6) < 2, 0.02, 0.12)
        left, top = rng.random((2, 6)) * 0.8
        names = [NAMES[int(at == 0)] for at in range(6)]
        boxes = zip(names, left, top, left + sides, top + sides, strict=True)
        texts.append(boxes_text(NamedBox(*box) for box in boxes))
    return tuple(texts), of_boxes(texts, NAMES)


def detector(skill: float, seed: int = 0) -> Measured:
    """One that finds large boxes with a chance of ``skill``, and small ones with a fifth of it."""
    classes, targets = truth()
    rng = np.random.default_rng(seed)
    answers = np.zeros((PICTURES, 8, 6))
    for picture, values in enumerate(targets.values):
        for at, (name, *corners) in enumerate(np.reshape(values, (-1, 5)).tolist()):
            large = corners[2] - corners[0] > 0.05
            if rng.random() < skill * (1 if large else 0.2):
                answers[picture, at] = [name, rng.uniform(0.5, 1), *corners]
        answers[picture, 7] = [0, rng.uniform(0.3, 0.7), 0.9, 0.9, 1, 1]
    answers = answers.reshape(PICTURES, -1)
    labels = list(range(PICTURES))
    found = box_report.measure(
        BOXES, answers, labels, targets, FITTED, [1] * PICTURES, {"fitted": FITTED}
    )
    said = box_answers.said_texts(answers, NAMES, FITTED)
    rows = [
        PredictionRow(
            f"{at}.png", classes[at], said[at], None, box_answers.cells(row, NAMES, FITTED)
        )
        for at, row in enumerate(answers)
    ]
    return found, rows


@pytest.fixture(scope="module")
def good() -> Measured:
    return detector(0.95)


@pytest.fixture(scope="module")
def bad() -> Measured:
    return detector(0.5)


def test_the_headline_is_what_was_found(good: Measured) -> None:
    found = good[0]
    first, *others = words.notes(found, registry.modality("image"))
    assert f"{found.found} of {found.boxes}" in first.sentence()
    assert f"{found.false_alarms} false alarms in {PICTURES} pictures" in first.sentence()
    codes = [note.code for note in others]
    assert codes[:2] == ["report.boxes_baseline", "report.boxes_ap50"]
    assert {"report.boxes_small", "report.boxes_threshold"} <= {*codes}
    assert not any("overfitting" in code or "too_sure" in code for code in codes)
    bars = score_bars(found)
    assert bars is not None
    assert [bar.value for bar in bars.bars] == [found.ap50, found.baseline_ap50]


def test_classes_that_are_never_found_are_named(good: Measured) -> None:
    rows = good[0].per_class
    name = next(iter(rows))
    lost = {**rows, name: msgspec.structs.replace(rows[name], recall=0.0)}
    said = words.notes(msgspec.structs.replace(good[0], per_class=lost), registry.modality("image"))
    (note,) = (note for note in said if note.code == "report.boxes_never")
    assert (note.values["names"], note.values["boxes"]) == (name, rows[name].support)
    assert not any(n.code == note.code for n in words.notes(good[0], registry.modality("image")))


def test_a_test_without_objects_counts_false_alarms() -> None:
    targets, answers = of_boxes(["(none)"], NAMES), np.array([[0, 0.9, 0.1, 0.1, 0.2, 0.2]])
    found = box_report.measure(BOXES, answers, [0], targets, FITTED, [1], {"fitted": FITTED})
    first = words.notes(found, registry.modality("image"))[0]
    assert first.sentence() == "There is no object to be found in 1 picture; one false alarm."
    page = render(found, [PredictionRow("a.png", "(none)", "(none)", None)], recipe=Recipe())
    assert first.sentence().rstrip(".") in page
    assert "Accuracy" not in page


@pytest.mark.parametrize(
    ("boxes", "alarms", "pictures", "text"),
    [
        (2, 1, 1, "Found 1 of 2; one false alarm in 1 picture."),
        (2, 0, 1, "Found 1 of 2; 0 false alarms in 1 picture."),
        (2, 3, 4, "Found 1 of 2; 3 false alarms in 4 pictures."),
        (0, 2, 1, "There is no object to be found in 1 picture; 2 false alarms."),
        (0, 0, 3, "There is no object to be found in 3 pictures; 0 false alarms."),
    ],
)
def test_one_of_something_is_told_as_one(
    good: Measured, boxes: int, alarms: int, pictures: int, text: str
) -> None:
    changes = {"found": 1, "boxes": boxes, "false_alarms": alarms, "n": pictures}
    found = msgspec.structs.replace(good[0], **changes)
    assert words.notes(found, registry.modality("image"))[0].sentence() == text


def test_what_could_not_be_chosen_or_measured_is_told() -> None:
    """Without a true box in validation, and with one test picture in which a class lacks."""
    targets = of_boxes(["(none)", "platelet 0.1 0.1 0.2 0.2"], NAMES)
    answers = np.array([[1, 0.9, 0.1, 0.1, 0.2, 0.2]])
    fitted = box_answers.fit(answers, [0], targets)
    assert fitted == ()
    found = box_report.measure(BOXES, answers, [1], targets, fitted, [1, 1], {"fitted": fitted})
    assert found.primary is not None
    assert found.primary.low is None
    notes = words.notes(found, registry.modality("image"))
    said = {note.code: note.sentence() for note in notes}
    assert "50 %" in said["report.boxes_no_threshold"]
    assert "red cell" in said["report.boxes_untested"]
    assert {"report.boxes_ap50_alone", "report.boxes_few_pictures"} <= {*said}
    assert not {"report.boxes_threshold", "report.few", "report.untested"} & {*said}


def test_no_detector_is_no_use() -> None:
    found = baseline_words.no_use(detector(0.0)[0])
    assert found is not None
    assert found.code == "report.boxes_no_better"


def test_a_better_detector_is_better_on_the_same_pictures(good: Measured, bad: Measured) -> None:
    sides = []
    for found, rows in (bad, good):
        known = outcomes.outcomes(found, rows)
        assert known is not None
        sides.append(Side(found, known))
    compared = difference(*sides)
    assert compared is not None
    assert compared.verdict == "better"
    assert compared.first == pytest.approx(bad[0].ap50)
    assert compared.second == pytest.approx(good[0].ap50)
    assert sides[0].found.at([3]).boxes is not None
    assert difference(sides[0], sides[0]).verdict == "unclear"


def test_some_pictures_alone_are_matched_as_before(good: Measured) -> None:
    rows = [good[1][at] for at in (7, 2, 30)]
    whole = box_answers.matched_rows(good[1], NAMES)
    part, own = detection.of_pictures(whole, (7, 2, 30)), box_answers.matched_rows(rows, NAMES)
    every = np.ones((1, 3), dtype=np.int32)
    assert detection.ap50(part, every) == pytest.approx(detection.ap50(own, every))
    assert detection.is_found(part, 0.5).sum() == detection.is_found(own, 0.5).sum()


def test_pictures_on_which_two_detectors_differ(good: Measured, bad: Measured) -> None:
    known = disagreements.between(good[1], bad[1], BOXES)
    counts = known.counts()
    assert known.agree + len(known.examples) == PICTURES
    assert counts["first"] > counts["second"]
    apart = [each.apart for each in known.examples]
    assert apart == sorted(apart, reverse=True)
    titles = [table.title for table in tables(good[0], bad[0], good[1], bad[1])]
    assert titles == ["Figures", "AP50 of each class"]


def test_boxes_are_counted_in_words(good: Measured) -> None:
    assert box_marks.summary(good[1][0].truth) == "5 red cell, 1 platelet"
    assert box_marks.summary("(none)") == "no boxes"
    marks = box_marks.of_rows(good[1], good[0])["0.png"]
    missed = sum(mark.wrong and not mark.predicted for mark in marks)
    assert box_marks.caption(marks).startswith(f"Missed: {missed}\n")
    assert f"Found {6 - missed} of 6" in box_marks.sentence(marks)
