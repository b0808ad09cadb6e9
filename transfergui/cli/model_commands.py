"""Commands that let a model predict, or take it elsewhere: predict, explain, export."""

from __future__ import annotations

from transfergui.cli import explaining, flags, models
from transfergui.cli.flags import Commands
from transfergui.core.base.i18n import N_, _
from transfergui.core.evaluation import prediction_table as answers

PATHS_HELP = N_(
    "files, folders, zips, or tables that name files; a .txt file is one text, each row of a table "
    "of texts is one text, and - reads standard input, one text per line"
)
SAVE_HELP = N_(
    "write a table (.csv or .xlsx) with the columns of your own table, the file, the prediction, "
    "every confidence, and a note"
)


def add_predict(commands: Commands) -> None:
    command = commands.add_parser("predict", help=_("predict files and folders with a model"))
    flags.model(command)
    command.add_argument("paths", metavar=_("PATH"), type=flags.FILE, nargs="+", help=_(PATHS_HELP))
    command.add_argument("--save", "--csv", metavar=_("FILE"), type=flags.FILE, help=_(SAVE_HELP))
    command.add_argument(
        "--pictures",
        action="store_true",
        help=_("with --save FILE.xlsx: a small picture in each row, and a sheet that sums up"),
    )
    flags.unsure(
        command,
        _(
            "flag predictions with a confidence below this (default: {percent}, a fixed value, not "
            "measured on your test set); numbers have no confidence"
        ).format(percent=answers.UNSURE),
    )
    flags.at_most_wrong(command)
    flags.at_least(command)
    command.add_argument(
        "--coco",
        metavar=_("FILE"),
        type=flags.FILE,
        help=_("of boxes: also write them, in pixels and with their scores, as COCO JSON"),
    )
    command.add_argument(
        "--tent",
        action="store_true",
        help=_(
            "experimental: adapt the model to these files for this one time (Tent); nothing tells "
            "whether that helps"
        ),
    )
    command.set_defaults(command=models.predict)


def add_explain(commands: Commands) -> None:
    command = commands.add_parser(
        "explain", help=_("show which parts of files and texts a prediction is based on")
    )
    flags.model(command)
    command.add_argument(
        "paths", metavar=_("PATH"), type=flags.FILE, nargs="+", help=_(flags.EXPLAIN_HELP)
    )
    command.add_argument(
        "--out",
        metavar=_("DIR"),
        type=flags.FILE,
        required=True,
        help=_("a folder for the heat maps and explanations.json"),
    )
    command.add_argument(
        "--for",
        dest="name",
        metavar=_("NAME"),
        help=_("the class, label or answer to explain; by default the one that is predicted"),
    )
    flags.as_json(command)
    command.set_defaults(command=explaining.explain)


def add_export(commands: Commands) -> None:
    command = commands.add_parser("export", help=_("export a model for use elsewhere"))
    flags.run(command)
    command.add_argument(
        "--format", metavar=_("KEY"), required=True, help=_("the format: see `list exporters`")
    )
    command.add_argument(
        "--out",
        metavar=_("FILE"),
        type=flags.FILE,
        required=True,
        help=_("the file to write"),
    )
    flags.at_most_wrong(command)
    command.set_defaults(command=models.export)
