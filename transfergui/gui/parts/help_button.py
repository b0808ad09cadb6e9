"""The “?” of a card or a stage: opens the page of the guide that is about it."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style


class HelpButton(QToolButton):
    """See the module; what a click opens is up to whoever made it.

    Args:
        about: the title of the card or stage, translated.
    """

    def __init__(self, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent, autoRaise=True)
        self.setIconSize(QSize(16, 16))
        self.set_about(about)
        style.theme.changed.connect(self._dress)
        self._dress()

    def set_about(self, about: str) -> None:
        """Say what the page is about."""
        text = _("Help: {title}").format(title=about) if about else _("Help")
        self.setToolTip(text)
        self.setAccessibleName(text)

    def _dress(self) -> None:
        self.setIcon(style.icon("help", "muted"))
