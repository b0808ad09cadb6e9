"""Our figures are those of COCO's own program, and intervals hold what they should."""

from __future__ import annotations

import contextlib
import io
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.figures import detection
from transfergui.core.figures.detection import Boxes, Matches

Rows = list[list[list[float]]]
"""Of each picture, of each box: class, left, top, right, bottom; of answers the score."""


def of_coco(truth: Rows, said: Rows, names: int) -> np.ndarray:
    """Average precision [T, C] of pycocotools, NaN of a class without boxes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval

    def entries(rows: Rows) -> list[dict[str, object]]:
        found = [(at, box) for at, picture in enumerate(rows) for box in picture]
        return [
            {
                "id": number + 1,
                "image_id": at + 1,
                "category_id": int(box[0]) + 1,
                "bbox": [box[1], box[2], box[3] - box[1], box[4] - box[2]],
                "area": (box[3] - box[1]) * (box[4] - box[2]),
                "iscrowd": 0,
                "score": box[5] if len(box) > 5 else 1.0,
            }
            for number, (at, box) in enumerate(found)
        ]

    def data(rows: Rows) -> COCO:
        made = COCO()
        made.dataset = {
            "images": [{"id": at + 1} for at in range(len(rows))],
            "categories": [{"id": name + 1} for name in range(names)],
            "annotations": entries(rows),
        }
        made.createIndex()
        return made

    with contextlib.redirect_stdout(io.StringIO()):
        run = COCOeval(data(truth), data(said), "bbox")
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, 2].mean(1)  # [T, C]
    return np.where(precision < 0, np.nan, precision)


def ours(truth: Rows, said: Rows, names: int) -> Matches:
    return detection.match(detection.boxes(truth), detection.boxes(said), len(truth), names)


def random_rows(seed: int, pictures: int = 30, names: int = 3) -> tuple[Rows, Rows]:
    """True boxes, and answers near some of them, twice, of other classes and anywhere."""
    rng = np.random.default_rng(seed)
    truth, said = Rows(), Rows()
    for _picture in range(pictures):
        corners = np.sort(rng.random((rng.integers(0, 9), 2, 2)), axis=1).reshape(-1, 4)
        name = rng.integers(0, names, len(corners))
        truth.append(np.c_[name, corners].tolist())
        near = corners.repeat(2, axis=0) + rng.normal(0, 0.02, (2 * len(corners), 4))
        near = np.concatenate([near, np.sort(rng.random((3, 2, 2)), axis=1).reshape(-1, 4)])
        near[:, 2:] = np.maximum(near[:, 2:], near[:, :2])
        called = np.concatenate([name.repeat(2), rng.integers(0, names, 3)])
        wrong = rng.random(len(called)) < 0.1
        called = np.where(wrong, rng.integers(0, names, len(called)), called)
        scores = rng.random(len(called)).round(1)  # many are equal
        said.append(np.c_[called, near, scores].tolist())
    return truth, said


@pytest.mark.parametrize("seed", range(3))
def test_random_boxes_score_as_with_coco(seed: int) -> None:
    truth, said = random_rows(seed)
    found = detection.average_precision(ours(truth, said, 4))  # of one class there is no box
    np.testing.assert_allclose(found, of_coco(truth, said, 4), atol=1e-6)


corner = st.integers(0, 8)
sides = st.integers(0, 8)
a_box = st.tuples(st.integers(0, 1), corner, corner, sides, sides, st.integers(1, 4))


@given(st.lists(st.tuples(st.lists(a_box, max_size=5), st.lists(a_box, max_size=5)), max_size=4))
def test_made_boxes_score_as_with_coco(pictures: list[tuple[list, list]]) -> None:
    """Boxes on a grid: equal ones, equal scores, overlaps of exactly one half, no area."""

    def rows(boxes: list, scored: bool) -> list[list[float]]:
        return [
            [name, x, y, x + width, y + height, *([score / 4] if scored else [])]
            for name, x, y, width, height, score in boxes
        ]

    truth = [rows(boxes, False) for boxes, _said in pictures]
    said = [rows(boxes, True) for _truth, boxes in pictures]
    found = detection.average_precision(ours(truth, said, 2))
    if not any(truth) or not any(said):  # COCO's program refuses, or has no figure
        assert not np.nansum(found)
        return
    np.testing.assert_allclose(found, of_coco(truth, said, 2), atol=1e-6)


def test_only_a_hundred_answers_of_a_class_count() -> None:
    box = [0, 0.1, 0.1, 0.4, 0.4]
    elsewhere = [[0, 0.6, 0.6, 0.9, 0.9, 0.9]] * 100
    assert not ours([[box]], [[*elsewhere, [*box, 0.5]]], 1).hits.any()
    assert ours([[box]], [[*elsewhere[1:], [*box, 0.5]]], 1).hits.sum() == 1


def test_one_matching_does_for_every_threshold() -> None:
    truth, said = random_rows(4)
    found = ours(truth, said, 3)
    for threshold in (0.0, 0.35, 0.6, 1.1):
        shown = [[box for box in picture if box[5] >= threshold] for picture in said]
        alone = detection.at_threshold(ours(truth, shown, 3), 0)
        for one, other in zip(detection.at_threshold(found, threshold), alone, strict=True):
            assert one.tolist() == other.tolist()


def test_the_threshold_has_the_best_f1() -> None:
    truth, said = random_rows(5)
    found = ours(truth, said, 3)

    def f1(threshold: float) -> float:
        right, missed, wrong = (
            int(each.sum()) for each in detection.at_threshold(found, threshold)
        )
        return 2 * right / (2 * right + missed + wrong)

    chosen = detection.best_threshold(found)
    assert f1(chosen) == max(map(f1, np.linspace(0, 1, 101)))
    assert detection.best_threshold(ours([[], []], [[], []], 3)) == detection.DEFAULT_THRESHOLD


def test_pictures_without_boxes_count_their_false_alarms() -> None:
    box = [0, 0.1, 0.1, 0.4, 0.4]
    alarm = [0, 0.6, 0.6, 0.9, 0.9, 0.9]
    with_alarm = ours([[box], []], [[[*box, 0.8]], [alarm]], 1)
    assert detection.average_precision(with_alarm)[0, 0] == pytest.approx(0.5)
    assert [each.sum() for each in detection.at_threshold(with_alarm, 0.5)] == [1, 0, 1]


def test_resampled_figures_are_those_of_resampled_pictures() -> None:
    truth, said = random_rows(6, pictures=12)
    drawn = np.random.default_rng(0).integers(0, 12, 12)
    weights = np.bincount(drawn, minlength=12)[None].astype(np.int32)
    again = ours([truth[at] for at in drawn], [said[at] for at in drawn], 3)
    whole = np.ones((1, 12), dtype=np.int32)
    # equal scores stand in the order of the pictures, which is another one here
    assert detection.ap50(ours(truth, said, 3), weights) == pytest.approx(
        detection.ap50(again, whole), abs=0.03
    )


def test_the_interval_holds_the_figure() -> None:
    truth, said = random_rows(7, pictures=60)
    found = ours(truth, said, 4)
    whole, by_class = detection.ap50_intervals(found)
    (value,) = detection.ap50(found, np.ones((1, 60), dtype=np.int32))
    assert whole is not None
    assert whole.low < value < whole.high
    assert by_class[3] is None
    assert detection.ap50_intervals(ours([], [], 2)) == (None, [None, None])


def test_sizes_are_groups_of_equally_many() -> None:
    truth = [[[0, 0, 0, side / 100, side / 100]] for side in range(1, 91)]
    said = [[[*box, 0.9]] if box[3] > 0.3 else [] for (box,) in truth]
    groups = detection.by_size(ours(truth, said, 1), 0.5)
    assert [(group.found, group.boxes) for group in groups] == [(0, 30), (30, 30), (30, 30)]
    assert groups[0].low == pytest.approx(0.01)
    assert groups[0].high == pytest.approx(0.3)
    assert detection.by_size(ours([[]], [[]], 1), 0.5) == []


def test_boxes_without_area_overlap_nothing() -> None:
    none = np.array([[0.5, 0.5, 0.5, 0.5]])
    assert detection.overlap(none, none).tolist() == [0]
    assert Boxes(*(np.zeros(1),) * 2, none, np.ones(1)).sides.tolist() == [0]
