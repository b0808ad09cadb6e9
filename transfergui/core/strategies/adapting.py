"""What the strategies have in common that adapt a model to unlabelled examples of a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import feature_extraction, fine_tuning

if TYPE_CHECKING:
    from torch import nn

EPOCHS = 12
"""Also where MCC trains only the last layers: right on the target with 12 and with 40 epochs 0.838
and 0.819 (six voices), 0.698 and 0.704 (reviews), 0.490 and 0.365 (digits)."""
LR = 1e-3
DECAY = 0.9

CLASSIFICATION = Log(
    key="classification",
    title=N_("classification"),
    summary=N_(
        "The part of the training loss that comes from your labelled examples. The rest comes from "
        "adapting."
    ),
    kind="loss",
)
DOMAIN = Log(
    key="domain",
    title=N_("domain"),
    summary=N_(
        "The loss of the domain classifier, a second classifier that tells your labelled examples "
        "from the unlabelled ones by their features. Guessing gives 0.69."
    ),
    kind="loss",
)
CONFUSION = Log(
    key="confusion",
    title=N_("class confusion"),
    summary=N_(
        "How much the predictions for the unlabelled examples hesitate between pairs of classes. "
        "MCC makes this smaller."
    ),
    kind="share",
)
DOMAIN_ACCURACY = Log(
    key="domain_accuracy",
    title=N_("domain classifier correct"),
    summary=N_(
        "How often the domain classifier tells correctly whether an example is one of your "
        "labelled or of the unlabelled ones, both counted alike. At 50 % the features of both are "
        "indistinguishable, which is the aim. Well below 50 %, the adaptation weight is too high."
    ),
    kind="share",
    level=0.5,
    level_title=N_("indistinguishable"),
)
TARGET_ENTROPY = Log(
    key="target_entropy",
    title=N_("target entropy"),
    summary=N_(
        "How uncertain the predictions for the unlabelled examples are (the target of the "
        "adaptation): 0 % when each is certain of one class, 100 % when all classes are equally "
        "likely. A low value does not show that they are correct."
    ),
    kind="share",
)
CONFUSION_LOGS = (CLASSIFICATION, CONFUSION, TARGET_ENTROPY)
ADVERSARIAL_LOGS = (CLASSIFICATION, DOMAIN, DOMAIN_ACCURACY, TARGET_ENTROPY)


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
