"""A workbook with a picture in each row and a sheet that sums up, written with progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from transfergui.core.acting import spreadsheet
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.evaluation.prediction_table import Answered
from transfergui.core.interfaces.samples import Preview
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow

Report = Callable[[tuple[int, int]], None]
WIDTH = 420


class SpreadsheetDialog(QDialog):
    """Writes at once; closes itself when done.

    Args:
        path: of the workbook.
        preview: decodes a sample small.
        unsure: per cent of confidence below which a prediction is flagged.
        written: called at the end.
    """

    def __init__(
        self,
        path: Path,
        answered: Answered,
        preview: Callable[[Path], Preview],
        unsure: float,
        written: Callable[[Path], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Spreadsheet with pictures"))
        self._written = written
        self._began = time.monotonic()
        self.said = WrappedLabel()
        self.said.setText(_("Writing {path}").format(path=shown(path)))
        self.progress = ProgressRow(_("Progress"))
        self._work = Task(self, _write, self._done, self._fail, self._tell)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.BETWEEN] * 4)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.said)
        layout.addLayout(self.progress)
        self.progress.cancel_button.clicked.connect(self.reject)
        self.progress.show_waiting("")
        self.resize(WIDTH, self.sizeHint().height())
        self._work.start(path, answered, preview, unsure)

    def done(self, result: int) -> None:
        self._work.cancel()
        super().done(result)

    def _tell(self, progress: tuple[int, int]) -> None:
        self.progress.show_progress(*progress, self._began)

    def _done(self, path: Path) -> None:
        self.accept()
        self._written(path)

    def _fail(self, error: UserError) -> None:
        self.progress.bar.hide()
        self.said.setText(str(error))


def _write(
    path: Path,
    answered: Answered,
    preview: Callable[[Path], Preview],
    unsure: float,
    report: Report,
) -> Path:
    spreadsheet.write(path, answered, preview, unsure, lambda done, total: report((done, total)))
    return path
