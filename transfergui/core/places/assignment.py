"""Here: that a run is trained elsewhere, kept in its folder."""

from __future__ import annotations

import json
import re
import secrets

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.places import place as places
from transfergui.core.places.place import Place
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run

FILE = "place.json"


class Assignment(msgspec.Struct, frozen=True):
    """Where a run is trained.

    Attributes:
        place: as it was when the run was given to it; see :func:`current`.
        job: its name over there.
        begun: whether it was started over there, once at least.
        brought: whether what it left is here.
    """

    place: Place
    job: str
    begun: bool = False
    brought: bool = False

    @property
    def current(self) -> Place:
        """The place as it is in the settings now: its launch line may have been mended. As it
        was, where it is no more."""
        try:
            return places.find(self.place.name)
        except UserError:
            return self.place


def assign(run: Run, place: Place) -> Assignment:
    """Let a run be trained at a place.

    Raises:
        UserError: ``run.not_writable``.
    """
    name = re.sub(r"[^\w.-]+", "-", run.path.name, flags=re.ASCII).lstrip(".")[:150] or "run"
    found = Assignment(place, f"{name}.{secrets.token_hex(4)}")
    keep(run, found)
    return found


def keep(run: Run, assignment: Assignment) -> None:
    """
    Raises:
        UserError: ``run.not_writable``.
    """
    try:
        files.write_atomic(run.path / FILE, json.dumps(msgspec.to_builtins(assignment), indent=2))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("run.not_writable", path=str(run.path), reason=reason) from None


def is_elsewhere(run: Run) -> bool:
    """Whether a run is trained elsewhere; nothing is read."""
    return (run.path / FILE).exists()


def goes_on(run: Run, history: History | None = None) -> bool:
    """Whether there is something to follow, or to bring back: a training was begun elsewhere, and
    was not paused and has not failed; or its result is not here yet.

    Args:
        history: of the run, where it was read already.

    Raises:
        UserError: ``run.damaged``, ``run.events_damaged``.
    """
    found = of(run)
    if found is None or not found.begun or found.brought:
        return False
    outcome = (run.history() if history is None else history).outcome
    return outcome is None or (isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled")


def of(run: Run) -> Assignment | None:
    """Where a run is trained; None for this computer.

    Raises:
        UserError: ``run.damaged``.
    """
    path = run.path / FILE
    return records.read(path, Assignment) if path.exists() else None
