"""What is to be known where added files do not look like the training data, or are among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import N_, _, comma_list, paragraph
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.gui.base import style, words
from transfergui.gui.parts.note_lines import NoteLines

SIZE = (620, 320)
"""Of the dialog, in pixels."""
LONGEST, NAMED = 24, 3
"""Letters of a name, and names, in one sentence."""
BRIEFLY = {
    "likeness.apart": N_("{names}: not like the training data. Check some predictions by hand."),
    "likeness.one_class": N_("{names}: nearly all get the same class. Check some by hand."),
    "likeness.shares": N_(
        "{names}: the shares of the classes differ from the test set. Check some predictions by"
        " hand."
    ),
    "likeness.trained_on": N_(
        "{names}: the model was trained on some of these files, so it is correct more often than "
        "on new ones."
    ),
}
"""By the code of a note, the most serious one first."""
SAME = {
    "likeness.strangers": "likeness.apart",
    "likeness.trained_on_some": "likeness.trained_on",
}
"""Codes about which the same is said briefly."""


def _codes(notes: Sequence[Note]) -> set[str]:
    """The codes under which notes are summed up."""
    return {SAME.get(note.code, note.code) for note in notes}


def briefly(unlike: Mapping[str, Sequence[Note]]) -> tuple[str, Level]:
    """A sentence for each kind of doubt, with the names of what was added.

    Args:
        unlike: the notes on what was added, by its name.
    """
    said = []
    for code, text in BRIEFLY.items():
        names = [name for name, notes in unlike.items() if code in _codes(notes)]
        if names:
            brief = [f"“{shown(words.brief(name, LONGEST))}”" for name in names[:NAMED]]
            brief += ["…"] if len(names) > NAMED else []
            said.append(_(text).format(names=comma_list(brief)))
    levels = {note.level for notes in unlike.values() for note in notes}
    return paragraph(said), "warning" if "warning" in levels else "info"


class UnlikeDialog(QDialog):
    """All that was found out about each folder."""

    def __init__(self, unlike: Mapping[str, Sequence[Note]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Compared with the training data"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        for name, notes in unlike.items():
            title = QLabel(shown(name), textFormat=Qt.TextFormat.PlainText)
            title.setProperty("role", "title")
            lines = NoteLines()
            lines.fill(notes)
            column.addWidget(title)
            column.addWidget(lines)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(area, 1)
        layout.addWidget(box)
        self.resize(*SIZE)
