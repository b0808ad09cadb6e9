"""Labels for text in which the user's own names may stand.

Qt takes for HTML what looks like it, and a name of a class or a file may; and it may be longer
than the window is wide, which must not make the window wider.
"""

import functools
import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLabel, QMenu

from transfergui.core.base.i18n import _
from transfergui.gui.base import style

BREAK = "\u200b"
"""A space without width: a line may end there."""
LONG = 16
"""Letters in a row that fit into the narrowest label."""
PIECES = re.compile(
    rf"[^\s_./\\-]{{0,{LONG}}}[_./\\-]+|[^\s_./\\-]{{1,{LONG}}}[\u0300-\u036f\u200d\ufe0f]*"
)
"""Of a long word: as far as the next place where it is well broken."""


class ElidedLabel(QLabel):
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


class WrappedLabel(QLabel):
    """Wrapped, and as narrow as it must be: names and paths are broken where they are too long.

    Args:
        role: see the style sheet.
    """

    def __init__(self, role: str = "") -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setMinimumWidth(1)

    def setText(self, text: str) -> None:
        super().setText(breakable(text))

    def text(self) -> str:
        return super().text().replace(BREAK, "")

    def selectedText(self) -> str:
        return super().selectedText().replace(BREAK, "")

    # -- copying, without the places where lines may end

    def copy(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Copy what is selected."""
        if self.hasSelectedText():
            QGuiApplication.clipboard().setText(self.selectedText(), mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if QGuiApplication.clipboard().supportsSelection():
            self.copy(QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            copy = menu.addAction(
                _("Copy"), functools.partial(self.copy, QClipboard.Mode.Clipboard)
            )
            copy.setEnabled(self.hasSelectedText())
            menu.popup(event.globalPos())
        else:
            super().contextMenuEvent(event)


def breakable(text: str) -> str:
    """``text``, whose words of more than :data:`LONG` letters may be broken."""
    return re.sub(rf"\S{{{LONG + 1},}}", lambda word: BREAK.join(PIECES.findall(word[0])), text)
