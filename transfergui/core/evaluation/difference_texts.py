"""How the difference of two models is written."""

from __future__ import annotations

import math

from transfergui.core import registry
from transfergui.core.base.figure_texts import hundredths, number, span
from transfergui.core.base.i18n import _
from transfergui.core.figures.bootstrap import FEWEST

BALANCED = "balanced_accuracy"
"""Key of the figure of classes that are so uneven that accuracy alone would mislead."""


def figure_title(objective: str, figure: str) -> str:
    """What the figure is called, translated."""
    if figure == BALANCED:
        return _("Balanced accuracy")
    return _(registry.objective(objective).primary.title)


def ends_text(low: float | None, high: float | None, objective: str, unit: str) -> str:
    """The ends of an interval: ``−1 to +13 points``, ``−0.2 to +0.1 kg``, ``unknown (fewer than
    5)``."""
    if low is None or high is None or not math.isfinite(low):
        return _("unknown (fewer than {least})").format(least=FEWEST)
    if registry.objective(objective).primary.share:
        ends = (_signed(hundredths(abs(end)), end) for end in (low, high))
        return _("{span} points").format(span=span(*ends))
    ends = (_signed(number(abs(end)), end) for end in (low, high))
    return f"{span(*ends)} {unit}".strip()


def difference_text(value: float, objective: str, unit: str) -> str:
    """A difference: ``+7 points``, ``−0.2 kg``."""
    if registry.objective(objective).primary.share:
        text = _signed(hundredths(abs(value)), value)
        return _("{difference} points").format(difference=text)
    return f"{_signed(number(abs(value)), value)} {unit}".strip()


def _signed(text: str, value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{text}" if float(text) else text


def rounded_up(count: int) -> int:
    """With one digit that counts, two from 100 on: 60 of 57, 130 of 124."""
    step = 10 ** max(0, len(str(count)) - (1 if count < 100 else 2))
    return -(-count // step) * step
