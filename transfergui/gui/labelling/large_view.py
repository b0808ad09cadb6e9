"""An example that is labelled, large; a recording is played at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from transfergui.core.data.dataset import caption
from transfergui.gui.base import style
from transfergui.gui.labelling.work import Opened
from transfergui.gui.samples.sample_pane import SamplePane

SIZE = (760, 700)
"""In pixels."""


class LargeView(QDialog):
    """See the module; Space and Esc close it."""

    def __init__(self, opened: Opened, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(caption(path))
        self.pane = SamplePane(opened.decode, opened.root, None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.addWidget(self.pane)
        self.resize(*SIZE)
        self.pane.show_sample(path)

    def done(self, result: int) -> None:
        self.pane.clear()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.accept()
        else:
            super().keyPressEvent(event)
