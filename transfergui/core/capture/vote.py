"""One answer from many: what a model said in the last second, together."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.data.parts import middle
from transfergui.core.evaluation.prediction import Prediction

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel

SECONDS = 1.0
"""How long an answer counts."""


class Vote:
    """The mean of the answers of the last second.

    A soft vote (Kittler, Hatef, Duin and Matas 1998, "On combining classifiers", the sum rule): the
    answers [O] of N frames, probabilities or numbers, come to ``sum(answers) / N``. What is said,
    how sure, and whether it is withheld are read from this mean as from a single answer. How unlike
    the training data it is, is the median over the frames, so that one blurred frame counts little.

    A promise ("at most 5 % wrong") was measured on single examples; frames of one second resemble
    each other, so that their mean is no surer than one of them, and no promise is made for it.

    Boxes of several frames are not the same boxes, so that they have no mean: the newest answer
    alone counts.
    """

    def __init__(self, model: TrainedModel, seconds: float = SECONDS) -> None:
        self._model, self._seconds = model, seconds
        self._found: deque[tuple[float, Prediction]] = deque()

    def __len__(self) -> int:
        """How many answers count now."""
        return len(self._found)

    def add(self, answer: Prediction, at: float) -> Prediction:
        """Count one more answer, of the moment ``at`` in seconds; returns what they come to.

        An answer that is not finite counts for nothing.
        """
        if answer.probabilities is not None:
            if self._model.objective.places:
                self._found.clear()
            self._found.append((at, answer))
        while self._found and self._found[0][0] <= at - self._seconds:
            self._found.popleft()
        return self._whole() if self._found else answer

    def _whole(self) -> Prediction:
        kept = [answer for _at, answer in self._found]
        mean = np.mean([a.probabilities for a in kept if a.probabilities is not None], axis=0)
        unlike = middle([a.unlike for a in kept if a.unlike is not None])
        voted = Prediction(Path(), mean, said=self._model.said(mean), unlike=unlike)
        return replace(voted.judged(self._model.promise), problem=kept[-1].problem)
