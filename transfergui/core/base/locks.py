"""The system's own lock on a file: it ends with the process that holds it, however that ends.

Where another computer, or another mount, has left its mark in the file, the system knows nothing of
who wrote it: then it is waited until the mark has not changed for a while (see
:mod:`.lock_marks`), as on network shares without locks. Nothing is asked of a clock that another
computer has set.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from transfergui.core.base import lock_marks
from transfergui.core.base.lock_marks import Heart, Holder, Holding, Looks, Mark

__all__ = [
    "Busy",
    "Holder",
    "beside",
    "held",
    "held_soon",
    "holder",
    "in_turn",
    "left",
    "shared",
    "taken",
]
TRIES, PAUSE = 20, 0.01
"""Who only asks whether a lock is held, has it for a moment: so often, with so many seconds
between, it is tried before it counts as held."""
LOOK = 0.5
"""Seconds between two looks at a mark of another computer."""
SETTLE = 1.6 * lock_marks.BEAT
"""Seconds after which a lock is ours that another computer has left: of two that take it at once,
the one that wrote last has it; and if its holder lives after all, it has noticed by then."""
FAR = 1 << 30
"""Windows keeps others from reading the bytes that are locked: one far behind the last is."""
HELD = (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the system answers where another handle has the lock."""
NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)
"""What a file system without locks answers."""
WAITLESS = getattr(os, "O_NONBLOCK", 0)
NOTICED = 1.5 * lock_marks.BEAT
"""Seconds in which a process of another computer that holds a lock shows that it lives."""
TURN = 5.0
"""Seconds for which who only updates a file waits for others who do the same."""

_heart = Heart()
_looks = Looks()


def _begin_anew() -> None:
    """In a process that was forked: it holds nothing, and the thread is not in it."""
    global _heart, _looks
    _heart, _looks = Heart(), Looks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


