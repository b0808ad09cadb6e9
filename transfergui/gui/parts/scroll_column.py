"""Widgets that scroll where there is no room for all of them."""

from collections.abc import Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

MOST, WHOLE = 170, (1 << 24) - 1
"""Heights, in pixels, to ask for at most: where nothing else is said, and without a limit."""


class ScrollColumn(QScrollArea):
    """One below the other, as high as they like to be, lower where the window is.

    Args:
        spacing: between them, in pixels.
        least: the height in pixels that they keep, if they have it.
        most: the height that they ask for at most, to the cost of what is beside them; where
            there is room, they take more.
    """

    def __init__(
        self, widgets: Sequence[QWidget], spacing: int, least: int, most: int = MOST
    ) -> None:
        super().__init__()
        self._least, self._most = least, most
        self._wanted: QWidget | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_wanted)
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
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.verticalScrollBar().actionTriggered.connect(self._let_go)
        self._page.installEventFilter(self)

    def beside_bar(self, width: int) -> None:
        """Make what scrolls ``width`` pixels wide, with room for the scroll bar beside it."""
        self._page.setFixedWidth(width)
        self.setFixedWidth(width + self.verticalScrollBar().sizeHint().width())

    def keep_seen(self, widget: QWidget) -> None:
        """Scroll to ``widget``, and again when the room changes, until the user scrolls."""
        self._wanted = widget
        self._soon.start()  # it is laid out first

    def _let_go(self, _action: int) -> None:
        self._wanted = None

    def _show_wanted(self) -> None:
        wanted = self._wanted
        if wanted is not None and not shiboken6.isValid(wanted):  # deleted meanwhile, say by undo
            wanted = self._wanted = None
        if wanted is None or not wanted.isVisibleTo(self._page):
            return
        # its end first, then its beginning: that is seen where there is no room for both
        place = wanted.mapTo(self._page, QPoint())
        self.ensureVisible(0, place.y() + wanted.height(), 0, 0)
        self.ensureVisible(0, place.y(), 0, 0)

    def sizeHint(self) -> QSize:
        hint = self._page.sizeHint()
        hint.setHeight(min(self._whole(), self._most))
        return hint

    def _whole(self) -> int:
        """The height at which nothing scrolls."""
        if self._page.hasHeightForWidth():
            width = min(self.viewport().width(), self._page.maximumWidth())
            return self._page.heightForWidth(width)
        return self._page.sizeHint().height()

    def _fit(self) -> None:
        """No higher than what is in it."""
        self.setMaximumHeight(max(0, self._whole()))
        self.updateGeometry()
        self._soon.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()  # text is wrapped elsewhere
        self._soon.start()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._least, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # one was folded, or has more to say
        return super().eventFilter(watched, event)


def keep_seen(widget: QWidget) -> None:
    """As :meth:`ScrollColumn.keep_seen`, of the column that ``widget`` is in, if it is in one."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, ScrollColumn):
        parent = parent.parentWidget()
    if parent is not None:
        parent.keep_seen(widget)
