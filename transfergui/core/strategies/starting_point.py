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
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.strategies.fine_tuning import EPOCHS, LR

if TYPE_CHECKING:
    from torch import nn


class StartingPointOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    pull: Annotated[
        float,
        option(
            N_("L2-SP strength"),
            N_(
                "How strongly the weights are pulled back towards the pretrained ones. 0 is plain "
                "fine-tuning; at 1 the weights hardly change."
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
    title=N_("Fine-tuning with L2-SP"),
    summary=N_(
        "Fine-tuning that pulls the weights back towards the pretrained ones. For a few dozen "
        "examples per class that resemble those of the pretraining."
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
