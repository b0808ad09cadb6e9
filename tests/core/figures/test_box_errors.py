"""What is wrong with each box."""

from __future__ import annotations

from transfergui.core.figures import detection
from transfergui.core.figures.box_errors import false_alarms, missed

TRUTH = [[[0, 0.1, 0.1, 0.3, 0.3], [1, 0.5, 0.5, 0.7, 0.7], [0, 0.8, 0.1, 0.9, 0.2]], []]
SAID = [
    [
        [0, 0.1, 0.1, 0.3, 0.3, 0.9],  # found
        [0, 0.1, 0.1, 0.3, 0.28, 0.8],  # twice
        [0, 0.5, 0.5, 0.7, 0.7, 0.7],  # another class
        [0, 0.84, 0.14, 0.94, 0.24, 0.6],  # beside
        [0, 0.8, 0.1, 0.9, 0.2, 0.2],  # found at a smaller threshold
    ],
    [[1, 0.1, 0.1, 0.2, 0.2, 0.95]],  # nothing is there
]


def test_errors_are_told_apart() -> None:
    found = detection.match(detection.boxes(TRUTH), detection.boxes(SAID), 2, 2)
    alarms = false_alarms(found, 0.5)
    assert [alarm.kind for alarm in alarms] == ["nothing", "twice", "class", "place"]
    assert [alarm.truth for alarm in alarms] == [-1, 0, 1, 2]
    lost = missed(found, 0.5)
    assert [(each.row, each.score) for each in lost] == [(1, 0.0), (2, 0.2)]
    assert found.said.name[lost[0].other] == 0
    assert lost[1].other == -1
    assert [each.row for each in missed(found, 0.1)] == [1]


def test_nothing_is_wrong_with_nothing() -> None:
    found = detection.match(detection.boxes([[]]), detection.boxes([[]]), 1, 2)
    assert false_alarms(found, 0.5) == []
    assert missed(found, 0.5) == []
