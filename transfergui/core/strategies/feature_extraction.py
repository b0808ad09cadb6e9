"""Feature extraction: the pretrained backbone is frozen, only a new head is trained.

Donahue et al., "DeCAF: A Deep Convolutional Activation Feature for Generic
Visual Recognition", 2014 (arXiv:1310.1531). With a frozen backbone f and head
g, minimises the cross-entropy of g(f(x)) over g alone. f(x) [N, features] never
changes, so it is computed once and cached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.interfaces import Phase

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces import Backbone
    from transfergui.core.resolve import Plan

EPOCHS = 40
"""An epoch on cached features takes milliseconds; early stopping ends it sooner."""
LR = 1e-3

Passes = Annotated[
    int,
    option(
        N_("Augmented passes"),
        N_(
            "How many randomly changed versions of each training example are computed "
            "beside the plain one. Each costs one more pass over the data; it needs "
            "an augmentation to be chosen."
        ),
        ge=0,
        le=50,
    ),
]
"""The option of every strategy that fills in ``Phase.passes``."""


class FeatureExtractionOptions(Options, frozen=True):
    """The options of :class:`FeatureExtraction`."""

    passes: Passes = 2


class FeatureExtraction:
    """See the module."""

    key = "feature_extraction"
    title = N_("Feature extraction")
    summary = N_(
        "Keeps the pretrained network as it is and trains only a new last layer: the quickest "
        "way, and the safest choice for few examples."
    )
    options: type[Options] = FeatureExtractionOptions
    cost = 1
    preset = "None"
    compact = False

    def obstacle(self, backbone: Backbone) -> str:
        return ""

    def starts_pretrained(self, options: Options) -> bool:
        return True

    def phases(self, plan: Plan) -> tuple[Phase, ...]:
        assert isinstance(plan.options, FeatureExtractionOptions)
        return head_phases(plan, plan.options.passes)

    def task(self, model: torch.nn.Module, plan: Plan) -> torch.nn.Module:
        from transfergui.core.nn.losses import Supervised

        return Supervised(model, plan)


def head_phases(plan: Plan, passes: int) -> tuple[Phase, ...]:
    """The only phase of a strategy that trains nothing but a head."""
    return (
        Phase(
            name=N_("Train the head"),
            epochs=plan.recipe.run.epochs or EPOCHS,
            groups=0,
            lr=plan.recipe.optim.lr or LR,
            cache_features=True,
            passes=passes if plan.augments else 0,
        ),
    )
