"""Asking for files and folders: every dialog begins in the folder last used for its purpose."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTranslator, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from transfergui.core.base import paths
from transfergui.core.base.i18n import N_, _

Purpose = Literal[
    "data", "beside", "run", "model", "predict", "answers", "export", "weights", "curves", "project"
]
"""What a file or folder is chosen for; data as a folder or as a file are one purpose."""
TOGETHER: tuple[Purpose, ...] = ("answers", "export", "curves", "model")
"""What is written from here, and models that are opened again, share the folder last used."""


LACKING = {
    ("QFileDialog", "&Look in:"): N_("&Look in:"),
    ("QFileDialog", "Files of &type:"): N_("Files of &type:"),
    ("QFileSystemModel", "Size"): N_("Size"),
}
"""By context and text, what Qt's own catalogues do not translate, or not as the rest does."""


class Texts(QTranslator):
    """Translates :data:`LACKING` of Qt's own dialogs; the rest is left to Qt's own translator."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:  # None, since an empty text would count as a translation
        known = LACKING.get((context, text))
        return None if known is None else _(known)

    def isEmpty(self) -> bool:
        return False


class LastFolders(QObject):
    """The folder last used for each purpose.

    Attributes:
        changed: another folder was used; the settings are to be saved.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, str] = {}

    def keep_in(self, remembered: dict[str, str]) -> None:
        """From now on, folders are read from ``remembered`` and written there."""
        self._last = remembered

    def start(self, purpose: Purpose, first: Path | None = None) -> Path:
        """Where a dialog begins: where the last one ended, else in ``first``, else at home.

        What is written for the first time is proposed beside the data.
        """
        asked = (purpose, "data") if purpose in (*TOGETHER, "project") else (purpose,)
        last, *others = (self._last.get(each) for each in asked)
        candidates = (Path(last) if last else None, first, *(Path(p) for p in others if p))
        return next((p for p in candidates if p is not None and _is_dir(p)), paths.home())

    def remember(self, purpose: Purpose, chosen: Path) -> None:
        """``chosen`` was chosen; the next dialog begins in the folder that holds it."""
        folder = str(chosen.parent)
        alike = TOGETHER if purpose in TOGETHER else (purpose,)
        changes: dict[str, str] = {each: folder for each in alike if self._last.get(each) != folder}
        if changes:
            self._last.update(changes)
            self.changed.emit()


folders = LastFolders()
"""Of the whole program; the window keeps them in its settings."""


def ask_folder(
    parent: QWidget, title: str, purpose: Purpose, first: Path | None = None
) -> Path | None:
    """Ask for a folder; None if the dialog is cancelled.

    Args:
        first: where the dialog begins when none was used for this purpose.
    """
    start = str(folders.start(purpose, first))
    return _chosen(purpose, QFileDialog.getExistingDirectory(parent, title, start))


def ask_new_folder(parent: QWidget, title: str, purpose: Purpose) -> Path | None:
    """Ask for a folder to write into, which need not be there yet; None if the dialog is
    cancelled."""
    dialog = NewFolderDialog(parent, title, str(folders.start(purpose)))
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return _chosen(purpose, chosen[0] if chosen else "")


class NewFolderDialog(QFileDialog):
    """Shows the files in folders, too, so that a full one looks full, and takes a name that nobody
    has yet. The system's own dialogs, where they are shown instead, make new folders by a button.
    """

    def __init__(self, parent: QWidget, title: str, start: str) -> None:
        super().__init__(parent, title, start)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly, on=False)
        self._name: QLineEdit | None = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._name is None and (name := self.findChild(QLineEdit)) is not None:
            self._name = name  # there is none in the system's own dialogs
            name.textChanged.connect(self._allow)

    def _allow(self, text: str) -> None:
        """Qt greys the button as long as no folder has that name."""
        box = self.findChild(QDialogButtonBox)
        buttons = box.buttons() if box is not None else []
        for button in buttons:
            if box is not None and box.buttonRole(button) is QDialogButtonBox.ButtonRole.AcceptRole:
                button.setEnabled(bool(text.strip()))

    def accept(self) -> None:
        chosen = self.selectedFiles()
        if len(chosen) == 1 and not os.path.lexists(chosen[0]):
            self.done(QFileDialog.DialogCode.Accepted)
        else:
            super().accept()


def ask_file(parent: QWidget, title: str, purpose: Purpose, kinds: str) -> Path | None:
    """Ask for a file to be read; None if the dialog is cancelled.

    Args:
        kinds: as Qt writes filters.
    """
    start = str(folders.start(purpose))
    name, _kind = QFileDialog.getOpenFileName(parent, title, start, kinds)
    return _chosen(purpose, name)


def ask_files(parent: QWidget, title: str, purpose: Purpose, kinds: str) -> list[Path]:
    """Ask for files to be read; none if the dialog is cancelled."""
    start = str(folders.start(purpose))
    names, _kind = QFileDialog.getOpenFileNames(parent, title, start, kinds)
    for name in names[:1]:
        _chosen(purpose, name)
    return [Path(name) for name in names]


def ask_target(
    parent: QWidget, title: str, purpose: Purpose, name: str, kinds: str
) -> tuple[Path | None, str]:
    """Ask where a file should be written.

    Args:
        name: that is proposed.

    Returns:
        The file, None if the dialog is cancelled; and which of ``kinds`` was chosen.
    """
    start = str(folders.start(purpose) / name)
    target, kind = QFileDialog.getSaveFileName(parent, title, start, kinds)
    return _chosen(purpose, target), kind


def _chosen(purpose: Purpose, name: str) -> Path | None:
    if not name:
        return None
    folders.remember(purpose, Path(name))
    return Path(name)


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # settings written by hand may hold any text
        return False
