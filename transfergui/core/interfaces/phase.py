"""A phase of a training: what is trained in it, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from transfergui.core.base.options import Options
from transfergui.core.data.companions import Role
from transfergui.core.data.targets import Targets
from transfergui.core.interfaces.networks import Source

if TYPE_CHECKING:
    pass


Only = Literal["all", "norm_and_bias"]


@dataclass(frozen=True)
class LowRank:
    """A low-rank update of each linear layer of the attention (:mod:`transfergui.core.nn.lora`).

    Attributes:
        rank: of the update.
        alpha: it counts ``alpha / rank``.
    """

    rank: int
    alpha: float


ALL = -1
"""As ``Phase.groups``: every group of the backbone."""


@dataclass(frozen=True)
class Phase:
    """A stretch of the training in which the same parameters are trained.

    Attributes:
        name: marked with ``N_``, shown on the plots.
        epochs: how many passes over the training samples.
        groups: how many of the backbone's groups, counted from the head, are
            trained beside the head; 0 freezes the backbone, ``ALL`` trains everything.
        lr: learning rate of the head; the topmost group gets it too.
        decay: each group further from the head gets its neighbour's rate times this.
        fresh: the head, and what the task holds beside the model, get ``lr`` times this.
        cache_features: the backbone is frozen and its features are computed once.
        augmented_copies: with cached features, how many augmented versions of each
            training sample are computed beside the plain one.
        only: of the trained groups, every parameter or norms and biases (those with one
            dimension) alone; the head is always trained as a whole.
        low_rank: of the backbone nothing but such an update is trained; ``groups`` and ``only``
            choose nothing then.
        decay_backbone: whether the recipe's weight decay is for the backbone too, or for the
            head alone.
        freeze_norm: BatchNorm layers keep their statistics (and are not trained).
        teacher: a frozen network whose features of the plain training samples are
            computed once, and go with each sample to the strategy's task.
        streams: the other data of which each step draws a batch beside that of the training
            samples, as many; see :attr:`Strategy.task`.
        fixed: epochs and learning rate are the strategy's, whatever the recipe says.
        through: the other data whose samples are gone through, and the training samples with them:
            nobody looks at labels. See :attr:`Strategy.pretext`. Such a phase is not validated, and
            goes on to its last epoch, which is where the next phase begins.
        views: in such a phase, how many augmented versions of each sample a step sees: inputs are
            [N, views, ...]; 0 for one that is as it is.
    """

    name: str
    epochs: int
    groups: int
    lr: float
    decay: float = 1.0
    fresh: float = 1.0
    cache_features: bool = False
    augmented_copies: int = 0
    only: Only = "all"
    low_rank: LowRank | None = None
    decay_backbone: bool = True
    freeze_norm: bool = True
    teacher: Source | None = None
    streams: tuple[Role, ...] = ()
    fixed: bool = False
    through: Role | None = None
    views: int = 0


@dataclass(frozen=True)
class PhaseSettings:
    """What a strategy makes its phases of.

    Attributes:
        options: the strategy's own, checked.
        epochs: of the phases whose epochs are open to choice, all together.
        lr: learning rate of the head in those phases.
        groups: how many groups of parameters the backbone has.
        augments: whether any augmentation is switched on.
        classes: names; empty before a scan.
        targets: what they mean.
        named: the network that a key, a file, a run or a package names.
        roles: of the other data that there are.
    """

    options: Options
    epochs: int
    lr: float
    groups: int
    augments: bool
    classes: tuple[str, ...]
    targets: Targets
    named: Callable[[str], Source]
    roles: frozenset[Role] = frozenset()
