"""Tasks that need no labels: what a backbone is trained on before it is told any class."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn.losses import Loss

if TYPE_CHECKING:
    from transfergui.core.nn.classifier import Classifier

WIDEST = 2048
"""Features that SimSiam compares, at most: the paper's; else as many as the backbone has."""
SMALL = 16
"""Pixels, each way, of the picture that the autoencoder makes."""
HIDDEN = 512
"""Units of the hidden layer of its decoder."""
MASKED = 0.15
"""The share of tokens that are to be found."""
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


class Denoising(Pretext):
    """A denoising autoencoder: from a damaged picture to a small copy of the undamaged one.

    Vincent, Larochelle, Bengio and Manzagol, "Extracting and Composing Robust Features with
    Denoising Autoencoders", 2008. Each pixel of x [C, H, W] is black with probability ``noise``;
    a decoder D of two layers makes a picture of :data:`SMALL` x :data:`SMALL` pixels of the
    features f(damaged x). Minimises

        |D f(damaged x) - small x|² / var(small x)

    with the variance over the batch: 1 is what one colour for everything reaches. ``small`` is the
    mean over areas: features that were pooled over the picture do not know more.

    Args:
        width: F.
        channels: C.
        noise: in [0, 1).
    """

    looks_at_batch = True

    def __init__(self, model: nn.Module, width: int, channels: int, noise: float) -> None:
        super().__init__(model)
        self.noise = noise
        self.decoder = nn.Sequential(
            nn.Linear(width, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, channels * SMALL**2)
        )

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """Of pictures [N, C, H, W]."""
        kept = torch.rand(len(inputs), 1, *inputs.shape[2:], device=inputs.device) >= self.noise
        made = self.decoder(self.features(inputs * kept)).float()
        wanted = F.adaptive_avg_pool2d(inputs.float(), SMALL).flatten(1)
        value = F.mse_loss(made, wanted) / wanted.var(correction=0).clamp(min=1e-4)
        return Loss(value, value.new_zeros(len(inputs), 0))


class MaskedTokens(Pretext):
    """Hidden tokens of a text are to be found by the others.

    Devlin, Chang, Lee and Toutanova, "BERT", 2019 (arXiv:1810.04805): of the tokens of a text,
    :data:`MASKED` are chosen; of these, 80 % become the one that hides, 10 % a random one, and 10 %
    stay as they are. Minimises the cross-entropy of the chosen tokens, predicted of what the
    network makes of them h [H]: softmax(E g(h) + b) with the embeddings E [V, D] of the network
    itself and g a linear layer, GELU and LayerNorm.

    Logs ``found``: the share of the chosen tokens that are predicted correctly.

    Args:
        model: with an encoder that keeps its network as ``network``: (ids, mask) [N, T] each to
            what begins with [N, T, H]; see
            :class:`transfergui.core.modalities.text.models.MeanPooled`.
        hiding: number of the token that hides others.
        special: numbers of tokens that stand for no part of a text; the padding among them.
        padding: the number that fills rows up.
    """

    def __init__(
        self, model: nn.Module, width: int, hiding: int, special: Collection[int], padding: int
    ) -> None:
        super().__init__(model)
        self.hiding, self.padding = hiding, padding
        self.register_buffer("special", torch.tensor(sorted(special)), persistent=False)
        count, narrow = self._embeddings().shape
        self.transform = nn.Sequential(nn.Linear(width, narrow), nn.GELU(), nn.LayerNorm(narrow))
        self.bias = nn.Parameter(torch.zeros(count))

    def _network(self) -> Any:
        return cast("Any", self.model).encoder.network

    def _embeddings(self) -> Tensor:
        return self._network().get_input_embeddings().weight

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """Of numbers of tokens, int64 [N, T]."""
        own = ~torch.isin(inputs, cast("Tensor", self.special))
        chosen = own & (torch.rand(inputs.shape, device=inputs.device) < MASKED)
        mask = (inputs != self.padding).long()
        hidden = self._network()(self._changed(inputs, chosen), mask)[0]
        scores = self.transform(hidden[chosen]) @ self._embeddings().T + self.bias
        wanted, none = inputs[chosen], hidden.new_zeros(len(inputs), 0)
        if not len(wanted):  # texts of a few tokens
            return Loss(hidden.sum() * 0 + scores.sum() * 0, none, {"found": scores.sum() * 0})
        found = (scores.detach().argmax(1) == wanted).float().mean()
        return Loss(F.cross_entropy(scores.float(), wanted), none, {"found": found})

    def _changed(self, inputs: Tensor, chosen: Tensor) -> Tensor:
        kind = torch.rand(inputs.shape, device=inputs.device)
        others = torch.randint(len(self.bias), inputs.shape, device=inputs.device)
        changed = torch.where(kind < 0.9, others, inputs)
        changed = torch.where(kind < 0.8, self.hiding, changed)
        return torch.where(chosen, changed, inputs)
