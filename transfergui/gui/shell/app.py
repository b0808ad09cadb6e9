"""From the process to the window: dress it, show it, leave in order whatever ends it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from transfergui import __version__
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import files
from transfergui.gui.base import errors, style, tasks
from transfergui.gui.base.settings import Settings
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State
from transfergui.gui.shell import languages
from transfergui.gui.shell.main_window import MainWindow

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that background work may take to end after the window was closed."""


def main(demo: str | None = None, path: Path | None = None) -> int:
    """Open the window and give the exit status when it was closed.

    Args:
        demo: key of a bundled sample to train on at once.
        path: a project, a model or data to open at once.
    """
    qInstallMessageHandler(_log_qt)
    app = QApplication([sys.argv[0]])
    app.setApplicationName("TransferGUI")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("transfergui")
    errors.install()
    windows = open_windows(app)
    window = windows.current
    leaving = SignalHandlers(windows.leave)
    if demo is not None:
        start_demo(window.session, demo)
    elif path is not None:
        window.opening.open_path(path)
    else:
        window.offers.look_for_unfinished()
    status = app.exec()
    leaving.close()
    if not tasks.wait_all(PATIENCE):
        _end_now(status)  # a worker hangs, on a network share as like as not
    return status


def open_window(app: QApplication) -> MainWindow:
    """See :func:`open_windows`; the first of them."""
    return open_windows(app).current


def open_windows(app: QApplication) -> languages.Windows:
    """Make the window and show it; nothing of torch is imported before it is seen."""
    settings = Settings()
    languages.use(app, os.environ.get("TRANSFERGUI_LANGUAGE") or settings.remembered.language)
    style.theme.install(app, settings.remembered.scheme)
    session = Session()
    windows = languages.Windows(app, session, settings)
    _warm_up_when_needed(session)
    app.commitDataRequest.connect(lambda manager: windows.leave())
    session.closed.connect(lambda closed: app.quit())
    windows.current.show()
    return windows


def start_demo(session: Session, key: str = samples.DEFAULT) -> None:
    """Open a bundled sample and train on it as soon as it is there."""

    def train(state: State) -> None:
        if state is not State.SCANNING:
            session.state_changed.disconnect(train)
        if state is State.READY:
            session.start_training()

    session.state_changed.connect(train)
    session.open_sample(key)


class SignalHandlers(QObject):
    """Lets Python's handlers of SIGINT, SIGTERM and SIGHUP run while Qt waits for events.

    Args:
        leave: called instead of the process ending at once.
    """

    def __init__(self, leave: Callable[[], object]) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: self._reader.recv(64))
        self._handlers = {
            number: signal.signal(number, lambda *_: QTimer.singleShot(0, leave))
            for number in _heard()
        }

    def close(self) -> None:
        """Put back what was there before."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()


def _heard() -> Iterator[signal.Signals]:
    """The signals that end the program; not the end of the terminal, where ``nohup`` ignores it."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows lacks the last
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            yield number


def _warm_up_when_needed(session: Session) -> None:
    """Import torch in the background once it is likely to be used."""

    def begin() -> None:
        session.state_changed.disconnect(begin)
        session.run_changed.disconnect(begin)
        tasks.run(session, warm_up, lambda nothing: None)

    session.state_changed.connect(begin)
    session.run_changed.connect(begin)


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _log_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)


def _end_now(status: int) -> None:
    files.remove_unfinished()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
