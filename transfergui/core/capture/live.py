"""Predictions while a camera or a microphone runs. Nothing is written to disk."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
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


@contextlib.contextmanager
def half_of_the_cores() -> Iterator[None]:
    """Compute on half of the cores in this thread: the device and the window need the others.

    On a busy two-core machine (load 13), a picture of 640 x 480 took the built-in backbone 285 ms
    with two threads, which wait for each other, and 16 to 21 ms with one; MobileNetV2 670 and
    59 ms. Threads that begin meanwhile, of a training say, compute as before: torch gives them the
    number that any thread set last.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
    again = threading.Thread(target=torch.set_num_threads, args=(threads,))
    again.start()
    again.join()
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def require_device(model: TrainedModel) -> Device:
    """What takes the samples of a model.

    Raises:
        UserError: ``capture.no_device``: they are texts.
    """
    if model.modality.device is None:
        raise UserError("capture.no_device", noun=model.modality.many)
    return model.modality.device
