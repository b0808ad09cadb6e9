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
from transfergui.core.interfaces import ALL, Networks, Phase, PhaseSettings, Plan, Strategy

EPOCHS = 12
LR = 1e-3

Decay = Annotated[
    float,
    option(
        N_("Layer-wise rate decay"),
        N_(
            "Each block further from the end learns this much slower than the next: "
            "1 trains all at the same rate, 0.8 protects the early ones."
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
                N_("Layers to train"),
                N_(
                    "How many blocks of the network are trained, counted from the end. The first "
                    "blocks see edges and colours, which serve everybody; the last ones are "
                    "special to what the network saw before."
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
                "Keeps the network's running means as they were learnt on millions of examples; "
                "with few examples or small batches, new ones would be unreliable."
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
        "Adapts the pretrained network itself to your data: takes longer, and is better when "
        "your examples look unlike what the network was trained on."
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
