"""A project file that is open: one window at a time saves it, others open it for reading.

The system's own lock says so, on a hidden file beside the project; it ends with the process. What
knows nothing of that lock, such as a program that keeps two folders alike, is noticed: the file is
then another one than what was read or saved here last.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

from transfergui.core.base import locks
from transfergui.core.base.errors import UserError
from transfergui.core.projects import project as files
from transfergui.core.projects.project import Project


class Claim:
    """See the module. It may be made in any thread, and saved in several.

    Args:
        mine: of the project that this window has open; where that is the same file, both have it.

    Attributes:
        refused: ``project.elsewhere`` or ``project.locked``, where another window saves the file;
            None where this one may.
    """

    def __init__(self, path: Path, mine: Claim | None = None) -> None:
        self.path = path
        self.refused: UserError | None = None
        self._writing = threading.Lock()
        self._newest = 0
        self._held = contextlib.ExitStack()
        if mine is not None and mine.path == path and mine.refused is None:
            self._held = mine._held
        else:
            self._take()
        self._known = _version(path)

    def _take(self) -> None:
        """Where nothing can be written beside the file, saving it will say so."""
        lock = locks.beside(Path(os.path.realpath(self.path)))
        with contextlib.suppress(OSError):
            try:
                self._held.enter_context(locks.held_soon(lock))
            except locks.Busy as busy:
                self.refused = _refusal(self.path, lock, busy.holder)

    def save(self, project: Project, number: int) -> None:
        """Write the file, unless that was done with a higher number.

        Raises:
            UserError: ``refused``; ``project.changed_elsewhere``; as of
                :func:`transfergui.core.projects.project.save`.
        """
        if self.refused is not None:
            raise self.refused
        with self._writing:
            if number <= self._newest:
                return
            now = _version(self.path)
            if now is not None and now != self._known:
                raise UserError("project.changed_elsewhere", path=str(self.path))
            files.save(project, self.path)
            self._newest, self._known = number, _version(self.path)

    def release(self, but: Claim | None = None) -> None:
        """Let others save the file, unless ``but`` has it, too."""
        if but is None or but._held is not self._held:
            self._held.close()


def _refusal(path: Path, lock: Path, holder: locks.Holder) -> UserError:
    values = {"name": path.stem, "pid": holder.pid, "host": holder.host}
    if holder.sure:
        return UserError("project.elsewhere", **values)
    return UserError("project.locked", path=str(lock), **values)


def _version(path: Path) -> tuple[int, int] | None:
    """What changes with the content of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
