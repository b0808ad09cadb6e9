"""The boxes that a model finds in the files under Predict: drawn, and from which score on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation import box_marks
from transfergui.core.figures import box_answers
from transfergui.core.interfaces.samples import MarkedBox
from transfergui.core.trained import TrainedModel
from transfergui.gui.panels.prediction_queue import PredictionQueue
from transfergui.gui.panels.score_slider import ScoreSlider
from transfergui.gui.samples.sample_pane import GetBoxes
from transfergui.gui.tables.prediction_table import PredictionRow, PredictionTable


class FoundBoxes(QObject):
    """See the module.

    Args:
        parent: Qt's owner.
        queue: whose model finds them.
        table: in which they are drawn.

    Attributes:
        slider: asks from which score on they are shown; hidden where none are found.
    """

    def __init__(self, parent: QObject, queue: PredictionQueue, table: PredictionTable) -> None:
        super().__init__(parent)
        self._queue = queue
        self._own: dict[Path, float] = {}
        self.slider = ScoreSlider()
        self.slider.hide()
        self.slider.chosen.connect(self._show_from)
        table.draw_boxes(self.of_row)

    def of_row(self, row: PredictionRow) -> Sequence[MarkedBox]:
        """The boxes that are shown of an answer."""
        if (model := self._model()) is None or row.answer.probabilities is None:
            return ()
        return box_marks.of_answers(row.answer.probabilities, model.found)

    def among(self, rows: Sequence[PredictionRow]) -> GetBoxes:
        """The boxes of each of these files, by its path."""
        by_path = {str(row.path): row for row in rows}
        return lambda path: self.of_row(by_path[path])

    def follow(self) -> None:
        """Ask for the score where boxes are found."""
        model, source = self._model(), self._queue.source
        self.slider.setVisible(model is not None)
        self.slider.setEnabled(not self._queue.running)
        if model is not None and source is not None:
            score = box_answers.threshold(model.found.fitted)
            self.slider.show_score(score, self._own.get(source, score))

    def _model(self) -> TrainedModel | None:
        """The model, if it finds boxes."""
        model = self._queue.model
        return model if model is not None and model.objective.key == BOXES else None

    def _show_from(self, score: float | None) -> None:
        """Show boxes from another score on; None for the model's own."""
        model, source = self._model(), self._queue.source
        if model is None or source is None or self._queue.running:
            return
        own = self._own.setdefault(source, box_answers.threshold(model.found.fitted))
        self._queue.least[source] = own if score is None else score
        self._queue.judge_by(model.showing_from(self._queue.least[source]))
