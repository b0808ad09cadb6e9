"""Here: what a place has, what it lacks, and the command that mends it over there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, comma_list
from transfergui.core.base.notes import Note
from transfergui.core.places import answers, ssh
from transfergui.core.places.place import Place
from transfergui.core.places.ssh import Check, Connection, LostError, SilentError
from transfergui.core.runs.run import current_environment

PATIENCE = 300.0
"""Seconds: every library over there is imported."""
Step = Literal["connect", "start", "libraries", "disk"]
STEPS: dict[Step, str] = {
    "connect": N_("Connecting to {name}…"),
    "start": N_("Connected to {name}. Starting TransferGUI there…"),
    "libraries": N_(
        "TransferGUI started. Looking at libraries and devices there; this can take a minute or "
        "two…"
    ),
    "disk": N_("Looking at the folder and the disk there…"),
}
"""What is done, in turn."""
COMPARED = ("transfergui", "torch", "torchvision", "python")
"""What makes a difference to results where it is another version."""


class Found(msgspec.Struct, frozen=True):
    """As :class:`transfergui.core.app.doctor.Finding`, of over there."""

    topic: str
    name: str
    value: str
    state: Literal["good", "note", "broken"] = "good"
    mend: str = ""


class Examined(msgspec.Struct, frozen=True):
    """What was found.

    Attributes:
        folder: absolute, over there.
        kept: bytes in it.
        free: bytes on its disk.
        notes: what differs from here; of level ``error``, what keeps a training from running.
    """

    folder: str
    kept: int
    free: int
    findings: tuple[Found, ...]
    notes: tuple[Note, ...]

    @property
    def works(self) -> bool:
        """Whether a training can run there, as far as was seen."""
        broken = any(each.state == "broken" for each in self.findings)
        return not broken and not any(note.level == "error" for note in self.notes)


def require_reachable(place: Place) -> None:
    """
    Raises:
        UserError: why it cannot be reached, or what it lacks.
    """
    with reached(place):
        pass


@contextlib.contextmanager
def reached(
    place: Place,
    check: Check = lambda: None,
    patience: float = ssh.PATIENCE,
    logged_in: Check = lambda: None,
) -> Iterator[Connection]:
    """A connection for what is asked once: where it cannot be made, or ends, that is told.

    Args:
        check, patience, logged_in: as of :class:`Connection`.

    Raises:
        UserError: why it cannot be reached, or what it lacks.
    """
    try:
        with Connection(place, check, patience, logged_in) as link:
            yield link
    except LostError as error:
        raise unreachable(place, error) from None


def examine(
    place: Place, check: Check = lambda: None, step: Callable[[Step], object] = lambda _step: None
) -> Examined:
    """Let a place be examined.

    Args:
        check: called while waiting; may raise to end it.
        step: called with what is done now, also from another thread.

    Raises:
        UserError: why it cannot be reached; ``place.disk``: nothing can be written there.
    """
    step("connect")
    with reached(place, check, PATIENCE, lambda: step("start")) as link:
        step("libraries")
        launch = place.command("RUN", "LOG")
        frame = link.ask("doctor", launch=launch, part="libraries")
        rows = link.answers_json(frame, tuple[Found, ...])
        if "kept" not in frame.fields:  # an older version answers everything at once
            step("disk")
            frame = link.ask("doctor", launch=launch, part="disk")
        told = link.said(frame, answers.Sizes)
        notes = (*_launch_notes(place, frame.fields), *differences(link))
        return Examined(link.greeting.folder, told.kept, told.free, rows, notes)


def _launch_notes(place: Place, told: Mapping[str, Any]) -> list[Note]:
    """What is wrong with the launch line, as the other side sees it."""
    values = {"name": place.name, "launch": place.launch}
    if missing := str(told.get("missing") or ""):
        return [Note("place.no_program", {**values, "program": missing}, "error")]
    if reason := str(told.get("syntax") or ""):
        return [Note("place.launch_syntax", {**values, "reason": reason}, "error")]
    return []


def differences(link: Connection) -> list[Note]:
    """Which versions are not those of here."""
    here, there = current_environment(), link.greeting.environment
    other = [
        f"{name} {here[name]} / {there.get(name, '–')}"
        for name in COMPARED
        if name in here and _plain(here[name]) != _plain(there.get(name))
    ]
    values = {"name": link.place.name, "names": comma_list(other)}
    return [Note("place.versions", values, "warning")] if other else []


def unreachable(place: Place, error: LostError) -> UserError:
    """What to say where there is no connection."""
    values = {"name": place.name, "host": place.host}
    if isinstance(error, SilentError):
        return UserError("place.silent", seconds=error.seconds, **values)
    return UserError("place.unreachable", reason=error.reason or "–", **values)


def _plain(version: str | None) -> str:
    """A version without the kind of processor that it was built for."""
    return (version or "").partition("+")[0]
