"""Whether a model rests on the border of the pictures."""

import numpy as np
import pytest

from tests.core.looking.test_explain import spot
from transfergui.core.looking import border
from transfergui.core.looking.border import Border


def test_heat_on_the_border_is_measured() -> None:
    assert border.share(np.ones((7, 7))) == pytest.approx(border.AREA)
    assert border.share(spot(3.5, 3.5)) < 0.01
    assert border.share(spot(0, 0)) > 0.7


def test_as_much_of_the_middle_is_hidden_as_of_the_border() -> None:
    outside, middle = border.regions()
    assert outside.mean() == pytest.approx(middle.mean()) == pytest.approx(border.AREA)
    assert middle[50, 50]
    assert outside[0, 50]
    assert not outside[50, 50]


def levels(share: float, outside: float, middle: float, count: int = 60) -> list[str]:
    rng = np.random.default_rng(0)
    shares, without, inside = (
        (mean + rng.normal(0, 0.1, count)).tolist() for mean in (share, outside, middle)
    )
    changed = [(outside > middle, outside < middle)] * count
    return [note.level for note in border.notes(Border(shares, without, inside, changed))]


def test_it_is_a_warning_only_where_it_counts_more_than_the_middle() -> None:
    assert levels(0.2, 1.5, 3.0) == ["info"]
    assert levels(0.2, 1.5, 1.0) == ["warning"]  # where the map is too coarse to tell
    assert levels(0.5, 1.0, 1.5) == ["warning"]
    assert levels(0.36, 1.0, 1.0) == ["info"]
    assert levels(0.9, 3.0, 0.0, 5) == []  # too few to say
