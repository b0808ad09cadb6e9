"""The key of a plot, above it where no curve is, which doubles as the read-out of the cursor."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

Look = Literal["light", "line", "dots", "level"]
SAMPLE = 22
GAP = 6
BETWEEN = 18
DASH = (4.0, 3.0)
"""Of validation curves, in line widths."""


@dataclass(frozen=True)
class LegendEntry:
    """One curve in the key: how it looks, what it is called, its value at the cursor."""

    look: Look
    colour: QColor
    title: str
    value: str = ""


def pen(look: Look, colour: QColor, width: float = 1.0) -> QPen:
    """How a curve of this look is drawn, on the plot and in the key alike."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    if look == "dots":
        pen.setDashPattern(DASH)
    elif look == "level":
        pen.setStyle(Qt.PenStyle.DotLine)
    return pen


class Legend(QWidget):
    """Entries in one row; the value column keeps its width, so that nothing moves."""

    def __init__(self, widest: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widest = widest
        self._entries: list[LegendEntry] = []
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: list[LegendEntry], caption: str = "") -> None:
        """Replace all entries; ``caption`` stands at the right end."""
        if entries == self._entries and caption == self._caption:
            return
        self._entries, self._caption = entries, caption
        said = ", ".join(f"{e.title} {e.value}".strip() for e in entries)
        self.setAccessibleDescription(f"{caption} {said}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.width() - self._draw_caption(painter)
        x = 0
        for entry in self._entries:
            x = self._draw_entry(painter, entry, x, room) + BETWEEN

    def _draw_caption(self, painter: QPainter) -> int:
        if not self._caption:
            return 0
        painter.setPen(self.palette().text().color())
        box = self.rect().adjusted(0, 0, -2, 0)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._caption
        )
        return self.fontMetrics().horizontalAdvance(self._caption) + BETWEEN

    def _draw_entry(self, painter: QPainter, entry: LegendEntry, x: int, room: int) -> int:
        """Draw one entry at ``x`` and return where it ends."""
        middle = self.height() // 2
        painter.setPen(pen(entry.look, entry.colour, 1.0 if entry.look == "light" else 2.0))
        painter.drawLine(x, middle, x + SAMPLE, middle)
        if entry.look == "dots":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(entry.colour)
            painter.drawEllipse(QPoint(x + SAMPLE // 2, middle), 3, 3)
        metrics = self.fontMetrics()
        x += SAMPLE + GAP
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideMiddle, max(0, room - x))
        painter.setPen(self.palette().placeholderText().color())
        painter.drawText(QRect(x, 0, max(0, room - x), self.height()), left, title)
        x += metrics.horizontalAdvance(title)
        if not entry.value:
            return x
        x += GAP
        painter.setPen(self.palette().text().color())
        painter.drawText(QRect(x, 0, max(0, room - x), self.height()), left, entry.value)
        return x + max(metrics.horizontalAdvance(t) for t in (self._widest, entry.value))
