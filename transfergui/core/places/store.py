"""Over there: files by their content. What is there once is not sent again; what was cut off goes
on where it ended; nothing has its name before its hash was checked."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
from pathlib import Path

from transfergui.core.base.errors import UserError

SHA256 = re.compile(r"[0-9a-f]{64}")


class Store:
    """A folder of files.

    Args:
        folder: made when something is put into it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the file with this SHA-256 is or will be.

        Raises:
            ValueError: it is none.
        """
        if not SHA256.fullmatch(digest):
            raise ValueError(digest)
        return self._folder / digest[:2] / digest

    def have(self, digest: str, size: int) -> int:
        """So many bytes of a file are there: all, some, none."""
        with contextlib.suppress(OSError):
            if self.path(digest).stat().st_size == size:
                return size
        with contextlib.suppress(OSError):
            return min(self._part(digest).stat().st_size, size)
        return 0

    def put(self, digest: str, size: int, offset: int, data: bytes) -> int:
        """Add bytes to a file; with the last ones, it is checked and gets its name.

        Returns:
            how many bytes are there now.

        Raises:
            UserError: ``place.damaged_on_the_way``: the whole is not what its hash says; it is
                begun anew then.
            OSError: it cannot be written.
        """
        part, target = self._part(digest), self.path(digest)
        if not part.exists() and target.exists():  # another training has sent it meanwhile
            return size
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("r+b" if part.exists() else "w+b") as stream:
            if stream.seek(0, os.SEEK_END) < offset:
                return stream.tell()
            stream.seek(offset)
            stream.write(data)
            stream.truncate()
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

    def lay(self, digest: str, target: Path, copy: bool = False) -> None:
        """Make ``target`` a file with this content, if nothing is there yet.

        Args:
            copy: one of its own, which may be changed; else a link, which takes no room.

        Raises:
            FileNotFoundError: that content was not sent.
            OSError: it cannot be written.
        """
        if target.exists():
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        source = self.path(digest)
        if not copy:
            with contextlib.suppress(OSError):
                return os.link(source, target)
            with contextlib.suppress(OSError):
                if source.is_file():
                    return target.symlink_to(source)
        shutil.copyfile(source, target)
        return None

    def _part(self, digest: str) -> Path:
        self.path(digest)
        return self._folder / "parts" / digest
