"""Opens the report of a run, with everything that is known by then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.evaluation.kinds import Shown
from transfergui.core.evaluation.report_page import PAGE
from transfergui.core.runs.run import Run
from transfergui.core.views.result import Result
from transfergui.gui.base import desktop
from transfergui.gui.base.tasks import Task
from transfergui.gui.base.warm_up import warm_up
from transfergui.gui.parts.message_bar import MessageBar


class ReportOpener(QObject):
    """See the module.

    Args:
        bar: says that the page is being written.
    """

    def __init__(self, parent: QObject, bar: MessageBar) -> None:
        super().__init__(parent)
        self._bar = bar
        self._run: Run | None = None
        self._write = Task(self, _written, self._open, self._open_as_it_is)

    def open(
        self,
        run: Run,
        result: Result | None,
        shown: Mapping[str, Shown],
    ) -> None:
        """Write the page of ``run`` anew, and open it.

        Args:
            shown: what views found so far, by their keys.
        """
        self._run = run
        self._bar.show_message(_("Writing the report…"), passing=True)
        self._write.start(result or Result(run), dict(shown))

    def _open(self, page: Path) -> None:
        self._bar.clear()
        desktop.open_file(page)

    def _open_as_it_is(self, _error: UserError) -> None:
        """The data may be gone: the page of the training is still there."""
        assert self._run is not None
        self._open(self._run.path / PAGE)


def _written(result: Result, shown: Mapping[str, Shown]) -> Path:
    """In a worker thread."""
    from transfergui.core.app import whole_report

    warm_up()
    return whole_report.write(result, shown)
