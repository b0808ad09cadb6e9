"""Where every training begins: what the recipe leaves to the program is found first."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from transfergui.core import events as ev
from transfergui.core.modalities.choice import AUTO
from transfergui.core.plan import Plan, resolve
from transfergui.core.runs import Stopped
from transfergui.core.strategies.recommended import RecommendedOptions
from transfergui.core.strategies.soup import SoupOptions
from transfergui.core.training import auto, soup, trainer

if TYPE_CHECKING:
    from transfergui.core.runs import Run


def train(plan: Plan, run: Run) -> trainer.Events:
    """As :func:`transfergui.core.training.trainer.train`, for a plan that may be incomplete.

    A search that was interrupted begins anew, but for the settings that it had tried; what it
    found is in the run's recipe.
    """
    if plan.recipe.strategy == AUTO:
        found = yield from trainer.recorded(run, _found(plan, run))
        if found is None:  # stopped, or failed, which was told
            return
        plan = found
    if isinstance(plan.options, SoupOptions):  # nothing new is learnt
        yield from trainer.recorded(run, soup.train(plan, run))
    else:
        yield from trainer.train(plan, run)


def _found(plan: Plan, run: Run) -> Generator[ev.Event, None, Plan | None]:
    """The plan that the search comes to; None where it is stopped."""
    assert isinstance(plan.options, RecommendedOptions)
    try:
        recipe = yield from auto.search(
            plan,
            plan.options.budget,
            run.heed_stop,
            settings=plan.options.settings,
            earlier=[event for event in run.events() if isinstance(event, ev.Tried)],
        )
    except Stopped:
        yield ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
        return None
    found = resolve(recipe, plan.split)
    run.adopt(found.recipe)
    return found
