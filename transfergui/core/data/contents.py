"""What is in the files of a data set, as a digest of each sample: a file that was replaced by
another one of the same name and size is another version of the data.

Digests are remembered in the cache by path, size and time of change, so that a file is read again
only after it was changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.file_part import FilePart

DIGITS = 16
"""Hex digits of the digest of a sample."""
SETTLED = 2_000_000_000
"""Nanoseconds: a file that was changed this recently may change again without a new time."""
OTHERS = 4
"""So many times the samples of now are remembered, of the same folder."""

Entry = tuple[int, int, str]
"""Size of the file, when it was changed in nanoseconds since 1970, and the digest."""


class Remembered(msgspec.Struct, frozen=True):
    """The content of a file of the cache: an entry for each path of a sample."""

    samples: dict[str, Entry]


def digests(
    root: Path,
    samples: Iterable[str],
    read: Callable[[Path], str],
    reading: str = "",
    check_cancelled: Callable[[], object] = lambda: None,
) -> dict[str, str]:
    """The digest of each sample that can be read, by its path.

    Args:
        root: the folder that ``samples`` are relative to.
        read: the hex digest of one.
        reading: in which way they are read, where that makes a difference.
        check_cancelled: called often; may raise to end it.
    """
    place = _place(root, reading)
    known = _remembered(place)
    status: dict[str, tuple[int, int] | None] = {}

    def entry(path: str) -> Entry | None:
        file = FilePart.parse(path).file
        if file not in status:
            status[file] = _status(root / file)
        now, old = status[file], known.get(path)
        if now is None:
            return None
        if old is not None and old[:2] == now:
            return old
        try:
            return (*now, read(root / path)[:DIGITS])
        except (OSError, ValueError, UserError):
            return None

    wanted, began = list(samples), time.time_ns()
    found: dict[str, Entry] = {}
    with contextlib.closing(in_chunks(entry, wanted)) as entries:
        for path, each in zip(wanted, entries, strict=True):
            check_cancelled()
            if each is not None:
                found[path] = each
    settled = {path: each for path, each in found.items() if each[1] < began - SETTLED}
    if settled.items() - known.items():
        former = known if len(known) <= OTHERS * len(wanted) else {}
        _remember(place, former | settled)
    return {path: each[2] for path, each in found.items()}


def remembered(root: Path, reading: str = "") -> dict[str, str]:
    """The digests of the samples of a folder that were read last, by path; it may be gone now."""
    return {path: entry[2] for path, entry in _remembered(_place(root, reading)).items()}


def _status(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_size, status.st_mtime_ns


def _place(root: Path, reading: str) -> Path:
    name = f"{root.absolute()}\0{reading}".encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(name, digest_size=16).hexdigest()
    return paths.cache_dir() / "contents" / f"{digest}.json"


def _remembered(place: Path) -> dict[str, Entry]:
    with contextlib.suppress(UserError):
        return records.read(place, Remembered).samples
    return {}


def _remember(place: Path, samples: dict[str, Entry]) -> None:
    """A full disk loses no more than that."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomic(place, json.dumps(msgspec.to_builtins(Remembered(samples))))
