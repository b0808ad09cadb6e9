"""The loss of a training that borrows somebody else's labelled samples.

    (CE(own) + a r CE(source)) / (1 + a r)

a convex combination of both errors (Ben-David, Blitzer, Crammer, Kulesza, Pereira and Vaughan, "A
theory of learning from different domains", Machine Learning 79, 2010): a is the strategy's weight,
r the share of the source's samples in a step, at most 1. How much each of these counts is not here:
they are drawn as often (:mod:`transfergui.core.training.streams`).
"""

from __future__ import annotations

from torch import Tensor, nn

from transfergui.core.nn.losses import Loss, Supervised


class Borrowing(Supervised):
    """A task: ``forward(inputs, targets, source_inputs, source_targets)``.

    Args:
        weight: a, of the source's samples beside one's own.
    """

    def __init__(self, model: nn.Module, loss: nn.Module, weight: float) -> None:
        super().__init__(model, loss)
        self.weight = weight

    def forward(
        self,
        inputs: Tensor,
        targets: Tensor,
        source_inputs: Tensor | None = None,
        source_targets: Tensor | None = None,
    ) -> Loss:
        """As :class:`Supervised`; the source's samples [M, ...] and their classes [M] beside."""
        assert source_inputs is not None
        assert source_targets is not None
        own = self._of(self.model(inputs), targets)
        other = self._of(self.model(source_inputs), source_targets)
        counts = self.weight * min(1.0, len(source_inputs) / len(inputs))
        value = (own.value + counts * other.value) / (1 + counts)
        logs = {"own": own.value.detach(), "borrowed": other.value.detach()}
        return Loss(value, own.logits, logs)
