"""Several labels per sample: right values, scikit-learn as the measure, known small examples."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from transfergui.core.figures import multilabel
from transfergui.core.figures.bootstrap import resamples
from transfergui.core.figures.intervals import Z95, t95, wilson, wilson_of

TARGETS = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=np.uint8)
PREDICTED = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0]], dtype=bool)


def drawn(n: int, labels: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and probabilities that know something of them."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, labels)) < 0.2
    return truth, np.clip(0.6 * rng.random((n, labels)) + 0.3 * truth, 0, 1)


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Any labels, probabilities of few different values, so that many are equal."""
    n, labels = draw(st.integers(1, 25)), draw(st.integers(1, 4))
    seed = draw(st.integers(0, 2**31))
    levels = draw(st.integers(1, 12))
    rng = np.random.default_rng(seed)
    truth = rng.random((n, labels)) < draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    return truth, rng.integers(0, levels + 1, (n, labels)) / levels


# -- average precision


@given(cases())
def test_average_precision_is_that_of_scikit_learn(case) -> None:
    truth, scores = case
    found = multilabel.average_precision(truth, scores)
    for label, value in enumerate(found):
        if not truth[:, label].any():
            assert value is None
        else:
            wanted = sklearn_metrics.average_precision_score(truth[:, label], scores[:, label])
            assert value == pytest.approx(wanted, abs=1e-12)


def test_average_precision_by_hand() -> None:
    """Positives at ranks 1 and 3: (1 + 2/3) / 2. All equal: the share of positives."""
    truth = np.array([[1, 1], [0, 0], [1, 0], [0, 0]])
    scores = np.array([[0.9, 0.5], [0.8, 0.5], [0.7, 0.5], [0.1, 0.5]])
    assert multilabel.average_precision(truth, scores) == pytest.approx([5 / 6, 1 / 4])
    assert multilabel.mean_average_precision(truth, scores) == pytest.approx((5 / 6 + 1 / 4) / 2)


def test_a_label_without_positives_is_not_measured() -> None:
    truth = np.array([[1, 0], [0, 0]])
    scores = np.array([[0.9, 0.5], [0.2, 0.5]])
    assert multilabel.average_precision(truth, scores) == [1.0, None]
    assert multilabel.mean_average_precision(truth, scores) == 1.0
    nothing = np.zeros((3, 2))
    assert multilabel.mean_average_precision(nothing, nothing) is None
    assert multilabel.mean_average_precision_interval(nothing, nothing) is None
    assert multilabel.average_precision(np.zeros((0, 2)), np.zeros((0, 2))) == [None, None]


def test_bootstrap_draws_whole_samples() -> None:
    """The same as by scikit-learn on each resample, one by one."""
    truth, scores = drawn(40, 3)
    means = []
    for rows in np.concatenate([*resamples(40, 60, seed=5)]):
        values = [
            sklearn_metrics.average_precision_score(truth[rows, k], scores[rows, k])
            for k in range(3)
            if truth[rows, k].any()
        ]
        means.append(np.mean(values))
    figure = multilabel.mean_average_precision(truth, scores)
    assert figure is not None
    found = multilabel.mean_average_precision_interval(truth, scores, seed=5, count=60)
    assert found is not None
    centre = 2 * figure - float(np.mean(means))
    size = centre * (1 - centre) / (np.var(means) + 1 / 40**2)
    wider = (t95(int(np.median(truth.sum(0))) - 1) / Z95) ** 0.5
    wanted = wilson_of(centre, size, wider * Z95)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_bootstrap_is_reproducible_and_holds_the_figure() -> None:
    truth, scores = drawn(300, 4)
    first = multilabel.mean_average_precision_interval(truth, scores, seed=1)
    assert first == multilabel.mean_average_precision_interval(truth, scores, seed=1)
    assert first != multilabel.mean_average_precision_interval(truth, scores, seed=2)
    mean = multilabel.mean_average_precision(truth, scores)
    assert first is not None and mean is not None
    assert first.low < mean < first.high


def test_bootstrap_of_one_positive_leaves_out_resamples_without_it() -> None:
    """Else they would count as 0; here the positive is first always."""
    truth = np.array([[1], [0], [0]])
    scores = np.array([[0.9], [0.5], [0.1]])
    found = multilabel.mean_average_precision_interval(truth, scores)
    assert found is not None
    assert found.high == 1.0
    assert found.low < 0.5  # of one positive, hardly anything is known


def test_bootstrap_is_fast() -> None:
    """Measured 0.1 s on a busy machine of two cores."""
    truth, scores = drawn(1000, 20)
    start = time.process_time()
    multilabel.mean_average_precision_interval(truth, scores)
    assert time.process_time() - start < 2


