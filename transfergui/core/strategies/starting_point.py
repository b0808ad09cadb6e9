"""Fine-tuning that is pulled back to where it started: L2-SP.

Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning with Convolutional
Networks", 2018 (arXiv:1802.01483). Weight decay pulls towards zero, which forgets what was
pretrained; this pulls the backbone's weights w towards the pretrained ones w0, and only the new
head, by the usual weight decay, towards zero. Minimises

    CE(g(f_w(x)), y) + a / 2 ||w - w0||²
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces import ALL, Phase, PhaseSettings, Plan, Strategy
from transfergui.core.strategies.fine_tuning import EPOCHS, LR

if TYPE_CHECKING:
    from torch import nn


class StartingPointOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    pull: Annotated[
        float,
        option(
            N_("Pull"),
            N_(
                "How strongly the network is held where it started: 0 lets it go, 1 hardly lets "
                "it move."
            ),
            ge=0,
            le=10,
        ),
    ] = 0.1


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    return (
        Phase(
            name=N_("Fine-tune"),
            epochs=settings.epochs,
            groups=ALL,
            lr=settings.lr,
            decay_backbone=False,
        ),
    )


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.losses import Anchored

    assert isinstance(plan.options, StartingPointOptions)
    return Anchored(model, loss, plan.options.pull)


STRATEGY = Strategy(
    key="starting_point",
    title=N_("Fine-tuning on a leash"),
    summary=N_(
        "Fine-tuning that is pulled back towards what the network knew (L2-SP): for few examples, "
        "some dozens of each class, that look much like what it was trained on."
    ),
    options=StartingPointOptions,
    cost=2,
    preset="Light",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
    task=task,
)
