"""Layouts keep what is alike together."""

import numpy as np
import pytest

from transfergui.core.figures import layouts


def clusters(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    which = np.arange(count) % 3
    return rng.normal(size=(3, 12))[which] * 8 + rng.normal(size=(count, 12)), which


def test_neighbours_are_of_the_same_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were laid out, and those that were placed between them."""
    monkeypatch.setattr(layouts, "MOST", 60)
    monkeypatch.setattr(layouts, "ITERATIONS", 500)
    rows, which = clusters(90)
    told: list[int] = []
    xy = layouts.neighbourhoods(rows, lambda done, _total: told.append(done))
    assert told and xy.shape == (90, 2) and np.isfinite(xy).all()
    away = np.linalg.norm(xy[:, None] - xy[None], axis=2) + np.eye(90) * 1e9
    assert (which[away.argmin(axis=1)] == which).mean() > 0.95


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_samples_have_a_place_too(count: int) -> None:
    rows, _which = clusters(count)
    assert layouts.plane(rows).shape == layouts.neighbourhoods(rows).shape == (count, 2)
