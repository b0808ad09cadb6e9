"""Intervals of samples that come in groups, and of figures made of several shares."""

import numpy as np
import pytest
from scipy import stats

from transfergui.core.figures import grouped
from transfergui.core.figures.intervals import t95, wilson


@pytest.mark.parametrize("freedom", [1, 2, 10, 11, 40])
def test_students_quantiles(freedom: int) -> None:
    assert t95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=0.003)


def test_samples_that_stand_for_themselves_have_wilsons_interval() -> None:
    right = np.arange(20) < 15
    assert grouped.share_interval(right) == wilson(15, 20)
    alone = grouped.share_interval(right, [*range(20)])
    assert alone is not None
    assert alone.low == pytest.approx(wilson(15, 20).low, abs=0.03)  # type: ignore[union-attr]
    assert grouped.share_interval(np.empty(0, bool)) is None


def test_alike_groups_widen_the_interval_and_mixed_ones_do_not() -> None:
    right = np.arange(40) < 28
    alike, mixed = np.arange(40) // 4, np.arange(40) % 10
    wide, narrow = (grouped.share_interval(right, g.tolist()) for g in (alike, mixed))
    plain = wilson(28, 40)
    assert wide is not None and narrow is not None and plain is not None
    assert wide.high - wide.low > 1.5 * (plain.high - plain.low)
    assert narrow == plain


@pytest.mark.parametrize("correlation", [0.0, 0.1, 0.3])
def test_intervals_of_groups_hold_the_true_share(correlation: float) -> None:
    rng, hits, rounds, share = np.random.default_rng(3), 0, 400, 0.8
    of = np.arange(60) // 5
    for _round in range(rounds):
        shares = np.full(12, share)
        if correlation:
            scale = 1 / correlation - 1
            shares = rng.beta(share * scale, (1 - share) * scale, 12)
        found = grouped.share_interval(rng.random(60) < shares[of], of.tolist())
        assert found is not None
        hits += found.low <= share <= found.high
    assert 0.92 <= hits / rounds <= 0.985


def _confusable(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Truth and predictions of three uneven classes."""
    truth = np.repeat(np.arange(3), (size // 2, size // 3, size - size // 2 - size // 3))
    wrong = rng.random(size) > np.array([0.95, 0.8, 0.5])[truth]
    return truth, np.where(wrong, (truth + 1) % 3, truth)


def test_intervals_of_balanced_accuracy_and_macro_f1_hold_the_true_ones() -> None:
    rng, rounds = np.random.default_rng(5), 300
    truth, said = _confusable(rng, 60_000)
    tp = np.bincount(truth[truth == said])
    f1 = float((2 * tp / (np.bincount(truth) + np.bincount(said))).mean())
    hits = np.zeros(2)
    for _round in range(rounds):
        truth, said = _confusable(rng, 60)
        one = grouped.balanced_interval(truth == said, truth)
        other = grouped.macro_f1_interval(truth, said, 3)
        assert one is not None and other is not None
        hits += one.low <= 0.75 <= one.high, other.low <= f1 <= other.high
    assert (hits / rounds >= 0.92).all() and (hits / rounds <= 0.985).all()


def test_where_all_is_right_the_interval_is_no_point() -> None:
    truth = np.repeat(np.arange(3), 5)
    one = grouped.balanced_interval(np.ones(15, bool), truth)
    other = grouped.macro_f1_interval(truth, truth, 3)
    assert one is not None and other is not None
    assert one.low < 0.85 and other.low < 0.85 and one.high == other.high == 1


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize("right", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("classes", [1, 3])
def test_intervals_of_few_samples_hold_the_figure_and_are_no_points(
    n: int, right: float, classes: int
) -> None:
    truth = np.arange(n) % classes
    hits = np.arange(n) < right * n
    said = np.where(hits, truth, (truth + 1) % 3)
    for groups in ((), (np.arange(n) // 2).tolist()):
        found = [
            (grouped.share_interval(hits, groups), hits.mean()),
            (grouped.share_like_interval(hits.astype(float), groups), hits.mean()),
            (grouped.balanced_interval(hits, truth, groups), right),
            (grouped.macro_f1_interval(truth, said, 3, groups), right),
        ]
        for ends, figure in found:
            assert ends is not None
            assert 0 <= ends.low < ends.high <= 1
            if right in {0.0, 1.0}:
                assert ends.low <= figure <= ends.high
                assert ends.high - ends.low > 0.1
