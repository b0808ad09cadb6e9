"""What is said about a result, one line for each sentence, with a sign for its level."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.notes import Note
from transfergui.gui.base import style, words
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.parts.terms import jargon_in

LONGEST = {"truth": 40, "label": 40, "name": 60, "names": 120}
"""Letters that a sentence shows of the user's names; the middle of longer ones is left out."""


SETTINGS = {"report.boxes_small": "input.size"}
"""Paths of the settings that sentences advise to change, by their codes."""


class NoteLines(QWidget):
    """Sentences, a line each, with its level as a sign.

    Attributes:
        setting_wanted: with the path of a setting that a sentence advises to change.
    """

    setting_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._notes: Sequence[Note] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, style.GAP, 0, 0)
        self._layout.setSpacing(style.INSIDE)
        style.theme.changed.connect(self._rebuild)

    def fill(self, notes: Sequence[Note]) -> None:
        self._notes = notes
        self._rebuild()

    def texts(self) -> list[str]:
        """What is said."""
        return [brief_note(note).sentence() for note in self._notes]

    def _rebuild(self, *_args: object) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (line := item.widget()) is not None:
                line.hide()
                line.deleteLater()
        for note in self._notes:
            self._layout.addWidget(_line(note, self._link(note)))
        self._layout.addStretch(1)

    def _link(self, note: Note) -> QWidget | None:
        """To the setting that a sentence speaks of."""
        setting = SETTINGS.get(note.code)
        if setting is None:
            return None
        link = QPushButton(_("Show this setting"))
        link.setProperty("role", "link")
        link.clicked.connect(lambda _checked=False: self.setting_wanted.emit(setting))
        return link


def _line(note: Note, link: QWidget | None = None) -> QWidget:
    picture, colour = SIGNS.get(note.level, SIGNS["info"])
    sign = QLabel()
    sign.setPixmap(style.pixmap(picture, 16, colour))
    text = WrappedLabel()
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    say(text, [note])
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(style.INSIDE)
    layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    beside = QVBoxLayout()
    beside.setSpacing(0)
    beside.addWidget(text)
    if known := jargon_in(text.text()):
        beside.addLayout(_terms(known))
    if link is not None:
        beside.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
    layout.addLayout(beside, 1)
    return line


def _terms(keys: Sequence[str]) -> QHBoxLayout:
    """Terms of a sentence, each explained on hover or by a click."""
    row = QHBoxLayout()
    row.setSpacing(style.INSIDE)
    for key in keys:
        label = TermLabel.term(key)
        label.setProperty("role", "caption")
        row.addWidget(label)
    row.addStretch(1)
    return row


SIGNS = {
    "good": ("check", "success"),
    "info": ("info", "accent"),
    "warning": ("warning", "warning"),
    "error": ("error", "danger"),
}
"""Icon and colour of each level."""


def say(label: WrappedLabel, notes: Sequence[Note]) -> None:
    """Say notes with long names cut, and in full as the tool tip."""
    label.setText(unbroken(paragraph(brief_note(note).sentence() for note in notes)))
    label.setToolTip(style.tip(paragraph(note.sentence() for note in notes)))


def unbroken(text: str) -> str:
    """No line begins with a per cent sign."""
    return text.replace(" %", "\u00a0%")


def brief_note(note: Note) -> Note:
    """With the middle of endless names left out."""
    cut = {
        key: words.brief(str(note.values[key]), most)
        for key, most in LONGEST.items()
        if key in note.values
    }
    return Note(note.code, note.values | cut, note.level)
