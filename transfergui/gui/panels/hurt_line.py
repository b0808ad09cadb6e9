"""Says that other data hurt, and offers the model that was trained without them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.evaluation import baselines, borrowing_gain
from transfergui.core.runs.copies import own_run
from transfergui.core.runs.run import Run
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.note_lines import SIGNS, unbroken


class HurtLine(QWidget):
    """Hidden where other data did not hurt.

    Attributes:
        wanted: path of the run without the other data: it should be shown.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self.sign = QLabel()
        self.text = WrappedLabel(role="danger")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(_("Open run without them"))
        tip = _(
            "Lists the model that was trained without the other data as a run of its own and "
            "opens it. This run stays as it is."
        )
        self.button.setToolTip(style.tip(tip))
        self.button.clicked.connect(self._open)
        self._copy = Task(self, _without, self.wanted.emit, self._fail)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        style.theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def look(self, results: RunResults) -> list[Note]:
        """Say it of a run, if it is so; what is said."""
        self._copy.cancel()
        self.button.setEnabled(True)
        self._run = results.run
        said = borrowing_gain.notes(results.report, results.modality.many)
        hurt = bool(said) and said[0].code in borrowing_gain.HURT
        self.setVisible(hurt)
        self.text.setText(unbroken(paragraph(note.sentence() for note in said)) if hurt else "")
        self.button.setVisible(_place(results.run).is_dir())
        return said if hurt else []

    def _open(self) -> None:
        assert self._run is not None
        self.button.setEnabled(False)
        self._copy.start(self._run)

    def _fail(self, error: UserError) -> None:
        self.button.setEnabled(True)
        self.text.setText(str(error))

    def _dress(self, *_args: object) -> None:
        picture, colour = SIGNS["error"]
        self.sign.setPixmap(style.pixmap(picture, 16, colour))


def _place(run: Run) -> Path:
    """Of the training without the other data."""
    return baselines.folder(run) / baselines.PLAIN


def _without(run: Run) -> Path:
    """Path of the run without the other data.

    Raises:
        UserError: it is gone; the disk is full.
    """
    return own_run(Run(_place(run)), f"{run.path.name}_without").path
