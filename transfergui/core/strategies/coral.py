"""CORAL: the features of labelled samples are given the mean and covariance of a target's.

Sun, Feng and Saenko, "Return of Frustratingly Easy Domain Adaptation", AAAI 2016
(arXiv:1511.05547). Closed form on the features of a frozen backbone, so that only a head is
trained: on features f(x) moved by :func:`transfergui.core.nn.alignment.coral`. At prediction,
nothing is moved: the head has learnt for the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Align, Strategy
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import feature_extraction
from transfergui.core.strategies.feature_extraction import (
    EPOCHS,
    LR,
    FeatureExtractionOptions,
    head_phases,
)

if TYPE_CHECKING:
    import torch

SHRINKAGE = 0.5
"""Of the mean variance in each covariance: as the paper, which adds the identity to covariances of
features with variance 1. With 0.1, validation accuracy fell from 0.97 to 0.53-0.71 on spoken
digits, with 0.5 to 0.84-0.92: a few hundred examples tell little of a covariance."""


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    """
    Raises:
        UserError: ``strategy.one_class_only``: two models are compared by classes.
    """
    assert isinstance(settings.options, FeatureExtractionOptions)
    if settings.targets.objective != ONE_CLASS:
        raise UserError("strategy.one_class_only")
    return head_phases(settings, settings.options.passes)


def plain(recipe: Recipe) -> Recipe:
    """The same training without the target."""
    return msgspec.structs.replace(recipe, strategy=feature_extraction.STRATEGY.key)


def align(source: torch.Tensor, target: torch.Tensor) -> Align:
    from transfergui.core.nn.alignment import coral

    return coral(source, target, SHRINKAGE)


STRATEGY = Strategy(
    key="coral",
    title=N_("Adapt: alike statistics (CORAL)"),
    summary=N_(
        "Keeps the backbone unchanged and trains a new last layer on features that are moved to "
        "where those of unlabelled examples from elsewhere lie."
    ),
    options=FeatureExtractionOptions,
    cost=1,
    preset="None",
    needs=("target",),
    epochs=EPOCHS,
    lr=LR,
    phases=phases,
    align=align,
    plain=plain,
)
