"""Writing the list of corrections to a file that the user chooses."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from transfergui.core.base import files
from transfergui.core.base.i18n import _
from transfergui.core.data import correction_list
from transfergui.gui.base import file_dialogs
from transfergui.gui.session.session import Session

KIND = "CSV (*.csv)"


def export_corrections(parent: QWidget, session: Session) -> None:
    """Ask for a file and write the list; say under Data where it is, or why it could not be."""
    name = f"{session.recipe.data.name or 'data'}-corrections.csv"
    target, _kind = file_dialogs.ask_target(
        parent, _("Export the list of corrections"), "answers", name, KIND
    )
    if target is None:
        return
    try:
        text = correction_list.table(session.recipe.data, session.scanned)
        files.write_atomic(target, text)
    except OSError as error:
        session.say("data", str(files.not_written(target, error)))
        return
    session.say("data", _("List of corrections saved: {name}").format(name=target.name), "info")
