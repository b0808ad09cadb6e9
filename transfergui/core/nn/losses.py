"""What is minimised: tasks whose ``forward(inputs, targets)`` returns a loss and the logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.nn.taught import seeing

if TYPE_CHECKING:
    from transfergui.core.nn.classifier import Classifier

AUXILIARY = 0.4
"""Weight of an auxiliary output, as in torchvision's Inception recipe."""


class Loss(NamedTuple):
    """What a task answers to a step.

    Attributes:
        value: a scalar to minimise.
        logits: [N, classes], for the accuracy.
        logs: what else is worth telling, by the keys of the strategy's
            :attr:`~transfergui.core.interfaces.plan.Strategy.logs`, or the objective's: scalars,
            detached, on the device of the step.
    """

    value: Tensor
    logits: Tensor
    logs: Mapping[str, Tensor] = MappingProxyType({})


class CrossEntropy(nn.Module):
    """Cross-entropy of logits [N, classes] with class indices [N] or probabilities [N, classes].

    Args:
        smoothing: label smoothing, in [0, 1).
        class_weights: one per class; None for all alike.
    """

    class_weights: Tensor | None
    looks_at_batch: bool
    """Whether the loss of a batch is not the mean over its parts: here it is divided by the weights
    of all its samples."""

    def __init__(self, smoothing: float, class_weights: Sequence[float] | None) -> None:
        super().__init__()
        self.smoothing = smoothing
        self.looks_at_batch = bool(class_weights)
        weights = torch.tensor(class_weights) if class_weights else None
        self.register_buffer("class_weights", weights, persistent=False)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        return F.cross_entropy(
            logits, targets, weight=self.class_weights, label_smoothing=self.smoothing
        )


class Unlabelled(nn.Module):
    """In the place of a loss where there are no labels: 0."""

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        return logits.new_zeros(())


