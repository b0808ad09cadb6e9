"""The help of the window, and what it says about the program."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from transfergui import __version__
from transfergui.core.base.i18n import _
from transfergui.core.registry import kinds
from transfergui.gui.base import errors
from transfergui.gui.shell.help import HelpDialog


class HelpCommands(QObject):
    """See the module.

    Args:
        window: above which they are shown.
        keys: returns what each command does, and its keys.

    Attributes:
        dialog: the help; None until it was asked for.
    """

    def __init__(self, window: QWidget, keys: Callable[[], list[tuple[str, str]]]) -> None:
        super().__init__(window)
        self._window, self._keys = window, keys
        self.dialog: HelpDialog | None = None

    def show_help(self) -> None:
        if self.dialog is None:
            self.dialog = HelpDialog(self._window, self._keys())
        self.dialog.show()
        self.dialog.raise_()

    def show_about(self) -> None:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(_("About TransferGUI"))
        box.setText(f"TransferGUI {__version__}")
        box.setInformativeText(
            _(
                "Fine-tunes pretrained networks on your own {kinds}. Your data stay on this "
                "computer.\n\n{environment}"
            ).format(kinds=kinds(), environment=errors.environment())
        )
        box.open()
