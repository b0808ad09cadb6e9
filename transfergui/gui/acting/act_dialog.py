"""Doing something with the files of predictions: chosen, previewed, done, undone in one dialog."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core.acting.steps import Act
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.base.messages import for_window
from transfergui.gui.acting import working
from transfergui.gui.acting.forms import ActForm
from transfergui.gui.acting.plan_tree import PlanTree
from transfergui.gui.acting.working import Done, Moved
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow

SIZE = (720, 620)
SOON = 300
"""Milliseconds after the last change until the plan is made anew."""


class ActDialog(QDialog):
    """See the module.

    Attributes:
        opened: what was written is to be opened as data; with its folder.

    Args:
        planned: makes the plan of what the form says, in a worker thread.
        moved: called with where files are now, after they were moved or put back.
    """

    opened = Signal(object)

    def __init__(
        self,
        form: ActForm,
        planned: Callable[[Any], Act],
        moved: Callable[[Moved], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(form.title)
        self.form, self._moved = form, moved
        self._act: Act | None = None
        self._halt = threading.Event()
        self._began = 0.0
        self._record: Path | None = None
        self._undoing = False
        self.said = WrappedLabel()
        self.tree = PlanTree()
        self.progress = ProgressRow(_("Progress"))
        self.start = QPushButton(form.verb)
        self.undo = QPushButton(_("Undo"))
        self.go_on = QPushButton(_("Continue"))
        self.reveal = QPushButton(_("Show in folder"))
        self.open_button = QPushButton(_("Open as data"))
        self.close_button = QPushButton(_("Close"))
        self._planning = Task(self, planned, self._show_plan, self._refuse)
        self._working = Task(
            self, _worked, self._show_done, self._fail, self._tell, broken=self._settle
        )
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._build()
        self._plan()

    def _build(self) -> None:
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self.start.clicked.connect(self._start)
        self.undo.clicked.connect(self._undo)
        self.go_on.clicked.connect(self._go_on)
        self.reveal.clicked.connect(self._reveal)
        self.open_button.setToolTip(_("Open the folder in TransferGUI, to train with it."))
        self.open_button.clicked.connect(self._open)
        self.close_button.clicked.connect(self.reject)
        self.progress.cancel_button.clicked.connect(self._halt.set)
        self._soon.timeout.connect(self._plan)
        self.form.changed.connect(self._follow_form)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.INSIDE)
        for button in (self.undo, self.go_on, self.reveal, self.open_button):
            button.hide()
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.form)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.said)
        layout.addLayout(self.progress)
        layout.addLayout(buttons)
        self.progress.set_visible(False)
        self.resize(*SIZE)

    # -- the plan

    def _follow_form(self) -> None:
        self._planning.cancel()
        self._act = None
        self.start.setEnabled(False)
        self._soon.start()

    def _plan(self) -> None:
        options = self.form.options()
        if options is None:
            self.tree.clear()
            self._say(self.form.missing())
            self.start.setEnabled(False)
            return
        self._planning.start(options)

    def _show_plan(self, act: Act) -> None:
        self._act = act
        self.tree.show_plan(act)
        short = act.free is not None and act.needed > act.free
        told = paragraph((self.form.before(), summary(act)))
        self._say(told, "danger" if short else "")
        self.start.setEnabled(bool(act.steps) and not short)

    def _refuse(self, error: UserError) -> None:
        self.tree.clear()
        self._say(for_window(str(error)), "warning")
        self.start.setEnabled(False)

    # -- the work

    def _start(self) -> None:
        if self._act is not None:
            self._undoing = False
            self._work(functools.partial(working.carry_out, self._act))

    def _go_on(self) -> None:
        if self._record is not None:
            self._undoing = False
            self._work(functools.partial(working.carry_on, self._record))

    def _undo(self) -> None:
        if self._record is not None:
            self._undoing = True
            self._work(functools.partial(working.undo, self._record))

    def _work(self, work: Callable[..., Done]) -> None:
        self._halt.clear()
        self._began = time.monotonic()
        self.form.setEnabled(False)
        for button in (self.start, self.undo, self.go_on, self.reveal, self.close_button):
            button.setEnabled(False)
        self.progress.set_visible(True)
        self.progress.show_waiting(_("Beginning…"))
        self._working.start(work, self._halt)

    def _tell(self, progress: tuple[int, int]) -> None:
        self.progress.show_progress(*progress, self._began)

    def _show_done(self, done: Done) -> None:
        self._record = done.record
        if done.moved:
            self._moved(done.moved)
        self._settle()
        outcome = done.outcome
        ended = bool(outcome.stopped or outcome.halted)
        self.start.hide()
        self.close_button.setDefault(True)
        self.undo.setVisible(done.files > 0 or ended)
        self.go_on.setVisible(ended and not self._undoing)
        self.reveal.setVisible(not self._undoing)
        fit = self.form.is_data() and bool(done.files) and not ended
        self.open_button.setVisible(fit and not self._undoing)
        if outcome.left:
            self.tree.show_plan(Act((), tuple(outcome.left)))
        elif self._undoing:
            self.tree.clear()
        self._say(self._result(done), "danger" if outcome.stopped else "")

    def _result(self, done: Done) -> str:
        told = []
        if self._undoing:
            text = ngettext("{count} step undone.", "{count} steps undone.", done.outcome.done)
            told.append(text.format(count=words.number(done.outcome.done)))
        else:
            told.append(self.form.done(done.files, self._act.to if self._act else ""))
        if done.outcome.stopped is not None:
            told.append(done.outcome.stopped.sentence())
        if done.outcome.halted:
            told.append(_("Cancelled. Continue later, or undo what was done."))
        if done.outcome.left:
            count = len(done.outcome.left)
            text = ngettext(
                "{count} file was left as it is; the list says why.",
                "{count} files were left as they are; the list says why.",
                count,
            )
            told.append(text.format(count=words.number(count)))
        if done.files and not self._undoing:
            told.append(self.form.later())
        return paragraph(told)

    def _fail(self, error: UserError) -> None:
        self._settle()
        self.start.setEnabled(True)
        self._say(for_window(str(error)), "danger")

    def _settle(self) -> None:
        self.progress.set_visible(False)
        for button in (self.undo, self.go_on, self.reveal, self.close_button):
            button.setEnabled(True)

    def _open(self) -> None:
        if self._act is not None:
            self.opened.emit(Path(self._act.to))
            self.accept()

    def _reveal(self) -> None:
        act = self._act
        first = Path(act.to) if act and act.to else Path(act.steps[0].target) if act else None
        if first is not None:
            desktop.show_in_folder(first)

    def _say(self, text: str, role: str = "") -> None:
        self.said.setText(text)
        self.said.setProperty("role", role)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)

    def reject(self) -> None:
        """While files are moved, it stays open: the work ends after the file at hand."""
        if self._working.running:
            self._halt.set()
        else:
            super().reject()


KINDS: dict[str, Callable[[int], str]] = {
    "copy": lambda n: ngettext("{count} file will be copied.", "{count} files will be copied.", n),
    "move": lambda n: ngettext("{count} file will be moved.", "{count} files will be moved.", n),
    "link": lambda n: ngettext("{count} file will be linked.", "{count} files will be linked.", n),
    "symlink": lambda n: ngettext(
        "{count} file will get a symbolic link.", "{count} files will get symbolic links.", n
    ),
    "rename": lambda n: ngettext(
        "{count} file will be renamed.", "{count} files will be renamed.", n
    ),
    "write": lambda n: ngettext(
        "{count} file will be written.", "{count} files will be written.", n
    ),
    "crop": lambda n: ngettext("{count} box will be cut out.", "{count} boxes will be cut out.", n),
}
"""What is said of the steps of each kind."""


def summary(act: Act) -> str:
    """A plan in a few sentences."""
    told = []
    for kind, words_of in KINDS.items():
        count = sum(step.kind == kind for step in act.steps)
        if count:
            told.append(words_of(count).format(count=words.number(count)))
    if not act.steps:
        told.append(_("There is nothing to do."))
    if act.there:
        text = ngettext(
            "{count} file is where it belongs already.",
            "{count} files are where they belong already.",
            act.there,
        )
        told.append(text.format(count=words.number(act.there)))
    if act.renamed:
        text = ngettext(
            "{count} gets another name, because its own is taken.",
            "{count} get other names, because their own are taken.",
            act.renamed,
        )
        told.append(text.format(count=words.number(act.renamed)))
    if act.left:
        text = ngettext(
            "{count} file stays as it is.", "{count} files stay as they are.", len(act.left)
        )
        told.append(text.format(count=words.number(len(act.left))))
    if act.needed and act.free is not None:
        sizes = {"needed": words.size(act.needed), "free": words.size(act.free)}
        if act.needed > act.free:
            text = _("Not enough space: {needed} needed, {free} free.")
        else:
            text = _("{needed} needed, {free} free.")
        told.append(text.format(**sizes))
    return paragraph(told)


# -- in a worker thread


def _worked(work: Callable[..., Done], halt: threading.Event, report: working.Report) -> Done:
    return work(halt, report)
