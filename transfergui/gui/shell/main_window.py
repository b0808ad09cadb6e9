"""The window: the recipe on the left, the stage on the right, menus above."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from transfergui.core.base import archives, paths
from transfergui.core.base.errors import Question
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import Dataset
from transfergui.core.runs.run import Run, Stop
from transfergui.gui.base import desktop, style, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.base.style import Scheme
from transfergui.gui.compare.dialogs import ModelsDialog
from transfergui.gui.panels import CARDS, PanelEntry, other_data
from transfergui.gui.panels.dataset import DatasetPanel
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.panels.welcome import WelcomePage
from transfergui.gui.parts import dialogs
from transfergui.gui.parts.card import Card
from transfergui.gui.parts.scroll_column import WHOLE, ScrollColumn
from transfergui.gui.places import sending
from transfergui.gui.places.commands import PlaceCommands
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.arrival_commands import ArrivalCommands
from transfergui.gui.shell.associating import AssociatingCommands
from transfergui.gui.shell.corrections import CorrectionCommands
from transfergui.gui.shell.drawing import DrawCommands
from transfergui.gui.shell.export_choice import ExportChoice
from transfergui.gui.shell.help_commands import HelpCommands
from transfergui.gui.shell.labelling import LabelCommands
from transfergui.gui.shell.menus import Menus, RecentMenu, keys
from transfergui.gui.shell.notifier import TrainingNotifier
from transfergui.gui.shell.opening import OpenCommands
from transfergui.gui.shell.project_commands import ProjectCommands
from transfergui.gui.shell.run_offers import RunOffers
from transfergui.gui.shell.settings_saver import SettingsSaver
from transfergui.gui.shell.stage import StageTabs
from transfergui.gui.shell.status import Status
from transfergui.gui.shell.undoing import UndoCommands

COLUMN = 360
"""Width of the left column in pixels, beside its scroll bar."""
LEAST = 180
"""Height, in pixels, that is kept for the cards: the button below them stays in sight."""


class MainWindow(QMainWindow):
    """See the module.

    Args:
        session: what is shown; the window owns it.
        settings: what was remembered.

    Attributes:
        cards: the left column, by key.
        column: what they scroll in.
        stage: the right side.
        opening, arrivals, projects, corrections, labelling, undoing, associating, help: the
            commands of the menus that are not the window's own.
        status: the title, and the corner above the stage.
        offers: about runs.
        closed: whether nothing runs any more, so that it may be closed.
    """

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        session.setParent(self)
        self.session = session
        self.settings = settings
        self.closed = False
        self._source: Path | None = None
        self._was = session.state
        self.setAcceptDrops(True)
        self._dress()
        self.welcome = WelcomePage(session)
        self.stage = StageTabs(session, self.welcome)
        self.cards = {row.key: self._make_card(i, row) for i, row in enumerate(CARDS, 1)}
        self._lay_out()
        self._make_commands()
        self._connect()
        self.menus.refresh()
        self.status.show()
        settings.restore_geometry(self)

    # -- building

    def _make_card(self, number: int, row: PanelEntry) -> Card:
        return Card(self.session, row.key, number, _(row.title), row.build(self.session))

    def _lay_out(self) -> None:
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(style.INSIDE, style.GAP, style.INSIDE, style.INSIDE)
        layout.setSpacing(0)  # the scroll bar of the column stands there
        self._left = self._make_column()
        layout.addWidget(self._left)
        layout.addWidget(self.stage, 1)
        self.setCentralWidget(centre)

    def _make_column(self) -> QWidget:
        """The cards, which scroll; below them, always seen, what is said and the one button."""
        training = self.cards["training"].panel
        assert isinstance(training, TrainingPanel)
        self.column = ScrollColumn(list(self.cards.values()), style.INSIDE, LEAST, most=WHOLE)
        self.column.beside_bar(COLUMN)  # however long names are
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.INSIDE)
        column.addWidget(self.column, 1)
        column.addStretch()
        for part in (*(card.bar for card in self.cards.values()), training.foot):
            part.setFixedWidth(COLUMN)
            column.addWidget(part)
        return left

    def _make_commands(self) -> None:
        session, settings, stage = self.session, self.settings, self.stage
        self.saver = SettingsSaver(self, session, settings)
        self.projects = ProjectCommands(self, session, settings, stage)
        self.opening = OpenCommands(self, session, settings, stage, self.projects)
        self.arrivals = ArrivalCommands(self, session, self.opening)
        self.corrections = CorrectionCommands(session, stage)
        self.associating = AssociatingCommands(self)
        self.places = PlaceCommands(self, session, self._training_panel.run_on)
        self.help = HelpCommands(self, session, stage, functools.partial(keys, self.menuBar()))
        self.places.help_wanted.connect(self.help.show_places)
        for card in self.cards.values():
            card.help_wanted.connect(self.help.show_about_panel)
        self.undoing = UndoCommands(session, stage)
        bars = {key: card.bar for key, card in self.cards.items()}
        self.drawing = DrawCommands(self, session, stage, self.undoing, bars["dataset"])
        self.labelling = LabelCommands(
            self, session, stage, self.undoing, self.drawing, bars["dataset"], self._left
        )
        for commands in (self.drawing, self.labelling):
            commands.labelled.connect(self.saver.remember_labelled)
            commands.left.connect(self.saver.tell_labelled)
        self.opening.labelling_wanted.connect(self.labelling.begin)
        self.opening.drawing_wanted.connect(self.drawing.begin)
        self.menus = Menus(self, session, self.undoing, lambda: self.corrections.possible)
        recent = RecentMenu(self, settings, self.opening.open_recent, self.saver.forget_recent)
        self.menus.add_data(recent, self.opening.open_sample)
        self.menus.add_stages(stage.enter)
        self.menus.add_schemes(settings.remembered.scheme, self.use_scheme)
        self.status = Status(self, session, stage)
        self.export_choice = ExportChoice(self, session, stage)
        self.offers = RunOffers(self, session, bars["dataset"], bars["training"])

    def _connect(self) -> None:
        session, opening = self.session, self.opening
        session.state_changed.connect(self._follow)
        self._notifier = TrainingNotifier(self, session)
        session.dataset_changed.connect(self._part_from_former)
        session.resume_doubted.connect(self._ask_to_resume)
        session.opener.companion_moved.connect(self._ask_where)
        session.asked.connect(self._ask_about_data)
        session.closed.connect(self._on_closed)
        dataset, training = self.cards["dataset"].panel, self.cards["training"].panel
        assert isinstance(dataset, DatasetPanel)
        self.labelling.offered.connect(dataset.empty.say)
        assert isinstance(training, TrainingPanel)
        for page in (self.welcome, dataset):
            page.folder_wanted.connect(opening.open_folder)
            page.file_wanted.connect(opening.open_file)
            page.path_chosen.connect(opening.open_recent)
        dataset.added_folder_wanted.connect(self.arrivals.add_folder)
        dataset.added_file_wanted.connect(self.arrivals.add_file)
        self.welcome.sample_wanted.connect(opening.open_sample)
        self.welcome.record_wanted.connect(opening.record_examples)
        self.welcome.drawing_wanted.connect(self.drawing.ask_for_folder)
        self.welcome.show_recent(self.settings.remembered.recent)
        self.saver.recent_changed.connect(self.welcome.show_recent)
        training.advanced_shown.connect(self._make_room)
        session.setting_wanted.connect(self._show_setting)
        style.theme.changed.connect(self._dress)

    def take_over(self, former: MainWindow) -> None:
        """Go on where a window in another language was: its place, its pages and what is chosen."""
        self.setGeometry(former.geometry())
        self.setWindowState(former.windowState())
        for key, card in former.cards.items():
            self.cards[key].bar.take_over(card.bar)
            if card.folded != self.cards[key].folded:
                self.cards[key].set_folded(card.folded)
        if any(card.bar.offers for card in former.cards.values()):
            self.offers.offer_again()
        self.export_choice.take_over(former.export_choice)
        self.stage.take_over(former.stage)
        self.labelling.take_over(former.labelling)
        self.drawing.take_over(former.drawing)
        former.saver.save_now()

    # -- commands

    @property
    def _training_panel(self) -> TrainingPanel:
        panel = self.cards["training"].panel
        assert isinstance(panel, TrainingPanel)
        return panel

    def train(self) -> None:
        self._training_panel.train()

    def stop(self) -> None:
        if self.session.state is State.TRAINING:
            runner = self.session.runner
            dialogs.ask_to_stop(self, self.session.stop, ending=runner.ending, leave=runner.leave)

    def compare_models(self) -> None:
        ModelsDialog(self.session, parent=self).open()

    def show_runs_folder(self) -> None:
        desktop.open_folder(paths.runs_dir())

    def fold_cards(self) -> None:
        """Fold all cards, or unfold them if they are."""
        folded = all(card.folded for card in self.cards.values())
        for card in self.cards.values():
            card.set_folded(not folded)

    def use_scheme(self, scheme: Scheme) -> None:
        style.theme.use(scheme)
        self.settings.remembered.scheme = scheme
        self.saver.save()

    def _dress(self) -> None:
        self.setWindowIcon(style.icon("app", "accent"))

    # -- what the session says

    def _follow(self, state: State) -> None:
        was, self._was = self._was, state
        if state is State.SCANNING:
            dialogs.forget_data_questions(self)
        elif was in (State.TRAINING, State.STOPPING) and not self.session.training:
            dialogs.forget_stop_question(self)

    def _part_from_former(self, dataset: Dataset) -> None:
        """Curves of a run on former data are not laid under those of the next."""
        former, self._source = self._source, dataset.source
        if former not in (None, dataset.source):
            self.session.comparison.compare(None)

    def _make_room(self, advanced: bool) -> None:
        """With every option shown, the other cards say in one line what was decided."""
        for key in ("dataset", "backbone"):
            self.cards[key].set_folded(advanced)
        self.column.keep_seen(self.cards["training"])

    def _show_setting(self, path: str) -> None:
        self.cards["training"].set_folded(False)
        training = self.cards["training"].panel
        assert isinstance(training, TrainingPanel)
        field = training.show_setting(path)
        if field is not None:
            self.column.keep_seen(field)

    def _ask_to_resume(self, run: Run) -> None:
        panel = self.session.resumed_from
        dialogs.ask_to_resume(self, run, lambda: self.session.resume(run, True, panel))

    def _ask_where(self, run: Run, path: str) -> None:
        """Other data of a run were moved: it is resumed with them once they are found."""
        panel = self.session.resumed_from

        def found(new: Path) -> None:
            self.session.resume(run, panel=panel, moved={path: new})

        other_data.ask_where(self, path, found)

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
            dropped = [Path(each) for each in local]
            self.arrivals.take(archives.together(dropped) or dropped[0])

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.runner.elsewhere and not self.closed:
            if self.session.runner.sending:
                sending.ask_to_leave(self, self.leave)
            else:
                self.leave()
        elif self.session.state is State.TRAINING and not self.session.runner.watch:
            ending = self.session.runner.ending
            dialogs.ask_to_stop(self, self._stop_and_leave, ending=ending, closing=True)
        elif not self.closed and self.export_choice.exporting:
            dialogs.ask_to_leave_export(self, self.leave)
        elif not self.closed and self.labelling.save() and self.drawing.save():
            self.leave()
        if self.closed:
            self.settings.keep_geometry(self)
            self.saver.save_now()
            event.accept()
        else:
            event.ignore()

    def _stop_and_leave(self, how: Stop) -> None:
        self.session.stop(how)
        self.leave()

    def leave(self) -> None:
        """Close without asking, as at logout: a training that runs can be resumed."""
        self.session.close()

    def _on_closed(self) -> None:
        self.closed = True
        self.labelling.finish()
        self.drawing.finish()
        tasks.cancel_all()
        self.close()
