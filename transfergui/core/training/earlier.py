"""How long earlier runs took that were trained as a plan is to be: for what no probe can measure,
such as several processes together."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import EVENTS, Run, list_runs

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe

LOOKED_AT = 30
"""Runs among which one is looked for, the newest first."""


def seconds(plan: Plan) -> float | None:
    """How long ``plan`` will take from its start to its report if early stopping does not end it
    sooner, by the newest run like it: on as many samples, and not interrupted. None without one."""
    for run in list_runs()[:LOOKED_AT]:
        with contextlib.suppress(UserError, OSError):
            if _is_alike(run.recipe, plan.recipe) and (found := _of(run, plan)) is not None:
                return found
    return None


def _is_alike(one: Recipe, other: Recipe) -> bool:
    """But for how long they train, and what does not change how long an epoch takes."""
    first, second = (
        (
            *(each.data.path, each.backbone, each.strategy, each.options, each.input),
            *(each.run.processes, each.run.device, each.run.precision, each.optim.batch_size),
        )
        for each in (one, other)
    )
    return first == second


def _of(run: Run, plan: Plan) -> float | None:
    history = run.history()
    started, outcome, epochs = history.started, history.outcome, history.epochs
    if started is None or started.resumed or not epochs or not isinstance(outcome, ev.Finished):
        return None
    if outcome.outcome == "cancelled" or started.sizes != plan.split.sizes():
        return None
    trained = sum(each.seconds for each in epochs)
    whole = (run.path / EVENTS).stat().st_mtime - run.began
    return max(0.0, whole - trained) + trained / len(epochs) * plans.epochs(plan)
