"""Curves as a picture, a drawing or a table: saved as a file, or copied."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QObject, QPointF, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.runs.history import History
from transfergui.gui.base import file_dialogs, style, tasks
from transfergui.gui.plots import curve_data as data

PICTURE_SCALE = 2


class CurveExport(QObject):
    """See the module.

    Args:
        parent: above which it is asked for the file.
        canvas: what is on the picture.
        history: returns what is in the table.
    """

    failed = Signal(object)
    """UserError: what was to be saved could not be."""

    def __init__(self, parent: QWidget, canvas: QWidget, history: Callable[[], History]) -> None:
        super().__init__(parent)
        self._parent, self._canvas, self._history = parent, canvas, history

    def picture(self) -> QPixmap:
        """The plots as they are, at twice the size in pixels."""
        pixmap = QPixmap(self._canvas.size() * PICTURE_SCALE)
        pixmap.setDevicePixelRatio(PICTURE_SCALE)
        pixmap.fill(style.colour("surface"))
        self._canvas.render(pixmap)
        return pixmap

    def save(self, path: Path) -> None:
        """Write PNG, SVG or CSV, as the name ends, in the background."""
        makers: dict[str, Callable[[], bytes]] = {".svg": self._svg, ".csv": self._csv}
        made = makers.get(path.suffix.lower(), self._png)()
        tasks.run(self, lambda: _write(path, made), lambda nothing: None, self.failed.emit)

    def _png(self) -> bytes:
        buffer = QBuffer()
        self.picture().save(buffer, "PNG")
        return bytes(buffer.data().data())

    def _svg(self) -> bytes:
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self._canvas.size())
        generator.setViewBox(self._canvas.rect())
        generator.setTitle(_("Training curves"))
        painter = QPainter(generator)
        painter.fillRect(self._canvas.rect(), style.colour("surface"))
        self._canvas.render(painter, QPointF().toPoint())
        painter.end()
        return bytes(buffer.data().data())

    def _csv(self) -> bytes:
        return data.to_table(self._history()).encode("utf-8", "surrogateescape")

    def copy_picture(self) -> None:
        """Put the plots on the clipboard, as a picture."""
        QGuiApplication.clipboard().setPixmap(self.picture())

    def copy_table(self) -> None:
        """Put the figures on the clipboard, as a table that spreadsheets take."""
        QGuiApplication.clipboard().setText(data.to_table(self._history(), "\t"))

    def ask(self, kind: str) -> None:
        """Ask for the file, and save it."""
        title, kinds = _("Save the curves"), f"{kind.upper()} (*.{kind})"
        target, _kind = file_dialogs.ask_target(
            self._parent, title, "curves", f"curves.{kind}", kinds
        )
        if target:
            self.save(target)


def _write(path: Path, made: bytes) -> None:
    """
    Raises:
        UserError: ``export.not_writable``.
    """
    try:
        files.write_atomic(path, made)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
