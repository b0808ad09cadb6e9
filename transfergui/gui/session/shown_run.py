"""The run that the window shows: the one that is trained, or an earlier one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.core.runs.watching import Watch
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.states import Say, StateMachine


class ShownRun(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        states: of the session.
        say: says something on a panel.

    Attributes:
        run: None before the first, and while one is made.
        history: what ``run`` has reported so far.
    """

    run_changed = Signal(object)  # Run | None: another one, or its training has ended
    history_reset = Signal(object)  # History, replaced
    run_shown = Signal(object)  # Run: an earlier one, whose data can be opened; ``open_data_of``
    watch_wanted = Signal(object)  # Watch: the run to be shown is trained by another process now

    def __init__(self, parent: QObject, states: StateMachine, say: Say) -> None:
        super().__init__(parent)
        self.run: Run | None = None
        self.history = History()
        self._states, self._say = states, say
        self._read = Task(
            self, loading.open_run, self._on_read, lambda error: say("runs", str(error), "error")
        )

    def set(self, run: Run | None, history: History) -> None:
        self.run, self.history = run, history
        self.run_changed.emit(run)
        self.history_reset.emit(history)

    def open(self, path: Path) -> None:
        """Show an earlier run as soon as it was read."""
        self._read.start(path)

    def cancel(self) -> None:
        """Stay with the run that is shown."""
        self._read.cancel()

    def tell_renamed(self, path: Path) -> None:
        """A run was renamed: where it is the one that is shown, its name is read again."""
        if self.run is not None and self.run.path == path and not self._states.training:
            self.run_changed.emit(self.run)

    def tell_ended(self) -> None:
        """Its training has ended."""
        self.run_changed.emit(self.run)

    def _on_read(self, read: tuple[Run, History, Watch | None]) -> None:
        self._say("runs", "", "error")
        run, history, watch = read
        if watch is not None:
            self.watch_wanted.emit(watch)
        else:
            self.set(run, history)
            self.run_shown.emit(run)
