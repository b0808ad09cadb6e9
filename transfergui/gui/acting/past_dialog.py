"""What was sorted, renamed or written before, to be undone, or continued after a crash."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core.acting.past import Past, acts
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, ngettext, paragraph
from transfergui.core.base.messages import for_window
from transfergui.core.base.paths import shown
from transfergui.gui.acting import working
from transfergui.gui.acting.working import Done, Moved
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.tables.result_table import Column, ResultTable

SIZE = (800, 420)


class PastDialog(QDialog):
    """See the module.

    Args:
        moved: called with where files are now, after they were put back.
    """

    def __init__(self, moved: Callable[[Moved], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Undo or continue"))
        self._moved = moved
        self._halt = threading.Event()
        self._began = 0.0
        self._undoing = False
        columns = (
            Column[Past](
                _("Folder"), lambda act: shown(act.to), elide=Qt.TextElideMode.ElideMiddle
            ),
            Column[Past](_("What"), _what, width=190),
            Column[Past](_("When"), _when, lambda act: act.begun, width=150),
            Column[Past](_("State"), _state, width=140),
        )
        self.table = ResultTable(columns, self)
        self.table.setAccessibleName(_("Undo or continue"))
        self.table.set_empty_text(_("Nothing was sorted or renamed yet."))
        self.said = WrappedLabel()
        self.progress = ProgressRow(_("Progress"))
        self.undo = QPushButton(_("Undo"))
        self.go_on = QPushButton(_("Continue"))
        self.reveal = QPushButton(_("Show in folder"))
        self.close_button = QPushButton(_("Close"))
        self._reading = Task(self, acts, self._list)
        self._working = Task(
            self, _worked, self._show_done, self._fail, self._tell, broken=self._settle
        )
        self._build()
        self._reading.start()

    def _build(self) -> None:
        self.undo.clicked.connect(lambda: self._work(working.undo))
        self.go_on.clicked.connect(lambda: self._work(working.carry_on))
        self.reveal.clicked.connect(self._reveal)
        self.close_button.clicked.connect(self.reject)
        self.progress.cancel_button.clicked.connect(self._halt.set)
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._follow())
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.undo, self.go_on, self.reveal):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.said)
        layout.addLayout(self.progress)
        layout.addLayout(buttons)
        self.progress.set_visible(False)
        self.resize(*SIZE)
        self._follow()

    def _list(self, found: list[Past]) -> None:
        self.table.rows.fill(found)
        if found:
            self.table.selectRow(0)
        self._follow()

    def _follow(self) -> None:
        """What can be done with the one that is selected."""
        act, busy = self._chosen(), self._working.running
        self.undo.setEnabled(act is not None and act.done + act.waiting > 0 and not busy)
        self.go_on.setEnabled(act is not None and act.waiting > 0 and not busy)
        self.reveal.setEnabled(act is not None)
        self.close_button.setEnabled(not busy)

    def _chosen(self) -> Past | None:
        return next(iter(self.table.chosen()), None)

    def _work(self, work: Callable[..., Done]) -> None:
        act = self._chosen()
        if act is not None:
            self._halt.clear()
            self._undoing = work is working.undo
            self._began = time.monotonic()
            self.progress.set_visible(True)
            self.progress.show_waiting(_("Beginning…"))
            self._working.start(functools.partial(work, act.path), self._halt)
            self._follow()

    def _tell(self, progress: tuple[int, int]) -> None:
        self.progress.show_progress(*progress, self._began)

    def _show_done(self, done: Done) -> None:
        if done.moved:
            self._moved(done.moved)
        outcome = done.outcome
        if self._undoing:
            text = ngettext("{count} step undone.", "{count} steps undone.", outcome.done)
        else:
            text = ngettext("{count} step done.", "{count} steps done.", outcome.done)
        told = [text.format(count=words.number(outcome.done))]
        if outcome.stopped is not None:
            told.append(outcome.stopped.sentence())
        told += [each.sentence() for each in outcome.left[:3]]
        if len(outcome.left) > 3:
            told.append(_("… and {count} more").format(count=words.number(len(outcome.left) - 3)))
        self.said.setText(paragraph(told))
        self._settle()
        self._reading.start()

    def _fail(self, error: UserError) -> None:
        self.said.setText(for_window(str(error)))
        self._settle()

    def _settle(self) -> None:
        self.progress.set_visible(False)
        self._follow()

    def _reveal(self) -> None:
        act = self._chosen()
        if act is not None:
            desktop.show_in_folder(act.path)

    def reject(self) -> None:
        """While files are moved, it stays open: the work ends after the file at hand."""
        if self._working.running:
            self._halt.set()
        else:
            super().reject()


def _when(act: Past) -> str:
    try:
        return datetime.fromisoformat(act.begun).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return ""


def _what(act: Past) -> str:
    """``20 files copied, 20 files written``."""
    said = []
    for kind, count in act.kinds:
        text = {
            "copy": ngettext("{count} file copied", "{count} files copied", count),
            "move": ngettext("{count} file moved", "{count} files moved", count),
            "rename": ngettext("{count} file renamed", "{count} files renamed", count),
            "write": ngettext("{count} file written", "{count} files written", count),
        }.get(kind, ngettext("{count} link made", "{count} links made", count))
        said.append(text.format(count=words.number(count)))
    return comma_list(said)


def _state(act: Past) -> str:
    if act.waiting and act.done:
        text = _("{done} done, {waiting} to do")
        return text.format(done=words.number(act.done), waiting=words.number(act.waiting))
    if act.done:
        return _("done") if not act.undone else _("undone in part")
    return _("undone") if act.undone else _("nothing done")


def _worked(work: Callable[..., Done], halt: threading.Event, report: working.Report) -> Done:
    return work(halt, report)
