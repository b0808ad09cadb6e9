"""One line of text with a link at its end."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.gui.base import style
from transfergui.gui.parts.labels import WrappedLabel


class LinkLine(QWidget):
    """Hidden until there is something to say.

    Args:
        link: what the link says, translated.
    """

    def __init__(self, link: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = WrappedLabel(role="caption")
        self.button = QPushButton(link)
        self.button.setProperty("role", "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.hide()
