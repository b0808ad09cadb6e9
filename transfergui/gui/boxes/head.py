"""Above the pictures in which boxes are drawn: how far one is, and what next."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.gui.base import style, words
from transfergui.gui.boxes.drawing import Drawing
from transfergui.gui.parts.labels import ElidedLabel

LEAST = 4
"""So many pictures are to be drawn in before anything can be trained."""
BAR = 200
"""Pixels."""


class DrawHead(QWidget):
    """See the module.

    Attributes:
        title: what is drawn in.
        done, bar: in how many pictures, of how many.
        leave, train: buttons.
    """

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self.title, self.done = ElidedLabel(role="heading"), ElidedLabel(role="caption")
        self.bar = QProgressBar()
        self.leave = QPushButton(_("Close"))
        self.train = QPushButton(_("Train with these boxes"))
        self._build()
        drawing.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how far one is."""
        done, total = self._drawing.done, len(self._drawing.opened.paths)
        text = ngettext(
            "{done} of {count} picture drawn", "{done} of {count} pictures drawn", total
        )
        self.done.setText(text.format(done=words.number(done), count=words.number(total)))
        self.bar.setMaximum(max(1, total))
        self.bar.setValue(done)
        obstacle = self._obstacle()
        self.train.setEnabled(not obstacle)
        tip = _("Open the pictures that are drawn in as a dataset, ready to train.")
        self.train.setToolTip(style.tip(obstacle or tip))

    def _obstacle(self) -> str:
        """Why nothing can be trained yet."""
        if self._drawing.done < LEAST or not sum(self._drawing.boxes.values()):
            text = _("Draw boxes in at least {count} pictures first.")
            return text.format(count=words.number(LEAST))
        return ""

    def _build(self) -> None:
        name = shown(self._drawing.opened.source.name)
        self.title.setText(_("Draw boxes in “{name}”").format(name=name))
        self.leave.setToolTip(_("The boxes are saved. Open the folder again to continue."))
        self.train.setProperty("role", "primary")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR)
        self.bar.setAccessibleName(_("Drawn"))
        far = QHBoxLayout()
        far.setSpacing(style.INSIDE)
        far.addWidget(self.bar)
        far.addWidget(self.done, 1)
        told = QVBoxLayout()
        told.setSpacing(style.GAP)
        told.addWidget(self.title)
        told.addLayout(far)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addLayout(told, 1)
        row.addWidget(self.leave)
        row.addWidget(self.train)
