"""What a model says about one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import shards
from transfergui.core.data.dataset import Problem
from transfergui.core.data.doubt import doubt_of
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Calibration
from transfergui.core.figures.one_class import MATRIX_CLASSES
from transfergui.core.interfaces.objective import Found, Objective, Said

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.data.rows import OwnRow
    from transfergui.core.data.targets import Targets
    from transfergui.core.runs.doubts import Promise


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
        unlike: how unlike the training samples it is: about 0 is usual, above 1 is a stranger; None
            where that is not known.
        doubt: why it is not to be believed, as of :func:`doubt_of`: ``unsure`` only where a promise
            was made.
        withheld: whether it is not given therefore: where a promise was made.
        adapted: how the model was adapted to the very files that were given
            (:mod:`transfergui.core.app.tent`); empty where it was not.
    """

    path: Path
    probabilities: np.ndarray | None = None
    problem: Problem | None = None
    name: Path | None = None
    own: tuple[OwnRow, ...] = ()
    version: tuple[int, int] | None = None
    parts: int = 0
    said: Said | None = None
    unlike: float | None = None
    doubt: str = ""
    withheld: bool = False
    adapted: str = ""

    @property
    def called(self) -> str:
        """What it is called by people and in tables: :attr:`name`, or its name in a tar."""
        return str(self.name or shards.inside(self.path))

    def judged(self, promise: Promise | None) -> Prediction:
        """It with :attr:`doubt`, of a model with this promise."""
        if self.probabilities is None:
            return self
        promise = None if self.adapted else promise  # measured of the model as it was
        below = 0.0 if promise is None else promise.below
        doubt = doubt_of(self.confidence, self.unlike, below)
        return replace(self, doubt=doubt, withheld=bool(doubt) and promise is not None)

    @property
    def confidence(self) -> float | None:
        """Of the prediction; 0 where the file could not be read, None of a number."""
        if self.said is not None:
            return self.said.confidence
        return 0.0 if self.probabilities is None else float(self.probabilities.max())

    def label(self, classes: tuple[str, ...]) -> str:
        """The prediction in words; empty where there is none."""
        return "" if self.withheld else self.likeliest(classes)

    def likeliest(self, classes: tuple[str, ...]) -> str:
        """The same, also of one that is not given; empty where the file could not be read."""
        if self.said is not None:
            return self.said.label
        return "" if self.probabilities is None else classes[int(self.probabilities.argmax())]


def certainty(
    rows: Sequence[PredictionRow], objective: Objective, targets: Targets
) -> tuple[np.ndarray, np.ndarray]:
    """The confidence float64 [N] of predictions, and whether each is right, bool [N]; empty of
    numbers."""
    import numpy as np

    known = [(row.confidence, objective.error(row, targets) == 0) for row in rows]
    known = known if objective.confident else []
    confidence = np.array([sure or 0.0 for sure, _right in known], dtype=np.float64)
    return np.clip(confidence, 0, 1), np.array([right for _sure, right in known], dtype=bool)


def calibration(
    rows: Sequence[PredictionRow],
    objective: Objective,
    targets: Targets,
    temperatures: tuple[float, ...],
    examples: int,
) -> Calibration | None:
    """What the confidence of predictions is worth; None of numbers, which have none.

    Args:
        temperatures: that they were made with.
        examples: as of :class:`Calibration`.
    """
    if not objective.confident:
        return None
    known = Calibration(temperatures=temperatures, examples=examples)
    if not rows:
        return known
    from transfergui.core.figures.calibration import reliability

    found = reliability(*certainty(rows, objective, targets))
    low, high = found.interval.low, min(1.0, found.interval.high)
    return msgspec.structs.replace(known, error=found.error, low=low, high=high)


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
