"""New examples: from the menus and the card of the data, or dropped onto the window."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.projects.project import SUFFIX
from transfergui.core.runs.run import RECIPE, Run
from transfergui.gui.base import file_dialogs, tasks
from transfergui.gui.base.words import Noun
from transfergui.gui.panels.arrival_dialog import ArrivalDialog
from transfergui.gui.session import arrivals
from transfergui.gui.session.arrivals import Addition, ArrivalNotice
from transfergui.gui.session.session import Session
from transfergui.gui.shell.opening import OpenCommands

QUESTION = "ask_what_was_dropped"
"""Name of the question what is meant with data that are dropped beside open ones."""


class ArrivalCommands(QObject):
    """See the module.

    Args:
        window: above which questions are asked.
        opening: opens what is not to be added.
    """

    def __init__(self, window: QWidget, session: Session, opening: OpenCommands) -> None:
        super().__init__(window)
        self._window, self._session, self._opening = window, session, opening
        self._notice = ArrivalNotice(session, self)

    @property
    def possible(self) -> bool:
        """Whether there are data that can be added to now."""
        return self._session.dataset is not None and not self._session.training

    def add_folder(self) -> None:
        """Ask for a folder of new labelled examples."""
        if folder := file_dialogs.ask_folder(self._window, self._title(), "data"):
            self.add(folder)

    def add_file(self) -> None:
        """Ask for a table or a zip of new labelled examples."""
        kinds = _("All files (*)")
        if file := file_dialogs.ask_file(self._window, self._title(), "data", kinds):
            self.add(file)

    def add(self, path: Path) -> None:
        """Ask how the examples at ``path`` are added to the open data."""
        if not self.possible:
            return
        look = functools.partial(arrivals.newest_run, self._session.recipe)
        tasks.run(self, look, functools.partial(self._ask, path))

    def take(self, path: Path) -> None:
        """Something was dropped: it is added, or opened instead of what is open."""
        other = path.suffix == SUFFIX or (path / RECIPE).is_file()
        if other or not self.possible or path == Path(self._session.recipe.data.path):
            self._opening.open_path(path)
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName(QUESTION)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(_("Open or add?"))
        text = _("Open “{new}” instead of “{name}”, or add its labelled examples to it?")
        names = {"new": shown(path.name), "name": shown(self._session.recipe.data.name)}
        box.setText(text.format(**names))
        open_it = box.addButton(_("Open"), QMessageBox.ButtonRole.AcceptRole)
        add = box.addButton(_("Add…"), QMessageBox.ButtonRole.ActionRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(open_it)

        def answered() -> None:
            if box.clickedButton() is open_it:
                self._opening.open_path(path)
            elif box.clickedButton() is add:
                self.add(path)

        box.finished.connect(answered)
        box.open()

    def _ask(self, path: Path, run: Run | None) -> None:
        if self.possible:
            add = functools.partial(arrivals.add, self._session)
            name = shown(self._session.recipe.data.name)
            ArrivalDialog(self._window, Addition(path, run=run), name, self._noun(), add).open()

    def _noun(self) -> Noun:
        return Noun.of(registry.modality(self._session.recipe.modality))

    def _title(self) -> str:
        return _("Add new {noun}").format(noun=_(self._noun().many))
