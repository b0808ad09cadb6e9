"""What counts as the same boxes."""

import math

import numpy as np
import pytest

from transfergui.core.figures import box_parity

RED = [0, 0.9, 0.1, 0.1, 0.3, 0.3]
BLUE = [1, 0.8, 0.1, 0.1, 0.3, 0.3]
NONE = [0, 0, 0, 0, 0, 0]


def answers(*boxes: list[float]) -> np.ndarray:
    return np.array([*boxes, *[NONE] * (4 - len(boxes))], dtype=np.float64).reshape(1, -1)


def test_outputs_side_by_side_become_boxes() -> None:
    rows = np.concatenate([np.array([*RED[2:], *BLUE[2:]]), [0.9, 0.8], [0, 1]])[None]
    assert box_parity.side_by_side(rows)[0].tolist() == [*RED, *BLUE]


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        ([RED, BLUE], 0),
        ([BLUE, RED], 0),  # scores that are all but equal may be sorted otherwise
        ([[0, 0.9, 0.1, 0.1, 0.302, 0.3], BLUE], 0.002),
        ([[0, 0.9005, *RED[2:]], BLUE], 0.0005),
        ([RED], 0.8),
        ([RED, BLUE, [0, 0.7, 0.6, 0.6, 0.9, 0.9]], 0.7),
        ([RED, [0, *BLUE[1:]]], 0.8),
        ([RED, BLUE, [0, 0.0505, 0.6, 0.6, 0.9, 0.9]], 0),  # next to no box
        ([RED, BLUE, [0, 0.7, 0.1, 0.1, 0.3, 0.2]], 0),  # overlaps by 0.5: is it the same?
    ],
)
def test_boxes_are_compared_with_their_partners(
    found: list[list[float]], difference: float
) -> None:
    assert box_parity.apart(answers(RED, BLUE), answers(*found)) == pytest.approx(difference)


def test_what_is_no_number_is_never_the_same() -> None:
    broken = answers([0, math.nan, 0, 0, 1, 1])
    assert box_parity.apart(answers(RED), broken) == math.inf
