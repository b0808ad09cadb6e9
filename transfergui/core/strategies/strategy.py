"""How knowledge is carried over: the interface that every strategy fills in.

One file per strategy, free of torch at import. A strategy says in which phases
what is trained, and which loss is minimised; it never loops, logs or sees the
optimiser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from transfergui.core.base.options import Options, describe

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces import Backbone
    from transfergui.core.networks.weights import State
    from transfergui.core.recipe import HeadOptions
    from transfergui.core.resolve import Plan

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
class Source:
    """A network that has learnt something: where a training starts, or whom it learns from.

    Attributes:
        weights: its file; None where it is to be looked for.
        input: settings of the modality's input options that go with it.
        run: the folder of the run that made it, if it was one of ours.
        classes: which classes its own head tells apart; empty where it has none.
        head: how that head was made.
        untouched: whether its training left the network as it was, and trained last layers alone.
    """

    backbone: Backbone
    weights: Path | None = None
    input: dict[str, Any] = field(default_factory=dict)
    run: Path | None = None
    classes: tuple[str, ...] = ()
    head: HeadOptions | None = None
    untouched: bool = False


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
        cache_features: the backbone is frozen and its features are computed once.
        passes: with cached features, how many augmented versions of each
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
        fixed: epochs and learning rate are the strategy's, whatever the recipe says.
    """

    name: str
    epochs: int
    groups: int
    lr: float
    decay: float = 1.0
    cache_features: bool = False
    passes: int = 0
    only: Only = "all"
    low_rank: LowRank | None = None
    decay_backbone: bool = True
    freeze_norm: bool = True
    teacher: Source | None = None
    fixed: bool = False


class Strategy(Protocol):
    """One way of transferring.

    Attributes:
        key: how recipes and the command line call it.
        title: marked with ``N_``.
        summary: one sentence that says when it is the right one, marked with ``N_``.
        options: its own options.
        cost: beside the other strategies, a coarse class for people: 1 (quick) to 3 (slowest).
            How long it takes depends on the data and the network; that is estimated.
        preset: the augmentation preset where the user chose none.
        compact: whether it is for a small network: one is then taken where the user chose
            none, not the most accurate one.
    """

    key: str
    title: str
    summary: str
    options: type[Options]
    cost: int
    preset: str
    compact: bool

    def obstacle(self, backbone: Backbone) -> str:
        """The code of why it cannot work with a network, empty where it can."""

    def starts_pretrained(self, options: Options) -> bool:
        """Whether the backbone begins with pretrained weights."""

    def phases(self, plan: Plan) -> tuple[Phase, ...]:
        """The phases, in order; their epochs add up to the whole training.

        None where the strategy has yet to be found (:mod:`.recommended`).
        """

    def task(self, model: torch.nn.Module, plan: Plan) -> torch.nn.Module:
        """A module whose ``forward(inputs, targets)`` returns
        :class:`transfergui.core.nn.losses.Loss`.

        In a phase with a teacher, its features [N, F] are the third argument.
        What the module holds beside ``model`` is trained too, and forgotten at the end.
        """


@runtime_checkable
class Gathering(Protocol):
    """A strategy that trains, or makes, a network of several: of those that its options name."""

    def gather(self, plan: Plan, states: Mapping[str, State] | None) -> Plan:
        """``plan``, of the one network that the recipe's backbone names, for all of them.

        What is left to the program is chosen here, and written into the recipe.

        Args:
            states: as for :func:`transfergui.core.resolve.resolve`.

        Raises:
            UserError: they do not go together; the code says why.
        """


def puts_together(strategy: Strategy) -> bool:
    """Whether it makes its model of finished trainings, and learns nothing new."""
    return any(option.kind == "runs" for option in describe(strategy.options))


def listed(names: Sequence[str] | str) -> tuple[str, ...]:
    """The networks or runs that an option names: a sequence, or a text with commas between."""
    parts = names.split(",") if isinstance(names, str) else names
    return tuple(part.strip() for part in parts if part.strip())


def named_in(options: Mapping[str, Any]) -> tuple[str, ...]:
    """The networks and runs that the options of a recipe name, whatever its strategy."""
    several = (name for key in LISTS for name in listed(options.get(key, ())))
    return tuple(name for name in (options.get("teacher", ""), *several) if name)


LISTS = ("partners", "runs")
"""Options that name several."""
