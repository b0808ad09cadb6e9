"""What the points of a map are coloured by, as groups: each has a colour, a symbol and a name.

Each group has a symbol of its own beside its colour.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from transfergui.core.base.figure_texts import figure_text
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.base.class_colours import DARK, LIGHT

MOST = 10
"""Groups with a colour of their own: nobody tells more apart. The others are grey."""
LEVELS = 8
"""Steps of a number."""

SYMBOLS = ("o", "s", "t", "d", "+", "x", "p", "t1", "h", "star")
SHADES = {
    False: ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"),
    True: ("#f6e620", "#7ad151", "#22a884", "#2a788e", "#6a5acd"),
}
"""From low to high, by whether the window is dark (after matplotlib's viridis)."""


@dataclass(frozen=True)
class Group:
    """Points that look alike.

    Attributes:
        rows: of the points [M].
        symbol: as of pyqtgraph.
    """

    name: str
    rows: np.ndarray
    colour: QColor
    symbol: str = "o"

    @property
    def text(self) -> str:
        """``dress (42)``."""
        return f"{shown(self.name)} ({len(self.rows)})"


def groups(values: Sequence[str] | np.ndarray, count: int) -> list[Group]:
    """The groups of ``count`` points, the largest first; of numbers, from low to high."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu":
        return _levels(values.astype(float))
    return _categories([str(value) for value in values])


def _categories(values: Sequence[str]) -> list[Group]:
    found = np.array(values, dtype=object)
    names = [name for name, _count in Counter(values).most_common()]
    known = names if len(names) <= MOST else names[: MOST - 1]
    colours = DARK if style.tokens().dark else LIGHT
    made = [
        Group(name, np.flatnonzero(found == name), QColor(colours[place]), SYMBOLS[place])
        for place, name in enumerate(known)
    ]
    if len(names) > len(known):
        rest = np.flatnonzero(~np.isin(found.astype(str), np.array(known, dtype=str)))
        text = _("Others: {count}").format(count=len(names) - len(known))
        made.append(Group(text, rest, style.colour("muted")))
    return made


def _levels(values: np.ndarray) -> list[Group]:
    known = values[np.isfinite(values)]
    if not len(known):
        return [Group(_("n/a"), np.arange(len(values)), style.colour("muted"))]
    quantiles = np.quantile(known, np.linspace(0, 1, LEVELS + 1))
    edges: list[float] = sorted(set(map(float, np.asarray(quantiles))))
    steps = max(1, len(edges) - 1)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, steps - 1)
    made = []
    for step in range(steps):
        rows = np.flatnonzero((places == step) & np.isfinite(values))
        low, high = edges[step], edges[min(step + 1, len(edges) - 1)]
        name = _("{low} to {high}").format(low=figure_text(low), high=figure_text(high))
        made.append(Group(name, rows, _shade((step + 0.5) / steps)))
    rest = np.flatnonzero(~np.isfinite(values))
    return made + ([Group(_("n/a"), rest, style.colour("muted"))] if len(rest) else [])


def _shade(share: float) -> QColor:
    stops = [QColor(name) for name in SHADES[style.tokens().dark]]
    place = share * (len(stops) - 1)
    low, at = stops[math.floor(place)], place - math.floor(place)
    high = stops[min(math.floor(place) + 1, len(stops) - 1)]

    def mixed(one: int, other: int) -> int:
        return round(one + at * (other - one))

    return QColor(
        mixed(low.red(), high.red()),
        mixed(low.green(), high.green()),
        mixed(low.blue(), high.blue()),
    )
