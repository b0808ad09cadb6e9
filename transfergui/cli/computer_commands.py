"""Commands on this computer: associate, doctor."""

from __future__ import annotations

from transfergui.cli import associating, doctor, flags
from transfergui.cli.flags import Commands
from transfergui.core.base.i18n import _


def add_associate(commands: Commands) -> None:
    command = commands.add_parser(
        "associate", help=_("open project files and models with this program on a double click")
    )
    command.add_argument("--remove", action="store_true", help=_("take it back"))
    command.add_argument("--yes", action="store_true", help=_("do not ask first"))
    command.set_defaults(command=associating.associate)


def add_doctor(commands: Commands) -> None:
    command = commands.add_parser("doctor", help=_("check versions, devices and folders"))
    flags.as_json(command)
    command.set_defaults(command=doctor.doctor)
