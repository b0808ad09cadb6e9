"""What moves a prediction, against models that were fitted without a sample."""

import numpy as np

from transfergui.core.looking import pulls


def test_amounts_are_what_a_fit_without_the_sample_predicts() -> None:
    rng = np.random.default_rng(0)
    rows, query = rng.normal(size=(30, 6)), rng.normal(size=6)
    wanted = rows @ rng.normal(size=6) + rng.normal(size=30)
    found = pulls.Pulls(rows)
    moved = found.of(wanted, query)
    penalty = min(pulls.PENALTIES, key=lambda each: found._error(wanted, each))
    asked = pulls._directions((query - found._mean)[None])[0] - found._middle

    def predicted(kept: np.ndarray) -> float:
        """An ordinary ridge regression, whose intercept costs nothing."""
        x = np.c_[found._x[kept], np.ones(kept.sum())]
        ridge = penalty * np.diag([1.0] * 6 + [0.0])
        return float(np.linalg.solve(x.T @ x + ridge, x.T @ wanted[kept]) @ np.r_[asked, 1.0])

    whole = predicted(np.ones(30, bool))
    assert np.isclose(whole, moved.prediction, atol=1e-5)
    without = [predicted(np.arange(30) != row) for row in range(30)]
    assert np.allclose(whole - np.array(without), moved.by, atol=1e-5)
