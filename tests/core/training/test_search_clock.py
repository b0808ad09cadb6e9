"""The time of a search."""

import math

import pytest

from tests.core.training.conftest import Lab
from transfergui.core.search_options import SearchOptions
from transfergui.core.training import estimate
from transfergui.core.training.search_clock import NEARLY, Clock


@pytest.mark.parametrize(
    ("options", "endless"),
    [({"time": "all"}, True), ({"time": "ten"}, False), ({"time": "all", "minutes": 3.0}, False)],
)
def test_as_long_as_it_needs_has_no_time_that_is_left(
    lab: Lab, options: dict[str, object], endless: bool
) -> None:
    made = lab.plan(backbone="auto", strategy="auto", options=options)
    assert isinstance(made.options, SearchOptions)
    assert (estimate.estimate(made).seconds == math.inf) is endless
    clock = Clock(made.options.budget, 1, lambda: None)
    assert (clock.progress().eta is None) is endless


def test_the_bar_of_a_search_keeps_up_with_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, shares = Clock(1, 10, lambda: None), []
    for left in (60.0, 15.0, -5.0):
        monkeypatch.setattr(Clock, "left", left)
        shares.append(clock.progress().share)
    assert shares == [0.0, 0.75, NEARLY]
