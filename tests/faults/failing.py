"""The N-th write fails: as SQLite is tested, for N = 1, 2, 3 ... until none fails.

What counts as a write is what can fail on a full disk: making a file or a folder, writing bytes,
syncing them, giving a file its name. Below the watched folders only: what libraries write
elsewhere is their own.
"""

import contextlib
import errno
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from transfergui.core.base.errors import UserError

log = logging.getLogger(__name__)
MAKING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
MOST = 2000
"""Writes that no piece of work here has."""


class Disk:
    """Counts writes below some folders, and lets one of them fail, or all from one on.

    Or kills this process in its place.
    """

    def __init__(self) -> None:
        self.folders: tuple[str, ...] = ()
        self.count = 0
        self.failed = 0
        self.kills = False
        self._fails: Callable[[int], bool] | None = None
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def failing(self, folders: list[Path], first: int, forever: bool) -> Iterator[None]:
        """Within it, the write number ``first`` fails (and all later ones, if ``forever``)."""
        self.folders = tuple(map(os.path.realpath, folders))
        self.count = self.failed = 0
        self._fails = (lambda n: n >= first) if forever else (lambda n: n == first)
        try:
            yield
        finally:
            self._fails = None

    @contextlib.contextmanager
    def killing(self, folders: list[Path], at: int) -> Iterator[None]:
        """Within it, the write number ``at`` ends the process (kill -9); 0: none does."""
        self.kills = True
        try:
            with self.failing(folders, at, forever=False):
                yield
        finally:
            self.kills = False

    def write(self, path: object, torn: Callable[[], object] = lambda: None) -> None:
        """
        Args:
            torn: does the first half of it, before a kill.

        Raises:
            OSError: it is this one's turn.
        """
        if self._fails is None or not isinstance(path, str | bytes | os.PathLike):
            return
        if not os.path.realpath(os.fsdecode(path)).startswith(self.folders):
            return
        with self._lock:
            self.count += 1
            if self._fails(self.count):
                self.failed += 1
                if self.kills:
                    torn()
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fsdecode(path))


disk = Disk()


def _audit(event: str, args: tuple[Any, ...]) -> None:
    """Python says so before it does these things; an exception is theirs."""
    if disk._fails is None:
        return
    if (event == "open" and args[2] & MAKING) or event == "os.mkdir":
        disk.write(args[0])
    elif event == "os.rename":
        disk.write(args[1])
    elif disk.kills and event in ("os.remove", "os.rmdir"):  # which no full disk refuses
        disk.write(_found(*args))


def _found(path: Any, folder: int) -> object:
    """``path``, as seen from a folder that is open."""
    if folder < 0:
        return path
    return Path(f"/proc/self/fd/{folder}").readlink() / os.fsdecode(path)


sys.addaudithook(_audit)


class _File(io.FileIO):
    """A file whose writes are counted."""

    def write(self, data: Any) -> int:
        disk.write(self.name, lambda: super(_File, self).write(data[: len(data) // 2]))
        return super().write(data)


_open, _fsync = Path.open, os.fsync


def _opened(path: Path, mode: str = "r", *args: Any, **named: Any) -> Any:
    if disk._fails is None or mode not in ("wb", "ab"):
        return _open(path, mode, *args, **named)
    return io.BufferedWriter(_File(str(path), mode[0]))


def _synced(handle: int) -> None:
    disk.write(Path(f"/proc/self/fd/{handle}").readlink())
    _fsync(handle)


@contextlib.contextmanager
def counted_bytes() -> Iterator[None]:
    """Bytes and their syncing count too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", _opened)
        patch.setattr(os, "fsync", _synced)
        yield


@pytest.fixture
def counted() -> Iterator[None]:
    """See :func:`counted_bytes`."""
    with counted_bytes():
        yield


def every_write(
    folders: list[Path],
    work: Callable[[], object],
    intact: Callable[[bool], object],
    forever: bool,
    step: Callable[[int], int] = lambda number: number + 1,
) -> int:
    """Do ``work`` with one write failing, then with the next, until none fails; how often.

    Args:
        work: may raise a :class:`UserError`, but nothing else.
        intact: called after each with whether it succeeded; asserts that nothing is lost.
        step: the number of the next write that fails.
    """
    number, tried = 1, 0
    while number < MOST:
        done = False
        with disk.failing(folders, number, forever), contextlib.suppress(UserError):
            work()
            done = True
        tried += 1
        intact(done)
        if not disk.failed:
            assert done
            log.info("%d times, %d writes, nothing lost", tried, disk.count)
            return tried
        number = step(number)
    raise AssertionError("it never ends")
