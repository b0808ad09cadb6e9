"""What the strategies have in common that learn from unlabelled examples first.

The first phase goes through the unlabelled files and one's own training samples, with a task that
needs no labels, and begins with the pretrained weights: from random ones, files by the thousand do
not suffice. No validation score can choose its best epoch; its last one is taken. The second phase
is an ordinary one on the labelled samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.phase import ALL, Phase, PhaseSettings
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import feature_extraction, fine_tuning

if TYPE_CHECKING:
    from transfergui.core.interfaces.networks import Backbone

EPOCHS = 20
"""Of the second phase, whether it trains the head or everything; early stopping ends it sooner."""
LR = 1e-3
FIRST_EPOCHS = 10
FIRST_LR = 3e-5
"""Of the backbone. At ten times this, SimSiam spoilt a pretrained TGNet (clothing, 400 pictures, 5
epochs, seeds 0 and 1: 0.33 with it, 0.50 without)."""
FRESH = 10.0
"""So many times this rate for what is new: a projector that has learnt nothing teaches nothing."""
DECAY = 0.9


EPOCHS_OPTION = option(
    N_("Epochs without labels"),
    N_(
        "How many times the backbone goes through the unlabelled examples before it learns from "
        "your labelled ones."
    ),
    ge=1,
    le=10_000,
    essential=True,
)
LR_OPTION = option(
    N_("Learning rate without labels"),
    N_(
        "The learning rate while it goes through the unlabelled examples. A high one forgets what "
        "was pretrained."
    ),
    ge=1e-7,
    le=1,
    advanced=True,
)


class UnlabelledOptions(Options, frozen=True):
    """The options of strategies that go through unlabelled samples first."""

    first_epochs: Annotated[int, EPOCHS_OPTION] = FIRST_EPOCHS
    first_lr: Annotated[float, LR_OPTION] = FIRST_LR
    train: Annotated[
        Literal["all", "head"],
        option(
            N_("What to train then"),
            N_(
                "With your labelled examples: the whole model, or only the new last layers on "
                "features that are computed once, which is quicker and suits few examples."
            ),
            labels={"all": N_("The whole model"), "head": N_("Only the last layers")},
        ),
    ] = "head"


def has_weights(backbone: Backbone) -> str:
    """As :attr:`transfergui.core.interfaces.plan.Strategy.obstacle`."""
    return "" if backbone.params else "strategy.no_student"


def phases(settings: PhaseSettings, views: int = 0, decay: float = DECAY) -> tuple[Phase, ...]:
    """
    Args:
        views: of :attr:`Phase.views`.
        decay: of :attr:`Phase.decay` while labels are not looked at.
    """
    options = settings.options
    assert isinstance(options, UnlabelledOptions)
    head = options.train == "head"
    return (
        Phase(
            name=N_("Learn without labels"),
            epochs=options.first_epochs,
            groups=ALL,
            lr=options.first_lr,
            decay=decay,
            fresh=FRESH,
            fixed=True,
            through="unlabelled",
            views=views,
        ),
        Phase(
            name=N_("Train the head") if head else N_("Fine-tune"),
            epochs=settings.epochs,
            groups=0 if head else ALL,
            lr=settings.lr,
            decay=1.0 if head else DECAY,
            cache_features=head,
        ),
    )


def plain(recipe: Recipe) -> Recipe:
    """The same training without the first phase."""
    head = recipe.options.get("train", "head") == "head"
    key = (feature_extraction if head else fine_tuning).STRATEGY.key
    options = {"passes": 0} if head else {"decay": DECAY}
    return msgspec.structs.replace(recipe, strategy=key, options=options)
