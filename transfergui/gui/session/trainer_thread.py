"""One thread that iterates any source of events: a training, a child process, a replay.

The thread closes the generator itself, catches everything, and carries the
outcome in an event: Qt emits ``finished`` even after a crash, ``sys.exit`` in
``run`` hangs, and ``terminate`` or the destruction of a running thread abort
the process. To stop, ask the run (:meth:`transfergui.core.runs.run.Run.request_stop`).
"""

import contextlib
import ctypes
import traceback
from collections.abc import Callable, Generator, Iterator

from PySide6.QtCore import QObject, QThread, Signal

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places.assignment import is_elsewhere
from transfergui.core.places.following import Follower
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.runs.watching import Watch

EventSource = Callable[[], Iterator[ev.Event]]

STACK_BYTES = 16 * 2**20
"""macOS gives threads 512 KiB, too little for torch's compiler and deep networks."""


class TrainerThread(QThread):
    """Iterates ``source`` and reports every event, an outcome always last.

    Args:
        source: called in the thread; it makes the iterator there.
    """

    reported = Signal(object)

    def __init__(self, source: EventSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setStackSize(STACK_BYTES)
        self._source = source

    def run(self) -> None:
        """Called by Qt in the new thread; use :meth:`start`."""
        _keep_python_state()
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


def _keep_python_state() -> None:
    """Keep this thread's Python state for as long as the process lives.

    PySide deletes it when ``run`` returns. What torch keeps for the thread (objects stashed
    during a backward pass) is freed later, when the system ends the thread, and asks for a state
    again: the process aborts ("double free"). One more reference, never given back, costs
    a few hundred bytes a training.
    """
    ctypes.pythonapi.PyGILState_Ensure()


def failure(error: BaseException) -> ev.Failed:
    """The event that an exception becomes."""
    error = memory.as_user_error(error) or error
    if isinstance(error, UserError):
        return ev.Failed(error.code, error.note.values)
    return ev.Failed(code="bug", details="".join(traceback.format_exception(error)))


def training(plan: Plan, run: Run) -> EventSource:
    """The source that trains in the thread itself, or follows the processes that do, here or
    elsewhere.

    Grad mode, inference mode and autocast are thread-local in torch and not inherited, so
    they are set here, first thing.
    """

    def events() -> Iterator[ev.Event]:
        if is_elsewhere(run):
            yield from Follower(plan, run).events()
            return
        import torch

        from transfergui.core.processes import launch

        with torch.inference_mode(False), torch.enable_grad():
            yield from launch.train(plan, run)

    return events


def following_only(plan: Plan, run: Run) -> EventSource:
    """The source of what another computer trains; nothing is begun there."""
    return lambda: Follower(plan, run, only_follow=True).events()


def watching(watch: Watch) -> EventSource:
    """The source of what another process trains."""
    return watch.events


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
