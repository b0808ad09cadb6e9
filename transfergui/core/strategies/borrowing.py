"""What the strategies have in common that borrow somebody else's labelled samples."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.strategies import feature_extraction
from transfergui.core.strategies.feature_extraction import Passes

if TYPE_CHECKING:
    from torch import nn

OWN = Log(
    key="own",
    title=N_("your examples"),
    summary=N_("The part of the training loss that comes from your own examples."),
    kind="loss",
)
BORROWED = Log(
    key="borrowed",
    title=N_("borrowed examples"),
    summary=N_(
        "The part of the training loss that comes from the borrowed examples. Where it stays far "
        "above that of yours, their labels or their looks differ from yours."
    ),
    kind="loss",
)
LOGS = (OWN, BORROWED)


class BorrowingOptions(Options, frozen=True):
    """The options of every strategy that borrows samples."""

    weight: Annotated[
        float,
        option(
            N_("Weight of borrowed examples"),
            N_(
                "How much the borrowed examples count beside your own. At 1, all of them together "
                "count at most as much as all of yours; 0 trains without them."
            ),
            ge=0,
            le=100,
            advanced=True,
        ),
    ] = 1.0
    passes: Passes = 2


def task(model: nn.Module, loss: nn.Module, plan: Plan) -> nn.Module:
    """As :attr:`Strategy.task`."""
    from transfergui.core.nn.borrowing import Borrowing

    assert isinstance(plan.options, BorrowingOptions)
    return Borrowing(model, loss, plan.options.weight)


def require_one_class(settings: PhaseSettings) -> None:
    """
    Raises:
        UserError: ``strategy.one_class_only``.
    """
    if settings.targets.objective != ONE_CLASS:
        raise UserError("strategy.one_class_only")


def head_phases(settings: PhaseSettings) -> tuple[Phase, ...]:
    """A head on features that are computed once, of one's own samples and the source's.

    Raises:
        UserError: ``strategy.one_class_only``.
    """
    require_one_class(settings)
    assert isinstance(settings.options, BorrowingOptions)
    (phase,) = feature_extraction.head_phases(settings, settings.options.passes)
    return (dataclasses.replace(phase, streams=("source",)),)


def plain_head(recipe: Recipe) -> Recipe:
    """The same training of a head without the source."""
    kept = {"passes": recipe.options["passes"]} if "passes" in recipe.options else {}
    key = feature_extraction.STRATEGY.key
    return msgspec.structs.replace(recipe, strategy=key, options=kept)
