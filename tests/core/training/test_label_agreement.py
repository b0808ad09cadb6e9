"""Labels of somebody else are predicted by one's own."""

import numpy as np

from transfergui.core.training.label_agreement import agreement


def examples(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Three classes that overlap little."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    return 3 * np.eye(3, 8)[labels] + rng.normal(size=(count, 8)), labels


def test_correct_labels_agree_and_exchanged_ones_contradict() -> None:
    own, theirs = examples(1, 30), examples(2, 60)
    right, wrong = (agreement(*own, theirs[0], (theirs[1] + by) % 3) for by in (0, 1))
    assert right is not None and wrong is not None
    assert (right.word, wrong.word) == ("agree", "contradict")
    assert wrong.agree < 10 and right.agree > 50


def test_too_few_labels_are_not_judged() -> None:
    theirs = examples(2, 60)
    assert agreement(*examples(1, 30), theirs[0][:19], theirs[1][:19]) is None
    unknown = np.full(60, 7)  # a class of which there is nothing of one's own
    assert agreement(*examples(1, 30), theirs[0], unknown) is None
