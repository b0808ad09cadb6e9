"""Words on how alike two sets are: those from one source are, those that lie far apart are not."""

import numpy as np
import pytest

from transfergui.core.figures import closeness, two_samples
from transfergui.core.figures.closeness import Word


def rows(seed: int, count: int = 200, shift: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    moved = np.where(np.arange(60) < 20, shift, 0)
    return rng.normal(size=(count, 60)) + moved


@pytest.mark.parametrize(
    ("count", "shift", "word"),
    [(200, 0.0, "alike"), (200, 0.5, "somewhat"), (200, 3.0, "unlike"), (22, 0.2, "unclear")],
)
def test_words(count: int, shift: float, word: Word) -> None:
    found = closeness.closeness(rows(1, count), rows(2, count + 30, shift))
    assert found is not None
    assert (found.word, found.count) == (word, count)
    assert found.low <= found.distance <= found.high


def test_too_few_have_no_word() -> None:
    assert closeness.closeness(rows(1, 19), rows(2)) is None


def test_the_energy_coefficient_grows_where_the_distance_does_not() -> None:
    near, far = rows(2, shift=2.0), rows(2, shift=6.0)
    distances = [two_samples.proxy_distance(rows(1), each) for each in (near, far)]
    assert all(each is not None and each.value > 1.9 for each in distances)
    assert two_samples.energy_coefficient(rows(1), rows(3)) < 0.005
    energies = [two_samples.energy_coefficient(rows(1), each) for each in (near, far)]
    assert energies[0] < 0.6 * energies[1] < 0.6