class Supervised(nn.Module):
    """A loss with labels.

    Args:
        model: :class:`transfergui.core.nn.classifier.Classifier`, or its head where the
            inputs are cached features.
        loss: of what the model returns, and the targets; it may keep in ``logs`` what it tells of
            the last call.

    Attributes:
        done: the share of the planned steps of the phase that are done, in (0, 1]; the loop sets it
            before each step.
    """

    def __init__(self, model: nn.Module, loss: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.loss = loss
        self.done = 0.0

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        """Targets are class indices [N], or probabilities [N, classes] after mixing."""
        with seeing(self.model, targets):
            output = self.model(inputs)
        return self._of(output, targets)

    def _of(self, output: Tensor | tuple[Tensor, Tensor], targets: Tensor) -> Loss:
        if not isinstance(output, tuple):
            value = self.loss(output, targets)
            return Loss(value, output, dict(getattr(self.loss, "logs", {})))
        logits, auxiliary = output
        value = self.loss(logits, targets) + AUXILIARY * self.loss(auxiliary, targets)
        return Loss(value, logits)


class Anchored(Supervised):
    """Cross-entropy with labels, and a pull of the backbone to where it is now (L2-SP).

    Adds ``pull / 2 * ||w - w0||²`` over the backbone's parameters (Li et al. 2018,
    arXiv:1802.01483).

    Args:
        model: a :class:`transfergui.core.nn.classifier.Classifier`, its pretrained weights loaded.
    """

    def __init__(self, model: nn.Module, loss: nn.Module, pull: float) -> None:
        super().__init__(model, loss)
        self.pull = pull
        for name, parameter in self._held():  # kept in checkpoints: w0 is not the resumed w
            self.register_buffer(_anchor(name), parameter.detach().clone())

    def forward(self, inputs: Tensor, targets: Tensor) -> Loss:
        answer = super().forward(inputs, targets)
        moved = sum((p - self.get_buffer(_anchor(n))).square().sum() for n, p in self._held())
        return Loss(answer.value + self.pull / 2 * moved, answer.logits)

    def _held(self) -> list[tuple[str, nn.Parameter]]:
        return list(cast("Classifier", self.model).encoder.named_parameters())


def _anchor(name: str) -> str:
    """A buffer's name must not hold a dot."""
    return "start_" + name.replace(".", "__")


class Distilled(Supervised):
    """Cross-entropy with labels, and likeness to a teacher.

    Adds ``feature_weight`` times the cosine distance between the teacher's features
    and a linear projection of the student's (after Romero et al. 2015,
    arXiv:1412.6550, and Chen et al. 2022, arXiv:2203.14001), and ``output_weight``
    times Hinton's divergence of the softened outputs (Hinton et al. 2015,
    arXiv:1503.02531), which includes the factor T², and ``relation_weight`` times
    :func:`relations`.

    Args:
        model: the student, a :class:`transfergui.core.nn.classifier.Classifier`.
        width: F, the length of the student's features.
        teacher_width: G, the length of the teacher's.
        teacher_head: from the teacher's features to logits [N, classes] in the order
            of the student's classes; None where only features are matched.
        temperature: T, by which both logits are divided.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: nn.Module,
        width: int,
        teacher_width: int,
        teacher_head: nn.Module | None,
        feature_weight: float,
        output_weight: float,
        relation_weight: float,
        label_weight: float,
        temperature: float,
    ) -> None:
        super().__init__(model, loss)
        self.projection = nn.Linear(width, teacher_width)
        self.teacher_head = teacher_head and teacher_head.eval().requires_grad_(False)
        self.feature_weight = feature_weight
        self.output_weight = output_weight
        self.relation_weight = relation_weight
        self.looks_at_batch = relation_weight > 0
        self.label_weight = label_weight
        self.temperature = temperature

    def forward(self, inputs: Tensor, targets: Tensor, teacher: Tensor | None = None) -> Loss:
        """As :class:`Supervised`; ``teacher`` [N, G] are the teacher's features."""
        assert teacher is not None
        model = cast("Classifier", self.model)
        features = model.encoder(inputs)
        answer = self._of(model.answer(features), targets)
        features = features[0] if isinstance(features, tuple) else features
        value = self.label_weight * answer.value
        if self.feature_weight:
            likeness = F.cosine_similarity(self.projection(features).float(), teacher)
            value = value + self.feature_weight * (1 - likeness).mean()
        if self.relation_weight:
            value = value + self.relation_weight * relations(features.float(), teacher)
        if self.teacher_head is not None:
            value = value + self.output_weight * self._divergence(answer.logits, teacher)
        return Loss(value, answer.logits)

    def _divergence(self, logits: Tensor, teacher: Tensor) -> Tensor:
        assert self.teacher_head is not None
        wanted = (self.teacher_head(teacher).float() / self.temperature).log_softmax(1)
        given = (logits.float() / self.temperature).log_softmax(1)
        divergence = F.kl_div(given, wanted, reduction="batchmean", log_target=True)
        return divergence * self.temperature**2


ANGLES = 2.0
"""Weight of the angles beside the distances, as in the paper."""


def relations(student: Tensor, teacher: Tensor) -> Tensor:
    """How differently two networks see the relations between the samples of a batch.

    RKD (Park et al. 2019, arXiv:1904.05068): the smooth L1 difference of all distances between
    two samples, each network's in units of its own mean distance, plus :data:`ANGLES` times that
    of the cosines of all angles between three.

    Args:
        student: features [N, F].
        teacher: features [N, G].

    Returns:
        a scalar; 0 where there are fewer than two samples.
    """
    if len(student) < 2:
        return student.sum() * 0
    distances = F.smooth_l1_loss(_distances(student), _distances(teacher))
    return distances + ANGLES * F.smooth_l1_loss(_angles(student), _angles(teacher))


def _distances(features: Tensor) -> Tensor:
    """[N * (N - 1) / 2], their mean 1."""
    found = F.pdist(features)
    return found / found.mean().clamp(min=1e-6)


def _angles(features: Tensor) -> Tensor:
    """Cosines [N, N, N] at the first sample, between the directions to the two others."""
    directions = F.normalize(features[None] - features[:, None], dim=2)
    return directions @ directions.transpose(1, 2)
