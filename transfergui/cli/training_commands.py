"""Commands that train: demo, train, resume, stop."""

from __future__ import annotations

from transfergui.cli import argument_types, flags, machine, setting_names, training
from transfergui.cli.flags import Commands
from transfergui.cli.help_pages import WithSettings
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base.i18n import _
from transfergui.core.recipe import RunOptions


def add_demo(commands: Commands) -> None:
    command = commands.add_parser("demo", help=_("train on a bundled sample, without the internet"))
    command.add_argument(
        "--sample",
        choices=[sample.key for sample in samples.SAMPLES],
        default=samples.DEFAULT,
        help=_("which sample; %(default)s by default"),
    )
    command.set_defaults(command=machine.demo)


def add_train(commands: Commands) -> None:
    command = commands.add_parser(
        "train",
        help=_("train on a dataset; the last line printed is the folder of the run"),
        formatter_class=WithSettings,
        epilog="\n".join(setting_names.help_lines()),
    )
    flags.data(command, needed=False)
    flags.later(command)
    flags.backbone(command)
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
        type=argument_types.minutes,
        help=_("how many minutes --strategy auto may take (default: 10)"),
    )
    flags.companions(command)
    flags.setting(command, "--epochs", "run.epochs", RunOptions)
    flags.setting(command, "--seed", "run.seed", RunOptions)
    flags.processes(command)
    flags.machines(command)
    command.add_argument(
        "--out", metavar=_("RUN"), type=flags.FILE, help=_("a new folder for the run")
    )
    command.add_argument(
        "--recipe", metavar=_("FILE"), type=flags.FILE, help=_("start from this recipe.json")
    )
    command.add_argument(
        "--on",
        metavar=_("PLACE"),
        help=_("train on another computer; see `place list` and `place add`"),
    )
    flags.download(command)
    command.set_defaults(command=training.train, wrong_usage=command.error)


def add_resume(commands: Commands) -> None:
    command = commands.add_parser("resume", help=_("resume a training that was interrupted"))
    flags.run(command)
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
    command.add_argument(
        "--join",
        action="store_true",
        help=_(
            "take part in the search of a run that another process, here or on a computer that "
            "shares the disk, is training with --strategy auto"
        ),
    )
    flags.processes(command)
    flags.machines(command)
    flags.download(command)
    command.set_defaults(command=training.resume, wrong_usage=command.error)


def add_stop(commands: Commands) -> None:
    command = commands.add_parser(
        "stop",
        help=_(
            "stop a training that runs in another terminal or in the window, and keep the best "
            "epoch"
        ),
    )
    flags.run(command)
    command.add_argument(
        "--cancel",
        action="store_true",
        help=_("pause the training instead, so that it can be resumed later"),
    )
    command.set_defaults(command=training.stop)
