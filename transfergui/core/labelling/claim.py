"""A table of labels is changed by one window or command at a time: it is saved as a whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from transfergui.core.base import locks, paths
from transfergui.core.base.errors import UserError


@contextlib.contextmanager
def claimed(path: Path) -> Iterator[None]:
    """Hold the table at ``path``, of which nothing need be there yet.

    The lock lies among the labels of this user, not beside the table. Where it cannot be made
    there, nobody is kept out; saving says what is wrong with the disk.

    Raises:
        UserError: ``labelling.elsewhere`` or ``labelling.locked``: another one holds it.
    """
    lock = paths.labels_dir() / f".{_mark(path)}.lock"
    with contextlib.ExitStack() as stack:
        try:
            with contextlib.suppress(OSError):
                lock.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(locks.held_soon(lock))
        except locks.Busy as busy:
            raise _refusal(path, lock, busy.holder) from None
        yield


def _mark(path: Path) -> str:
    return hashlib.blake2b(os.fsencode(os.path.realpath(path)), digest_size=6).hexdigest()


def _refusal(path: Path, lock: Path, holder: locks.Holder) -> UserError:
    values = {"path": str(path), "pid": holder.pid, "host": holder.host}
    if holder.sure:
        return UserError("labelling.elsewhere", **values)
    return UserError("labelling.locked", lock=str(lock), **values)
