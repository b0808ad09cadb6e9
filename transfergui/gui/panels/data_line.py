"""What the checks of the data found, in one line above a result, with a link to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.data_checks import UNCHECKED
from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.note_lines import SIGNS, unbroken


class DataLine(QWidget):
    """Hidden where nothing is known of the data.

    Attributes:
        warns: whether the result is not to be trusted yet.
        button: leads to the checks.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.warns = False
        self._level = "info"
        self.sign = QLabel()
        self.text = WrappedLabel(role="caption")
        self.button = QPushButton(_("Open checks"))
        self.button.setProperty("role", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        style.theme.changed.connect(self._dress)
        self.hide()

    def show_note(self, note: Note | None) -> None:
        """Say it; None hides the line."""
        self.setVisible(note is not None)
        self.warns = note is not None and note.level == "warning"
        if note is None:
            return
        self._level = note.level
        self.text.setText(unbroken(note.sentence()))
        unchecked = note.code == UNCHECKED
        self.button.setText(_("Check the data") if unchecked else _("Open checks"))
        self._dress()

    def _dress(self, *_args: object) -> None:
        picture, colour = SIGNS.get(self._level, SIGNS["info"])
        self.sign.setPixmap(style.pixmap(picture, 16, colour))
        self.text.setProperty("role", "doubt" if self.warns else "caption")
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)
