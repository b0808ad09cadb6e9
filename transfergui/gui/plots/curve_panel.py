"""One plot of a training with its key above it: curves, marks, and axes that count epochs."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import per_cent
from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.plots import curve_data as data
from transfergui.gui.plots.legend import Legend, LegendEntry, Look, pen

MANY = 2000
"""From so many points on, curves are one pixel wide: wider ones draw many times slower."""
MARKED = 60
"""Up to so many points, each has a dot."""
LIGHT, FADED = 90, 220
"""Opacity of the raw loss and of the run laid under, of 255."""
AXIS_WIDTH = 58
LEAST = 140
"""Pixels of height at which curves are still told apart, axes included."""

FORMATS: dict[data.Plot, Callable[[float], str]] = {
    "loss": "{:.4f}".format,
    "score": lambda value: per_cent(f"{value:.1f}"),
    "share": lambda value: per_cent(f"{value:.0f}"),
    "rate": "{:.3g}".format,
}


class CurvePanel(QWidget):
    """One plot with its key above it."""

    def __init__(self, kind: data.Plot, axis: str, words_at: float, parent: QWidget) -> None:
        """Words beside upright lines stand at ``words_at`` of the height: where few curves are."""
        super().__init__(parent)
        self._words_at = words_at
        self._kind = kind
        self._format = FORMATS[kind]
        self._series = data.series_of(kind)
        self._axis = axis
        self._log = False
        self._top = 0.0
        self._level: tuple[float, str] | None = None
        self._caption = ""
        self._found: tuple[data.Curves, data.Curves | None] = ({}, None)
        self.key = Legend("0.0000")
        self.key.setAccessibleName(_("Values of the curves: {axis}").format(axis=axis))
        self.plot = _Plot()
        self.plot.setAccessibleName(axis)
        self._curves: dict[str, pg.PlotDataItem] = {}
        self._under: dict[str, pg.PlotDataItem] = {}
        for series in self._series:
            self._add(series)
        self._baseline = pg.InfiniteLine(angle=0, movable=False)
        self._best = pg.ScatterPlotItem(symbol="star", size=16)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        for item, z in ((self._baseline, 1), (self._best, 20), (self._cross, 15)):
            item.setZValue(z)
            item.hide()
            self.plot.addItem(item, ignoreBounds=True)
        self._lines: list[pg.InfiniteLine] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        key_row = QHBoxLayout()
        key_row.setContentsMargins(AXIS_WIDTH, 0, 0, 0)
        key_row.addWidget(self.key, 1)
        self.explained = TermLabel(_("What these curves mean"), "")
        self.explained.hide()
        key_row.addWidget(self.explained, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(key_row)
        layout.addWidget(self.plot, 1)

    def _curve(self, z: int) -> pg.PlotDataItem:
        curve = self.plot.plot(skipFiniteCheck=True)
        curve.setDownsampling(auto=True, method="peak")
        curve.setClipToView(True)
        curve.setZValue(z)
        return curve

    def _add(self, series: data.Series) -> None:
        self._curves[series.key] = self._curve(10)
        if series.look != "light":
            self._under[series.key] = self._curve(5)

    def follow(self, series: Sequence[data.Series]) -> None:
        """Draw these from now on, beside those that every training has."""
        wanted = (*data.series_of(self._kind), *series)
        if wanted == self._series:
            return
        for gone in {each.key for each in self._series} - {each.key for each in wanted}:
            for curves in (self._curves, self._under):
                if gone in curves:
                    self.plot.removeItem(curves.pop(gone))
        for each in wanted:
            if each.key not in self._curves:
                self._add(each)
        self._series = wanted

    def explain(self, meaning: str) -> None:
        """What is drawn by :meth:`follow`; empty where there is nothing to be said."""
        self.explained.set_explanation(meaning)
        self.explained.setVisible(bool(meaning))

    def draw(
        self, curves: data.Curves, beneath: data.Curves | None, low: float, high: float
    ) -> None:
        """Show the epochs from ``low`` to ``high``, with the curves of another run beneath."""
        taken_away = beneath is None and self._found[1] is not None
        self._found = (curves, beneath)
        self.plot.setXRange(low, high, padding=0.01)
        for series in self._series:
            self._fill(self._curves[series.key], series, curves[series.key], False)
            if beneath is not None and series.key in self._under:
                under = beneath.get(series.key, data.NOTHING)
                self._fill(self._under[series.key], series, under, True)
            elif taken_away and series.key in self._under:
                self._under[series.key].clear()

    def _fill(
        self, curve: pg.PlotDataItem, series: data.Series, columns: data.Columns, faded: bool
    ) -> None:
        xs, ys = columns
        colour = _colour(series, faded)
        wide = series.look != "light" and len(xs) <= MANY
        dotted = series.look == "dots" and len(xs) <= MARKED and not faded
        lonely = len(xs) == 1
        curve.setData(  # all at once: each setter would draw it anew
            xs,
            ys,
            pen=pen(series.look, colour, 2.0 if wide and not faded else 1.5 if wide else 1.0),
            antialias=len(xs) <= MANY,
            symbol="o" if dotted or lonely else None,
            symbolSize=6,
            symbolBrush=colour,
            symbolPen=None,
        )

    def measure(self, axis: str, text: Callable[[float], str]) -> None:
        """Another figure is drawn: what its axis is called, and how a value is written."""
        self._format = text
        if axis != self._axis:
            self._axis = axis
            self.plot.setAccessibleName(axis)
            self.key.setAccessibleName(_("Values of the curves: {axis}").format(axis=axis))
            self.restyle()

    def forget(self) -> None:
        """Another training: its axes begin anew."""
        self._top = 0.0

    def set_log(self, on: bool) -> None:
        """Scale y by powers of ten, or evenly."""
        self._log, self._top = on, 0.0
        self.plot.setLogMode(x=False, y=on)

    def set_span(self, bottom: float, top: float, zoomed: bool) -> None:
        """Scale y by whole steps; while nothing is zoomed, the top never comes down again."""
        if self._log:
            low = math.floor(2 * math.log10(max(bottom, 1e-6))) / 2
            high = math.ceil(2 * math.log10(max(top, 1e-6, bottom) * 1.02)) / 2
            self.plot.setYRange(low, max(high, low + 0.5), padding=0.02)
            return
        whole = data.whole_above(top * 1.02)
        if not zoomed:
            whole = self._top = max(whole, self._top)
        self.plot.setYRange(0, whole, padding=0.02)

    def mark_level(self, y: float | None, title: str = "") -> None:
        """A level line, such as what always giving the same answer would reach."""
        self._level = None if y is None else (y, title)
        self._baseline.setVisible(y is not None)
        if y is not None:
            self._baseline.setValue(y)

    def mark_best(self, x: float | None, y: float | None) -> None:
        """A star at the best epoch; none without one."""
        shown = x is not None and y is not None
        self._best.setVisible(shown)
        if x is not None and y is not None:
            self._best.setData([x], [math.log10(max(y, 1e-12)) if self._log else y])

    def mark_lines(self, wanted: list[tuple[float, str]]) -> None:
        """Upright lines with a word each; lines that are there are kept."""
        if [(line.value(), line.label.format) for line in self._lines] == wanted:
            return
        for line in self._lines:
            self.plot.removeItem(line)
        self._lines = [self._line(x, text) for x, text in wanted]

    def _line(self, x: float, text: str) -> pg.InfiniteLine:
        options = {
            "position": self._words_at,
            "color": style.tokens().muted,
            "fill": style.colour("surface"),
            "anchors": [(0, 0.5), (1, 0.5)],
        }
        line = pg.InfiniteLine(x, 90, movable=False, label=text, labelOpts=options)
        line.label.setFont(style.font(style.SMALL))
        line.setPen(pen("level", style.colour("muted")))
        line.setZValue(12)  # above the curves, which would cross its word
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def name_axis(self, lowest: bool) -> None:
        """Only the lowest plot says what the epochs are; the others stand on them."""
        axis = self.plot.getAxis("bottom")
        axis.setStyle(showValues=lowest)
        axis.setLabel(_("epoch") if lowest else None)
        axis.showLabel(lowest)
        axis.setHeight(None if lowest else 8)

    def show_key(self, x: float | None, beneath_name: str) -> None:
        """Name every curve with its value at ``x``, or its last one."""
        self._cross.setVisible(x is not None)
        if x is not None:
            self._cross.setValue(x)
        curves, beneath = self._found
        entries = [self._entry(s, curves, x, False) for s in self._series if s.key in curves]
        if self._level is not None:
            level, title = self._level
            grey = style.colour("baseline")
            entries.append(LegendEntry("level", grey, title, self._format(level)))
        if beneath is not None:
            line = next(s for s in self._series if s.look != "light")
            entries.append(LegendEntry(line.look, _colour(line, True), beneath_name))
        self.key.show_entries(entries, self._caption)

    def show_caption(self, text: str) -> None:
        """A word at the right end of the key."""
        if text != self._caption:
            self._caption = text
            self.key.show_entries(self.key._entries, text)

    def _entry(
        self, series: data.Series, curves: data.Curves, x: float | None, faded: bool
    ) -> LegendEntry:
        value = data.value_at(curves[series.key], math.inf if x is None else x)
        look: Look = series.look
        said = "" if value is None else self._format(value)
        return LegendEntry(look, _colour(series, faded), _(series.title), said)

    def restyle(self) -> None:
        """Take the colours and fonts of the theme."""
        tokens = style.tokens()
        self.plot.setBackground(tokens.surface)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(tokens.border))
            axis.setTextPen(pg.mkPen(tokens.muted))
            axis.setStyle(tickFont=style.font(style.SMALL), tickLength=-4)
            axis.label.setFont(style.font(style.SMALL))
        self.plot.getAxis("left").setWidth(AXIS_WIDTH)
        self.plot.setLabel("left", self._axis, **{"color": tokens.muted, "font-size": "12px"})
        self._baseline.setPen(pen("level", style.colour("baseline"), 1.5))
        self._cross.setPen(pen("line", style.colour("muted")))
        self._best.setBrush(style.colour("validation"))
        self._best.setPen(pg.mkPen(tokens.surface))
        for line in self._lines:
            self.plot.removeItem(line)
        self._lines = []


class _Plot(pg.PlotWidget):
    """Drag to zoom into epochs, Ctrl and wheel too; the wheel alone scrolls the page."""

    zoomed = Signal(object, object)
    """From and to, in epochs; None and None for everything."""
    pointed = Signal(object)
    """The mouse is at so many epochs; None when it left."""

    def __init__(self) -> None:
        super().__init__(
            viewBox=_ZoomBox(enableMenu=False),
            axisItems={"bottom": _EpochAxis("bottom"), "left": _ValueAxis("left")},
        )
        self.setMouseEnabled(x=True, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.disableAutoRange()
        self.showGrid(x=True, y=True, alpha=0.12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.getPlotItem().layout.setContentsMargins(0, 7, 0, 0)
        self.setMinimumHeight(LEAST)
        box = self.getPlotItem().vb
        box.chosen.connect(self.zoomed)
        box.sigRangeChangedManually.connect(lambda _axes: self.zoomed.emit(*box.viewRange()[0]))
        self.scene().sigMouseMoved.connect(self._point)

    def _point(self, place: QPointF) -> None:
        box = self.getPlotItem().vb
        inside = box.sceneBoundingRect().contains(place)
        x = max(0.0, box.mapSceneToView(place).x()) if inside else None
        self.pointed.emit(x)

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()


class _ZoomBox(pg.ViewBox):
    """Dragging chooses a stretch of epochs."""

    chosen = Signal(object, object)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        here, there = event.buttonDownPos(event.button()), event.pos()
        if not event.isFinish():
            full = self.rect()
            self.updateScaleBox(QPointF(here.x(), full.top()), QPointF(there.x(), full.bottom()))
            return
        self.rbScaleBox.hide()
        ends = sorted(self.mapToView(QPointF(p.x(), 0)).x() for p in (here, there))
        self.chosen.emit(*ends)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        self.chosen.emit(None, None)


class _EpochAxis(pg.AxisItem):
    """Ticks at whole epochs."""

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:  # noqa: N803
        steps = super().tickSpacing(minVal, maxVal, size)
        return [(step, start) for step, start in steps if step >= 1] or [(1.0, 0.0)]


class _ValueAxis(pg.AxisItem):
    """Plain figures, those at the ends too; on a logarithmic scale 1, 2, 5, 10 ..."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)

    def boundingRect(self) -> QRectF:
        """With a grid, pyqtgraph leaves no room for the figures at the ends."""
        return super().boundingRect().adjusted(0, -15, 0, 15)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[Any]:  # noqa: N803
        if not self.logMode:
            return super().tickValues(minVal, maxVal, size)
        powers = range(math.floor(minVal) - 1, math.ceil(maxVal) + 1)
        ticks = [power + math.log10(n) for power in powers for n in (1, 2, 5)]
        return [(1.0, [tick for tick in ticks if minVal <= tick <= maxVal])]


def _colour(series: data.Series, faded: bool) -> QColor:
    colour = style.colour("other" if faded else series.colour)
    colour.setAlpha(FADED if faded else LIGHT if series.look == "light" else 255)
    return colour
