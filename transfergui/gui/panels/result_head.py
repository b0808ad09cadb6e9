"""The top of the results: the result in one line, as bars, and what follows from it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from transfergui.core.base.i18n import _
from transfergui.core.evaluation import words as report_words
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.evaluation.verdict import Verdict, headline_text
from transfergui.core.figures.metrics import Report
from transfergui.gui.base import style, words
from transfergui.gui.base.tasks import Task
from transfergui.gui.panels.best_run_notice import BestRunNotice
from transfergui.gui.panels.data_line import DataLine
from transfergui.gui.panels.hurt_line import HurtLine
from transfergui.gui.panels.result_figures import (
    figure_names,
    figure_values,
    interval_explanation,
    measured_on,
    simple_title,
)
from transfergui.gui.panels.run_results import RunResults
from transfergui.gui.parts.figures import Figures
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.note_lines import NoteLines, brief_note, say, unbroken
from transfergui.gui.parts.term_label import TermLabel
from transfergui.gui.plots.score_bars import ScoreBarChart

WIDE = 640
"""Pixels of width from which on the bars and the verdict stand side by side."""


class ResultHead(QFrame):
    """See the module.

    Attributes:
        report_wanted, export_wanted, search_wanted, checks_wanted: a button was pressed.
        run_wanted: path of another run that should be shown.
        setting_wanted: as of :class:`~transfergui.gui.parts.note_lines.NoteLines`.
    """

    report_wanted = Signal()
    export_wanted = Signal()
    search_wanted = Signal()
    checks_wanted = Signal()
    run_wanted = Signal(object)
    setting_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._results: RunResults | None = None
        self._recheck = Task(self, RunResults.checked_again, self.show_results, lambda _error: None)
        self.data = DataLine()
        self.headline = WrappedLabel(role="result")
        self.about = ElidedLabel(role="caption")
        self.bars = ScoreBarChart()
        self.interval = TermLabel("", interval_explanation())
        self.hurt = HurtLine()
        self.best = BestRunNotice()
        self.majority = TermLabel.term("baseline")
        self.ap50 = TermLabel.term("ap50")
        self.verdict = NoteLines()
        self.details = QPushButton()
        self.measured = WrappedLabel(role="caption")
        self.sentences = WrappedLabel()
        self.figures = Figures(figure_names())
        self.offer = WrappedLabel(role="caption")
        self.search = QPushButton(_("Start search"))
        self._more = QWidget()
        self._build()

    # -- building

    def _build(self) -> None:
        self.data.button.clicked.connect(self.checks_wanted)
        self.verdict.setting_wanted.connect(self.setting_wanted)
        for offer in (self.hurt, self.best):
            offer.wanted.connect(self.run_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.BETWEEN, 12, style.BETWEEN, 12)
        layout.setSpacing(style.INSIDE)
        layout.addWidget(self.data)
        layout.addLayout(self._top())
        layout.addWidget(self.hurt)
        layout.addWidget(self.about)
        layout.addWidget(self.best)
        layout.addSpacing(style.GAP)
        layout.addLayout(self._middle())
        layout.addWidget(self._details())
        layout.addLayout(self._bottom())

    def _top(self) -> QHBoxLayout:
        page = QPushButton(_("Open report"))
        page.setToolTip(_("The whole result on one page, to keep or to share."))
        page.clicked.connect(self.report_wanted)
        export = QPushButton(_("Export model"))
        export.setToolTip(_("Save the trained model as a file."))
        export.clicked.connect(self.export_wanted)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addWidget(self.headline, 1)
        for button in (page, export):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _middle(self) -> QBoxLayout:
        terms = QHBoxLayout()
        terms.setSpacing(style.BETWEEN)
        for term in (self.ap50, self.interval, self.majority):
            term.setProperty("role", "caption")
            terms.addWidget(term)
        terms.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(style.GAP)
        left.addWidget(self.bars)
        left.addLayout(terms)
        left.addStretch(1)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(style.AROUND)
        self._sides.addLayout(left, 5)
        self._sides.addWidget(self.verdict, 4)
        return self._sides

    def _details(self) -> QWidget:
        self.sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = QVBoxLayout(self._more)
        inside.setContentsMargins(0, style.GAP, 0, style.GAP)
        inside.setSpacing(12)
        inside.addWidget(self.measured)
        inside.addWidget(self.figures)
        inside.addWidget(self.sentences)
        self._more.hide()
        return self._more

    def _bottom(self) -> QHBoxLayout:
        self.details.setProperty("role", "link")
        self.details.clicked.connect(lambda: self.unfold(self._more.isHidden()))
        self.offer.setText(
            _("Look for something better: an automatic search takes about a minute.")
        )
        self.offer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.search.setToolTip(
            _(
                "Tries several backbones and strategies on your data and keeps the best model. "
                "This result stays in Runs."
            )
        )
        self.search.clicked.connect(self.search_wanted)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.details, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self.offer, 1)
        row.addWidget(self.search)
        self.unfold(False)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= WIDE
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._sides.setSpacing(style.AROUND if wide else style.INSIDE)
        super().resizeEvent(event)

    # -- showing

    def look_again(self) -> None:
        """Data were checked: what is said of those of the run may be another."""
        if self._results is not None:
            self._recheck.start(self._results)

    def show_results(self, results: RunResults) -> None:
        """Show what was measured of a run."""
        self._recheck.cancel()
        self._results = results
        notes = report_words.notes(results.report, results.modality, results.beside)
        hurt = {note.code for note in self.hurt.look(results)}
        self.best.look(None if hurt else results)  # one offer of another run is enough
        verdict = Verdict.of([note for note in notes if note.code not in hurt])
        self.data.show_note(verdict.data)
        self.headline.setText(unbroken(headline_text(brief_note(notes[0]))))
        self.headline.setToolTip(style.tip(notes[0].sentence()))
        self.about.setText(results.about)
        on_epochs = report_words.details(results.report, results.modality)
        said = [results.about, *(note.sentence() for note in on_epochs)]
        self.about.setToolTip(style.tip("\n".join(said)))
        found = score_bars(results.report, results.beside.others, self.data.warns)
        self.bars.fill(found)
        between = next((bar.between for bar in found.bars if bar.between), "") if found else ""
        self.interval.setText(_("95 % interval: {between}").format(between=between))
        self.interval.setVisible(bool(between))
        self.majority.setVisible(results.report.majority is not None)
        self.ap50.setVisible(results.report.found is not None)
        measured = measured_on(results.report, words.Noun.of(results.modality))
        self.measured.setText(measured)
        self.measured.setVisible(bool(measured))
        self.verdict.fill(verdict.first)
        say(self.sentences, verdict.more)
        self.sentences.setVisible(bool(verdict.more))

    def show_figures(self, found: Report) -> None:
        """Show the figures of a report, or of one of its questions."""
        self.figures.rename("simple", simple_title(found))
        self.figures.show_only(figure_values(found))

    def offer_search(self, on: bool) -> None:
        """Offer to look for a better model, or do not."""
        for part in (self.offer, self.search):
            part.setVisible(on)

    @property
    def unfolded(self) -> bool:
        """Whether all figures and sentences are shown."""
        return not self._more.isHidden()

    def unfold(self, on: bool) -> None:
        """Show all figures and sentences, or only the most important ones."""
        self._more.setVisible(on)
        self.details.setText(_("Hide details") if on else _("Show details"))
