"""Tests of the bootstrap."""

import numpy as np

from transfergui.core.figures.bootstrap import counts


def test_groups_are_drawn_whole() -> None:
    groups = ["a", "b", "b", "c"]
    (drawn,) = counts(4, 200, seed=0, groups=groups)
    assert (drawn[:, 1] == drawn[:, 2]).all()
    assert (drawn[:, [0, 1, 3]].sum(1) == 3).all()
    assert len(np.unique(drawn, axis=0)) == 10  # multisets of three of three
