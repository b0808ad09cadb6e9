"""Tasks that need no labels: what a backbone is trained on before it is told any class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn.losses import Loss

if TYPE_CHECKING:
    from transfergui.core.nn.classifier import Classifier

WIDEST = 2048
"""Features that SimSiam compares, at most: the paper's; else as many as the backbone has."""
NARROWER = 4
"""The hidden layer of SimSiam's predictor has so many times fewer units, as in the paper."""


class Pretext(nn.Module):
    """A task without labels, of ``forward(inputs, targets, ...)`` that looks at no targets.

    Args:
        model: a :class:`transfergui.core.nn.classifier.Classifier`, of which only the encoder is
            used. What the module holds beside it is trained too, and forgotten at the end.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def features(self, inputs: Tensor) -> Tensor:
        """Of the encoder [N, F]."""
        found = cast("Classifier", self.model).encoder(inputs)
        return found[0] if isinstance(found, tuple) else found


class SimSiam(Pretext):
    """Two views of a sample are to be foreseen from each other.

    Chen and He, "Exploring Simple Siamese Representation Learning", 2021 (arXiv:2011.10566). With
    features f, projection z = P f(x) and prediction p = Q z, of two views of each sample minimises

        1 - (cos(p1, stop(z2)) + cos(p2, stop(z1))) / 2

    where no gradient goes through ``stop``. P has two layers (as the paper's on CIFAR), Q two of
    which the hidden one is narrow; all but the last are followed by BatchNorm, P's last one, too.

    Logs ``spread``: the standard deviation of z / |z| over the batch, mean over the d dimensions,
    as a share of 1 / sqrt(d), which it is where z points everywhere alike. It is 0 where all
    samples get the same z: the solution has collapsed. z is taken before the last BatchNorm, which
    would blow up whatever little difference is left.

    Args:
        width: F.
    """

    def __init__(self, model: nn.Module, width: int) -> None:
        super().__init__(model)
        wide = min(WIDEST, width)
        narrow = max(1, wide // NARROWER)
        self.projector = nn.Sequential(
            nn.Linear(width, wide, bias=False),
            nn.BatchNorm1d(wide),
            nn.ReLU(),
            nn.Linear(wide, wide, bias=False),
        )
        self.norm = nn.BatchNorm1d(wide, affine=False)
        self.predictor = nn.Sequential(
            nn.Linear(wide, narrow, bias=False),
            nn.BatchNorm1d(narrow),
            nn.ReLU(),
            nn.Linear(narrow, wide),
        )

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """Of two views of each sample, inputs [N, 2, ...]."""
        # one behind the other: BatchNorm has two rows even of a single sample
        found = self.projector(self.features(torch.cat(inputs.unbind(1))))
        projected = self.norm(found)
        predicted = self.predictor(projected).float()
        swapped = torch.cat(projected.detach().float().chunk(2)[::-1])
        value = 1 - F.cosine_similarity(predicted, swapped).mean()
        return Loss(value, value.new_zeros(len(inputs), 0), {"spread": spread(found)})


@torch.no_grad()
def spread(vectors: Tensor) -> Tensor:
    """How far the directions of vectors [M, d] are from all being the same, a scalar: their
    standard deviation, mean over the dimensions, as a share of 1 / sqrt(d); at most 1."""
    directions = F.normalize(vectors.float())
    return directions.std(0, correction=0).mean() * math.sqrt(vectors.shape[1])
