"""The key of a plot, above it where no curve is, which doubles as the read-out of the cursor."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
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
    """Entries in a row, in more where it is too narrow; the value column keeps its width, so that
    nothing moves."""

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
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._line * max(1, len(self._rows())))

    @property
    def _line(self) -> int:
        """Height of a row."""
        return self.fontMetrics().height() + 6

    def _rows(self) -> list[list[LegendEntry]]:
        """The entries that have room beside each other."""
        rows: list[list[LegendEntry]] = []
        room = self.width() - self._beside()
        x = 0
        for entry in self._entries:
            wide = self._width(entry)
            if not rows or (x + wide > room and x):
                rows.append([])
                x = 0
            rows[-1].append(entry)
            x += wide + BETWEEN
        return rows

    def _width(self, entry: LegendEntry) -> int:
        advance = self.fontMetrics().horizontalAdvance
        value = max(advance(self._widest), advance(entry.value)) + GAP if entry.value else 0
        return SAMPLE + GAP + advance(entry.title) + value

    def _beside(self) -> int:
        """Room that the caption takes."""
        return self.fontMetrics().horizontalAdvance(self._caption) + BETWEEN if self._caption else 0

    def _fit(self) -> None:
        if self.minimumHeight() != self.sizeHint().height():
            self.setFixedHeight(self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_caption(painter)
        room = self.width() - self._beside()
        for entries in self._rows():
            x = 0
            for entry in entries:
                x = self._draw_entry(painter, entry, x, room) + BETWEEN
            painter.translate(0, self._line)

    def _draw_caption(self, painter: QPainter) -> None:
        painter.setPen(self.palette().text().color())
        box = QRect(0, 0, self.width() - 2, self._line)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._caption
        )

    def _draw_entry(self, painter: QPainter, entry: LegendEntry, x: int, room: int) -> int:
        """Draw one entry at ``x`` and return where it ends."""
        middle = self._line // 2
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
        painter.drawText(QRect(x, 0, max(0, room - x), self._line), left, title)
        x += metrics.horizontalAdvance(title)
        if not entry.value:
            return x
        x += GAP
        painter.setPen(self.palette().text().color())
        painter.drawText(QRect(x, 0, max(0, room - x), self._line), left, entry.value)
        return x + max(metrics.horizontalAdvance(t) for t in (self._widest, entry.value))
