"""Flags that several commands have.

The flags of ``train`` are paths of the recipe; their help and that of ``--set`` is the options' own
(:mod:`transfergui.core.base.options`), so that window and command line say the same.
"""

import argparse
from typing import TypeAlias

import msgspec

from transfergui.cli import argument_types, settings
from transfergui.cli.help_pages import Parser
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.base.i18n import N_, _
from transfergui.core.data.companions import ROLES
from transfergui.core.data.dataset import DataOptions

MODEL_HELP = N_(
    "a run (its folder, or its name as `runs` lists it), a model package (zipped or unpacked) or "
    "an ONNX file"
)
EXPLAIN_HELP = N_("files, folders, zips, or tables, as for predict")
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
FILE = argument_types.file_path
DATA_HELP = N_(
    "a folder with a folder per class, a table (Excel, CSV, TSV, JSON), or a zip of these"
)


def data(command: argparse.ArgumentParser, needed: bool = True) -> None:
    """What data are meant, and how they are read.

    Args:
        needed: whether nothing else can say what data these are.
    """
    command.add_argument(
        "data.path",
        metavar=_("DATA"),
        type=argument_types.absolute,
        nargs=None if needed else "?",
        help=_(DATA_HELP),
    )
    command.add_argument(
        "--test",
        dest="data.test",
        metavar=_("DIR"),
        type=argument_types.absolute,
        help=_("a folder of test examples"),
    )
    command.add_argument(
        "--labels",
        dest="data.labels",
        metavar=_("FILE"),
        type=argument_types.absolute,
        help=_(
            "DATA is unsorted; this table says the class of each labelled example (CSV with the "
            "columns path and label, as `label` writes it)"
        ),
    )
    modality(command)
    predicted(command)
    corrections(command)
    any_setting(command, _("change any setting, as in optim.lr=0.01"))


def corrections(command: argparse.ArgumentParser) -> None:
    """Whether what was corrected in the window counts."""
    command.add_argument(
        "--corrections",
        action="store_true",
        help=_("use the corrections that were saved for these data in the window"),
    )


def modality(command: argparse.ArgumentParser) -> None:
    """Which kind of data it is."""
    keys = [each.key for each in registry.MODALITIES]
    command.add_argument(
        "--modality", choices=keys, help=_("the kind of data; by default found in the data")
    )


def model(command: argparse.ArgumentParser, optional: bool = False) -> None:
    """Which model predicts."""
    command.add_argument(
        "model",
        metavar=_("RUN|MODEL"),
        type=argument_types.run_path,
        nargs="?" if optional else None,
        help=_(MODEL_HELP),
    )


def unsure(command: argparse.ArgumentParser, help: str) -> None:
    """Below which confidence a prediction is not sure.

    Args:
        help: what becomes of such predictions.
    """
    command.add_argument("--unsure", metavar=_("PERCENT"), type=argument_types.per_cent, help=help)


def at_least(command: argparse.ArgumentParser) -> None:
    """From which score on boxes count."""
    command.add_argument(
        "--at-least",
        metavar=_("PERCENT"),
        type=argument_types.per_cent,
        help=_(
            "of boxes, those with a confidence of at least this (default: the threshold that was "
            "chosen on the validation set)"
        ),
    )


def later(command: argparse.ArgumentParser) -> None:
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
        type=argument_types.absolute,
        nargs="+",
        action="extend",
        help=_("more labelled examples: they are trained on, and the test set stays as it was"),
    )
    command.add_argument(
        "--new-test",
        dest=settings.NEW_TEST,
        metavar=_("PERCENT"),
        type=argument_types.new_test,
        help=_("so much of what is new is not trained on, but is a second test set"),
    )
    command.add_argument(
        "--new-classes",
        dest=settings.NEW_CLASSES,
        action="store_const",
        const="use",
        help=_("train on classes that only the added examples have; by default they are left out"),
    )


def predicted(command: argparse.ArgumentParser) -> None:
    """What is predicted, and from which columns of a table or levels of folders."""
    for flag, path, metavar, read in (
        ("--objective", settings.OBJECTIVE, N_("KEY"), str),
        ("--predict", settings.PREDICT, N_("COLUMN[,COLUMN...]"), argument_types.columns),
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


def any_setting(command: argparse.ArgumentParser, help: str) -> None:
    command.add_argument(
        "--set",
        metavar=_("PATH=VALUE"),
        type=argument_types.setting,
        action="append",
        default=[],
        help=help,
    )


def run(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "run",
        metavar=_("RUN"),
        type=argument_types.run_path,
        help=_("a run: its folder, or its name as `runs` lists it"),
    )


def setting(
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


def processes(command: argparse.ArgumentParser) -> None:
    """How many processes train together."""
    command.add_argument(
        "--processes",
        dest=settings.PROCESSES,
        metavar="N|auto",
        type=argument_types.processes,
        help=_(
            "train with N processes together; auto: one for each NVIDIA graphics card of this "
            "computer (default: 1)"
        ),
    )


def machines(command: argparse.ArgumentParser) -> None:
    """Several computers that train together."""
    command.add_argument(
        "--nnodes",
        metavar="N",
        type=argument_types.computers,
        help=_("train on N computers together; start the same command on each of them"),
    )
    command.add_argument(
        "--node-rank",
        metavar="K",
        type=int,
        default=0,
        help=_(
            "with --nnodes: which of the computers this is, from 0. Computer 0 has the run; the "
            "others need no DATA here, only the same files at the same paths"
        ),
    )
    command.add_argument(
        "--rendezvous",
        metavar=_("HOST:PORT"),
        default="",
        help=_(
            "with --nnodes: the address of computer 0. Whoever reaches it can take part: use it "
            "only where you trust everyone"
        ),
    )


def companions(command: argparse.ArgumentParser) -> None:
    """Other data beside those that are learnt."""
    for role, text in ROLES.items():
        command.add_argument(
            f"--{role}",
            dest=f"companions.{role}",
            metavar=_("DATA"),
            type=argument_types.absolute,
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
        type=argument_types.checks,
        help=_("so many examples of --target-group only check the model, with their labels"),
    )


def as_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help=_("print one JSON document"))


def backbone(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--backbone",
        metavar=_("KEY"),
        type=argument_types.network,
        help=_(
            "the backbone: see `list backbones`; or a weights file, the folder of a run, or a "
            "model package; by default the best fast one on this computer"
        ),
    )


def download(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--download", action="store_true", help=_("download missing weights without asking")
    )


def how(command: argparse.ArgumentParser) -> None:
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


def at_most_wrong(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--at-most-wrong",
        metavar=_("PERCENT"),
        type=argument_types.wrong_per_cent,
        help=_(
            "leave out predictions with low confidence so that at most this percentage of the "
            "others is wrong (measured on the validation set; holds with 90 %% probability)"
        ),
    )
