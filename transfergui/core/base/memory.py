"""How much memory can still be had, and which exceptions say that it was too little.

The limit of a container (control groups of Linux, both versions) and that of the process
(``ulimit -v``) count as well as what the machine has: who goes beyond the first is killed.
"""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from transfergui.core.base.errors import UserError

OWN_GROUPS = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
GB = 1e9
PHRASES = (
    *("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory"),
    *("could not allocate", "cannot allocate", "bad allocation", "bad_alloc"),
    "can't start new thread",
)
"""What torch, the system's loader and Python say when there was too little."""
LITTLE, TIMES = 2**28, 5
"""Bytes; and copies of a file that its reader may hold at once."""
COMMIT_LIMIT = 1455
"""Windows: "The paging file is too small for this operation to complete"."""


class _Files(NamedTuple):
    """Of a control group: names of its files, and of the cached bytes that can be had back."""

    limit: str
    used: str
    cached: str


FIRST = _Files("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
SECOND = _Files("memory.max", "memory.current", "inactive_file")


def available() -> int:
    """Bytes that this process can still get."""
    import psutil

    bounds = [psutil.virtual_memory().available, *_left_in_groups(), *_left_to_process()]
    return max(0, min(bounds))


def _left_in_groups() -> Iterator[int]:
    """Bytes left in each control group that this process is in, where that has a limit."""
    for root, path, names in _own_groups():
        group = root / path.lstrip("/")
        for folder in (group, *group.parents):
            with contextlib.suppress(OSError, ValueError):  # no limit: "max"
                yield int((folder / names.limit).read_text()) - _used(folder, names)
            if folder == root:
                break


def _own_groups() -> Iterator[tuple[Path, str, _Files]]:
    try:
        lines = OWN_GROUPS.read_text().splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _number, _colon, rest = line.partition(":")
        controllers, _colon, path = rest.partition(":")
        if not controllers:
            yield GROUPS, path, SECOND
        elif "memory" in controllers.split(","):
            yield GROUPS / "memory", path, FIRST


def _used(folder: Path, names: _Files) -> int:
    """Without cached files, which give way.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    cached = 0
    with contextlib.suppress(OSError, ValueError):
        rows = dict(row.split() for row in (folder / "memory.stat").read_text().splitlines())
        cached = int(rows.get(names.cached, 0))
    return max(0, int((folder / names.used).read_text()) - cached)


def _left_to_process() -> Iterator[int]:
    """Bytes left of the address space that the process may use, where that is limited."""
    if sys.platform == "win32":
        return
    import resource

    import psutil

    limit, _hard = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        yield limit - psutil.Process().memory_info().vms


# -- too little


def ran_out(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out, of the machine or of an accelerator."""
    if isinstance(error, MemoryError):
        return True
    if isinstance(error, OSError) and (
        error.errno == errno.ENOMEM or getattr(error, "winerror", None) == COMMIT_LIMIT
    ):
        return True
    text = str(error).lower()
    kinds = (RuntimeError, OSError, ImportError)
    return isinstance(error, kinds) and any(phrase in text for phrase in PHRASES)


def explains(error: BaseException, path: Path | None = None) -> bool:
    """Whether ``error``, of a reader, is due to too little memory and not to what it read.

    Damaged files, too, make readers ask for more than any machine has: there must be little left.

    Args:
        path: of what it read, which may take :data:`TIMES` its size.
    """
    if not ran_out(error):
        return False
    size = 0
    with contextlib.suppress(OSError):
        size = path.stat().st_size if path is not None else 0
    return available() < max(LITTLE, TIMES * size)


def as_user_error(error: BaseException) -> UserError | None:
    """``memory.out`` where ``error`` says that memory ran out; None where it is something else."""
    return UserError("memory.out") if ran_out(error) else None


def gigabytes(count: float) -> str:
    """``1.5``, for messages."""
    return f"{count / GB:.1f}" if count >= GB else f"{count / GB:.2f}"
