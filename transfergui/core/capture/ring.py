"""The last seconds of a sound, whatever it is fed in."""

from __future__ import annotations

import threading

import numpy as np


class Ring:
    """The newest ``size`` samples of a sound; may be fed and read from several threads.

    Attributes:
        total: how many samples ever came.
    """

    def __init__(self, size: int) -> None:
        self._values = np.zeros(size, np.float32)
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self.total = 0

    def append(self, block: np.ndarray) -> None:
        """Take in float32 [T]."""
        size = len(self._values)
        with self._lock:
            kept = block[-size:]
            first = (self.total + len(block) - len(kept)) % size
            head = min(len(kept), size - first)
            self._values[first : first + head] = kept[:head]
            self._values[: len(kept) - head] = kept[head:]
            self.total += len(block)
            self._came.notify_all()

    def span(self, first: int, last: int) -> np.ndarray | None:
        """The samples from the ``first`` that ever came up to, not including, the ``last``; None
        where some of them have not come yet, or are gone."""
        size = len(self._values)
        with self._lock:
            if last > self.total or first < max(0, self.total - size):
                return None
            return self._values[np.arange(first, last) % size]

    def newest(self, count: int) -> np.ndarray | None:
        """The last ``count`` samples; None where there are not so many yet."""
        with self._lock:
            last = self.total
        return self.span(last - count, last)

    def wait(self, total: int, timeout: float) -> bool:
        """Wait until ``total`` samples have come; False where they did not within ``timeout``
        seconds."""
        with self._lock:
            return self._came.wait_for(lambda: self.total >= total, timeout)
