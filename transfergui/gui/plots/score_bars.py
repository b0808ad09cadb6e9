"""How good the model is, as a picture: a bar with its interval, and the baselines below it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from transfergui.core.evaluation.score_bars import ScoreBar, ScoreBars
from transfergui.gui.base import style

ROW, BAR, AXIS, CAP = 24, 12, 20, 8
"""Heights in pixels: a row, its bar, the axis; half of the cap of a whisker."""
NAME_SHARE = 0.34
"""Names have at most so much of the width."""
SMALLEST = 320
HALO_LIGHT, HALO_DARK = 70, 200
"""Opacity of the edge of a whisker, of 255."""


class ScoreBarChart(QWidget):
    """Bars of one figure, with whiskers for their 95 % intervals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: ScoreBars | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        style.theme.changed.connect(self.update)

    def fill(self, found: ScoreBars | None) -> None:
        """Show bars; None hides the chart."""
        self.found = found
        self.setVisible(found is not None)
        if found is not None:
            said = "\n".join(found.sentences())
            self.setAccessibleName(found.title)
            self.setAccessibleDescription(said)
            self.setToolTip(style.tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self.found.bars) if self.found else 0
        return QSize(SMALLEST, rows * ROW + AXIS)

    def minimumSizeHint(self) -> QSize:
        return QSize(SMALLEST // 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self._plot(self.found)
        self._draw_axis(painter, self.found, plot)
        for number, bar in enumerate(self.found.bars):
            row = QRectF(0, number * ROW, self.width(), ROW)
            self._draw_row(painter, bar, row, plot)

    def _plot(self, found: ScoreBars) -> QRectF:
        """The box of the bars, beside the names and the figures."""
        width = QFontMetrics(style.font()).horizontalAdvance
        bold = QFontMetrics(style.font(bold=True)).horizontalAdvance
        names = max((width(bar.name) for bar in found.bars), default=0)
        left = min(names, NAME_SHARE * self.width()) + style.BETWEEN
        figures = max((bold(bar.text) for bar in found.bars), default=0)
        right = self.width() - figures - style.BETWEEN
        return QRectF(left, 0, max(1.0, right - left), ROW * len(found.bars))

    def _draw_axis(self, painter: QPainter, found: ScoreBars, plot: QRectF) -> None:
        painter.setFont(style.font(11))
        for place, text in found.ticks:
            x = round(plot.left() + plot.width() * place / found.end) + 0.5
            painter.setPen(QPen(style.colour("border"), 1))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 2))
            painter.setPen(style.colour("muted"))
            box = QRectF(x - 40, plot.bottom() + 2, 80, AXIS - 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, text)

    def _draw_row(self, painter: QPainter, bar: ScoreBar, row: QRectF, plot: QRectF) -> None:
        assert self.found is not None
        middle = Qt.AlignmentFlag.AlignVCenter
        ink = style.colour("muted" if bar.is_baseline else "text")
        painter.setFont(style.font(bold=not bar.is_baseline))
        painter.setPen(ink)
        figure = QRectF(plot.right() + style.INSIDE, row.top(), row.width(), row.height())
        painter.drawText(figure, middle | Qt.AlignmentFlag.AlignLeft, bar.text)
        painter.setFont(style.font())
        name = QRectF(0, row.top(), plot.left() - style.INSIDE, row.height())
        dots = Qt.TextElideMode.ElideMiddle
        text = painter.fontMetrics().elidedText(bar.name, dots, int(name.width()))
        painter.drawText(name, middle | Qt.AlignmentFlag.AlignLeft, text)
        scale = plot.width() / self.found.end
        box = QRectF(plot.left(), row.center().y() - BAR / 2, max(2.0, bar.value * scale), BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        own = "warning" if self.found.doubtful else "test"
        painter.setBrush(style.colour("baseline" if bar.is_baseline else own))
        painter.drawRoundedRect(box, 2, 2)
        if bar.low is not None and bar.high is not None:
            ends = (plot.left() + bar.low * scale, plot.left() + bar.high * scale)
            self._draw_whisker(painter, *ends, row.center().y())

    def _draw_whisker(self, painter: QPainter, low: float, high: float, y: float) -> None:
        """A thin line with caps that are higher than the bar, so that it reads as lying on it.

        In the dark, where the line is as light as the bar, an edge keeps them apart.
        """
        edge = style.colour("surface")
        edge.setAlpha(HALO_DARK if style.tokens().dark else HALO_LIGHT)
        flat = Qt.PenCapStyle.FlatCap
        lines = [QLineF(low, y, high, y), *(QLineF(x, y - CAP, x, y + CAP) for x in (low, high))]
        for colour, width in ((edge, 4.0), (style.colour("text"), 1.8)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, flat))
            painter.drawLines(lines)