# -- thresholds


def best_f1(truth: np.ndarray, scores: np.ndarray) -> float:
    """Over all thresholds that make a difference."""
    return max(
        sklearn_metrics.f1_score(truth, scores >= cut, zero_division=0) for cut in np.unique(scores)
    )


@settings(max_examples=40)
@given(cases())
def test_thresholds_have_the_best_f1(case) -> None:
    truth, scores = case
    cuts = multilabel.choose_thresholds(truth, scores, fewest=1)
    decided = multilabel.decide(scores, cuts)
    for label, cut in enumerate(cuts):
        positives = truth[:, label].sum()
        if positives in (0, len(truth)):
            assert cut == 0.5
        else:
            found = sklearn_metrics.f1_score(truth[:, label], decided[:, label])
            assert found == pytest.approx(best_f1(truth[:, label], scores[:, label]))
            assert 0 <= cut <= 1


def test_threshold_is_midway_between_neighbours() -> None:
    truth = np.array([[1], [1], [0], [0]])
    scores = np.array([[0.9], [0.7], [0.3], [0.1]])
    assert multilabel.choose_thresholds(truth, scores, fewest=1) == [pytest.approx(0.5)]
    scores = np.array([[0.4], [0.3], [0.1], [0.0]])
    assert multilabel.choose_thresholds(truth, scores, fewest=1) == [pytest.approx(0.2)]


def test_threshold_that_predicts_all_lies_below_the_lowest() -> None:
    truth = np.array([[0], [1], [1]])
    scores = np.array([[0.9], [0.8], [0.6]])
    cuts = multilabel.choose_thresholds(truth, scores, fewest=1)
    assert cuts == [pytest.approx(0.3)]


def test_of_equally_good_thresholds_the_nearest_to_a_half_is_taken() -> None:
    """One right of 1, or two right of 3 and 2 of 4 true: F1 is 2/3 twice."""
    truth = np.array([[1], [0], [0], [1]])
    scores = np.array([[0.9], [0.8], [0.7], [0.6]])
    f1_first, f1_all = 2 * 1 / (1 + 2), 2 * 2 / (4 + 2)
    assert f1_first == f1_all
    assert multilabel.choose_thresholds(truth, scores, fewest=1) == [pytest.approx(0.3)]


def test_few_positives_keep_the_default() -> None:
    truth = np.zeros((20, 3), dtype=bool)
    truth[:4, 0] = truth[:5, 1] = True
    scores = np.where(truth, 0.3, 0.1)
    assert multilabel.choose_thresholds(truth, scores) == [0.5, pytest.approx(0.2), 0.5]


def test_neighbours_with_no_number_between_them() -> None:
    low = 0.25
    high = float(np.nextafter(low, 1))
    cuts = multilabel.choose_thresholds(np.array([[1], [0]]), np.array([[high], [low]]), fewest=1)
    assert multilabel.decide(np.array([[high], [low]]), cuts).tolist() == [[True], [False]]


# -- decisions


def test_figures_of_a_small_example() -> None:
    first, second, third = multilabel.label_figures(TARGETS, PREDICTED)
    assert (first.precision, first.recall, first.f1) == pytest.approx((2 / 3, 1, 4 / 5))
    assert (second.precision, second.recall, second.f1) == pytest.approx((1, 1 / 2, 2 / 3))
    assert (third.precision, third.recall, third.f1, third.support) == (None, None, None, 0)
    assert first.precision_interval == wilson(2, 3)
    assert second.recall_interval == wilson(1, 2)
    assert third.recall_interval is None
    assert multilabel.macro_f1(TARGETS, PREDICTED) == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert multilabel.micro_f1(TARGETS, PREDICTED) == pytest.approx(2 * 3 / (4 + 4))
    assert multilabel.exact_match(TARGETS, PREDICTED) == 2 / 4
    assert multilabel.share_without(TARGETS) == 1 / 4
    assert multilabel.share_without(PREDICTED) == 1 / 4


def test_a_label_that_is_predicted_but_never_true_has_a_precision() -> None:
    (row,) = multilabel.label_figures(np.zeros((4, 1)), np.array([[1], [1], [0], [0]]))
    assert (row.precision, row.recall, row.f1, row.predicted) == (0.0, None, None, 2)


def test_nothing_measured_gives_no_figure() -> None:
    nothing = np.zeros((0, 2))
    found = multilabel.measure(nothing, nothing, [0.5, 0.5], train_frequencies=[0.5, 0.1])
    assert found.n == 0
    figures = (found.mean_average_precision, found.interval, found.macro_f1, found.micro_f1)
    assert set(figures) == {None}
    assert (found.exact_match, found.exact_match_interval, found.none_true) == (None, None, None)
    assert found.baseline == multilabel.ConstantBaseline(None, None, None)


