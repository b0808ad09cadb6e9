import numpy as np
import pytest

from transfergui.core.figures import strangers


def blobs(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    """Features [count, 20] around three directions; or, shifted, around none of them."""
    rng = np.random.default_rng(seed)
    centres = np.eye(20)[np.arange(count) % 3] + shift * np.eye(20)[10]
    return (centres + rng.normal(0, 0.05, (count, 20))).astype(np.float32)


def test_strangers_are_told_and_the_own_pass() -> None:
    kept = strangers.reference(blobs(300, 0))
    own = strangers.distances(blobs(200, 1), kept)
    found = strangers.limits(own, np.zeros(200))
    assert found is not None
    told = strangers.unlikeness(strangers.distances(blobs(1000, 2), kept), np.zeros(1000), found)
    assert 0.02 < (told > 1).mean() < 0.1
    others = strangers.distances(blobs(100, 3, shift=2), kept)
    assert (strangers.unlikeness(others, np.zeros(100), found) > 1).all()
    assert (strangers.unlikeness(own[:50], np.full(50, 3.0), found) > 1).all()  # by energy


def test_too_few_held_out_set_no_limits() -> None:
    values = np.linspace(0, 1, 19)
    assert strangers.limits(values, values) is None
    assert strangers.limits(np.linspace(0, 1, 20), np.zeros(20)) is not None


def test_training_samples_tighten_a_limit_that_few_held_out_ones_set() -> None:
    kept = strangers.reference(blobs(300, 0))
    held_out = np.concatenate([blobs(24, 1), blobs(1, 2, shift=2)])  # the last one is odd
    distance, energy = strangers.distances(held_out, kept), np.linspace(0, 1, 25)
    others = strangers.distances(blobs(100, 3, shift=0.5), kept)
    loose = strangers.limits(distance, energy)
    tight = strangers.limits(distance, energy, strangers.among(kept))
    assert loose is not None and tight is not None
    assert (others > loose.far).mean() < 0.1
    assert (others > tight.far).mean() > 0.9
    own = strangers.distances(blobs(1000, 4), kept)
    assert (own > tight.far).mean() < 0.08


def test_training_samples_with_copies_of_each_other_set_no_limit() -> None:
    twins = np.repeat(blobs(50, 0), strangers.NEAREST + 1, axis=0)
    kept = strangers.reference(twins)
    distance, energy = strangers.distances(blobs(60, 1), kept), np.zeros(60)
    found = strangers.limits(distance, energy, strangers.among(kept))
    assert found == strangers.limits(distance, energy)


def test_samples_are_kept_of_every_class() -> None:
    labels = [0] * 900 + [1] * 30 + [2] * 500
    rows = strangers.chosen(labels, 100)
    counts = np.bincount([labels[row] for row in rows])
    assert counts.tolist() == [35, 30, 35]
    assert strangers.chosen([0, 1], 100) == [0, 1]


def test_without_features_a_sample_is_far() -> None:
    kept = strangers.reference(blobs(30, 0))
    assert strangers.distances(np.zeros((1, 20), np.float32), kept) == pytest.approx([1.0])


def test_distances_rank_as_those_of_pytorch_ood() -> None:
    import torch
    from pytorch_ood.detector import KNN

    kept, new = blobs(100, 0), np.concatenate([blobs(40, 1), blobs(40, 2, shift=1)])
    oracle = KNN(None, k=strangers.NEAREST)
    oracle.fit_features(torch.from_numpy(kept), torch.zeros(len(kept), dtype=torch.long))
    wanted = oracle.predict_features(torch.from_numpy(new)).numpy()
    found = strangers.distances(new, strangers.reference(kept))
    assert np.sqrt(2 * found) == pytest.approx(wanted, abs=5e-3)
