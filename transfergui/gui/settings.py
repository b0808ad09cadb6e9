"""What the window remembers: where it stood, recent folders, light or dark.

A file that cannot be read, or holds something else, counts as none.
"""

import base64
import json
import logging
import threading
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from transfergui.core import files, paths
from transfergui.gui.style import Scheme

log = logging.getLogger(__name__)

RECENT = 8
SIZE = QSize(1280, 800)
DECORATION = QSize(16, 40)
"""What window managers put around a window: borders, and a title bar above it. They say how much
only once it is shown."""
VISIBLE = 120
"""So many pixels of the window, both ways, must be on a screen."""


class Remembered(msgspec.Struct):
    """The file's content.

    Attributes:
        folders: where the dialogs for files ended last, by their purpose.
    """

    geometry: str = ""
    recent: list[str] = []
    scheme: Scheme = "system"
    folders: dict[str, str] = {}


class Settings:
    """``settings.json``: read when made, written by :meth:`save`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.remembered = _read(self._path)

    @property
    def _path(self) -> Path:
        return paths.settings_dir() / "settings.json"

    @property
    def recent(self) -> list[Path]:
        """What was opened lately, newest first."""
        return [Path(name) for name in self.remembered.recent]

    def add_recent(self, path: Path) -> None:
        others = [name for name in self.remembered.recent if name != str(path)]
        self.remembered.recent = [str(path), *others][:RECENT]

    def forget_recent(self) -> None:
        self.remembered.recent = []

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
        """Write the file; may be called from any thread. A failure is only logged."""
        with self._lock:
            text = json.dumps(msgspec.to_builtins(self.remembered), indent=2)
            try:
                files.write_atomic(self._path, text)
            except OSError as error:
                log.warning("the settings could not be saved: %s", error)


def _read(path: Path) -> Remembered:
    try:
        return msgspec.convert(json.loads(path.read_text(encoding="utf-8")), Remembered)
    except FileNotFoundError:
        return Remembered()
    except (OSError, ValueError, RecursionError, msgspec.ValidationError) as error:
        log.warning("the settings are not readable and start anew: %s", error)
        return Remembered()


def _on_a_screen(frame: QRect) -> bool:
    parts = (frame & screen.availableGeometry() for screen in QGuiApplication.screens())
    return any(part.width() >= VISIBLE and part.height() >= VISIBLE for part in parts)
