"""What a model says about one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.data.dataset import Problem

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.data.rows import OwnRow


@dataclass(frozen=True)
class Prediction:
    """The answer for one file.

    Attributes:
        probabilities: float64 [classes]; None where the file could not be read.
        problem: why not; or, with an answer, why it means little.
        name: what it is called, where that is not its path: ``photos.zip/1.jpg``.
        own: the rows of the user's own tables that it is, or that name it.
        version: modification time and size of the file when the model read it.
        parts: of how many pieces it is the mean, of a whole recording; else 0.
    """

    path: Path
    probabilities: np.ndarray | None = None
    problem: Problem | None = None
    name: Path | None = None
    own: tuple[OwnRow, ...] = ()
    version: tuple[int, int] | None = None
    parts: int = 0

    @property
    def confidence(self) -> float:
        """Of the first answer; 0 where the file could not be read."""
        return 0.0 if self.probabilities is None else float(self.probabilities.max())

    def label(self, classes: tuple[str, ...]) -> str:
        """The name of the first answer; empty where the file could not be read."""
        return "" if self.probabilities is None else classes[int(self.probabilities.argmax())]
