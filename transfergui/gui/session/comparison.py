"""The run whose curves are laid under those of the run that is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading


class Comparison(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        say: called with an error, or with None when there is none any more.

    Attributes:
        current: the run, with its history; None where none is compared.
    """

    changed = Signal(object)  # tuple[Run, History] | None

    def __init__(self, parent: QObject, say: Callable[[UserError | None], object]) -> None:
        super().__init__(parent)
        self.current: tuple[Run, History] | None = None
        self._say = say
        self._read = Task(self, loading.read_run, self._show, say)

    def compare(self, path: Path | None) -> None:
        """Lay another run under the one that is shown; None takes it away."""
        if path is None:
            self.cancel()
            self._show(None)
        else:
            self._read.start(path)

    def cancel(self) -> None:
        """Read nothing any more."""
        self._read.cancel()

    def _show(self, compared: tuple[Run, History] | None) -> None:
        self._say(None)
        self.current = compared
        self.changed.emit(compared)
