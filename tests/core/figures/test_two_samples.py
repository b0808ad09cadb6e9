"""Two sets of samples: from one source nothing is said to differ, from two it is."""

import numpy as np

from transfergui.core.figures import two_samples


def rows(seed: int, count: int = 100, shift: float = 0.0, width: int = 200) -> np.ndarray:
    """Samples of five clusters, moved by ``shift`` in some directions."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(5, width))
    moved = np.where(np.arange(width) < 20, shift, 0)
    return 2 * centres[rng.integers(0, 5, count)] + rng.normal(size=(count, width)) + moved


def test_one_source_is_not_told_apart_and_two_are() -> None:
    for seed in range(5):
        same = two_samples.proxy_distance(rows(2 * seed + 1), rows(2 * seed + 2))
        assert same is not None and same.low < 0.55 and same.value < 0.6
    other = two_samples.proxy_distance(rows(1), rows(2, shift=1.0))
    assert other is not None and other.low > 0.8 and other.value > 1.5


def test_too_few_samples_have_no_distance() -> None:
    assert two_samples.proxy_distance(rows(1, count=19), rows(2)) is None


def test_matched_sets_have_equally_many_of_every_class() -> None:
    one, other = np.array(list("aaab")), np.array(list("abbbc"))
    mine, theirs = two_samples.matched(one, other)
    assert sorted(one[mine]) == sorted(other[theirs]) == ["a", "b"]


def test_shares_differ_beyond_chance_only() -> None:
    usual = np.array([30, 30, 30])
    assert two_samples.shares_differ(np.array([9, 11, 10]), usual) > 0.5
    assert two_samples.shares_differ(np.array([25, 3, 2]), usual) < 0.001
