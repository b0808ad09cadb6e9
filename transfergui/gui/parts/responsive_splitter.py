"""Two widgets side by side, or one below the other where the window is narrow."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

NEVER = 1_000_000
"""A width that no window has: always one below the other."""


class ResponsiveSplitter(QSplitter):
    """A splitter that turns with its width.

    Args:
        wide: in pixels: from this width on, its widgets stand side by side.

    Attributes:
        turned: they stand otherwise now.
    """

    turned = Signal()

    def __init__(self, wide: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._wide = wide

    def use_width(self, wide: int) -> None:
        """Turn at another width."""
        self._wide = wide
        self._turn(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn(event.size().width())
        super().resizeEvent(event)

    def _turn(self, width: int) -> None:
        wide = width >= self._wide
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if wanted is not self.orientation():
            self.setOrientation(wanted)
            self.updateGeometry()  # it needs another height now
            self.turned.emit()
