"""What the window remembers: where it stood, recent folders, light or dark.

A file that cannot be read, or holds something else, counts as none. Several windows save into the
same file, each what has changed in it.
"""

import base64
import json
import logging
import threading
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from transfergui.core.base import files, locks, paths, records
from transfergui.gui.base.style import Scheme

log = logging.getLogger(__name__)

RECENT = 8
SIZE = QSize(1280, 800)
DECORATION = QSize(16, 40)
"""What window managers put around a window: borders, and a title bar above it. They say how much
only once it is shown."""
VISIBLE = 120
"""So many pixels of the window, both ways, must be on a screen."""


class Recent(msgspec.Struct, frozen=True):
    """Data that were open.

    Attributes:
        path: of the folder or file.
        modality, classes, samples: what was found in it.
        opened: when, as an ISO date with time.
        settings: the recipe in force last, without corrections, as plain values.
        project: the project file that they were open in; empty for none.
        labelled: how many of the samples had a label, where they were labelled in the window and
            not opened as a dataset since; else 0.
        drawn: whether these labels are boxes.
    """

    path: str
    modality: str = ""
    classes: int = 0
    samples: int = 0
    opened: str = ""
    settings: dict[str, Any] = {}
    project: str = ""
    labelled: int = 0
    drawn: bool = False


class StoredSettings(msgspec.Struct):
    """The file's content.

    Attributes:
        recent: the newest first.
        folders: where the dialogs for files ended last, by their purpose.
        language: a locale name; the system's where empty.
        projects: paths of project files, the one opened last first.
        box_scores: from which confidence on boxes are shown, by the path of a model.
    """

    geometry: str = ""
    recent: list[Recent] = []
    scheme: Scheme = "system"
    folders: dict[str, str] = {}
    language: str = ""
    projects: list[str] = []
    box_scores: dict[str, float] = {}


class Settings:
    """``settings.json``: read when made, written by :meth:`save`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.remembered = _read(self._path) or StoredSettings()
        self._saved = _copied(self.remembered)

    @property
    def _path(self) -> Path:
        return paths.settings_dir() / "settings.json"

    @property
    def recent(self) -> list[Path]:
        """Paths of what was opened lately, newest first."""
        return [Path(entry.path) for entry in self.remembered.recent]

    def known(self, path: Path) -> Recent | None:
        """What is remembered of ``path``."""
        return next((e for e in self.remembered.recent if e.path == str(path)), None)

    def add_recent(self, entry: Recent) -> None:
        """Put ``entry`` first, in the place of what was known of the same path."""
        others = [each for each in self.remembered.recent if each.path != entry.path]
        self.remembered.recent = [entry, *others][:RECENT]

    def update_recent(self, entry: Recent) -> None:
        """Replace what is known of the same path, in its place."""
        known = self.remembered.recent
        self.remembered.recent = [entry if e.path == entry.path else e for e in known]

    def forget_recent(self) -> None:
        self.remembered.recent = []
        self.remembered.projects = []

    def add_project(self, path: Path) -> None:
        """Put a project file first."""
        others = [each for each in self.remembered.projects if each != str(path)]
        self.remembered.projects = [str(path), *others][:RECENT]

    def keep_geometry(self, window: QWidget) -> None:
        raw = window.saveGeometry().data()
        self.remembered.geometry = base64.b64encode(bytes(raw)).decode()

    def restore_geometry(self, window: QWidget) -> None:
        """Where it stood; in the middle of the first screen where that is not visible now."""
        raw = QByteArray.fromBase64(self.remembered.geometry.encode())
        if not (window.restoreGeometry(raw) and _on_a_screen(window.frameGeometry())):
            free = QGuiApplication.primaryScreen().availableGeometry()
            window.resize(SIZE.boundedTo(free.size() - DECORATION))
            frame = QRect(free.topLeft(), window.size() + DECORATION)
            frame.moveCenter(free.center())
            window.move(frame.topLeft())

    def save(self) -> None:
        """Write what has changed since; may be called from any thread. A failure is only logged."""
        with self._lock, locks.in_turn(self._path):
            mine = _copied(self.remembered)
            there = _read(self._path)
            wanted = mine if there is None else merged(self._saved, mine, there)
            try:
                files.write_atomic(self._path, json.dumps(msgspec.to_builtins(wanted), indent=2))
                self._saved = mine
            except OSError as error:
                log.warning("the settings could not be saved: %s", error)


def merged(before: StoredSettings, mine: StoredSettings, there: StoredSettings) -> StoredSettings:
    """What other windows saved, with what changed in this one since it saved or read ``before``."""
    changed = {
        name: value
        for name in ("geometry", "scheme", "language")
        if (value := getattr(mine, name)) != getattr(before, name)
    }
    for name in ("folders", "box_scores"):
        changed[name] = _with_changes(*(getattr(each, name) for each in (before, mine, there)))
    recent = _with_changes(*({e.path: e for e in each.recent} for each in (before, mine, there)))
    newest = sorted(recent.values(), key=lambda entry: entry.opened, reverse=True)
    new = [path for path in there.projects if path not in (*mine.projects, *before.projects)]
    kept = [p for p in mine.projects if p in there.projects or p not in before.projects]
    projects = [*kept, *new] if mine.projects != before.projects else there.projects
    return msgspec.structs.replace(
        there, **changed, recent=newest[:RECENT], projects=projects[:RECENT]
    )


def _with_changes(
    before: dict[str, Any], mine: dict[str, Any], there: dict[str, Any]
) -> dict[str, Any]:
    """``there`` without what was removed between ``before`` and ``mine``, and with what differs."""
    gone = before.keys() - mine.keys()
    differs = {key: value for key, value in mine.items() if before.get(key) != value}
    return {key: value for key, value in there.items() if key not in gone} | differs


def _copied(settings: StoredSettings) -> StoredSettings:
    """What does not change with ``settings``."""
    return msgspec.convert(msgspec.to_builtins(settings), StoredSettings)


def _read(path: Path) -> StoredSettings | None:
    """What is saved; None where nothing is, or nothing that can be read."""
    try:
        tree = records.parse(path.read_bytes())
        return msgspec.convert(_of_today(tree), StoredSettings)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, msgspec.ValidationError) as error:
        log.warning("the settings are not readable and start anew: %s", error)
        return None


def _of_today(tree: Any) -> Any:
    """Earlier versions kept only the paths of recent data."""
    if isinstance(tree, dict) and isinstance(tree.get("recent"), list):
        entries = tree["recent"]
        tree["recent"] = [{"path": e} if isinstance(e, str) else e for e in entries]
    return tree


def _on_a_screen(frame: QRect) -> bool:
    parts = (frame & screen.availableGeometry() for screen in QGuiApplication.screens())
    return any(part.width() >= VISIBLE and part.height() >= VISIBLE for part in parts)
