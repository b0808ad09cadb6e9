"""Learning from unlabelled examples with a head that stays as it is (SHOT).

Liang, Hu and Feng, "Do We Really Need to Access the Source Data? Source Hypothesis Transfer for
Unsupervised Domain Adaptation", ICML 2020 (arXiv:2002.08546).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn.adaptation import undecided
from transfergui.core.nn.losses import Loss, Supervised
from transfergui.core.nn.tent import entropy

ROUNDS = 2
"""How often centroids are computed: from probabilities, then from the labels that these gave."""


class InformationMaximisation(Supervised):
    """Predictions that are certain one by one and varied all together, near their pseudo-labels:

        mean_n H(p_n) - H(mean_n p_n) + weight * CE(p_n, label_n)

    of probabilities p [N, C] with entropy H. Its targets are the pseudo-labels.

    Args:
        weight: of the pseudo-labels.
    """

    looks_at_batch = True

    def __init__(self, model: nn.Module, loss: nn.Module, weight: float) -> None:
        super().__init__(model, loss)
        self.weight = weight

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """As :class:`Supervised`, with pseudo-labels [N]."""
        output = self.model(inputs)
        logits = output[0] if isinstance(output, tuple) else output
        mean = logits.float().softmax(1).mean(0)
        value = entropy(logits) + (mean * mean.clamp(min=1e-8).log()).sum()
        if self.weight:
            value = value + self.weight * F.cross_entropy(logits.float(), targets)
        return Loss(value, logits, {"target_entropy": undecided(logits)})


def pseudo_labels(features: Tensor, shares: Tensor) -> Tensor:
    """The class [N] whose centroid lies nearest, by the cosine, to features [N, F].

    Centroids are means of features weighted by probabilities [N, C], then by the labels that these
    gave. Classes that no sample is predicted as have none.
    """
    rows = F.normalize(F.pad(features.double(), (0, 1), value=1.0))
    classes = shares.shape[1]
    there = shares.argmax(1).bincount(minlength=classes) > 0
    weights = shares.double()
    labels = shares.argmax(1)
    for _round in range(ROUNDS):
        centroids = F.normalize(weights.T @ rows)
        likeness = (rows @ centroids.T).masked_fill(~there, -torch.inf)
        labels = likeness.argmax(1)
        weights = F.one_hot(labels, classes).double()
    return labels
