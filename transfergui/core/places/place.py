"""A place: another computer on which TransferGUI is installed and that ssh reaches.

Rows of ``places.json`` in the folder of the settings. Nothing secret is in them: how one logs in
is the business of ssh (its configuration, keys and agent).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import msgspec

from transfergui.core.base import files, paths, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_

FILE = "places.json"
FOLDER = "~/transfergui"
"""Where a place keeps what was sent, unless another folder is named."""
PROGRAM = "transfergui"
LAUNCH = "{program} resume {run}"
HOST = re.compile(r"[^\s-]\S*")
"""An alias of ssh, or user@host. What begins with a dash would be an option of ssh."""
HOST_AND_PORT = re.compile(r"[^\s:/]+:([0-9]{1,5})")
"""What ssh takes as the name of a host, so that it never finds one; an IPv6 address has more
colons."""
FOLDER_NAME = re.compile(r"(?!-)[^\x00-\x1f\x7f\\!]+")
"""Folders that every shell (sh, csh, fish) takes as they are when they are quoted."""
PRESETS = {
    LAUNCH: N_("As the training is set (usually one process)"),
    "{program} resume {run} --processes auto": N_("One process on each graphics card (torchrun)"),
    "sbatch --wait --gres=gpu:1 --output={log} --wrap='{program} resume {run}'": N_(
        "A job of SLURM (sbatch)"
    ),
}
"""Launch lines, and what they do."""


class Place(msgspec.Struct, frozen=True):
    """A row.

    Attributes:
        name: what the user calls it.
        host: as ssh knows it: an alias of its configuration, ``user@host``, or
            ``ssh://user@host:port``.
        folder: over there, in which everything is kept that is sent and trained.
        program: the command that starts TransferGUI over there.
        launch: the command that trains, as the shell over there understands it; ``{program}``,
            ``{run}`` (the folder of the run) and ``{log}`` (a file for what it prints) are
            replaced. It must last as long as the training does. It is begun in the folder that has
            both, and their names there stand for them where their paths would have to be quoted.
    """

    name: str
    host: str
    folder: str = FOLDER
    program: str = PROGRAM
    launch: str = LAUNCH

    def command(self, run: str, log: str) -> str:
        """The launch line for a run over there."""
        line = self.launch if "{run}" in self.launch else f"{self.launch} resume {{run}}"
        for name, value in (("{program}", self.program), ("{run}", run), ("{log}", log)):
            line = line.replace(name, value)
        return line


def checked(place: Place) -> Place:
    """``place`` as it can be used.

    Raises:
        UserError: ``place.no_name``, ``place.host_name``, ``place.host_port``,
            ``place.folder_name``; of the launch line, ``place.no_run``, ``place.launch_braces``.
    """
    tidy = {name: " ".join(text.split()) for name, text in msgspec.structs.asdict(place).items()}
    tidy["folder"] = place.folder.strip().rstrip("/") or FOLDER
    place = Place(**{name: text for name, text in tidy.items() if text or name in ("name", "host")})
    if not place.name:
        raise UserError("place.no_name")
    if not HOST.fullmatch(place.host):
        raise UserError("place.host_name", host=place.host)
    if named := HOST_AND_PORT.fullmatch(place.host):
        address = f"ssh://{place.host}"
        raise UserError("place.host_port", host=place.host, address=address, port=named[1])
    if not FOLDER_NAME.fullmatch(place.folder):
        raise UserError("place.folder_name", folder=place.folder)
    _check_launch(place.launch)
    return place


def _check_launch(line: str) -> None:
    """
    Raises:
        UserError: what is wrong with a launch line.
    """
    if line.count("{") != line.count("}"):
        raise UserError("place.launch_braces", launch=line)
    if "{run}" not in line:
        raise UserError("place.no_run", launch=line, run="{run}", example=LAUNCH)


def known() -> tuple[Place, ...]:
    """All places, in the order in which they were added.

    Raises:
        UserError: ``place.unreadable``.
    """
    path = paths.settings_dir() / FILE
    if not path.exists():
        return ()
    return records.read(path, tuple[Place, ...], "place.unreadable")


def find(name: str) -> Place:
    """The place of that name.

    Raises:
        UserError: ``place.unknown``, ``place.none``; as :func:`known`.
    """
    found = known()
    for place in found:
        if place.name == name:
            return place
    if not found:
        raise UserError("place.none")
    names = ", ".join(place.name for place in found)
    raise UserError("place.unknown", name=name, names=names)


def add(place: Place) -> Place:
    """Keep a place; one of the same name is replaced.

    Raises:
        UserError: as :func:`checked` and :func:`known`; ``disk.full``.
    """
    place = checked(place)
    rows = [place if each.name == place.name else each for each in known()]
    _save(rows if place in rows else [*rows, place])
    return place


def remove(name: str) -> Place:
    """Forget a place. What lies over there stays.

    Raises:
        UserError: as :func:`find`; ``disk.full``.
    """
    gone = find(name)
    _save(each for each in known() if each != gone)
    return gone


def _save(places: Iterable[Place]) -> None:
    path = paths.settings_dir() / FILE
    try:
        files.write_atomic(path, json.dumps(msgspec.to_builtins(list(places)), indent=2))
    except OSError as error:
        raise files.not_written(path, error) from None
