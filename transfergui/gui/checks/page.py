"""What one check found: its sentences, what can be done, and the samples to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.checks.check import Check, Finding
from transfergui.core.checks.registry import Outcome
from transfergui.core.data.captions import short_caption
from transfergui.core.data.split import Split
from transfergui.gui.base import style
from transfergui.gui.checks.faces import Action, Face, face
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.samples.sample_grid import SampleGrid
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.session.session import Session


class FindingPage(QWidget):
    """One check.

    Attributes:
        grid: the samples that it flags.
        buttons: what can be done about them, by the title.
    """

    def __init__(self, session: Session, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.check = session, check
        self._face: Face = face(check.key)
        self._finding: Finding | None = None
        self._decode: Decode | None = None
        self.summary = WrappedLabel(role="caption")
        self.notes = NoteLines()
        self.grid = SampleGrid(session, lines=self._face.lines)
        self.grid.heading.hide()  # the sentences count
        self.own: Any = self._face.widget(session) if self._face.widget else None
        self.buttons: dict[str, QPushButton] = {}
        self.review_button = QPushButton()
        self._build()
        self.show_outcome(None)
        session.recipe_changed.connect(self._follow)
        session.state_changed.connect(self._follow)

    def use(self, root: Path, decode: Decode) -> None:
        """As :meth:`SampleGrid.use`."""
        self._decode = decode
        self.grid.use(root, decode)

    def show_outcome(self, outcome: Outcome | None) -> None:
        """
        Args:
            outcome: None where the check was not done yet.
        """
        self._finding = outcome if isinstance(outcome, Finding) else None
        notes = self._finding.notes if self._finding else ()
        if isinstance(outcome, Note):
            notes = (outcome,)
        elif self._finding is not None and not notes and not self._finding.flagged:
            notes = (Note("check.nothing_found", level="good"),)
        self.notes.fill(notes)
        self.notes.setVisible(bool(notes))
        self.summary.setVisible(outcome is None or not self._finding or not self._finding.notes)
        self._show_samples(self._finding)
        self._follow()

    def _show_samples(self, finding: Finding | None) -> None:
        flagged = finding.flagged if finding else ()
        if self.own is not None:
            self.own.setVisible(bool(flagged))
            if finding:
                self.own.fill(finding)
            return
        paths = list((self._face.paths or _paths)(finding)) if finding else []
        captions = None
        if finding and self._session.split is not None:
            captions = (self._face.captions or _captions)(finding, self._session.split)
        self.grid.setVisible(bool(paths))
        same = paths == self.grid.thumbnails.paths
        self.grid.fill("", paths, captions, keep_place=same)

    def _build(self) -> None:
        self.summary.setText(_(self.check.summary))
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        if self._face.review is not None:
            self.review_button.setText(_("Review…"))
            self.review_button.setProperty("role", "primary")
            self.review_button.clicked.connect(self.review)
            row.addWidget(self.review_button)
        for action in self._face.actions:
            button = QPushButton(_(action.title))
            button.clicked.connect(lambda _on=False, act=action: self._do(act))
            self.buttons[action.title] = button
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.grid.selection)  # here, a row of its own costs half a picture
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(style.INSIDE, 0, style.INSIDE, 0)
        column.setSpacing(style.INSIDE)
        column.addWidget(self.summary)
        column.addWidget(self.notes)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(words)
        row.setContentsMargins(style.INSIDE, 0, 0, 0)
        found = QHBoxLayout()
        found.setSpacing(style.INSIDE)
        found.addWidget(area, 1)
        found.addWidget(self.own or self.grid, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(found, 1)
        layout.addLayout(row)

    def review(self) -> None:
        """Go through what was found, one after the other."""
        if self._face.review is not None and self._finding and self._decode is not None:
            self._face.review(self._session, self._finding, self._decode, self.window()).open()

    def _do(self, action: Action) -> None:
        if self._finding is not None and not action.obstacle(self._session, self._finding):
            action.do(self._session, self._finding)

    def _follow(self, *_what: object) -> None:
        """What can be done now."""
        finding = self._finding
        self.review_button.setVisible(
            self._face.review is not None and bool(finding and finding.flagged)
        )
        for action in self._face.actions:
            button = self.buttons[action.title]
            button.setVisible(bool(finding and (finding.flagged or finding.actions)))
            obstacle = action.obstacle(self._session, finding) if finding else ""
            button.setEnabled(not obstacle)
            button.setToolTip(style.tip(obstacle or _(action.tip)))


def _paths(finding: Finding) -> list[str]:
    """The samples that are flagged, and those that they are like."""
    named = (path for each in finding.flagged for path in (each.path, *each.others))
    return list(dict.fromkeys(named))


def _captions(finding: Finding, split: Split) -> dict[str, str]:
    """The name of each file, and what it is called or seems to be."""
    captions = {}
    for each in finding.flagged:
        said = each.label
        if each.suggested:
            said = _("{label}, maybe {suggested}").format(
                label=each.label, suggested=each.suggested
            )
        captions[each.path] = f"{short_caption(each.path, split.root)}\n{said}".rstrip()
    return captions
