"""Handing on the newest of many things between threads: what nobody took in time is dropped."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Newest(Generic[T]):
    """Room for one thing; a new one takes the place of the one before.

    Attributes:
        given: how many were put in.
        dropped: how many of them nobody took.
    """

    def __init__(self) -> None:
        self._filled = threading.Condition()
        self._item: T | None = None
        self.given = 0
        self.dropped = 0

    def put(self, item: T) -> None:
        with self._filled:
            self.given += 1
            self.dropped += self._item is not None
            self._item = item
            self._filled.notify()

    def take(self, timeout: float = 0.0) -> T | None:
        """The newest thing, which is then gone; None where none came within ``timeout`` seconds."""
        with self._filled:
            if self._item is None and timeout > 0:
                self._filled.wait(timeout)
            item, self._item = self._item, None
            return item
