"""What became of a step in whose midst the process was killed: found out from the files.

Until a step is done, its source is there, whole; afterwards its target is. A killed process leaves
at most a temporary file, whose name is known, or one file under two names.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from transfergui.core.acting import moving
from transfergui.core.acting.cutting import cropped
from transfergui.core.acting.record import Entry, Record
from transfergui.core.acting.steps import Step
from transfergui.core.base import files

UNCLEAR = ("planned", "begun")
"""States of steps that may be done: the line that says so may have been lost."""


def settle(record: Record, number: int) -> None:
    """Find out whether a step is done; what is only half of it is taken away."""
    entry = record.history.entries[number]
    target = Path(entry.target or entry.step.target)
    with contextlib.suppress(OSError):
        moving.part_name(target, number, record.history.id).unlink()
    done = False
    with contextlib.suppress(OSError):
        done = os.path.lexists(target) and _is_done(entry, target)
    if done:
        with contextlib.suppress(OSError):  # a full disk: it is found out again
            record.done(number, target, _digest(entry.step, target))
    else:
        entry.state = "planned"


def _is_moved(entry: Entry, target: Path) -> bool:
    """As :func:`_is_done`, of a step that moves."""
    step, source = entry.step, Path(entry.step.source)
    if not os.path.lexists(source):
        return is_version(target, step.size, step.modified)
    with contextlib.suppress(OSError):  # a link to nothing
        if moving.leads_to(source, target):
            return is_version(target, step.size, step.modified)
    if entry.state != "begun" or source.is_symlink():
        return False
    if is_mark(step, target) or moving.is_same(source, target):
        target.unlink()  # the second name, or the copy, of what is still where it was
    return False


def _is_done(entry: Entry, target: Path) -> bool:
    """Whether what is at the target is what the step put there."""
    step = entry.step
    if step.kind in ("move", "rename"):
        return _is_moved(entry, target)
    if entry.state != "begun":
        return False  # something that was there before
    if is_mark(step, target):
        target.unlink()
        return False
    if step.kind in ("write", "crop"):
        is_crop = step.kind == "crop"
        data = cropped(step) if is_crop else step.text.encode("utf-8", "backslashreplace")
        return moving.digest_of(data) == _digest(step, target)
    if step.kind in ("link", "symlink"):
        return is_link(step, target)
    return moving.is_same(Path(step.source), target)


def is_version(path: Path, size: int, modified: int) -> bool:
    """Whether a file is as it was.

    Raises:
        OSError: it is gone.
    """
    status = path.lstat()
    return (status.st_size, status.st_mtime_ns) == (size, modified)


def is_link(step: Step, target: Path) -> bool:
    """Whether the target of a step that links is that link.

    Raises:
        OSError: it, or what it leads to, is gone.
    """
    if step.kind == "symlink":
        return target.is_symlink() and str(target.readlink()) == step.source
    return not target.is_symlink() and Path(step.source).samefile(target)


def is_mark(step: Step, target: Path) -> bool:
    """Whether it is the empty file that keeps a name on disks without hard links."""
    return step.size > 0 and not target.is_symlink() and target.stat().st_size == 0


def _digest(step: Step, target: Path) -> str:
    return files.digest(target) if step.kind in ("copy", "write", "crop") or step.across else ""