@settings(max_examples=40)
@given(cases())
def test_decisions_are_those_of_scikit_learn(case) -> None:
    truth, scores = (np.pad(given, ((0, 0), (0, 1))) for given in case)  # two labels at least
    decided = scores >= 0.5
    wanted = sklearn_metrics.f1_score(truth, decided, average="micro", zero_division=0)
    found = multilabel.micro_f1(truth, decided)
    if found is None:
        assert not truth.any() and not decided.any()
    else:
        assert found == pytest.approx(wanted)
    exact = sklearn_metrics.accuracy_score(truth, decided)
    assert multilabel.exact_match(truth, decided) == pytest.approx(exact)


def test_co_occurrence() -> None:
    labels = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1]], dtype=np.uint8)
    assert multilabel.co_occurrence(labels).tolist() == [[3, 2, 1], [2, 2, 1], [1, 1, 1]]


def test_co_occurrence_does_not_overflow() -> None:
    assert multilabel.co_occurrence(np.ones((300, 2), dtype=np.uint8)).tolist() == [[300, 300]] * 2


# -- baseline


def test_baseline_by_hand() -> None:
    """mAP of a constant is the share of positives; one label predicted always for micro F1."""
    truth = np.array([[1, 0], [1, 0], [1, 1], [0, 0]])
    found = multilabel.frequency_baseline(truth, [0.7, 0.1])
    assert found.mean_average_precision == pytest.approx((3 / 4 + 1 / 4) / 2)
    assert found.macro_f1 == pytest.approx((2 * 3 / (4 + 3) + 2 * 1 / (4 + 1)) / 2)
    assert found.micro_f1 == pytest.approx(2 * 3 / (4 + 4))


def test_baseline_predicts_as_many_labels_as_serve_micro_f1() -> None:
    """0.5 and 0.45: 2 * 0.5 / 1.95 with one, 2 * 0.95 / 2.95 with both."""
    truth = np.array([[1, 1], [1, 0], [0, 1], [0, 0]])
    assert multilabel.frequency_baseline(truth, [0.5, 0.45]).micro_f1 == 2 * 4 / (8 + 4)


@given(cases())
def test_baseline_is_the_constant_score(case) -> None:
    truth, _ = case
    constant = np.broadcast_to(truth.mean(axis=0), truth.shape)
    wanted = multilabel.mean_average_precision(truth, constant)
    found = multilabel.frequency_baseline(truth, truth.mean(axis=0)).mean_average_precision
    assert found == (None if wanted is None else pytest.approx(wanted))


def test_measure_holds_all_figures() -> None:
    truth, scores = drawn(100, 3)
    found = multilabel.measure(truth, scores, [0.4, 0.5, 0.6], 3, truth.mean(axis=0))
    decided = multilabel.decide(scores, [0.4, 0.5, 0.6])
    assert found.mean_average_precision == multilabel.mean_average_precision(truth, scores)
    assert found.interval == multilabel.mean_average_precision_interval(truth, scores, 3)
    aps = [row.average_precision for row in found.per_label]
    assert aps == multilabel.average_precision(truth, scores)
    assert found.macro_f1 == multilabel.macro_f1(truth, decided)
    assert found.exact_match == multilabel.exact_match(truth, decided)
    assert found.none_true == multilabel.share_without(truth)
    assert found.predicted_together == multilabel.co_occurrence(decided).tolist()
    assert found.baseline == multilabel.frequency_baseline(truth, truth.mean(axis=0))


@pytest.mark.parametrize(
    ("truth", "scores"),
    [
        (np.zeros((2, 2)), np.zeros((2, 3))),
        (np.zeros(2), np.zeros(2)),
        (np.full((2, 2), 2), np.zeros((2, 2))),
        (np.zeros((2, 2)), np.full((2, 2), 1.5)),
        (np.zeros((2, 2)), np.full((2, 2), np.nan)),
    ],
)
def test_what_does_not_fit_is_refused(truth: np.ndarray, scores: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"shape|labels|probabilities"):
        multilabel.average_precision(truth, scores)


def test_wrong_numbers_of_thresholds_and_frequencies_are_refused() -> None:
    with pytest.raises(ValueError, match="thresholds"):
        multilabel.decide(np.zeros((2, 3)), [0.5])
    with pytest.raises(ValueError, match="frequencies"):
        multilabel.frequency_baseline(np.zeros((2, 3)), [0.5])
