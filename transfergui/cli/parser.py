"""Which commands there are, and which flags each takes.

The flags of ``train`` are paths of the recipe; their help and that of
``--set`` is the options' own (:mod:`transfergui.core.base.options`), so that window
and command line say the same.
"""

import argparse
import re
from typing import Any, NoReturn, TypeAlias

import msgspec

from transfergui import __version__
from transfergui.cli import (
    acting,
    associating,
    checking,
    console,
    data,
    doctor,
    evidence,
    explaining,
    labelling,
    machine,
    models,
    ranking,
    runs,
    serving,
    settings,
    training,
    watching,
)
from transfergui.core import registry
from transfergui.core.acting.names import FIELDS
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import options as opt
from transfergui.core.base.i18n import N_, _, ngettext
from transfergui.core.data.companions import ROLES
from transfergui.core.data.dataset import DataOptions
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.labelling.export import HOWS
from transfergui.core.recipe import RunOptions

MODEL_HELP = N_("a run, a model package (zipped or unpacked) or an ONNX file")
PATHS_HELP = N_(
    "files, folders, zips, or tables that name files; a .txt file is one text, each row of a table "
    "of texts is one text, and - reads standard input, one text per line"
)
SAVE_HELP = N_(
    "write a table (.csv or .xlsx) with the columns of your own table, the file, the prediction, "
    "every confidence, and a note"
)
EXPLAIN_HELP = N_("files, folders, zips, or tables, as for predict")
FILE = settings.file_path
DATA_HELP = N_(
    "a folder with a folder per class, a table (Excel, CSV, TSV, JSON), or a zip of these"
)

OF_ARGPARSE = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("ignored explicit argument %r"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
)
"""What Python's argparse says itself."""


NAMED = re.compile(r"^( +\S.*?)( {3,})(?=\S)", re.MULTILINE)
"""What a line of the help is about, and the space up to what it says."""


def _aligned(found: re.Match[str]) -> str:
    """With less space after Chinese letters, which are two columns wide."""
    wide = console.columns_of(found[1]) - len(found[1])
    return found[1] + " " * max(2, len(found[2]) - wide)


class _Formatter(argparse.HelpFormatter):
    """Breaks lines where Chinese may be broken, too."""

    def format_help(self) -> str:
        """With the colon of the language after each heading."""
        text = super().format_help()
        for heading in (_("positional arguments"), _("options")):
            text = text.replace(f"{heading}:\n", _("{heading}:").format(heading=heading) + "\n")
        return NAMED.sub(_aligned, text)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return console.wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in console.wrapped(text, width - len(indent)))


class _WithSettings(_Formatter):
    """Leaves the list of settings as it is."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "".join(indent + line for line in text.splitlines(keepends=True))


class Parser(argparse.ArgumentParser):
    """Says of a flag that there is not which setting may be meant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **options})

    def error(self, message: str) -> NoReturn:
        super().error(message + settings.meant(message))


def _translate_argparse() -> None:
    """Its words in the language of the rest: it would look them up in a catalogue of its own."""
    argparse._ = _  # type: ignore[attr-defined]
    argparse.ngettext = ngettext  # type: ignore[attr-defined]


