"""The system's own lock on a file: it ends with the process that holds it, however that ends.

No clock and no number of a process is asked. In the file stands who holds it, for people. Some
network shares know no locks: there the file itself is one, made exclusively, and a person must
delete it after a crash.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TRIES, PAUSE = 20, 0.01
"""Who only asks whether a lock is held, has it for a moment: so often, with so many seconds
between, it is tried before it counts as held."""
FAR = 1 << 30
"""Windows keeps others from reading the bytes that are locked: one far behind the last is."""
HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the system answers where another handle has the lock."""
NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What a file system without locks answers."""
WAITLESS = getattr(os, "O_NONBLOCK", 0)
TURN = 5.0
"""Seconds for which who only updates a file waits for others who do the same."""
LONGEST = 300
"""Bytes of what stands in the file."""


class Holder(NamedTuple):
    """Who holds a lock, as far as that could be written down.

    Attributes:
        pid: 0 where it is not known.
        host: the name of the computer; empty where it is not known.
        sure: False where the file system has no locks, and it may have died.
    """

    pid: int
    host: str
    sure: bool = True


class Busy(Exception):  # noqa: N818 - an answer, not an error
    """Somebody else holds it."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock at ``path``, which is a file only meanwhile.

    Raises:
        Busy: another process holds it, or this one already.
        OSError: it cannot be written there.
    """
    handle = _acquire(path)
    try:
        with contextlib.suppress(OSError):  # a full disk: who holds it is only for people
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()} {platform.node()}".encode()[:LONGEST])
        yield
    finally:
        _release(handle, path)


@contextlib.contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Read, change and write the file at ``path`` while no other process does the same.

    Where others hold its lock for :data:`TURN`, or none can be made, it is done all the same.
    """
    deadline = time.monotonic() + TURN
    with contextlib.ExitStack() as stack:
        while time.monotonic() < deadline:
            with contextlib.suppress(Busy):
                with contextlib.suppress(OSError):
                    stack.enter_context(held(beside(path)))
                break
        yield


def beside(path: Path) -> Path:
    """The place of a lock that is about the file at ``path``: a hidden one in the same folder."""
    return path.with_name(f".{path.name}.lock")


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Use what the lock at ``path`` guards, together with others who do; nobody holds it alone
    meanwhile. The file stays.

    Raises:
        Busy: somebody holds it alone.
        OSError: it cannot be written there.
    """
    handle = _acquire(path, together=True)
    try:
        yield
    finally:
        os.close(handle)


def holder(path: Path) -> Holder | None:
    """Who holds the lock at ``path``; None where nobody does."""
    try:
        handle = os.open(path, os.O_RDONLY | WAITLESS)
    except OSError:
        return None
    try:
        locked = _lock(handle, shared=True)
        return None if locked else _read_holder(handle, sure=locked is not None)
    except OSError:
        return None
    finally:
        os.close(handle)


def _acquire(path: Path, together: bool = False) -> int:
    """The handle of the locked file, to be closed at the end."""
    found = Holder(0, "")
    for _try in range(TRIES):
        handle, fresh = _open(path)
        try:
            locked = _lock(handle, shared=together)
            if (locked and _is_at(handle, path)) or (locked is None and (fresh or together)):
                return handle
            found = _read_holder(handle, sure=locked is not None)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if not locked:
            time.sleep(PAUSE)
    raise Busy(found)


def _open(path: Path) -> tuple[int, bool]:
    """A handle of the file, and whether it was made just now."""
    flags = os.O_RDWR | os.O_CREAT | WAITLESS
    with contextlib.suppress(FileExistsError):
        return os.open(path, flags | os.O_EXCL, 0o666), True
    return os.open(path, flags, 0o666), False


def _release(handle: int, path: Path) -> None:
    """Delete the file first, while nobody else can lock it; Windows deletes only what is closed."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32" and _is_at(handle, path):
            path.unlink()
    with contextlib.suppress(OSError):
        os.close(handle)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            path.unlink()


def _is_at(handle: int, path: Path) -> bool:
    """Whether the file is still there: who held the lock before deletes it when done."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _read_holder(handle: int, sure: bool) -> Holder:
    text = b""
    with contextlib.suppress(OSError):
        os.lseek(handle, 0, os.SEEK_SET)
        text = os.read(handle, LONGEST)
    pid, _space, host = text.decode("utf-8", "replace").partition(" ")
    number = int(pid) if pid.isascii() and pid.isdecimal() and len(pid) < 20 else 0
    return Holder(number, host, sure)


def _lock(handle: int, shared: bool) -> bool | None:
    """Lock it without waiting; False where another handle has it, None where there are no locks."""
    try:
        _lock_system(handle, shared)
    except OSError as error:
        if error.errno in HELD:
            return False
        if error.errno in NO_LOCKS:
            return None
        raise
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock_system(handle: int, shared: bool) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock_system(handle: int, shared: bool) -> None:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
