"""Where every training begins: what the recipe leaves to the program is found first."""

from __future__ import annotations

import traceback
from collections.abc import Generator
from typing import TYPE_CHECKING

from transfergui.core import events as ev
from transfergui.core.errors import UserError
from transfergui.core.modalities.choice import AUTO
from transfergui.core.plan import Plan, resolve
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
        found = yield from _found(plan, run)
        if found is None:
            return
        plan = found
    if isinstance(plan.options, SoupOptions):  # nothing new is learnt
        yield from trainer.recorded(run, soup.train(plan, run))
    else:
        yield from trainer.train(plan, run)


def _found(plan: Plan, run: Run) -> Generator[ev.Event, None, Plan | None]:
    """The plan that the search came to; None where it was stopped or failed, which is told."""
    assert isinstance(plan.options, RecommendedOptions)
    with run.claimed():
        run.clear_stop()
        earlier = [event for event in run.events() if isinstance(event, ev.Tried)]
        events = auto.search(
            plan,
            plan.options.budget,
            lambda: bool(run.stop_requested()),
            settings=plan.options.settings,
            earlier=earlier,
        )
        try:
            while True:
                event = next(events)
                run.record(event)
                yield event
        except StopIteration as end:
            found = resolve(end.value, plan.split)
            run.adopt(found.recipe)
            return found
        except auto.Stopped:
            last: ev.Event = ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
        except UserError as error:
            last = ev.Failed(code=error.code, values=error.values)
        except Exception:
            run.record(ev.Failed(code="bug", details=traceback.format_exc()))
            raise
        finally:
            events.close()
        run.record(last)
        yield last
        return None
