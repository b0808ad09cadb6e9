"""Remembers what is open with its settings, and saves what the window remembers."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.app.samples import catalogue as samples
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.targets import members
from transfergui.core.recipe import Recipe
from transfergui.gui.base import file_dialogs
from transfergui.gui.base.kept_scores import scores
from transfergui.gui.base.settings import Recent, Settings
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import recent
from transfergui.gui.session.session import Session

SAVE_AFTER = 1000
"""Milliseconds after a change of the settings until they are written."""


class SettingsSaver(QObject):
    """See the module."""

    recent_changed = Signal(object)  # list[Recent], the last one opened first

    def __init__(self, parent: QObject, session: Session, settings: Settings) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._save = Task(self, settings.save, lambda nothing: None)
        self._saving = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self._saving.timeout.connect(self._save.start)
        file_dialogs.folders.keep_in(settings.remembered.folders)
        file_dialogs.folders.changed.connect(self.save)
        scores.keep_in(settings.remembered.box_scores)
        scores.changed.connect(self._saving.start)
        session.dataset_changed.connect(self._remember)
        session.recipe_changed.connect(self._remember_settings)
        session.project_file.changed.connect(self._remember_project)

    def save(self) -> None:
        """Save in the background."""
        self._save.start()

    def save_now(self) -> None:
        """Save before the window is gone."""
        self._saving.stop()
        self._settings.save()

    def forget_recent(self) -> None:
        """Forget which data were open."""
        self._settings.forget_recent()
        self.recent_changed.emit([])
        self._save.start()

    def _remember(self, dataset: Dataset) -> None:
        path = self._session.recipe.data.path
        if not path or samples.is_sample(Path(path)):
            return
        entry = Recent(
            path=path,
            modality=dataset.modality,
            classes=len(members(dataset.targets, dataset.classes)),
            samples=len(dataset.samples),
            opened=time.strftime("%Y-%m-%dT%H:%M:%S"),
            settings=recent.settings_of(self._session.recipe),
            project=str(self._session.project_file.path or ""),
        )
        another = self._settings.recent[:1] != [Path(path)]
        self._settings.add_recent(entry)
        if another:
            self.recent_changed.emit(self._settings.remembered.recent)
            self._save.start()
        self._saving.start()

    def remember_labelled(self, entry: Recent) -> None:
        """Remember data that are labelled; what they had as a dataset stays in force.

        Those who see the list are told by :meth:`tell_labelled`, not after every label.
        """
        known = self._settings.known(Path(entry.path))
        if samples.is_sample(Path(entry.path)) or (known is not None and known.settings):
            return
        opened = time.strftime("%Y-%m-%dT%H:%M:%S")
        self._settings.add_recent(msgspec.structs.replace(entry, opened=opened))
        self._saving.start()

    def tell_labelled(self) -> None:
        """The page of labels was left: the list is as it is now."""
        self.recent_changed.emit(self._settings.remembered.recent)
        self._save.start()

    def _remember_project(self) -> None:
        """The open data are in another project now, or in none."""
        if (dataset := self._session.dataset) is not None:
            self._remember(dataset)
            self.recent_changed.emit(self._settings.remembered.recent)
            self._save.start()

    def _remember_settings(self, recipe: Recipe) -> None:
        entry = self._settings.known(Path(recipe.data.path)) if recipe.data.path else None
        if entry is not None:
            self._settings.update_recent(recent.with_settings(entry, recipe))
            self._saving.start()
