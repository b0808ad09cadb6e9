"""What a record says was done, undone: the last step first.

Files go back under their old names; copies, links and files that were written are deleted, folders
that were made as well where nothing else is in them; the record goes into the program's own
folder once nothing of it is left. Nothing is lost: a file that changed since
stays where it is, so does a copy whose original is gone, was edited, or has become a link to the
copy; and no file is written over. Undoing may
be killed and begun again.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from transfergui.core.acting import moving, past
from transfergui.core.acting.carry_out import Halted, Outcome, stopping
from transfergui.core.acting.record import Entry, Record
from transfergui.core.acting.settling import UNCLEAR, is_link, is_mark, is_version, settle
from transfergui.core.base import files
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.dataset import Problem


def undo(record: Record, tell: Tell = untold) -> Outcome:
    """Undo all that a record says, as far as that loses nothing.

    Args:
        tell: as of :func:`.carry_out.carry_out`.

    Returns:
        What was undone; left are files that cannot be put back, with the reason.
    """
    history, outcome = record.history, Outcome()
    numbers = [n for n, e in reversed(history.entries.items()) if e.state not in _FINISHED]
    for at, number in enumerate(numbers):
        entry = history.entries[number]
        beat = lambda done=at: tell(done, len(numbers))  # noqa: E731
        try:
            beat()
            if entry.state in UNCLEAR:
                settle(record, number)
            if entry.state != "done":
                continue
            why = _undo(record, number, entry, beat)
        except Halted:
            outcome.halted = True
            return outcome
        except OSError as error:
            outcome.stopped = stopping(error, Path(entry.target).parent)
            return outcome
        if why is not None:
            outcome.left.append(why)
        else:
            record.undone(number)
            outcome.done += 1
    tell(len(numbers), len(numbers))
    outcome.left = _explained(outcome.left, record)
    for folder in reversed(history.folders):
        with contextlib.suppress(OSError):  # something else is in it, or it is gone
            os.rmdir(folder)  # noqa: PTH106 - a text
    if not any(entry.state in _THERE for entry in history.entries.values()):
        record.put_away()
    return outcome


def _explained(left: list[Problem], record: Record) -> list[Problem]:
    """Of files that are gone, those that a later act took away name it: it is undone first."""
    if not any(problem.code == "undo.gone" for problem in left):
        return left
    moved = past.moved_since(record.path)
    return [
        Problem("undo.moved_on", {"time": moved[problem.path]}, path=problem.path)
        if problem.code == "undo.gone" and problem.path in moved
        else problem
        for problem in left
    ]


_FINISHED = ("skipped", "undone")
_THERE = ("begun", "done")
"""States of a step that may have left something."""


def _undo(record: Record, number: int, entry: Entry, beat: moving.Beat) -> Problem | None:
    """Why one step cannot be undone; None where it is.

    Raises:
        OSError: nothing can be written any more.
    """
    step, target = entry.step, Path(entry.target)
    gone = not os.path.lexists(target)
    if step.kind in ("move", "rename"):
        return _put_back(record, number, entry, gone, beat)
    if gone:
        return None
    if (why := _is_last(entry, target)) is not None:
        return why
    target.unlink()
    return None


def _is_last(entry: Entry, target: Path) -> Problem | None:
    """Why a copy, a link or a file that was written is not deleted: its bytes are nowhere else,
    or they are not what was put there."""
    step, source = entry.step, Path(entry.step.source)
    told = {"source": step.source}
    try:
        if step.kind != "write" and not source.exists():
            return Problem("undo.original_gone", told, path=entry.target)
        if step.kind != "write" and moving.leads_to(source, target):
            return Problem("undo.leads_here", told, path=entry.target)
        if not _is_ours(entry, target):
            return Problem("undo.changed", path=entry.target)
        if step.kind == "copy" and not _has_bytes(entry, source):
            return Problem("undo.original_changed", told, path=entry.target)
    except OSError as error:
        reason = error.strerror or str(error)
        return Problem("act.unreadable", {"reason": reason}, path=error.filename or entry.target)
    return None


def _has_bytes(entry: Entry, path: Path) -> bool:
    return path.stat().st_size == entry.size and files.digest(path) == entry.digest


def _is_ours(entry: Entry, target: Path) -> bool:
    """Whether a file is what was put there, to the byte."""
    if entry.step.kind in ("link", "symlink"):
        return is_link(entry.step, target)
    return not target.is_symlink() and _has_bytes(entry, target)


def _put_back(
    record: Record, number: int, entry: Entry, gone: bool, beat: moving.Beat
) -> Problem | None:
    """A file that was moved, under its old name again; as :func:`_undo`."""
    step, target, source = entry.step, Path(entry.target), Path(entry.step.source)
    part = moving.part_name(source, number, record.history.id)
    with contextlib.suppress(OSError):  # of an undoing that was killed
        part.unlink()
    if not gone and entry.undoing and os.path.lexists(source) and is_mark(step, source):
        source.unlink()  # it kept the name on a disk without hard links
    there = os.path.lexists(source)
    if gone and there and source.lstat().st_size == step.size:
        return None  # somebody has put it back, or undoing was killed
    if (why := _kept(entry, gone, there)) is not None:
        return why
    if there:  # undoing was killed between the two names, or after the copy
        target.unlink()
        return None
    record.undoing(number)
    source.parent.mkdir(parents=True, exist_ok=True)
    try:
        if step.across:
            moving.move_across(target, source, part, beat)
            os.utime(source, ns=(step.modified, step.modified))
        else:
            moving.move(target, source, part, beat)
    except FileExistsError:
        return Problem("undo.occupied", {"target": step.source}, path=entry.target)
    except moving.SourceError as error:
        reason = error.strerror or str(error)
        return Problem(error.code, {"reason": reason}, path=entry.target)
    return None


def _kept(entry: Entry, gone: bool, there: bool) -> Problem | None:
    """Why a file is not moved back."""
    source, target = Path(entry.step.source), Path(entry.target)
    if gone:
        return Problem("undo.gone", path=entry.target)
    if there and _leads_to(source, target):
        return Problem("undo.leads_here", {"source": entry.step.source}, path=entry.target)
    if there and not _twice(source, target):
        return Problem("undo.occupied", {"target": entry.step.source}, path=entry.target)
    if not is_version(target, entry.size, entry.modified):
        return Problem("undo.changed", path=entry.target)
    return None


def _leads_to(source: Path, target: Path) -> bool:
    try:
        return moving.leads_to(source, target)
    except OSError:  # a link to nothing
        return False


def _twice(source: Path, target: Path) -> bool:
    return not source.is_symlink() and moving.is_same(source, target)
