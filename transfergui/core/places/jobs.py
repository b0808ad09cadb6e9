"""Over there: one training that was sent. Its files are laid out, it is begun apart from the
connection, and whoever asks is told how far it is."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec
import psutil

from transfergui.core.base import files, locks, records
from transfergui.core.base.errors import UserError
from transfergui.core.places import frames
from transfergui.core.places.place import FOLDER_NAME, Place
from transfergui.core.places.store import Store
from transfergui.core.runs.run import (
    ENVIRONMENT,
    EVENTS,
    RECIPE,
    SPLIT,
    Run,
    Stop,
    current_environment,
)

NAME = re.compile(r"([\w-][\w.-]{0,199})\.[0-9a-f]{8}", re.ASCII)
"""Of a job: that of its run, and a number."""
LAYING = 600.0
"""Seconds in which a million files are laid out, on a slow disk."""
STEP = 0.2
"""Seconds between two looks at what a training has told."""
PIECE = 1 << 20
"""Bytes of what is sent at once."""
LOG_SHOWN = 2000
"""Bytes of the end of a log."""
NOT_BROUGHT = {"lock", "stop", EVENTS, RECIPE, SPLIT, "last.pt", ".making"}
"""Files of a run that stay over there, or come in another way."""
State = Literal["unknown", "running", "ended"]


class Manifest(msgspec.Struct, frozen=True):
    """What a job consists of, as it is sent.

    Attributes:
        files: the hash of each, by its path below the folder of the job.
        recipe, split: the JSON of the run, with the paths of over there.
        texts: what else has such paths in it, by its path below the folder of the job.
    """

    files: dict[str, str]
    recipe: str
    split: str
    texts: dict[str, str] = {}


class Process(msgspec.Struct, frozen=True):
    """What was started.

    Attributes:
        pid: its number.
        mark: what tells it from a later one of that number (:func:`mark_of`).
        host: the computer: of a cluster, ssh may reach another one the next time.
    """

    pid: int
    mark: str = ""
    host: str = ""


class Job:
    """See the module.

    Args:
        folder: of the place, absolute.
        name: of the job.
    """

    def __init__(self, folder: Path, name: str) -> None:
        named = NAME.fullmatch(name)
        if named is None:
            raise ValueError(name)
        self.folder = folder / "jobs" / name
        self.run = Run(self.folder / named[1])
        self.files = self.folder / "files"
        self._log, self._status = self.folder / "launch.log", self.folder / "status"
        self._process = self.folder / "process.json"
        self._manifest, self._brought = self.folder / "manifest.json", self.folder / "brought"
        self._child: subprocess.Popen[bytes] | None = None

    # -- beginning

    def announce(self, manifest: Manifest) -> None:
        """What it will consist of is about to be sent: nobody takes that for something that no run
        needs.

        Raises:
            UserError: ``place.folder_name``: a launch line could not name the folder.
            OSError: it cannot be written.
        """
        if not FOLDER_NAME.fullmatch(str(self.folder)):
            raise UserError("place.folder_name", folder=str(self.folder))
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._manifest.exists():
            self._keep(manifest)

    def _keep(self, manifest: Manifest) -> None:
        files.write_atomic(self._manifest, json.dumps(msgspec.to_builtins(manifest)))

    def manifest(self) -> Manifest | None:
        """What it consists of; None where that is not known."""
        with contextlib.suppress(OSError, ValueError):
            raw = files.read_regular(self._manifest, frames.MAX_BYTES)
            return records.convert(json.loads(raw), Manifest)
        return None

    def begin(self, store: Store, manifest: Manifest, place: Place) -> None:
        """Lay out what was sent and start the training, unless it runs already.

        Raises:
            UserError: ``place.not_started``.
            OSError: it cannot be written; something was not sent.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        until = time.monotonic() + LAYING
        while True:
            try:
                with locks.held(self.folder / "lock"):
                    if self.state() != "running":
                        self._lay_out(store, manifest)
                        self._start(place)
                return
            except locks.Busy:  # an earlier connection does it still: it runs afterwards
                if time.monotonic() > until:
                    return
                time.sleep(STEP)

    def _lay_out(self, store: Store, manifest: Manifest) -> None:
        before = self.manifest() or manifest
        for path, digest in manifest.files.items():
            if before.files.get(path, digest) != digest:  # it was changed since, and is sent again
                self._below(path).unlink(missing_ok=True)
            store.lay(digest, self._below(path))
        for path, text in manifest.texts.items():
            files.write_atomic(self._below(path), text)
        self._keep(manifest)
        self._brought.unlink(missing_ok=True)
        run = self.run.path
        run.mkdir(exist_ok=True)
        files.write_atomic(run / SPLIT, manifest.split)
        files.write_atomic(run / ENVIRONMENT, json.dumps(current_environment(), indent=2))
        if not (run / RECIPE).exists():  # else a search may have written what it chose
            files.remove(run / EVENTS)  # of one that was trained while somebody deleted its folder
            files.write_atomic(run / RECIPE, manifest.recipe)

    def _below(self, path: str) -> Path:
        if ".." in PurePosixPath(path).parts or PurePosixPath(path).is_absolute():
            raise ValueError(path)
        return self.folder / path

    def _start(self, place: Place) -> None:
        """In a session of its own, so that it outlives the connection."""
        self._status.unlink(missing_ok=True)
        run, printed = str(self.run.path), str(self._log)
        if shlex.quote(str(self.folder)) != str(self.folder):  # a launch line may quote it again
            run, printed = self.run.path.name, self._log.name  # below the folder it is begun in
        line = place.command(shlex.quote(run), shlex.quote(printed))
        script = f"( {line}\n)\necho $? > {shlex.quote(str(self._status))}\n"
        try:
            with self._log.open("ab") as log:
                self._child = subprocess.Popen(
                    ["nohup", "sh", "-c", script],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    start_new_session=True,
                )
        except OSError as error:
            raise UserError("place.not_started", reason=error.strerror or str(error)) from None
        pid = self._child.pid
        tree = msgspec.to_builtins(Process(pid, mark_of(pid), platform.node()))
        files.write_atomic(self._process, json.dumps(tree))

    # -- asking

    def state(self) -> State:
        """Whether it was begun, and whether it still runs; ``unknown``, too, where its folder was
        deleted."""
        if self._child is not None:
            self._child.poll()  # else its number stays taken after its end
        if not self._process.exists() or not (self.run.path / RECIPE).exists():
            return "unknown"
        if self._status.exists():
            return "ended"
        try:
            begun = records.read(self._process, Process)
            if begun.host not in ("", platform.node()):
                return "running" if self.run.active() or not self._told_since() else "ended"
            same = mark_of(begun.pid) == begun.mark
            zombie = psutil.Process(begun.pid).status() == psutil.STATUS_ZOMBIE
            return "running" if same and not zombie else "ended"
        except (psutil.Error, UserError):
            return "ended"

    def _told_since(self) -> bool:
        """Whether it told something since it was begun: until then it may wait in a queue."""
        with contextlib.suppress(OSError):
            told = (self.run.path / EVENTS).stat().st_mtime_ns
            return told > self._process.stat().st_mtime_ns
        return False

    @property
    def began(self) -> float | None:
        """When it was started last, in seconds since 1970; None where it was not."""
        with contextlib.suppress(OSError):
            return self._process.stat().st_mtime
        return None

    @property
    def brought(self) -> bool:
        """Whether its result is on the computer that asked for it."""
        return self._brought.exists()

    def note_brought(self) -> None:
        """
        Raises:
            OSError: it cannot be written.
        """
        files.write_atomic(self._brought, "")

    def told(self) -> int:
        """Bytes of ``events.jsonl``."""
        try:
            return (self.run.path / EVENTS).stat().st_size
        except OSError:
            return 0

    def events(self, offset: int, wait: float) -> bytes:
        """What was told since ``offset``, whole lines; waits for it while the training runs."""
        until = time.monotonic() + wait
        while True:
            running = self.state() == "running"  # before the look: nothing is told after the end
            found = self._lines(offset)
            if found or not running or time.monotonic() > until:
                return found
            time.sleep(STEP)

    def _lines(self, offset: int) -> bytes:
        try:
            with files.open_regular(self.run.path / EVENTS) as stream:
                stream.seek(offset)
                found = stream.read(PIECE)
        except OSError:
            return b""
        return found[: found.rfind(b"\n") + 1] or (found if len(found) == PIECE else b"")

    def log(self) -> str:
        """The end of what the launch line printed."""
        try:
            with files.open_regular(self._log) as stream:
                stream.seek(max(0, self._log.stat().st_size - LOG_SHOWN))
                return stream.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def status(self) -> int | None:
        """The exit status of the launch line; None where that is not known."""
        try:
            return int(files.read_regular(self._status, 20))
        except (OSError, ValueError):
            return None

    # -- stopping

    def stop(self, how: Stop) -> None:
        """Ask the training to end.

        Raises:
            UserError: ``run.not_writable``.
        """
        if self.run.path.is_dir():
            self.run.request_stop(how)

    # -- bringing back

    def listing(self) -> list[dict[str, Any]]:
        """Path, size and hash of what a run left that belongs to its owner."""
        return [
            {
                "path": path.relative_to(self.run.path).as_posix(),
                "size": path.stat().st_size,
                "hash": digest_of(path),
            }
            for path in self._left()
        ]

    def _left(self) -> Iterator[Path]:
        for folder, _folders, names in os.walk(self.run.path):
            for name in sorted(names):
                path = Path(folder) / name
                inner = path.parent != self.run.path
                kept = name not in NOT_BROUGHT or (inner and name in (RECIPE, SPLIT, EVENTS))
                if kept and not files.PART.fullmatch(name) and path.is_file():
                    yield path

    def piece(self, path: str, offset: int) -> bytes:
        """Bytes of a file of the run.

        Raises:
            OSError: it cannot be read.
        """
        parts = PurePosixPath(path).parts
        if ".." in parts or PurePosixPath(path).is_absolute():
            raise ValueError(path)
        with files.open_regular(self.run.path / path) as stream:
            stream.seek(offset)
            return stream.read(PIECE)

    def recipe(self) -> str:
        """The recipe as it is now: a search has written into it what it chose."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return files.read_regular(self.run.path / RECIPE, records.MAX_BYTES).decode()
        return ""


def mark_of(pid: int) -> str:
    """What tells a process from a later one of that number. No clock is asked, which may be set
    meanwhile, where the system counts from its own start.

    Raises:
        psutil.Error: there is none.
    """
    with contextlib.suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return f"{boot} {fields[19]}"  # its 22nd field: when it began, in ticks since the boot
    return str(round(psutil.Process(pid).create_time()))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    with files.open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
