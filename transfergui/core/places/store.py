"""Over there: files by their content. What is there once is not sent again; what was cut off goes
on where it ended; nothing has its name before its hash was checked."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Set
from pathlib import Path

from transfergui.core.base import locks
from transfergui.core.base.errors import UserError

SHA256 = re.compile(r"[0-9a-f]{64}")
NOT_THERE = -1
"""Of a file of no bytes that is not there."""
PATIENCE = 50.0
"""Seconds for which it is waited until another connection has written a file, or cleaned up."""
STEP = 0.05


class Store:
    """A folder of files.

    Args:
        folder: made when something is put into it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Send into it; nothing is deleted meanwhile. Others may send, too.

        Raises:
            UserError: ``place.cleaning``: what nobody needs is being deleted, for long.
            OSError: it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with contextlib.ExitStack() as stack:
            until = time.monotonic() + PATIENCE
            while True:
                try:
                    stack.enter_context(locks.shared(self._folder / "used"))
                    break
                except locks.Busy:
                    if time.monotonic() > until:
                        raise UserError("place.cleaning") from None
                    time.sleep(STEP)
            yield

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody sends into it meanwhile.

        Raises:
            UserError: ``place.clean_sending``: somebody does.
            OSError: it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with locks.held(self._folder / "used"):
                yield
        except locks.Busy:
            raise UserError("place.clean_sending") from None

    def sizes(self) -> dict[str, int]:
        """The bytes of each file, by its hash; of those that are on their way, so far."""
        found: dict[str, int] = {}
        for path in self._folder.glob("*/*"):
            if SHA256.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    found[path.name] = found.get(path.name, 0) + path.stat().st_size
        return found

    def delete(self, digests: Set[str]) -> None:
        """Delete files, and the folders that are empty then; nobody may send meanwhile.

        Raises:
            OSError: a file cannot be deleted.
        """
        for digest in digests:
            self.path(digest).unlink(missing_ok=True)
            part = self._part(digest)
            part.unlink(missing_ok=True)
            part.with_suffix(".lock").unlink(missing_ok=True)
            for folder in (self.path(digest).parent, part.parent):
                with contextlib.suppress(OSError):  # others are in it
                    folder.rmdir()

    def path(self, digest: str) -> Path:
        """Where the file with this SHA-256 is or will be.

        Raises:
            ValueError: it is none.
        """
        if not SHA256.fullmatch(digest):
            raise ValueError(digest)
        return self._folder / digest[:2] / digest

    def have(self, digest: str, size: int) -> int:
        """So many bytes of a file are there: all, some, none (of an empty file, one less). What
        has not been checked yet is not all."""
        with contextlib.suppress(OSError):
            if self.path(digest).stat().st_size == size:
                return size
        with contextlib.suppress(OSError):
            return min(self._part(digest).stat().st_size, size - 1)
        return min(0, size - 1)

    def put(self, digest: str, size: int, offset: int, data: bytes) -> int:
        """Add bytes to a file; with the last ones, it is checked and gets its name. Several
        connections may send the same file: none takes away what another has written.

        Returns:
            how many bytes are there now.

        Raises:
            UserError: ``place.damaged_on_the_way``: the whole is not what its hash says; it is
                begun anew then.
            OSError: it cannot be written.
        """
        part = self._part(digest)
        part.parent.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with locks.held(part.with_suffix(".lock")):
                    return self._put(digest, size, offset, data)
            except locks.Busy:  # another connection sends the same
                if time.monotonic() > until:
                    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(part)) from None
                time.sleep(STEP)

    def _put(self, digest: str, size: int, offset: int, data: bytes) -> int:
        part, target = self._part(digest), self.path(digest)
        if target.exists():  # another training has sent it meanwhile
            part.unlink(missing_ok=True)
            return size
        with part.open("r+b" if part.exists() else "w+b") as stream:
            if stream.seek(0, os.SEEK_END) < offset:
                return stream.tell()
            stream.seek(offset)
            stream.write(data)
        if offset + len(data) < size:
            return offset + len(data)
        with part.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != digest or offset + len(data) > size:
            part.unlink(missing_ok=True)
            raise UserError("place.damaged_on_the_way")
        target.parent.mkdir(exist_ok=True)
        part.replace(target)
        return size

    def lay(self, digest: str, target: Path) -> None:
        """Make ``target`` a file with this content, if nothing is there yet: a link, which takes
        no room, or a copy where there can be none.

        Raises:
            FileNotFoundError: that content was not sent.
            OSError: it cannot be written.
        """
        if target.exists():
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        source = self.path(digest)
        with contextlib.suppress(OSError):
            return os.link(source, target)
        with contextlib.suppress(OSError):
            if source.is_file():
                return target.symlink_to(source)
        part = target.parent / f".part.{digest[:16]}"  # a full disk leaves no half of it
        shutil.copyfile(source, part)
        part.replace(target)
        return None

    def _part(self, digest: str) -> Path:
        self.path(digest)
        return self._folder / "parts" / digest
