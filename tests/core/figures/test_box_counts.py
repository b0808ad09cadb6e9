"""Counts of objects, and how far off they are."""

from __future__ import annotations

import pytest

from transfergui.core.figures import box_counts, detection

ONE = (0, 0.1, 0.1, 0.2, 0.2)
OTHER = (1, 0.5, 0.5, 0.7, 0.7)


def test_errors_of_counts_are_by_class_and_of_all_together() -> None:
    truth = detection.boxes([[ONE, OTHER], [], [ONE]])
    said = detection.boxes([[(*ONE, 0.9), (*ONE, 0.8)], [(*OTHER, 0.2)], [(*ONE, 0.9)]])
    found = box_counts.counted(detection.match(truth, said, 3, 2), 0.5)
    assert found.truth.tolist() == [[1, 1, 2], [0, 0, 0], [1, 0, 1]]
    assert found.said.tolist() == [[2, 0, 2], [0, 0, 0], [1, 0, 1]]
    assert found.errors == pytest.approx([1 / 3, 1 / 3, 0])  # errors make up for each other
    assert found.interval(0) is None  # of three pictures


def test_few_pictures_and_perfect_ones_have_no_interval() -> None:
    def intervals(pictures: int, wrong: bool) -> bool:
        truth = detection.boxes([[ONE]] * pictures)
        said = [[(*ONE, 0.9)]] * (pictures - 1) + [[(*(OTHER if wrong else ONE), 0.9)]]
        match = detection.match(truth, detection.boxes(said), pictures, 2)
        return detection.ap50_intervals(match)[0] is not None

    assert not intervals(1, wrong=False)
    assert not intervals(4, wrong=True)
    assert intervals(6, wrong=True)
    assert not intervals(6, wrong=False)
