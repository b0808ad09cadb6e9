"""How unlike the training samples something is, as a part of a network: every export carries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from transfergui.core.figures import rarity, strangers

if TYPE_CHECKING:
    import numpy as np

    from transfergui.core.runs.doubts import Limits

Energy = Callable[[Tensor], Tensor]
"""Logits [N, O] to their energy [N]."""


class Unlikeness(nn.Module):
    """How unusual features and logits are, see :mod:`transfergui.core.figures.strangers`.

    About 0 is usual, above 1 is a stranger.

    Args:
        kept: float16 [R, F].
        surprises: of the tokens of texts, float16 [V]; None of other samples.
        energy: as of :meth:`transfergui.core.interfaces.objective.Objective.energy`.
    """

    kept: Tensor
    basis: Tensor
    surprises: Tensor | None

    def __init__(
        self,
        kept: np.ndarray,
        limits: Limits,
        energy: Energy,
        surprises: np.ndarray | None = None,
    ) -> None:
        super().__init__()
        self.register_buffer("kept", torch.from_numpy(kept.copy()).float(), persistent=False)
        if limits.beyond is not None:
            basis = torch.from_numpy(strangers.basis(kept))
            self.register_buffer("basis", basis, persistent=False)
        known = None if surprises is None else torch.from_numpy(surprises.copy()).float()
        self.register_buffer("surprises", known, persistent=False)
        self._limits = limits
        self._energy = energy

    @property
    def reads(self) -> bool:
        """Whether it looks at what the network gets, too."""
        return self.surprises is not None and self._limits.rare is not None

    def forward(self, features: Tensor, logits: Tensor, inputs: Tensor | None = None) -> Tensor:
        """float32 [N, 1] of features [N, F], logits [N, O] and what the network got [N, ...]."""
        known = self._limits
        if self.surprises is None or inputs is None or known.rarity is None or known.rare is None:
            return self._inside(features, logits)
        found = self.surprises[inputs.clamp(max=len(self.surprises) - 1)]
        there = (found >= 0).float()
        count = there.sum(1, keepdim=True).clamp_min(1)
        most = torch.full_like(count, known.rare - known.rarity)
        if known.deviation is not None:  # few words vary more
            most = torch.maximum(most, rarity.DEVIATIONS * known.deviation / count.sqrt())
        unusual = ((found * there).sum(1, keepdim=True) / count - known.rarity) / most.clamp_min(
            strangers.LEAST_SPREAD
        )
        return torch.maximum(self._inside(features, logits, count), unusual)

    def _inside(self, features: Tensor, logits: Tensor, count: Tensor | None = None) -> Tensor:
        """
        Args:
            count: tokens of each text [N, 1].
        """
        rows, found = features.float(), self._limits
        factor: Tensor | float = 1.0
        if count is not None and found.length is not None and found.fading is not None:
            factor = (count / found.length) ** found.fading
        unusual = _above(self._distance(rows) * factor, found.distance, found.far)
        energy = self._energy(logits.float())[:, None]
        unusual = torch.maximum(unusual, _above(energy, found.energy, found.high))
        if found.residual is None or found.beyond is None:
            return unusual
        explained = _on_sphere(rows.sign() * rows.abs().sqrt()) @ self.basis.T
        residual = (1 - explained.square().sum(dim=1, keepdim=True)) * factor
        return torch.maximum(unusual, _above(residual, found.residual, found.beyond))

    def _distance(self, rows: Tensor) -> Tensor:
        likeness, nearest = _on_sphere(rows) @ self.kept.T, self._limits.nearest
        place = min(nearest or strangers.FIFTH, len(self.kept))
        top = likeness.topk(place, dim=1).values
        if not nearest:
            return 1 - top[:, -1:]
        copied = strangers.COPIES * (1 - top[:, :1]).clamp_min(strangers.SAME)
        return torch.minimum(1 - top.mean(dim=1, keepdim=True), copied)


def _on_sphere(rows: Tensor) -> Tensor:
    return rows / rows.norm(dim=1, keepdim=True).clamp_min(1e-12)


def _above(values: Tensor, usual: float, most: float) -> Tensor:
    """0 where they are usual, 1 at the limit."""
    return (values - usual) / max(strangers.LEAST_SPREAD, most - usual)


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
        return torch.cat([logits, self.unlikeness(features, logits, inputs)], 1)
