"""Figures of predicted numbers: by hand, and as scikit-learn has them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from transfergui.core.figures import regression

TRUTH = [1.0, 2.0, 3.0, 6.0]
GIVEN = [1.5, 2.0, 2.0, 9.0]  # off by 0.5, 0, 1, 3

numbers = st.integers(-(10**9), 10**9).map(lambda thousandths: thousandths / 1000)
pairs = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30)


def test_figures_by_hand() -> None:
    found = regression.measure(TRUTH, GIVEN, train_mean=2.0)
    assert found.n == 4
    assert found.mae == pytest.approx(4.5 / 4)
    assert found.median_error == pytest.approx(0.75)
    assert found.rmse == pytest.approx((10.25 / 4) ** 0.5)
    assert found.r2 == pytest.approx(1 - 10.25 / 14)
    assert found.baseline == regression.ConstantNumber(2.0, 1.5, pytest.approx((18 / 4) ** 0.5))


@given(pairs)
def test_figures_are_those_of_scikit_learn(drawn: list[tuple[float, float]]) -> None:
    truth, given_ = (np.array(column) for column in zip(*drawn, strict=True))
    found = regression.measure(truth, given_)
    assert found.mae == pytest.approx(sklearn_metrics.mean_absolute_error(truth, given_))
    assert found.median_error == pytest.approx(sklearn_metrics.median_absolute_error(truth, given_))
    rmse = sklearn_metrics.root_mean_squared_error(truth, given_)
    assert found.rmse == pytest.approx(rmse)
    if found.r2 is not None:
        assert found.r2 == pytest.approx(sklearn_metrics.r2_score(truth, given_))
    assert found.mae is not None and found.rmse is not None
    assert found.mae <= found.rmse * (1 + 1e-9)


def test_constant_truth_has_no_r2() -> None:
    """Three times 0.1 has a mean that is not 0.1."""
    assert np.mean([0.1] * 3) != 0.1
    assert regression.r_squared([0.1] * 3, [0.1, 0.2, 0.3]) is None
    assert regression.r_squared([5.0], [4.0]) is None


def test_predicting_the_mean_of_the_samples_has_r2_of_zero() -> None:
    assert regression.r_squared(TRUTH, [3.0] * 4) == pytest.approx(0)


def test_nothing_measured_gives_no_figure() -> None:
    found = regression.measure([], [], train_mean=1.0)
    figures = (found.mae, found.mae_interval, found.median_error, found.rmse, found.r2)
    assert set(figures) == {None}
    assert found.baseline == regression.ConstantNumber(1.0, None, None)


def test_interval_holds_the_figure() -> None:
    rng = np.random.default_rng(0)
    truth, errors = rng.normal(size=200), rng.normal(size=200)
    first = regression.mae_interval(truth, truth + errors)
    assert first is not None
    assert first.low < np.abs(errors).mean() < first.high
    # for 200 errors of a normal distribution: 0.798 ± 1.96 * 0.603 / sqrt(200)
    assert first.high - first.low == pytest.approx(2 * 1.96 * 0.603 / 200**0.5, rel=0.2)


def test_interval_covers_the_true_error_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    hits = 0
    for _round in range(400):
        found = regression.mae_interval(np.zeros(20), rng.normal(size=20))
        assert found is not None
        hits += found.low <= (2 / np.pi) ** 0.5 <= found.high
    assert 0.92 <= hits / 400 <= 0.98


def test_interval_of_one_sample_is_its_error() -> None:
    found = regression.mae_interval([1.0], [3.0])
    assert found is not None
    assert (found.low, found.high) == (2.0, 2.0)


@pytest.mark.parametrize(
    ("truth", "predicted"),
    [
        ([1.0], [1.0, 2.0]),
        ([float("nan")], [1.0]),
        ([1.0], [float("inf")]),
        ([1e200], [0.0]),
        ([[1.0]], [[1.0]]),
    ],
)
def test_what_does_not_fit_is_refused(truth: list[float], predicted: list[float]) -> None:
    with pytest.raises(ValueError, match=r"shapes|numbers"):
        regression.measure(truth, predicted)
