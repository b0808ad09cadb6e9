"""What the formats that hold a graph have in common."""

from __future__ import annotations

import contextlib
import logging
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from transfergui.core.exporters.exporter import Parity

if TYPE_CHECKING:
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.trained import TrainedModel


Answer = Callable[[Tensor], Tensor]
"""Prepared inputs [N, ...] to logits [N, classes]."""
BATCH = 32


class Answering(nn.Module):
    """Prepared inputs [N, ...] to (probabilities, logits), both [N, classes]."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier
        self.eval()

    def forward(self, input: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.classifier(input)
        return logits.softmax(1), logits


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
    wanted = torch.cat([model.logits(batch) for batch in batches])
    return measure(wanted, torch.cat([answer(batch) for batch in batches]))


def measure(wanted: Tensor, found: Tensor) -> Parity:
    """Compare logits [N, classes]."""
    differences = (wanted - found).abs()
    finite = bool(torch.isfinite(differences).all())
    return Parity(
        samples=len(wanted),
        difference=float(differences.max()) if finite else math.inf,
        agree=float((wanted.argmax(1) == found.argmax(1)).double().mean()),
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
