"""Exact neighbours in blocks."""

import numpy as np
import pytest

from transfergui.core.figures import neighbours


def test_neighbours_are_those_of_all_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "BLOCK", 7)
    rows = np.random.default_rng(0).normal(size=(30, 5)).astype(np.float32)
    found = neighbours.nearest(rows, 3)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    distances = 1 - unit @ unit.T
    np.fill_diagonal(distances, 9)
    assert np.array_equal(found.rows, distances.argsort(1)[:, :3])
    assert np.allclose(found.distances, np.sort(distances, 1)[:, :3], atol=1e-6)


def test_few_rows_have_few_neighbours() -> None:
    assert neighbours.nearest(np.eye(3), 5).rows.shape == (3, 2)
    assert neighbours.nearest(np.zeros((1, 4)), 5).rows.shape == (1, 0)


def test_telling_may_end_it() -> None:
    def tell(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        neighbours.nearest(np.eye(3), 2, tell)
