"""An example that is labelled, large; it is given its class here, and the next one follows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.data.captions import caption
from transfergui.gui.base import style
from transfergui.gui.labelling.work import Opened
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.samples.sample_pane import SamplePane

SIZE = (760, 700)
"""In pixels."""
KEYS = tuple("0123456789")


class LargeView(QDialog):
    """See the module; Space and Esc close it.

    Attributes:
        numbered: a number key was pressed, which gives a class.
        stepped: another example is wanted: the next one (1) or the one before (-1).
    """

    numbered = Signal(int)
    stepped = Signal(int)

    def __init__(self, opened: Opened, path: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._root = opened.root
        self.pane = SamplePane(opened.decode, opened.root, None)
        self.pane.folder_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Space closes the view
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        keys = WrappedLabel(role="caption")
        keys.setText(_("1 to 9, 0: class · Left, Right: other examples · Space: close"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.addWidget(self.pane)
        layout.addWidget(keys)
        self.resize(*SIZE)
        self.show_example(path)
        self.setFocus()

    def show_example(self, path: str) -> None:
        """Show this one instead."""
        if path != self.pane.path:
            self.setWindowTitle(caption(path, self._root))
            self.pane.show_sample(path)

    def done(self, result: int) -> None:
        self.pane.clear()
        super().done(result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event.key() == Qt.Key.Key_Space:
            self.accept()
        elif event.text() in KEYS:
            self.numbered.emit(int(event.text()))
        elif event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
