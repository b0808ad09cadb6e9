"""Opening data and runs: from the menus, by dropping, or again with the settings of last time."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import archives, paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import MODEL
from transfergui.core.base.i18n import _
from transfergui.core.projects.project import SUFFIX
from transfergui.core.recipe import Recipe
from transfergui.core.runs import packages
from transfergui.core.runs.run import Stop
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.base.settings import Recent, Settings
from transfergui.gui.parts import dialogs
from transfergui.gui.session import recent
from transfergui.gui.session.recent import ReopenNotice
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.project_commands import ProjectCommands
from transfergui.gui.shell.stage import StageTabs


class OpenCommands(QObject):
    """See the module.

    Args:
        window: above which questions are asked.

    Attributes:
        again: what is said of data that are opened again, until it was said.
        labelling_wanted, drawing_wanted: of data whose labels were given, or whose boxes were
            drawn in the window; with their path.
    """

    labelling_wanted = Signal(object)
    drawing_wanted = Signal(object)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        stage: StageTabs,
        projects: ProjectCommands,
    ) -> None:
        super().__init__(window)
        self._projects = projects
        self._window, self._session, self._settings = window, session, settings
        self._stage = stage
        self.again: ReopenNotice | None = None
        self._telling = QTimer(self, singleShot=True, interval=0)  # after what is told of states
        self._telling.timeout.connect(self._tell_opened_again)
        for changed in (session.state_changed, session.plan_changed, session.corrections.rested):
            changed.connect(self._telling.start)

    def open_folder(self) -> None:
        if folder := file_dialogs.ask_folder(self._window, _("Open a data folder"), "data"):
            self.open_path(folder)

    def open_file(self) -> None:
        from transfergui.core.reading.tables.table_files import REFUSED, SUFFIXES

        tables = (*sorted(SUFFIXES | REFUSED), ".txt")
        endings = " ".join(f"*{ending}" for ending in (".zip", *archives.ENDINGS, *tables))
        kinds = _("Zips, tars and tables ({patterns});;All files (*)").format(patterns=endings)
        title = _("Open a zip, tar files or a table")
        self.open_paths(file_dialogs.ask_files(self._window, title, "data", kinds))

    def open_paths(self, chosen: Sequence[Path]) -> None:
        """Open what was chosen: one file, or several tars of one folder."""
        if len(chosen) == 1:
            self.open_path(chosen[0])
        elif chosen and (path := archives.together(chosen)) is not None:
            self.open_path(path)
        elif chosen:
            title = _("Open a zip, tar files or a table")
            text = _("Open one file at a time. Only tar files of one folder open together.")
            box = QMessageBox(QMessageBox.Icon.Information, title, text, parent=self._window)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()

    def open_sample(self, key: str = samples.DEFAULT) -> None:
        """Open data that come with the program."""
        self._unless_training(functools.partial(self._session.open_sample, key))

    def open_run(self) -> None:
        title, first = _("Open the folder of a run"), paths.runs_dir()
        if folder := file_dialogs.ask_folder(self._window, title, "run", first):
            self._session.open_run(folder)

    def open_project(self) -> None:
        """Ask for a project file, and open it."""
        if (path := self._projects.ask()) is not None:
            self.open_path(path)

    def record_examples(self) -> None:
        """Take pictures or sounds into a folder that is asked for first."""
        from transfergui.gui.capture import recording

        title = _("Choose a folder for the examples")
        if folder := file_dialogs.ask_folder(self._window, title, "data"):
            dialog = recording.dialog(self._window, folder, self._session)
            dialog.opened.connect(self.open_path)
            dialog.show()

    def open_path(self, path: Path) -> None:
        """Open what was dropped or chosen: data, the folder of a training, a project or a model."""
        if path.suffix == SUFFIX:
            self._unless_training(functools.partial(self._session.open_project, path))
            return
        if path.suffix.lower() == MODEL.suffix:
            self._open_model(path)
        elif path.suffix.lower() == ".zip":  # data as well as models are
            tasks.run(
                self._window,
                functools.partial(packages.is_package, path),
                functools.partial(self._open_zip, path),
            )
        else:
            self._open_folder_or_table(path)

    def _open_zip(self, path: Path, is_model: bool) -> None:
        if is_model:
            self._open_model(path)
        else:
            self._open_folder_or_table(path)

    def _open_folder_or_table(self, path: Path) -> None:
        look = functools.partial(tasks.run, self._window, lambda: _is_run(path))
        self._unless_training(lambda: look(functools.partial(self._open_as, path)))

    def _open_model(self, path: Path) -> None:
        """Predict with a model package, beside what is open."""
        from transfergui.gui.panels.predict import PredictStage

        self._stage.show_stage("predict")
        predict = self._stage.widget_of("predict")
        assert isinstance(predict, PredictStage)
        predict.choose_model(path)

    def open_recent(self, path: Path) -> None:
        """Open data again with the settings and corrections that they had."""
        entry = self._settings.known(path)
        if entry is not None and entry.project and Path(entry.project).is_file():
            self.open_path(Path(entry.project))
        elif entry is not None and entry.labelled:
            wanted = self.drawing_wanted if entry.drawn else self.labelling_wanted
            wanted.emit(path)
        elif entry is None or not entry.settings or path.suffix == SUFFIX:
            self.open_path(path)
        else:
            self._unless_training(functools.partial(self._open_again, entry))

    def _open_again(self, entry: Recent) -> None:
        try:
            settings = recent.recipe_of(entry)
        except UserError as error:
            text = _("The previous settings cannot be used: {reason}")
            self.again = ReopenNotice(entry, text.format(reason=error))
            self._session.open_data(Path(entry.path))
        else:
            self.again = ReopenNotice(entry)
            self._session.open_again(settings)

    def _tell_opened_again(self) -> None:
        """Say, where data are corrected, what of last time is in force."""
        from transfergui.gui.panels.data import DataStage

        again, session, stage = self.again, self._session, self._stage.current
        done = session.corrections.idle and not session.working_out
        if again is None or not done or not isinstance(stage, DataStage):
            return
        if session.recipe.data.path == again.entry.path:
            self.again = None
            text, level = again.sentence(session.corrections), again.level
            stage.bar.show_message(text, level, passing=level == "info")

    def _unless_training(self, open_it: Callable[[], object]) -> None:
        """Open something at once, or when a training that runs was stopped, if it may be."""

        def stop_and_open(how: Stop) -> None:
            self._session.stop(how)
            open_it()

        def leave_and_open() -> None:
            runner.leave()
            open_it()

        runner = self._session.runner
        if self._session.state is State.TRAINING and not runner.watch:
            dialogs.ask_to_stop(
                self._window, stop_and_open, ending=runner.ending, leave=leave_and_open
            )
        else:
            open_it()

    def _open_as(self, path: Path, is_run: bool) -> None:
        entry = self._settings.known(path)
        if is_run:
            self._session.open_run(path)
            self._stage.show_stage("results")
        elif entry is not None and entry.settings and self._session.recipe == Recipe():
            self._open_again(entry)  # nothing was set that would be lost
        elif entry is not None and entry.settings:
            self._open_beside(entry)
        else:
            self._session.open_data(path)

    def _open_beside(self, entry: Recent) -> None:
        """Open data with the settings that are in force, and with the other data they had."""
        beside = recent.beside_of(entry)
        if beside.places():
            self.again = ReopenNotice(entry, beside=True)
        self._session.open_data(Path(entry.path), beside)


def _is_run(path: Path) -> bool:
    return (path / "recipe.json").is_file()
