"""What is minimised: tasks whose ``forward(inputs, targets)`` returns a loss and the logits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

if TYPE_CHECKING:
    from transfergui.core.plan import Plan

AUXILIARY = 0.4
"""Weight of an auxiliary output, as in torchvision's Inception recipe."""


class Loss(NamedTuple):
    """A scalar to minimise, and the logits [N, classes] for the accuracy."""

    value: Tensor
    logits: Tensor


class Supervised(nn.Module):
    """Cross-entropy with labels.

    Args:
        model: :class:`transfergui.core.nn.classifier.Classifier`, or its head where the
            inputs are cached features.
        plan: gives label smoothing and class weights.
    """

    class_weights: Tensor | None

    def __init__(self, model: nn.Module, plan: Plan) -> None:
        super().__init__()
        self.model = model
        self.smoothing = plan.recipe.optim.label_smoothing
        weights = torch.tensor(plan.class_weights) if plan.class_weights else None
        self.register_buffer("class_weights", weights, persistent=False)

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """Targets are class indices [N], or probabilities [N, classes] after mixing."""
        output = self.model(inputs)
        if not isinstance(output, tuple):
            return Loss(self._entropy(output, targets), output)
        logits, auxiliary = output
        value = self._entropy(logits, targets) + AUXILIARY * self._entropy(auxiliary, targets)
        return Loss(value, logits)

    def _entropy(self, logits: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(
            logits, targets, weight=self.class_weights, label_smoothing=self.smoothing
        )
