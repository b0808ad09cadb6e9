"""What the automatic choice tried: a row each, with what became of it."""

import functools
from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.base.i18n import _, duration
from transfergui.core.evaluation import trials
from transfergui.core.interfaces import Score
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.gui.base import style
from transfergui.gui.plots.curve_data import Followed
from transfergui.gui.tables.result_table import Column, ResultTable

USUAL = Followed.of(History())
LEAST, FEW, MANY = 3, 6, 16
"""Rows that are seen without scrolling: in a low window, beside curves, and without them."""


class TrialTable(QWidget):
    """A table of :class:`transfergui.core.runs.events.Tried`; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(_("What was tried"))
        title.setProperty("role", "title")
        self._followed = USUAL
        self.table = ResultTable(_columns(USUAL))
        self.table.setAccessibleName(title.text())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(title)
        layout.addWidget(self.table)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_all(
        self, tried: Sequence[ev.Tried], roomy: bool = False, followed: Followed = USUAL
    ) -> None:
        """Replace the rows, the chosen one first, if they are others than before.

        Args:
            roomy: whether there is room for more than a few.
            followed: what a trial is measured by.
        """
        if followed != self._followed:
            self._followed = followed
            self.table.rows.set_columns(_columns(followed))
        ordered = sorted(tried, key=functools.partial(_order, followed))
        if ordered != self.table.rows.rows:
            self.table.rows.fill(ordered)
        least, most = (MANY, MANY) if roomy else (LEAST, FEW)
        self.table.setMinimumHeight(self._height(min(len(ordered), least)))
        self.table.setMaximumHeight(self._height(min(len(ordered), most)))
        self.setVisible(bool(tried))

    def _height(self, rows: int) -> int:
        each = self.table.verticalHeader().defaultSectionSize()
        header = self.table.horizontalHeader().sizeHint().height()
        return header + each * rows + 2 * self.table.frameWidth()


def _order(followed: Followed, trial: ev.Tried) -> tuple[bool, bool, bool, float]:
    """What was chosen comes first, then what is being trained."""
    now = trial.dropped == "auto.now"
    worth = 0.0 if trial.accuracy is None else _score(followed, trial).worth(trial.accuracy)
    return bool(trial.dropped), not now, not trial.strategy, -worth


def _score(followed: Followed, trial: ev.Tried) -> Score:
    """What a trial was measured by: a network as it is, by a simple model of what it sees."""
    return followed.score if trial.strategy or followed.probe is None else followed.probe


def _figure(followed: Followed, trial: ev.Tried) -> str:
    if trial.accuracy is None:
        return ""
    score = _score(followed, trial)
    said = score.text(trial.accuracy, followed.unit if score is followed.score else "")
    return said if score.share or score is followed.score else f"{_(score.title)} {said}"


def _columns(followed: Followed) -> tuple[Column[ev.Tried], ...]:
    return (
        Column(_("Network"), lambda trial: trial.title, tip=lambda trial: trial.title),
        Column(_("Strategy"), trials.way, width=208, tip=trials.way),
        Column(
            _(followed.score.title),
            lambda trial: _figure(followed, trial),
            key=lambda trial: trial.accuracy,
            explanation=_(
                "On validation examples, at the best epoch of a training. Of a network as it is: "
                "of a simple classifier on what it sees, on a part of the training examples. Only "
                "figures of the same kind can be compared."
            ),
            figure=True,
            share=lambda trial: trial.accuracy if _score(followed, trial).share else None,
        ),
        Column(
            _("Took"),
            lambda trial: duration(max(1, trial.seconds)) if trial.seconds else "",
            key=lambda trial: trial.seconds,
            figure=True,
        ),
        Column(
            _("In full"),
            lambda trial: "" if trial.full is None else duration(max(1, trial.full)),
            key=lambda trial: trial.full,
            explanation=_("How long training it in full would take, as far as that is known."),
            figure=True,
        ),
        Column(_("What became of it"), trials.fate, width=228, tip=trials.fate, colour=_colour),
    )


def _colour(trial: ev.Tried) -> str:
    return "" if trial.dropped else "accent"
