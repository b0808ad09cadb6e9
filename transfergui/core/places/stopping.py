"""Here: which trainings run at a place, whose they are, and stopping one, whether or not its run is
still on this computer."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from typing import Literal

import msgspec

from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.places import answers
from transfergui.core.places import assignment as assignments
from transfergui.core.places.examining import reached
from transfergui.core.places.keeping import Training
from transfergui.core.places.place import Place
from transfergui.core.places.ssh import Check
from transfergui.core.runs.run import RECIPE, TRASH, Run, list_runs

PATIENCE = 120.0
"""Seconds for one step of a training, after which it pauses."""
AGAIN = 5.0
"""Seconds after which it is asked once more: what is asked before it begins is forgotten."""
STEP = 0.2
Owner = Literal["here", "trash", "unknown"]
OWNERS: dict[Owner, str] = {
    "here": N_("in Runs"),
    "trash": N_("deleted on this computer"),
    "unknown": N_("not on this computer"),
}
"""What became, on this computer, of the run that is in training there."""


class Running(msgspec.Struct, frozen=True):
    """A training that runs at a place.

    Attributes:
        training: as the place tells of it.
        owner: of :data:`OWNERS`.
    """

    training: Training
    owner: Owner

    @property
    def clock(self) -> str:
        """When it began; a dash where that is not known."""
        began = self.training.began
        return "–" if began is None else time.strftime("%Y-%m-%d %H:%M", time.localtime(began))


class _Told(msgspec.Struct, frozen=True):
    """What a place answers; an older version tells of no trainings."""

    trainings: tuple[Training, ...] | None = None


def running(place: Place, check: Check = lambda: None) -> list[Running]:
    """The trainings that run at a place, those first whose runs are not here.

    Args:
        check: called while waiting; may raise to end it.

    Raises:
        UserError: why it cannot be reached; ``place.no_list``.
    """
    with reached(place, check) as link:
        told = link.answers_json(link.ask("kept", only="trainings"), _Told)
    if told.trainings is None:
        raise UserError("place.no_list", name=place.name)
    owners = _owners()
    found = [Running(each, owners.get(each.job, "unknown")) for each in told.trainings]
    return sorted(found, key=lambda each: list(OWNERS).index(each.owner), reverse=True)


def chosen(place: Place, found: Sequence[Running], name: str) -> Running:
    """The training of that name: of its run, if only one is called so, or its name there.

    Raises:
        UserError: ``place.no_training``.
    """
    for called in (
        [each for each in found if each.training.job == name],
        [each for each in found if each.training.run == name],
    ):
        if len(called) == 1:
            return called[0]
    names = shown(comma_list(each.training.job for each in found)) if found else "–"
    raise UserError("place.no_training", name=place.name, training=name, names=names)


def pause(place: Place, job: str, check: Check = lambda: None) -> None:
    """Let a training pause, and wait for that; what it has learned stays there.

    Args:
        job: its name there.

    Raises:
        UserError: why it cannot be reached; ``place.not_ended``.
    """
    with reached(place, check) as link:
        began, asked = time.monotonic(), 0.0
        while link.said(link.ask("state", job=job), answers.State).state == "running":
            check()
            now = time.monotonic()
            if now > began + PATIENCE:
                folder = f"{link.greeting.folder}/jobs/{job}"
                values = {"seconds": round(PATIENCE), "folder": folder}
                raise UserError("place.not_ended", name=place.name, **values)
            if now > asked + AGAIN:
                link.ask("stop", job=job, how="cancel")
                asked = now
            time.sleep(STEP)


def _owners() -> dict[str, Owner]:
    """Whether the run of a training is here, by the name of the training there."""
    trash = [Run(path.parent) for path in (paths.runs_dir() / TRASH).glob(f"*/{RECIPE}")]
    found = dict[str, Owner]()
    kinds: tuple[tuple[Owner, list[Run]], ...] = (("trash", trash), ("here", list_runs()))
    for owner, runs in kinds:
        for run in runs:
            with contextlib.suppress(UserError):  # damaged: the list of runs says so
                given = assignments.of(run)
                if given is not None:
                    found[given.job] = owner
    return found
