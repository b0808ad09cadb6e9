"""What models said before another one was chosen, to stand beside what that says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from transfergui.core.app import predicting
from transfergui.core.base.figure_texts import within
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.objective import Found, Objective
from transfergui.core.trained import TrainedModel
from transfergui.gui.panels.prediction_rows import row_of
from transfergui.gui.tables.prediction_table import PredictionRow

Kind = tuple[str, str, str]
"""What a model looks at, what it predicts, and in which unit; see :func:`kind_of`."""


class EarlierPredictions(NamedTuple):
    """What a model said before another one was chosen.

    Attributes:
        source: where the model is.
        objective: what it predicts, and ``found`` what its answers are read with.
        error: how far its numbers are from the truth on average, if known.
        rows: its answers, by their :func:`predicting.key`.
    """

    source: Path
    name: str
    classes: Sequence[str]
    objective: Objective
    found: Found
    error: float | None
    rows: dict[str, Prediction]

    def apart_from(self, model: TrainedModel) -> str:
        """Why these answers do not stand beside those of ``model``; empty where they can."""
        if _meant(self) == _meant(model):
            return ""
        text = _(
            "This model predicts: {what}. “{name}” predicts: {other}. These cannot be compared, so "
            "the predictions of “{name}” are not shown beside the new ones."
        )
        return text.format(what=_what(model), name=self.name, other=_what(self))

    def beside(self, answer: Prediction) -> PredictionRow | None:
        """What this model said of the same sample."""
        found = predicting.beside(answer, self.rows)
        if found is None:
            return None
        return row_of(found, self)


def kind_of(model: TrainedModel) -> Kind:
    """Models whose answers stand beside one another: what they look at, and what they predict."""
    return model.modality.key, *_meant(model)


def _meant(model: answers.Predicting) -> tuple[str, str]:
    """What a model predicts, and in which unit."""
    return model.objective.key, model.found.targets.unit


def _what(model: answers.Predicting) -> str:
    """The same in words: ``several labels``, ``a number in kg``."""
    targets = model.found.targets
    if targets.unit:
        return model.objective.counted(targets, len(model.found.classes))
    return within(_(model.objective.title))