def make_parser() -> argparse.ArgumentParser:
    """The whole command line; ``parse_args().command`` is the function to call."""
    _translate_argparse()
    parser = Parser(
        prog="transfergui",
        description=_(
            "Train models on your own data, starting from pretrained backbones. Without a "
            "command, the window opens."
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"TransferGUI {__version__}",
        help=_("show program's version number and exit"),
    )
    commands = parser.add_subparsers(metavar=_("COMMAND"), required=True)
    for add in (
        _demo,
        _scan,
        _list,
        _rank,
        _check,
        _label,
        _train,
        _resume,
        _stop,
        _runs,
        _rename,
        _compare,
        _repeat,
        _curve,
        _evaluate,
        _predict,
        _sort,
        _watch,
        _explain,
        _serve,
        _export,
        _associate,
        _doctor,
    ):
        add(commands)
    return parser


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"


def _demo(commands: Commands) -> None:
    command = commands.add_parser("demo", help=_("train on a bundled sample, without the internet"))
    command.add_argument(
        "--sample",
        choices=[sample.key for sample in samples.SAMPLES],
        default=samples.DEFAULT,
        help=_("which sample; %(default)s by default"),
    )
    command.set_defaults(command=machine.demo)


def _scan(commands: Commands) -> None:
    command = commands.add_parser("scan", help=_("show classes, counts and problems of a dataset"))
    _data(command, needed=False)
    _later(command)
    _json(command)
    command.set_defaults(command=data.scan, recipe=None)


def _list(commands: Commands) -> None:
    command = commands.add_parser(
        "list", help=_("list the backbones, strategies, export formats or kinds of data")
    )
    command.add_argument("kind", choices=tuple(data.LISTS))
    _json(command)
    command.set_defaults(command=data.show_list)


def _rank(commands: Commands) -> None:
    command = commands.add_parser(
        "rank", help=_("show how well each backbone on this computer suits a dataset")
    )
    _data(command)
    command.add_argument(
        "--sources",
        metavar=_("SOURCE"),
        type=settings.network,
        nargs="*",
        help=_(
            "compare the data with other data, with the data of finished runs, and with their "
            "backbones: folders of data or runs, tables, keys of backbones; without any, all runs "
            "and backbones on this computer"
        ),
    )
    _json(command)
    command.set_defaults(command=ranking.rank, recipe=None)


def _check(commands: Commands) -> None:
    command = commands.add_parser(
        "check", help=_("look for near duplicates, wrong labels and other faults of a dataset")
    )
    _data(command, needed=False)
    _later(command)
    _backbone(command)
    _download(command)
    _json(command)
    command.set_defaults(command=checking.check, recipe=None)


def _label(commands: Commands) -> None:
    command = commands.add_parser(
        "label",
        help=_("label unsorted data: what to label next, with suggestions; export the labels"),
    )
    command.add_argument(
        "data.path",
        metavar=_("DATA"),
        type=settings.absolute,
        help=_("an unsorted folder, a table of texts without labels, a long recording, or a zip"),
    )
    keys = [modality.key for modality in registry.MODALITIES]
    command.add_argument(
        "--modality", choices=keys, help=_("the kind of data; by default found in the data")
    )
    command.add_argument(
        "--table",
        metavar=_("FILE"),
        type=FILE,
        help=_("where the labels are kept (CSV); by default in TransferGUI's own folder"),
    )
    command.add_argument(
        "--classes",
        metavar=_("NAME[,NAME...]"),
        type=settings.columns,
        help=_("add classes; “none of these” is always there"),
    )
    command.add_argument(
        "--give",
        metavar=_("FILE"),
        type=FILE,
        help=_("add the labels of this table (CSV with the columns path and label)"),
    )
    command.add_argument(
        "--suggest",
        metavar="N",
        type=settings.checks,
        default=labelling.SHOWN,
        help=_("so many examples to label next (default: {count})").format(count=labelling.SHOWN),
    )
    command.add_argument(
        "--export", metavar=_("DIR"), type=FILE, help=_("write the labels, with a split, into DIR")
    )
    command.add_argument(
        "--as",
        dest="how",
        choices=HOWS,
        default=HOWS[0],
        help=_(
            "how to export: folders with copies or with links, a CSV table, or JSON lines "
            "(default: %(default)s)"
        ),
    )
    _backbone(command)
    _download(command)
    _set(command, _("change any setting, as in data.options.text_column=comment"))
    _json(command)
    command.set_defaults(command=labelling.label, recipe=None)


def _train(commands: Commands) -> None:
    command = commands.add_parser(
        "train",
        help=_("train on a dataset; the last line printed is the folder of the run"),
        formatter_class=_WithSettings,
        epilog="\n".join(settings.help_lines()),
    )
    _data(command, needed=False)
    _later(command)
    _backbone(command)
    command.add_argument(
        "--strategy",
        metavar=_("KEY"),
        help=_(
            "see `list strategies`; auto tries several backbones and strategies within --minutes"
        ),
    )
    command.add_argument(
        "--minutes",
        dest="options.minutes",
        metavar="N",
        type=settings.minutes,
        help=_("how many minutes --strategy auto may take (default: 10)"),
    )
    _companions(command)
    _setting(command, "--epochs", "run.epochs", RunOptions)
    _setting(command, "--seed", "run.seed", RunOptions)
    command.add_argument("--out", metavar=_("RUN"), type=FILE, help=_("a new folder for the run"))
    command.add_argument(
        "--recipe", metavar=_("FILE"), type=FILE, help=_("start from this recipe.json")
    )
    _download(command)
    command.set_defaults(command=training.train)


def _resume(commands: Commands) -> None:
    command = commands.add_parser("resume", help=_("resume a training that was interrupted"))
    _run(command)
    command.add_argument(
        "--accept-changes",
        action="store_true",
        help=_("resume although files were added, removed or changed"),
    )
    command.add_argument(
        "--moved",
        nargs=2,
        action="append",
        default=[],
        metavar=(_("OLD"), _("NEW")),
        help=_("other data of the run that were at OLD are at NEW now; they must be the same"),
    )
    _download(command)
    command.set_defaults(command=training.resume)


def _stop(commands: Commands) -> None:
    command = commands.add_parser(
        "stop",
        help=_(
            "stop a training that runs in another terminal or in the window, and keep the best "
            "epoch"
        ),
    )
    _run(command)
    command.add_argument(
        "--cancel",
        action="store_true",
        help=_("pause the training instead, so that it can be resumed later"),
    )
    command.set_defaults(command=training.stop)


def _runs(commands: Commands) -> None:
    command = commands.add_parser("runs", help=_("list the runs, newest first"))
    command.add_argument(
        "folder",
        metavar=_("DIR"),
        type=FILE,
        nargs="?",
        help=_("a folder of runs, or of one; by default, where TransferGUI keeps its runs"),
    )
    _json(command)
    command.set_defaults(command=runs.show_runs)


def _rename(commands: Commands) -> None:
    command = commands.add_parser("rename", help=_("give a run a name; the folder is not renamed"))
    _run(command)
    command.add_argument(
        "name", metavar=_("NAME"), help=_("the name that every list of runs and models shows")
    )
    command.set_defaults(command=runs.rename)


def _compare(commands: Commands) -> None:
    command = commands.add_parser(
        "compare", help=_("show whether one run is better than another, or whether it is chance")
    )
    _run(command)
    command.add_argument("other", metavar=_("RUN"), type=FILE, help=_("the run to compare it with"))
    command.add_argument(
        "--data",
        metavar=_("DATA"),
        help=_("let both predict these data, labelled or not; then model files can be given, too"),
    )
    command.add_argument(
        "--save",
        metavar=_("FILE"),
        type=FILE,
        help=_("write the examples on which the two differ to a CSV file"),
    )
    _json(command)
    command.set_defaults(command=evidence.compare)


def _repeat(commands: Commands) -> None:
    command = commands.add_parser(
        "repeat", help=_("repeat a training with other seeds and splits: how much is chance?")
    )
    _run(command)
    command.add_argument(
        "--count",
        "--seeds",
        metavar="N",
        type=settings.repeats,
        default=evidence.REPEATS,
        help=_(
            "so many repeats on the same split, and as many on others (default: {count})"
        ).format(count=evidence.REPEATS),
    )
    _json(command)
    command.set_defaults(command=evidence.repeat)


def _curve(commands: Commands) -> None:
    command = commands.add_parser(
        "curve", help=_("show how much more training data would help, and of which class")
    )
    _run(command)
    _json(command)
    command.set_defaults(command=evidence.curve)


def _evaluate(commands: Commands) -> None:
    command = commands.add_parser("evaluate", help=_("test a model on a labelled dataset"))
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, help=_(MODEL_HELP))
    command.add_argument("data", metavar=_("DATA"), type=settings.absolute, help=_(DATA_HELP))
    _predicted(command)
    _set(command, _("change how the data are read, as in data.options.label_column=species"))
    _json(command)
    command.set_defaults(command=models.evaluate)


