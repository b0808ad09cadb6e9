"""Labels contradict only where chance does not explain it, and where one's own tell anything."""

import pytest

from transfergui.core.figures.label_agreement import Word, judged


@pytest.mark.parametrize(
    ("agree", "total", "expected", "chance", "word"),
    [
        (3, 45, 0.74, 0.2, "contradict"),
        (17, 36, 0.67, 0.25, "unclear"),
        (36, 45, 0.74, 0.2, "agree"),
        (72, 150, 0.65, 0.1, "unclear"),  # as where a quarter of the labels are wrong
        (3, 45, 0.35, 0.2, "cannot_tell"),
    ],
)
def test_words(agree: int, total: int, expected: float, chance: float, word: Word) -> None:
    found = judged(agree, total, expected, chance)
    assert (found.word, found.agree) == (word, agree)
    assert found.expected == pytest.approx(total * expected)
