"""What the user notes about a run: tags and a note, in ``notes.json`` of its folder.

Nothing that a training reads; runs of earlier versions have none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError

NOTES = "notes.json"
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 12, 30, 1000
"""What is kept: tags, the characters of one, and those of the note."""


class RunNotes(msgspec.Struct, frozen=True):
    """See the module.

    Attributes:
        tags: single words or a few, each once.
        note: free text.
    """

    tags: tuple[str, ...] = ()
    note: str = ""


def read(folder: Path) -> RunNotes:
    """The notes of the run in ``folder``; none where there are none, or they cannot be read."""
    try:
        found = records.read(folder / NOTES, RunNotes)
    except UserError:
        return RunNotes()
    return RunNotes(checked_tags(found.tags), checked_note(found.note))


def save(folder: Path, notes: RunNotes) -> RunNotes:
    """Keep ``notes``, shortened to what is kept of them.

    Raises:
        UserError: ``run.not_writable``.
    """
    notes = RunNotes(checked_tags(notes.tags), checked_note(notes.note))
    try:
        files.write_atomic(folder / NOTES, json.dumps(msgspec.to_builtins(notes), indent=1))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("run.not_writable", path=str(folder), reason=reason) from None
    return notes


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """``tags`` on one line each, without commas, each once, in their order."""
    lines = (" ".join(paths.shown(tag).replace(",", " ").split()) for tag in tags)
    kept = dict.fromkeys(line[:LONGEST_TAG].strip() for line in lines if line)
    return tuple(kept)[:MOST_TAGS]


def checked_note(note: str) -> str:
    return paths.shown(note).strip()[:LONGEST_NOTE]
