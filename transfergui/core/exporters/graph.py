"""What the formats that hold a graph have in common."""

from __future__ import annotations

import contextlib
import functools
import logging
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from transfergui.core.exporters.exporter import TOLERANCE, Parity
from transfergui.core.figures import temperature
from transfergui.core.interfaces.objective import LOGITS, UNLIKE
from transfergui.core.training import inference

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel


Answer = Callable[[Tensor], Tensor]
"""Prepared inputs [N, ...] to logits [N, O]."""
BATCH = 32


class Answering(nn.Module):
    """Prepared inputs [N, ...] to what the model answers, as of
    :meth:`.interfaces.objective.Objective.exported`, at the temperature of its confidences;
    where that is known, how unlike the training samples they are [N, 1]; and its logits [N, O]."""

    def __init__(self, model: TrainedModel) -> None:
        super().__init__()
        self.classifier = model.module
        self.unlikeness = model.unlikeness
        self._exported = functools.partial(model.objective.exported, found=model.found)
        self._calibrated = functools.partial(
            temperature.calibrated,
            targets=model.card.targets,
            temperatures=model.card.temperatures,
        )
        self.eval()

    def forward(self, input: Tensor) -> tuple[Tensor, ...]:
        features = self.classifier.encoder(input)
        logits = self.classifier.head(features)
        answers = self._exported(self._calibrated(logits))
        if self.unlikeness is None:
            return (*answers, logits)
        return (*answers, self.unlikeness(features, logits, input), logits)


def outputs(model: TrainedModel) -> dict[str, tuple[str, ...]]:
    """The names of what :class:`Answering` returns, and what each column stands for."""
    more = {UNLIKE: (UNLIKE,)} if model.unlikeness is not None else {}
    return {**model.objective.exports(model.found), **more, LOGITS: model.classes}


def example(model: TrainedModel) -> Tensor:
    """Two inputs to trace with; with a single one torch would fix the batch at 1."""
    return model.modality.example(model.input)


def compare(model: TrainedModel, answer: Answer, samples: list[Path]) -> Parity:
    """Logits of ``model`` and of ``answer`` on the same files.

    The first file goes alone, the others together: a graph that takes batches of
    one size only does not get through.
    """
    inputs = torch.stack([model.read(path) for path in samples])
    batches = [batch for batch in (inputs[:1], *inputs[1:].split(BATCH)) if len(batch)]
    wanted, found = (inference.outputs(each, batches) for each in (model.logits, answer))
    return compared(model, wanted, found)


def compared(model: TrainedModel, wanted: Tensor, found: Tensor) -> Parity:
    """Compare logits [N, O] with those of ``model``; and whether both say the same."""
    parity = measure(wanted, found)
    agree = agreement(model, wanted, found)
    return msgspec.structs.replace(parity, agree=agree)


def agreement(model: TrainedModel, wanted: Tensor, found: Tensor) -> float:
    """The share of samples for which logits [N, O] say the same."""
    close = TOLERANCE * max(1.0, float(wanted.abs().max()))
    targets, temperatures = model.card.targets, model.card.temperatures
    first, second = (
        temperature.calibrated(each, targets, temperatures) for each in (wanted, found)
    )
    return model.objective.agreement(first, second, model.found, close)


def answers_apart(
    model: TrainedModel, answer: Callable[[Tensor], np.ndarray], samples: list[Path]
) -> Parity:
    """Compare what the outputs of an exported graph come to, which ``answer`` gives flat and side
    by side for prepared inputs, with what ``model`` answers."""
    inputs = torch.stack([model.read(path) for path in samples])
    batches = [batch for batch in (inputs[:1], *inputs[1:].split(BATCH)) if len(batch)]
    wanted = model.answers(inference.outputs(model.logits, batches))
    return said_apart(model, wanted, np.concatenate([answer(batch) for batch in batches]))


def said_apart(model: TrainedModel, wanted: np.ndarray, rows: np.ndarray) -> Parity:
    """The same of outputs ``rows`` [N, ...], for the answers [N, A] of ``model``."""
    found = model.objective.read_back(rows.astype(np.float64), model.found)
    difference, allowed = model.objective.apart(wanted, found)
    return Parity(len(wanted), difference, agree=1.0, scale=1.0, tolerance=allowed)


def worse(logits: Parity, answers: Parity) -> Parity:
    """Of two comparisons of one file, the one to be told."""
    return logits if answers.same else answers


def measure(wanted: Tensor, found: Tensor) -> Parity:
    """How far tensors [N, ...] are apart, whatever they mean."""
    differences = (wanted - found).abs()
    finite = bool(torch.isfinite(differences).all())
    return Parity(
        samples=len(wanted),
        difference=float(differences.max()) if finite else math.inf,
        agree=1.0,
        scale=float(wanted.abs().max()),
    )


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep to themselves what torch's exporters say about torch's own future."""
    logger = logging.getLogger("torch")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
