"""How often predictions of a number are how far off: bars around zero."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.plots.curve_data import whole_above

BARS = 12
"""About so many."""


def error_bins(errors: Sequence[float]) -> tuple[float, list[tuple[float, int]]]:
    """The width of a bar, and the middle and the height of each; zero lies between two of them.

    Args:
        errors: predicted minus true.
    """
    largest = max(map(abs, errors), default=0.0)
    width = whole_above(2 * largest / BARS) if largest else 1.0
    places = [math.floor(error / width) for error in errors]
    found = range(min(places, default=0), max(places, default=0) + 1)
    return width, [((place + 0.5) * width, places.count(place)) for place in found]


class ErrorHistogram(QFrame):
    """See the module."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.plot = pg.PlotWidget(self)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(False, False)
        self.plot.setAccessibleName(_("Distribution of the errors"))
        self._bars = pg.BarGraphItem(x=[0.0], height=[0], width=1.0)
        self._zero = pg.InfiniteLine(0.0, 90)
        self.plot.addItem(self._bars)
        self.plot.addItem(self._zero)
        self.bins: list[tuple[float, int]] = []
        self._unit = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.GAP, style.INSIDE, style.INSIDE, style.GAP)
        layout.addWidget(self.plot)
        style.theme.changed.connect(self._restyle)
        self._restyle()

    def fill(self, errors: Sequence[float], unit: str) -> None:
        """Show errors, predicted minus true."""
        self._unit = unit
        width, self.bins = error_bins(errors)
        middles = [middle for middle, _count in self.bins]
        heights = [count for _middle, count in self.bins]
        self._bars.setOpts(x=middles, height=heights, width=width)
        self.plot.setXRange(middles[0] - width / 2, middles[-1] + width / 2, padding=0.02)
        self.plot.setYRange(0, max(heights), padding=0.05)
        self._restyle()

    def _restyle(self, *_args: object) -> None:
        tokens = style.tokens()
        self.plot.setBackground(tokens.surface)
        self._bars.setOpts(brush=pg.mkBrush(tokens.training), pen=pg.mkPen(tokens.surface))
        self._zero.setPen(pg.mkPen(tokens.muted, width=1, style=Qt.PenStyle.DashLine))
        unit = f", {self._unit}" if self._unit else ""
        look = {"color": tokens.muted, "font-size": "12px"}
        self.plot.setLabel("bottom", _("predicted minus true") + unit, **look)
        self.plot.setLabel("left", _("examples"), **look)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.enableAutoSIPrefix(False)
