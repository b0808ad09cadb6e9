"""What was done with files, line by line as it is done, so that it can be undone or carried on.

A record is a file of JSON lines (UTF-8, ASCII only; undecodable bytes of names as ``\\udcXX``):

``{"record": 1, "id", "program", "begun", "to"}``
    the first line;
``{"plan": N, "kind", "target", ...}``
    a step (:class:`.steps.Step`) that is to be done; N counts from 0;
``{"folder": PATH}``
    a folder that is about to be made;
``{"begin": N, "target"}``
    step N is about to be done, under this name, which was free;
``{"done": N, "target", "size", "modified", "digest"}``
    it is done: the target as it is now; ``digest`` (blake2b, 32 hex digits) where bytes were
    written;
``{"skipped": N, "code"}``
    it is not done, and why;
``{"undoing": N}``
    it is about to be undone;
``{"undone": N}``
    it was done, or begun, and is undone.

The steps of a plan are on the disk (fsync) before the first one is begun. The other lines are
written before and after each step, so that a killed process loses none, and are synced at least
every :data:`SYNC_EVERY` seconds: what a power cut takes of them, :mod:`.undo` finds out from the
files themselves.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

import msgspec

from transfergui import __version__
from transfergui.core.acting import recent
from transfergui.core.acting.steps import Step
from transfergui.core.base import files, locks, paths
from transfergui.core.base.errors import UserError

VERSION = 1
SYNC_EVERY = 0.25
NAME = ".transfergui-sort-{time}{more}.jsonl"
LOCK = ".lock"

State = Literal["planned", "begun", "done", "skipped", "undone"]


@dataclass
class Entry:
    """What is known of a step.

    Attributes:
        target: where the file is now; the name that was free when the step was begun.
        size, modified, digest: of the target when it was done.
        undoing: whether somebody has begun to undo it.
    """

    step: Step
    state: State = "planned"
    target: str = ""
    size: int = 0
    modified: int = 0
    digest: str = ""
    undoing: bool = False


@dataclass
class History:
    """What a record says.

    Attributes:
        entries: the steps by their number.
        folders: that were made, in this order.
    """

    id: str
    to: str
    begun: str
    entries: dict[int, Entry] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)

    @property
    def next(self) -> int:
        """The number of the next step; lines of others may have been passed over."""
        return max(self.entries, default=-1) + 1

    @property
    def done(self) -> int:
        """How many files are where a step put them."""
        return sum(e.state == "done" and e.step.kind != "write" for e in self.entries.values())


class Record:
    """A record that is written on; the system's own lock keeps others from it meanwhile."""

    def __init__(self, path: Path, handle: int, history: History) -> None:
        self.path, self.history = path, history
        self._handle = handle
        self._torn = False
        self._kept: Path | None = None  # its copy, which takes its place once it is closed
        self._synced = time.monotonic()

    @classmethod
    @contextlib.contextmanager
    def create(cls, to: str) -> Iterator[Self]:
        """A new record in the folder ``to``, which is made; in the program's own folder where that
        cannot be written, or ``to`` is empty.

        Raises:
            UserError: ``act.no_record``: there is no place for it.
        """
        path, made = _new(Path(to) if to else None)
        begun = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
        history = History(secrets.token_hex(6), to, begun)
        with cls._writing(path, history) as record:
            try:
                head: dict[str, Any] = {"record": VERSION, "id": history.id}
                head |= {"program": f"TransferGUI {__version__}", "begun": begun, "to": to}
                record._append([head, *({"folder": os.fspath(each)} for each in made)])
                record.sync()
            except OSError as error:
                reason = error.strerror or str(error)
                raise UserError("act.no_record", path=str(path), reason=reason) from None
            history.folders += [os.fspath(each) for each in made]
            recent.remember(path)
            yield record

    @classmethod
    @contextlib.contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """A record that is there, to be carried on or undone.

        Once all is undone, folders that were made for it go, where nothing else is in them.

        Raises:
            UserError: ``act.not_a_record``, ``act.unreadable``, ``act.busy``.
        """
        if not os.path.lexists(path) and _put_away(path).is_file():
            path = _put_away(path)
        read(path)
        with cls._writing(path, None) as record:
            yield record
        if record._kept is not None:  # Windows deletes nothing that is open; the lock is gone, too
            with contextlib.suppress(OSError):
                path.unlink()
                recent.replace(path, record._kept)
            for folder in reversed(record.history.folders):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)  # noqa: PTH106 - a text

    @classmethod
    @contextlib.contextmanager
    def _writing(cls, path: Path, history: History | None) -> Iterator[Self]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locks.held(path.with_name(path.name + LOCK)))
            except locks.Busy:
                raise UserError("act.busy", path=str(path)) from None
            except OSError:  # a folder that cannot be written any more: undone as far as possible
                pass
            try:
                handle = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
            except OSError as error:
                reason = error.strerror or str(error)
                raise UserError("act.no_record", path=str(path), reason=reason) from None
            stack.callback(os.close, handle)
            record = cls(path, handle, read(path) if history is None else history)
            record._torn = history is None  # whoever wrote before may have been killed in a line
            try:
                yield record
            finally:
                with contextlib.suppress(OSError):
                    record.sync()

    # -- what is written

    def plan(self, steps: Iterable[Step]) -> list[int]:
        """Their numbers, once they are on the disk.

        Raises:
            OSError: they cannot be written.
        """
        entries = self.history.entries
        added = dict(enumerate(steps, self.history.next))
        self._append([{"plan": n, **msgspec.to_builtins(step)} for n, step in added.items()])
        self.sync()
        entries.update({number: Entry(step) for number, step in added.items()})
        return list(added)

    def folder(self, path: Path) -> None:
        """``path`` is about to be made."""
        self._append([{"folder": os.fspath(path)}])
        self.history.folders.append(os.fspath(path))

    def begin(self, number: int, target: Path) -> None:
        """A step is about to be done, with this target."""
        self._append([{"begin": number, "target": os.fspath(target)}])
        entry = self.history.entries[number]
        entry.state, entry.target = "begun", os.fspath(target)

    def done(self, number: int, target: Path, digest: str = "") -> None:
        """A step is done."""
        status = target.lstat()
        entry = self.history.entries[number]
        entry.state, entry.target, entry.digest = "done", os.fspath(target), digest
        entry.size, entry.modified = status.st_size, status.st_mtime_ns
        line = {"done": number, "target": entry.target, "size": entry.size}
        self._append([line | {"modified": entry.modified, "digest": digest}])

    def skipped(self, number: int, code: str) -> None:
        """A step is not done, and why."""
        self._append([{"skipped": number, "code": code}])
        self.history.entries[number].state = "skipped"

    def undoing(self, number: int) -> None:
        """A step is about to be undone."""
        self.history.entries[number].undoing = True
        with contextlib.suppress(OSError):
            self._append([{"undoing": number}])

    def undone(self, number: int) -> None:
        """A step is undone. On a full disk the line is missing: then it is found out again."""
        self.history.entries[number].state = "undone"
        with contextlib.suppress(OSError):
            self._append([{"undone": number}])

    def put_away(self) -> None:
        """Keep the record in the program's own folder: in the user's, all of it is undone. It is
        still opened by its path. Where that is not possible, it stays; it does until it is closed.
        """
        kept = _put_away(self.path)
        if self.path.parent == kept.parent:
            return
        with contextlib.suppress(OSError):
            self.sync()
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.path, kept)
            self._kept = kept

    def sync(self) -> None:
        """Have it on the disk now."""
        os.fsync(self._handle)
        self._synced = time.monotonic()

    def _append(self, lines: Iterable[dict[str, Any]]) -> None:
        """Whole lines; one that a full disk has torn is ended before the next."""
        self._kept = None  # there is more than in the copy
        text = "".join(json.dumps(line) + "\n" for line in lines)
        rest = memoryview(("\n" * self._torn + text).encode("ascii"))
        self._torn = True
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        self._torn = False
        if time.monotonic() - self._synced > SYNC_EVERY:
            self.sync()


