"""What an empty stage shows: what will be there, and the way to it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from transfergui.gui import style

WIDTH = 440


class EmptyPage(QWidget):
    """An icon, a heading, a sentence, and a button if there is something to do.

    Attributes:
        button: hidden when it has no text.
    """

    def __init__(
        self, icon: str, heading: str, text: str, action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(heading, alignment=Qt.AlignmentFlag.AlignCenter)
        title.setProperty("role", "heading")
        self.text = QLabel(text, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.text.setFixedWidth(WIDTH)
        self.text.setMinimumHeight(self.text.heightForWidth(WIDTH))
        self.button = QPushButton(action)
        self.button.setProperty("role", "primary")
        self.button.setVisible(bool(action))
        layout = QVBoxLayout(self)
        layout.setSpacing(style.BETWEEN)
        layout.addStretch(2)
        for part in (self._picture, title, self.text, self.button):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        style.theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self._picture.setPixmap(style.pixmap(self._icon, 48, "muted"))
