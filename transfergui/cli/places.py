"""``place``: other computers on which trainings can run."""

import argparse
import contextlib
import sys
from typing import Any

import msgspec

from transfergui.cli import console
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.base.i18n import N_, _
from transfergui.core.places import answering, export_files
from transfergui.core.places import place as places
from transfergui.core.places.examining import examine
from transfergui.core.places.place import Place

COLUMNS = ("name", "host", "folder", "program", "launch")
MARKS = {"good": "", "note": N_("note:"), "broken": N_("BROKEN:")}


def show(arguments: argparse.Namespace) -> None:
    """``transfergui place list [--json]``."""
    rows = places.known()
    if arguments.json:
        console.document([msgspec.to_builtins(place) for place in rows])
    elif rows:
        cells = [tuple(getattr(place, name) for name in COLUMNS) for place in rows]
        console.table(cells, COLUMNS)
    else:
        console.say(_("There are no places yet. Add one: transfergui place add NAME HOST"))


def add(arguments: argparse.Namespace) -> None:
    """``transfergui place add PLACE HOST``.

    Raises:
        UserError: as :func:`places.add`.
    """
    place = Place(**{name: getattr(arguments, name) for name in COLUMNS})
    place = places.add(place)
    text = _("Added {name} ({host}). Check it with: transfergui place doctor {name}")
    console.say(text.format(name=place.name, host=place.host))


def remove(arguments: argparse.Namespace) -> None:
    """``transfergui place remove PLACE``.

    Raises:
        UserError: as :func:`places.remove`.
    """
    gone = places.remove(arguments.name)
    text = _("Removed {name}. What was sent there stays in {folder} on {host}; delete it there.")
    console.say(text.format(name=gone.name, folder=gone.folder, host=gone.host))


def doctor(arguments: argparse.Namespace) -> None:
    """``transfergui place doctor PLACE [--json]``.

    Raises:
        UserError: why it cannot be reached; ``doctor.broken``: something keeps it from working.
    """
    found = examine(places.find(arguments.name))
    if arguments.json:
        console.document(msgspec.to_builtins(found))
    else:
        rows: list[tuple[Any, ...]] = [
            (_("folder"), found.folder),
            (_("kept there"), bytes_text(found.kept)),
            (_("free there"), bytes_text(found.free)),
        ]
        rows += [(f.name, f"{_(MARKS[f.state])} {f.value}".strip()) for f in found.findings]
        console.table(rows)
        for note in found.notes:
            console.say(note.sentence())
        for finding in found.findings:
            if finding.mend:
                console.result(f"{finding.name}: {finding.mend}")
    broken = [finding.name for finding in found.findings if finding.state == "broken"]
    if broken:
        raise UserError("doctor.broken", names=", ".join(broken))


def export(arguments: argparse.Namespace) -> None:
    """``transfergui place export PLACE --format FORMAT [--out FILE]``.

    Raises:
        UserError: as :func:`places.find`; ``disk.full``.
    """
    text = export_files.FORMATS[arguments.format](places.find(arguments.name))
    if arguments.out is None:
        console.result(text.rstrip())
        return
    try:
        files.write_output(arguments.out, text.encode())
    except OSError as error:
        raise files.not_written(arguments.out, error) from None
    console.result(str(arguments.out))


def answer(arguments: argparse.Namespace) -> None:
    """``transfergui place answer DIR``: what else is printed must not get between the answers."""
    told = sys.stdout.buffer
    with contextlib.redirect_stdout(sys.stderr):
        answering.answer(arguments.folder, sys.stdin.buffer, told)
