"""How alike other data are to one's own: asked for with a link, computed in a task."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from transfergui.core.app import suitability_texts
from transfergui.core.app.companions import joined
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.data.companions import Companion
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.session.session import Session

Found = tuple[str, str]
"""A sentence, and what it rests on."""


class AlikeLine(QWidget):
    """The link; while it is computed a bar that can be cancelled; then a sentence."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._of: Companion | None = None
        self._plan: Plan | None = None
        self._began = 0.0
        self._task = Task(self, _compared, self._show, self._fail, self._move, self._stop)
        self.ask = QPushButton(_("How alike?"))
        self.ask.setProperty("role", "link")
        self.ask.setToolTip(
            style.tip(
                _("Compare these data with your training data, by the features of a backbone.")
            )
        )
        self.ask.clicked.connect(lambda _checked=False: self._start())
        self.text = WrappedLabel(role="caption")
        self.progress = ProgressRow(_("Comparing"))
        self.progress.cancel_button.clicked.connect(lambda _checked=False: self._stop())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.ask)
        layout.addWidget(self.text)
        self.progress.removeWidget(self.progress.bar)  # a card is too narrow for all in one row
        layout.addWidget(self.progress.bar)
        layout.addLayout(self.progress)
        self.progress.setStretchFactor(self.progress.left, 1)
        self._say("")
        self.hide()

    def show_data(self, found: Companion | None) -> None:
        """Offer it for these data; what was found of them is shown as long as neither they nor
        one's own data change."""
        plan = self._session.plan
        self.setVisible(found is not None and plan is not None)
        if found is self._of and plan is not None and self._is_same(plan):
            return
        self._of, self._plan = found, plan
        self._stop()

    def _is_same(self, plan: Plan) -> bool:
        """Whether the same would be compared as last time."""
        known = self._plan
        return known is plan or (
            known is not None
            and known.split.train == plan.split.train
            and known.split.root == plan.split.root
            and known.backbone == plan.backbone
        )

    def _start(self) -> None:
        self._say("")
        self.ask.hide()
        self._began = time.monotonic()
        self.progress.set_visible(True)
        self.progress.show_waiting(_("Comparing…"))
        keep_seen(self)
        self._task.start(self._plan, self._of)

    def _stop(self) -> None:
        self._task.cancel()
        self._say("")

    def _say(self, text: str, tip: str = "") -> None:
        self.progress.set_visible(False)
        self.text.setText(text)
        self.text.setToolTip(style.tip(tip))
        self.text.setVisible(bool(text))
        self.ask.setVisible(not text)

    def _move(self, at: tuple[int, int]) -> None:
        done, total = at
        if total:
            self.progress.show_progress(done, total, self._began)
        else:
            self._began = time.monotonic()

    def _show(self, found: Found) -> None:
        self._say(*found)
        keep_seen(self)

    def _fail(self, error: UserError) -> None:
        self._say(str(error))


def _compared(plan: Plan, other: Companion, report: Callable[[tuple[int, int]], None]) -> Found:
    """In a worker thread.

    Raises:
        UserError: one's own data cannot be read, or there is no backbone for them.
    """
    from transfergui.core.app import suitability  # torch, which the window begins without

    wanted = suitability.Candidate("companion", other.path, other.role)
    (found,) = suitability.compare(
        joined(plan, [other]), [wanted], within=lambda done, total: report((done, total))
    )
    if found.closeness is None:
        return (found.not_compared.sentence() if found.not_compared else ""), ""
    figures = suitability_texts.figures(found.closeness, found.under)
    tip = paragraph((figures, _(suitability_texts.EXPLAINED)))
    return suitability_texts.sentence(found.closeness), tip
