import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.made_rows import made_rows
from transfergui.core.figures import one_class


def one_hot(answers, classes):
    return np.eye(classes)[answers]


def measured(truth, answers, classes="abc", **more):
    return one_class.measure(truth, one_hot(answers, len(classes)), classes, **more)


def test_figures_of_a_small_example():
    report = measured([0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 2, 2])
    assert report.accuracy == pytest.approx(4 / 6)
    assert report.balanced_accuracy == pytest.approx((1 / 2 + 2 / 3 + 1) / 3)
    assert report.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 2 / 3) / 3)
    assert report.confusion == [[1, 1, 0], [0, 2, 1], [0, 0, 1]]
    assert report.per_class["b"].precision == pytest.approx(2 / 3)
    assert [c.count for c in report.confused] == [1, 1]
    assert (report.n, report.confidence) == (6, 1.0)


def test_a_class_without_samples_is_not_measured_and_not_counted():
    report = measured([0, 0, 1], [0, 2, 1])
    row = report.per_class["c"]
    assert (row.precision, row.recall, row.f1, row.support) == (None, None, None, 0)
    assert report.balanced_accuracy == pytest.approx(0.75)


def test_a_class_that_is_never_answered_has_no_precision():
    row = measured([0, 1], [0, 0]).per_class["b"]
    assert (row.precision, row.recall, row.f1) == (None, 0.0, 0.0)


def test_one_class_only_and_nothing_right():
    """Counts stay whole numbers, whatever scikit-learn makes of it."""
    report = measured([0, 0, 0], [1, 1, 1])
    assert [report.per_class[name].support for name in "abc"] == [3, 0, 0]
    assert type(report.per_class["a"].support) is int
    assert (report.accuracy, report.balanced_accuracy) == (0, 0)
    assert report.confusion == [[0, 3, 0], [0, 0, 0], [0, 0, 0]]


def test_nothing_measured_gives_no_figure():
    report = measured([], np.empty(0, int), train_counts=[3, 2, 1])
    assert report.n == 0
    figures = (report.accuracy, report.balanced_accuracy, report.macro_f1, report.interval)
    assert set(figures) == {None}
    assert report.majority is None


def test_the_majority_class_is_that_of_the_training_or_of_the_test_samples():
    report = measured([0, 0, 1, 1], [0, 0, 0, 1], train_counts=[1, 9, 3])
    assert (report.majority_class, report.majority, report.imbalance) == ("b", 0.5, 9.0)
    report = measured([0, 0, 0, 1], [0, 0, 0, 1], train_counts=[1, 9, 3])
    assert (report.majority_class, report.majority, report.imbalance) == ("a", 0.75, 9.0)
    report = measured([0, 0, 0], [0, 0, 0], train_counts=[1, 9, 3])
    assert (report.majority_class, report.majority) == ("a", 1.0)


@given(
    st.lists(st.integers(0, 2), min_size=1), st.lists(st.integers(0, 50), min_size=3, max_size=3)
)
def test_no_class_is_right_more_often_than_the_majority_baseline(truth, train_counts):
    report = measured(truth, truth, train_counts=train_counts)
    assert report.majority == max(truth.count(label) for label in range(3)) / len(truth)
    assert report.majority == truth.count("abc".index(report.majority_class)) / len(truth)


def test_figures_agree_with_scikit_learn_on_random_answers():
    from sklearn import metrics as sk

    rng = np.random.default_rng(0)
    truth, answers = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    report = measured(truth, answers)
    assert report.balanced_accuracy == pytest.approx(sk.balanced_accuracy_score(truth, answers))
    assert report.macro_f1 == pytest.approx(sk.f1_score(truth, answers, average="macro"))
    assert report.confusion == sk.confusion_matrix(truth, answers).tolist()


def test_ten_thousand_classes_make_a_small_report():
    count, n = 10_000, 500
    rng = np.random.default_rng(0)
    truth = rng.integers(0, count, n)
    probabilities = np.zeros((n, count), np.float32)
    probabilities[np.arange(n), np.where(truth < count // 2, truth, 7)] = 1
    names = [str(i) for i in range(count)]
    report = one_class.measure(truth, probabilities, names)
    assert len(report.confusion) == len(report.confusion_classes) == one_class.CONFUSED_CLASSES
    assert "7" in report.confusion_classes
    assert sum(map(sum, report.confusion)) > 0
    assert len(json.dumps(msgspec.to_builtins(report))) < 2_000_000
    assert made_rows(names[:n], truth, probabilities, names)[0].cells == ()


@pytest.mark.parametrize(
    ("truth", "probabilities"),
    [
        ([0], [[0.5, 0.5]]),
        ([0, 1], [[0.2, 0.2, 0.6]]),
        ([3], [[0.2, 0.2, 0.6]]),
        ([0], [[2.0, -1.0, 0.0]]),
        ([0], [[1.0, 3.0, 2.0]]),
        ([0], [[np.nan, 0.5, 0.5]]),
    ],
)
def test_what_are_no_probabilities_is_refused(truth, probabilities):
    with pytest.raises(ValueError, match=r"."):
        one_class.measure(truth, np.array(probabilities), "abc")
