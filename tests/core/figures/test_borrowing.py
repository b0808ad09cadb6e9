import numpy as np
import pytest

from transfergui.core.evaluation import borrowed
from transfergui.core.figures import borrowing
from transfergui.core.figures.boosting import by_boosting
from transfergui.core.figures.borrowing import Labelled, by_likeness
from transfergui.core.figures.label_agreement import judged
from transfergui.core.figures.leaving_out import left_out


def clouds(rng: np.random.Generator, count: int, shift: float = 0.0) -> Labelled:
    """Three classes in eight dimensions."""
    labels = np.arange(count) % 3
    middles = 3 * np.eye(8)[:3]
    return Labelled(middles[labels] + shift + rng.normal(0, 0.7, (count, 8)), labels)


def test_what_is_alike_counts_more() -> None:
    rng = np.random.default_rng(0)
    own, near, far = clouds(rng, 30), clouds(rng, 60), clouds(rng, 60, shift=3.0)
    both = Labelled(*(np.concatenate(pair) for pair in zip(near, far, strict=True)))
    lent = by_likeness(own, both)
    assert lent.each.mean() == pytest.approx(1)
    assert lent.each[:60].mean() > 3 * lent.each[60:].mean()
    assert lent.before is not None
    assert lent.effective == pytest.approx(lent.before)  # enough of them are alike
    few = Labelled(both.features[50:], both.labels[50:])
    lent = by_likeness(own, few)
    assert lent.before is not None
    assert lent.before < 25  # flattened, as few would decide alone
    assert 35 <= lent.effective < 45
    assert lent.each[:10].mean() > 3 * lent.each[10:].mean()


def test_of_too_few_nothing_is_estimated() -> None:
    lent = by_likeness(clouds(np.random.default_rng(0), 6), clouds(np.random.default_rng(1), 40))
    assert not lent.estimated
    assert set(lent.each) == {1.0}


@pytest.mark.parametrize(
    ("weights", "expected"), [([1, 1, 1], 3), ([3, 0, 0], 1), ([0.1] * 10, 1), ([0, 0], 0)]
)
def test_samples_count_as_many_as_they_are_worth(weights: list[float], expected: float) -> None:
    assert borrowing.effective(np.array(weights)) == pytest.approx(expected)


def test_boosting_finds_wrong_labels_and_keeps_right_ones() -> None:
    """Also over many rounds: what is right does not drift to nothing."""
    rng = np.random.default_rng(0)
    own, source = clouds(rng, 15), clouds(rng, 120)
    wrong = np.arange(120) < 60
    labels = np.where(wrong, (source.labels + 1) % 3, source.labels)
    for rounds in (5, 50):
        lent = by_boosting(own, Labelled(source.features, labels), rounds)
        assert lent.each[wrong].mean() < 0.3
        assert lent.each[~wrong].mean() > 0.9
    again = by_boosting(own, Labelled(source.features, labels), 50)
    assert np.array_equal(again.each, lent.each)


def test_the_source_that_does_harm_is_named() -> None:
    rng = np.random.default_rng(0)
    own, val, good, bad = (clouds(rng, count) for count in (6, 90, 60, 60))
    bad = Labelled(bad.features, (bad.labels + 1) % 3)
    found = left_out(own, val, [good, bad], [np.ones(60), np.ones(60)])
    assert found is not None
    assert [each.verdict for each in found.without] == ["worse", "better"]
    assert found.without[1].accuracy > found.accuracy
    assert left_out(own, val, [good], [np.ones(60)]) is None


def test_a_source_that_contradicts_is_told_with_its_worst_samples() -> None:
    weights = np.array([0.1, 0.0, 1.0, 0.4, 0.2])
    names = {"old": ["a", "b", "c", "d", "e"]}
    lent = borrowing.Lent(weights)
    found = borrowing.described("tradaboost", 5, lent, {"old": weights}, True, names=names)
    assert found.sources[0].lost == ("a", "b", "d", "e")
    (note,) = borrowed.contradicting(found, "pictures")
    assert (note.code, note.values["lost"]) == ("borrow.contradicts", 4)
    half = borrowing.described("tradaboost", 5, lent, {"old": np.array([1.0, 0.0])}, True)
    assert not list(borrowed.contradicting(half, "pictures"))


def test_a_source_whose_labels_contradict_is_named_once_and_only_where_clear() -> None:
    weights = {name: np.ones(45) for name in ("old", "new")}
    labels = {"old": judged(3, 45, 0.8, 0.2), "new": judged(21, 45, 0.8, 0.2)}
    lent = borrowing.alike(90)
    found = borrowing.described("weighted_source", 30, lent, weights, False, labels=labels)
    (note,) = borrowed.contradicting(found, "pictures")
    assert (note.code, note.level) == ("borrow.labels_contradict", "warning")
    assert (note.values["path"], note.values["agree"], note.values["total"]) == ("old", 3, 45)
    assert "old" in note.sentence()
    lost = {"old": np.zeros(45)}
    found = borrowing.described("tradaboost", 30, lent, lost, True, labels=labels)
    (note,) = borrowed.contradicting(found, "pictures")
    assert note.code == "borrow.contradicts"
