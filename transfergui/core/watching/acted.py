"""Where a record put the files of a watch."""

from __future__ import annotations

import os
from pathlib import Path

from transfergui.core.acting.record import Record
from transfergui.core.watching.arrivals import Version

Key = tuple[str, int, int]
"""A file: its path, size and modification time."""


def targets_of(record: Record, first: int = 0) -> dict[Key, str]:
    """Where the first step put each file; empty where it is undone or was passed over.

    Args:
        first: the number of the step to begin with.
    """
    found: dict[Key, str] = {}
    entries = record.history.entries
    for number in range(first, record.history.next):  # not all of a long watch for each new file
        entry = entries.get(number)
        if entry is None:  # its line was damaged
            continue
        step = entry.step
        if step.source and entry.state != "planned":
            key = step.source, step.size, step.modified
            found.setdefault(key, entry.target if entry.state == "done" else "")
    return found


def target_of(targets: dict[Key, str], path: Path, version: Version) -> str | None:
    """Where a file was put; None where there was no step for it. Links name what is linked to."""
    found = targets.get((str(path), *version))
    return targets.get((os.path.realpath(path), *version)) if found is None else found
