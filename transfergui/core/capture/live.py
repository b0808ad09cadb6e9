"""Predictions while a camera or a microphone runs. Nothing is written to disk."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.capture.vote import Vote
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.interfaces.capture import Captured, Device

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel


@dataclass(frozen=True)
class LiveAnswer:
    """What is said now.

    Attributes:
        voted: what the answers of the last second come to.
        own: the answer to the newest picture or clip alone.
        counted: how many answers the vote is of.
        rate: answers in the last second.
        seconds: how long this one took.
        captured: what it is about.
    """

    voted: Prediction
    own: Prediction
    counted: int
    rate: int
    seconds: float
    captured: Captured


class LivePredictor:
    """Asks a model about one picture or clip after another.

    Args:
        model: of pictures or sounds.

    Raises:
        UserError: ``capture.no_device``.
    """

    def __init__(self, model: TrainedModel) -> None:
        self.model = model
        self.device = require_device(model)
        self._vote = Vote(model)
        self._times: deque[float] = deque()

    def answer(self, captured: Captured) -> LiveAnswer:
        """Predict it, as its file would be predicted."""
        model, began = self.model, time.monotonic()
        loaded = self.device.load(captured, model.input)
        prepared = model.modality.prepare(loaded, model.input)
        own = model.answer(prepared, Path())
        warning = model.modality.prediction_warning(prepared, model.input)
        if warning is not None and own.problem is None:
            own = replace(own, problem=Problem.of(warning, "", left_out=False))
        now = time.monotonic()
        voted = self._vote.add(own, now)
        self._times.append(now)
        while self._times[0] <= now - 1:
            self._times.popleft()
        return LiveAnswer(voted, own, len(self._vote), len(self._times), now - began, captured)


def require_device(model: TrainedModel) -> Device:
    """What takes the samples of a model.

    Raises:
        UserError: ``capture.no_device``: they are texts.
    """
    if model.modality.device is None:
        raise UserError("capture.no_device", noun=model.modality.many)
    return model.modality.device
