"""A chart: lines with their bands over axes, a legend above them, figures under the pointer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QFrame, QToolTip, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import per_cent
from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Chart, Line
from transfergui.gui.base import desktop, style
from transfergui.gui.plots.legend import Legend, LegendEntry, Look, pen

HEIGHT = 260
"""Pixels of a chart with its axes."""
NEAR = 24
"""Pixels from the pointer within which a point is named."""
PER_ROW = 3
"""Entries of the legend in one row."""
BAND = 50
"""Opacity of a band, of 255."""
MARKED = 60
"""Up to so many points, each has a dot."""

ROLES: dict[str, tuple[str, Look]] = {
    "train": ("training", "line"),
    "val": ("validation", "dots"),
    "test": ("test", "line"),
    "baseline": ("baseline", "level"),
}
"""Colour and look of what is drawn alike everywhere."""
OTHERS: tuple[tuple[str, Look], ...] = (
    *(("training", "line"), ("validation", "dots"), ("test", "level")),
    *(("other", "line"), ("warning", "dots"), ("muted", "level")),
)
"""Of lines without a role, one after the other."""


class ChartView(QFrame):
    """See the module."""

    def __init__(self, chart: Chart, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self.setProperty("role", "card")
        self.plot = _Plot(chart)
        self.plot.setAccessibleName(chart.title)
        self.plot.setAccessibleDescription("\n".join(map(_told, chart.lines)))
        self.keys = [Legend("") for _row in range(math.ceil(len(chart.lines) / PER_ROW))]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.INSIDE, style.INSIDE, style.INSIDE, style.GAP)
        layout.setSpacing(0)
        for key in self.keys:
            key.setAccessibleName(_("Legend"))
            layout.addWidget(key)
        layout.addWidget(self.plot, 1)
        self.setFixedHeight(HEIGHT + sum(key.sizeHint().height() for key in self.keys))
        copy = QAction(_("Copy picture"), self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setPixmap(self.grab()))
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.plot.scene().sigMouseMoved.connect(self._point)
        style.theme.changed.connect(self._draw)
        self._marked: tuple[float, float] | None = None
        self._draw()

    def mark(self, x: float, y: float) -> None:
        """Mark one point, and none before; NaN marks nothing."""
        self._marked = (x, y) if math.isfinite(x) and math.isfinite(y) else None
        self._draw()

    def copy(self) -> None:
        """Copy the figures, for a spreadsheet."""
        titles = [self.chart.x_title, _("line"), self.chart.y_title]
        rows = [titles]
        for line in self.chart.lines:
            rows += [[f"{x:g}", line.name, f"{y:g}"] for x, y in zip(line.x, line.y, strict=True)]
        desktop.copy_table(rows)

    def _draw(self, *_args: object) -> None:
        self.plot.clear()
        self.plot.restyle(self.chart)
        entries: list[LegendEntry] = []
        plain = iter(range(len(self.chart.lines)))
        for line in self.chart.lines:
            found = ROLES.get(line.role) or OTHERS[next(plain) % len(OTHERS)]
            colour, look = style.colour(found[0]), found[1]
            entries.append(LegendEntry(look, colour, line.name))
            self._add(line, colour, look)
        if self._marked is not None:
            edge, fill = pg.mkPen(style.colour("text"), width=2), style.colour("test")
            x, y = self.plot.across(self._marked[:1]), list(self._marked[1:])
            self.plot.plot(x, y, pen=None, symbol="o", symbolSize=13, symbolBrush=fill,
                           symbolPen=edge)  # fmt: skip
        for row, key in enumerate(self.keys):
            key.show_entries(entries[PER_ROW * row : PER_ROW * (row + 1)])

    def _add(self, line: Line, colour: QColor, look: Look) -> None:
        x, y = self.plot.across(line.x), np.asarray(line.y, dtype=float)
        if line.low is not None and line.high is not None:
            edges = [pg.PlotCurveItem(x, np.asarray(v, dtype=float)) for v in (line.low, line.high)]
            for edge in edges:
                edge.setPen(None)
                self.plot.addItem(edge)
            faded = QColor(colour)
            faded.setAlpha(BAND)
            self.plot.addItem(pg.FillBetweenItem(*edges, brush=faded))
            if line.band_only:
                return
        dotted = line.points or (look != "level" and len(x) <= MARKED)
        self.plot.plot(
            x,
            y,
            pen=None if line.points else pen(look, colour, 2.0),
            symbol="o" if dotted else None,
            symbolSize=7 if line.points else 6,
            symbolBrush=colour,
            symbolPen=None,
            connect="finite",
        )

    def _point(self, place: QPointF) -> None:
        """Name the point under the pointer."""
        box = self.plot.getPlotItem().vb
        best, text = float(NEAR), ""
        for line in (each for each in self.chart.lines if not each.band_only):
            for x, drawn, y in zip(line.x, self.plot.across(line.x), line.y, strict=True):
                if not (math.isfinite(drawn) and math.isfinite(y)):
                    continue
                there = box.mapViewToScene(QPointF(drawn, y))
                away = math.hypot(there.x() - place.x(), there.y() - place.y())
                if away < best:
                    best, text = away, self.plot.told(self.chart, line, x, y)
        at = self.plot.viewport().mapToGlobal(QPoint(round(place.x()), round(place.y())))
        QToolTip.showText(at, style.tip(text), self.plot)


def _told(line: Line) -> str:
    """A line in words: its ends."""
    if not len(line.x):
        return line.name
    if line.band_only and line.low and line.high:
        text = _("{name}: {low} to {high} at {end}")
        values = {"low": line.low[-1], "high": line.high[-1], "end": line.x[-1]}
        return text.format(name=line.name, **{key: f"{each:.3g}" for key, each in values.items()})
    text = _("{name}: from {first} at {start} to {last} at {end}")
    values = {"first": line.y[0], "start": line.x[0], "last": line.y[-1], "end": line.x[-1]}
    return text.format(name=line.name, **{key: f"{value:.3g}" for key, value in values.items()})


class _Plot(pg.PlotWidget):
    """Axes that do not move; the wheel scrolls the page."""

    def __init__(self, chart: Chart) -> None:
        self._logarithmic = chart.x_logarithmic
        axes = {
            "bottom": _Axis("bottom", chart.x_percent, chart.x_logarithmic),
            "left": _Axis("left", chart.y_percent),
        }
        super().__init__(axisItems=axes)
        self.setMouseEnabled(False, False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.12)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.getPlotItem().layout.setContentsMargins(0, 7, 8, 0)

    def across(self, values: Sequence[float]) -> np.ndarray:
        """Where values of x are drawn."""
        found = np.asarray(values, dtype=float)
        return np.log10(np.maximum(found, 1e-12)) if self._logarithmic else found

    def told(self, chart: Chart, line: Line, x: float, y: float) -> str:
        """A point in words."""
        figures = [
            f"{title}: {_written(value, share)}"
            for title, value, share in (
                (chart.x_title, x, chart.x_percent),
                (chart.y_title, y, chart.y_percent),
            )
        ]
        return "\n".join([line.name, *figures])

    def restyle(self, chart: Chart) -> None:
        tokens = style.tokens()
        self.setBackground(tokens.surface)
        for side, title in (("bottom", chart.x_title), ("left", chart.y_title)):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setStyle(tickFont=style.font(style.SMALL), tickLength=-4)
            self.setLabel(side, title, **{"color": tokens.muted, "font-size": "12px"})
            axis.label.setFont(style.font(style.SMALL))
        if chart.diagonal:
            ends = (0.0, 1.0) if chart.x_percent else self._ends(chart)
            line = pg.PlotCurveItem(list(ends), list(ends))
            line.setPen(pen("level", style.colour("muted"), 1.5))
            self.addItem(line)
        if chart.x_range is not None:
            self.setXRange(*chart.x_range, padding=0.02)
        if chart.y_range is not None:
            self.setYRange(*chart.y_range, padding=0.04)

    @staticmethod
    def _ends(chart: Chart) -> tuple[float, float]:
        values = [v for line in chart.lines for v in (*line.x, *line.y) if math.isfinite(v)]
        return (min(values), max(values)) if values else (0.0, 1.0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Axis(pg.AxisItem):
    """Plain figures or per cent; on a logarithmic scale 1, 2, 5, 10 ..."""

    def __init__(self, side: str, share: bool, logarithmic: bool = False) -> None:
        super().__init__(side)
        self._share, self._logarithmic = share, logarithmic
        self.enableAutoSIPrefix(False)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list:  # noqa: N803
        if not self._logarithmic:
            return super().tickValues(minVal, maxVal, size)
        powers = range(math.floor(minVal) - 1, math.ceil(maxVal) + 1)
        ticks = [power + math.log10(n) for power in powers for n in (1, 2, 5)]
        return [(1.0, [tick for tick in ticks if minVal <= tick <= maxVal])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self._logarithmic:
            return [_written(round(10**value, 6), self._share) for value in values]
        if self._share:
            decimals = 0 if spacing >= 0.01 else 1
            return [per_cent(f"{100 * value:.{decimals}f}") for value in values]
        return super().tickStrings(values, scale, spacing)


def _written(value: float, share: bool) -> str:
    return per_cent(f"{100 * value:.3g}") if share else f"{value:.4g}"
