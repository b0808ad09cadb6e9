"""How likely a model calls what it can answer, as bars with the threshold of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.gui.base import style, words

if TYPE_CHECKING:
    import numpy as np

MOST = 6
"""So many are shown, the likeliest first."""
ROW, BAR, NAME, FIGURE = 20, 8, 0.4, 56
"""Height of a row and of a bar, share of the width for the names, width of the figures."""


class AnswerBar(NamedTuple):
    """One of the answers.

    Attributes:
        share: how likely it is.
        limit: the probability from which on it is predicted; None where the likeliest is.
    """

    name: str
    share: float
    limit: float | None = None

    @property
    def text(self) -> str:
        """``dress: 68.0 %, predicted from 45.0 % on``."""
        said = f"{shown(self.name)}: {words.percent(self.share)}"
        if self.limit is None:
            return said
        return _("{said}, predicted at {limit} or more").format(
            said=said, limit=words.percent(self.limit)
        )


def bars_of(
    answers: np.ndarray | None, objective: Objective, found: Found, most: int = MOST
) -> tuple[AnswerBar, ...]:
    """The ``most`` likeliest answers of a model; none of a number, or of what could not be read."""
    if answers is None or not objective.confident:
        return ()
    names = objective.output_names(found.targets, found.classes)
    limits: Sequence[float | None] = found.fitted or [None] * len(names)
    bars = [AnswerBar(n, float(s), at) for n, s, at in zip(names, answers, limits, strict=False)]
    return tuple(sorted(bars, key=lambda bar: -bar.share)[:most])


class AnswerBars(QWidget):
    """A row for each; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: tuple[AnswerBar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Probabilities"))
        self.hide()

    def fill(self, bars: tuple[AnswerBar, ...]) -> None:
        self.bars = bars
        texts = [bar.text for bar in bars]
        self.setAccessibleDescription("; ".join(texts))
        self.setToolTip(style.tip("\n".join(texts)))
        self.setVisible(bool(bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, ROW * len(self.bars))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, bar in enumerate(self.bars):
            self._paint(painter, QRect(0, ROW * number, self.width(), ROW), bar)

    def _paint(self, painter: QPainter, row: QRect, bar: AnswerBar) -> None:
        width, middle = int(row.width() * NAME), Qt.AlignmentFlag.AlignVCenter
        name = QRect(row.left(), row.top(), width, row.height())
        text = self.fontMetrics().elidedText(
            shown(bar.name), Qt.TextElideMode.ElideMiddle, width - style.INSIDE
        )
        painter.setPen(style.colour("text"))
        painter.drawText(name, middle | Qt.AlignmentFlag.AlignLeft, text)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, words.percent(bar.share))
        left, top = name.right(), row.center().y() - BAR // 2
        track = QRect(left, top, row.width() - left - FIGURE, BAR)
        painter.fillRect(track, style.colour("sunken"))
        filled = QRect(track)
        filled.setWidth(round(track.width() * min(1.0, bar.share)))
        said = bar.limit is None or bar.share >= bar.limit
        painter.fillRect(filled, style.colour("accent" if said else "muted"))
        if bar.limit is not None:
            at = track.left() + round(track.width() * bar.limit)
            painter.fillRect(QRect(at, top - 3, 2, BAR + 6), style.colour("text"))
