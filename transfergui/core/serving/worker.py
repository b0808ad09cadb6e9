"""One thread that predicts, and the queue before it.

A network uses all cores for one batch: several at a time would only be slower, and take more
memory. Who comes when the queue is full is told so at once, rather than after a long wait.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Generic, NamedTuple, TypeVar

Given = TypeVar("Given")
Found = TypeVar("Found")


class Full(Exception):  # noqa: N818 - an answer, not a fault
    """As many wait as may."""


class TooLate(Exception):  # noqa: N818 - an answer, not a fault
    """There is no answer in time."""


class Stopped(Exception):  # noqa: N818 - an answer, not a fault
    """Nothing is answered any more."""


class _Job(NamedTuple, Generic[Given, Found]):
    given: Given
    result: Future[Found]
    deadline: float


class Worker(Generic[Given, Found]):
    """Calls ``work`` in a thread of its own, one at a time.

    Args:
        waiting: jobs in the queue.
    """

    def __init__(self, work: Callable[[Given], Found], waiting: int) -> None:
        self._work = work
        self._jobs: queue.Queue[_Job[Given, Found] | None] = queue.Queue(waiting + 1)
        self._waiting = waiting
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)
        self._thread.start()

    def do(self, given: Given, seconds: float) -> Found:
        """What ``work`` makes of ``given``; the caller waits.

        Raises:
            Full, TooLate, Stopped: see there.
            Exception: whatever ``work`` raises.
        """
        if self._stopped.is_set():
            raise Stopped
        if self._jobs.qsize() >= self._waiting:
            raise Full
        job = _Job(given, Future[Found](), time.monotonic() + seconds)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Full from None
        try:
            return job.result.result(seconds)
        except TimeoutError:
            if job.result.done():  # raised by the work itself
                raise
            job.result.cancel()
            raise TooLate from None
        except CancelledError:
            raise Stopped from None

    def stop(self, seconds: float) -> None:
        """End; who waits is told :class:`Stopped`. A job at work is waited for, so long."""
        self._stopped.set()
        with contextlib.suppress(queue.Empty):
            while True:
                if (job := self._jobs.get_nowait()) is not None:
                    job.result.cancel()
        with contextlib.suppress(queue.Full):  # then there is something else that wakes it
            self._jobs.put_nowait(None)
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopped.is_set():
            job = self._jobs.get()
            if job is None:
                continue
            if time.monotonic() > job.deadline:
                job.result.cancel()
            if not job.result.set_running_or_notify_cancel():
                continue
            try:
                job.result.set_result(self._work(job.given))
            except BaseException as error:  # a boundary: it belongs to who asked
                job.result.set_exception(error)
