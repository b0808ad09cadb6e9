"""Whether the labels of somebody else's examples agree with one's own.

A linear model of one's own training examples predicts theirs. How many predictions are as they are
labelled says little by itself: some classes are hard, and guessing is right at times. Therefore it
stands between two others: what is expected of examples that are labelled like one's own (the model,
cross-validated, class by class, with their shares of classes), and what would agree by chance.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from transfergui.core.base.records import Count, Number
from transfergui.core.figures.intervals import wilson_of

Word = Literal["agree", "unclear", "contradict", "cannot_tell"]
"""``cannot_tell``: one's own examples do not tell their classes well enough."""
FEWEST = 20
"""Labels on which it is judged."""
TELLING = 0.2
"""So much more than by chance must be expected."""


class LabelAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Of other data with labels.

    Attributes:
        agree, total: so many labels, of so many, are as predicted.
        expected: so many would be, were they labelled like one's own.
        chance: so many would be, had labels nothing to do with the examples.
    """

    word: Word
    agree: Count
    total: Count
    expected: Number
    chance: Number


def judged(agree: int, total: int, expected: float, chance: float) -> LabelAgreement:
    """
    Args:
        expected, chance: shares, 0 to 1.
    """
    share, half = agree / total, (expected + chance) / 2
    interval = wilson_of(share, total)
    word: Word = "unclear"
    if expected - chance < TELLING:
        word = "cannot_tell"
    elif interval.high < half:
        word = "contradict"
    elif interval.low > half and interval.high >= expected:  # else some of them may be wrong
        word = "agree"
    return LabelAgreement(
        word=word, agree=agree, total=total, expected=total * expected, chance=total * chance
    )
