"""Double click: asks whether files of the program's own kinds are opened with it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui.core.app import associations
from transfergui.core.base.errors import UserError
from transfergui.core.base.file_kinds import KINDS
from transfergui.core.base.i18n import _, comma_list


class AssociatingCommands(QObject):
    """See the module; the command line has it as ``transfergui associate``.

    Args:
        window: above which is asked.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def ask(self) -> None:
        """Say what is written where, and do it, or take it back, if that is wanted."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("Open files by double-click"))
        try:
            known, places = associations.is_associated(), associations.places()
        except UserError as error:
            box.setText(str(error))
            box.open()
            return
        endings = comma_list(kind.suffix for kind in KINDS)
        text = (
            _("Files ending in {endings} open with TransferGUI.")
            if known
            else _("Should files ending in {endings} open with TransferGUI on a double click?")
        )
        box.setText(text.format(endings=endings))
        written = _("This is removed:") if known else _("This is added, for you alone:")
        box.setInformativeText("\n".join((written, *places)))
        role = QMessageBox.ButtonRole.AcceptRole
        box.addButton(_("Remove") if known else _("Open with TransferGUI"), role)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.accepted.connect(lambda: self._do(known))
        box.open()

    def _do(self, known: bool) -> None:
        try:
            (associations.dissociate if known else associations.associate)()
        except UserError as error:
            box = QMessageBox(self._window)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.setWindowTitle(_("Open files by double-click"))
            box.setText(str(error))
            box.open()
