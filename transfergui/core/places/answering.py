"""Over there: answers what the other computer asks, on standard input and output.

``transfergui place answer FOLDER`` is started by ssh and ends with the connection. A training that
it has begun goes on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import msgspec

from transfergui import __version__
from transfergui.core.base import files, paths
from transfergui.core.base.errors import UserError
from transfergui.core.places import frames, keeping, launch_lines
from transfergui.core.places.frames import Frame
from transfergui.core.places.jobs import Job, Manifest
from transfergui.core.places.place import Place
from transfergui.core.places.store import Store
from transfergui.core.runs.run import current_environment

LONGEST_WAIT = 20.0
"""Seconds for which an answer is kept back until there is something to tell."""


def answer(folder: str, asked: IO[bytes], told: IO[bytes]) -> None:
    """Greet, and answer until nobody asks any more.

    Args:
        folder: of the place; ``~`` is the home of who is logged in here.
        asked, told: the two directions.
    """
    place = paths.expanded(folder).absolute()
    try:
        with _Answers(place) as answers:
            frames.write(told, _greeting(place))
            while (frame := frames.read(asked)) is not None:
                frames.write(told, *answers.to(frame))
    except (frames.FrameError, OSError):
        return  # the connection is lost; the other side begins another


def _greeting(folder: Path) -> dict[str, Any]:
    return {
        "transfergui": __version__,
        "protocol": frames.PROTOCOL,
        "folder": str(folder),
        "environment": current_environment(),
        "free": _free(folder),
    }


def _free(folder: Path) -> int:
    """Bytes that are free on the disk that ``folder`` is on, or will be."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free


class _Answers:
    """One method per question; each returns the fields of the answer and its bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = Store(folder / "store")
        self._jobs: dict[str, Job] = {}
        self._using = contextlib.ExitStack()
        self._uses = False
        self._questions: dict[str, Callable[[Frame], tuple[dict[str, Any], bytes]]] = {
            "doctor": self._doctor,
            "announce": self._announce,
            "have": self._have,
            "put": self._put,
            "begin": self._begin,
            "state": self._state,
            "events": self._events,
            "stop": self._stop,
            "listing": self._listing,
            "fetch": self._fetch,
            "brought": self._note_brought,
            "kept": self._kept,
            "clean": self._clean,
        }

    def __enter__(self) -> _Answers:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._using.close()

    def to(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        """The answer to a question."""
        try:
            return self._questions[frame.fields["ask"]](frame)
        except UserError as error:
            return {"error": error.code, "values": error.note.values}, b""
        except OSError as error:
            path, reason = str(error.filename or self._folder), error.strerror or str(error)
            return {"error": "place.disk", "values": {"path": path, "reason": reason}}, b""
        except (KeyError, TypeError, ValueError) as error:
            raise frames.FrameError(str(error)) from None

    def _doctor(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        """Both parts, unless one is named: ``libraries`` or ``disk``."""
        from transfergui.core.app import doctor

        part, fields, rows = frame.fields.get("part"), dict[str, Any](), list[Any]()
        if part != "disk":
            self._require_folder()
            findings = [each for each in doctor.examine() if each.topic != "display"]
            rows = [dataclasses.asdict(finding) for finding in findings]
        if part != "libraries":
            fields = {"kept": _size_of(self._folder), "free": _free(self._folder)}
            fields |= launch_lines.examined(frame.fields.get("launch", ""))
        return fields, _json(rows)

    def _require_folder(self) -> None:
        """
        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        probe = self._folder / f".probe.{os.getpid()}"
        files.write_atomic(probe, str(time.time()))
        files.remove(probe)

    def _announce(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        self._use()
        manifest = msgspec.convert(json.loads(frame.payload), Manifest)
        self._job(frame).announce(manifest)
        return {}, b""

    def _use(self) -> None:
        """What is there stays until this connection ends or begins a training."""
        if not self._uses:
            self._using.enter_context(self._store.used())
            self._uses = True

    def _have(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        self._use()
        rows = json.loads(frame.payload)
        return {}, _json([self._store.have(digest, size) for digest, size in rows])

    def _put(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        fields = frame.fields
        digest, size, offset = fields["hash"], fields["size"], fields["offset"]
        return {"there": self._store.put(digest, size, offset, frame.payload)}, b""

    def _begin(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        job = self._job(frame)
        raw = files.read_regular(self._store.path(frame.fields["manifest"]), frames.MAX_BYTES)
        manifest = msgspec.convert(json.loads(raw), Manifest)
        job.begin(self._store, manifest, msgspec.convert(frame.fields["place"], Place))
        self._using.close()
        self._uses = False
        return _state_of(job), b""

    def _state(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        job = self._job(frame)
        return {**_state_of(job), "log": job.log(), "status": job.status()}, b""

    def _events(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        job, wait = self._job(frame), min(float(frame.fields["wait"]), LONGEST_WAIT)
        found = job.events(int(frame.fields["offset"]), wait)
        return _state_of(job), found

    def _stop(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        self._job(frame).stop("cancel" if frame.fields["how"] == "cancel" else "finish")
        return {}, b""

    def _listing(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        job = self._job(frame)
        return {"recipe": job.recipe()}, _json(job.listing())

    def _fetch(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        return {}, self._job(frame).piece(frame.fields["path"], int(frame.fields["offset"]))

    def _note_brought(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        self._job(frame).note_brought()
        return {}, b""

    def _kept(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        """Sizes of everything, or only the trainings that run, which is fast."""
        if frame.fields.get("only") == "trainings":
            running = msgspec.to_builtins(keeping.trainings(self._folder))
            return {}, _json({"trainings": running})
        return {}, _json(msgspec.to_builtins(keeping.kept(self._folder, self._store)))

    def _clean(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        freed = keeping.clean(self._folder, self._store, bool(frame.fields["all"]))
        return {"freed": freed}, b""

    def _job(self, frame: Frame) -> Job:
        name = frame.fields["job"]
        if name not in self._jobs:
            self._jobs[name] = Job(self._folder, name)
        return self._jobs[name]


def _state_of(job: Job) -> dict[str, Any]:
    return {"state": job.state(), "told": job.told()}


def _size_of(folder: Path) -> int:
    """Bytes of the files below; those with several names count once."""
    sizes = {}
    for place, _folders, names in os.walk(folder):
        for name in names:
            found = Path(place, name).lstat()
            sizes[found.st_dev, found.st_ino] = found.st_size
    return sum(sizes.values())


def _json(tree: Any) -> bytes:
    return json.dumps(tree).encode()
