"""The Runs stage: every training so far, to open, go on with, compare or delete."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from transfergui.core import registry
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.networks.choice import AUTO
from transfergui.core.recipe import HeadOptions, Recipe, for_modality
from transfergui.core.runs import events as ev
from transfergui.core.runs import run as runs
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.core.sources import network_title
from transfergui.gui.base import desktop, errors, style, words
from transfergui.gui.base.run_names import data_name, strategy_title
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.empty_page import NoRunPage, lay_out_stage
from transfergui.gui.parts.message_bar import MessageBar
from transfergui.gui.parts.name_dialog import NameCheck, NameDialog
from transfergui.gui.parts.term_label import TERMS
from transfergui.gui.session.session import Session
from transfergui.gui.tables.result_table import LEAST, Column, ResultTable

STATES: dict[str, tuple[str, str]] = {
    "done": (N_("finished"), "success"),
    "stopped": (N_("stopped early"), "success"),
    "cancelled": (N_("can go on"), "warning"),
    "interrupted": (N_("can go on"), "warning"),
    "failed": (N_("failed"), "danger"),
    "active": (N_("training now"), "accent"),
    "damaged": (N_("cannot be read"), "danger"),
}
"""Word and colour of each state of a run."""
T = TypeVar("T")
RESUMABLE = ("cancelled", "interrupted", "failed")
FINISHED = ("done", "stopped")
NARROW = 112
"""No column gives way further, in pixels."""
BESIDE = 18
"""Pixels beside a heading."""


@dataclass(frozen=True)
class RunRow:
    """One run as the table shows it.

    Attributes:
        name: the user's own, or of its data, and whether they were divided in another way than at
            random.
        learnt_from: the name of its data, where the user gave the run one of its own.
        began: seconds since 1970.
        data: where its data were, by which those of others are told apart; empty if unknown.
        origin: what it began with, as its recipe names it: a key, a run, a file.
        epochs: None where nothing was learnt, but put together.
        accuracy, low, high: on the test; None where it was not tested.
        state: key of :data:`STATES`.
        problem: why a damaged run cannot be read.
    """

    run: Run
    name: str
    began: float
    data: str = ""
    backbone: str = ""
    origin: str = ""
    strategy: str = ""
    epochs: int | None = None
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    state: str = "interrupted"
    problem: str = ""
    learnt_from: str = ""

    @property
    def tip(self) -> str:
        """What there is to know beside its name."""
        return self.problem or " · ".join(filter(None, (self.learnt_from, str(self.run.path))))

    @classmethod
    def read(cls, run: Run) -> RunRow:
        """Read in a worker thread; a damaged run is a row too, whatever is wrong with it.

        Raises:
            FileNotFoundError: it was deleted meanwhile.
        """
        began = run.began
        try:
            return cls._of(run, began)
        except UserError as error:
            problem = str(error)
        except Exception as error:  # a bug, which must not hide the other runs
            errors.report_bug(error)
            bug = _("It cannot be read because of a bug in TransferGUI ({reason}).")
            problem = str(memory.as_user_error(error) or bug.format(reason=type(error).__name__))
        return cls(run, run.path.name, began, state="damaged", problem=problem)

    @classmethod
    def _of(cls, run: Run, began: float) -> RunRow:
        """
        Raises:
            UserError: it is damaged.
        """
        recipe, history = run.recipe, run.history()
        found, network = run.report(), network_title(run)
        interval, own = found.get("interval") or {}, run.name
        learnt_from = _name(run, recipe, bool(found.get("grouped_by")))
        return cls(
            run=run,
            name=own or learnt_from,
            learnt_from=learnt_from if own else "",
            began=began,
            data=recipe.data.path,
            backbone=network,
            origin=recipe.backbone,
            strategy=_strategy(recipe, bool(history.trials)),
            epochs=_epochs(recipe, history),
            accuracy=found.get("accuracy"),
            low=interval.get("low"),
            high=interval.get("high"),
            state="active" if run.active() else _state(history.outcome),
        )


class RunsStage(QWidget):
    """The table, and what can be done with the selected run."""

    go = Signal(object)
    """Key of another stage that should be shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._list = Task(self, _read_all, self._show)
        self._discard = Task(self, _discard_all, self._discarded, self._failed)
        self._rename = Task(self, _renamed, self._on_renamed, self._failed)
        self._restore = Task(self, _restore_all, self._restored, self._failed)
        self._trashed: list[Path] = []
        self._fitted: dict[int, int] = {}
        self.bar = MessageBar(session, "runs")
        self.table = ResultTable(_columns())
        self.hint = QLabel()
        self.buttons: dict[str, QPushButton] = {}
        self.actions_by_key: dict[str, QAction] = {}
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    def refresh(self) -> None:
        """Read the runs again, in the background."""
        self._list.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- building

    def _build(self) -> None:
        empty = NoRunPage(
            self._session,
            "history",
            _("No runs yet"),
            _(
                "Every training is kept here with its settings, curves and results. Nothing is "
                "lost when you train again."
            ),
        )
        lay_out_stage(self, self.bar, self._pages, empty, self._content())

    def _content(self) -> QWidget:
        self.table.setAccessibleName(_("Runs"))
        self.hint.setProperty("role", "caption")
        row = QHBoxLayout()
        row.setSpacing(style.GAP)
        for key, text, tip, keys, slot in self._acts():
            self.actions_by_key[key] = self.table.add_action(_(text), slot, keys)
            if key == "rename":  # there is no room for one more button
                continue
            button = QPushButton(_(text))
            button.setToolTip(f"{_(tip)} ({keys})")
            button.clicked.connect(slot)
            self.buttons[key] = button
            row.addWidget(button)
        copy = QPushButton(_("Copy"))
        copy.setToolTip(_("Copy the table, to paste it into a spreadsheet. (Ctrl+C)"))
        copy.clicked.connect(self.table.copy)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(self.hint)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        return content

    def _acts(self) -> tuple[tuple[str, str, str, str, Callable[[], object]], ...]:
        """Key, text, tip, shortcut and slot of everything that can be done with a run."""
        return (
            ("open", N_("Open"), N_("Show its curves and results."), "Return", self.open),
            ("resume", N_("Go on"), N_("Train on from where it was."), "Ctrl+G", self.resume),
            (
                "compare",
                N_("Compare"),
                N_(
                    "Lay its curves under those of the run that is shown, if both learnt from the "
                    "same data; of two that are selected, show one, and lay the other under it."
                ),
                "Ctrl+U",
                self.compare,
            ),
            (
                "combine",
                N_("Put together"),
                N_("Make one model of several finished trainings on the same classes."),
                "Ctrl+M",
                self.combine,
            ),
            ("rename", N_("Rename"), N_("Give it a name of your own."), "F2", self.rename),
            ("folder", N_("Folder"), N_("Open its folder."), "Ctrl+Shift+O", self.reveal),
            (
                "delete",
                N_("Delete"),
                N_("Move it to the trash; Undo is offered."),
                "Del",
                self.delete,
            ),
        )

    def _connect(self) -> None:
        session = self._session
        session.run_changed.connect(self._refresh_if_seen)
        session.state_changed.connect(self._follow)
        session.plan_changed.connect(self._follow)
        self.table.doubleClicked.connect(lambda _index: self.open())
        self.table.selectionModel().selectionChanged.connect(self._follow)
        self.table.rows.modelReset.connect(self._follow)

    # -- showing

    def _refresh_if_seen(self, _run: object) -> None:
        if self.isVisible():
            self.refresh()

    def _show(self, rows: list[RunRow]) -> None:
        chosen = {row.run.path for row in self.table.chosen()}
        self._pages.setCurrentIndex(1 if rows else 0)
        self.table.rows.fill(rows)
        self._fit()
        paths = [row.run.path for row in self.table.rows.shown]
        again = (number for number, path in enumerate(paths) if path in chosen)
        self.table.selectRow(next(again, 0))
        text = ngettext("{count} run", "{count} runs", len(rows))
        self.hint.setText(text.format(count=words.number(len(rows))))
        self._follow()

    def _fit(self) -> None:
        """Columns are as wide as what they hold; where there is no room, the widest give way.

        Those that the user has dragged stay as they are.
        """
        header = self.table.horizontalHeader()
        now = {n: header.sectionSize(n) for n in range(1, header.count())}  # 0: what is left
        others = [n for n, width in now.items() if self._fitted.get(n, width) == width]
        held = {n: max(self.table.sizeHintForColumn(n), self._heading(n)) for n in others}
        dragged = sum(width for n, width in now.items() if n not in held)
        room = self.table.viewport().width() - LEAST - dragged
        caps = range(max(held.values(), default=0), NARROW, -1)
        cap = next((cap for cap in caps if sum(min(w, cap) for w in held.values()) <= room), NARROW)
        for number, width in held.items():
            header.resizeSection(number, min(width, cap))
            self._fitted[number] = header.sectionSize(number)

    def _heading(self, number: int) -> int:
        """How wide it is; its arrow stands above it, and needs no room of its own."""
        metrics = self.table.horizontalHeader().fontMetrics()
        return metrics.horizontalAdvance(self.table.rows.columns[number].title) + BESIDE

    def _follow(self, *_what: object) -> None:
        """What can be done with what is selected."""
        rows = self.table.chosen()
        one = rows[0] if len(rows) == 1 else None
        busy = self._session.training
        readable = one is not None and one.state != "damaged"
        can = {
            "open": readable and not busy,
            "resume": one is not None and one.state in RESUMABLE and not busy,
            "compare": self._can_compare(rows),
            "combine": len(rows) > 1 and all(row.state in FINISHED for row in rows) and not busy,
            "rename": readable,
            "folder": one is not None,
            "delete": bool(rows) and not any(self._in_use(row) for row in rows),
        }
        for key, enabled in can.items():
            self.actions_by_key[key].setEnabled(enabled)
        for key, button in self.buttons.items():
            button.setEnabled(can[key])

    def _can_compare(self, rows: list[RunRow]) -> bool:
        """One with the run that is shown, or two with each other; all of the same data."""
        run, paths = self._session.run, [row.run.path for row in rows]
        if any(row.state == "damaged" for row in rows):
            return False
        if len(rows) == 1 and run is not None:
            return self._same_data(run.path, *paths)
        return len(rows) == 2 and not self._session.training and self._same_data(*paths)

    def _same_data(self, *paths: Path) -> bool:
        """Whether these runs learnt from the same data, as far as that is known."""
        data = {row.data for row in self.table.rows.rows if row.run.path in paths and row.data}
        return len(data) <= 1

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
            self.go.emit("live" if row.accuracy is None else "results")

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

    def combine(self) -> None:
        """Choose the strategy that puts the selected runs together, on the data of the first."""
        chosen = [row.run for row in self.table.chosen()]
        paths = [str(run.path) for run in chosen]
        own = {"strategy": registry.doing("combine").key, "options": {"runs": paths}}
        changes = {"name": "", "backbone": AUTO, **own}  # what is trained next chooses its own
        try:
            recipe = _on_data_of(chosen[0].recipe, self._session.recipe)
            recipe = msgspec.structs.replace(recipe, head=HeadOptions(), **changes)
        except UserError as error:
            self._failed(error)
            return
        text = _("Put {count} trainings together").format(count=len(paths))
        self._session.change(recipe, text)
        said = _("{count} trainings are chosen to be put together. Press Train to do it.")
        self.bar.show_message(said.format(count=len(paths)), passing=True)

    def rename(self) -> None:
        """Ask for a name, which every list of models then shows."""
        (row,) = self.table.chosen()
        named = functools.partial(self._rename.start, row.run)
        NameDialog(self, _("Rename the run"), row.name, _judged, named).open()

    def _on_renamed(self, run: Run) -> None:
        self.refresh()
        self._session.shown_run.tell_renamed(run.path)

    def reveal(self) -> None:
        (row,) = self.table.chosen()
        desktop.open_folder(row.run.path)

    def delete(self) -> None:
        """Move the selected runs to the trash."""
        if chosen := self.table.chosen():
            self._discard.start([row.run for row in chosen])

    def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        if self._trashed:
            trashed, self._trashed = self._trashed, []
            self._restore.start(trashed)

    def _discarded(self, trashed: list[Path]) -> None:
        self._trashed = trashed
        text = ngettext("{count} run was deleted.", "{count} runs were deleted.", len(trashed))
        said = text.format(count=len(trashed))
        self.bar.show_message(said, "info", _("Undo"), self.undo_delete, passing=True)
        self.refresh()

    def _restored(self, _restored: object) -> None:
        self.bar.clear()
        self.refresh()

    def _failed(self, error: UserError) -> None:
        self.bar.show_message(str(error), "error")
        self.refresh()


