"""What models of every objective answer, without a model."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from transfergui.core import registry
from transfergui.core.data.targets import (
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    of_labels,
    of_numbers,
    of_questions,
)
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.evaluation.prediction_table import Answered
from transfergui.core.interfaces.objective import Found

QUESTIONS = ("size", "parity")
FOUND = {
    ONE_CLASS: Found(Targets(), ("a", "b")),
    SEVERAL_LABELS: Found(of_labels((), ("high", "odd")), ("high", "odd"), (0.3, 0.9)),
    SEVERAL_QUESTIONS: Found(
        of_questions((), QUESTIONS, (("low", "high"), ("e", "o"))),
        ("size: low", "size: high", "parity: e", "parity: o"),
    ),
    NUMBER: Found(of_numbers((), "weight", "kg"), ("weight",)),
}
"""What answers are read with, by objective: as of a package, which knows no samples."""


def said_by(objective: str, path: str, answers: Sequence[float]) -> Prediction:
    """A prediction, as a model of that objective makes it."""
    row = np.array(answers)
    (said,) = registry.objective(objective).said(row[None], FOUND[objective])
    return Prediction(Path(path), row, said=said)


def of(objective: str, predictions: Sequence[Prediction | None], name: str = "") -> Answered:
    """The predictions of a model of that objective."""
    return Answered(registry.objective(objective), FOUND[objective], predictions, name)


def answered(
    classes: Sequence[str], predictions: Sequence[Prediction | None], name: str = ""
) -> Answered:
    """The predictions of a model that tells ``classes`` apart."""
    found = Found(Targets(), tuple(classes))
    return Answered(registry.objective(ONE_CLASS), found, predictions, name)
