"""Fine-tuning: the pretrained weights are the start, and all or the last layers are trained on.

Yosinski et al., "How transferable are features in deep neural networks?", 2014
(arXiv:1411.1792); layer-wise rates after Howard and Ruder, "Universal Language
Model Fine-tuning", 2018 (arXiv:1801.06146): the group k steps below the topmost
is trained at ``lr * decay**k``.
"""

from __future__ import annotations

from typing import Annotated, Any

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.networks import Networks
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy

EPOCHS = 12
LR = 1e-3

Decay = Annotated[
    float,
    option(
        N_("Layer-wise learning rate decay"),
        N_(
            "The learning rate of each block is that of the next block times this factor. With "
            "1, all blocks learn at the same rate; 0.8 protects the early blocks."
        ),
        ge=0.01,
        le=1,
        advanced=True,
    ),
]
"""The option of every strategy that fills in ``Phase.decay``."""


class FineTuningOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    groups: (
        Annotated[
            int,
            option(
                N_("Blocks to train"),
                N_(
                    "How many blocks of layers are trained, counted from the end of the backbone. "
                    "Early blocks detect general patterns; late blocks are specific to the data "
                    "of the pretraining."
                ),
                ge=1,
                le=200,
            ),
        ]
        | None
    ) = None
    decay: Decay = 0.9
    freeze_norm: Annotated[
        bool,
        option(
            N_("Freeze BatchNorm"),
            N_(
                "Keeps the pretrained means and variances of the batch normalisation layers. New "
                "ones would be unreliable with few examples or small batches."
            ),
            advanced=True,
        ),
    ] = True


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    options = settings.options
    assert isinstance(options, FineTuningOptions)
    groups = options.groups
    return (
        Phase(
            name=N_("Fine-tune"),
            epochs=settings.epochs,
            groups=ALL if groups is None or groups >= settings.groups else groups,
            lr=settings.lr,
            decay=options.decay,
            freeze_norm=options.freeze_norm,
        ),
    )


def chosen(plan: Plan, networks: Networks) -> dict[str, Any]:
    """All blocks."""
    return {"groups": max(1, len(plan.backbone.groups))}


STRATEGY = Strategy(
    key="fine_tuning",
    title=N_("Fine-tuning"),
    summary=N_(
        "Also trains the pretrained backbone on your data. Slower, often more accurate, above "
        "all when your examples differ from those of the pretraining."
    ),
    options=FineTuningOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
    chosen=chosen,
)
