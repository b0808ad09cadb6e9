"""Messages at the end of a page, which push nothing when they come or go."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from transfergui.gui.base import style
from transfergui.gui.parts.message_bar import MessageBar

ROOM = 20
"""Pixels that are kept free: with the distance above, a message of one line and its buttons."""


class MessageOverlay(QWidget):
    """Room for one line, which stays empty without a message; longer ones cover what is above.

    Args:
        page: what they are at the end of; this widget becomes the last one of its layout.
        bars: the messages, one below the other.
    """

    def __init__(self, page: QWidget, bars: Sequence[MessageBar]) -> None:
        super().__init__(page)
        self.setFixedHeight(ROOM)
        self._page = page
        self._over = QWidget(page)
        self._over.setAutoFillBackground(True)  # between two of them, nothing is seen of the page
        layout = QVBoxLayout(self._over)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for bar in bars:
            layout.addWidget(bar)
        self._over.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()  # a message came, went, or says something else
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        """As high as the messages are, from the end of the page upwards."""
        layout = self._over.layout()
        assert layout is not None
        height = max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height())
        corner = self.mapTo(self._page, QPoint(0, self.height() - height))
        self._over.setGeometry(corner.x(), max(0, corner.y()), self.width(), height)
        self._over.raise_()
