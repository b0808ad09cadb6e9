"""Answers of a model as rows of the table of predictions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol

from transfergui.core.base.figure_texts import rounded_text
from transfergui.core.data.targets import BOXES
from transfergui.core.evaluation import box_marks
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.trained import TrainedModel
from transfergui.gui.tables.prediction_table import PredictionRow


class Answering(answers.Predicting, Protocol):
    """A model, or what is kept of one."""

    @property
    def classes(self) -> Sequence[str]: ...

    @property
    def error(self) -> float | None:
        """As of :attr:`TrainedModel.error`."""


def row_of(
    answer: Prediction,
    model: Answering,
    before: PredictionRow | None = None,
) -> PredictionRow:
    """An answer of ``model``; a number with the digits that its error can carry, boxes as how
    many there are.

    Args:
        before: what another model said of the same sample.
    """
    cells, text = _cells(answer, model), ""
    if model.objective.key == BOXES and answer.said is not None:
        text = box_marks.summary(answer.said.label)
    elif cells and not model.objective.confident:
        number = rounded_text(float(cells[0]), model.error)
        text = f"{number} {model.found.targets.unit}".rstrip()
    return PredictionRow.of(answer, model.classes, before, cells, text)


def said_again(answer: Prediction, model: TrainedModel) -> Prediction:
    """An answer as ``model`` says it now."""
    if answer.said is None or answer.probabilities is None:
        return answer
    return dataclasses.replace(answer, said=model.said(answer.probabilities))


def _cells(answer: Prediction, model: answers.Predicting) -> tuple[float | str, ...]:
    """The cells of an answer; none of one class, whose likeliest answers are kept."""
    if answer.probabilities is None or model.objective.balances:
        return ()
    return model.objective.cells(answer.probabilities, model.found)


def choices(model: TrainedModel) -> int:
    """Among how many classes a model decides; 0 where it predicts something else."""
    return len(model.classes) if model.objective.balances else 0
