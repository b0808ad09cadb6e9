"""Here: that a run is trained elsewhere, kept in its folder."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil

import msgspec

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.places import place as places
from transfergui.core.places.place import Place
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.core.runs.run import ENVIRONMENT, LOCK, RECIPE, SPLIT, Run, list_runs
from transfergui.core.runs.stop_requests import STOP

FILE = "place.json"
OF_AN_EMPTY_RUN = {RECIPE, SPLIT, ENVIRONMENT, FILE, LOCK, STOP}


class Assignment(msgspec.Struct, frozen=True):
    """Where a run is trained.

    Attributes:
        place: as it was when the run was given to it; see :func:`current`.
        job: its name over there.
        begun: whether it was started over there, once at least.
        asked: whether that was asked for, and no answer has come: it may not have begun.
        brought: whether what it left is here.
        ended: whether it has ended there without a result, since it was started last.
        sent: whether something was sent for it, or may have been.
    """

    place: Place
    job: str
    begun: bool = False
    brought: bool = False
    ended: bool = False
    sent: bool = False
    asked: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether the place is in the settings: one that was removed is followed no more.

        Raises:
            UserError: ``place.unreadable``.
        """
        return any(place.name == self.place.name for place in places.known())

    @property
    def current(self) -> Place:
        """The place as it is in the settings now: its launch line may have been mended, and a run
        that somebody sent may name any computer and any command.

        Raises:
            UserError: ``place.removed``: it is in the list no more; ``place.unreadable``.
        """
        found = next((each for each in places.known() if each.name == self.place.name), None)
        if found is None:
            raise UserError("place.removed", name=self.place.name, host=self.place.host)
        return found


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
    was not paused, has not failed and is not known to be dead; or its result is not here yet. Not
    at a place that was removed.

    Args:
        history: of the run, where it was read already.

    Raises:
        UserError: ``run.damaged``, ``run.events_damaged``.
    """
    found = of(run)
    if found is None or not found.begun or found.brought or found.ended or not found.is_listed:
        return False
    outcome = (run.history() if history is None else history).outcome
    return outcome is None or (isinstance(outcome, ev.Finished) and outcome.outcome != "cancelled")


def place_of(run: Run) -> str:
    """The name of the place where a run is trained; empty for this computer, and where that
    cannot be read."""
    with contextlib.suppress(UserError):
        found = of(run)
        return "" if found is None else found.place.name
    return ""


def trains(run: Run) -> bool:
    """Whether, as far as is known here, it is trained elsewhere: it was begun there, and has told
    of no end. Its place may have been removed.

    Raises:
        UserError: ``run.damaged``, ``run.events_damaged``.
    """
    found = of(run)
    return found is not None and found.begun and not found.ended and run.history().outcome is None


def require_listed(run: Run) -> None:
    """
    Raises:
        UserError: ``place.removed``: it is trained at a place that is in the list no more;
            ``run.damaged``, ``place.unreadable``.
    """
    found = of(run)
    if found is not None and not found.brought and not found.is_listed:
        raise UserError("place.removed", name=found.place.name, host=found.place.host)


def waiting(place: Place) -> list[Run]:
    """The runs that are trained at a place, or whose results are there still."""
    found = list[Run]()
    for run in filter(is_elsewhere, list_runs()):
        with contextlib.suppress(UserError):  # damaged: the list of runs says so
            given = of(run)
            if given is not None and given.place.name == place.name and goes_on(run):
                found.append(run)
    return found


def discard_empty(run: Run) -> bool:
    """Delete a run that was just made, for which nothing was sent: nothing is in it but its own
    recipe and data.

    Returns:
        whether it was deleted.
    """
    with contextlib.suppress(OSError, UserError):
        found = of(run)
        names = {each.name for each in run.path.iterdir()}
        if found is not None and not (found.sent or found.begun) and names <= OF_AN_EMPTY_RUN:
            shutil.rmtree(run.path)
            return True
    return False


def of(run: Run) -> Assignment | None:
    """Where a run is trained; None for this computer.

    Raises:
        UserError: ``run.damaged``.
    """
    path = run.path / FILE
    return records.read(path, Assignment) if path.exists() else None
