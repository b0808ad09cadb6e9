"""The Runs stage: every run so far, to open, resume, compare, note something about, or delete."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.networks.choice import AUTO
from transfergui.core.places.run_state import FINISHED
from transfergui.core.recipe import HeadOptions, Recipe, for_modality
from transfergui.core.runs import notes
from transfergui.core.runs import run as runs
from transfergui.core.runs.notes import RunNotes
from transfergui.core.runs.run import Run
from transfergui.gui.base import desktop, style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.compare.dialogs import ModelsDialog, RunsDialog
from transfergui.gui.panels.run_comparison import RunComparison, full_name
from transfergui.gui.panels.run_filter import RunFilter
from transfergui.gui.panels.run_notes import NotesDialog
from transfergui.gui.panels.run_reader import RunReader, paths_of
from transfergui.gui.panels.run_trash import RunTrash
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.session.session import Session
from transfergui.gui.tables.run_row import RunRow
from transfergui.gui.tables.run_table import RunTable

RESUMABLE = ("cancelled", "interrupted", "failed", "elsewhere")
SELDOM = ("detail", "on_folder", "combine", "data", "folder")
"""What stands in a menu behind the buttons: in a small window there is no room for more."""


class _Act(NamedTuple):
    """What can be done with a run, by the name of the stage's method."""

    method: str
    text: str
    tip: str
    keys: str


ACTS = {
    "open": _Act("open", N_("Open"), N_("Show the curves and results of the run."), "Return"),
    "resume": _Act(
        "resume", N_("Resume"), N_("Continue the training from where it stopped."), "Ctrl+G"
    ),
    "compare": _Act(
        "compare",
        N_("Compare curves"),
        N_(
            "Show the curves of two runs together on the Live page: of two selected runs, or of "
            "the selected one and the run that is open. Both need the same data."
        ),
        "Ctrl+U",
    ),
    "detail": _Act(
        "compare_in_detail",
        N_("Compare in detail…"),
        N_(
            "Show two selected runs side by side: figures, the examples on which they differ, "
            "curves and settings."
        ),
        "Ctrl+Shift+U",
    ),
    "on_folder": _Act(
        "compare_on_folder",
        N_("Compare on a folder…"),
        N_("Let two models predict the same new files, and show on which of them they differ."),
        "Ctrl+Shift+Y",
    ),
    "combine": _Act(
        "combine",
        N_("Combine runs"),
        N_(
            "Combine the selected finished runs into one model (soup or ensemble). The runs "
            "need the same classes."
        ),
        "Ctrl+M",
    ),
    "notes": _Act("take_notes", N_("Notes…"), N_("Give the run tags and a note."), "Ctrl+T"),
    "rename": _Act("rename", N_("Rename"), N_("Give the run a name of your own."), "F2"),
    "data": _Act(
        "open_data",
        N_("Open the data as they were"),
        N_(
            "Open exactly the examples of this run, in the same training, validation and test "
            "sets, and show what has changed or is missing since."
        ),
        "Ctrl+D",
    ),
    "folder": _Act("reveal", N_("Open folder"), N_("Open the folder of the run."), "Ctrl+Shift+O"),
    "delete": _Act(
        "delete",
        N_("Delete"),
        N_("Move the selected runs to the trash. Undo brings them back."),
        "Del",
    ),
}
"""Buttons, entries of the menus and keys, by their key."""


