"""Norms and biases only: a few numbers per layer are adapted, no weight is.

Ben Zaken, Ravfogel and Goldberg, "BitFit: Simple Parameter-efficient Fine-tuning for
Transformer-based Masked Language-models", 2021 (arXiv:2106.10199); for convolutional networks
Frankle, Schwab and Morcos, "Training BatchNorm and Only BatchNorm", 2020 (arXiv:2003.00152).
Of y = gamma * norm(W x) + beta, gamma and beta are trained in every layer, W in none but the
head's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces import ALL, Phase
from transfergui.core.strategies.fine_tuning import EPOCHS

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces import Backbone
    from transfergui.core.resolve import Plan

LR = 3e-3
"""Larger than for weights: scales and shifts are few, and each moves a whole channel."""


class NormAndBiasOptions(Options, frozen=True):
    """There are none."""


class NormAndBias:
    """See the module."""

    key = "norm_and_bias"
    title = N_("Norms and biases only")
    summary = N_(
        "Leaves what the network knows in place and changes only how strongly each part of it "
        "answers (BitFit): hardly anything can be forgotten, which suits few examples."
    )
    options: type[Options] = NormAndBiasOptions
    cost = 2
    preset = "Light"
    compact = False

    def obstacle(self, backbone: Backbone) -> str:
        return "" if backbone.screws else "strategy.no_screws"

    def starts_pretrained(self, options: Options) -> bool:
        return True

    def phases(self, plan: Plan) -> tuple[Phase, ...]:
        return (
            Phase(
                name=N_("Adapt norms and biases"),
                epochs=plan.recipe.run.epochs or EPOCHS,
                groups=ALL,
                lr=plan.recipe.optim.lr or LR,
                only="norm_and_bias",
            ),
        )

    def task(self, model: torch.nn.Module, plan: Plan) -> torch.nn.Module:
        from transfergui.core.nn.losses import Supervised

        return Supervised(model, plan)
