"""The run that the window shows: the one that is trained, or an earlier one.

One that was paused or interrupted may be resumed by another process: that is said, and what it has
finished is shown when it has.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.locks import Holder
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
        self._size, self._taken = -1, False
        self._news = Task(self, _news, self._on_news)
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def set(self, run: Run | None, history: History) -> None:
        self._news.cancel()
        self._tell_taken(None)
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

    def _on_news(self, found: _News) -> None:
        if self._states.training:
            return
        self._size, history = found.size, found.history
        self._tell_taken(found.holder)
        if history is None:
            return
        if _is_done(history) or len(history.epochs) > len(self.history.epochs):
            self.set(self.run, history)

    def _tell_taken(self, holder: Holder | None) -> None:
        """Say that another process trains it, until none does."""
        if (holder is not None) == self._taken:
            return
        self._taken, text = holder is not None, ""
        if holder is not None:
            text = _("Process {pid} on {host} trains this run now. To follow it, open it in Runs.")
            text = text.format(pid=holder.pid or "–", host=holder.host or "–")
        self._say("live", text, "info")


class _News(NamedTuple):
    """What became of a run: how many bytes are recorded of it, its history where these are others
    than before, and who trains it now."""

    size: int
    history: History | None = None
    holder: Holder | None = None


def _is_done(history: History) -> bool:
    """Whether it has ended, not only for now."""
    outcome = history.outcome
    return isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled"


def _news(run: Run, size: int) -> _News:
    """In a worker thread; ``size`` as of the last look."""
    with contextlib.suppress(OSError, UserError):
        if (holder := run.holder()) is not None:
            return _News(size, holder=holder)
        now = (run.path / EVENTS).stat().st_size
        if now != size:
            return _News(now, run.history())
    return _News(size)
