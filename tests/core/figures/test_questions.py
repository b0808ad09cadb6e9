"""Several questions: published examples of the tests, and verdicts that keep their promise."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transfergui.core.figures import questions
from transfergui.core.figures.intervals import wilson

counts = st.integers(0, 60)


def outcomes(both: int, gained: int, lost: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    together = [1] * both + [1] * gained + [0] * lost + [0] * neither
    alone = [1] * both + [0] * gained + [1] * lost + [0] * neither
    return np.array(together, dtype=bool), np.array(alone, dtype=bool)


# -- accuracy


def test_missing_answers_are_not_counted() -> None:
    truth = np.array([[0, 2, -1], [1, -1, -1], [1, 1, -1]])
    predicted = np.array([[0, 2, 1], [0, 0, 0], [1, 1, 2]])
    first, second, third = questions.accuracies(truth, predicted)
    assert (first.accuracy, first.right, first.n) == (2 / 3, 2, 3)
    assert first.interval == wilson(2, 3)
    assert (second.accuracy, second.right, second.n) == (1.0, 2, 2)
    assert third == questions.QuestionFigures(None, 0, 0, None)
    assert questions.mean_accuracy((first, second, third)) == pytest.approx(5 / 6)
    assert questions.mean_accuracy((third,)) is None


def test_a_missing_answer_is_never_right() -> None:
    """Not even where the prediction is -1, too."""
    assert questions.accuracies(np.array([[-1]]), np.array([[-1]]))[0].n == 0


def test_the_interval_of_the_mean_holds_what_the_bootstrap_gives() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, (200, 2))
    truth[::4, 1] = -1
    right = rng.random((200, 2)) < (0.9, 0.5)
    predicted = np.where(right, truth, (truth + 1) % 3)
    found = questions.mean_accuracy_interval(truth, predicted)
    mean = questions.mean_accuracy(questions.accuracies(truth, predicted))
    assert found is not None
    assert mean is not None
    # two independent shares of 200 and 150: half the root of their summed variances
    half = 1.96 * 0.5 * math.sqrt(0.9 * 0.1 / 200 + 0.5 * 0.5 / 150)
    assert (found.low, found.high) == pytest.approx((mean - half, mean + half), abs=0.01)
    none = np.full((3, 2), -1)
    assert questions.mean_accuracy_interval(none, none) is None


# -- exact McNemar


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 2 / 32),
        (6, 0, 2 / 64),
        (7, 1, 2 * 9 / 256),  # Bentur et al. 2009, in Fagerland, Lydersen, Laake 2013: 0.070
        (16, 6, 0.052478790283203125),  # Cavo et al. 2012, likewise
        (10, 10, 1.0),
    ],
)
def test_mcnemar(gained: int, lost: int, p: float) -> None:
    assert questions.mcnemar(gained, lost) == p
    assert questions.mcnemar(lost, gained) == p


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_binomial_test(gained: int, lost: int) -> None:
    from scipy import stats

    wanted = stats.binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert questions.mcnemar(gained, lost) == pytest.approx(wanted, rel=1e-9)


def test_mcnemar_of_many_samples() -> None:
    """By the normal approximation, corrected for continuity (Edwards 1948)."""
    z = (10_200 - 9_800 - 1) / 20_000**0.5
    assert questions.mcnemar(10_200, 9_800) == pytest.approx(math.erfc(z / 2**0.5), rel=1e-3)


# -- Newcombe's paired interval


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((59, 6, 16, 80), -0.1186, -0.0046),  # Cavo et al. 2012, as R's contingencytables
        ((1, 1, 7, 12), -0.507, -0.026),  # Bentur et al. 2009, in Fagerland et al. 2014
    ],
)
def test_published_intervals(table: tuple[int, ...], low: float, high: float) -> None:
    found = questions.paired_interval(*table)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_interval_without_correlation_is_that_of_independent_shares() -> None:
    """A product between 0 and n / 2 counts as none: Newcombe's method 10 of two samples."""
    found = questions.paired_interval(10, 10, 10, 10)
    one = wilson(20, 40)
    assert found is not None and one is not None
    assert found.high == pytest.approx(math.hypot(one.high - 0.5, 0.5 - one.low))


def test_intervals_of_nothing_and_of_agreement() -> None:
    assert questions.paired_interval(0, 0, 0, 0) is None
    found = questions.paired_interval(50, 0, 0, 50)
    assert found is not None
    assert found.low == pytest.approx(-found.high)
    assert found.high < 0.03


@given(counts, counts, counts, counts)
def test_intervals_hold_the_difference_and_mirror(a: int, b: int, c: int, d: int) -> None:
    found, mirrored = questions.paired_interval(a, b, c, d), questions.paired_interval(a, c, b, d)
    if not a + b + c + d:
        assert found is None
        return
    assert found is not None and mirrored is not None
    assert -1 <= found.low <= (b - c) / (a + b + c + d) + 1e-12
    assert (b - c) / (a + b + c + d) - 1e-12 <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((-mirrored.high, -mirrored.low), abs=1e-12)


# -- verdicts


@pytest.mark.parametrize(
    ("table", "verdict", "difference"),
    [
        ((60, 20, 4, 16), "helped", 0.16),
        ((60, 4, 20, 16), "harmed", -0.16),
        ((60, 11, 9, 20), "unclear", 0.02),
        ((0, 0, 0, 0), "unclear", None),
        ((100, 0, 0, 0), "unclear", 0.0),
    ],
)
def test_verdicts(table: tuple[int, ...], verdict: str, difference: float | None) -> None:
    found = questions.compare(*outcomes(*table))
    assert found.verdict == verdict
    assert found.difference == (None if difference is None else pytest.approx(difference))
    assert (found.only_together, found.only_alone, found.n) == (table[1], table[2], sum(table))


def test_an_interval_above_zero_alone_is_not_enough() -> None:
    """The interval leaves out 0, the exact test says 0.0525."""
    found = questions.compare(*outcomes(59, 6, 16, 80))
    assert found.interval is not None
    assert found.interval.high < 0
    assert found.verdict == "unclear"


def test_of_two_equal_models_hardly_one_in_twenty_is_called_different() -> None:
    rng = np.random.default_rng(0)
    verdicts = [questions.compare(*(rng.random((2, 80)) < 0.7)).verdict for _ in range(600)]
    assert sum(verdict != "unclear" for verdict in verdicts) / 600 < 0.05


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 1)])
def test_what_does_not_fit_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shapes"):
        questions.accuracies(np.zeros((3, 2)), np.zeros(shape))
    with pytest.raises(ValueError, match="shapes"):
        questions.compare(np.zeros(4, dtype=bool), np.zeros(shape, dtype=bool))
