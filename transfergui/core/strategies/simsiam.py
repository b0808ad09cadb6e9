"""SimSiam: a backbone gets used to unlabelled examples by foreseeing one view from another.

Chen and He, "Exploring Simple Siamese Representation Learning", 2021 (arXiv:2011.10566). Two
randomly changed views of each example are to have the same features
(:class:`transfergui.core.nn.pretext.SimSiam`); then the labelled ones are learnt as usual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.strategies import unlabelled

if TYPE_CHECKING:
    from torch import nn

COLLAPSED = 0.5
"""Of the spread. Trainings that work begin at 0.82 (what random layers and ReLU make of anything)
and stay above 0.8; without the stop of the gradient it falls to 0.6 and below."""
SPREAD = Log(
    key="spread",
    title=N_("spread of features"),
    summary=N_(
        "How different the features of different examples are while learning without labels. "
        "About 80 % and more is usual; near 0 %, all examples have the same features (collapse), "
        "and nothing is learned."
    ),
    kind="share",
    level=1.0,
    level_title=N_("largest possible"),
    lowest=COLLAPSED,
    warning="unlabelled.collapsed",
)


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    """
    Raises:
        UserError: ``unlabelled.no_views``: without augmentation, both views are the same.
    """
    if not settings.augments:
        raise UserError("unlabelled.no_views")
    return unlabelled.phases(settings, views=2)


def pretext(model: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.pretext import SimSiam

    return SimSiam(model, plan.backbone.features)


STRATEGY = Strategy(
    key="simsiam",
    title=N_("Learn without labels first (SimSiam)"),
    summary=N_(
        "First trains the backbone on unlabelled examples until two changed versions of each have "
        "similar features; then learns your classes. For thousands of examples unlike those of "
        "the pretraining; a few hundred can make it worse."
    ),
    options=unlabelled.UnlabelledOptions,
    cost=3,
    preset="Strong",
    needs=("unlabelled",),
    modalities=("image", "audio"),
    epochs=unlabelled.EPOCHS,
    lr=unlabelled.LR,
    obstacle=unlabelled.has_weights,
    phases=phases,
    pretext=pretext,
    logs=(SPREAD,),
    plain=unlabelled.plain,
)
