"""Technical terms with a dotted underline, explained on hover, by a click, Space or F1."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from transfergui.core.base.i18n import _
from transfergui.gui.base import style
from transfergui.gui.parts.terms import TERMS

__all__ = ["TERMS", "TermLabel"]

EXPLAINING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F1)
"""Keys that show the explanation of the term that has the focus."""


class TermLabel(QLabel):
    """A word or line whose meaning is a hover, a click or a key away.

    Args:
        text: what is shown, translated.
        explanation: two sentences, translated; without one it is a plain label.
        parent: Qt's owner.
        focusable: False where something beside it already tells a screen reader the same.
    """

    def __init__(
        self,
        text: str,
        explanation: str,
        parent: QWidget | None = None,
        focusable: bool = True,
    ) -> None:
        super().__init__(text, parent)
        self._focusable = focusable
        self.set_explanation(explanation)

    @classmethod
    def term(cls, key: str, parent: QWidget | None = None) -> "TermLabel":
        """A term of the glossary :data:`TERMS`."""
        title, explanation = TERMS[key]
        return cls(_(title), _(explanation), parent)

    def set_explanation(self, text: str) -> None:
        """Another explanation, translated."""
        self.explanation = text
        self.setToolTip(style.tip(text))
        self.setWhatsThis(text)
        self.setAccessibleDescription(text)
        if text:
            self.setCursor(Qt.CursorShape.WhatsThisCursor)
        if text and self._focusable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def explain(self) -> None:
        """Show the explanation below the text, until the mouse or a key moves on."""
        QToolTip.showText(self.mapToGlobal(QPoint(0, self.height())), self.toolTip(), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.explain()

    def event(self, event: QEvent) -> bool:
        """F1 explains the term that has the focus, before the window opens the guide."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F1
            and self.explanation
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in EXPLAINING:
            self.explain()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.explanation:
            return
        painter = QPainter(self)
        focused = self.hasFocus()
        pen = QPen(style.colour("accent" if focused else "muted"), 1, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        line = self._text_rect()
        painter.drawLine(line.bottomLeft(), line.bottomRight())

    def _text_rect(self) -> QRect:
        flags = int(self.alignment()) | (Qt.TextFlag.TextWordWrap if self.wordWrap() else 0)
        return self.fontMetrics().boundingRect(self.contentsRect(), flags, self.text())
