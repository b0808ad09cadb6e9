"""What copies do to a score."""

import numpy as np

from transfergui.core.checks import leak
from transfergui.core.interfaces.objective import Probe


def rows(width: int) -> tuple[np.ndarray, np.ndarray, list[list[int]]]:
    """60 samples of two classes that features say nothing about; the last 20 repeat the first."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, width)).astype(np.float32)
    labels = rng.integers(0, 2, 40)
    pairs = [[at, 40 + at] for at in range(20)]
    return np.vstack([features, features[:20]]), np.concatenate([labels, labels[:20]]), pairs


def refitted(features: np.ndarray, wanted: np.ndarray, rows: list[int]) -> np.ndarray:
    """What a regression without ``rows`` predicts for them."""
    x = features.astype(np.float64) - features.mean(0)
    x /= x.std()
    mean = wanted.mean(0)
    kept = np.setdiff1d(np.arange(len(x)), rows)
    gram = x[kept].T @ x[kept] + leak.PENALTY * x.shape[1] * np.eye(x.shape[1])
    weights = np.linalg.solve(gram, x[kept].T @ (wanted[kept] - mean))
    found: np.ndarray = x[rows] @ weights + mean
    return found


def test_the_closed_form_is_a_fit_without_the_group() -> None:
    for width in (8, 100):
        features, labels, pairs = rows(width)
        hot = np.eye(2)[labels]
        fit = leak._Fit(features, lambda done, total: None)
        alone, without = fit.left_out(hot, pairs)
        assert np.allclose(alone[3], refitted(features, hot, [3]), atol=1e-4)
        assert np.allclose(without[pairs[3]], refitted(features, hot, pairs[3]), atol=1e-4)
        assert np.array_equal(alone[20:40], without[20:40])


def test_copies_flatter_a_score_that_is_chance() -> None:
    features, labels, pairs = rows(100)
    found = leak.measured(features, pairs, [Probe("classes", labels)])
    assert found is not None
    assert found.with_copies > found.without + 0.2
    assert found.n == 60 and found.only_by_copies is not None
    assert found.only_by_copies > 2 * (found.only_without or 0)


def test_a_class_of_nothing_but_copies_is_not_known_without_them() -> None:
    """However well the features of the other class tell that something else is something else."""
    features = np.repeat(np.eye(2, 8, dtype=np.float32), 20, axis=0)
    labels = np.repeat((0, 1), 20)
    found = leak.measured(features, [[*range(20)], [*range(20, 40)]], [Probe("classes", labels)])
    assert found is not None
    assert (found.with_copies, found.without) == (1.0, 0.0)


def test_without_copies_nothing_is_measured() -> None:
    features, labels, _pairs = rows(8)
    assert leak.measured(features, [[1]], [Probe("classes", labels)]) is None
    assert leak.measured(features, [[1, 2]], [Probe("classes", np.zeros(60, int))]) is None


def test_labels_and_numbers_have_scores_of_their_own() -> None:
    features, labels, pairs = rows(100)
    for probe in (Probe("label", labels), Probe("number", features[:, 0] + labels)):
        found = leak.measured(features, pairs, [probe])
        assert found is not None and found.only_by_copies is None
        assert found.with_copies > found.without
