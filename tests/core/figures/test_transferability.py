"""Scores of features: LogME is the maximum of the evidence, H-score the squared correlations."""

import numpy as np
import pytest
from scipy.optimize import minimize

from transfergui.core.figures.transferability import h_score, logme, one_hot


def features(seed: int, n: int = 60, width: int = 12, signal: float = 2.0) -> tuple:
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    means = rng.normal(size=(3, width)) * signal
    return (means[labels] + rng.normal(size=(n, width))).astype(np.float32), labels


def evidence(x: np.ndarray, y: np.ndarray, a: float, b: float) -> float:
    """log N(y; 0, I / b + X Xᵀ / a) per sample: the marginal likelihood written out."""
    n = len(y)
    covariance = np.eye(n) / b + x @ x.T / a
    _sign, logdet = np.linalg.slogdet(covariance)
    return -0.5 * (y @ np.linalg.solve(covariance, y) + logdet + n * np.log(2 * np.pi)) / n


@pytest.mark.parametrize("width", [5, 12, 90])
def test_logme_is_the_maximum_of_the_evidence(width: int) -> None:
    x, labels = features(1, width=width)
    best = []
    for label in range(3):
        y = (labels == label).astype(float)

        def loss(log: np.ndarray, y: np.ndarray = y) -> float:
            return -evidence(x.astype(float), y, *np.exp(log))

        best.append(-minimize(loss, [0.0, 0.0], method="Nelder-Mead").fun)
    assert logme(x, one_hot(labels)) == pytest.approx(np.mean(best), abs=2e-3)


def test_better_features_score_higher() -> None:
    (good, labels), (poor, _labels) = features(2, signal=2.0), features(2, signal=0.2)
    assert logme(good, one_hot(labels)) > logme(poor, one_hot(labels))
    assert h_score(good, labels) > 2 * h_score(poor, labels)


def test_h_score_of_many_samples_is_the_sum_of_squared_correlations() -> None:
    """Where the covariance has an inverse: the trace of it and of that of the class means; at most
    one for each class but the first."""
    x, labels = features(3, n=3000, width=6, signal=0.5)
    x = x - x.mean(0)
    of_class = np.stack([x[labels == label].mean(0) for label in range(3)])[labels]
    plain = np.trace(np.linalg.solve(np.cov(x.T, bias=True), np.cov(of_class.T, bias=True)))
    assert h_score(x, labels) == pytest.approx(plain, rel=0.02)
    assert h_score(x + 5, labels) == pytest.approx(h_score(x, labels))
    assert h_score(100 * one_hot(labels) + 0.1 * x[:, :3], labels) == pytest.approx(2, abs=0.1)


def test_h_score_of_fewer_samples_than_features_is_shrunk() -> None:
    """Plain, it is that of features that tell everything, whatever they are."""
    noise = np.random.default_rng(0).normal(size=(40, 200))
    assert h_score(noise, np.arange(40) % 4) < 0.5


def test_one_class_has_no_h_score() -> None:
    assert h_score(np.eye(4), np.zeros(4, int)) is None
    assert h_score(np.ones((4, 3)), np.arange(4) % 2) is None
