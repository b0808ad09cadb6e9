"""The boxes that a model finds in the files under Predict: drawn, and from which score on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject

from transfergui.core.base.i18n import _, comma_list, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.targets import BOXES, NONE_OF_THEM
from transfergui.core.evaluation import box_marks
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.core.trained import TrainedModel
from transfergui.gui.base import words
from transfergui.gui.base.kept_scores import scores
from transfergui.gui.panels.prediction_queue import PredictionQueue
from transfergui.gui.parts.labels import ElidedLabel
from transfergui.gui.parts.score_slider import ScoreSlider
from transfergui.gui.samples.sample_pane import GetBoxes
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable


class FoundBoxes(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        queue: whose model finds them.
        table: in which they are drawn.

    Attributes:
        corrected: returns the boxes that the user drew or confirmed instead, as texts, by the
            path of the picture.
        slider: asks from which score on they are shown; hidden where none are found.
        total: how many there are in all pictures.
    """

    def __init__(self, parent: QObject, queue: PredictionQueue, table: PredictionTable) -> None:
        super().__init__(parent)
        self._queue = queue
        self._table = table
        self.corrected: Callable[[], Mapping[str, str]] = dict
        self.slider = ScoreSlider()
        self.slider.hide()
        self.slider.chosen.connect(self._show_from)
        scores.changed.connect(self._take_kept)
        self.total = ElidedLabel(role="caption")
        self.total.hide()
        table.draw_boxes(self.of_row)

    def of_row(self, row: PredictionRow) -> Sequence[MarkedBox]:
        """The boxes that are shown of an answer: those of the user, where it was corrected."""
        if (model := self._model()) is None or row.answer.probabilities is None:
            return ()
        if (own := self.corrected().get(str(row.path))) is not None:
            return box_marks.of_label(own, model.found.targets.names)
        return box_marks.of_answers(row.answer.probabilities, model.found)

    def among(self, rows: Sequence[PredictionRow]) -> GetBoxes:
        """The boxes of each of these files, by its path."""
        by_path = {str(row.path): row for row in rows}
        return lambda path: self.of_row(by_path[path])

    def follow(self, live: bool = False) -> None:
        """Ask for the score where boxes are found.

        Args:
            live: what a camera sees is shown instead, which asks for itself.
        """
        model, source = self._model(), self._queue.source
        self.slider.setVisible(model is not None and not live)
        self.slider.setEnabled(not self._queue.running)
        if model is not None and source is not None:
            score = box_answers.threshold(model.found.fitted)
            self.slider.show_score(score, self._queue.own.get(source, score))
        seen = self.sum_up() and not self._queue.running
        self.total.setVisible(seen and not live)

    def sum_up(self) -> bool:
        """Say how many there are in all pictures; whether there are any pictures."""
        model = self._model()
        rows = [row for row in self._table.rows.rows if row.answer.probabilities is not None]
        if model is not None and rows:
            self.total.setText(_total(rows, model.found.targets.names, self.corrected()))
        return model is not None and bool(rows)

    def _model(self) -> TrainedModel | None:
        """The model, if it finds boxes."""
        model = self._queue.model
        return model if model is not None and model.objective.key == BOXES else None

    def _show_from(self, score: float | None) -> None:
        """Show boxes from another score on; None for the model's own."""
        if (source := self._queue.source) is not None and not self._queue.running:
            scores.keep(source, score)

    def _take_kept(self) -> None:
        """Show boxes from the score on that was chosen, here or for a camera."""
        model, source = self._model(), self._queue.source
        if model is None or source is None or self._queue.running:
            return
        now = box_answers.threshold(model.found.fitted)
        wanted = scores.of(source) or self._queue.own.get(source, now)
        if wanted != now:
            self._queue.judge_by(model.showing_from(wanted))


def _total(
    rows: Sequence[PredictionRow], names: Sequence[str], corrected: Mapping[str, str]
) -> str:
    """How many boxes there are of each class in all of these answers, as they are corrected."""
    counts: Counter[str] = Counter()
    for row in rows:
        said = row.answer.said
        text = corrected.get(str(row.path), said.label if said is not None else NONE_OF_THEM)
        counts.update(box.name for box in parsed_boxes(text))
    known = dict.fromkeys((*names, *counts))
    listed = [f"{words.number(counts[name])} {shown(name)}" for name in known if counts[name]]
    text = ngettext(
        "Total in {count} picture: {boxes}", "Total in {count} pictures: {boxes}", len(rows)
    )
    boxes = comma_list(listed) or _("no boxes")
    return text.format(count=words.number(len(rows)), boxes=boxes)
