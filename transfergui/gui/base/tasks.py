"""Short background work, as an object: what to do, where the result goes, what if it fails.

Starting a task again drops the result of the earlier start (Anki's ``QueryOp``,
Orange's ``ConcurrentMixin``). Results arrive in the thread of the window, and
never at a task whose parent is gone. A :class:`UserError` goes to ``failed``,
anything else is a bug and is reported as one.

Workers are Python's threads, not those of a QThreadPool: Qt uses its threads again, PySide
makes a new Python thread state for each use, and torch (pybind11) remembers the first one.
The second use of torch in such a thread waits for Python's lock while it holds it, for ever.
They serve one task after another: to start a thread is to wait until it has had Python's lock,
in the thread of the window, some milliseconds for every other thread that computes.
"""

import functools
import inspect
import time
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal, Slot

from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.gui.base import errors

Done = Callable[[Any], object]
Failed = Callable[[UserError], object]

THREADS = 4
IDLE = 2.0
"""Seconds without a task after which the threads end: torch keeps helpers for each, and a thread
goes on with the number of them that was set when it first computed."""
REPORT_EVERY = 0.05
"""Seconds between two reports of a task; a scan of a million files makes a million."""


class Cancelled(BaseException):
    """Raised by ``report`` inside a task that nobody waits for any more."""


class _Start:
    """One start of a task: its worker asks it whether anybody still waits."""

    def __init__(self) -> None:
        self.cancelled = False
        self._reported = 0.0

    def reporter(self, deliver: Callable[[Any], None]) -> Callable[[Any], None]:
        """``report`` for the function: raises when cancelled, passes on now and then."""

        def report(value: Any) -> None:
            if self.cancelled:
                raise Cancelled
            now = time.monotonic()
            if now - self._reported >= REPORT_EVERY:
                self._reported = now
                deliver(value)

        return report


class Task(QObject):
    """Background work that belongs to ``parent`` and ends with it.

    Args:
        parent: when it is deleted, results are dropped.
        function: called in a worker thread with the arguments of :meth:`start`. If it has
            a parameter ``report``, it gets a callable that passes one value to
            ``progress`` and raises :class:`Cancelled` once the task is cancelled.
        done: called with the result.
        failed: called with a :class:`UserError`; without it, one counts as a bug.
        progress: called with what the function reports, at most every 50 ms.
        broken: called after a bug was reported, of the function or of what took its result, to
            go on without one.
    """

    def __init__(
        self,
        parent: QObject,
        function: Callable[..., Any],
        done: Done,
        failed: Failed | None = None,
        progress: Done | None = None,
        broken: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        _pool()  # made here, so that it lives in the thread of the window
        self._function = function
        self._reports = "report" in inspect.signature(function).parameters
        self._done, self._failed, self._progress = done, failed, progress
        self._broken = broken
        self._current: _Start | None = None

    @property
    def running(self) -> bool:
        """Whether a result is still to come."""
        return self._current is not None

    def start(self, *args: Any) -> None:
        """Begin; what an earlier start finds out is dropped."""
        self.cancel()
        start = self._current = _Start()
        _pool().starts.add(start)
        _pool().begin(lambda: self._work(start, args))

    def cancel(self) -> None:
        """Nobody waits any more: nothing will be called. The worker ends at its next report."""
        if self._current is not None:
            self._current.cancelled = True
            self._current = None

    # -- in the worker thread

    def _work(self, start: _Start, args: tuple[Any, ...]) -> None:
        if start.cancelled:
            return
        try:
            report = start.reporter(lambda value: self._post(start, self._take_report, value))
            extra = {"report": report} if self._reports else {}
            result = self._function(*args, **extra)
        except Cancelled:
            return
        except BaseException as error:  # a boundary: nothing may be lost in a worker
            self._post(start, self._take_error, error)
        else:
            self._post(start, self._take_result, result)

    def _post(self, start: _Start, take: Callable[[Any], None], value: Any) -> None:
        def deliver() -> None:
            if shiboken6.isValid(self) and self._current is start:
                take(value)

        _pool().posted.emit(deliver)

    # -- in the thread of the window

    def _take_report(self, value: Any) -> None:
        if self._progress is not None:
            self._progress(value)

    def _take_result(self, result: Any) -> None:
        self._current = None
        self._hand_over(self._done, result)

    def _take_error(self, error: BaseException) -> None:
        self._current = None
        said = memory.as_user_error(error) or error
        if isinstance(said, UserError) and self._failed is not None:
            self._hand_over(self._failed, said)
        else:
            self._break(error)

    def _hand_over(self, take: Callable[[Any], object], value: Any) -> None:
        """An exception of the taker is a bug like one of the work, and leaves as little behind."""
        try:
            take(value)
        except Exception as error:
            self._break(error)

    def _break(self, error: BaseException) -> None:
        errors.report_bug(error)
        if self._broken is not None:
            self._broken()


def run(
    parent: QObject,
    function: Callable[..., Any],
    done: Done,
    failed: Failed | None = None,
    progress: Done | None = None,
) -> Task:
    """Make a :class:`Task` and start it; it is deleted when it is done."""

    def ending(then: Callable[[Any], object]) -> Callable[[Any], object]:
        def end(value: Any) -> object:
            task.deleteLater()
            return then(value)

        return end

    task = Task(parent, function, ending(done), failed and ending(failed), progress)
    task.start()
    return task


def wait_all(seconds: float = 10.0) -> bool:
    """Wait until no task runs and every result was delivered; the window stays alive meanwhile.

    Returns:
        Whether that was so in time.
    """
    deadline = time.monotonic() + seconds
    while _pool().working:
        if time.monotonic() > deadline:
            return False
        QCoreApplication.processEvents()
        time.sleep(0.001)
    QCoreApplication.processEvents()  # what the last result led to, such as the report of a bug
    return True


def idle() -> bool:
    """Whether no task runs."""
    return not _pool().working


def cancel_all() -> None:
    """Ask every task to end; for closing."""
    for start in list(_pool().starts):
        start.cancelled = True


def dismiss() -> None:
    """End the threads: at once those that wait for work, the others after what they do."""
    _pool().dismiss()


class TaskPool(QObject):
    """The threads, and the way back: calls what workers post in the thread of the window.

    Attributes:
        working: how many starts have not ended yet, cancelled ones included.
        starts: those that may still be running.
    """

    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.working = 0
        self.starts: weakref.WeakSet[_Start] = weakref.WeakSet()
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = 0
        self._workers = _workers()
        self._idle = QTimer(self, singleShot=True, interval=round(IDLE * 1000))
        self._idle.timeout.connect(self._dismiss_idle)
        self.posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def begin(self, work: Callable[[], None]) -> None:
        self.working += 1
        self._waiting.append(work)
        self._employ()

    def _employ(self) -> None:
        while self._waiting and self._busy < THREADS:
            self._busy += 1
            self._workers.submit(self._work, self._waiting.popleft())

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self.posted.emit(self._ended)

    def _ended(self) -> None:
        self.working -= 1
        self._busy -= 1
        self._employ()
        if not self.working:
            self._idle.start()

    def dismiss(self) -> None:
        self._workers.shutdown(wait=False)
        self._workers = _workers()

    def _dismiss_idle(self) -> None:
        if not self.working:
            self.dismiss()

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        call()


def _workers() -> ThreadPoolExecutor:
    """It starts a thread when there is work for it, and keeps it."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="task")


@functools.cache
def _pool() -> TaskPool:
    return TaskPool()
