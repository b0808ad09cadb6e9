"""The project file of what is open: read, saved as things change, and left with other data."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.messages import Level
from transfergui.core.base.paths import shown
from transfergui.core.projects import project as files
from transfergui.core.projects.claim import Claim
from transfergui.core.projects.project import Opened
from transfergui.core.recipe import Recipe
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.session.data_opener import DataOpener, Opening
from transfergui.gui.session.states import State

SAVE_AFTER = 1000
"""Milliseconds after a change until it is written."""
NOT_MOVED: Mapping[str, str] = {}


class SavedSession(Protocol):
    """What is saved of a :class:`~transfergui.gui.session.session.Session`, and how it is opened
    again."""

    opener: DataOpener

    @property
    def recipe(self) -> Recipe: ...
    @property
    def run(self) -> Run | None: ...
    @property
    def training(self) -> bool: ...
    @property
    def dataset_changed(self) -> SignalInstance: ...
    @property
    def recipe_changed(self) -> SignalInstance: ...
    @property
    def run_changed(self) -> SignalInstance: ...
    @property
    def state_changed(self) -> SignalInstance: ...
    def open_run(self, path: Path) -> None: ...
    def postponed(self, wish: Callable[[], object]) -> bool: ...
    def say(self, panel: str, text: str = "", level: Level = "error") -> None: ...


class ProjectFile(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        session: what is saved; its signals say when that changes.

    Attributes:
        path: of the file; None where what is open is in no project.
        stage: key of the stage that the window shows.
        runs: folders of the runs made in the project, the newest first.
        came_with: the run that the project shows as it is opened; its settings are the saved ones,
            whatever the run was trained with. None before, and once another run was shown.
    """

    changed = Signal()  # another project, or none
    opened = Signal(object)  # Project, whose stage can be shown
    missing = Signal(object, str)  # Path of a project, and where its data were; see ``open``

    def __init__(self, parent: QObject, session: SavedSession) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self.runs: tuple[str, ...] = ()
        self.came_with: Path | None = None
        self._session, self._stage = session, ""
        self._recipe: Recipe | None = None
        self._coming: Opened | None = None
        self._coming_claim: Claim | None = None
        self._claim: Claim | None = None
        self._saves = 0
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._timer.timeout.connect(self._save)
        self._read = Task(self, _load, self._on_read, self._say_error)
        self._write = Task(self, _save, self._on_saved, self._say_error)
        self._asked = False  # the user saves, and is told
        session.dataset_changed.connect(self._follow_data)
        session.recipe_changed.connect(self._follow_recipe)
        session.run_changed.connect(self._follow_run)
        session.state_changed.connect(self._follow_state)

    @property
    def name(self) -> str:
        """What the project is called; empty where there is none."""
        return "" if self.path is None else shown(self.path.stem)

    @property
    def read_only(self) -> bool:
        """Whether another window saves it."""
        return self._claim is not None and self._claim.refused is not None

    @property
    def stage(self) -> str:
        return self._stage

    @stage.setter
    def stage(self, key: str) -> None:
        self._stage = key
        self._change()

    # -- opening

    def open(self, path: Path, moved: Mapping[str, str] = NOT_MOVED) -> None:
        """Open a project: its data, corrections, settings and the run that was shown.

        Args:
            moved: where its data are now, by where the file says that they are.
        """
        again = functools.partial(self.open, path, moved)
        if not self._session.postponed(again):
            self.save_now()
            self._read.start(path, dict(moved), self._claim)

    def _on_read(self, read: tuple[Opened, Claim]) -> None:
        if self._session.postponed(functools.partial(self._on_read, read)):
            return
        found, claim = read
        if found.data_missing:
            claim.release(but=self._claim)
            self.missing.emit(found.path, found.data_missing)
            return
        recipe = found.recipe
        self._expect(found, claim)
        self._session.opener.open(Opening(recipe.data, recipe.modality, settings=recipe))

    def _expect(self, found: Opened | None, claim: Claim | None = None) -> None:
        """Wait for the data of a project, or for none."""
        if self._coming_claim is not None and self._coming_claim is not self._claim:
            self._coming_claim.release(but=self._claim)
        self._coming, self._coming_claim = found, claim

    def _arrive(self, found: Opened) -> None:
        """Its data are open."""
        self._hold(self._coming_claim)
        self._expect(None)
        self.path, self.runs = found.path, found.project.runs
        self._recipe, self._stage = self._session.recipe, found.project.stage
        lost = [path for path in found.missing if path in (*self.runs, found.project.shown)]
        self.runs = tuple(path for path in self.runs if path not in lost)
        if found.project.shown and found.project.shown not in lost:
            self.came_with = Path(found.project.shown)
            self._session.open_run(self.came_with)
        if lost:
            text = _("Runs of the project “{name}” that are missing: {count}, such as {path}.")
            text = text.format(count=len(set(lost)), name=self.name, path=shown(lost[0]))
            self._session.say("runs", text, "warning")
        if self._claim is not None and self._claim.refused is not None:
            self._session.say("dataset", str(self._claim.refused), "warning")
        self.changed.emit()
        self.opened.emit(found.project)

    def _hold(self, claim: Claim | None) -> None:
        """Another file is saved from now on, or none."""
        if self._claim is not None and self._claim is not claim:
            self._claim.release(but=claim)
        self._claim = claim

    def release(self) -> None:
        """Nothing is saved any more: other windows may."""
        self._timer.stop()
        self._expect(None)
        self._hold(None)

    # -- saving

    def save_as(self, path: Path) -> None:
        """Save what is open as a project at ``path``, now and whenever it changes."""
        claim = Claim(path, self._claim)
        if claim.refused is not None:
            self._say_error(UserError("project.taken", path=str(path)))
            return
        self._hold(claim)
        run = self._session.run
        if self.path is None:
            self.runs = () if run is None else (str(run.path),)
        self.path, self._recipe = path, self._session.recipe
        self._asked = True
        self._save()
        self.changed.emit()

    def save(self) -> None:
        """Save now, in the background."""
        self._asked = self.path is not None
        self._save()

    def save_now(self) -> None:
        """Save what waits, before it is left."""
        if self._timer.isActive() and self._claim is not None:
            self._timer.stop()
            self._saves += 1
            try:
                self._claim.save(self._made(), self._saves)
            except UserError as error:
                self._say_error(error)

    def _save(self) -> None:
        self._timer.stop()
        if self._claim is not None:
            self._saves += 1
            self._write.start(self._claim, self._made(), self._saves)

    def _on_saved(self, _nothing: None) -> None:
        """What the user saves is said; what is saved as things change is not."""
        asked, self._asked = self._asked, False
        if asked and self.path is not None:
            text = _(
                "Project saved: {path}. What you change from now on is saved as you go. Tables of "
                "predictions are not part of a project."
            )
            self._session.say("dataset", text.format(path=shown(self.path)), "info")

    def _made(self) -> files.Project:
        recipe = self._recipe or self._session.recipe
        run = self._session.run
        return files.made(recipe, self.runs, "" if run is None else str(run.path), self._stage)

    def _change(self) -> None:
        if self.path is not None and not self.read_only:
            self._timer.start()

    def _say_error(self, error: UserError) -> None:
        self._asked = False
        self._session.say("dataset", str(error), "error")

    # -- following

    def _follow_recipe(self, recipe: Recipe) -> None:
        known = self._recipe
        if known is not None and self._coming is None and recipe.data.path == known.data.path:
            self._recipe = recipe
            self._change()

    def _follow_run(self, run: Run | None) -> None:
        if run is not None and self.path is not None:
            if self._session.training:
                self.runs = tuple(dict.fromkeys((str(run.path), *self.runs)))
            self._change()

    def forget(self, run: Run) -> None:
        """A run that was just made was deleted."""
        self.runs = tuple(path for path in self.runs if path != str(run.path))
        self._change()

    def _follow_data(self, _dataset: object) -> None:
        path = self._session.recipe.data.path
        if self._coming is not None and path == self._coming.recipe.data.path:
            self._arrive(self._coming)
        elif self._recipe is not None and path != self._recipe.data.path:
            self._leave()

    def _follow_state(self, state: State) -> None:
        """What was to be opened could not be read, or something else was opened instead."""
        if state in (State.READY, State.EMPTY):
            self._expect(None)

    def _leave(self) -> None:
        """Other data are open: nothing of them is written into the project."""
        self.save_now()
        text = _("The project “{name}” was closed because other data were opened.")
        text = text.format(name=self.name)
        self._hold(None)
        self.path, self.runs, self._recipe = None, (), None
        self._session.say("dataset", text, "info")  # what is shown then is of no project
        self.changed.emit()


# -- in a worker thread


def _load(path: Path, moved: Mapping[str, str], mine: Claim | None) -> tuple[Opened, Claim]:
    """Read a project, and who may save it: whoever changes it meanwhile is noticed then."""
    claim = Claim(path, mine)
    try:
        return files.load(path, moved), claim
    except BaseException:
        claim.release(but=mine)
        raise


def _save(claim: Claim, project: files.Project, number: int) -> None:
    claim.save(project, number)
