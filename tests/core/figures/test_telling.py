"""Classes told apart by a property, and what chance would give."""

import numpy as np
import pytest

from transfergui.core.figures import telling

CLASSES, EACH = 4, 40
LABELS = np.repeat(np.arange(CLASSES), EACH)
ALONE = [str(number) for number in range(len(LABELS))]
FOLDS = telling.folds_of(LABELS, ALONE)


def bins_of(values: np.ndarray) -> np.ndarray:
    return telling.binned(values)[0]


def test_a_class_of_its_own_is_told_from_all_others() -> None:
    noise = np.random.default_rng(0).normal(size=len(LABELS))
    found = telling.by_bins(bins_of(noise + 5 * (LABELS == 2)), LABELS, FOLDS, CLASSES)
    assert found.each[2] > 0.95
    assert found.each[[0, 1, 3]].max() < 0.8
    assert telling.by_bins(bins_of(LABELS.astype(float)), LABELS, FOLDS, CLASSES).together == 1


def test_nothing_is_told_by_noise() -> None:
    noise = bins_of(np.random.default_rng(1).normal(size=len(LABELS)))
    found = telling.by_bins(noise, LABELS, FOLDS, CLASSES)
    shuffles = np.array(list(telling.shuffled(LABELS, ALONE, 99)))
    together, best = telling.by_bins_shuffled(noise, shuffles, FOLDS, CLASSES)
    assert telling.share_of_chance(found.together, together) > 0.05
    assert together.mean() == pytest.approx(1 / CLASSES, abs=0.02)
    assert best.mean() > 0.5  # the best of four classes


def test_what_belongs_to_a_group_is_no_evidence() -> None:
    """Eight groups, each of one class and with a value of its own: nothing is known of a ninth."""
    groups = np.repeat(np.arange(8), 20)
    labels, values = groups % 2, groups.astype(float)
    folds = telling.folds_of(labels, groups.tolist())
    assert telling.by_bins(bins_of(values), labels, folds, 2).together < 0.7
    rows = np.array(list(telling.shuffled(labels, groups.tolist(), 20)))
    assert all(len(np.unique(row[groups == group])) == 1 for row in rows for group in range(8))


def test_within_a_group_of_several_classes_labels_are_shuffled() -> None:
    groups = np.repeat(np.arange(20), 8)
    labels = np.tile(np.arange(4), 40)
    for row in telling.shuffled(labels, groups.tolist(), 5):
        counts = [np.bincount(row[groups == group], minlength=4).tolist() for group in range(20)]
        assert counts == [[2, 2, 2, 2]] * 20


def test_unknown_values_and_names_are_bins() -> None:
    bins, count = telling.binned(np.array([1.0, 2.0, np.nan, 2.0]))
    assert bins.tolist() == [0, 1, 2, 1]
    assert count == 3
    bins, count = telling.binned(np.array(["b", "a", "b"]))
    assert (bins.tolist(), count) == ([0, 1, 0], 2)
    assert telling.binned(np.full(5, np.nan))[1] == 1


def test_the_nearest_of_whitened_means_is_a_linear_probe() -> None:
    rng = np.random.default_rng(2)
    features = rng.normal(size=(len(LABELS), 300))  # more than samples
    features[:, :CLASSES] += 4 * np.eye(CLASSES)[LABELS]
    found = telling.by_means(telling.whitened(features), LABELS, FOLDS, CLASSES)
    assert found.together > 0.9
    assert found.each.min() > 0.85


def test_a_number_is_followed() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=200)
    folds = telling.folds_of(np.zeros(200, int), [str(at) for at in range(200)])
    noise = rng.normal(size=200)
    assert telling.correlation(bins_of(values + 0.2 * noise), values, folds) > 0.9
    assert abs(telling.correlation(bins_of(noise), values, folds)) < 0.2
    assert telling.linear_correlation(telling.whitened(values[:, None]), values, folds) > 0.95


def test_the_tail_of_maxima_is_that_of_counting() -> None:
    rng = np.random.default_rng(4)
    maxima = rng.normal(size=(20_000, 30)).max(axis=1)
    some, limit = maxima[:199], np.quantile(maxima, 0.999)
    assert 0.0002 < telling.tail_of_chance(float(limit), some) < 0.005
    assert telling.tail_of_chance(float(np.median(maxima)), some) == pytest.approx(0.5, abs=0.1)
