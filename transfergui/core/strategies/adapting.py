"""What the strategies have in common that adapt a model to unlabelled examples of a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.plan import ALL, Phase, PhaseSettings, Plan
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import feature_extraction, fine_tuning

if TYPE_CHECKING:
    from torch import nn

EPOCHS = 12
LR = 1e-3
DECAY = 0.9


class AdaptingOptions(Options, frozen=True):
    """The options of strategies whose steps see batches of the target."""

    weight: Annotated[
        float,
        option(
            N_("Adaptation weight"),
            N_(
                "How much the examples of the target count beside your labelled ones. 0 trains "
                "without them."
            ),
            ge=0,
            le=100,
            advanced=True,
        ),
    ] = 1.0


def adversarial(model: nn.Module, loss: nn.Module, plan: Plan, conditional: bool) -> nn.Module:
    """As :attr:`Strategy.task`: features that do not tell labelled samples from the target's.

    Args:
        conditional: whether the predictions are looked at together with the features.
    """
    from transfergui.core.nn.adaptation import Adversarial

    options = plan.options
    assert isinstance(options, AdaptingOptions)
    width, classes = plan.backbone.features, len(plan.split.classes)
    return Adversarial(model, loss, options.weight, width, classes, conditional=conditional)


def plain(recipe: Recipe) -> Recipe:
    """The same training of the whole network without the target."""
    options = {"decay": DECAY}
    return msgspec.structs.replace(recipe, strategy=fine_tuning.STRATEGY.key, options=options)


def plain_head(recipe: Recipe) -> Recipe:
    """The same training of a head without the target."""
    options = {"passes": 0}
    key = feature_extraction.STRATEGY.key
    return msgspec.structs.replace(recipe, strategy=key, options=options)


def phases(settings: PhaseSettings, head: bool = False) -> tuple[Phase, ...]:
    """
    Args:
        head: whether only the head is trained, on features that are computed once.

    Raises:
        UserError: ``strategy.one_class_only``: these methods compare probabilities of classes.
    """
    if settings.targets.objective != ONE_CLASS:
        raise UserError("strategy.one_class_only")
    return (
        Phase(
            name=N_("Learn and adapt"),
            epochs=settings.epochs,
            groups=0 if head else ALL,
            lr=settings.lr,
            decay=1.0 if head else DECAY,
            cache_features=head,
            streams=("target",),
        ),
    )
