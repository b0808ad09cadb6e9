"""One thread that iterates any source of events: a training, a child process, a replay.

The thread closes the generator itself, catches everything, and carries the
outcome in an event. To stop, ask the run (:meth:`transfergui.core.runs.Run.request_stop`).

It is Python's thread, not a QThread: PySide throws the Python state of a QThread away when
``run`` returns, and what torch keeps for the thread is freed after that, with the state that
is gone. The process aborts ("double free") or, at the thread's next use, hangs.
"""

import contextlib
import threading
import traceback
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, Signal

from transfergui.core import events as ev
from transfergui.core.errors import UserError
from transfergui.core.plan import Plan
from transfergui.core.runs import Run

EventSource = Callable[[], Iterator[ev.Event]]

STACK_BYTES = 16 * 2**20
"""macOS gives threads 512 KiB, too little for torch's compiler and deep networks."""


class TrainerThread(QObject):
    """Iterates ``source`` and reports every event, an outcome always last.

    Args:
        source: called in the thread; it makes the iterator there.

    Attributes:
        reported: one event, in the order in which they came.
        finished: nothing will be reported any more; :meth:`wait` returns at once.
    """

    reported = Signal(object)
    finished = Signal()

    def __init__(self, source: EventSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._thread = threading.Thread(target=self._run, name="training")

    def start(self) -> None:
        """Begin; once only."""
        before = threading.stack_size(STACK_BYTES)
        try:
            self._thread.start()
        finally:
            threading.stack_size(before)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the thread's end; whether it came in time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        outcome = None
        try:
            with _closing(self._source()) as events:
                for event in events:
                    if isinstance(event, ev.Finished | ev.Failed):
                        outcome = event  # held back until the source has cleaned up
                    else:
                        self.reported.emit(event)
        except BaseException as error:  # a boundary: SystemExit and MemoryError too
            outcome = failure(error)
        self.reported.emit(outcome or ev.Failed(code="bug", details="ended without an outcome"))
        self.finished.emit()


def failure(error: BaseException) -> ev.Failed:
    """The event that an exception becomes."""
    if isinstance(error, UserError):
        return ev.Failed(code=error.code, values=error.values)
    return ev.Failed(code="bug", details="".join(traceback.format_exception(error)))


def training(plan: Plan, run: Run) -> EventSource:
    """The source that trains in the thread itself.

    Grad mode, inference mode and autocast are thread-local in torch and not inherited, so
    they are set here, first thing.
    """

    def events() -> Iterator[ev.Event]:
        import torch

        from transfergui.core.training import trainer

        with torch.inference_mode(False), torch.enable_grad():
            yield from trainer.train(plan, run)

    return events


def replay(run: Run) -> EventSource:
    """The source that repeats a recorded training."""
    return run.events


@contextlib.contextmanager
def _closing(events: Iterator[ev.Event]) -> Iterator[Iterator[ev.Event]]:
    """Close generators in this thread; other iterators have nothing to close."""
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()
