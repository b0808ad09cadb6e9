"""How much time is left of a training, counted down between what it reports."""

from __future__ import annotations

import time
from typing import ClassVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLabel

from transfergui.core.runs.events import Progress
from transfergui.gui.base import words


class Countdown(QObject):
    """Says every second what is left: between two reports there may be minutes, as in a search."""

    said = Signal(str)  # empty where nothing is left, or that is not known
    SECOND: ClassVar = 1000

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._at: Progress | None = None
        self._since = 0.0
        self._tick = QTimer(self, interval=self.SECOND)
        self._tick.timeout.connect(self._say)

    def follow(self, at: Progress | None) -> None:
        """Take what was reported last; None ends it."""
        if at is not self._at:
            self._at, self._since = at, time.monotonic()
            self._tick.start()
            self._say()

    def _say(self) -> None:
        at = self._at
        if at is not None and at.eta is not None:
            passed = time.monotonic() - self._since
            at = msgspec.structs.replace(at, eta=max(0.0, at.eta - passed))
        text = words.left(at) if at is not None else ""
        if not text:
            self._tick.stop()
        self.said.emit(text)


class TimeLeft(QLabel):
    """Hidden while it is not known."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "caption")
        self._countdown = Countdown(self)
        self._countdown.said.connect(self._show)
        self.follow = self._countdown.follow
        self.hide()

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))
