"""The run that the window shows: the one that is trained, or an earlier one.

One that was paused or interrupted may be resumed by another process: what that has finished is
shown when it has.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import EVENTS, Run
from transfergui.core.runs.watching import Watch
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import loading
from transfergui.gui.session.states import Say, StateMachine

LOOK = 2000
"""Milliseconds between two looks at a run that another process may finish."""


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
        self._size = -1
        self._news = Task(self, _news, self._on_news)
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def set(self, run: Run | None, history: History) -> None:
        self._news.cancel()
        self.run, self.history, self._size = run, history, -1
        self.run_changed.emit(run)
        self.history_reset.emit(history)

    def open(self, path: Path) -> None:
        """Show an earlier run as soon as it was read."""
        self._read.start(path)

    def cancel(self) -> None:
        """Stay with the run that is shown, as it is."""
        self._read.cancel()
        self._news.cancel()

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

    def _look(self) -> None:
        """Whether another process has gone on with it, and ended."""
        waits = self._states.training or self._states.closing or self._news.running
        if self.run is not None and not waits and not _is_done(self.history):
            self._news.start(self.run, self._size)

    def _on_news(self, found: tuple[int, History | None]) -> None:
        self._size, history = found
        if history is None or self._states.training:
            return
        if _is_done(history) or len(history.epochs) > len(self.history.epochs):
            self.set(self.run, history)


def _is_done(history: History) -> bool:
    """Whether it has ended, not only for now."""
    outcome = history.outcome
    return isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled"


def _news(run: Run, size: int) -> tuple[int, History | None]:
    """In a worker thread: how many bytes are recorded of a run that nobody trains now, and its
    history, where they are others than ``size``."""
    with contextlib.suppress(OSError, UserError):
        now = (run.path / EVENTS).stat().st_size
        if now != size and not run.active():
            return now, run.history()
    return size, None
