"""What a model says about one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.data.dataset import Problem
from transfergui.core.figures.metrics import MATRIX_CLASSES, PredictionRow
from transfergui.core.interfaces import Found, Objective, Said

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.data.rows import OwnRow


@dataclass(frozen=True)
class Prediction:
    """The answer for one file.

    Attributes:
        probabilities: what the model answers, float64 [outputs]; None where the file could not be
            read.
        problem: why not; or, with an answer, why it means little.
        name: what it is called, where that is not its path: ``photos.zip/1.jpg``.
        own: the rows of the user's own tables that it is, or that name it.
        version: modification time and size of the file when the model read it.
        said: what these answers come to; by itself, the likeliest of several classes.
        parts: of how many pieces it is the mean, of a whole recording; else 0.
    """

    path: Path
    probabilities: np.ndarray | None = None
    problem: Problem | None = None
    name: Path | None = None
    own: tuple[OwnRow, ...] = ()
    version: tuple[int, int] | None = None
    parts: int = 0
    said: Said | None = None

    @property
    def confidence(self) -> float | None:
        """Of the prediction; 0 where the file could not be read, None of a number."""
        if self.said is not None:
            return self.said.confidence
        return 0.0 if self.probabilities is None else float(self.probabilities.max())

    def label(self, classes: tuple[str, ...]) -> str:
        """The prediction in words; empty where the file could not be read."""
        if self.said is not None:
            return self.said.label
        return "" if self.probabilities is None else classes[int(self.probabilities.argmax())]


def prediction_rows(
    paths: Sequence[str],
    labels: Sequence[int],
    answers: np.ndarray,
    objective: Objective,
    found: Found,
) -> list[PredictionRow]:
    """The rows of ``predictions.csv``, in the order of ``paths``.

    Args:
        labels: indices into the classes of the data set [N].
        answers: [N, O].
    """
    keep = len(objective.columns(found)) <= MATRIX_CLASSES
    said = objective.said(answers, found)
    return [
        PredictionRow(
            path=path,
            truth=found.classes[label],
            label=each.label,
            confidence=each.confidence,
            cells=objective.cells(row, found) if keep else (),
        )
        for path, label, each, row in zip(paths, labels, said, answers, strict=True)
    ]
