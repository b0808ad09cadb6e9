import numpy as np
import pytest

from transfergui.core.figures import calibration


def answered(count: int, seed: int, classes: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and truths drawn from their softmax."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (count, classes))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return logits, np.array([rng.choice(classes, p=row) for row in shares])


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_the_temperature_that_was_used_is_found(factor: float) -> None:
    logits, truth = answered(3000, 1)
    assert calibration.fit(logits * factor, truth) == pytest.approx(factor, rel=0.06)
    labels = np.eye(5)[truth]
    wanted = np.log(1 / (1 + np.exp(-logits)))  # whatever they are: monotone in the factor
    assert calibration.fit_labels(wanted * 2, labels) == pytest.approx(
        2 * calibration.fit_labels(wanted, labels), rel=1e-3
    )


def test_all_right_is_not_certain() -> None:
    logits = 50 * np.eye(4)[np.arange(200) % 4]
    scale = calibration.fit(logits, np.arange(200) % 4)
    confidence = calibration._softmax(logits / scale).max()
    assert 0.99 < confidence < 0.999


def test_reliability_of_honest_and_boastful_predictions() -> None:
    rng = np.random.default_rng(2)
    sure = rng.uniform(0.5, 1, 2000)
    honest = calibration.reliability(sure, rng.random(2000) < sure)
    boastful = calibration.reliability(sure, rng.random(2000) < sure - 0.2)
    assert len(honest.bins) == calibration.BINS
    assert {each.size for each in honest.bins} == {200}
    assert honest.error < 0.03
    assert boastful.interval.low < 0.2 < boastful.interval.high
    assert honest.interval.high < boastful.interval.low


@pytest.mark.parametrize("off", [0.0, 0.1])
def test_the_interval_of_the_error_holds_the_true_one(off: float) -> None:
    """Which is ``off``: the measured one of 60 is above it, of those that are honest always."""
    rng, held, errors = np.random.default_rng(4), 0, []
    for _round in range(60):
        sure = rng.uniform(0.6, 1, 60)
        found = calibration.reliability(sure, rng.random(60) < sure - off)
        held += found.interval.low <= off <= found.interval.high
        errors.append(found.error)
    assert np.mean(errors) > off + 0.02
    assert held >= 53


def test_a_single_prediction_is_a_bin() -> None:
    found = calibration.reliability(np.array([0.9]), np.array([True]))
    assert found.error == pytest.approx(0.1)
    assert found.bins[0].size == 1
    assert {type(each) for each in (found.error, found.interval.low, found.interval.high)} == {
        float
    }
