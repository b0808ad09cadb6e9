"""How figures are written: per cent, numbers with useful digits, ranges, two that are compared."""

from __future__ import annotations

import math
from collections.abc import Callable

from transfergui.core.base.i18n import _

MORE_DIGITS = 3
"""At most so many digits beyond the usual ones tell two figures apart."""
FINE = 1000
"""From so many examples on, a tenth of a per cent is at least one of them."""
HALF_ERROR = 1e-9
"""What binary fractions take from a half."""
MOST_DECIMALS = 6
"""A number with more is written with powers of ten."""


def percent(share: float | None, decimals: int = 1) -> str:
    """``85.3 %``; n/a where there was nothing to measure."""
    return _("n/a") if share is None else per_cent(hundredths(share, decimals))


def hundredths(share: float, decimals: int = 0) -> str:
    """A share times 100: a half goes up, as people round (23 of 40 is 58, 21 of 40 is 53).

    ``round`` and ``format`` take the even one of 52.5 and, as 0.575 is a little less in binary, the
    lower one of 57.5: five points became four or six.
    """
    scale = 10**decimals
    whole = math.floor(abs(share) * 100 * scale + 0.5 + HALF_ERROR)
    return f"{math.copysign(whole / scale, share):.{decimals}f}" if whole else f"{0:.{decimals}f}"


def per_cent(figure: str | int) -> str:
    """A figure that is per cent, as the language writes it: ``85 %``, Chinese ``85%``."""
    return _("{value} %").format(value=figure)


def suffix(unit: str) -> str:
    """What stands after a figure with this unit: `` px``; nothing without one."""
    return per_cent("") if unit == "%" else f" {_(unit)}" if unit else ""


def share_decimals(count: int) -> int:
    """Decimals of a per cent that so many examples can carry."""
    return 0 if count < FINE else 1


def number(value: float, more: int = 0) -> str:
    """Three digits and so many ``more``, and no powers of ten where they can be avoided:
    ``3.12``, ``12400``."""
    return f"{value:.{more}f}" if 1000 <= abs(value) < 1e15 else f"{value:.{3 + more}g}"


def span(low: str, high: str) -> str:
    """From one figure to another; a dash would be read as a minus."""
    return _("{low} to {high}").format(low=low, high=high)


def told_apart(text: Callable[[float, int], str], one: float, other: float) -> tuple[str, str]:
    """Two figures with as many digits as tell them apart; both alike where they hardly differ.

    Args:
        text: of a figure, with so many digits beyond the usual ones.
    """
    for more in range(MORE_DIGITS + 1):
        found = text(one, more), text(other, more)
        if found[0] != found[1]:
            return found
    return text(one, 0), text(other, 0)


def share_ends(low: float, high: float) -> tuple[str, str]:
    """The ends of an interval of shares, times 100, in whole ones unless those are alike."""
    return told_apart(hundredths, low, high)


def percent_ends(low: float, high: float, decimals: int = 1) -> tuple[str, str]:
    """The same as :func:`percent` writes them, with more decimals where they are alike."""
    return told_apart(lambda share, more: percent(share, decimals + more), low, high)


def figure_text(value: float) -> str:
    """A number as people read it: four digits, but for all before the point: ``543210``."""
    return f"{value:.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"


def rounded_text(value: float, error: float | None) -> str:
    """A predicted number with the digits that its error can carry: ``-4.6`` of ``3.2``.

    Args:
        error: how far predictions are from the truth on average, of which two digits count; None
            or 0 where that is not known.
    """
    if not error or not (math.isfinite(error) and math.isfinite(value)) or abs(value) >= 1e15:
        return figure_text(value)
    decimals = 1 - math.floor(math.log10(error))
    if decimals > MOST_DECIMALS:
        return figure_text(value)
    return f"{round(value, decimals) + 0.0:.{max(0, decimals)}f}"  # 0.0 for -0.0


def bytes_text(count: int) -> str:
    """``38 MB``, ``1.2 GB``, ``4 KB``; of very little, ``1 KB``."""
    for unit, size in (("GB", 1e9), ("MB", 1e6)):
        if count >= 0.95 * size:
            value = count / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return f"{max(int(count > 0), round(count / 1e3))} KB"


def within(title: str) -> str:
    """A title amid a sentence: ``mean absolute error``, but ``F1 of the labels``."""
    return title[:1].lower() + title[1:] if title[1:2].islower() or title[1:2] == " " else title
