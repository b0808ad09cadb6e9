"""The trainings that run on another computer, also of runs that are no longer here, to stop one."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.base.messages import for_window
from transfergui.core.base.paths import shown
from transfergui.core.places import stopping
from transfergui.core.places.place import Place
from transfergui.core.places.stopping import OWNERS, Owner, Running
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.dialogs import question_box
from transfergui.gui.parts.labels import WrappedLabel

STOP = "ask_to_stop_there"
"""Name of the question."""
SIZE = (640, 320)
AGAIN = 15_000
"""Milliseconds after which it is asked anew what runs there."""
BECOMES: dict[Owner, str] = {
    "here": N_("Resume continues the run later."),
    "trash": N_("The run was deleted on this computer, so the result would not come back."),
    "unknown": N_(
        "The run is not on this computer: it was deleted here, or another computer started it and "
        "waits for the result."
    ),
}
"""What is to be known before a training is stopped."""


class TrainingsDialog(QDialog):
    """See the module.

    Attributes:
        table: a training a row.
        said: what is done now, or what went wrong.
    """

    def __init__(self, parent: QWidget, place: Place) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _("In training on {name}").format(name=shown(place.name))
        self.setWindowTitle(title)
        self._place, self._found = place, list[Running]()
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(title)
        self.said = WrappedLabel()
        self.stop = QPushButton(_("Stop…"))
        self._looking = Task(self, _running, self._show, self._fail, broken=self._follow)
        self._stopping = Task(self, _paused, self._on_paused, self._fail, broken=self._follow)
        self._again = QTimer(self, interval=AGAIN, singleShot=True)
        self._again.timeout.connect(self._look)
        self._build()
        self.look()

    def look(self) -> None:
        """Ask the other computer what runs there."""
        self._say(_("Looking up which runs are in training there…"))
        self._look()
        self._follow()

    def _look(self) -> None:
        """In silence: what is read or chosen stays."""
        self._looking.start(self._place)

    def _build(self) -> None:
        names = [_("Run"), _("Started"), _("On this computer")]
        self.table.setHorizontalHeaderLabels(names)
        self.table.verticalHeader().hide()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.itemSelectionChanged.connect(self._follow)
        self.stop.clicked.connect(self._ask)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.stop)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.BETWEEN)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.said)
        layout.addLayout(foot)
        for button in (self.stop, close):
            button.setAutoDefault(False)
        self.resize(*SIZE)

    def _show(self, found: Sequence[Running]) -> None:
        chosen = self._chosen()
        self._found = list(found)
        self.table.setRowCount(len(self._found))
        for row, each in enumerate(self._found):
            cells = (shown(each.training.run), each.clock, _(OWNERS[each.owner]))
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(style.tip(text))
                self.table.setItem(row, column, item)
        if self._found:
            jobs = [each.training.job for each in self._found]
            before = "" if chosen is None else chosen.training.job
            self.table.selectRow(jobs.index(before) if before in jobs else 0)
        self._say("" if self._found else _("No run is in training there."))
        self._follow()
        self._again.start()

    def _ask(self) -> None:
        each = self._chosen()
        if each is not None:
            ask_to_stop(self, self._place, each, functools.partial(self._begin_to_stop, each))

    def _begin_to_stop(self, each: Running) -> None:
        self._again.stop()
        self._looking.cancel()
        text = _("Stopping “{name}”… It ends after its current step.")
        self._say(text.format(name=shown(each.training.run)))
        self._stopping.start(self._place, each.training.job)
        self._follow()

    def _on_paused(self, _nothing: None) -> None:
        self.look()

    def _chosen(self) -> Running | None:
        row = self.table.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _fail(self, error: UserError) -> None:
        self._say(for_window(str(error)))
        self._follow()
        self._again.start()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _follow(self) -> None:
        busy = self._looking.running or self._stopping.running
        self.stop.setEnabled(self._chosen() is not None and not busy)


def ask_to_stop(
    parent: QWidget, place: Place, each: Running, answered: Callable[[], object]
) -> None:
    """Say what becomes of a training; ``answered`` is called if it may be stopped."""
    box = question_box(parent, STOP, _("Stop on another computer?"))
    if box is None:
        return
    box.setTextFormat(Qt.TextFormat.PlainText)
    text = _("Stop the training “{run}” on {name}?")
    box.setText(text.format(run=shown(each.training.run), name=shown(place.name)))
    kept = _("What it has learned stays there until it is deleted with “Clean up…”.")
    box.setInformativeText(paragraph((_(BECOMES[each.owner]), kept)))
    stop = box.addButton(_("Stop the training"), QMessageBox.ButtonRole.DestructiveRole)
    go_on = box.addButton(_("Keep training"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(go_on)
    box.setEscapeButton(go_on)
    box.finished.connect(lambda: box.clickedButton() is stop and answered())
    box.open()


def _running(place: Place, report: Callable[[None], None]) -> list[Running]:
    """It ends where nobody waits any more."""
    return stopping.running(place, lambda: report(None))


def _paused(place: Place, job: str, report: Callable[[None], None]) -> None:
    stopping.pause(place, job, lambda: report(None))
