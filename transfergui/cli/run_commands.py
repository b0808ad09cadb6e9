"""Commands on what was trained: runs, rename, compare, repeat, curve, evaluate."""

from __future__ import annotations

from transfergui.cli import argument_types, evidence, flags, models, runs
from transfergui.cli.flags import Commands
from transfergui.core.base.i18n import _


def add_runs(commands: Commands) -> None:
    command = commands.add_parser("runs", help=_("list the runs, newest first"))
    command.add_argument(
        "folder",
        metavar=_("DIR"),
        type=flags.FILE,
        nargs="?",
        help=_("a folder of runs, or of one; by default, where TransferGUI keeps its runs"),
    )
    flags.as_json(command)
    command.set_defaults(command=runs.show_runs)


def add_rename(commands: Commands) -> None:
    command = commands.add_parser("rename", help=_("give a run a name; the folder is not renamed"))
    flags.run(command)
    command.add_argument(
        "name", metavar=_("NAME"), help=_("the name that every list of runs and models shows")
    )
    command.set_defaults(command=runs.rename)


def add_compare(commands: Commands) -> None:
    command = commands.add_parser(
        "compare", help=_("show whether one run is better than another, or whether it is chance")
    )
    flags.run(command)
    command.add_argument(
        "other", metavar=_("RUN"), type=flags.FILE, help=_("the run to compare it with")
    )
    command.add_argument(
        "--data",
        metavar=_("DATA"),
        help=_("let both predict these data, labelled or not; then model files can be given, too"),
    )
    command.add_argument(
        "--save",
        metavar=_("FILE"),
        type=flags.FILE,
        help=_("write the examples on which the two differ to a CSV file"),
    )
    flags.as_json(command)
    command.set_defaults(command=evidence.compare)


def add_repeat(commands: Commands) -> None:
    command = commands.add_parser(
        "repeat", help=_("repeat a training with other seeds and splits: how much is chance?")
    )
    flags.run(command)
    command.add_argument(
        "--count",
        "--seeds",
        metavar="N",
        type=argument_types.repeats,
        default=evidence.REPEATS,
        help=_(
            "so many repeats on the same split, and as many on others (default: {count})"
        ).format(count=evidence.REPEATS),
    )
    flags.as_json(command)
    command.set_defaults(command=evidence.repeat)


def add_curve(commands: Commands) -> None:
    command = commands.add_parser(
        "curve", help=_("show how much more training data would help, and of which class")
    )
    flags.run(command)
    flags.as_json(command)
    command.set_defaults(command=evidence.curve)


def add_evaluate(commands: Commands) -> None:
    command = commands.add_parser("evaluate", help=_("test a model on a labelled dataset"))
    flags.model(command)
    command.add_argument(
        "data", metavar=_("DATA"), type=argument_types.absolute, help=_(flags.DATA_HELP)
    )
    flags.predicted(command)
    flags.any_setting(
        command, _("change how the data are read, as in data.options.label_column=species")
    )
    flags.as_json(command)
    command.set_defaults(command=models.evaluate)
