"""Intervals of shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.figures import intervals


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(16, 16, 0.806, 1), (83, 90, 0.848, 0.962)]
)
def test_wilson(right, n, low, high):
    interval = intervals.wilson(right, n)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-3)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_bounds(case):
    right, n = case
    interval = intervals.wilson(right, n)
    assert 0 <= interval.low <= right / n <= interval.high <= 1
