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
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.phase import ALL, LowRank, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
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
                "How much may change in each layer. A higher rank can learn more, but needs more "
                "examples."
            ),
            ge=1,
            le=256,
        ),
    ] = 8
    alpha: Annotated[
        float,
        option(
            N_("Scale (alpha)"),
            N_(
                "The adapters are scaled by alpha divided by the rank. Doubling alpha has "
                "nearly the same effect as doubling the learning rate."
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
            name=N_("Train LoRA adapters"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            low_rank=LowRank(settings.options.rank, settings.options.alpha),
        ),
    )


STRATEGY = Strategy(
    key="lora",
    title=N_("LoRA"),
    summary=N_(
        "Keeps the weights of the backbone and trains small adapters in its attention layers. "
        "For transformers, especially with few examples."
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
