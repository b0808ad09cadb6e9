"""This window takes part in an automatic search that another process runs: it trains some of what
is tried there."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.gui.session.states import Say
from transfergui.gui.session.trainer_thread import EventSource, TrainerThread


class _Ended(ev.Event, frozen=True):
    """What was trained has come to its end, whichever; the search goes on."""


class SearchHelper(QObject):
    """See the module. One search at a time.

    Args:
        parent: Qt's owner.
        say: says something on a panel.

    Attributes:
        trial: what is trained now; None while nothing is.
        epoch: how many of its ``epochs`` are done.
        count: how many were begun.
    """

    changed = Signal()

    def __init__(self, parent: QObject, say: Say) -> None:
        super().__init__(parent)
        self.trial: ev.Tried | None = None
        self.epoch = self.epochs = self.count = 0
        self._say = say
        self._over = threading.Event()
        self._thread: TrainerThread | None = None

    @property
    def running(self) -> bool:
        """Whether it takes part, or trains a last step."""
        return self._thread is not None

    @property
    def leaving(self) -> bool:
        """Whether it was asked to end."""
        return self.running and self._over.is_set()

    def begin(self, run: Run) -> None:
        """Take part in the search of ``run``, until it is over or :meth:`stop` is called."""
        if self.running:
            return
        self._say("live", "", "error")
        self.trial, self.epoch, self.epochs, self.count = None, 0, 0, 0
        self._over = threading.Event()
        thread = TrainerThread(_joining(run, self._over), self)
        thread.reported.connect(self._on_event)
        thread.finished.connect(self._on_ended)
        self._thread = thread
        thread.start()
        self.changed.emit()

    def stop(self) -> None:
        """Take part no longer: the search goes on, and another process takes up what was begun."""
        if self.running:
            self._over.set()
            self.changed.emit()

    def _on_event(self, event: ev.Event) -> None:
        match event:
            case ev.Tried():
                self.trial, self.epoch, self.epochs = event, 0, 0
                self.count += 1
            case ev.Started():
                self.epochs = event.epochs
            case ev.EpochEnded():
                self.epoch = event.epoch
            case _Ended():
                self.trial = None
            case ev.Failed() if event.code != "join.idle":  # else it was over just now
                self._say("live", event.sentence(), "error")
        self.changed.emit()

    def _on_ended(self) -> None:
        assert self._thread is not None
        self._thread.wait()
        self._thread.deleteLater()
        self._thread = self.trial = None
        self.changed.emit()


def _joining(run: Run, over: threading.Event) -> EventSource:
    """The source that trains what the search of ``run`` offers."""

    def events() -> Iterator[ev.Event]:
        import torch

        from transfergui.core.training import joining

        with torch.inference_mode(False), torch.enable_grad():
            for event in joining.join(run, over.is_set):
                yield _Ended() if isinstance(event, ev.Finished | ev.Failed) else event
        yield ev.Finished(outcome="done", epochs=0, best_epoch=None, seconds=0)

    return events
