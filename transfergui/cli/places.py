"""``place``: other computers on which trainings can run."""

import argparse
import contextlib
import shlex
import sys
from typing import Any

import msgspec

from transfergui.cli import console
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import bytes_text
from transfergui.core.base.i18n import N_, _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.places import answering, cleaning, export_files, stopping
from transfergui.core.places import assignment as assignments
from transfergui.core.places import place as places
from transfergui.core.places.examining import STEPS, Examined, Step, examine
from transfergui.core.places.keeping import Kept
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
    before = {each.name for each in places.known()}
    place = places.add(place)
    text = _("Added {name} ({host}). Check it with: {command}")
    if place.name in before:
        text = _("Changed {name}, which was in the list already ({host}). Check it with: {command}")
    command = f"transfergui place doctor {shlex.quote(place.name)}"
    console.say(text.format(name=place.name, host=place.host, command=command))


def remove(arguments: argparse.Namespace) -> None:
    """``transfergui place remove PLACE``.

    Raises:
        UserError: as :func:`places.remove`.
    """
    runs = assignments.waiting(places.find(arguments.name))
    gone = places.remove(arguments.name)
    text = _("Removed {name}. What was sent there stays in {folder} on {host}; delete it there.")
    console.say(text.format(name=gone.name, folder=gone.folder, host=gone.host))
    if runs:
        text = _(
            "These runs are trained there, or their results are there still: {names}. They are "
            "followed again once {name} is added again; `transfergui stop RUN` stops one."
        )
        names = comma_list(shown(run.path.name) for run in runs)
        console.say(text.format(names=names, name=gone.name))


def doctor(arguments: argparse.Namespace) -> None:
    """``transfergui place doctor PLACE [--json]``.

    Raises:
        UserError: why it cannot be reached; ``doctor.broken``, ``place.not_ready``: no training
            can run there.
    """
    place = places.find(arguments.name)

    def tell(step: Step) -> None:
        console.say(_(STEPS[step]).format(name=place.name))

    found = examine(place, step=tell)
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
        _say_commands(place, found)
    broken = [finding.name for finding in found.findings if finding.state == "broken"]
    if broken:
        raise UserError("doctor.broken", names=", ".join(broken))
    if not found.works:
        raise UserError("place.not_ready", name=place.name)
    if not arguments.json:
        console.say(_("Ready: a training can run on {name}.").format(name=place.name))


def _say_commands(place: Place, found: Examined) -> None:
    """What mends what is broken, and what is optional."""
    texts = {
        "broken": _("To be run on {name}:"),
        "note": _("Optional, on {name}; a training runs without this, too:"),
    }
    for state, text in texts.items():
        rows = [each for each in found.findings if each.mend and each.state == state]
        if rows:
            console.say(text.format(name=place.name))
        for each in rows:
            console.result(f"{each.name}: {each.mend}")


def clean(arguments: argparse.Namespace) -> None:
    """``transfergui place clean PLACE [--all] [--yes] [--json]``: says what goes, and asks first.

    Raises:
        UserError: as of :func:`cleaning.clean`; ``place.clean_not_asked``: nobody can answer.
    """
    place = places.find(arguments.name)
    found = cleaning.kept(place)
    if arguments.json:
        console.document(msgspec.to_builtins(found))
    else:
        _say_kept(found, arguments.all)
    if arguments.json and not arguments.yes:
        return
    if found.running:  # nothing is asked that would be refused
        raise UserError("place.clean_running", names=comma_list(found.running))
    if not (found.total if arguments.all else found.unused):
        console.say(_("There is nothing to delete."))
        return
    if not arguments.yes and not console.is_terminal():
        raise UserError("place.clean_not_asked")
    if not arguments.yes and not console.ask(_("Delete this now?")):
        console.say(_("Nothing was deleted."))
        return
    freed = cleaning.clean(place, arguments.all)
    console.say(_("Deleted {size} on {name}.").format(size=bytes_text(freed), name=place.name))


def _say_kept(found: Kept, everything: bool) -> None:
    """Sizes, what of them goes, and the runs that keep something there."""
    kinds = ((_("data"), found.data), (_("weights"), found.weights), (_("runs"), found.runs))
    rows = [
        (name, bytes_text(each.total), bytes_text(each.total if everything else each.unused))
        for name, each in kinds
    ]
    console.table(rows, (_("kind"), _("kept there"), _("to delete")))
    for text, names in (
        (_("Finished, with their results here: {names}"), found.finished),
        (_("Not finished, or with results that are not here yet: {names}"), found.unfinished),
    ):
        if names:
            console.say(text.format(names=comma_list(names)))
    if found.unfinished and everything:
        console.say(_("What was trained in the runs that are not finished is lost."))
    elif found.unfinished:
        console.say(_("What these need is kept; --all deletes it, too."))


def runs(arguments: argparse.Namespace) -> None:
    """``transfergui place runs PLACE [--json]``: those that run there now.

    Raises:
        UserError: as of :func:`stopping.running`.
    """
    found = stopping.running(places.find(arguments.name))
    if arguments.json:
        console.document(msgspec.to_builtins(found))
    elif found:
        console.table([_cells(each) for each in found], (_("name"), _("started"), _("location")))
    else:
        console.say(_("No run is in training there."))


def _cells(each: stopping.Running) -> tuple[str, str, str]:
    return shown(each.training.job), each.clock, _(stopping.OWNERS[each.owner])


def stop(arguments: argparse.Namespace) -> None:
    """``transfergui place stop PLACE RUN [--yes]``: asks first.

    Raises:
        UserError: as of :func:`stopping.chosen` and :func:`stopping.pause`;
            ``place.stop_not_asked``: nobody can answer.
    """
    place = places.find(arguments.name)
    each = stopping.chosen(place, stopping.running(place), arguments.run)
    console.table([_cells(each)], (_("name"), _("started"), _("location")))
    if not arguments.yes and not console.is_terminal():
        raise UserError("place.stop_not_asked")
    if not arguments.yes and not console.ask(_("Stop this training?")):
        console.say(_("Nothing was stopped."))
        return
    stopping.pause(place, each.training.job)
    text = _("Stopped. What it has learned stays there until `place clean --all` deletes it.")
    console.say(text)


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