# -- places


def _new(folder: Path | None) -> tuple[Path, list[Path]]:
    """A new empty file for a record, and the folders that were made for it.

    Raises:
        UserError: ``act.no_record``.
    """
    wanted = [folder] if folder is not None else []
    for at, place in enumerate([*wanted, paths.records_dir()]):
        try:
            made = missing_folders(place)
            place.mkdir(parents=True, exist_ok=True)
            return _exclusive(place), made if at < len(wanted) else []
        except OSError as error:
            path, reason = place, error.strerror or str(error)
    raise UserError("act.no_record", path=str(path), reason=reason)


def _put_away(path: Path) -> Path:
    """Where a record of which all is undone is kept."""
    folder = os.path.abspath(path.parent)  # noqa: PTH100 - without following links
    mark = hashlib.blake2b(os.fsencode(folder), digest_size=6).hexdigest()
    return paths.records_dir() / f"{path.stem}-{mark}{path.suffix}"


def _exclusive(folder: Path) -> Path:
    time = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    number = 1
    while True:
        path = folder / NAME.format(time=time, more="" if number == 1 else f"-{number}")
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            return path
        number += 1


def existing_folder(folder: Path) -> Path:
    """The folder, or the lowest of those above it that is there."""
    missing = missing_folders(folder)
    return missing[0].parent if missing else folder