def _columns() -> list[Column[RunRow]]:
    return [
        Column(
            _("Name"),
            lambda row: shown(row.name),
            explanation=_(
                "What the run learnt from, or the name that you give it: F2, or “Rename” in the "
                "menu of the right mouse button."
            ),
            tip=lambda row: shown(row.tip),
        ),
        Column(
            _("Begun"),
            lambda row: _when(row.began),
            lambda row: row.began,
            tip=lambda row: _when(row.began),
            elide=Qt.TextElideMode.ElideLeft,  # most were begun in the same year
        ),
        Column(
            _("Backbone"),
            lambda row: shown(row.backbone),
            tip=lambda row: shown(" · ".join(filter(None, (row.backbone, row.origin)))),
        ),
        Column(_("Strategy"), lambda row: row.strategy, tip=lambda row: row.strategy),
        Column(
            _("State"),
            lambda row: _(STATES[row.state][0]),
            colour=lambda row: STATES[row.state][1],
            tip=lambda row: row.problem,
        ),
        Column(
            _("Accuracy"),
            lambda row: words.percent(row.accuracy),
            lambda row: row.accuracy,
            explanation=_(TERMS["accuracy"][1]),
            figure=True,
            share=lambda row: row.accuracy,
        ),
        Column(
            _("Likely"),
            _between,
            lambda row: row.low,
            explanation=_(
                "Where the true figure most likely lies: chance plays a part in every test. Runs "
                "whose ranges overlap much cannot be told apart."
            ),
            figure=True,
        ),
        Column(
            _("Epochs"),
            lambda row: "" if row.epochs is None else words.number(row.epochs),
            lambda row: row.epochs,
            explanation=_(TERMS["epoch"][1]),
            figure=True,
        ),
    ]


