"""How many wrong predictions a model may make, chosen where its confidence is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import promises
from transfergui.core.runs import doubts
from transfergui.core.views.result import Result
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.note_lines import NoteLines
from transfergui.gui.session.session import Session

LINES = 3
"""Lines of text that the longest answer to a choice takes."""


class PromiseRow(QWidget):
    """Below the choice: how many of the test examples get no prediction then, and how many of the
    others are wrong. What is chosen is kept in the run; Predict and exports take it from there."""

    def __init__(self, session: Session, result: Result) -> None:
        super().__init__()
        self._session, self._result = session, result
        self._work = Task(self, _choose, self._show, self._refuse)
        self._asked: float | None = None
        self.choice = QComboBox()
        self.choice.addItem(_("Predict always"), None)
        for share in promises.CHOICES:
            text = _("Wrong in at most {share}").format(share=promises.promised_text(share))
            self.choice.addItem(text, share)
        self.choice.setToolTip(
            style.tip(
                _(
                    "Predictions whose confidence is too low for this limit are left out. The "
                    "choice is saved in the model: Predict and every export use it."
                )
            )
        )
        label = QLabel(_("&Uncertain predictions"))
        label.setBuddy(self.choice)
        self.lines = NoteLines()
        line = self.fontMetrics().lineSpacing()  # room for what is said later: nothing jumps then
        self.lines.setMinimumHeight(LINES * line + style.GAP)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(label)
        row.addWidget(self.choice)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addLayout(row)
        layout.addWidget(self.lines)
        self.choice.activated.connect(lambda at: self.choose(self.choice.itemData(at)))
        session.promise_changed.connect(self._follow)
        self._read()

    @property
    def kept(self) -> float | None:
        """What the run keeps."""
        return doubts.kept(self._result.run.path, strangers=False).wanted

    def choose(self, at_most_wrong: float | None) -> None:
        """Keep no more than this share of the predictions wrong; None to predict always."""
        self._asked = at_most_wrong
        self._work.start(self._result, at_most_wrong, True)

    def close_down(self) -> None:
        """Nobody waits for it any more."""
        self._work.cancel()

    def _read(self) -> None:
        """Show what is kept."""
        self._asked = self.kept
        self._put_choice(self._asked)
        self._work.start(self._result, self._asked, False)

    def _follow(self, path: object, at_most_wrong: object) -> None:
        """Chosen elsewhere, in Predict."""
        if path == self._result.run.path and at_most_wrong != self._asked:
            self._read()

    def _put_choice(self, at_most_wrong: float | None) -> None:
        """Select it; what the command line chose may not be in the list."""
        if self.choice.findData(at_most_wrong) < 0 and at_most_wrong is not None:
            text = _("Wrong in at most {share}")
            share = promises.promised_text(at_most_wrong)
            self.choice.addItem(text.format(share=share), at_most_wrong)
        self.choice.setCurrentIndex(max(0, self.choice.findData(at_most_wrong)))

    def _show(self, notes: Sequence[Note]) -> None:
        self.lines.fill(notes)
        self._put_choice(self._asked)
        self._session.promise_changed.emit(self._result.run.path, self._asked)

    def _refuse(self, error: UserError) -> None:
        """Say why; what was chosen before stays."""
        self._asked = self.kept
        self._put_choice(self._asked)
        self.lines.fill((Note(error.note.code, error.note.values, "warning"),))


def _choose(result: Result, at_most_wrong: float | None, keep: bool) -> list[Note]:
    """What it comes to, in words; in a worker thread.

    Raises:
        UserError: as :func:`promises.choose`.
    """
    run, objective = result.run, result.objective
    if keep:
        promise = promises.choose(run, objective, at_most_wrong)
    else:
        known = doubts.kept(run.path, strangers=False).doubts
        promise = promises.kept(known, objective, at_most_wrong)
    if promise is None:
        return []
    return promises.told(promise, run, objective, result.modality.many)
