"""Above the examples that are labelled: how far one is, how good the suggestions are, what next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _, ngettext, paragraph
from transfergui.core.base.paths import shown
from transfergui.gui.base import style, words
from transfergui.gui.base.words import Noun
from transfergui.gui.labelling.labelling import Labelling
from transfergui.gui.labelling.reading_fields import ReadingFields
from transfergui.gui.labelling.words_row import WordsRow
from transfergui.gui.networks.weights_download import WeightsDownload
from transfergui.gui.parts.labels import ElidedLabel, WrappedLabel
from transfergui.gui.parts.progress_row import ProgressRow

if TYPE_CHECKING:
    from transfergui.core.labelling.estimate import Estimate

LEAST_CLASSES, LEAST_EACH = 2, 2
"""What a training needs: so many classes with so many examples each."""
FEW_DRAWN = 30
"""Of fewer examples drawn at random, numbers are told and no share, which would seem certain."""
BAR = 200
"""Pixels."""


class LabelHead(QWidget):
    """See the module.

    Attributes:
        title: what is labelled.
        done: how many examples have a label.
        again: analyses the examples once more, where that has failed.
        reading: how recordings are divided.
        said: how good the suggestions are, or what is needed before there are any.
        analysis: how far the features are.
        words: of suggestions from the class names alone.
        better: a backbone with which fewer labels would be enough, to download.
        train, export, leave: buttons.
    """

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self.title = ElidedLabel(role="heading")
        self.done = ElidedLabel(role="caption")
        self.said = WrappedLabel()
        self.again = QPushButton(_("Try again"))
        self.reading = ReadingFields(labelling)
        self.words = WordsRow(labelling)
        self.better = WeightsDownload()
        self._amount = labelling.opened.amount
        self.bar = QProgressBar()
        self.analysis = ProgressRow(_("Analysing the examples"))
        self.train = QPushButton(_("Train with these labels"))
        self.export = QPushButton(_("Export labels…"))
        self.leave = QPushButton(_("Close"))
        self._build()
        labelling.changed.connect(self.refresh)
        labelling.suggestions_changed.connect(self.refresh)
        labelling.progressed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how far one is."""
        labelling = self._labelling
        labelled, total = labelling.labelled, len(labelling.opened.paths)
        text = _("{done} of {amount} labelled")
        self.done.setText(text.format(done=words.number(labelled), amount=self._amount))
        self.bar.setMaximum(max(1, total))
        self.bar.setValue(labelled)
        self.said.setText(self._sentence())
        estimate = labelling.suggested.estimate
        learned = bool(labelling.suggested.guesses) and not labelling.suggested.by_words
        told = estimate.sentences() if estimate is not None and learned else ()
        self.said.setToolTip(style.tip("\n".join(told)))
        obstacle = self._obstacle()
        self.train.setEnabled(not obstacle)
        self.train.setToolTip(
            style.tip(obstacle or _("Train a model with the labelled examples now."))
        )
        self._stress(not obstacle and not labelling.lacking)
        self.export.setEnabled(labelled > 0)
        progress = labelling.progress
        self.analysis.set_visible(progress is not None)
        self.again.setVisible(progress is None and labelling.features is None)
        self.reading.refresh()
        self._offer_better()
        if progress is not None and progress[0]:
            self.analysis.show_progress(*progress)
        elif progress is not None:
            self.analysis.show_waiting(_("Preparing suggestions…"))

    def _offer_better(self) -> None:
        """Offer a backbone that would need fewer labels, where one is worth its download."""
        features = self._labelling.features
        better = features.better if features is not None else None
        if better is not None and better.key != self.better.key:
            self.better.save_labels(better)
        self.better.setVisible(better is not None or self.better.busy)

    def _sentence(self) -> str:
        """How good the suggestions are, or why there are none yet."""
        labelling = self._labelling
        if labelling.suggested.by_words:
            return self._of_words()
        if labelling.suggested.guesses and labelling.suggested.estimate is not None:
            left = len(labelling.opened.paths) - labelling.labelled
            counts = labelling.counts()
            guessing = max(counts.values(), default=0) / max(1, labelling.labelled)
            judged = _judged(labelling.suggested.estimate, labelling.noun, left, guessing)
            return paragraph((judged, _of_accepted(labelling.together)))
        if labelling.unanalysed is not None:
            return _("No suggestions: {reason}").format(reason=labelling.unanalysed)
        if labelling.features is None and labelling.progress is None:
            return _("No suggestions: the analysis was cancelled.")
        return self._next_step() or _("Suggestions are being computed…")

    def _of_words(self) -> str:
        """What the suggestions from the class names are worth, and when those of labels begin."""
        labelling = self._labelling
        comparison = labelling.suggested.comparison
        assert comparison is not None
        text = ngettext(
            "After {count} more label, the program also learns from your labels.",
            "After {count} more labels, the program also learns from your labels.",
            labelling.lacking,
        )
        more = text.format(count=words.number(labelling.lacking)) if labelling.lacking else ""
        return paragraph((comparison.sentence(), more))

    def _next_step(self) -> str:
        """What is needed before anything can be suggested; empty once all of it is there."""
        labelling = self._labelling
        if not labelling.table.classes:
            return _("Name the classes on the left, then give the first examples a class.")
        if lacking := labelling.lacking:
            text = ngettext(
                "{count} more label, and the program starts to suggest the rest.",
                "{count} more labels, and the program starts to suggest the rest.",
                lacking,
            )
            return text.format(count=words.number(lacking))
        if len(set(labelling.table.labels.values())) < LEAST_CLASSES:
            return _("Label examples of a second class. Then the program suggests the rest.")
        return ""

    def _stress(self, next_step: bool) -> None:
        """Colour the button once training is what comes next."""
        role = "primary" if next_step else ""
        if self.train.property("role") != role:
            self.train.setProperty("role", role)
            self.train.style().unpolish(self.train)
            self.train.style().polish(self.train)

    def _obstacle(self) -> str:
        """Why nothing can be trained with the labels so far."""
        counts = self._labelling.counts()
        if sum(count >= LEAST_EACH for count in counts.values()) < LEAST_CLASSES:
            return _("Label at least 2 examples each of 2 classes first.")
        return ""

    def _build(self) -> None:
        name = shown(self._labelling.opened.source.name)
        self.title.setText(_("Label “{name}”").format(name=name))
        self.leave.setToolTip(_("The labels are saved. Open the folder again to continue."))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(BAR)
        self.bar.setAccessibleName(_("Labelled"))
        self.export.setToolTip(_("Save the labels as folders, a table or JSON lines."))
        self.analysis.cancel_button.clicked.connect(self._labelling.stop_analysis)
        how_far = QHBoxLayout()
        how_far.setSpacing(style.INSIDE)
        how_far.addWidget(self.bar)
        how_far.addWidget(self.done, 1)
        told = QVBoxLayout()
        told.setSpacing(style.GAP)
        told.addWidget(self.title)
        told.addLayout(how_far)
        row = QHBoxLayout()
        row.setSpacing(style.INSIDE)
        row.addLayout(told, 1)
        for button in (self.leave, self.export, self.train):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.INSIDE)
        layout.addLayout(row)
        self.again.setProperty("role", "link")
        self.again.clicked.connect(self._labelling.begin)
        below = QHBoxLayout()
        below.setSpacing(style.INSIDE)
        below.addWidget(self.said, 1)
        below.addWidget(self.again)
        below.addWidget(self.reading)
        layout.addLayout(below)
        layout.addWidget(self.words)
        self.better.arrived.connect(self._labelling.begin)
        self.better.failed.connect(self._labelling.tell)
        layout.addWidget(self.better)
        layout.addLayout(self.analysis)


