"""Predicted against true numbers: a point for each test example, on the diagonal where right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style

SIZE = 9
"""Of a point, in pixels."""


class ScatterPlot(QFrame):
    """See the module."""

    chosen = Signal(object)
    """Number of the point that was clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.plot = pg.PlotWidget(self)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setAccessibleName(_("Predicted and true values"))
        self.points = pg.ScatterPlotItem(size=SIZE, hoverable=True, tip=None)
        self.points.sigClicked.connect(self._tell)
        self._diagonal = pg.PlotDataItem()
        self.plot.addItem(self._diagonal)
        self.plot.addItem(self.points)
        self._unit = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.GAP, style.INSIDE, style.INSIDE, style.GAP)
        layout.addWidget(self.plot)
        style.theme.changed.connect(self._restyle)
        self._restyle()

    def fill(self, pairs: Sequence[tuple[float, float]], unit: str) -> None:
        """Show true and predicted numbers.

        Args:
            pairs: true, predicted.
        """
        self._unit = unit
        self.points.setData(
            x=[truth for truth, _said in pairs],
            y=[said for _truth, said in pairs],
            data=list(range(len(pairs))),
        )
        values = [value for pair in pairs for value in pair] or [0.0, 1.0]
        low, high = min(values), max(values)
        self._diagonal.setData([low, high], [low, high])
        span = (high - low or 1.0) * 0.03
        self.plot.setXRange(low - span, high + span, padding=0)
        self.plot.setYRange(low - span, high + span, padding=0)
        self._restyle()

    def _tell(self, _item: object, points: Sequence[Any], *_event: object) -> None:
        if len(points):
            self.chosen.emit(int(points[0].data()))

    def _restyle(self, *_args: object) -> None:
        tokens = style.tokens()
        self.plot.setBackground(tokens.surface)
        self.points.setBrush(pg.mkBrush(tokens.training))
        self.points.setPen(pg.mkPen(tokens.surface, width=1))
        self._diagonal.setPen(pg.mkPen(tokens.muted, width=1, style=Qt.PenStyle.DashLine))
        unit = f", {self._unit}" if self._unit else ""
        look = {"color": tokens.muted, "font-size": "12px"}
        self.plot.setLabel("bottom", _("true") + unit, **look)
        self.plot.setLabel("left", _("predicted") + unit, **look)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.enableAutoSIPrefix(False)
