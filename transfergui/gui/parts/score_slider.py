"""From which confidence on boxes are shown, of a model that finds them."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _
from transfergui.gui.base import style

LEAST, MOST = 5, 95
"""Per cent; models answer no box below the first."""
WIDE = 160
"""Pixels."""


class ScoreSlider(QWidget):
    """See the module.

    Args:
        narrow: the sentence stands above the slider.

    Attributes:
        chosen: another confidence; with the share, or None for the model's own.
        slider, own: the parts.
    """

    chosen = Signal(object)

    def __init__(self, narrow: bool = False) -> None:
        super().__init__()
        self._own = 0.5
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.own = QPushButton(_("Reset"))
        self._build(narrow)

    def show_score(self, score: float, own: float) -> None:
        """Show the score in force, and the model's own, which the validation set gave."""
        self._own = own
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * score))
        tip = _(
            "Boxes below this confidence are not shown, counted or saved. {own} was chosen on the "
            "validation set."
        )
        self.slider.setToolTip(style.tip(tip.format(own=percent(own, 0))))
        self._say()

    def _say(self) -> None:
        text = _("Show boxes from {percent} confidence")
        self.said.setText(text.format(percent=percent(self.slider.value() / 100, 0)))
        self.own.setEnabled(self.slider.value() != round(100 * self._own))

    def _choose(self, value: int) -> None:
        self._say()
        if not self.slider.isSliderDown():
            self.chosen.emit(value / 100)

    def _release(self) -> None:
        self.chosen.emit(self.slider.value() / 100)

    def _reset(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * self._own))
        self._say()
        self.chosen.emit(None)

    def _build(self, narrow: bool) -> None:
        self.slider.setRange(LEAST, MOST)
        self.slider.setFixedWidth(WIDE)
        self.slider.setAccessibleName(_("Least confidence of boxes"))
        self.slider.valueChanged.connect(self._choose)
        self.slider.sliderReleased.connect(self._release)
        self.own.setProperty("role", "link")
        self.own.setToolTip(_("Back to the confidence chosen on the validation set."))
        self.own.clicked.connect(lambda _checked=False: self._reset())
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        for part in (self.slider, self.own) if narrow else (self.said, self.slider, self.own):
            row.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        if narrow:
            row.addStretch(1)
            layout.addWidget(self.said)
        layout.addLayout(row)
