"""Projects from the menus: opened, saved, and found again where their data were moved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.projects.project import SUFFIX, Project
from transfergui.gui.base import file_dialogs
from transfergui.gui.base.settings import Settings
from transfergui.gui.panels import STAGES
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell.stage import StageTabs

WHERE = "ask_where_project_data"
"""Name of the question where the data of a project are now."""


class ProjectCommands(QObject):
    """See the module.

    Args:
        window: above which questions are asked.
    """

    def __init__(
        self, window: QWidget, session: Session, settings: Settings, stage: StageTabs
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._settings = window, session, settings
        self._stage = stage
        file = session.project_file
        file.opened.connect(self._show)
        file.changed.connect(self._remember)
        file.missing.connect(self._ask_where)
        stage.currentChanged.connect(self._follow_stage)

    @property
    def _kinds(self) -> str:
        return _("Projects ({patterns})").format(patterns=f"*{SUFFIX}")

    def ask(self) -> Path | None:
        """Which project is to be opened."""
        return file_dialogs.ask_file(self._window, _("Open a project"), "project", self._kinds)

    def save(self) -> None:
        """Save the project; of data that are in none, or in one of another window, ask where."""
        file = self._session.project_file
        if file.path is None or file.read_only:
            self.save_as()
        else:
            file.save()

    def save_as(self) -> None:
        """Save what is open as another project."""
        if self._session.dataset is None:
            return
        file = self._session.project_file
        data = self._session.recipe.data
        own = Path(data.name).stem if Path(data.path).is_file() else data.name
        name = file.name or own or "project"
        found, _kind = file_dialogs.ask_target(
            self._window, _("Save project as"), "project", f"{name}{SUFFIX}", self._kinds
        )
        if found is not None:
            target = found if found.suffix == SUFFIX else found.with_name(found.name + SUFFIX)
            file.save_as(target)

    def _show(self, project: Project) -> None:
        """Go on with the stage that was shown."""
        if project.stage in {row.key for row in STAGES}:
            self._stage.show_stage(project.stage)

    def _follow_stage(self) -> None:
        file = self._session.project_file
        if self._session.state is State.SCANNING:  # the window shows the data by itself
            return
        if file.path is not None and file.stage != self._stage.key:
            file.stage = self._stage.key

    def _remember(self) -> None:
        path = self._session.project_file.path
        if path is not None:
            self._settings.add_project(path)

    def _ask_where(self, project: Path, missing: str) -> None:
        """The data of a project were moved: it is opened with them once they are found."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName(WHERE)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(_("Where are the data?"))
        text = _("The data of the project “{name}” are not at {path}. Where are they now?")
        box.setText(text.format(name=shown(project.stem), path=shown(missing)))
        folder = box.addButton(_("Folder…"), QMessageBox.ButtonRole.AcceptRole)
        file = box.addButton(_("File…"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)

        def answered() -> None:
            title, new = _("Where are the data?"), None
            if box.clickedButton() is folder:
                new = file_dialogs.ask_folder(self._window, title, "data")
            elif box.clickedButton() is file:
                new = file_dialogs.ask_file(self._window, title, "data", _("All files (*)"))
            if new is not None:
                self._open_moved(project, {missing: str(new)})

        box.finished.connect(answered)
        box.open()

    def _open_moved(self, project: Path, moved: Mapping[str, str]) -> None:
        self._session.project_file.open(project, moved)
