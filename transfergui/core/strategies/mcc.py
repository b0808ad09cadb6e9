"""MCC: learn from labels, and be less confused about the examples of a target.

Jin, Wang, Long and Wang, "Minimum Class Confusion for Versatile Domain Adaptation", ECCV 2020
(arXiv:1912.03699). Adds ``weight`` times the confusion between pairs of classes, of predictions
for unlabelled target examples at temperature T (:mod:`transfergui.core.nn.adaptation`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import option
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import adapting
from transfergui.core.strategies.adapting import AdaptingOptions

if TYPE_CHECKING:
    from torch import nn


class ClassConfusionOptions(AdaptingOptions, frozen=True):
    """The options of :data:`STRATEGY`."""

    train: Annotated[
        Literal["all", "head"],
        option(
            N_("What to train"),
            N_(
                "The whole model, or only the new last layers on features that are computed once. "
                "The latter is quicker, but can adapt less."
            ),
            labels={"all": N_("The whole model"), "head": N_("Only the last layers")},
        ),
    ] = "all"
    temperature: Annotated[
        float,
        option(
            N_("Temperature"),
            N_("The higher the temperature, the more uncertain predictions count."),
            ge=0.1,
            le=20,
            advanced=True,
        ),
    ] = 2.5


def phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    """As of :func:`transfergui.core.strategies.adapting.phases`."""
    assert isinstance(settings.options, ClassConfusionOptions)
    return adapting.phases(settings, settings.options.train == "head")


def plain(recipe: Recipe) -> Recipe:
    head = recipe.options.get("train") == "head"
    return adapting.plain_head(recipe) if head else adapting.plain(recipe)


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    from transfergui.core.nn.adaptation import ClassConfusion

    options = plan.options
    assert isinstance(options, ClassConfusionOptions)
    return ClassConfusion(model, loss, options.weight, options.temperature)


STRATEGY = Strategy(
    key="mcc",
    title=N_("Adapt: clear predictions (MCC)"),
    summary=N_(
        "Fine-tunes on your labelled examples, and pushes predictions for unlabelled examples from "
        "elsewhere towards one class each. Often the most reliable of the methods that adapt, but "
        "not always: compare them on your data."
    ),
    options=ClassConfusionOptions,
    cost=2,
    preset="Light",
    needs=("target",),
    epochs=adapting.EPOCHS,
    lr=adapting.LR,
    phases=phases,
    task=task,
    logs=adapting.CONFUSION_LOGS,
    sharpens=True,
    plain=plain,
)
