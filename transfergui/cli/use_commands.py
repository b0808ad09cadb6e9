"""Commands that put a model to work: sort, watch, serve."""

from __future__ import annotations

import argparse

from transfergui.cli import acting, argument_types, cropping, flags, serving, watching
from transfergui.cli.flags import Commands
from transfergui.core.acting.names import FIELDS
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import prediction_table as answers


def add_sort(commands: Commands) -> None:
    command = commands.add_parser(
        "sort",
        help=_("sort files into a folder per class, or rename them; can be undone"),
    )
    flags.model(command, optional=True)
    command.add_argument(
        "paths", metavar=_("PATH"), type=flags.FILE, nargs="*", help=_(flags.EXPLAIN_HELP)
    )
    command.add_argument(
        "--to",
        metavar=_("DIR"),
        type=flags.FILE,
        help=_("sort into folders in DIR; without it, files stay in their folders"),
    )
    _how_to_sort(command)
    flags.at_most_wrong(command)
    _records(command)
    flags.as_json(command)
    command.set_defaults(command=acting.sort, how="copy", wrong_usage=command.error)


def _how_to_sort(command: argparse.ArgumentParser) -> None:
    """What becomes of each file, and which prediction says where it goes."""
    flags.how(command)
    command.add_argument(
        "--name",
        metavar=_("PATTERN"),
        default="",
        help=_(
            "new names, made of {fields}; the ending stays. Without --to, the files are renamed "
            "where they are"
        ).format(fields=", ".join(f"{{{field}}}" for field in FIELDS)),
    )
    command.add_argument(
        "--sidecars",
        metavar=_("WHERE"),
        default="",
        help=_(
            "write a JSON file with the prediction for each file: beside the `copies`, beside the "
            "`originals`, or into a folder"
        ),
    )
    flags.unsure(
        command,
        _("files with a confidence below this go apart (default: {percent})").format(
            percent=answers.UNSURE
        ),
    )
    command.add_argument(
        "--labels",
        choices=("first", "each"),
        default="first",
        help=_("of several labels, sort by the most confident one, or into a folder for each"),
    )
    command.add_argument(
        "--question",
        metavar=_("NAME"),
        default="",
        help=_("of several questions, the one to sort by (default: the first)"),
    )


def _records(command: argparse.ArgumentParser) -> None:
    """Seeing it before, undoing it, and carrying on after an interruption."""
    command.add_argument(
        "--dry-run", action="store_true", help=_("show what would be done, and change nothing")
    )
    command.add_argument(
        "--undo",
        metavar=_("RECORD"),
        type=flags.FILE,
        help=_("put everything back that this record lists"),
    )
    command.add_argument(
        "--continue",
        dest="carry_on",
        metavar=_("RECORD"),
        type=flags.FILE,
        help=_("do the rest of what this record lists, after an interruption"),
    )


def add_crop(commands: Commands) -> None:
    command = commands.add_parser(
        "crop",
        help=_("cut the boxes that a model finds out of pictures, into a folder per class"),
    )
    flags.model(command, optional=True)
    command.add_argument(
        "paths", metavar=_("PATH"), type=flags.FILE, nargs="*", help=_(flags.EXPLAIN_HELP)
    )
    command.add_argument(
        "--to", metavar=_("DIR"), type=flags.FILE, help=_("the folder that gets a folder per class")
    )
    command.add_argument(
        "--data",
        metavar=_("DATA"),
        type=flags.FILE,
        help=_("cut out the labelled boxes of a dataset instead; no model is needed"),
    )
    command.add_argument(
        "--margin",
        metavar=_("PERCENT"),
        type=argument_types.per_cent,
        default=0.0,
        help=_("keep so much of the box's width and height on each side (default: 0)"),
    )
    flags.corrections(command)
    flags.at_least(command)
    _records(command)
    flags.as_json(command)
    command.set_defaults(command=cropping.crop, at_most_wrong=None, wrong_usage=command.error)


def add_watch(commands: Commands) -> None:
    command = commands.add_parser(
        "watch", help=_("predict and sort new files in a folder as they come, until Ctrl+C")
    )
    flags.model(command)
    command.add_argument(
        "folder", metavar=_("FOLDER"), type=flags.FILE, help=_("the folder to watch")
    )
    command.add_argument(
        "--to",
        metavar=_("DIR"),
        type=flags.FILE,
        required=True,
        help=_("sort into folders in DIR, where a table of all predictions grows, too"),
    )
    flags.how(command)
    command.add_argument(
        "--table-only",
        action="store_true",
        help=_("only write the table in DIR; the files stay where they are"),
    )
    command.add_argument(
        "--new-only",
        action="store_true",
        help=_("leave alone what is in FOLDER when it is watched for the first time"),
    )
    flags.unsure(
        command,
        _("sort predictions with a confidence below this apart, as for sort"),
    )
    flags.at_most_wrong(command)
    command.set_defaults(command=watching.watch)


def add_serve(commands: Commands) -> None:
    command = commands.add_parser(
        "serve",
        help=_("let a browser and other programs use a model: a page and JSON, until Ctrl+C"),
    )
    flags.model(command)
    command.add_argument(
        "--port",
        metavar="N",
        type=argument_types.port,
        default=serving.PORT,
        help=_("where it listens (default: %(default)s); 0 takes any that is free"),
    )
    command.add_argument(
        "--host",
        metavar=_("ADDRESS"),
        default=serving.HOST,
        help=_("which computers can reach it: by default this one only; others need --token"),
    )
    command.add_argument(
        "--token",
        metavar=_("TOKEN"),
        default="",
        help=_(
            "a secret that each request must carry; “generate” makes one and prints it in the "
            "address"
        ),
    )
    flags.unsure(
        command,
        _("flag predictions with a confidence below this, as for predict"),
    )
    flags.at_most_wrong(command)
    command.set_defaults(command=serving.serve)
