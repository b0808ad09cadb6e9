"""One sample, large, with its place and what was found about it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.errors import UserError
from transfergui.core.i18n import _
from transfergui.core.modalities import Preview
from transfergui.core.paths import shown
from transfergui.gui import style, tasks
from transfergui.gui.desktop import show_in_folder
from transfergui.gui.widgets.thumbnails import RENDERERS


class SampleViewer(QDialog):
    """Decodes in the background; says why when that fails.

    Args:
        decode: makes the preview; called in a worker thread.
        path: the file.
        text: a sentence to show below it.
    """

    def __init__(
        self,
        decode: Callable[[Path], Preview],
        path: Path,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(shown(path.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 620)
        self.canvas = _Canvas()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.canvas, 1)
        self.text = _line(text)
        for line in (self.text, _line(shown(path))):
            layout.addWidget(line)
        self.text.setVisible(bool(text))
        layout.addWidget(self._buttons(path))
        tasks.run(
            self,
            lambda: _render(decode(path)),
            self.canvas.show_image,
            self._fail,
        )

    def _fail(self, error: UserError) -> None:
        self.canvas.setText(str(error))
        self.text.hide()  # it says the same

    def _buttons(self, path: Path) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        show = buttons.addButton(_("Show in folder"), QDialogButtonBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: show_in_folder(path))
        buttons.rejected.connect(self.reject)
        return buttons


def _render(preview: Preview) -> QImage:
    return RENDERERS[preview.kind](preview.data)


def _line(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class _Canvas(QLabel):
    """An image as large as there is room for it, never enlarged beyond four times."""

    LARGEST = 4

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._image.isNull():
            return
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
