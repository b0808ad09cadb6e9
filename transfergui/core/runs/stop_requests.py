"""How a training is asked to end: by a file in the folder of its run, whoever trains it; where the
disk is full, within this process also without one."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Literal, NamedTuple

Stop = Literal["finish", "cancel"]
STOP = "stop"
"""The file in which stands how it is to end."""


class Stopped(Exception):  # noqa: N818 - a request, not an error
    """The user asked for the end of a training."""

    def __init__(self, how: Stop) -> None:
        self.how = how


class Claims:
    """The runs that this process trains: to be stopped even where the disk is full."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes = dict[str, Stop | None]()

    def begin(self, folder: Path) -> str:
        """Returns what to name it by at the end: it may be moved meanwhile."""
        key = os.path.realpath(folder)
        with self._lock:
            self._wishes[key] = None
        return key

    def end(self, key: str) -> None:
        with self._lock:
            self._wishes.pop(key, None)

    def wish(self, folder: Path, how: Stop | None) -> bool:
        """Remember how it is to stop; False where this process does not train it."""
        key = os.path.realpath(folder)
        with self._lock:
            if key in self._wishes:
                self._wishes[key] = how
            return key in self._wishes

    def wished(self, folder: Path) -> Stop | None:
        return self._wishes.get(os.path.realpath(folder)) if self._wishes else None


class Request(NamedTuple):
    """A file with a request to stop, told apart from those before it: by no clock, as two computers
    have two. Each request is a new file."""

    number: int = 0
    changed: int = 0

    @classmethod
    def of(cls, folder: Path) -> Request:
        """That in ``folder``; without any, the same as another time without any."""
        try:
            found = (folder / STOP).stat()
        except OSError:
            return cls()
        return cls(found.st_ino, found.st_mtime_ns)
