"""How unlike the training samples something is, as a part of a network: every export carries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from transfergui.core.figures import strangers

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.runs.doubts import Limits

Energy = Callable[[Tensor], Tensor]
"""Logits [N, O] to their energy [N]."""


class Unlikeness(nn.Module):
    """As :func:`transfergui.core.figures.strangers.unlikeness`, of features and logits.

    Args:
        kept: float16 [R, F].
        energy: as of :meth:`transfergui.core.interfaces.Objective.energy`.
    """

    kept: Tensor

    def __init__(self, kept: np.ndarray, limits: Limits, energy: Energy) -> None:
        super().__init__()
        self.register_buffer("kept", torch.from_numpy(kept.copy()).float(), persistent=False)
        self._limits = limits
        self._energy = energy

    def forward(self, features: Tensor, logits: Tensor) -> Tensor:
        """float32 [N, 1] of features [N, F] and logits [N, O]."""
        rows = features.float()
        rows = rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-12)
        place = min(strangers.NEAREST, len(self.kept))
        distance = 1 - (rows @ self.kept.T).topk(place, dim=1).values[:, -1:]
        energy = self._energy(logits.float())[:, None]
        far, high = strangers.spreads(self._limits)
        found = self._limits
        return torch.maximum((distance - found.distance) / far, (energy - found.energy) / high)


class Inside(nn.Module):
    """Inputs [N, ...] to features and logits side by side [N, F + O].

    Args:
        encoder: None where the inputs are features already.
    """

    def __init__(self, encoder: nn.Module | None, head: nn.Module) -> None:
        super().__init__()
        self.encoder = nn.Identity() if encoder is None else encoder
        self.head = head

    def forward(self, inputs: Tensor) -> Tensor:
        features = self.encoder(inputs)
        return torch.cat([features, self.head(features)], 1)


class Judged(nn.Module):
    """Inputs [N, ...] to logits and unlikeness side by side [N, O + 1]."""

    def __init__(self, encoder: nn.Module, head: nn.Module, unlikeness: Unlikeness) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.unlikeness = unlikeness

    def forward(self, inputs: Tensor) -> Tensor:
        features = self.encoder(inputs)
        logits = self.head(features)
        return torch.cat([logits, self.unlikeness(features, logits)], 1)
