"""The menu of a button at the right edge of the window."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QWidget


class RightMenu(QMenu):
    """Opens below its button, their right edges in line: else it sticks out of the window."""

    def __init__(self, button: QWidget) -> None:
        super().__init__(button)
        self._button = button

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        right = self._button.mapToGlobal(QPoint(self._button.width(), 0)).x()
        screen = self._button.screen().availableGeometry()
        self.move(max(screen.left(), right - self.width()), self.y())