def _judged(name: str) -> NameCheck:
    """Whether a run may be called ``name``."""
    try:
        runs.checked_name(name)
    except UserError as error:
        return NameCheck(problem=str(error))
    return NameCheck(note=_("Every list of models shows this name. The folder keeps its own."))


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _between(row: RunRow) -> str:
    if row.low is None or row.high is None:
        return ""
    return f"{100 * row.low:.0f} – {100 * row.high:.0f} %"


def _name(run: Run, recipe: Recipe, grouped: bool) -> str:
    """Of the data, and whether they were divided in another way than at random."""
    name = data_name(run, recipe)
    return _("{name}, kept together").format(name=name) if grouped else name


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


def _epochs(recipe: Recipe, history: History) -> int | None:
    if registry.procedure_of(recipe.strategy) == "combine":  # whose events count the trainings
        return None
    return history.epochs[-1].epoch if history.epochs else 0


def _strategy(recipe: Recipe, searched: bool) -> str:
    """The title of the strategy; ``searched``: whether other ways were tried before."""
    title = strategy_title(recipe)
    found = searched and registry.procedure_of(recipe.strategy) == "train"
    return _("{title}, recommended").format(title=title) if found else title


def _state(outcome: ev.Finished | ev.Failed | None) -> str:
    match outcome:
        case ev.Finished():
            return outcome.outcome
        case ev.Failed():
            return "failed"
    return "interrupted"


# -- in worker threads


def _read_all() -> list[RunRow]:
    rows = list[RunRow]()
    for run in runs.list_runs():
        with contextlib.suppress(FileNotFoundError):
            rows.append(RunRow.read(run))
    return rows


def _renamed(run: Run, name: str) -> Run:
    run.rename(name)
    return run


def _discard_all(chosen: list[Run]) -> list[Path]:
    return [_moved(run.discard, run.path) for run in chosen]


def _restore_all(trashed: list[Path]) -> list[Run]:
    return [_moved(functools.partial(Run.restore, path), path) for path in trashed]


def _moved(move: Callable[[], T], path: Path) -> T:
    """Raises:
    UserError: ``run.not_moved``: the folder cannot be written.
    """
    try:
        return move()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("run.not_moved", path=str(path), reason=reason) from None
