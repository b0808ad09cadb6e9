"""Figures of a report as they stand in its sentences."""

from __future__ import annotations

import functools

from transfergui.core import registry
from transfergui.core.base.figure_texts import hundredths, number, per_cent, told_apart
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data.imbalance import UNEVEN
from transfergui.core.figures.metrics import Report

NAMED = 5
"""How many classes a sentence names."""


def of_hundred(share: float) -> int:
    """A share in whole per cent; 0 and 100 are kept for "none" and "all"."""
    whole = int(hundredths(share))
    return whole if share in (0.0, 1.0) else min(99, max(1, whole))


def with_decimals(share: float, more: int) -> str:
    """The same with so many decimals."""
    return hundredths(share, more) if more else str(of_hundred(share))


def share_text(value: float | None) -> str:
    """A share in per cent."""
    return _("n/a") if value is None else per_cent(of_hundred(value))


def balanced_first(report: Report) -> bool:
    """Whether the classes are so uneven that accuracy alone would mislead."""
    return report.imbalance >= UNEVEN


def figure_text(report: Report, value: float, more: int = 0) -> str:
    """A value of the primary figure: ``84 %``, ``3.1 kg``; with so many digits ``more``."""
    if registry.objective(report.objective).primary.share:
        return per_cent(with_decimals(value, more))
    return f"{number(value, more)} {report.unit}".strip()


def figure_texts(report: Report, one: float, other: float) -> tuple[str, str]:
    """Two values of the primary figure that are compared."""
    return told_apart(functools.partial(figure_text, report), one, other)


def some_of(names: list[str]) -> str:
    return comma_list(names[:NAMED]) + (" …" if len(names) > NAMED else "")
