"""Tells about the end of a long training to somebody who is doing something else."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from transfergui.core.base.i18n import _
from transfergui.core.runs import events as ev
from transfergui.gui.session.session import Session
from transfergui.gui.session.states import State

LONG = 60.0
"""Seconds after which the end of a training is worth a notification."""


class TrainingNotifier(QObject):
    """See the module."""

    def __init__(self, window: QMainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._began = time.monotonic()
        self._was = session.state
        self._tray: QSystemTrayIcon | None = None
        session.state_changed.connect(self._follow)

    def _follow(self, state: State) -> None:
        was, self._was = self._was, state
        if state is State.TRAINING:
            self._began = time.monotonic()
        elif was in (State.TRAINING, State.STOPPING) and state is not State.STOPPING:
            self._notify()

    def _notify(self) -> None:
        long = time.monotonic() - self._began > LONG
        if long and not self._window.isActiveWindow():
            QApplication.alert(self._window)
            if QSystemTrayIcon.isSystemTrayAvailable():
                self._show_notification()

    def _show_notification(self) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self._window)
            self._tray.messageClicked.connect(self._come_forward)
        failed = isinstance(self._session.history.outcome, ev.Failed)
        text = _("Training failed.") if failed else _("Training has ended.")
        self._tray.show()
        self._tray.showMessage("TransferGUI", text, self._window.windowIcon())

    def _come_forward(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