def _predict(commands: Commands) -> None:
    command = commands.add_parser("predict", help=_("predict files and folders with a model"))
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, help=_(MODEL_HELP))
    command.add_argument("paths", metavar=_("PATH"), type=FILE, nargs="+", help=_(PATHS_HELP))
    command.add_argument("--save", "--csv", metavar=_("FILE"), type=FILE, help=_(SAVE_HELP))
    command.add_argument(
        "--pictures",
        action="store_true",
        help=_("with --save FILE.xlsx: a small picture in each row, and a sheet that sums up"),
    )
    command.add_argument(
        "--unsure",
        metavar=_("PERCENT"),
        type=settings.per_cent,
        help=_(
            "flag predictions with a confidence below this (default: {percent}, a fixed value, not "
            "measured on your test set); numbers have no confidence"
        ).format(percent=answers.UNSURE),
    )
    _at_most_wrong(command)
    command.add_argument(
        "--tent",
        action="store_true",
        help=_(
            "experimental: adapt the model to these files for this one time (Tent); nothing tells "
            "whether that helps"
        ),
    )
    command.set_defaults(command=models.predict)


def _sort(commands: Commands) -> None:
    command = commands.add_parser(
        "sort",
        help=_("sort files into a folder per class, or rename them; can be undone"),
    )
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, nargs="?", help=_(MODEL_HELP))
    command.add_argument("paths", metavar=_("PATH"), type=FILE, nargs="*", help=_(EXPLAIN_HELP))
    command.add_argument(
        "--to",
        metavar=_("DIR"),
        type=FILE,
        help=_("sort into folders in DIR; without it, files stay in their folders"),
    )
    _how(command)
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
    command.add_argument(
        "--unsure",
        metavar=_("PERCENT"),
        type=settings.per_cent,
        help=_("files with a confidence below this go apart (default: {percent})").format(
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
    _at_most_wrong(command)
    command.add_argument(
        "--dry-run", action="store_true", help=_("show what would be done, and change nothing")
    )
    command.add_argument(
        "--undo",
        metavar=_("RECORD"),
        type=FILE,
        help=_("put everything back that this record lists"),
    )
    command.add_argument(
        "--continue",
        dest="carry_on",
        metavar=_("RECORD"),
        type=FILE,
        help=_("do the rest of what this record lists, after an interruption"),
    )
    _json(command)
    command.set_defaults(command=acting.sort, how="copy", wrong_usage=command.error)


def _explain(commands: Commands) -> None:
    command = commands.add_parser(
        "explain", help=_("show which parts of files and texts a prediction is based on")
    )
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, help=_(MODEL_HELP))
    command.add_argument("paths", metavar=_("PATH"), type=FILE, nargs="+", help=_(EXPLAIN_HELP))
    command.add_argument(
        "--out",
        metavar=_("DIR"),
        type=FILE,
        required=True,
        help=_("a folder for the heat maps and explanations.json"),
    )
    command.add_argument(
        "--for",
        dest="name",
        metavar=_("NAME"),
        help=_("the class, label or answer to explain; by default the one that is predicted"),
    )
    _json(command)
    command.set_defaults(command=explaining.explain)


def _how(command: argparse.ArgumentParser) -> None:
    """What is done with each file."""
    how = command.add_mutually_exclusive_group()
    for flag, text in (
        ("copy", N_("copy the files (default)")),
        ("move", N_("move the files")),
        (
            "link",
            N_(
                "make hard links, which take no space; on another disk symbolic links, which "
                "Windows does not have"
            ),
        ),
    ):
        how.add_argument(f"--{flag}", dest="how", action="store_const", const=flag, help=_(text))


def _watch(commands: Commands) -> None:
    command = commands.add_parser(
        "watch", help=_("predict and sort new files in a folder as they come, until Ctrl+C")
    )
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, help=_(MODEL_HELP))
    command.add_argument("folder", metavar=_("FOLDER"), type=FILE, help=_("the folder to watch"))
    command.add_argument(
        "--to",
        metavar=_("DIR"),
        type=FILE,
        required=True,
        help=_("sort into folders in DIR, where a table of all predictions grows, too"),
    )
    _how(command)
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
    command.add_argument(
        "--unsure",
        metavar=_("PERCENT"),
        type=settings.per_cent,
        help=_("sort predictions with a confidence below this apart, as for sort"),
    )
    _at_most_wrong(command)
    command.set_defaults(command=watching.watch)


