"""Which files of a folder are new and whole: asked again and again.

Polling with :func:`os.scandir`: it is the same on every system, sees network drives, which tell
nobody of their changes (inotify, FSEvents), and needs no library. A file counts as written to its
end once its size and modification time were the same for :data:`SETTLE` seconds; that a copy has an
old modification time does not matter.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base import files

SETTLE = 1.0
"""Seconds without a change."""
DEEPEST = 50
"""Folders within each other."""

if TYPE_CHECKING:
    Listing = os._ScandirIterator[str]

Version = tuple[int, int]
"""Size, and modification time in nanoseconds."""


@dataclass
class Arrival:
    """A file that is not done yet.

    Attributes:
        name: relative to the folder, with ``/``.
        came: when it was first seen, on the clock of :func:`time.monotonic`.
        since: when its present version was first seen.
        again: when it is worth another look, after it could not be read.
    """

    name: str
    version: Version
    came: float
    since: float
    again: float = 0.0


class Gone(OSError):  # noqa: N818 - it may come back
    """The folder itself is not there."""


class Arrivals:
    """The files of a folder that may come.

    Args:
        endings: of names, in small letters.
        skipped: a folder within it that is not looked at.
        is_done: whether this version of a file was dealt with.
        subfolders: whether these are looked at.

    Attributes:
        waiting: those that are not done yet, by name.
        others: how many files with other endings there are.
    """

    def __init__(
        self,
        folder: Path,
        endings: tuple[str, ...],
        skipped: Path,
        is_done: Callable[[str, Version], bool],
        subfolders: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.others = 0
        self._folder, self._endings, self._is_done = folder, endings, is_done
        self._skipped = os.path.realpath(skipped)
        self._deepest = DEEPEST if subfolders else 0
        self._clock = clock
        self.waiting: dict[str, Arrival] = {}

    def look(self) -> None:
        """See what is there now; who is gone is forgotten.

        Raises:
            Gone: the folder cannot be read; nothing is forgotten.
        """
        now, found = self._clock(), {}
        for name, version in self.files():
            if self._is_done(name, version):
                continue
            known = self.waiting.get(name)
            if known is None:
                known = Arrival(name, version, now, now)
            elif known.version != version:
                known.version, known.since, known.again = version, now, 0.0
            found[name] = known
        self.waiting = found

    def ready(self, most: int) -> list[Arrival]:
        """Those that are whole, the first ones first."""
        now = self._clock()
        whole = (
            each
            for each in self.waiting.values()
            if now - each.since >= SETTLE and now >= each.again and each.version[0]
        )
        return sorted(whole, key=lambda each: (each.came, each.name))[:most]

    def done(self, name: str) -> None:
        """It was dealt with."""
        self.waiting.pop(name, None)

    def files(self) -> Iterator[tuple[str, Version]]:
        """Every file that may be one of the model's, with its version.

        Raises:
            Gone.
        """
        try:
            root = os.scandir(self._folder)
        except OSError as error:
            raise Gone(error.errno, error.strerror, str(self._folder)) from None
        self.others = 0
        yield from self._below(root, "", 0)

    def _below(self, listing: Listing, prefix: str, depth: int) -> Iterator[tuple[str, Version]]:
        with listing:
            try:
                entries = list(listing)
            except OSError:
                entries = []
        for entry in entries:
            if entry.name.startswith(".") or files.PART.fullmatch(entry.name):
                continue
            name = f"{prefix}{entry.name}"
            try:
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and name.lower().endswith(self._endings):
                    yield name, (status.st_size, status.st_mtime_ns)
                elif stat.S_ISREG(status.st_mode):
                    self.others += 1
                elif stat.S_ISDIR(status.st_mode) and self._is_looked_at(entry.path, depth):
                    yield from self._below(os.scandir(entry.path), f"{name}/", depth + 1)
            except OSError:  # gone in between, or not ours to read
                continue

    def _is_looked_at(self, folder: str, depth: int) -> bool:
        return depth < self._deepest and os.path.realpath(folder) != self._skipped
