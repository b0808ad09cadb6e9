"""The tab “Checks” of the Data stage: what the checks found, one beside the other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from transfergui.core import registry
from transfergui.core.base.i18n import N_, _, duration, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.checks.registry import CHECKS, Outcome
from transfergui.gui.base import style
from transfergui.gui.base.words import Noun
from transfergui.gui.checks.examination import Examination, Stage
from transfergui.gui.checks.page import FindingPage
from transfergui.gui.parts.labels import WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow
from transfergui.gui.samples.sample_pane import Decode
from transfergui.gui.session.session import Session

RESTING = {
    Stage.PAUSED: N_("Paused while a training runs. The checks start again after it."),
    Stage.STOPPED: N_("Stopped. What was found so far is shown."),
}
"""What is said while nothing is done."""
LIST = 176
"""Pixels of the list of checks."""


class CheckTab(QWidget):
    """See the module.

    Attributes:
        examination: what is done in the background.
        button: begins it.
        counted: emitted with how many checks found something to look at.
    """

    counted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.examination = Examination(session, self)
        self.sign = QLabel()
        self.status = WrappedLabel()
        self.button = QPushButton()
        self.progress = ProgressRow(_("Progress of the checks"))
        self._doing = QLabel()
        self.checks = QListWidget()
        self.pages = [FindingPage(session, check) for check in CHECKS]
        self._stack = QStackedWidget()
        self._build()
        self.examination.changed.connect(self._show)
        self.examination.progressed.connect(self._show_progress)
        style.theme.changed.connect(self._show)
        self._show()

    def use(self, root: Path, decode: Decode) -> None:
        """From now on, samples are below ``root`` and decoded so."""
        for page in self.pages:
            page.use(root, decode)

    def begin(self) -> None:
        """Do the checks, unless they were done, or are under way."""
        now = self.examination
        if now.stage not in (Stage.RUNNING, Stage.PAUSED) and (now.outdated or not now.outcomes):
            now.start()

    def _build(self) -> None:
        self.status.setProperty("role", "caption")
        self.checks.setAccessibleName(_("Checks"))
        self.checks.setProperty("role", "list")
        for page in self.pages:
            item = QListWidgetItem(_(page.check.title), self.checks)
            item.setToolTip(style.tip(_(page.check.summary)))
            self._stack.addWidget(page)
        self.checks.currentRowChanged.connect(self._stack.setCurrentIndex)
        self.checks.setCurrentRow(0)
        self.button.clicked.connect(self.examination.start)
        self.progress.cancel_button.setText(_("Stop"))
        self.progress.cancel_button.clicked.connect(self.examination.stop)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(self._side())
        body.addWidget(self._stack)
        body.setStretchFactor(1, 1)
        body.setSizes([LIST, 800])
        body.setChildrenCollapsible(False)
        body.setHandleWidth(style.INSIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.INSIDE, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(body, 1)

    def _side(self) -> QWidget:
        """The list, and below it what was checked: the height belongs to what was found."""
        said = QHBoxLayout()
        said.setSpacing(style.GAP)
        said.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self.status, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.INSIDE)
        column.addWidget(self.checks, 1)
        column.addLayout(said)
        column.addWidget(self.button)
        self._doing.setProperty("role", "caption")
        self.progress.setDirection(self.progress.Direction.TopToBottom)
        self.progress.setSpacing(style.GAP)
        self.progress.insertWidget(0, self._doing)
        for label in (self._doing, self.progress.left):
            label.setWordWrap(True)
        column.addLayout(self.progress)  # in the place of the button: nothing else moves
        return side

    # -- showing

    def _show(self, *_what: object) -> None:
        now = self.examination
        running = now.stage is Stage.RUNNING
        self.progress.set_visible(running)
        self._doing.setVisible(running)
        self.status.setVisible(not running)
        self.button.setVisible(not running)
        again = bool(now.outcomes) or now.stage is Stage.FAILED
        self.button.setText(_("Check again") if again else _("Check the data"))
        self.button.setEnabled(now.possible)
        self.button.setToolTip("" if now.possible else style.tip(self._session.obstacle))
        self.status.setText(self._status())
        failed = now.stage is Stage.FAILED
        self.sign.setVisible(failed or (now.outdated and not running))
        level = ("error", "danger") if failed else ("warning", "warning")
        self.sign.setPixmap(style.pixmap(level[0], 16, level[1]))
        for row, page in enumerate(self.pages):
            outcome = now.outcomes.get(page.check.key)
            page.show_outcome(outcome)
            name, colour = _sign(outcome)
            self.checks.item(row).setIcon(style.icon(name, colour))
        known = {} if now.outdated or running else now.outcomes
        self.counted.emit(sum(_sign(each)[0] == "warning" for each in known.values()))
        if running:
            self._show_progress()

    def _show_progress(self) -> None:
        step = self.examination.step
        self._doing.setText(self._status())
        if step.total:
            self.progress.show_progress(step.done, step.total, self.examination.began)
        else:
            self.progress.show_waiting(_("Reading files…") if not step.check else "")

    def _status(self) -> str:
        now = self.examination
        if now.stage is Stage.RUNNING:
            counts = now.step.total > 0
            titles = {
                page.check.key: _((counts and page.check.counting) or page.check.title)
                for page in self.pages
            }
            return titles.get(now.step.check, _("Computing features"))
        if now.stage in RESTING:
            return _(RESTING[now.stage])
        if now.stage is Stage.FAILED:
            return str(now.error)
        if now.stage is Stage.DONE and now.plan is not None:
            count = sum(now.plan.split.sizes().values())
            amount = Noun.of(registry.modality(now.plan.split.modality)).amount(count)
            text = _("Checked: {amount}, with {backbone}.")
            return text.format(amount=amount, backbone=now.plan.backbone.title)
        text = _("The data or the backbone have changed since the last check.")
        said = text if now.outdated else _("Not checked yet.")
        if now.seconds is None:
            return said
        takes = _("A check takes about {time}.").format(time=duration(now.seconds))
        return paragraph((said, takes))


def _sign(outcome: Outcome | None) -> tuple[str, str]:
    """The icon of a check and its colour."""
    if outcome is None:
        return "clock", "muted"
    if isinstance(outcome, Note):
        return "minus", "muted"
    levels = {note.level for note in outcome.notes}
    if levels & {"warning", "error"}:
        return "warning", "warning"
    return ("info", "accent") if "info" in levels else ("check", "success")
