"""Feature extraction: the pretrained backbone is frozen, only a new head is trained.

Donahue et al., "DeCAF: A Deep Convolutional Activation Feature for Generic
Visual Recognition", 2014 (arXiv:1310.1531). With a frozen backbone f and head
g, minimises the cross-entropy of g(f(x)) over g alone. f(x) [N, features] never
changes, so it is computed once and cached.
"""

from __future__ import annotations

from typing import Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Strategy

EPOCHS = 40
"""An epoch on cached features takes milliseconds; early stopping ends it sooner."""
LR = 1e-3

Passes = Annotated[
    int,
    option(
        N_("Augmented copies"),
        N_(
            "How many randomly changed copies of each training example are used in addition to "
            "the original. Each copy takes one more pass over the data. Only used when "
            "augmentation is on."
        ),
        ge=0,
        le=50,
    ),
]
"""The option of every strategy that fills in ``Phase.augmented_copies``."""


class FeatureExtractionOptions(Options, frozen=True):
    """The options of :data:`STRATEGY`."""

    passes: Passes = 2


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    assert isinstance(settings.options, FeatureExtractionOptions)
    return head_phases(settings, settings.options.passes)


def head_phases(settings: PhaseSettings, passes: int) -> tuple[Phase, ...]:
    """The only phase of a strategy that trains nothing but a head."""
    return (
        Phase(
            name=N_("Train the head"),
            epochs=settings.epochs,
            groups=0,
            lr=settings.lr,
            cache_features=True,
            augmented_copies=passes if settings.augments else 0,
        ),
    )


STRATEGY = Strategy(
    key="feature_extraction",
    title=N_("Feature extraction"),
    summary=N_(
        "Keeps the pretrained backbone unchanged and trains only a new last layer. The quickest "
        "strategy: a good first training, also with few examples."
    ),
    options=FeatureExtractionOptions,
    cost=1,
    preset="None",
    compact=False,
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
)
