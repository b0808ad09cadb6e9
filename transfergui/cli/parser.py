"""The whole command line: all commands, in the order of the help."""

from transfergui import __version__
from transfergui.cli import (
    computer_commands,
    data_commands,
    model_commands,
    place_commands,
    run_commands,
    training_commands,
    use_commands,
)
from transfergui.cli.help_pages import Parser, translate_argparse
from transfergui.core.base.i18n import _


def make_parser() -> Parser:
    """The whole command line; ``parse_args().command`` is the function to call."""
    translate_argparse()
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
        training_commands.add_demo,
        data_commands.add_scan,
        data_commands.add_list,
        data_commands.add_rank,
        data_commands.add_check,
        data_commands.add_label,
        training_commands.add_train,
        training_commands.add_resume,
        training_commands.add_stop,
        run_commands.add_runs,
        run_commands.add_rename,
        run_commands.add_compare,
        run_commands.add_repeat,
        run_commands.add_curve,
        run_commands.add_evaluate,
        model_commands.add_predict,
        use_commands.add_sort,
        use_commands.add_crop,
        use_commands.add_watch,
        model_commands.add_explain,
        use_commands.add_serve,
        model_commands.add_export,
        place_commands.add_place,
        computer_commands.add_associate,
        computer_commands.add_doctor,
    ):
        add(commands)
    parser.commands = frozenset(commands.choices)
    return parser
