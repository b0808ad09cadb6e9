"""Bands of learning curves."""

import numpy as np
import pytest

from transfergui.core.figures import learning_curve

SIZES = [20, 35, 60, 105, 180, 320]


def draws(error: np.ndarray, spread: float, seed: int = 0) -> np.ndarray:
    """Measured values of ten draws of each size."""
    return 1 - error[:, None] + np.random.default_rng(seed).normal(0, spread, (len(error), 10))


@pytest.mark.parametrize("form", ["power", "logarithm", "flat"])
def test_the_band_holds_the_value_at_twice_the_size(form: str) -> None:
    x = np.array([*SIZES, 640.0])
    error = {
        "power": 0.05 + 1.5 * x**-0.5,
        "logarithm": 0.6 - 0.08 * np.log(x),
        "flat": np.full(7, 0.3),
    }[form]
    hits = 0
    for seed in range(40):
        values = draws(error[:-1], 0.03, seed)
        shift = np.random.default_rng(seed).normal(0, 0.02)  # of the samples that measure
        band = learning_curve.fitted(SIZES, values + shift, [640], 0.02, seed=seed)
        hits += band.low[0] <= 1 - error[-1] <= band.high[0]
    assert hits >= 34


def test_the_band_widens_and_the_middle_is_within() -> None:
    error = 0.05 + 1.5 * np.array(SIZES) ** -0.5
    band = learning_curve.fitted(SIZES, draws(error, 0.03), [320, 640, 1280], 0.01)
    assert (np.diff(band.high - band.low) > 0).all()
    assert (band.low <= band.middle).all() and (band.middle <= band.high).all()
    assert (band.high <= 1).all() and (np.diff(band.middle) >= 0).all()
    assert band.at(640) == (band.low[1], band.middle[1], band.high[1])


def test_too_few_sizes_are_no_curve() -> None:
    with pytest.raises(ValueError, match="sizes"):
        learning_curve.fitted([1, 2], np.ones((2, 3)), [4])
