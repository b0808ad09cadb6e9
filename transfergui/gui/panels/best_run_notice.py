"""Says which other run is the best on the same test examples, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from transfergui.core.base.i18n import _
from transfergui.core.evaluation.best_run import best_run
from transfergui.gui.base import style
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.labels import WrappedLabel


class BestRunNotice(QWidget):
    """One line with a link; hidden while no other run is better.

    Attributes:
        wanted: path of the better run: it should be shown.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[object, str] | None = None
        self._find = Task(self, _find, self._show, lambda _error: None)
        self.text = WrappedLabel(role="caption")
        self.button = QPushButton(_("Open this run"))
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.INSIDE)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.hide()

    def look(self, results: RunResults) -> None:
        """Look in the background for a better run."""
        self._find.cancel()
        self._show(None)
        self._find.start(results)

    def _show(self, found: tuple[object, str] | None) -> None:
        self._found = found
        self.text.setText(found[1] if found else "")
        self.setVisible(found is not None)

    def _open(self) -> None:
        if self._found is not None:
            self.wanted.emit(self._found[0])


def _find(results: RunResults) -> tuple[object, str] | None:
    """Path of the better run, and what is said of it.

    Raises:
        UserError: the run itself is damaged.
    """
    found = best_run(results.run, results.report)
    if found is None:
        return None
    name = RunName.of(found.run).beside(RunName.of(results.run))
    noun = _(results.modality.many)
    return found.run.path, found.sentence(name, noun)