def _judged(estimate: Estimate, noun: Noun, left: int, guessing: float) -> str:
    """How often the suggestions are correct, as far as that is known, and what is to be done.

    Args:
        left: so many examples have no label.
        guessing: the share of the largest class among the labels, which needs no model.
    """
    if estimate.accuracy is None:
        return paragraph(_until_judged(estimate, noun))
    text = ngettext(
        "Suggestions are correct on about {share} ({range}), with {count} label given.",
        "Suggestions are correct on about {share} ({range}), with {count} labels given.",
        estimate.labelled,
    )
    if estimate.n < FEW_DRAWN:
        text = _(
            "Suggestions were correct on {right} of {n} examples drawn at random. In the whole "
            "folder, {range} are to be expected."
        )
    said = text.format(
        share=percent(estimate.accuracy, 0),
        right=words.number(estimate.right),
        n=words.number(estimate.n),
        range=words.percents(estimate.low, estimate.high),
        count=words.number(estimate.labelled),
    )
    if estimate.low <= guessing:
        return paragraph((said, _no_better(estimate)))
    return paragraph((said, _enough(estimate) if left else ""))


def _of_accepted(count: int) -> str:
    """That labels that are suggestions themselves prove little."""
    if not count:
        return ""
    text = ngettext(
        "{count} suggestion was accepted together with others: without a look at it, this counts "
        "as correct.",
        "{count} suggestions were accepted several at once: those that nobody looked at count as "
        "correct.",
        count,
    )
    return text.format(count=words.number(count))


def _no_better(estimate: Estimate) -> str:
    """What is to be done where the suggestions may be no better than guessing."""
    if estimate.enough:
        return _(
            "That may be no better than guessing, and more labels alone would hardly help: another "
            "backbone may."
        )
    return _("That may be no better than guessing yet: give more labels.")


def _until_judged(estimate: Estimate, noun: Noun) -> tuple[str, str]:
    from transfergui.core.labelling.estimate import FEWEST

    said = _("Suggestions are shown below the {noun}.").format(noun=_(noun.many))
    missing = max(1, FEWEST - estimate.n)
    text = ngettext(
        "How often they are correct is shown once {count} more example drawn at random has a "
        "label. Such examples are among the first under “Most useful next”: skip none.",
        "How often they are correct is shown once {count} more examples drawn at random have "
        "labels. Such examples are among the first under “Most useful next”: skip none.",
        missing,
    )
    return said, text.format(count=words.number(missing))


def _enough(estimate: Estimate) -> str:
    """Whether there are enough labels, or when that is said."""
    from transfergui.core.labelling.estimate import FEWEST_FOR_GAIN

    if estimate.enough:
        return _("More labels would hardly help now.")
    if estimate.gain is None:
        text = _("From {count} labels on, this line says whether more would help.")
        return text.format(count=words.number(FEWEST_FOR_GAIN))
    return _("More labels may still help.")
