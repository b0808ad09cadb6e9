"""From scratch: random weights, no transfer. The baseline that tells whether transfer was worth it.

Kornblith et al., "Do Better ImageNet Models Transfer Better?", 2019
(arXiv:1805.08974), compare against the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces import ALL, Phase

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces import Backbone
    from transfergui.core.resolve import Plan

EPOCHS = 30
LR = 2e-3


class FromScratchOptions(Options, frozen=True):
    """From scratch has no options of its own."""


class FromScratch:
    """See the module."""

    key = "from_scratch"
    title = N_("From scratch")
    summary = N_(
        "Starts with an untrained network: needs thousands of examples and a long time, and "
        "shows what the pretrained one is worth."
    )
    options: type[Options] = FromScratchOptions
    cost = 3
    preset = "Light"
    compact = True  # no weights are needed, and all of it must be learnt

    def obstacle(self, backbone: Backbone) -> str:
        return ""

    def starts_pretrained(self, options: Options) -> bool:
        return False

    def phases(self, plan: Plan) -> tuple[Phase, ...]:
        return (
            Phase(
                name=N_("Train from scratch"),
                epochs=plan.recipe.run.epochs or EPOCHS,
                groups=ALL,
                lr=plan.recipe.optim.lr or LR,
                freeze_norm=False,
            ),
        )

    def task(self, model: torch.nn.Module, plan: Plan) -> torch.nn.Module:
        from transfergui.core.nn.losses import Supervised

        return Supervised(model, plan)
