"""Examples from a camera or a microphone, written into a folder for each class.

Nothing is ever overwritten: a file is only written where there is none. A burst, which is what was
taken while a key was held, can be undone: its files are deleted again, unless somebody changed one
meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.capture import Captured, Device


@dataclass(frozen=True)
class Written:
    """A file as this program left it.

    Attributes:
        version: modification time and size.
    """

    path: Path
    version: tuple[int, int]


@dataclass
class Burst:
    """What was taken for one class while a key was held.

    Attributes:
        files: that are written already.
        made_folder: whether the folder of the class was made for it.
    """

    name: str
    files: list[Written] = field(default_factory=list)
    made_folder: bool = False


class Recorder:
    """Writes examples in a thread of its own, in the order in which they came.

    Args:
        device: which took them.
        root: the folder of the classes, which exists.

    Attributes:
        bursts: that were taken, the last one at the end.
        problem: why the last file could not be written; None where it could.
    """

    def __init__(self, device: Device, root: Path) -> None:
        self.root = root
        self._device = device
        self._queue: queue.Queue[tuple[Burst, Captured] | None] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.bursts: list[Burst] = []
        self.problem: UserError | None = None

    def begin(self, name: str) -> Burst:
        """A burst for the class ``name``, to which :meth:`add` adds."""
        burst = Burst(name)
        self.problem = None
        self.bursts.append(burst)
        return burst

    def add(self, burst: Burst, captured: Captured) -> None:
        """Write one more example of ``burst``, soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
            self._thread.start()
        self._queue.put((burst, captured))

    @property
    def waiting(self) -> int:
        """How many examples are not written yet."""
        return self._queue.unfinished_tasks

    def count(self, name: str) -> int:
        """How many files this program has written for a class, and not deleted again."""
        with self._lock:
            return sum(len(burst.files) for burst in self.bursts if burst.name == name)

    def undo(self) -> tuple[Burst, list[Path]] | None:
        """Delete the files of the last burst, once all of them are written.

        Returns:
            the burst, and the files that were changed since or cannot be deleted, which stay; None
            where there is no burst.
        """
        self._queue.join()
        with self._lock:
            while self.bursts and not self.bursts[-1].files:
                self.bursts.pop()
            if not self.bursts:
                return None
            burst = self.bursts.pop()
        kept = [written.path for written in reversed(burst.files) if not _delete(written)]
        if burst.made_folder and not kept:
            with contextlib.suppress(OSError):  # somebody put something else there
                (self.root / burst.name).rmdir()
        return burst, kept

    def close(self) -> None:
        """Write what waits, and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    # -- in the thread

    def _work(self) -> None:
        while True:
            item = self._queue.get()
            try:
                if item is None:
                    return
                self._write(*item)
            except OSError as error:
                reason = error.strerror or str(error)
                self.problem = UserError("capture.not_written", path=str(self.root), reason=reason)
            except UserError as error:
                self.problem = error
            finally:
                self._queue.task_done()

    def _write(self, burst: Burst, captured: Captured) -> None:
        content, ending = self._device.encode(captured)
        folder = self.root / burst.name
        if not folder.is_dir():
            folder.mkdir()
            burst.made_folder = True
        path = write_new(folder, burst.name, content, ending)
        status = path.stat()
        with self._lock:
            burst.files.append(Written(path, (status.st_mtime_ns, status.st_size)))


def write_new(folder: Path, name: str, content: bytes, ending: str) -> Path:
    """Write a file that has not been there, called after ``name`` and the time.

    Raises:
        OSError: it cannot be written; nothing is left of it.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    number = 1
    while True:
        path = folder / f"{name} {stamp} {number:03}{ending}"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
        except FileExistsError:
            number += 1
            continue
        try:
            with open(descriptor, "wb") as stream:  # noqa: PTH123 - there is no path that is opened
                stream.write(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path


_BINARY = getattr(os, "O_BINARY", 0)


def _delete(written: Written) -> bool:
    """Whether the file is gone; one that was changed since stays."""
    try:
        status = written.path.stat()
        if (status.st_mtime_ns, status.st_size) != written.version:
            return False
        written.path.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
