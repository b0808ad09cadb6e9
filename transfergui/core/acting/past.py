"""Acts of the past, of which the records are still there."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from transfergui.core.acting import recent, record
from transfergui.core.acting.steps import Kind
from transfergui.core.base.errors import UserError


class Past(NamedTuple):
    """An act of the past.

    Attributes:
        begun: when, as an ISO date with time.
        to: the folder that was sorted into; where files stayed in theirs, that of the first.
        kinds: how many files were, or were to be, copied, moved, ... each.
        done: how many steps can be undone.
        waiting: how many steps are left to do, after an interruption.
        undone: how many steps are undone.
    """

    path: Path
    begun: str
    to: str
    done: int
    waiting: int
    undone: int
    kinds: tuple[tuple[Kind, int], ...] = ()


def acts() -> list[Past]:
    """The acts whose records are still there, the newest first."""
    found = []
    for each in recent.listed():
        with contextlib.suppress(UserError):
            history = record.read(Path(each))
            states = [entry.state for entry in history.entries.values()]
            done, undone = states.count("done"), states.count("undone")
            waiting = states.count("planned") + states.count("begun")
            if states:
                steps = [entry.step for entry in history.entries.values()]
                to = history.to or str(Path(steps[0].target).parent)
                kinds = tuple(Counter(step.kind for step in steps).items())
                found.append(Past(Path(each), history.begun, to, done, waiting, undone, kinds))
    return found


def moved_since(path: Path) -> dict[str, str]:
    """When files were moved or renamed by another act than that of ``path``, by where they were.

    Returns:
        Times as ``2026-11-30 11:24``.
    """
    found: dict[str, str] = {}
    for each in recent.listed():
        if Path(each) == path:
            continue
        with contextlib.suppress(UserError):
            history = record.read(Path(each))
            begun = history.begun[:16].replace("T", " ")
            for entry in history.entries.values():
                if entry.state == "done" and entry.step.kind in ("move", "rename"):
                    found.setdefault(entry.step.source, begun)
    return found
