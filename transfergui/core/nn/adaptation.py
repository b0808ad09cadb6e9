"""Losses that adapt a model to unlabelled examples of a target.

Each is a task: ``forward(inputs, targets, target_inputs)``. The weight of the adapting part grows
from 0 to its full value over the planned steps, as 2 / (1 + exp(-10 p)) - 1 (Ganin et al. 2016,
arXiv:1505.07818), p the share of them that is done: a classifier that knows nothing yet would be
confirmed in its guesses.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn.losses import Loss, Supervised

if TYPE_CHECKING:
    from transfergui.core.nn.classifier import Classifier

STEEPNESS = 10.0
HIDDEN = 256
"""Units of the domain classifier's hidden layer."""
WIDEST = 4096
"""Features times classes; of more, CDAN sees random products (the paper's section 3.2)."""
PRODUCTS = 1024
"""How many of these."""


def ramp(done: float) -> float:
    """How much of its weight the adapting part has; ``done`` in [0, 1]."""
    return 2 / (1 + math.exp(-STEEPNESS * done)) - 1


class Adapting(Supervised):
    """A supervised loss on the labelled samples, and another one that sees the target's.

    Args:
        weight: of the other one, at the end.
    """

    def __init__(self, model: nn.Module, loss: nn.Module, weight: float) -> None:
        super().__init__(model, loss)
        self.weight = weight

    def forward(self, inputs: Tensor, targets: Tensor, target_inputs: Tensor | None = None) -> Loss:
        """As :class:`Supervised`; ``target_inputs`` [M, ...] have no labels."""
        assert target_inputs is not None
        features, output = self._seen(inputs)
        other_features, other_output = self._seen(target_inputs)
        answer = self._of(output, targets)
        logits = other_output[0] if isinstance(other_output, tuple) else other_output
        extra, logs = self.adapting(features, answer.logits, other_features, logits)
        logs |= {"classification": answer.value, "target_entropy": undecided(logits)}
        logs = {key: log.detach() for key, log in logs.items()}
        return Loss(answer.value + extra, answer.logits, logs)

    def adapting(
        self, features: Tensor, logits: Tensor, other_features: Tensor, other_logits: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """What is added to the loss, and what is told of it (:attr:`Loss.logs`): scalars of
        features [N, F] and logits [N, C] of the labelled samples, and of those of the target [M, F]
        and [M, C]."""
        raise NotImplementedError

    def weighted(self) -> float:
        """The weight in this step."""
        return self.weight * ramp(self.done)

    def _seen(self, inputs: Tensor) -> tuple[Tensor, Any]:
        """Features [N, F] and what the model returns."""
        if not hasattr(self.model, "encoder"):  # cached features: the model is the head
            return inputs, self.model(inputs)
        model = cast("Classifier", self.model)
        found = model.encoder(inputs)
        return (found[0] if isinstance(found, tuple) else found), model.answer(found)


class ClassConfusion(Adapting):
    """Minimum class confusion (Jin et al. 2020, arXiv:1912.03699) on the target.

    Args:
        temperature: T, by which logits are divided; the paper's 2.5.
    """

    looks_at_batch = True

    def __init__(
        self, model: nn.Module, loss: nn.Module, weight: float, temperature: float
    ) -> None:
        super().__init__(model, loss, weight)
        self.temperature = temperature

    def adapting(
        self, features: Tensor, logits: Tensor, other_features: Tensor, other_logits: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        confusion = class_confusion(other_logits, self.temperature)
        return self.weighted() * confusion, {"confusion": confusion}


@torch.no_grad()
def undecided(logits: Tensor) -> Tensor:
    """The mean entropy of predictions, a scalar of logits [M, C]: 0 where each is sure of one
    class, 1 where all classes are equally likely in each."""
    logs = logits.float().log_softmax(1)
    return -(logs.exp() * logs).sum(1).mean() / math.log(max(2, logits.shape[1]))


def class_confusion(logits: Tensor, temperature: float) -> Tensor:
    """How much pairs of classes are confused: a scalar in [0, 1) of logits [M, C]."""
    shares = (logits.float() / temperature).softmax(1)
    entropy = -(shares * shares.clamp(min=1e-8).log()).sum(1)
    weights = 1 + (-entropy).exp()
    weights = (weights / weights.sum() * len(weights)).detach()
    confusion = (shares * weights[:, None]).T @ shares
    confusion = confusion / confusion.sum(1, keepdim=True).clamp(min=1e-8)
    return 1 - confusion.diagonal().mean()


class Adversarial(Adapting):
    """DANN (Ganin et al. 2016, arXiv:1505.07818): features by which a domain classifier cannot tell
    labelled samples from the target's. The domain classifier itself learns at full speed from the
    start; the weight is that of what the features learn from it.

    The features do not descend the paper's reversed gradient but the loss of domain confusion
    (Tzeng et al. 2015, arXiv:1510.02192): the cross-entropy of the domain classifier's answers p
    with one half, -(log p + log(1 - p)) / 2. Its gradient towards the logit is p - 1/2: strongest
    where the domain classifier is sure, none where it guesses, and back where the features have
    gone past. The reversed gradient is weak where the domain classifier is sure and right, and full
    where it is fooled, so that features run away from one that is slow.

    With ``conditional``, CDAN (Long et al. 2018, arXiv:1705.10667): the domain classifier sees the
    outer product of features and predicted probabilities; where that is wide, products of random
    projections of both (R_f f * R_g g / sqrt(d)), which have the same inner products on average.

    Args:
        width: F.
        classes: C.
    """

    of_features: Tensor
    of_shares: Tensor

    def __init__(
        self,
        model: nn.Module,
        loss: nn.Module,
        weight: float,
        width: int,
        classes: int,
        conditional: bool,
    ) -> None:
        super().__init__(model, loss, weight)
        self.conditional = conditional
        seen = width * classes if conditional else width
        self.projects = conditional and seen > WIDEST
        if self.projects:
            seen = PRODUCTS
            self.register_buffer("of_features", torch.randn(width, seen))
            self.register_buffer("of_shares", torch.randn(classes, seen) / math.sqrt(seen))
        self.domain = nn.Sequential(
            nn.LayerNorm(seen), nn.Linear(seen, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 1)
        )

    def adapting(
        self, features: Tensor, logits: Tensor, other_features: Tensor, other_logits: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        every = self._shown(
            torch.cat([features, other_features]), torch.cat([logits, other_logits])
        )
        found = self.domain(every.detach()).squeeze(1)  # the features do not help it
        wanted = torch.cat([torch.zeros(len(features)), torch.ones(len(other_features))])
        loss = F.binary_cross_entropy_with_logits(found, wanted.to(found))
        own, other = (found <= 0).float().split([len(features), len(other_features)])
        logs = {"domain": loss, "domain_accuracy": (own.mean() + 1 - other.mean()) / 2}
        return loss + self.weighted() * self._confusion(every), logs

    def _confusion(self, every: Tensor) -> Tensor:
        """How far the domain classifier's answers are from one half, a scalar of what it sees
        [N, S]; it does not learn from it."""
        fixed = {name: each.detach() for name, each in self.domain.named_parameters()}
        found = torch.func.functional_call(self.domain, fixed, (every,))
        return F.binary_cross_entropy_with_logits(found, torch.full_like(found, 0.5))

    def _shown(self, features: Tensor, logits: Tensor) -> Tensor:
        """What the domain classifier sees [N, S] of features [N, F] and logits [N, C]."""
        if not self.conditional:
            return features.float()
        return self._together(features.float(), logits.float().softmax(1).detach())

    def _together(self, features: Tensor, shares: Tensor) -> Tensor:
        """Features [N, F] and probabilities [N, C] as the domain classifier sees them [N, S]."""
        if self.projects:
            return (features @ self.of_features) * (shares @ self.of_shares)
        return (shares[:, :, None] * features[:, None]).flatten(1)
