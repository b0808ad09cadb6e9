"""Widgets that scroll where there is no room for all of them."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget


class Scrolled(QScrollArea):
    """One below the other, as high as they like to be, lower where the window is.

    Args:
        spacing: between them, in pixels.
        least: the height in pixels that they keep, if they have it.
    """

    def __init__(self, widgets: Sequence[QWidget], spacing: int, least: int) -> None:
        super().__init__()
        self._least = least
        self._page = QWidget()
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        for widget in widgets:
            layout.addWidget(widget)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._page.installEventFilter(self)

    def sizeHint(self) -> QSize:
        hint = self._page.sizeHint()
        if self._page.hasHeightForWidth():
            hint.setHeight(self._page.heightForWidth(self.viewport().width()))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()  # text is wrapped elsewhere

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._least, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()  # one was folded, or has more to say
        return super().eventFilter(watched, event)
