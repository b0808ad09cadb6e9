"""The dialog in which a run gets tags and a note."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.runs.notes import RunNotes
from transfergui.gui.base import style

WIDTH, HEIGHT = 420, 260


class NotesDialog(QDialog):
    """Two fields: tags, parted by commas, and free text.

    Args:
        title: of the dialog.
        notes: of now.
        noted: called with the new ones, unless it is cancelled or they are the same.
    """

    def __init__(
        self, parent: QWidget, title: str, notes: RunNotes, noted: Callable[[RunNotes], object]
    ) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(title)
        self._before, self._noted = notes, noted
        self.tags = QLineEdit(", ".join(notes.tags))
        self.note = QPlainTextEdit(notes.note)
        self._build()
        self.accepted.connect(self._tell)

    @property
    def notes(self) -> RunNotes:
        """What the fields hold."""
        tags = tuple(tag.strip() for tag in self.tags.text().split(",") if tag.strip())
        return RunNotes(tags, self.note.toPlainText().strip())

    def _tell(self) -> None:
        if self.notes != self._before:
            self._noted(self.notes)

    def _build(self) -> None:
        self.tags.setPlaceholderText(_("Words, separated by commas"))
        self.note.setPlaceholderText(_("What you tried, and what you found"))
        self.note.setTabChangesFocus(True)
        form = QFormLayout()
        form.setSpacing(style.INSIDE)
        form.addRow(_("&Tags"), self.tags)
        form.addRow(_("&Note"), self.note)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        box.button(QDialogButtonBox.StandardButton.Ok).setText(_("Save"))
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addLayout(form, 1)
        layout.addWidget(box)
        self.resize(WIDTH, HEIGHT)
