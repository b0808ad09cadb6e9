"""One sample, large, with its place and what was found about it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.dataset import caption, file_of
from transfergui.core.errors import UserError
from transfergui.core.i18n import _
from transfergui.core.modalities import Preview
from transfergui.core.paths import shown
from transfergui.gui import desktop, style, tasks
from transfergui.gui.widgets import renderers
from transfergui.gui.widgets.plain import Sentence
from transfergui.gui.widgets.sound_view import SoundView
from transfergui.gui.widgets.text_view import TextView


class SampleViewer(QDialog):
    """Decodes in the background; says why when that fails.

    Args:
        decode: makes the preview; called in a worker thread.
        path: the sample.
        text: a sentence to show below it.

    Attributes:
        view: what shows the sample; None until it was decoded.
        trouble: why it cannot be shown.
    """

    def __init__(
        self,
        decode: Callable[[Path], Preview],
        path: Path,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(caption(path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 620)
        self.view: QWidget | None = None
        self.trouble = _line("")
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._room = QVBoxLayout()
        self._room.addWidget(self.trouble, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(self._room, 1)
        self.text = _line(text)
        for line in (self.text, _line(_place(path))):
            layout.addWidget(line)
        self.text.setVisible(bool(text))
        layout.addWidget(self._buttons(path))
        tasks.run(self, lambda: decode(path), self._show, self._fail)

    def _show(self, preview: Preview) -> None:
        self.trouble.hide()
        self.view = VIEWS[preview.kind](preview.data)
        self._room.addWidget(self.view, 1)

    def _fail(self, error: UserError) -> None:
        self.trouble.setText(str(error))
        self.text.hide()  # it says the same

    def _buttons(self, path: Path) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        show = buttons.addButton(_("Show in folder"), QDialogButtonBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: desktop.show_sample(path))
        buttons.rejected.connect(self.reject)
        return buttons


def _place(path: Path) -> str:
    """Where the file is, and which part of it this is."""
    name = caption(path.name)
    folder, file = shown(path.parent), shown(Path(file_of(path.name)))
    return shown(path) if name == file else f"{folder}: {name}"


def _line(text: str) -> QLabel:
    label = Sentence()
    label.setText(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class PictureView(QLabel):
    """An image as large as there is room for it, never enlarged beyond four times."""

    LARGEST = 4

    def __init__(self, data: np.ndarray) -> None:
        super().__init__()
        self._image = renderers.picture(data, style.tokens())
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatio()
        room = self.size().boundedTo(self._image.size() * self.LARGEST) * ratio
        pixmap = QPixmap.fromImage(
            self._image.scaled(
                QSize(room),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        pixmap.setDevicePixelRatio(ratio)
        self.setPixmap(pixmap)


VIEWS: dict[str, Callable[[Any], QWidget]] = {
    "picture": PictureView,
    "sound": SoundView,
    "text": TextView,
}
"""What shows the data of a preview large, by its kind."""
