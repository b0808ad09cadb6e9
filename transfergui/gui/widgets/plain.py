"""Labels for text in which the user's own names may stand.

Qt takes for HTML what looks like it, and a name of a class or a file may; and it may be longer
than the window is wide, which must not make the window wider.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from transfergui.gui import style


class Line(QLabel):
    """One line, with dots where it is too long and the whole as its tool tip.

    Args:
        elide: where the dots are; in the middle, the beginning of a name and what follows it,
            a count say, are both seen.
        role: see the style sheet.
    """

    def __init__(
        self, elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle, role: str = ""
    ) -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText)
        self._elide = elide
        self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(style.tip(text))

    def sizeHint(self) -> QSize:
        return super().sizeHint().boundedTo(self.maximumSize())  # beside tabs, Qt asks nothing else

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), self._elide, box.width())
        self.style().drawItemText(
            QPainter(self), box, int(self.alignment()), self.palette(), self.isEnabled(), text
        )


class Sentence(QLabel):
    """Wrapped, and as narrow as it must be.

    Args:
        role: see the style sheet.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setMinimumWidth(1)
