"""SHOT: a finished run is trained on with the unlabelled examples of a target alone.

Liang, Hu and Feng, "Do We Really Need to Access the Source Data? Source Hypothesis Transfer for
Unsupervised Domain Adaptation", ICML 2020 (arXiv:2002.08546). The head stays as it is; the backbone
learns, of probabilities p [N, C] and pseudo-labels by the nearest centroid, which are found anew
before each epoch, to minimise

    mean_n H(p_n) - H(mean_n p_n) + weight * CE(p_n, label_n)

(:mod:`transfergui.core.nn.shot`). Batch norms end with the statistics of the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.strategies import adapting, source_free

if TYPE_CHECKING:
    from torch import nn

EPOCHS = 10
LR = 1e-4
"""A tenth of that of fine-tuning: no label corrects what goes wrong."""


class PseudoLabelOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    weight: Annotated[
        float,
        option(
            N_("Pseudo-label weight"),
            N_(
                "How much the class of the nearest centroid counts, which is found for each "
                "example before each epoch. 0 only makes predictions certain and varied."
            ),
            ge=0,
            le=10,
            advanced=True,
        ),
    ] = 0.3


def obstacle(backbone: Backbone) -> str:
    return "" if backbone.params else "strategy.nothing_to_adapt"


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return (
        Phase(
            name=N_("Adapt"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            freeze_norm=False,
        ),
    )


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.shot import InformationMaximisation

    options = plan.options
    assert isinstance(options, PseudoLabelOptions)
    return InformationMaximisation(model, loss, options.weight)


STRATEGY = Strategy(
    key="shot",
    title=N_("Adapt a run: without its data (SHOT)"),
    summary=N_(
        "Trains a finished run on with unlabelled examples from elsewhere alone: its last layer is "
        "kept, and its data are not needed. Choose the run as backbone."
    ),
    options=PseudoLabelOptions,
    cost=2,
    preset="None",
    procedure="adapt",
    needs=("target",),
    epochs=EPOCHS,
    lr=LR,
    obstacle=obstacle,
    phases=phases,
    task=task,
    logs=(adapting.TARGET_ENTROPY,),
    sharpens=True,
    gather=source_free.gather,
)
