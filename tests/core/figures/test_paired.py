"""Two models on the same samples."""

import math

import numpy as np
import pytest

from transfergui.core.figures import multilabel, paired
from transfergui.core.figures.questions import mcnemar


def shares(n: int, first_only: int, second_only: int) -> paired.Paired:
    first, second = np.ones(n, bool), np.ones(n, bool)
    first[:second_only] = False
    second[second_only : second_only + first_only] = False
    return paired.of_shares(first, second)


def test_a_clear_difference_is_told() -> None:
    assert shares(60, 1, 14).verdict == "better"
    worse = shares(60, 14, 1)
    assert worse.verdict == "worse"
    assert worse.p == mcnemar(14, 1)
    assert worse.difference == pytest.approx(-13 / 60)
    assert worse.low < worse.difference < worse.high < 0
    assert worse.needed is None


def test_a_difference_that_may_be_chance_needs_more_samples() -> None:
    found = shares(60, 2, 6)
    assert found.verdict == "unclear"
    assert found.needed is not None and 40 < found.needed < 200
    assert shares(60, 3, 3).needed is None
    assert shares(60, 0, 0).verdict == "unclear"


def test_the_samples_that_are_said_to_be_needed_show_the_difference() -> None:
    """8 times of 10, if it is as large as it looks."""
    need = shares(60, 3, 8).needed
    assert need is not None
    rng, n, found = np.random.default_rng(0), 60 + need, 0
    for _round in range(200):
        drawn = rng.choice(3, n, p=[49 / 60, 3 / 60, 8 / 60])
        found += paired.of_shares(drawn != 2, drawn != 1).verdict == "better"
    assert 130 <= found <= 185


def test_models_of_the_same_worth_are_seldom_told_apart() -> None:
    rng, told = np.random.default_rng(1), 0
    for _round in range(300):
        drawn = rng.choice(3, 60, p=[0.8, 0.1, 0.1])
        told += paired.of_shares(drawn != 2, drawn != 1).verdict != "unclear"
    assert told / 300 <= 0.06


def test_a_difference_that_another_seed_can_cause_is_none_of_recipes() -> None:
    """2.5 points on 2000 samples: of these models, for certain; of their recipes, not."""
    first = np.arange(2000) >= 250
    second = np.arange(2000) >= 200
    assert paired.of_shares(first, second).verdict == "better"
    found = paired.of_shares(first, second, seeds=paired.SEED_SHARE)
    assert (found.verdict, found.needed) == ("unclear", None)
    assert found.low < 0 < found.high
    much = np.arange(2000) >= 50
    assert paired.of_shares(first, much, seeds=paired.SEED_SHARE).verdict == "better"


def test_errors_of_numbers_are_better_where_they_are_smaller() -> None:
    rng = np.random.default_rng(2)
    first = rng.exponential(size=80)
    found = paired.of_values(first, first * 0.7, higher_is_better=False)
    assert found.verdict == "better" and found.high < 0
    same = paired.of_values(first, rng.permutation(first), higher_is_better=False)
    assert same.verdict == "unclear"


def test_a_difference_of_few_groups_is_not_one_of_many_samples() -> None:
    """One speaker of four is understood better, the others as well as before."""
    first, groups = np.zeros(80), (np.arange(80) // 20).tolist()
    second = np.where(np.arange(80) < 20, 1.0, 0.0)
    assert paired.of_values(first, second).verdict == "better"
    assert paired.of_values(first, second, groups).verdict == "unclear"


def test_figures_that_are_no_means() -> None:
    rng = np.random.default_rng(3)
    truth = rng.random((80, 3)) < 0.3
    good, poor = (np.clip(truth * 0.4 + rng.random((80, 3)) * w, 0, 1) for w in (0.4, 3.0))
    figures = [multilabel.MeanPrecision(truth, np.clip(s, 0, 1)) for s in (poor, good)]
    assert paired.of_figures(figures[0], figures[1], 80).verdict == "better"
    assert paired.of_figures(figures[1], figures[1], 80).verdict == "unclear"


def test_resamples_without_the_only_label_are_left_out() -> None:
    truth = np.array([[True], [False], [False], [False], [False]])
    figure = multilabel.MeanPrecision(truth, np.array([[0.4], [0.5], [0.6], [0.1], [0.2]]))
    assert paired.of_figures(figure, figure, 5)[1:4] == (0, 0, 0)


def test_of_fewer_than_five_examples_there_is_no_interval() -> None:
    figure = multilabel.MeanPrecision(np.ones((4, 1), dtype=bool), np.ones((4, 1)))
    found = paired.of_figures(figure, figure, 4)
    assert math.isnan(found.low) and math.isnan(found.high) and found.verdict == "unclear"
