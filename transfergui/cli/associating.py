"""``associate``: project files and models open on a double click."""

import argparse

from transfergui.cli import console
from transfergui.core.app import associations
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import KINDS
from transfergui.core.base.i18n import _, comma_list


def associate(arguments: argparse.Namespace) -> None:
    """``transfergui associate [--remove] [--yes]``: says what is written, and asks first.

    Raises:
        UserError: ``associate.*``; ``associate.not_asked``: nobody can answer.
    """
    endings = comma_list(kind.suffix for kind in KINDS)
    text = (
        _("Files ending in {endings} no longer open with TransferGUI. This is removed:")
        if arguments.remove
        else _("Files ending in {endings} open with TransferGUI on a double click. This is added:")
    )
    console.say(text.format(endings=endings))
    for place in associations.places():
        console.say(f"  {place}")
    if not arguments.yes and not console.is_terminal():
        raise UserError("associate.not_asked")
    if not arguments.yes and not console.ask(_("Do this now?")):
        console.say(_("Nothing was changed."))
    elif arguments.remove:
        associations.dissociate()
        console.say(_("Removed."))
    else:
        associations.associate()
        console.say(_("Done. To take it back: transfergui associate --remove"))