def _serve(commands: Commands) -> None:
    command = commands.add_parser(
        "serve",
        help=_("let a browser and other programs use a model: a page and JSON, until Ctrl+C"),
    )
    command.add_argument("model", metavar=_("RUN|MODEL"), type=FILE, help=_(MODEL_HELP))
    command.add_argument(
        "--port",
        metavar="N",
        type=settings.port,
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
    command.add_argument(
        "--unsure",
        metavar=_("PERCENT"),
        type=settings.per_cent,
        help=_("flag predictions with a confidence below this, as for predict"),
    )
    _at_most_wrong(command)
    command.set_defaults(command=serving.serve)


def _export(commands: Commands) -> None:
    command = commands.add_parser("export", help=_("export a model for use elsewhere"))
    _run(command)
    command.add_argument(
        "--format", metavar=_("KEY"), required=True, help=_("the format: see `list exporters`")
    )
    command.add_argument(
        "--out",
        metavar=_("FILE"),
        type=FILE,
        required=True,
        help=_("the file to write"),
    )
    _at_most_wrong(command)
    command.set_defaults(command=models.export)


def _at_most_wrong(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at-most-wrong",
        metavar=_("PERCENT"),
        type=settings.wrong_per_cent,
        help=_(
            "leave out predictions with low confidence so that at most this percentage of the "
            "others is wrong (measured on the validation set; holds with 90 %% probability)"
        ),
    )


def _associate(commands: Commands) -> None:
    command = commands.add_parser(
        "associate", help=_("open project files and models with this program on a double click")
    )
    command.add_argument("--remove", action="store_true", help=_("take it back"))
    command.add_argument("--yes", action="store_true", help=_("do not ask first"))
    command.set_defaults(command=associating.associate)


def _doctor(commands: Commands) -> None:
    command = commands.add_parser("doctor", help=_("check versions, devices and folders"))
    _json(command)
    command.set_defaults(command=doctor.doctor)


def _data(command: argparse.ArgumentParser, needed: bool = True) -> None:
    """What data are meant, and how they are read.

    Args:
        needed: whether nothing else can say what data these are.
    """
    command.add_argument(
        "data.path",
        metavar=_("DATA"),
        type=settings.absolute,
        nargs=None if needed else "?",
        help=_(DATA_HELP),
    )
    command.add_argument(
        "--test",
        dest="data.test",
        metavar=_("DIR"),
        type=settings.absolute,
        help=_("a folder of test examples"),
    )
    command.add_argument(
        "--labels",
        dest="data.labels",
        metavar=_("FILE"),
        type=settings.absolute,
        help=_(
            "DATA is unsorted; this table says the class of each labelled example (CSV with the "
            "columns path and label, as `label` writes it)"
        ),
    )
    keys = [modality.key for modality in registry.MODALITIES]
    command.add_argument(
        "--modality", choices=keys, help=_("the kind of data; by default found in the data")
    )
    _predicted(command)
    command.add_argument(
        "--corrections",
        action="store_true",
        help=_("use the corrections that were saved for these data in the window"),
    )
    _set(command, _("change any setting, as in optim.lr=0.01"))


def _later(command: argparse.ArgumentParser) -> None:
    """What was trained before, and what arrived since."""
    command.add_argument(
        "--base",
        metavar=_("RUN"),
        type=FILE,
        help=_(
            "continue from this run: its data and settings, unless others are given, and "
            "exactly its validation and test set; examples that are new since are trained on"
        ),
    )
    command.add_argument(
        "--add",
        dest=settings.ADDED,
        metavar=_("DATA"),
        type=settings.absolute,
        nargs="+",
        action="extend",
        help=_("more labelled examples: they are trained on, and the test set stays as it was"),
    )
    command.add_argument(
        "--new-test",
        dest=settings.NEW_TEST,
        metavar=_("PERCENT"),
        type=settings.new_test,
        help=_("so much of what is new is not trained on, but is a second test set"),
    )
    command.add_argument(
        "--new-classes",
        dest=settings.NEW_CLASSES,
        action="store_const",
        const="use",
        help=_("train on classes that only the added examples have; by default they are left out"),
    )


def _predicted(command: argparse.ArgumentParser) -> None:
    """What is predicted, and from which columns of a table or levels of folders."""
    for flag, path, metavar, read in (
        ("--objective", settings.OBJECTIVE, N_("KEY"), str),
        ("--predict", settings.PREDICT, N_("COLUMN[,COLUMN...]"), settings.columns),
    ):
        option = next(o for o in opt.describe(DataOptions) if path == f"data.{o.name}")
        keys = [str(key) for key, _title in option.choices if key]
        command.add_argument(
            flag,
            dest=path,
            metavar="|".join(keys) or _(metavar),
            choices=keys or None,
            type=read,
            help=_(option.help),
        )


def _set(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument(
        "--set",
        metavar=_("PATH=VALUE"),
        type=settings.setting,
        action="append",
        default=[],
        help=help,
    )


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar=_("RUN"), type=FILE, help=_("the folder of a run"))


def _setting(
    command: argparse.ArgumentParser, flag: str, path: str, struct: type[msgspec.Struct]
) -> None:
    """A flag that sets ``path`` of the recipe; type and help are the option's own."""
    option = next(o for o in opt.describe(struct) if o.name == path.rpartition(".")[2])
    command.add_argument(
        flag,
        dest=path,
        metavar="N",
        type=int if option.kind == "int" else str,
        help=_(option.help).replace("%", "%%"),
    )


def _companions(command: argparse.ArgumentParser) -> None:
    """Other data beside those that are learnt."""
    for role, text in ROLES.items():
        command.add_argument(
            f"--{role}",
            dest=f"companions.{role}",
            metavar=_("DATA"),
            type=settings.absolute,
            nargs="+" if text.several else None,
            action="extend" if text.several else "store",
            help=f"{_(text.title)}. {_(text.summary)}",
        )
    command.add_argument(
        "--target-group",
        dest="data.elsewhere",
        metavar=_("NAME"),
        nargs="+",
        action="extend",
        help=_(
            "groups of DATA, such as a speaker or a camera, from where the model will be used: "
            "they leave training, validation and test, and the model is adapted to them without "
            "their labels"
        ),
    )
    command.add_argument(
        "--check-count",
        dest="data.elsewhere_checks",
        metavar="N",
        type=settings.checks,
        help=_("so many examples of --target-group only check the model, with their labels"),
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=_("print one JSON document"))


def _backbone(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--backbone",
        metavar=_("KEY"),
        type=settings.network,
        help=_(
            "the backbone: see `list backbones`; or a weights file, the folder of a run, or a "
            "model package; by default the best fast one on this computer"
        ),
    )


def _download(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--download", action="store_true", help=_("download missing weights without asking")
    )