def missing_folders(folder: Path) -> list[Path]:
    """``folder`` and those above it that are not there, the highest first."""
    missing = []
    while not os.path.lexists(folder):
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


# -- reading


def read(path: Path) -> History:
    """What a record says. Lines that were torn by a power cut or a full disk are passed over, so
    are those of which a number or a path cannot be one.

    Raises:
        UserError: ``act.not_a_record``, ``act.unreadable``.
    """
    try:
        with files.open_regular(path) as stream:
            lines = [found for line in stream if (found := _parsed(line)) is not None]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError("act.unreadable", path=str(path), reason=reason) from None
    head = lines[0] if lines else {}
    if head.get("record") != VERSION or not isinstance(head.get("id"), str):
        raise UserError("act.not_a_record", path=str(path))
    history = History(head["id"], str(head.get("to", "")), str(head.get("begun", "")))
    for line in lines[1:]:
        with contextlib.suppress(*_SAYS_NOTHING):
            _take(history, line)
    return history


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        found = files.parse_json(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


_SAYS_NOTHING = (KeyError, TypeError, ValueError, OverflowError, msgspec.ValidationError)
_LARGEST = 1 << 63


def _take(history: History, line: dict[str, Any]) -> None:
    """
    Raises:
        KeyError, TypeError, ValueError, OverflowError, msgspec.ValidationError: the line says
            nothing; the history is as it was.
    """
    if "plan" in line:
        number = int(line.pop("plan"))
        step = msgspec.convert(line, Step)
        _path(step.target)
        if step.kind != "write":
            _path(step.source)
        _number(step.size), _number(step.modified)
        history.entries[number] = Entry(step)
    elif "folder" in line:
        history.folders.append(_path(line["folder"]))
    elif "begin" in line:
        entry = history.entries[line["begin"]]
        entry.target = _path(line["target"])
        entry.state = "begun"
    elif "done" in line:
        entry = history.entries[line["done"]]
        target, digest = _path(line["target"]), str(line["digest"])
        size, modified = _number(line["size"]), _number(line["modified"])
        entry.target, entry.digest, entry.size, entry.modified = target, digest, size, modified
        entry.state = "done"
    elif "skipped" in line:
        history.entries[line["skipped"]].state = "skipped"
    elif "undoing" in line:
        history.entries[line["undoing"]].undoing = True
    elif "undone" in line:
        history.entries[line["undone"]].state = "undone"


def _path(text: object) -> str:
    """
    Raises:
        ValueError: it is no path of a file from the root on.
    """
    if not isinstance(text, str) or "\0" in text or not Path(text).is_absolute():
        raise ValueError(text)
    os.fsencode(text)  # half of a surrogate pair
    if not Path(text).name:
        raise ValueError(text)
    return text


def _number(value: Any) -> int:
    """
    Raises:
        TypeError, ValueError, OverflowError: the system has no such size or time.
    """
    found = int(value)
    if abs(found) >= _LARGEST:
        raise ValueError(found)
    return found
