"""How alike other data are to one's own: asked for with a link, computed in a task."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from transfergui.core.app import compared, suitability_texts
from transfergui.core.app.companions import joined
from transfergui.core.app.compared import Compared
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, paragraph
from transfergui.core.base.paths import shown
from transfergui.core.data.companions import Companion
from transfergui.core.figures.label_agreement import LabelAgreement
from transfergui.core.interfaces.plan import Plan
from transfergui.gui.base import style
from transfergui.gui.base.tasks import Task
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.parts.scroll_column import keep_seen
from transfergui.gui.session.session import Session

Found = Compared | str
"""What was found, or why nothing was."""


class AlikeLine(QWidget):
    """The link; while it is computed a bar that can be cancelled; then sentences.

    Attributes:
        answer: what was found, of these data or when they were compared before.
        answered: that it is another one now.
    """

    answered = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._of: Companion | None = None
        self._plan: Plan | None = None
        self.answer: Compared | None = None
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
        self.labels = WrappedLabel(role="caption")
        self.order = WrappedLabel(role="caption")
        self.progress = ProgressRow(_("Comparing"))
        self.progress.cancel_button.clicked.connect(lambda _checked=False: self._stop())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.ask)
        for line in (self.text, self.labels, self.order):
            layout.addWidget(line)
        self.progress.removeWidget(self.progress.left)  # a card is too narrow for all in one row
        layout.addLayout(self.progress)
        layout.addWidget(self.progress.left)
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
        if found is not None and plan is not None:
            self._answer(compared.remembered(plan, found))

    def show_order(self, farther: Sequence[str]) -> None:
        """
        Args:
            farther: names of other data to which these are nearer.
        """
        names = comma_list([f"“{shown(name)}”" for name in farther])
        self.order.setText(_("Nearer to your data than {names}.").format(names=names))
        self.order.setVisible(bool(farther))

    def _is_same(self, plan: Plan) -> bool:
        """Whether the same would be compared as last time."""
        known = self._plan
        return known is plan or (
            known is not None
            and known.split.train == plan.split.train
            and known.split.root == plan.split.root
            and known.input == plan.input
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
        self._answer(None)

    def _answer(self, found: Compared | None) -> None:
        self._say("")
        changed, self.answer = found != self.answer, found
        if found is not None:
            near = found.closeness
            figures = suitability_texts.figures(near, found.under)
            tip = paragraph((figures, _(suitability_texts.EXPLAINED)))
            self._say(suitability_texts.measured(near), tip)
            self._show_labels(found.labels, self._of)
        if changed:
            self.answered.emit()

    def _show_labels(self, found: LabelAgreement | None, of: Companion | None) -> None:
        self.labels.setVisible(found is not None)
        if found is None:
            return
        self.labels.setText(suitability_texts.labels(found, of.role if of is not None else None))
        self.labels.setToolTip(style.tip(_(suitability_texts.LABELS_EXPLAINED)))
        self.labels.setProperty("role", "warning" if found.word == "contradict" else "caption")
        self.labels.style().polish(self.labels)

    def _say(self, text: str, tip: str = "") -> None:
        self.progress.set_visible(False)
        self.text.setText(text)
        self.text.setToolTip(style.tip(tip))
        self.text.setVisible(bool(text))
        self.ask.setVisible(not text)
        for line in (self.labels, self.order):
            line.hide()

    def _move(self, at: tuple[int, int]) -> None:
        done, total = at
        if total:
            self.progress.show_progress(done, total, self._began)
        else:
            self._began = time.monotonic()

    def _show(self, found: Found) -> None:
        if isinstance(found, Compared):
            self._answer(found)
        else:
            self._say(found)
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
        return found.not_compared.sentence() if found.not_compared else ""
    answer = Compared(closeness=found.closeness, under=found.under, labels=found.labels)
    compared.keep(plan, other, answer)
    return answer
