"""What is seen of a detector: its threshold, its errors, the sizes of objects."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.base.progress import untold
from transfergui.core.data.dataset import Sample
from transfergui.core.data.targets import BOXES, Targets, of_boxes
from transfergui.core.evaluation import crops
from transfergui.core.evaluation.kinds import Gallery, Sweep, Table
from transfergui.core.evaluation.report_page import Extras, ShownView, _section
from transfergui.core.figures import box_answers, box_report
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.interfaces.samples import MarkedBox, Preview
from transfergui.core.views import box_counts, box_errors, box_labels, box_sizes, box_threshold
from transfergui.core.views.result import Result

CLASSES = (
    "a 0.1 0.1 0.3 0.3; b 0.5 0.5 0.9 0.9",
    "(none)",
    "a 0.2 0.2 0.22 0.22",
)
ANSWERS = (
    [(0, 0.9, 0.1, 0.1, 0.3, 0.3), (0, 0.8, 0.5, 0.5, 0.9, 0.9), (1, 0.3, 0.5, 0.5, 0.9, 0.9)],
    [(1, 0.7, 0.4, 0.4, 0.6, 0.6), (0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)],
    [(0, 0, 0, 0, 0, 0)] * 3,
)
FITTED = (0.5,)


@pytest.fixture
def result() -> Result:
    """One of three objects found; false alarms on an object of another class, and on none."""
    targets, answers = of_boxes(CLASSES, ("a", "b")), np.array(ANSWERS).reshape(3, -1)
    said = box_answers.said_texts(answers, targets.names, FITTED)
    rows = [
        PredictionRow(f"{at}.png", truth, text, None, box_answers.cells(row, targets.names, FITTED))
        for at, (truth, text, row) in enumerate(zip(CLASSES, said, answers, strict=True))
    ]
    measured = box_report.measure(
        BOXES, answers, [0, 1, 2], targets, FITTED, [1, 1, 1], {"fitted": FITTED}
    )
    parts = SimpleNamespace(
        rows=rows,
        report=measured,
        split=SimpleNamespace(targets=targets, root=""),
        modality=registry.modality("image"),
    )
    return cast("Result", parts)


def test_other_runs_are_not_offered_what_is_about_boxes(result: Result) -> None:
    for view in (box_threshold.VIEW, box_errors.VIEW, box_sizes.VIEW):
        assert view.obstacle(result) == ""
        other = SimpleNamespace(split=SimpleNamespace(targets=Targets()))
        assert view.obstacle(cast("Result", other)) == view.unlisted


def test_a_threshold_finds_and_raises_false_alarms(result: Result) -> None:
    shown = box_threshold.compute(result, untold)
    sweep, table = shown.parts
    assert isinstance(sweep, Sweep)
    assert isinstance(table, Table)
    assert sweep.thresholds[sweep.chosen] == FITTED[0]
    assert sweep.x[sweep.chosen] == pytest.approx(1 / 3)
    assert sweep.y[sweep.chosen] == pytest.approx(1 / 3)
    low, high = sweep.said(0), sweep.said(len(sweep.thresholds) - 1)
    assert "2 of 3" in low
    assert "0 of 3" in high
    assert math.isnan(sweep.y[-1])  # nothing is shown, so no share of it is right
    assert sweep.still.lines[-1].points
    assert shown.notes[0].values["missed"] == 2
    (row,) = (row for row in table.rows if row[0].startswith("50"))
    assert row[1:4] == ("1", "2", "2")
    assert sweep.table is not None
    assert [each[:4] for each in sweep.table(0).rows] == [
        ("a", "1", "1", "1"),
        ("b", "1", "0", "1"),
    ]
    assert sweep.table(len(sweep.thresholds) - 1).rows[0][:4] == ("a", "0", "2", "0")


def test_errors_are_cut_out_of_their_pictures(result: Result) -> None:
    shown = box_errors.compute(result, untold)
    alarms, missed = (part for part in shown.parts if isinstance(part, Gallery))
    assert [item.path for item in alarms.items] == ["0.png", "1.png"]
    assert [item.path for item in missed.items] == ["2.png", "0.png"]
    assert "“a”" in missed.items[1].caption  # it was found as this
    first = alarms.items[0]
    assert [(box.name, box.predicted, box.wrong) for box in first.marked] == [
        ("a", True, True),
        ("b", False, False),
    ]
    assert len(first.boxes) == 4  # two true ones, two answers
    assert shown.figures["false_alarms"] == {"class": 1, "nothing": 1}


def test_a_part_of_a_picture_has_its_boxes(result: Result) -> None:
    data = np.zeros((100, 200, 3), dtype=np.uint8)
    seen = list[bool]()

    def decode(large: bool) -> Preview:
        seen.append(large)
        return Preview("picture", data)

    alarms = box_errors.compute(result, untold).parts[0]
    assert isinstance(alarms, Gallery)
    found = crops.look(alarms.items[1], decode)  # 0.4 to 0.6
    assert seen == [True]
    assert found.data.shape == (44, 88, 3)
    (box,) = found.boxes
    assert box.left == pytest.approx(0.6 / 2.2)
    corner = crops.around(MarkedBox("a", 0.99, 0, 1, 0.01))
    assert corner == pytest.approx((1 - crops.LEAST, 0, 1, crops.LEAST))


def test_a_page_draws_them_all(result: Result) -> None:
    data = np.full((100, 200, 3), 128, dtype=np.uint8)
    extras = Extras(look=lambda _path: Preview("picture", data))
    kinds = set[str]()
    for view in (box_threshold, box_errors, box_counts, box_sizes):
        section = _section(ShownView("", "", view.compute(result, untold)), extras)
        kinds |= {part.kind for part in section["parts"]}
    assert kinds == {"chart", "table", "gallery"}


def test_counts_are_told_with_the_worst_pictures(result: Result) -> None:
    shown = box_counts.compute(result, untold)
    assert [note.code for note in shown.notes] == ["boxes.counts", "boxes.counts_even"]
    assert all(note.sentence() for note in shown.notes)
    _chart, classes, pictures = shown.parts
    assert isinstance(classes, Table)
    assert [row[:4] for row in classes.rows] == [
        ("a", "2", "2", "0.7"),
        ("b", "1", "1", "0.7"),
        ("All classes", "3", "3", "0.7"),
    ]
    assert isinstance(pictures, Table)
    assert pictures.rows[0] == ("0.png", "1 a, 1 b", "2 a", "2")


def test_labels_that_look_wrong_are_listed(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = tuple(Sample(f"{at}.png", at) for at in range(3))
    answers = np.array(ANSWERS).reshape(3, -1)
    monkeypatch.setattr(box_labels, "answers_of", lambda *_what: (samples, answers))
    parts = cast("SimpleNamespace", result)
    parts.part, parts.model, parts.root = lambda name: samples, None, Path()
    parts.found = SimpleNamespace(fitted=FITTED)
    parts.split.targets = of_boxes(CLASSES, ("a", "b"))
    shown = box_labels.compute(result, untold)
    galleries = [part for part in shown.parts if isinstance(part, Gallery)]
    assert [[item.path for item in part.items] for part in galleries] == [
        ["1.png"],
        ["0.png"],
        ["2.png"],
    ]
    assert shown.figures == {"unlabelled": 1, "other_class": 1, "not_found": 1}
    assert all(note.sentence() for note in shown.notes)


def test_sizes_are_told_with_what_is_found(result: Result) -> None:
    shown = box_sizes.compute(result, untold)
    assert [note.code for note in shown.notes] == ["boxes.sizes_alike"]
    assert "points" in shown.notes[0].sentence()
    table = shown.parts[1]
    assert isinstance(table, Table)
    assert [row[1].split()[0] for row in table.rows] == ["0", "1", "0"]
