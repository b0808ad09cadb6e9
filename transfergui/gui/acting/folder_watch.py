"""A watch in a thread of its own, which may last for days; what happens arrives as signals."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from transfergui.core.acting.plan import ActOptions
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.trained import TrainedModel
from transfergui.core.watching.watch import (
    Event,
    Looked,
    SetAside,
    Waiting,
    Watched,
    WatchOptions,
    watch,
)
from transfergui.gui.base import errors
from transfergui.gui.base.warm_up import warm_up


class WatchedRow(NamedTuple):
    """A line about a file.

    Attributes:
        note: why the prediction is not to be believed, or why there is none.
        target: where it is now, or its copy; empty where it stayed alone.
    """

    file: Path
    label: str
    confidence: str
    note: str
    target: str
    aside: bool = False


Shown = WatchedRow | Waiting | Looked


class FolderWatch(QObject):
    """One watch at a time.

    Attributes:
        happened: a :data:`Shown`.
        ended: with a :class:`UserError`, or None where it was stopped.
    """

    happened = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def running(self) -> bool:
        """Whether one was started and has not ended."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, model: Path, options: WatchOptions) -> None:
        """Begin.

        Args:
            model: a run, a package or a file; a promise that it made replaces the threshold.
        """
        self._stopped = threading.Event()
        give = self._giver(self._stopped)
        self._thread = threading.Thread(
            target=_work, args=(model, options, self._stopped, give), name="watch", daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float = 0.0) -> None:
        """End after the files at hand.

        Args:
            seconds: that this is waited for.
        """
        self._stopped.set()
        if self._thread is not None and seconds:
            self._thread.join(seconds)

    def _giver(self, stopped: threading.Event) -> Callable[[Shown | UserError | None, bool], None]:
        def give(what: Shown | UserError | None, last: bool) -> None:
            with contextlib.suppress(RuntimeError):  # the window is gone
                (self.ended if last else self.happened).emit(what)

        return give


# -- in the thread


def _work(
    path: Path,
    options: WatchOptions,
    stopped: threading.Event,
    give: Callable[[Shown | UserError | None, bool], None],
) -> None:
    try:
        warm_up()
        model = TrainedModel.load(path)
        options = _promised(model, options)
        with contextlib.closing(watch(model, options, stopped.wait)) as events:
            for event in events:
                for shown in _shown(event, model, options.act):
                    give(shown, False)
                if stopped.is_set():
                    break
        give(None, True)
    except Exception as error:  # a boundary: nothing may be lost in a thread
        known = memory.as_user_error(error) or error
        if not isinstance(known, UserError):
            errors.report_bug(error)
            known = UserError("watch.ended")
        give(known, True)


def _promised(model: TrainedModel, options: WatchOptions) -> WatchOptions:
    import msgspec

    if model.promise is None:
        return options
    act = msgspec.structs.replace(options.act, threshold=0.0)
    return msgspec.structs.replace(options, act=act)


def _note(prediction: Prediction, threshold: float, again: bool) -> str:
    """Why a prediction is not to be believed, and that there is an earlier one of the file."""
    note = answers.note(prediction, threshold, short=True)
    changed = _("The file has changed: predicted again.") if again else ""
    return paragraph(filter(None, (note, changed)))


def _shown(event: Event, model: TrainedModel, act: ActOptions) -> list[Shown]:
    if isinstance(event, SetAside):
        file = Path(event.problem.path)
        return [WatchedRow(file, "", "", event.problem.reason(), event.target, aside=True)]
    if not isinstance(event, Watched):
        return [event]
    return [
        WatchedRow(
            each.path,
            each.label(model.classes),
            "" if each.confidence is None else percent(each.confidence, 0),
            _note(each, act.threshold, event.again),
            event.target,
        )
        for each in event.predictions
    ]
