"""Low-rank updates: what attends is changed a little in all of its layers, the rest not at all.

Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021 (arXiv:2106.09685). Each
weight W [rows, columns] of a linear layer of the attention is used as

    W + (alpha / r) B A        B [rows, r], A [r, columns]

with B = 0 at the start, and A, B and the head g are trained; W and everything else stays. What
is kept of the training is the sum, so that the network that comes out is one like any other.
"""

from __future__ import annotations

from typing import Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces import ALL, Backbone, LowRank, Phase, PhaseSettings, Strategy
from transfergui.core.strategies.fine_tuning import EPOCHS

LR = 3e-3
"""Larger than for weights: B begins at zero, and what is learnt is a product of small numbers."""


class LoraOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    rank: Annotated[
        int,
        option(
            N_("Rank"),
            N_(
                "How much may change in each layer: the number of independent directions. More "
                "can learn more, and needs more examples."
            ),
            ge=1,
            le=256,
        ),
    ] = 8
    alpha: Annotated[
        float,
        option(
            N_("Strength"),
            N_(
                "How strongly the changes count (alpha), divided by the rank. Twice as much is "
                "nearly the same as twice the learning rate."
            ),
            ge=0.1,
            le=1024,
            advanced=True,
        ),
    ] = 16.0


def obstacle(backbone: Backbone) -> str:
    return "" if backbone.attention else "strategy.no_attention"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    assert isinstance(settings.options, LoraOptions)
    return (
        Phase(
            name=N_("Adapt what attends"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            low_rank=LowRank(settings.options.rank, settings.options.alpha),
        ),
    )


STRATEGY = Strategy(
    key="lora",
    title=N_("Low-rank updates"),
    summary=N_(
        "Leaves what the network knows in place and learns small corrections on top of it (LoRA): "
        "for few examples and for transformers, a kind of large network."
    ),
    options=LoraOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    obstacle=obstacle,
    phases=phases,
)
