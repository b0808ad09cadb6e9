"""Above predictions that stand beside those of an earlier model: whose they are, and a way out."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.gui.base import style
from transfergui.gui.panels.prediction_queue import PredictionQueue
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.tables.prediction_table import titles


class ComparedLine(QWidget):
    """See the module; hidden where only one model has predicted.

    Attributes:
        hide_button: takes the earlier predictions out of the table.
    """

    def __init__(self, queue: PredictionQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.said = ElidedLabel(role="caption")
        self.hide_button = QPushButton(_("Hide"))
        self.hide_button.setProperty("role", "link")
        self.hide_button.setToolTip(
            style.tip(_("Show only the predictions of the chosen model, here and in saved tables."))
        )
        self.hide_button.clicked.connect(lambda _checked=False: queue.forget_earlier())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.said, 1)
        row.addWidget(self.hide_button)
        self.hide()

    def follow(self, possible: bool) -> None:
        """Say whose predictions are shown.

        Args:
            possible: whether the table is seen.
        """
        names = self._queue.side_by_side()
        self.setVisible(possible and names is not None)
        if names is not None:
            text = _("“Before” shows what “{name}” predicted for the same files.")
            self.said.setText(text.format(name=shown(titles(*names)[1])))
            self.said.setToolTip(style.tip(shown(names[1])))
