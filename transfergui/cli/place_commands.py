"""Commands on other computers: place list, add, remove, doctor, runs, stop, clean, export,
answer."""

from __future__ import annotations

from collections.abc import Callable

from transfergui.cli import flags, places
from transfergui.cli.flags import Commands
from transfergui.core.base.i18n import _
from transfergui.core.places import place as rows
from transfergui.core.places.export_files import FORMATS


def add_place(commands: Commands) -> None:
    command = commands.add_parser(
        "place", help=_("other computers on which `train --on` trains, reached by ssh")
    )
    below = command.add_subparsers(metavar=_("COMMAND"), required=True)
    _add_list(below)
    _add_add(below)
    rows_of: tuple[Callable[..., object], ...] = (places.doctor, places.runs)
    for name, help, function in (
        ("remove", _("forget a place; what lies there stays"), places.remove),
        ("doctor", _("check the connection, versions, devices and disk of a place"), places.doctor),
        (
            "runs",
            _("list the runs that are in training at a place now, also those that are not here"),
            places.runs,
        ),
    ):
        each = below.add_parser(name, help=help)
        each.add_argument("name", metavar=_("PLACE"))
        if function in rows_of:
            flags.as_json(each)
        each.set_defaults(command=function)
    _add_stop(below)
    _add_clean(below)
    _add_export(below)
    answer = below.add_parser("answer", help=_("what ssh starts on the other computer"))
    answer.add_argument("folder", metavar=_("DIR"))
    answer.set_defaults(command=places.answer)


def _add_list(commands: Commands) -> None:
    command = commands.add_parser("list", help=_("list the places"))
    flags.as_json(command)
    command.set_defaults(command=places.show)


def _add_add(commands: Commands) -> None:
    command = commands.add_parser(
        "add", help=_("add a place, or change the one of that name; nothing secret is stored")
    )
    command.add_argument("name", metavar=_("PLACE"), help=_("what you call it"))
    command.add_argument(
        "host",
        metavar=_("HOST"),
        help=_("as ssh knows it: a name of its configuration, or user@computer"),
    )
    command.add_argument(
        "--folder",
        metavar=_("DIR"),
        default=rows.FOLDER,
        help=_("the folder there for what is sent and trained (default: %(default)s)"),
    )
    command.add_argument(
        "--program",
        metavar=_("COMMAND"),
        default=rows.PROGRAM,
        help=_("the command that starts TransferGUI there (default: %(default)s)"),
    )
    command.add_argument(
        "--launch",
        metavar=_("LINE"),
        default=rows.LAUNCH,
        help=_(
            "the command that trains there; {run} stands for the folder of the run, {program} for "
            "--program, {log} for a file of what it prints (default: %(default)s)"
        ),
    )
    command.set_defaults(command=places.add)


def _add_stop(commands: Commands) -> None:
    command = commands.add_parser(
        "stop",
        help=_("stop a run that is in training at a place, also one that is not on this computer"),
    )
    command.add_argument("name", metavar=_("PLACE"))
    command.add_argument(
        "run",
        metavar=_("RUN"),
        help=_("its name, as `place runs` shows it, or that of its folder here"),
    )
    command.add_argument("--yes", action="store_true", help=_("do not ask first"))
    command.set_defaults(command=places.stop)


def _add_clean(commands: Commands) -> None:
    command = commands.add_parser(
        "clean", help=_("say what is kept at a place, and delete what no unfinished run needs")
    )
    command.add_argument("name", metavar=_("PLACE"))
    command.add_argument(
        "--all", action="store_true", help=_("what unfinished runs need, too; they are lost")
    )
    command.add_argument("--yes", action="store_true", help=_("do not ask first"))
    flags.as_json(command)
    command.set_defaults(command=places.clean)


def _add_export(commands: Commands) -> None:
    command = commands.add_parser(
        "export", help=_("write a file for those who start jobs with another program")
    )
    command.add_argument("name", metavar=_("PLACE"))
    command.add_argument("--format", choices=sorted(FORMATS), required=True)
    command.add_argument(
        "--out", metavar=_("FILE"), type=flags.FILE, help=_("where to (default: shown)")
    )
    command.set_defaults(command=places.export)
