"""Rows of predictions of one class."""

from collections.abc import Sequence

import numpy as np

from transfergui.core.data.targets import Targets
from transfergui.core.evaluation.prediction import prediction_rows
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.interfaces.objective import Found
from transfergui.core.objectives.one_class import OneClass


def made_rows(
    paths: Sequence[str], truth: Sequence[int], probabilities: np.ndarray, classes: Sequence[str]
) -> list[PredictionRow]:
    found = Found(Targets(), tuple(classes))
    return prediction_rows(paths, truth, probabilities, OneClass(), found)