class RunsStage(QWidget):
    """The table, and what can be done with the selected run."""

    go = Signal(object)
    """Key of another stage that should be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reader = RunReader(self)
        self._reader.read.connect(self._show)
        self._rename = Task(self, _renamed, self._on_renamed, self._failed)
        self._note = Task(self, _noted, lambda _notes: self.refresh(), self._failed)
        self.bar = MessageBar(session, "runs")
        self.trash = RunTrash(self, self.bar, self.refresh, self._failed)
        self.table = RunTable()
        self.filter = RunFilter(self.table)
        self.comparison = RunComparison()
        self.hint = WrappedLabel(role="caption")
        self.buttons: dict[str, QPushButton] = {}
        self.actions_by_key: dict[str, QAction] = {}
        self._tips: dict[str, str] = {}
        self._kept: set[Path] = set()
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Read the runs again, in the background."""
        self._reader.start()

    def take_over(self, former: RunsStage) -> None:
        """Go on where the page in another language was."""
        self.filter.take_over(former.filter)
        self._kept = former._kept | paths_of(former.table.chosen())
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._reader.keep_up(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._reader.keep_up(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.fit()

    # -- building

    def _build(self) -> None:
        empty = NoRunPage(
            self._session,
            "history",
            _("No runs yet"),
            _(
                "Every run is kept here with its settings, curves and results. A new run never "
                "overwrites an old one."
            ),
        )
        lay_out_stage(self, self.bar, self._pages, empty, self._content())

    def _content(self) -> QWidget:
        self.table.setAccessibleName(_("Runs"))
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        more = QMenu(self)
        more.setToolTipsVisible(True)
        for key, act in ACTS.items():
            slot = getattr(self, act.method)
            action = self.actions_by_key[key] = self.table.add_action(_(act.text), slot, act.keys)
            self._tips[key] = words.bracketed(_(act.tip), act.keys)
            action.setToolTip(style.tip(self._tips[key]))
            if key in SELDOM:
                more.addAction(action)
                continue
            button = QPushButton(_(act.text))
            button.setToolTip(self._tips[key])
            button.clicked.connect(slot)
            self.buttons[key] = button
            row.addWidget(button)
        copies = self.table.actions()[0]
        copies.setText(_("Copy table"))
        more.addAction(copies)
        others = QPushButton(_("More"))
        others.setToolTip(
            _("Compare or combine runs, open their data or folder, or copy the table.")
        )
        others.setMenu(more)
        row.addWidget(others)
        row.addStretch(1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addLayout(self.filter)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.hint)
        layout.addWidget(self.comparison)
        self.hint.setText(_("To compare runs, select two to four of them (Ctrl+click)."))
        return content

    def _connect(self) -> None:
        session = self._session
        session.run_changed.connect(self._refresh_if_seen)
        session.state_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        self.comparison.wanted.connect(self.compare_in_detail)
        self.table.doubleClicked.connect(lambda _index: self.open())
        self.table.selectionModel().selectionChanged.connect(self._follow)
        self.table.rows.modelReset.connect(self._follow)

    # -- showing

    def _refresh_if_seen(self, _run: object) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self, rows: list[RunRow]) -> None:
        chosen = self._kept or paths_of(self.table.chosen())
        self._kept = set()
        self._pages.setCurrentIndex(1 if rows else 0)
        place = self.table.verticalScrollBar().value()
        self.filter.show_runs(rows)
        self.table.fit()
        self._choose(chosen)
        self.table.verticalScrollBar().setValue(place)
        self._follow()

    def _choose(self, paths: set[Path]) -> None:
        """Select the runs in these folders, the first one where there is none of them."""
        rows, flags = self.table.rows.shown, QItemSelectionModel.SelectionFlag
        first, *others = [n for n, row in enumerate(rows) if row.run.path in paths] or [0]
        self.table.selectRow(first)
        for number in others:
            there = self.table.rows.index(number, 0)
            self.table.selectionModel().select(there, flags.Select | flags.Rows)

    def _follow(self, *_what: object) -> None:
        """What can be done with what is selected."""
        rows = self.table.chosen()
        one = rows[0] if len(rows) == 1 else None
        busy = self._session.training and self._session.runner.watch is None
        readable = one is not None and one.state != "damaged"
        can = {
            "open": readable and not busy,
            "resume": one is not None and one.state in RESUMABLE and not busy,
            "compare": self._can_compare(rows),
            "detail": len(rows) == 2 and all(row.state != "damaged" for row in rows),
            "on_folder": len(rows) <= 2,
            "combine": len(rows) > 1 and all(row.state in FINISHED for row in rows) and not busy,
            "notes": one is not None and one.state != "damaged",
            "rename": readable,
            "data": one is not None and not self._session.training,
            "folder": one is not None,
            "delete": bool(rows) and not any(self._in_use(row) for row in rows),
        }
        for key, enabled in can.items():
            self.actions_by_key[key].setEnabled(enabled)
        for key, button in self.buttons.items():
            button.setEnabled(can[key])
        self.buttons["compare"].setToolTip(self._compare_tip(rows))
        self._name_opening(one is not None and one.state == "active" and not busy)
        self.comparison.compare(rows)
        self.hint.setVisible(self.comparison.isHidden() and len(self.table.rows.rows) > 1)

    def _name_opening(self, follows: bool) -> None:
        """What opening does with a run that another process trains."""
        text, tip = _(ACTS["open"].text), self._tips["open"]
        if follows:
            text = _("Follow")
            tip = _(
                "Show the curves while another process trains the run. They continue until it ends."
            )
            tip = words.bracketed(tip, ACTS["open"].keys)
        self.buttons["open"].setText(text)
        self.buttons["open"].setToolTip(tip)
        self.actions_by_key["open"].setText(text)
        self.actions_by_key["open"].setToolTip(style.tip(tip))

    def _compare_tip(self, rows: list[RunRow]) -> str:
        """What comparing does, or that these runs predict different things."""
        run, paths = self._session.run, [row.run.path for row in rows]
        if len(rows) == 1 and (run is None or run.path in paths):
            return _("Select two runs (Ctrl+click).")
        shown_one = [run.path] if run is not None and len(rows) == 1 else []
        if len(rows) in (1, 2) and len(self._objectives(*shown_one, *paths)) > 1:
            return _("These runs predict different things, so their curves cannot be compared.")
        return self._tips["compare"]

    def _objectives(self, *paths: Path) -> set[str]:
        """What these runs predict, as far as that is known."""
        rows = self.table.rows.rows
        return {row.objective for row in rows if row.run.path in paths and row.objective}

    def _can_compare(self, rows: list[RunRow]) -> bool:
        """One with the run that is shown, or two with each other; all of the same data."""
        run, paths = self._session.run, [row.run.path for row in rows]
        if any(row.state == "damaged" for row in rows):
            return False
        if len(rows) == 1 and run is not None and run.path not in paths:
            return self._same_data(run.path, *paths)
        return len(rows) == 2 and not self._session.training and self._same_data(*paths)

    def _same_data(self, *paths: Path) -> bool:
        """Whether these runs learnt the same from the same data, as far as that is known."""
        data = {row.data for row in self.table.rows.rows if row.run.path in paths and row.data}
        return len(data) <= 1 and len(self._objectives(*paths)) <= 1

    def _in_use(self, row: RunRow) -> bool:
        run = self._session.run
        own = self._session.training and run is not None and run.path == row.run.path
        return own or row.state == "active"

    # -- doing

    def open(self) -> None:
        """Show the selected run: its results, or its curves while there are none."""
        if self.buttons["open"].isEnabled():
            (row,) = self.table.chosen()
            compared = self._session.comparison.current
            if compared is not None and not self._same_data(row.run.path, compared[0].path):
                self._session.comparison.compare(None)
            self._session.open_run(row.run.path)
            self.go.emit("live" if row.figure is None else "results")

    def resume(self) -> None:
        """Train on from where the selected run was."""
        (row,) = self.table.chosen()
        self._session.resume(row.run)

    def compare(self) -> None:
        """Lay the selected run under the one that is shown, or one of two under the other."""
        *shown_one, row = self.table.chosen()
        for other in shown_one:
            self._session.open_run(other.run.path)
        self._session.comparison.compare(row.run.path)
        self.go.emit("live")

    def compare_in_detail(self) -> None:
        """Show the two selected runs side by side, in a window of their own."""
        if self.actions_by_key["detail"].isEnabled():
            one, other = self.table.chosen()
            names = full_name(one), full_name(other)
            RunsDialog(self._session, (one.run, other.run), names, self).open()

    def compare_on_folder(self) -> None:
        """Ask for a folder that two models predict; the selected ones are proposed."""
        paths = tuple(row.run.path for row in self.table.chosen() if row.state != "damaged")
        ModelsDialog(self._session, paths[:2], self).open()

    def combine(self) -> None:
        """Choose the strategy that puts the selected runs together, on the data of the first."""
        chosen = [row.run for row in self.table.chosen()]
        paths = [str(run.path) for run in chosen]
        own = {"strategy": registry.doing("combine").key, "options": {"runs": paths}}
        changes = {"name": "", "backbone": AUTO, **own}  # what is trained next chooses its own
        try:
            recipe = _on_data_of(chosen[0].recipe, self._session.wanted)
            recipe = msgspec.structs.replace(recipe, head=HeadOptions(), **changes)
        except UserError as error:
            self._failed(error)
            return
        text = _("Combine {count} runs").format(count=len(paths))
        self._session.change(recipe, text)
        said = _("{count} runs are selected. Press Train to combine them.")
        self.bar.show_message(said.format(count=len(paths)), passing=True)

    def rename(self) -> None:
        """Ask for a name, which every list of models then shows."""
        (row,) = self.table.chosen()
        named = functools.partial(self._rename.start, row.run)
        NameDialog(self, _("Rename the run"), row.name, _judged, named).open()

    def take_notes(self) -> None:
        """Ask for tags and a note."""
        (row,) = self.table.chosen()
        title = _("Notes on “{name}”").format(name=shown(row.name))
        NotesDialog(self, title, row.notes, functools.partial(self._note.start, row.run)).open()

    def _on_renamed(self, run: Run) -> None:
        self.refresh()
        self._session.shown_run.tell_renamed(run.path)

    def open_data(self) -> None:
        """Open the data of the selected run as they were."""
        (row,) = self.table.chosen()
        self._session.open_data_as_they_were(row.run)

    def reveal(self) -> None:
        (row,) = self.table.chosen()
        desktop.open_folder(row.run.path)

    def delete(self) -> None:
        """Move the selected runs to the trash."""
        if chosen := self.table.chosen():
            self.trash.discard([row.run for row in chosen])

    def _failed(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")
        self.refresh()


def _judged(name: str) -> NameCheck:
    """Whether a run may be called ``name``."""
    try:
        runs.checked_name(name)
    except UserError as error:
        return NameCheck(problem=str(error))
    return NameCheck(note=_("Every list of models shows this name. The folder keeps its name."))


def _on_data_of(trained: Recipe, current: Recipe) -> Recipe:
    """``current``, with the data of ``trained``, divided and read as there: what else was set is
    the user's, and stays."""
    current = for_modality(current, trained.modality)
    return msgspec.structs.replace(
        current,
        data=trained.data,
        split=trained.split,
        input=trained.input,
        weights_dir=trained.weights_dir,
        run=msgspec.structs.replace(current.run, seed=trained.run.seed),
    )


# -- in worker threads


def _noted(run: Run, said: RunNotes) -> RunNotes:
    return notes.save(run.path, said)


def _renamed(run: Run, name: str) -> Run:
    run.rename(name)
    return run
