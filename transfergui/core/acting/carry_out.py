"""A plan carried out, step by step, each written to a record before and after.

Nothing is written over. A file that changed since it was predicted stays as it is. A full disk or
a locked folder ends the work between two files: what was done until then stands in the record, can
be undone, or carried on once there is room. So it is after ``kill -9``.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.acting import moving
from transfergui.core.acting.cutting import cropped
from transfergui.core.acting.moving import PlaceError, SourceError
from transfergui.core.acting.names import FreeNames
from transfergui.core.acting.record import Record, missing_folders
from transfergui.core.acting.settling import UNCLEAR, settle
from transfergui.core.acting.steps import Act, Step
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import Problem

BLOCK = 4096
"""A file takes whole blocks of the disk."""


class Halted(Exception):  # noqa: N818 - a wish, not an error
    """Raised by who is told how far the work is: it is to end after the file at hand."""


@dataclass
class Outcome:
    """What came of a plan, or of undoing.

    Attributes:
        done: how many steps.
        left: files that stayed as they are, with the reason.
        stopped: why the work ended before its end.
        halted: whether the user ended it.
    """

    done: int = 0
    left: list[Problem] = field(default_factory=list)
    stopped: Note | None = None
    halted: bool = False


def carry_out(act: Act, record: Record, tell: Tell = untold) -> Outcome:
    """Do what was planned.

    Args:
        tell: called before each file, and now and then within one; may raise :class:`Halted`.

    Raises:
        UserError: ``act.no_room``: nothing was done; ``act.no_record``.
    """
    require_room(act)
    try:
        numbers = record.plan(act.steps)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("act.no_record", path=str(record.path), reason=reason) from None
    return _done(record, numbers, tell)


def carry_on(record: Record, tell: Tell = untold) -> Outcome:
    """Do what was planned and is not done, after the work had ended before its end."""
    entries = record.history.entries
    for number, entry in entries.items():
        if entry.state in UNCLEAR:
            settle(record, number)
    return _done(record, [n for n, e in entries.items() if e.state == "planned"], tell)


def require_room(act: Act) -> None:
    """
    Raises:
        UserError: ``act.no_room``: the disk has not the room that a plan needs.
    """
    if not act.needed:
        return
    at = next(p for p in (Path(act.to), *Path(act.to).parents) if p.exists())
    free = shutil.disk_usage(at).free
    if act.needed > free:
        values = {"needed": size_text(act.needed), "free": size_text(free)}
        raise UserError("act.no_room", path=act.to, **values)


def size_text(size: float) -> str:
    """Bytes for people: ``840 KB``, ``1.2 GB``."""
    for unit in ("KB", "MB", "GB"):
        size /= 1000
        if size < 999.5 or unit == "GB":
            break
    return f"{size:.0f} {unit}" if size >= 10 or not size else f"{max(size, 0.1):.1f} {unit}"


def blocks(size: int) -> int:
    """What a file of this size takes on a disk."""
    return -(-size // BLOCK) * BLOCK


def _done(record: Record, numbers: Sequence[int], tell: Tell) -> Outcome:
    outcome, names = Outcome(), FreeNames()
    for at, number in enumerate(numbers):
        entry = record.history.entries[number]
        beat = lambda done=at: tell(done, len(numbers))  # noqa: E731
        try:
            beat()
            if (why := _changed(entry.step)) is not None:
                record.skipped(number, why.code)
                outcome.left.append(why)
                continue
            _carry(record, number, names, beat)
            outcome.done += 1
        except Halted:
            outcome.halted = True
            break
        except SourceError as error:
            why = _left(entry.step, error)
            record.skipped(number, why.code)
            outcome.left.append(why)
        except OSError as error:
            outcome.stopped = stopping(error, Path(entry.step.target).parent)
            break
    if not (outcome.halted or outcome.stopped):
        tell(len(numbers), len(numbers))
    return outcome


def _changed(step: Step) -> Problem | None:
    """Why a file is left alone."""
    if step.kind == "write":
        return None
    source = Path(step.source)
    try:
        found = source.lstat() if not shards.is_member(source) else None
        status = (0, 0) if found is None else (found.st_size, found.st_mtime_ns)
        if found is None or step.kind in ("copy", "link", "symlink", "crop"):
            status = shards.status(source)  # of a link, what it leads to is copied
    except OSError:
        return Problem("act.gone", path=step.source)
    if status != (step.size, step.modified):
        return Problem("act.changed", path=step.source)
    return None


def _left(step: Step, error: SourceError) -> Problem:
    reason = error.strerror or str(error)
    return Problem(error.code, {"reason": reason}, path=step.source or step.target)


def stopping(error: OSError, folder: Path) -> Note:
    """What is said where nothing can be written any more."""
    folder = error.folder if isinstance(error, PlaceError) else folder
    reason = error.strerror or str(error)
    if error.errno in moving.FULL:
        code = "act.disk_full"
    else:
        code = "act.locked" if error.errno in moving.LOCKED else "act.not_placed"
    return Note(code, {"path": str(folder), "reason": reason}, "error")


def make_folders(record: Record, folder: Path) -> None:
    """Make ``folder`` and those above it, and have them in the record.

    Raises:
        PlaceError; LeftError: its path is too long.
    """
    for each in missing_folders(folder):
        record.folder(each)
        try:
            each.mkdir(exist_ok=True)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise moving.LeftError(error.errno, error.strerror) from error
            raise PlaceError(error, each.parent) from error


def _carry(record: Record, number: int, names: FreeNames, beat: moving.Beat) -> None:
    """
    Raises:
        SourceError, PlaceError; OSError: of the record.
    """
    step = record.history.entries[number].step
    wanted = Path(step.target)
    make_folders(record, wanted.parent)
    while True:
        target = names.free(wanted.parent, wanted.name)
        record.begin(number, target)
        try:
            digest = _put(step, target, moving.part_name(target, number, record.history.id), beat)
        except FileExistsError:  # it came this very moment
            continue
        record.done(number, target, digest)
        return


def _put(step: Step, target: Path, part: Path, beat: moving.Beat) -> str:
    source = Path(step.source)
    if step.kind == "copy":
        return moving.copy(source, target, part, beat)
    if step.kind == "write":
        return moving.write(step.text.encode("utf-8", "backslashreplace"), target, part)
    if step.kind == "crop":
        return moving.write(cropped(step), target, part)
    if step.kind in ("link", "symlink"):
        moving.link(source, target, symbolic=step.kind == "symlink")
        return ""
    if step.across:
        return moving.move_across(source, target, part, beat)
    return moving.move(source, target, part, beat)
