"""How well the backbones and runs of a chooser suit the data: a button, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow

if TYPE_CHECKING:
    from transfergui.core.app.suitability import Suitability

READING = N_(
    "Data: how much alike the data of your own models are to yours. Linear probe: how well a "
    "linear model on the features predicts your training examples. Point at a cell for the "
    "figures, or for why something was not compared."
)
"""How the table is to be read (untranslated)."""
Wanted = Sequence[tuple[str, bool]]
"""Keys of rows, and whether each is a run."""


class SuitabilityBar(QWidget):
    """See the module.

    Args:
        plan: of the data; None where none are opened, or their settings do not go together.

    Attributes:
        found: what was found, of all rows or of those that were done when it was cancelled.
    """

    found = Signal(object)

    def __init__(self, plan: Plan | None, wanted: Callable[[], Wanted]) -> None:
        super().__init__()
        self._plan, self._wanted = plan, wanted
        self._began = 0.0
        self._rows: list[Suitability] = []
        self._task = Task(self, _compared, self._show, self._fail, self._move, self._end)
        self.ask = QPushButton(_("How alike?"))
        self.ask.setAutoDefault(False)
        self.ask.setToolTip(
            style.tip(
                _(
                    "Try each backbone on this computer on your training data, and compare the "
                    "data of your own models with them. Nothing is trained."
                )
            )
        )
        self.ask.clicked.connect(lambda _checked=False: self._start())
        self.text = WrappedLabel(role="caption")
        self.text.hide()
        self.progress = ProgressRow(_("Comparing"))
        self.progress.cancel_button.setAutoDefault(False)
        self.progress.cancel_button.clicked.connect(lambda _checked=False: self._cancel())
        self.progress.set_visible(False)
        row = QHBoxLayout()
        row.setSpacing(style.BETWEEN)
        row.addWidget(self.ask)
        row.addLayout(self.progress, 1)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        layout.addWidget(self.text)
        self.setVisible(plan is not None)

    def stop(self) -> None:
        """Nobody waits any more."""
        self._task.cancel()

    def _start(self) -> None:
        self._rows = []
        self._began = time.monotonic()
        self.text.hide()
        self.ask.hide()
        self.progress.set_visible(True)
        self.progress.show_waiting(_("Comparing…"))
        self._task.start(self._plan, self._wanted(), self._rows)

    def _cancel(self) -> None:
        """Keep what is done."""
        self._task.cancel()
        self._show(None)

    def _end(self) -> None:
        self.progress.set_visible(False)
        self.ask.show()

    def _move(self, at: tuple[int, int]) -> None:
        self.progress.show_progress(*at, self._began)

    def _show(self, _nothing: object) -> None:
        self._end()
        if self._rows:
            self.found.emit(list(self._rows))
            self._say(_(READING))

    def _fail(self, error: UserError) -> None:
        self._end()
        self._say(str(error))

    def _say(self, text: str) -> None:
        self.text.setText(text)
        self.text.show()


def _compared(
    plan: Plan,
    wanted: Wanted,
    rows: list[Suitability],
    report: Callable[[tuple[int, int]], None],
) -> None:
    """In a worker thread; puts each into ``rows``, which is read when it is cancelled.

    Raises:
        UserError: the data cannot be read.
    """
    from transfergui.core.app import suitability  # torch, which the window begins without

    candidates = [suitability.Candidate("run" if own else "backbone", key) for key, own in wanted]
    rows.extend(suitability.compare(plan, candidates, lambda *at: report(at)))
