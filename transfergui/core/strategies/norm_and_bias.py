"""Norms and biases only: a few numbers per layer are adapted, no weight is.

Ben Zaken, Ravfogel and Goldberg, "BitFit: Simple Parameter-efficient Fine-tuning for
Transformer-based Masked Language-models", 2021 (arXiv:2106.10199); for convolutional networks
Frankle, Schwab and Morcos, "Training BatchNorm and Only BatchNorm", 2020 (arXiv:2003.00152).
Of y = gamma * norm(W x) + beta, gamma and beta are trained in every layer, W in none but the
head's.
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy
from transfergui.core.strategies.fine_tuning import EPOCHS

LR = 3e-3
"""Larger than for weights: scales and shifts are few, and each moves a whole channel."""


class NormAndBiasOptions(Options, frozen=True):
    """There are none."""


def obstacle(backbone: Backbone) -> str:
    return "" if backbone.has_norm_or_bias else "strategy.no_screws"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return (
        Phase(
            name=N_("Train norms and biases"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            only="norm_and_bias",
        ),
    )


STRATEGY = Strategy(
    key="norm_and_bias",
    title=N_("Norms and biases only (BitFit)"),
    summary=N_(
        "Trains only the normalisation layers and the biases of the backbone, a small share of "
        "its parameters. Little of the pretraining is lost, which suits few examples."
    ),
    options=NormAndBiasOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    obstacle=obstacle,
    phases=phases,
)
