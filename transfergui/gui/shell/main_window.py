"""The window: the recipe on the left, the stage on the right, menus above."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSystemTrayIcon,
    QVBoxLayout,
    QWidget,
)

from transfergui import __version__
from transfergui.core.app.detection import kinds
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import paths
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.data import corrections
from transfergui.core.data.dataset import Dataset
from transfergui.core.reading.tables.table_files import REFUSED, SUFFIXES
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stop, list_runs
from transfergui.gui.base import desktop, errors, file_dialogs, style, tasks
from transfergui.gui.base.settings import Recent, Settings
from transfergui.gui.base.style import Scheme
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels import CARDS, STAGES, PanelEntry
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.panels.welcome import Welcome
from transfergui.gui.parts import dialogs
from transfergui.gui.parts.card import Card
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.scroll_column import WHOLE, ScrollColumn
from transfergui.gui.session import edits, recent
from transfergui.gui.session import loading as reading
from transfergui.gui.session.recent import ReopenNotice
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.session.undo_stack import Step
from transfergui.gui.shell.help import HelpDialog
from transfergui.gui.shell.stage import StageTabs

COLUMN = 360
"""Width of the left column in pixels, beside its scroll bar."""
LEAST = 180
"""Height, in pixels, that is kept for the cards: the button below them stays in sight."""
SAVE_AFTER = 1000
"""Milliseconds after a change of the settings until they are written."""
LONG = 60.0
"""Seconds after which the end of a training is worth a notification."""


@runtime_checkable
class Correctable(Protocol):
    """A page on which samples are selected and corrected."""

    @property
    def correctable(self) -> bool:
        """Whether samples are selected that can be corrected."""

    def relabel(self) -> None: ...

    def exclude(self) -> None: ...


@dataclass(frozen=True)
class Command:
    """One line of a menu.

    Attributes:
        menu: its title, marked with ``N_``.
        slot: name of the window's method; empty for a line between two groups.
        text: marked with ``N_``.
        key: the shortcut.
        elsewhere: the key works where samples are selected; the menu only tells of it.
    """

    menu: str
    slot: str = ""
    text: str = ""
    key: str = ""
    elsewhere: bool = False


FILE, EDIT, RUN, VIEW, HELP = N_("&File"), N_("&Edit"), N_("&Run"), N_("&View"), N_("&Help")

COMMANDS = (
    Command(FILE, "open_folder", N_("&Open folder…"), "Ctrl+O"),
    Command(FILE, "open_file", N_("Open &zip or table…")),
    Command(FILE, "open_run", N_("Open a finished &training…")),
    Command(FILE),
    Command(FILE, "close", N_("&Quit"), "Ctrl+Q"),
    Command(EDIT, "undo", N_("&Undo"), "Ctrl+Z"),
    Command(EDIT, "redo", N_("&Redo"), "Ctrl+Shift+Z"),
    Command(EDIT),
    Command(EDIT, "relabel", N_("Re&label…"), "F2", elsewhere=True),
    Command(EDIT, "exclude", N_("E&xclude"), "Delete", elsewhere=True),
    Command(RUN, "train", N_("&Train"), "Ctrl+R"),
    Command(RUN, "stop", N_("&Stop…"), "Esc"),
    Command(RUN),
    Command(RUN, "show_runs_folder", N_("Show the &folder of the trainings")),
    Command(VIEW, "fold_cards", N_("&Fold the cards"), "Ctrl+0"),
    Command(HELP, "show_help", N_("&Getting started"), "F1"),
    Command(HELP, "show_about", N_("&About TransferGUI")),
)

SCHEMES: dict[Scheme, str] = {
    "system": N_("As the &system"),
    "light": N_("&Light"),
    "dark": N_("&Dark"),
}


class MainWindow(QMainWindow):
    """See the module.

    Args:
        session: what is shown; the window owns it.
        settings: what was remembered.

    Attributes:
        cards: the left column, by key.
        column: what they scroll in.
        stage: the right side.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        session.setParent(self)
        self.session = session
        self.settings = settings
        self._save = Task(self, settings.save, lambda nothing: None)
        file_dialogs.folders.keep_in(settings.remembered.folders)
        self._began = time.monotonic()
        self._was = session.state
        self._closed = False
        self._chosen: Path | None = None
        self._source: Path | None = None
        self._again: ReopenNotice | None = None
        self._saving = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._saving.timeout.connect(self._save.start)
        self._telling = QTimer(self, singleShot=True, interval=0)  # after what is told of states
        self._telling.timeout.connect(self._tell_opened_again)
        self._help: HelpDialog | None = None
        self._tray: QSystemTrayIcon | None = None
        self.setAcceptDrops(True)
        self._dress()
        self.welcome = Welcome(session)
        self.stage = StageTabs(session, self.welcome)
        self.cards = {row.key: self._make_card(i, row) for i, row in enumerate(CARDS, 1)}
        self._lay_out()
        self._make_menus()
        self._connect()
        self._refresh()
        settings.restore_geometry(self)

    # -- building

    def _make_card(self, number: int, row: PanelEntry) -> Card:
        return Card(self.session, row.key, number, _(row.title), row.build(self.session))

    def _lay_out(self) -> None:
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(style.INSIDE, style.GAP, style.INSIDE, style.INSIDE)
        layout.setSpacing(0)  # the scroll bar of the column stands there
        layout.addLayout(self._make_column())
        layout.addWidget(self.stage, 1)
        self.setCentralWidget(centre)

    def _make_column(self) -> QVBoxLayout:
        """The cards, which scroll; below them, always seen, what is said and the one button."""
        training = self.cards["training"].panel
        assert isinstance(training, TrainingPanel)
        self.column = ScrollColumn(list(self.cards.values()), style.INSIDE, LEAST, most=WHOLE)
        self.column.beside_bar(COLUMN)  # however long names are
        column = QVBoxLayout()
        column.setSpacing(style.INSIDE)
        column.addWidget(self.column, 1)
        column.addStretch()
        for part in (*(card.bar for card in self.cards.values()), training.foot):
            part.setFixedWidth(COLUMN)
            column.addWidget(part)
        return column

    def _make_menus(self) -> None:
        bar = self.menuBar()
        menus = {title: bar.addMenu(_(title)) for title in (FILE, EDIT, RUN, VIEW, HELP)}
        self.actions_by_slot: dict[str, QAction] = {}
        for command in COMMANDS:
            menu = menus[command.menu]
            if command.slot:
                action = menu.addAction(_(command.text), getattr(self, command.slot))
                action.setShortcut(QKeySequence(command.key))
                if command.elsewhere:  # for the whole window it would be ambiguous: neither works
                    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                self.actions_by_slot[command.slot] = action
            else:
                menu.addSeparator()
        menus[EDIT].aboutToShow.connect(self._allow_corrections)
        self._allow_corrections()
        self._recent = QMenu(_("Open &recent"), self)
        self._recent.aboutToShow.connect(self._fill_recent)
        samples_menu = QMenu(_("Try a &sample"), self)
        for sample in samples.SAMPLES:
            open_it = functools.partial(self.open_sample, sample.key)
            samples_menu.addAction(_(sample.title), open_it)
        for menu in (self._recent, samples_menu):
            menus[FILE].insertMenu(self.actions_by_slot["open_run"], menu)
        self._add_stages(menus[VIEW])
        self._add_schemes(menus[VIEW])
        self._status = ElidedLabel(role="caption")
        self._keep_margin()
        self._status.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._status.setMinimumHeight(self.stage.tabBar().sizeHint().height())
        self.stage.setCornerWidget(self._status)

    def _add_stages(self, menu: QMenu) -> None:
        menu.addSeparator()
        for number, row in enumerate(STAGES, 1):
            action = menu.addAction(_(row.title), functools.partial(self.stage.show_stage, row.key))
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))

    def _add_schemes(self, menu: QMenu) -> None:
        menu.addSeparator()
        group = QActionGroup(self)
        for scheme, text in SCHEMES.items():
            action = menu.addAction(_(text), functools.partial(self.use_scheme, scheme))
            action.setCheckable(True)
            action.setChecked(scheme == self.settings.remembered.scheme)
            group.addAction(action)

    def _connect(self) -> None:
        session = self.session
        for changed in (session.state_changed, session.recipe_changed, session.plan_changed):
            changed.connect(self._refresh)
        session.state_changed.connect(self._follow)
        session.event_arrived.connect(self._show_event)
        session.dataset_changed.connect(self._remember)
        session.recipe_changed.connect(self._remember_settings)
        for changed in (session.state_changed, session.plan_changed, session.corrections.rested):
            changed.connect(self._telling.start)
        session.dataset_changed.connect(self._part_from_former)
        session.resume_doubted.connect(self._ask_to_resume)
        session.run_shown.connect(self._look_for_settings)
        session.asked.connect(self._ask_about_data)
        session.undo_stack.stepped.connect(self._tell_step)
        session.closed.connect(self._on_closed)
        self.welcome.folder_wanted.connect(self.open_folder)
        self.welcome.file_wanted.connect(self.open_file)
        self.welcome.sample_wanted.connect(self.open_sample)
        self.welcome.path_chosen.connect(self.open_recent)
        self.welcome.show_recent(self.settings.remembered.recent)
        dataset, training = self.cards["dataset"].panel, self.cards["training"].panel
        assert isinstance(dataset, DatasetPanel)
        assert isinstance(training, TrainingPanel)
        dataset.folder_wanted.connect(self.open_folder)
        dataset.file_wanted.connect(self.open_file)
        dataset.path_chosen.connect(self.open_recent)
        training.advanced_shown.connect(self._make_room)
        self.stage.built.connect(self._join)
        session.run_changed.connect(self._forget_choice)
        style.theme.changed.connect(self._dress)
        style.theme.changed.connect(self._keep_margin)
        file_dialogs.folders.changed.connect(self._save_settings)

    def _join(self, key: str, stage: QWidget) -> None:
        """What is chosen to predict with is what is exported, whichever stage was made first."""
        from transfergui.gui.panels.export import ExportStage
        from transfergui.gui.panels.predict import PredictStage

        if isinstance(stage, PredictStage):
            stage.chosen.connect(self._choose_to_export)
        elif isinstance(stage, ExportStage):
            stage.ended.connect(lambda: dialogs.forget_export_question(self))
            if self._chosen is not None:
                stage.choose(self._chosen)

    def _forget_choice(self, _run: Run | None) -> None:
        self._chosen = None

    def _choose_to_export(self, path: Path) -> None:
        from transfergui.gui.panels.export import ExportStage

        self._chosen = path
        for stage in self.stage.findChildren(ExportStage):
            stage.choose(path)

    # -- commands: File

    def open_folder(self) -> None:
        if folder := file_dialogs.ask_folder(self, _("Open a folder of classes"), "data"):
            self.open_path(folder)

    def open_file(self) -> None:
        endings = " ".join(f"*{ending}" for ending in (".zip", *sorted(SUFFIXES | REFUSED), ".txt"))
        kinds = f"{_('Zips and tables')} ({endings})"
        if file := file_dialogs.ask_file(self, _("Open a zip or table"), "data", kinds):
            self.open_path(file)

    def open_sample(self, key: str = samples.DEFAULT) -> None:
        """Open data that come with the program."""
        self._unless_training(functools.partial(self.session.open_sample, key))

    def open_run(self) -> None:
        title, first = _("Open the folder of a training"), paths.runs_dir()
        if folder := file_dialogs.ask_folder(self, title, "run", first):
            self.session.open_run(folder)

    def open_path(self, path: Path) -> None:
        """Open what was dropped or chosen: data, or the folder of a training."""
        look = functools.partial(tasks.run, self, lambda: _is_run(path))
        self._unless_training(lambda: look(functools.partial(self._open_as, path)))

    def open_recent(self, path: Path) -> None:
        """Open data again with the settings and corrections that they had."""
        entry = self.settings.known(path)
        if entry is None or not entry.settings:
            self.open_path(path)
            return
        self._unless_training(functools.partial(self._open_again, entry))

    def _open_again(self, entry: Recent) -> None:
        try:
            settings = recent.recipe_of(entry)
        except UserError as error:
            text = _("The settings of last time cannot be used: {reason}")
            self._again = ReopenNotice(entry, text.format(reason=error))
            self.session.open_data(Path(entry.path))
        else:
            self._again = ReopenNotice(entry)
            self.session.open_again(settings)

    def _tell_opened_again(self) -> None:
        """Say, where data are corrected, what of last time is in force."""
        from transfergui.gui.panels.data import DataStage

        again, session, stage = self._again, self.session, self.stage.current
        done = session.corrections.idle and not session.working_out
        if again is None or not done or not isinstance(stage, DataStage):
            return
        if session.recipe.data.path == again.entry.path:
            self._again = None
            text, level = again.sentence(session.corrections), again.level
            stage.bar.show_message(text, level, passing=level == "info")

    def _unless_training(self, open_it: Callable[[], object]) -> None:
        """Open something at once, or when a training that runs was stopped, if it may be."""

        def stop_and_open(how: Stop) -> None:
            self.session.stop(how)
            open_it()

        if self.session.state is State.TRAINING:
            dialogs.ask_to_stop(self, stop_and_open)
        else:
            open_it()

    def _open_as(self, path: Path, is_run: bool) -> None:
        entry = self.settings.known(path)
        if is_run:
            self.session.open_run(path)
            self.stage.show_stage("results")
        elif entry is not None and entry.settings and self.session.recipe == Recipe():
            self._open_again(entry)  # nothing was set that would be lost
        else:
            self.session.open_data(path)

    # -- commands: Edit, Run

    def undo(self) -> None:
        self.session.undo_stack.undo()

    def redo(self) -> None:
        self.session.undo_stack.redo()

    def relabel(self) -> None:
        """Ask for the class of what is selected on the page in front."""
        if (page := self._correctable()) is not None:
            page.relabel()

    def exclude(self) -> None:
        """Leave out what is selected on the page in front."""
        if (page := self._correctable()) is not None:
            page.exclude()

    def _correctable(self) -> Correctable | None:
        """The page in front, if samples that can be corrected are selected there."""
        page = self.stage.current
        return page if isinstance(page, Correctable) and page.correctable else None

    def _allow_corrections(self) -> None:
        possible = self._correctable() is not None
        tip = "" if possible else _("Select examples under Data or Results first.")
        for slot in ("relabel", "exclude"):
            self.actions_by_slot[slot].setEnabled(possible)
            self.actions_by_slot[slot].setToolTip(style.tip(tip))

    def _tell_step(self, step: Step) -> None:
        """Say on the page in front what was undone, and where, unless it is seen there anyway."""
        panels = edits.panels_of(step.old, step.new)
        if panels == (self.stage.key,):
            return
        titles = {row.key: _(row.title) for row in (*CARDS, *STAGES)}
        said = (
            _("Done again in {places}: {what}.") if step.again else _("Undone in {places}: {what}.")
        )
        places = ", ".join(f"“{titles[key]}”" for key in panels)
        self.session.say(self.stage.key, said.format(places=places, what=step.text), "info")

    def train(self) -> None:
        panel = self.cards["training"].panel
        assert isinstance(panel, TrainingPanel)
        panel.train()

    def stop(self) -> None:
        if self.session.state is State.TRAINING:
            dialogs.ask_to_stop(self, self.session.stop)

    def show_runs_folder(self) -> None:
        desktop.open_folder(paths.runs_dir())

    # -- commands: View, Help

    def fold_cards(self) -> None:
        """Fold all cards, or unfold them if they are."""
        folded = all(card.folded for card in self.cards.values())
        for card in self.cards.values():
            card.set_folded(not folded)

    def use_scheme(self, scheme: Scheme) -> None:
        style.theme.use(scheme)
        self.settings.remembered.scheme = scheme
        self._save.start()

    def show_help(self) -> None:
        if self._help is None:
            self._help = HelpDialog(self, self._keys())
        self._help.show()
        self._help.raise_()

    def _keys(self) -> list[tuple[str, str]]:
        """What each command of the menus does, and its keys."""
        native = QKeySequence.SequenceFormat.NativeText
        actions = [a for menu in self.menuBar().findChildren(QMenu) for a in menu.actions()]
        keys = [(a.text().replace("&", ""), a.shortcut().toString(native)) for a in actions]
        return [(text, key) for text, key in keys if key]

    def show_about(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("About TransferGUI"))
        box.setText(f"TransferGUI {__version__}")
        box.setInformativeText(
            _(
                "Fine-tunes pretrained networks on your own {kinds}. Your data stay on this "
                "computer.\n\n{environment}"
            ).format(kinds=kinds(), environment=errors.environment())
        )
        box.open()

    def _dress(self) -> None:
        self.setWindowIcon(style.icon("app", "accent"))

    def _keep_margin(self) -> None:
        """Dressed anew, a label without room forgets it."""
        self._status.setContentsMargins(0, 0, style.BETWEEN, 0)

    # -- what the session says

    def _refresh(self) -> None:
        session, actions = self.session, self.actions_by_slot
        actions["train"].setEnabled(not session.obstacle)
        actions["train"].setToolTip(style.tip(session.obstacle))
        actions["stop"].setEnabled(session.state is State.TRAINING)
        for slot, text, plain in (
            ("undo", session.undo_stack.undo_text, _("&Undo")),
            ("redo", session.undo_stack.redo_text, _("&Redo")),
        ):
            actions[slot].setEnabled(bool(text))
            actions[slot].setText(f"{plain}: {text}" if text else plain)
        self._show_title()

    def _show_title(self) -> None:
        project = shown(self.session.recipe.data.name)
        state = self._state_text()
        self.setWindowTitle(" – ".join(part for part in (project, state, "TransferGUI") if part))
        self._status.setText("  ·  ".join(part for part in (project, state) if part))

    def _state_text(self) -> str:
        match self.session.state:
            case State.SCANNING:
                return _("Looking through the folder")
            case State.STOPPING:
                return _("Stopping")
            case State.TRAINING if self.session.history.progress is None:
                return _("Getting ready")
            case State.TRAINING:
                return _("Training {percent} %").format(
                    percent=int(100 * self.session.history.share)
                )
        return ""

    def _show_event(self, event: ev.Event) -> None:
        if isinstance(event, ev.Progress):
            self._show_title()

    def _follow(self, state: State) -> None:
        was, self._was = self._was, state
        if state is State.SCANNING:
            dialogs.forget_data_questions(self)
        if state is State.TRAINING:
            self._began = time.monotonic()
        elif was in (State.TRAINING, State.STOPPING) and state is not State.STOPPING:
            dialogs.forget_stop_question(self)
            self._notify()

    def _notify(self) -> None:
        """Tell about the end of a long training to somebody who is doing something else."""
        long = time.monotonic() - self._began > LONG
        if long and not self.isActiveWindow():
            QApplication.alert(self)
            if QSystemTrayIcon.isSystemTrayAvailable():
                self._show_notification()

    def _show_notification(self) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self.windowIcon(), self)
            self._tray.messageClicked.connect(self._come_forward)
        failed = isinstance(self.session.history.outcome, ev.Failed)
        text = _("The training could not go on.") if failed else _("The training has ended.")
        self._tray.show()
        self._tray.showMessage("TransferGUI", text, self.windowIcon())

    def _come_forward(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    def _remember(self, dataset: Dataset) -> None:
        path = self.session.recipe.data.path
        if not path or samples.is_sample(Path(path)):
            return
        entry = Recent(
            path=path,
            modality=dataset.modality,
            classes=len(dataset.classes),
            samples=len(dataset.samples),
            opened=time.strftime("%Y-%m-%dT%H:%M:%S"),
            settings=recent.settings_of(self.session.recipe),
        )
        another = self.settings.recent[:1] != [Path(path)]
        self.settings.add_recent(entry)
        if another:
            self.welcome.show_recent(self.settings.remembered.recent)
            self._save.start()
        self._saving.start()

    def _remember_settings(self, recipe: Recipe) -> None:
        entry = self.settings.known(Path(recipe.data.path)) if recipe.data.path else None
        if entry is not None:
            self.settings.update_recent(recent.with_settings(entry, recipe))
            self._saving.start()

    def _part_from_former(self, dataset: Dataset) -> None:
        """Curves of a run on former data are not laid under those of the next."""
        former, self._source = self._source, dataset.source
        if former not in (None, dataset.source):
            self.session.comparison.compare(None)

    def _save_settings(self) -> None:
        self._save.start()

    def _fill_recent(self) -> None:
        recent.fill(self._recent, self.settings.remembered.recent, self.open_recent)
        self._recent.addSeparator()
        forget = self._recent.addAction(_("Forget all"), self._forget_recent)
        forget.setEnabled(bool(self.settings.recent))

    def _forget_recent(self) -> None:
        self.settings.forget_recent()
        self.welcome.show_recent([])
        self._save.start()

    def _make_room(self, advanced: bool) -> None:
        """With every option shown, the other cards say in one line what was decided."""
        for key in ("dataset", "backbone"):
            self.cards[key].set_folded(advanced)
        self.column.keep_seen(self.cards["training"])

    # -- resuming

    def look_for_unfinished(self) -> None:
        """Offer to go on with the last training if it was interrupted."""
        tasks.run(self, _unfinished, self._offer_to_resume)

    def _offer_to_resume(self, run: Run | None) -> None:
        if run is not None and not self.session.training:
            text = _("The training “{name}” was interrupted; nothing of it is lost.")
            self.cards["training"].bar.show_message(
                text.format(name=shown(run.path.name)),
                action=_("Resume"),
                do=functools.partial(self.session.resume, run, panel="training"),
            )

    def _look_for_settings(self, run: Run) -> None:
        """Offer to open the data of a run that is shown, with its settings and corrections."""
        offer = functools.partial(self._offer_settings, run)
        bar = self.cards["dataset"].bar
        tasks.run(
            self,
            functools.partial(reading.settings_of, run),
            offer,
            lambda error: bar.show_message(str(error), passing=True),
        )

    def _offer_settings(self, run: Run, settings: reading.RunSettings) -> None:
        session, recipe = self.session, settings.recipe
        plan = session.plan
        current = session.recipe if plan is None else plan.recipe
        if run is session.run and not reading.same_settings(recipe, current):
            self.cards["dataset"].bar.show_message(
                _settings_offer(recipe),
                action=_("Open"),
                do=functools.partial(session.open_data_of, run),
                passing=True,
            )

    def _ask_to_resume(self, run: Run) -> None:
        panel = self.session.resumed_from
        dialogs.ask_to_resume(self, run, lambda: self.session.resume(run, True, panel))

    def _ask_about_data(self, question: Question) -> None:
        answer = functools.partial(self.session.opener.answer, question)
        dialogs.ask_about_data(self, question, answer)

    # -- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if local:
            event.acceptProposedAction()
            self.open_path(Path(local[0]))

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.state is State.TRAINING:
            dialogs.ask_to_stop(self, self._stop_and_leave, closing=True)
        elif not self._closed and self._exporting():
            dialogs.ask_to_leave_export(self, self.leave)
        elif not self._closed:
            self.leave()
        if self._closed:
            self.settings.keep_geometry(self)
            self._saving.stop()
            self.settings.save()
            event.accept()
        else:
            event.ignore()

    def _exporting(self) -> bool:
        from transfergui.gui.panels.export import FormatCard

        return any(card.busy for card in self.stage.findChildren(FormatCard))

    def _stop_and_leave(self, how: Stop) -> None:
        self.session.stop(how)
        self.leave()

    def leave(self) -> None:
        """Close without asking, as at logout: a training that runs can be resumed."""
        self.session.close()

    def _on_closed(self) -> None:
        self._closed = True
        tasks.cancel_all()
        self.close()


def _settings_offer(recipe: Recipe) -> str:
    """Says what a run was trained on, and asks whether to open that."""
    made = corrections.of_options(recipe.data).values()
    name = shown(recipe.data.name)
    if not made:
        text = _("This run was trained on “{name}”. Open its data and settings?")
        return text.format(name=name)
    text = _(
        "This run was trained on “{name}” with {amount} ({counts}). Open its data, settings and "
        "corrections?"
    )
    amount, counts = corrections.amount(made), corrections.counted(made)
    return text.format(name=name, amount=amount, counts=counts)


def _is_run(path: Path) -> bool:
    return (path / "recipe.json").is_file()


def _unfinished() -> Run | None:
    """The newest run, if it has begun, nobody trains it, and it has not ended."""
    for run in list_runs()[:1]:
        try:
            history = run.history() if run.recipe and not run.active() else None
        except UserError:  # somebody else's file in the folder of the runs
            return None
        outcome = history.outcome if history else None
        begun = history is not None and history.begun
        cancelled = isinstance(outcome, ev.Finished) and outcome.outcome == "cancelled"
        return run if begun and (outcome is None or cancelled) else None
    return None
