"""Tests of bootstrap intervals."""

import numpy as np
import pytest
from scipy import stats

from transfergui.core.figures.bootstrap import bias_corrected_interval, percentile_interval


def test_values_without_bias_keep_their_percentiles() -> None:
    values = np.arange(101.0)
    low, high = bias_corrected_interval(values, 50.0), percentile_interval(values)
    assert (low.low, low.high) == pytest.approx((high.low, high.high), abs=0.1)


def test_values_that_are_too_high_are_corrected_downwards() -> None:
    """By the formula of Efron (1981), reckoned with scipy."""
    values = np.arange(1000.0)
    found = bias_corrected_interval(values, 300.0)  # 30 % of the values lie below
    bias = stats.norm.ppf(0.3005)
    ends = 100 * stats.norm.cdf(2 * bias + stats.norm.ppf([0.025, 0.975]))
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(values, ends)))
    assert (found.low, found.high) < (25.0, 975.0)


@pytest.mark.parametrize("estimate", [0.2, 0.9])
def test_an_estimate_outside_of_all_values_is_within(estimate: float) -> None:
    found = bias_corrected_interval(np.linspace(0.4, 0.6, 50), estimate)
    assert found.low <= estimate <= found.high


def test_equal_values_are_an_interval_of_their_own() -> None:
    found = bias_corrected_interval(np.ones(10), 1.0)
    assert (found.low, found.high) == (1.0, 1.0)
