"""Says which other run is the best on the same test examples, and opens it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from transfergui.core.base.i18n import _
from transfergui.core.evaluation.best_run import best_run
from transfergui.gui.base.run_names import RunName
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.link_line import LinkLine


class BestRunNotice(LinkLine):
    """One line with a link; hidden while no other run is better.

    Attributes:
        wanted: path of the better run: it should be shown.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Open this run"), parent)
        self._found: tuple[object, str] | None = None
        self._find = Task(self, _find, self._show, lambda _error: None)
        self.button.clicked.connect(self._open)

    def look(self, results: RunResults | None) -> None:
        """Look in the background for a better run; None: it is not wanted."""
        self._find.cancel()
        self._show(None)
        if results is not None:
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
