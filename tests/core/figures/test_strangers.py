import numpy as np
import pytest

from transfergui.core.figures import strangers
from transfergui.core.runs.doubts import Limits


def blobs(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    """Features [count, 20] around three directions; or, shifted, around none of them."""
    rng = np.random.default_rng(seed)
    centres = np.eye(20)[np.arange(count) % 3] + shift * np.eye(20)[10]
    return (centres + rng.normal(0, 0.05, (count, 20))).astype(np.float32)


def names(count: int) -> list[str]:
    return [f"{at}.png" for at in range(count)]


def told(found: Limits, signs: strangers.Signs) -> np.ndarray:
    assert found.beyond is not None
    return strangers.stranger(signs, (found.far, found.beyond))


def test_strangers_are_told_and_the_own_pass() -> None:
    kept = strangers.reference(blobs(300, 0))
    own = strangers.signs(blobs(200, 1), kept)
    found = strangers.limits(own, np.linspace(0, 1, 200))
    assert found is not None
    assert 0.02 < told(found, strangers.signs(blobs(1000, 2), kept)).mean() < 0.1
    assert told(found, strangers.signs(blobs(100, 3, shift=2), kept)).all()
    assert found.high < 1  # of so many, the one with the highest energy is beyond
    few = strangers.limits(strangers.signs(blobs(30, 1), kept), np.linspace(0, 1, 30))
    assert few is not None
    assert few.high == pytest.approx(1.5)


def test_too_few_held_out_set_no_limits() -> None:
    values = np.linspace(0, 1, 20)
    assert strangers.limits(strangers.Signs(values[1:], values[1:]), values[1:]) is None
    assert strangers.limits(strangers.Signs(values, values), values) is not None


def test_training_samples_tighten_a_limit_that_few_held_out_ones_set() -> None:
    kept = strangers.reference(blobs(300, 0))
    held_out = np.concatenate([blobs(24, 1), blobs(1, 2, shift=2)])  # the last one is odd
    own, energy = strangers.signs(held_out, kept), np.linspace(0, 1, 25)
    others = strangers.signs(blobs(100, 3, shift=0.5), kept)
    loose = strangers.limits(own, energy)
    tight = strangers.limits(own, energy, strangers.among(kept, names(300)))
    assert loose is not None and tight is not None
    assert told(loose, others).mean() < 0.1
    assert told(tight, others).mean() > 0.9
    assert told(tight, strangers.signs(blobs(1000, 4), kept)).mean() < 0.08


def test_training_samples_with_copies_of_each_other_set_no_limit() -> None:
    kept = strangers.reference(np.repeat(blobs(50, 0), 4, axis=0))
    own, energy = strangers.signs(blobs(60, 1), kept), np.zeros(60)
    copies = strangers.among(kept, names(200))
    assert strangers.limits(own, energy, copies) == strangers.limits(own, energy)
    known = strangers.among(kept, [str(at // 4) for at in range(200)])  # as one group each
    assert known is not None and copies is not None
    assert known.distance.min() > copies.distance.max()


def test_a_group_is_compared_with_the_others() -> None:
    kept = strangers.reference(blobs(30, 0))
    groups = [str(at % 6) for at in range(30)]
    found = strangers.among(kept, groups)
    assert found is not None
    own = np.array(groups) == "2"
    alone = strangers.signs(kept[own], kept[~own])
    assert found.distance[own] == pytest.approx(alone.distance, abs=1e-3)
    assert found.residual[own] == pytest.approx(alone.residual, abs=1e-3)
    assert strangers.among(kept, ["a"] * 15 + ["b"] * 15) is None


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
    oracle = KNN(None, k=1)
    oracle.fit_features(torch.from_numpy(kept), torch.zeros(len(kept), dtype=torch.long))
    wanted = oracle.predict_features(torch.from_numpy(new)).numpy()
    found = strangers.distances(new, strangers.reference(kept), nearest=1)
    assert np.sqrt(2 * found) == pytest.approx(wanted, abs=5e-3)


def test_a_copy_of_an_odd_training_sample_is_no_stranger() -> None:
    rows = np.concatenate([blobs(60, 0), blobs(1, 3, shift=2)])
    kept = strangers.reference(rows)
    found = strangers.limits(strangers.signs(blobs(200, 1), kept), np.zeros(200))
    assert found is not None
    assert not told(found, strangers.signs(rows[-1:], kept)).any()
    assert told(found, strangers.signs(blobs(1, 4, shift=2), kept)).all()


def test_short_texts_are_judged_as_short_ones() -> None:
    """Means of word vectors: of few words they lie far from all others."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(20, 200, 400)
    words = rng.normal(size=(50, 30)) + 1
    rows = np.array([words[rng.integers(0, 50, length)].mean(0) for length in lengths])
    found = strangers.signs(rows[200:], strangers.reference(rows[:200]))
    power = strangers.fading(found, lengths[200:])
    assert 0.4 < power <= 1
    even = strangers.unfaded(found, lengths[200:], 100, power)
    assert strangers.fading(even, lengths[200:]) == pytest.approx(0, abs=1e-3)
    assert strangers.fading(found, np.full(200, 50)) == 0
