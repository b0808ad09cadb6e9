"""Encoder + head, with parameter groups ordered from the stem to the head."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from transfergui.core.nn import lora, state_dicts
from transfergui.core.nn.composite import build_encoder
from transfergui.core.nn.heads import Merge, head_of

if TYPE_CHECKING:
    from transfergui.core.base.options import Options
    from transfergui.core.data.targets import Targets
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.interfaces.phase import LowRank, Only
    from transfergui.core.interfaces.plan import Modality, Plan
    from transfergui.core.nn.composite import Weights
    from transfergui.core.recipe import HeadOptions

ROOM = 100_000_000
"""Bytes of a checkpoint, beside the weights of its backbone and an optimiser's state for each."""


class Classifier(nn.Module):
    """A backbone's encoder with a new head.

    Args:
        encoder: maps inputs [N, ...] to features [N, F]; in train mode it may
            return (features, auxiliary features), as Inception does.
        head: maps features to logits [N, classes].
        auxiliary: maps auxiliary features to logits, or None.
        groups: parameter-name prefixes of the encoder, ordered stem to last.
    """

    def __init__(
        self,
        encoder: nn.Module,
        head: nn.Module,
        auxiliary: nn.Module | None = None,
        groups: Sequence[Sequence[str]] = (),
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = head
        self.auxiliary = auxiliary
        self.groups = tuple(tuple(prefixes) for prefixes in groups)

    def forward(self, inputs: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        """Logits [N, classes]; in train mode (logits, auxiliary logits) where there are some."""
        return self.answer(self.encoder(inputs))

    def answer(self, features: Tensor | tuple[Tensor, Tensor]) -> Tensor | tuple[Tensor, Tensor]:
        """As :meth:`forward`, from what the encoder made of the inputs."""
        if not isinstance(features, tuple):
            return self.head(features)
        assert self.auxiliary is not None
        return self.head(features[0]), self.auxiliary(features[1])

    def group_parameters(self) -> list[list[nn.Parameter]]:
        """The encoder's parameters per group, stem first; each exactly once.

        Raises:
            ValueError: the groups do not cover every parameter exactly once.
        """
        found: list[list[nn.Parameter]] = [[] for _ in self.groups]
        for name, parameter in self.encoder.named_parameters():
            homes = [i for i, prefixes in enumerate(self.groups) if _within(name, prefixes)]
            if len(homes) != 1:
                raise ValueError(f"parameter {name} lies in {len(homes)} groups")
            found[homes[0]].append(parameter)
        return found

    def set_trainable(
        self, groups: int, only: Only = "all", low_rank: LowRank | None = None
    ) -> None:
        """Train the head and the last ``groups`` groups of the encoder (-1: all of them).

        Args:
            only: of the encoder; as :attr:`transfergui.core.interfaces.phase.Phase.only`.
            low_rank: as :attr:`transfergui.core.interfaces.phase.Phase.low_rank`; begun at
                random unless it is there already. Without, what was is merged into the weights.
        """
        self.requires_grad_(True)
        if low_rank is not None:
            self._update_only(low_rank)
            return
        lora.merge(self.encoder)
        per_group = self.group_parameters()
        frozen = 0 if groups < 0 else max(0, len(per_group) - groups)
        for place, parameters in enumerate(per_group):
            for parameter in parameters:
                chosen = only == "all" or parameter.ndim <= 1
                parameter.requires_grad_(chosen and place >= frozen)

    def _update_only(self, low_rank: LowRank) -> None:
        if not lora.is_attached(self.encoder):
            lora.attach(self.encoder, low_rank.rank, low_rank.alpha)
        self.encoder.requires_grad_(False)
        for parameter in lora.parameters(self.encoder):
            parameter.requires_grad_(True)

    def train_mode(self, freeze_norm: bool) -> None:
        """Train mode, but frozen modules (and BatchNorm, if asked) in eval mode."""
        self.train()
        for module in self.encoder.modules():
            own = list(module.parameters())
            frozen = bool(own) and not any(p.requires_grad for p in own)
            if frozen or (freeze_norm and isinstance(module, nn.modules.batchnorm._BatchNorm)):
                module.eval()


def _within(name: str, prefixes: Sequence[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def count_parameters(module: nn.Module) -> tuple[int, int]:
    """(trainable, frozen) parameters of ``module``."""
    trainable = sum(p.numel() for p in module.parameters() if p.requires_grad)
    return trainable, sum(p.numel() for p in module.parameters()) - trainable


@torch.no_grad()
def all_finite(module: nn.Module) -> bool:
    """Whether every parameter and buffer is finite."""
    return all(
        bool(torch.isfinite(t).all()) for t in module.state_dict().values() if t.is_floating_point()
    )


def build_classifier(
    modality: Modality,
    backbone: Backbone,
    input: Options,
    head: HeadOptions,
    outputs: int,
    merge: Merge,
    weights: Weights | None = None,
) -> Classifier:
    """A backbone's encoder with a fresh head (and auxiliary head, where it has one).

    Args:
        outputs: how many for each sample.
        merge: the outputs of several models to those of all together.
        weights: pretrained weights of the encoder, None for random ones.

    Raises:
        UserError: the weights do not fit.
    """

    def make() -> nn.Module:
        return head_of(backbone, outputs, head, merge)

    return _assembled(modality, backbone, input, make, outputs, weights)


def classifier_for(
    objective: Objective,
    targets: Targets,
    classes: int,
    modality: Modality,
    backbone: Backbone,
    input: Options,
    options: HeadOptions,
    own: Options,
    weights: Weights | None = None,
) -> Classifier:
    """An encoder with the head that an objective puts on it.

    Args:
        classes: how many the data set has.
        backbone: as of :meth:`.interfaces.objective.Objective.encoder`.
        own: the objective's options, checked.

    Raises:
        UserError: the weights do not fit.
    """

    def make() -> nn.Module:
        return objective.head(backbone, targets, classes, options, own)

    outputs = objective.outputs(targets, classes)
    return _assembled(modality, backbone, input, make, outputs, weights)


def _assembled(
    modality: Modality,
    backbone: Backbone,
    input: Options,
    head: Callable[[], nn.Module],
    outputs: int,
    weights: Weights | None,
) -> Classifier:
    """Random weights are drawn for the encoder first, for ``head`` last."""
    encoder = build_encoder(modality, backbone, input, weights)
    auxiliary_features = int(getattr(encoder, "aux_features", 0))
    auxiliary = nn.Linear(auxiliary_features, outputs) if auxiliary_features else None
    model = Classifier(encoder, head(), auxiliary, backbone.groups)
    to_memory_format(model)
    return model


def classifier_of(plan: Plan, weights: Weights | None = None) -> Classifier:
    """What ``plan`` trains; as :func:`classifier_for`. Its head has what the objective takes over
    of that of the run, or package, that the weights are of."""
    model = classifier_for(
        plan.objective,
        plan.split.targets,
        len(plan.split.classes),
        plan.modality,
        plan.backbone,
        plan.input,
        plan.recipe.head,
        plan.objective_options,
        weights,
    )
    same = plan.learnt.objective == plan.objective.key
    if plan.objective.continues and same and isinstance(weights, Path):
        tensors = state_dicts.read(weights, ROOM + 16 * plan.backbone.params)
        plan.objective.take_over(model.head, tensors, plan.split.targets, plan.learnt)
    return model


def to_memory_format(module: nn.Module, channels_last: bool = True) -> nn.Module:
    """``module``, the weights of its convolutions laid out with their channels innermost, or not.

    Innermost, convolutions ran 1.6 to 3 times as fast, forwards; nothing else is changed by it.
    """
    layout = torch.channels_last if channels_last else torch.contiguous_format
    return nn.Module.to(module, memory_format=layout)