class Busy(Exception):  # noqa: N818 - an answer, not an error
    """Somebody else holds it."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder


@contextlib.contextmanager
def held(path: Path, deadline: float = math.inf) -> Iterator[None]:
    """Hold the lock at ``path``, which is a file only meanwhile.

    Waits, where another computer has left its mark, until it is known whether that holds it: see
    :func:`left`. Who holds it for long asks :func:`taken`.

    Args:
        deadline: as of :func:`time.monotonic`, after which that is not waited for any longer: its
            holder is then not ``sure``.

    Raises:
        Busy: another process holds it, or this one already.
        OSError: it cannot be written there.
    """
    handle, holding = _acquire(path, deadline)
    _heart.add(holding)
    try:
        yield
    finally:
        _heart.remove(holding)
        _release(handle, path, holding)


@contextlib.contextmanager
def held_soon(path: Path) -> Iterator[None]:
    """As :func:`held`, for who cannot wait until it is known whether another computer's holder
    lives: only as long as that takes to show that it does.

    Raises:
        Busy, OSError: as of :func:`held`.
    """
    with held(path, time.monotonic() + NOTICED):
        yield


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
                    stack.enter_context(held(beside(path), deadline))
                break
        yield


def beside(path: Path) -> Path:
    """The place of a lock that is about the file at ``path``: a hidden one in the same folder."""
    return path.with_name(f".{path.name}.lock")


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    """Use what the lock at ``path`` guards, together with others who do; nobody holds it alone
    meanwhile. The file stays. Of others on other computers, only the system's own lock tells.

    Raises:
        Busy: somebody holds it alone.
        OSError: it cannot be written there.
    """
    handle, _holding = _acquire(path, math.inf, together=True)
    try:
        yield
    finally:
        os.close(handle)


def holder(path: Path) -> Holder | None:
    """Who holds the lock at ``path``; None where nobody does.

    A process of another computer counts as alive until its mark was seen unchanged for
    :data:`lock_marks.PATIENCE`.
    """
    locked, mark, text = _ask(path)
    if locked is False:
        return lock_marks.holder_of(text)
    return _living(path, mark, text)


def left(path: Path) -> Holder | None:
    """Whose lock at ``path`` it is that only its mark tells of, so that :func:`held` may wait."""
    locked, mark, text = _ask(path)
    return None if locked is False else _living(path, mark, text)


def taken(path: Path) -> Holder | None:
    """Who has taken the lock at ``path`` from this process, which was cut off or slept; None where
    nobody has, or it does not hold it."""
    holding = _heart.find(path)
    return None if holding is None else holding.taken()


def _living(path: Path, mark: Mark | None, text: str) -> Holder | None:
    """Who wrote a mark of another computer, where that may live."""
    if mark is None or _looks.quiet(path, text) >= lock_marks.PATIENCE:
        return None
    return mark.holder


def _ask(path: Path) -> tuple[bool | None, Mark | None, str]:
    """Whether the lock is free, as of :func:`_lock`; the mark of another computer; the text."""
    try:
        handle = os.open(path, os.O_RDONLY | WAITLESS)
    except OSError:
        return True, None, ""
    try:
        locked = _lock(handle, shared=True)
        text = lock_marks.read(path)
        mark = Mark.of(text)
        if mark is not None and locked and mark.is_told_of(os.fstat(handle).st_dev):
            mark = None
        return locked, mark, text
    except OSError:
        return True, None, ""
    finally:
        os.close(handle)


def _acquire(path: Path, deadline: float, together: bool = False) -> tuple[int, Holding]:
    """The handle of the locked file, to be closed at the end; and what this process holds."""
    found = Holder(0, "")
    for _try in range(TRIES):
        handle, fresh = _open(path)
        try:
            device = os.fstat(handle).st_dev
            holding = Holding(path, Mark.new(device))
            if fresh and not together:  # not locked yet: another process here may be quicker
                with contextlib.suppress(OSError):  # a full disk
                    os.write(handle, holding.mark.written(0))
            locked = _lock(handle, shared=together)
            if locked is not False and _is_at(handle, path):
                free = fresh or _wait_for_others(path, device, bool(locked), deadline)
                return handle, _claim(handle, holding, free, together)
            if locked is False:
                with contextlib.suppress(OSError):
                    found = lock_marks.holder_of(lock_marks.read(path))
        except FileNotFoundError:  # another computer has released it just now
            os.close(handle)
            continue
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if locked is False:
            time.sleep(PAUSE)
    raise Busy(found)


def _open(path: Path) -> tuple[int, bool]:
    """A handle of the file, and whether it was made just now."""
    flags = os.O_RDWR | WAITLESS
    for _try in range(TRIES):
        try:
            return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o666), True
        except FileExistsError:
            pass
        except PermissionError:  # so sshfs calls what another computer has made just now
            if not os.path.lexists(path):
                raise
        with contextlib.suppress(FileNotFoundError):  # released just now
            return os.open(path, flags, 0o666), False
    raise Busy(Holder(0, ""))


def _claim(handle: int, holding: Holding, free: bool, together: bool) -> Holding:
    """Write down who holds it: ``holding``.

    Args:
        free: whether it is sure that nobody else does.

    Raises:
        Busy: another computer does.
        OSError: its file is gone.
    """
    path = holding.path
    if together:
        if not lock_marks.read(path).startswith(lock_marks.SHARED):
            with contextlib.suppress(OSError):  # a full disk
                os.write(handle, lock_marks.SHARED.encode().ljust(lock_marks.SIZE))
        return holding
    holding.stamp()
    if not free:
        time.sleep(SETTLE)
        if not holding.is_own():
            raise Busy(lock_marks.holder_of(lock_marks.read(path)))
    return holding


def _wait_for_others(path: Path, device: int, locked: bool, deadline: float) -> bool:
    """Wait until nobody of another computer holds it: whether that is sure at once.

    Args:
        locked: whether the system's own lock is ours; False where it has none.

    Raises:
        Busy: somebody does, or may.
        OSError: its file is gone.
    """
    first, pause = "", PAUSE
    while True:
        text = lock_marks.read(path)
        mark = Mark.of(text)
        if locked and (_is_of_here(text) if mark is None else mark.is_told_of(device)):
            return True
        first = first or text  # nothing may stand there yet, or be shown yet
        own = _heart.find(path)
        if text != first or (own and mark and own.mark.token == mark.token):
            raise Busy(lock_marks.holder_of(text))
        patience = lock_marks.UNMARKED if mark is None else lock_marks.PATIENCE
        if _looks.quiet(path, text) >= patience:
            _looks.forget(path)
            return False
        if time.monotonic() > deadline:
            raise Busy(lock_marks.holder_of(text)._replace(sure=False))
        time.sleep(pause)  # soon at first: who made the file just now may be of this computer
        pause = min(2 * pause, LOOK)


def _is_of_here(text: str) -> bool:
    """Whether only processes of this computer can have written it, or those that share the lock."""
    return text.startswith(lock_marks.SHARED) or lock_marks.holder_of(text).host == platform.node()


def _release(handle: int, path: Path, holding: Holding) -> None:
    """Delete the file first, while nobody else can lock it; Windows deletes only what is closed.
    A file that another computer has taken meanwhile stays."""
    own = False
    with contextlib.suppress(OSError):
        own = _is_at(handle, path) and _is_left_by(holding)
        if sys.platform != "win32" and own:
            path.unlink()
    with contextlib.suppress(OSError):
        os.close(handle)
    if sys.platform == "win32" and own:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_left_by(holding: Holding) -> bool:
    """Whether its file may be deleted: it has its mark, or none, as the disk was full.

    Raises:
        OSError: it cannot be read.
    """
    mark = Mark.of(lock_marks.read(holding.path))
    return holding.lost is None and (mark is None or mark.token == holding.mark.token)


def _is_at(handle: int, path: Path) -> bool:
    """Whether the file is still there: who held the lock before deletes it when done."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


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
