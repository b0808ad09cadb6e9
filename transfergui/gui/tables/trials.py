"""What the automatic choice tried: a row each, with what became of it."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _, duration
from transfergui.core.evaluation import trials
from transfergui.core.runs import events as ev
from transfergui.core.runs.history import History
from transfergui.gui.base import style
from transfergui.gui.plots.curve_data import Followed
from transfergui.gui.tables.result_table import Column, ResultTable

USUAL = Followed.of(History())
LEAST, FEW, MANY = 3, 6, 16
"""Rows that are seen without scrolling: in a low window, above curves, and without them."""


class TrialTable(QWidget):
    """A table of :class:`transfergui.core.runs.events.Tried`; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        title = QLabel(_("Attempts"))
        title.setProperty("role", "title")
        self._followed = USUAL
        self.table = ResultTable(_columns(USUAL))
        self.table.setAccessibleName(title.text())
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setWordWrap(True)  # what became of it is a sentence
        rows = self.table.verticalHeader()
        rows.setMinimumSectionSize(rows.defaultSectionSize())
        self._later = QTimer(self, singleShot=True, interval=0)  # once for all columns
        self._later.timeout.connect(self._fit)
        self.table.horizontalHeader().sectionResized.connect(lambda *_width: self._later.start())
        self._roomy = False
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
        self._roomy = roomy
        self._fit()
        self.setVisible(bool(tried))

    def sizeHint(self) -> QSize:
        """With as many rows as are seen at most: Qt's own knows no rows."""
        hint = super().sizeHint()
        others = hint.height() - min(self.table.sizeHint().height(), self.table.maximumHeight())
        return QSize(hint.width(), others + self.table.maximumHeight())

    def _fit(self) -> None:
        """Rows are as high as what they say, which wraps; that decides how many are seen."""
        for row in range(self.table.rows.rowCount()):
            self.table.setRowHeight(row, self._row_height(row))
        self.table.setMinimumHeight(self._height(LEAST))
        self.table.setMaximumHeight(self._height(MANY if self._roomy else FEW))
        self.updateGeometry()

    def _row_height(self, row: int) -> int:
        """Qt's own takes cells for wider than they are, without what is around their texts."""
        metrics, usual = self.table.fontMetrics(), self.table.verticalHeader().defaultSectionSize()
        heights = [usual]
        for number, column in enumerate(self.table.rows.columns):
            room = QRect(0, 0, self.table.columnWidth(number) - 2 * style.INSIDE, 10 * usual)
            text = column.text(self.table.rows.shown[row])
            lines = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
            heights.append(lines + usual - metrics.height())
        return max(heights)

    def _height(self, most: int) -> int:
        """Of ``most`` of the rows, or of all, where these are fewer."""
        shown = range(min(most, self.table.rows.rowCount()))
        rows = sum(self.table.verticalHeader().sectionSize(row) for row in shown)
        header = self.table.horizontalHeader().sizeHint().height()
        return header + rows + 2 * self.table.frameWidth()


def _order(followed: Followed, trial: ev.Tried) -> tuple[bool, bool, bool, float]:
    """What was chosen comes first, then what is being trained."""
    now = trial.dropped in ("auto.now", "auto.elsewhere")
    measured_by = followed.score if trial.strategy or followed.probe is None else followed.probe
    worth = 0.0 if trial.accuracy is None else measured_by.worth(trial.accuracy)
    return bool(trial.dropped), not now, not trial.strategy, -worth


def _columns(followed: Followed) -> tuple[Column[ev.Tried], ...]:
    measures = trials.Measures(followed.score, followed.unit, followed.probe)
    return (
        Column(_("Backbone"), lambda trial: trial.title, width=200, tip=lambda trial: trial.title),
        Column(_("Strategy"), trials.way, width=164, least=76, tip=trials.way),
        _probed(measures),
        _trained(measures),
        Column(
            _("Time"),
            lambda trial: duration(max(1, trial.seconds)) if trial.seconds else "",
            key=lambda trial: trial.seconds,
            figure=True,
            width=76,
            least=60,
        ),
        Column(
            _("Full training"),
            trials.full_time,
            key=lambda trial: None if trial.full is None else max(trial.full, trial.seconds),
            explanation=_(
                "Time of the full training. “About” marks an estimate from a short measurement: "
                "the training itself may take longer."
            ),
            figure=True,
            width=100,
            least=76,
        ),
        Column(_("Outcome"), trials.fate, width=232, least=104, tip=trials.fate, colour=_colour),
    )


def _probed(measures: trials.Measures) -> Column[ev.Tried]:
    """The figure of a backbone that was not trained."""
    score = measures.probe or measures.score
    explained = _(
        "A quick estimate of how well a backbone suits your data: {title} of a linear model on "
        "the features of the backbone, measured on a part of the training set. Compare these "
        "figures only with each other."
    )
    return Column(
        _("Linear probe"),
        measures.probed_text,
        key=measures.probed,
        explanation=explained.format(title=within(_(score.title))),
        figure=True,
        share=measures.probed if score.share else None,
        width=104,
        least=76,
    )


def _trained(measures: trials.Measures) -> Column[ev.Tried]:
    """The figure of a trained model, at its best epoch."""
    score = measures.score
    explained = _("{title} on the validation set, at the best epoch.")
    return Column(
        _("Validation"),
        measures.trained_text,
        key=measures.trained,
        explanation=explained.format(title=_(score.title)),
        figure=True,
        share=measures.trained if score.share else None,
        width=88,
        least=72,
    )


def _colour(trial: ev.Tried) -> str:
    return "" if trial.dropped else "accent"
