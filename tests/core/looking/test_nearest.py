"""Examples that are alike, and those that pull a prediction."""

import numpy as np

from transfergui.core.looking import nearest

ROWS = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0, 1], [0, 0.1, 1]], dtype=np.float32)


def test_the_most_alike_come_first() -> None:
    likeness = nearest.alike(ROWS, np.array([1.0, 0.05, 0]))
    assert set(nearest.ranked(likeness, 2)) == {0, 1}
    assert nearest.ranked(likeness, 1, leave_out=0) == [1]
    large = nearest.alike(ROWS * [[1], [1], [50], [1], [1]], np.array([1.0, 0.05, 0]))
    assert set(nearest.ranked(large, 2)) == {0, 1}  # size alone makes nothing alike


def test_only_those_of_the_class_pull_to_it() -> None:
    """Two alike samples, one of which was given the predicted class."""
    labels = np.array([1, 0, 1, 0, 0])
    answers = np.full((5, 2), 0.5)
    known = nearest.residuals(answers, labels)
    wanted = nearest.residuals(np.array([[0.2, 0.8]]), np.array([1]))[0]
    pulls = nearest.pull(ROWS, known, np.array([1.0, 0.05, 0]), wanted)
    assert pulls.argmax() == 0
    assert pulls[1] < 0
