"""Where every training begins: what the recipe leaves to the program is found first."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Generator, Mapping

import msgspec

from transfergui.core import plans, registry
from transfergui.core.base import allocator
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data.companions import ROLES
from transfergui.core.interfaces.plan import Plan, Procedure
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stopped
from transfergui.core.search_options import SearchOptions
from transfergui.core.training import (
    adaptation,
    alone,
    borrowing_gain,
    checkpoint,
    combine,
    plain,
    probe,
    search,
    source_free,
    trainer,
)
from transfergui.core.training.group import ALONE, Group
from transfergui.core.training.joining import SEARCH
from transfergui.core.training.loaders import require_beside, require_sets
from transfergui.core.training.phase import Events
from transfergui.core.training.recording import recorded
from transfergui.core.training.stops import Stops


def train(plan: Plan, run: Run) -> Events:
    """As :func:`transfergui.core.training.trainer.train`, for a plan that may be incomplete.

    What a search found is in the run's recipe, and trained already: only what the test samples
    say of it is left to do. A search that was interrupted goes on, with all its time again.
    """
    yield from share(plan, run, ALONE)


def share(plan: Plan, run: Run, group: Group) -> Events:
    """As :func:`train`, in each of the processes that train together.

    Args:
        run: of all but the first, a folder of its own.
    """
    try:
        yield from recorded(run, _events(plan, run, Stops(run.stop_requested), group))
    finally:  # not between the trainings of a search, which want the same blocks
        allocator.give_back()


def _events(plan: Plan, run: Run, stops: Stops, group: Group) -> Events:
    _wait_for_estimate(run)
    if plan.strategy.procedure != "adapt" or source_free.has_data(plan):
        require_sets(plan.split)
    require_beside(plan)
    yield from _unused(plan)
    yield from PROCEDURES[plan.strategy.procedure](plan, run, stops, group)


def _unused(plan: Plan) -> Events:
    """Say which other data are given and not looked at."""
    if plan.split.of_role("check") and not plan.objective.balances:
        yield ev.Notice(code="companion.one_class_only", level="warning")
    for role, text in ROLES.items():
        used = ("check", *plan.strategy.needs, *plan.strategy.uses)
        if role in used or not plan.split.of_role(role):
            continue
        fit = [each for each in registry.STRATEGIES if each.fits(plan.modality.key)]
        able = [_(each.title) for each in fit if role in (*each.needs, *each.uses)]
        values = {"strategy": _(plan.strategy.title), "names": comma_list(able)}
        yield ev.Notice(code="companion.unused", values=values | {"role": _(text.title)})


def _searched(plan: Plan, run: Run, stops: Stops, group: Group) -> Events:
    """What the search finds is trained already; the rest is as of any training."""
    found = yield from _found(plan, run, stops, group)
    if found is not None:  # else it was stopped, which was told
        plan, before = found
        yield from _compared(plan, run, trainer.events(plan, run, stops, before))


def _trained(plan: Plan, run: Run, stops: Stops, group: Group) -> Events:
    # of a search that was killed when its result had been taken over
    shutil.rmtree(run.path / SEARCH, ignore_errors=True)
    events = trainer.events(plan, run, stops, group=group)
    if not group.first:
        yield from events
        return
    if plain.is_wanted(plan):
        meant = adaptation if "target" in plan.strategy.needs else borrowing_gain
        events = plain.compared(plan, run, events, meant.JUDGEMENT)
    yield from _compared(plan, run, events)


def _combined(plan: Plan, run: Run, stops: Stops, group: Group) -> Events:
    yield from _compared(plan, run, combine.events(plan, run, stops))


def _adapted(plan: Plan, run: Run, stops: Stops, group: Group) -> Events:
    yield from source_free.events(plan, run, stops)


def _compared(plan: Plan, run: Run, events: Events) -> Events:
    """``events``, and on request those of trainings of single questions."""
    yield from alone.compared(plan, run, events) if alone.is_wanted(plan) else events


PROCEDURES: Mapping[Procedure, Callable[[Plan, Run, Stops, Group], Events]] = {
    "train": _trained,
    "search": _searched,
    "combine": _combined,
    "adapt": _adapted,
}
"""What a run does, by its strategy. Those that need the whole of a batch, or none, are refused for
several processes that train together."""


class _Asked(Exception):  # noqa: N818 - a request, not an error
    """The training is asked to end."""


def _wait_for_estimate(run: Run) -> None:
    """An estimate that Train has cancelled ends before anything is measured.

    That may take long, on a slow network share: a request to stop is not kept waiting. The training
    itself answers it.
    """

    def check() -> None:
        if run.stop_requested() is not None:
            raise _Asked

    with contextlib.suppress(_Asked), probe.alone(check):
        pass


def _found(
    plan: Plan, run: Run, stops: Stops, group: Group
) -> Generator[ev.Event, None, tuple[Plan, float] | None]:
    """The plan that the search comes to, and the seconds that it took beside those of the training
    that it keeps; None where it is stopped with nothing to show."""
    began = time.monotonic()
    assert isinstance(plan.options, SearchOptions)
    folder = run.path / SEARCH
    yield from map(ev.Notice.of, plans.notes(plan))
    try:
        recipe, trained = yield from search.search(
            plan,
            plan.options.budget,
            folder,
            stops.check,
            settings=plan.options.settings,
            earlier=[event for event in run.events() if isinstance(event, ev.Tried)],
            group=group,
        )
    except Stopped as stop:
        if stop.how == "finish":
            yield ev.Notice(code="training.nothing_learnt", level="warning")
        yield ev.Finished(outcome="cancelled", epochs=0, best_epoch=None, seconds=0)
        return None
    found = resolve(recipe, plan.split)
    events = list(trained.events())
    run.adopt(found.recipe, trained)
    shutil.rmtree(folder, ignore_errors=True)  # who takes part may not have left yet
    for event in events:
        if isinstance(event, ev.Started):
            yield msgspec.structs.replace(event, run=str(run.path), sizes=plan.split.sizes())
        elif isinstance(event, ev.PhaseStarted | ev.Progress | ev.EpochEnded):
            yield event
    counted = _goes_on_from(run)
    return found, time.monotonic() - began - counted


def _goes_on_from(run: Run) -> float:
    """The seconds that the training counts already which goes on where ``run`` stands: those until
    its last checkpoint, not those that it took to test and report as one of the search."""
    last = checkpoint.load_last(run.checkpoints)
    if last is None:
        return 0.0
    with checkpoint.restoring(run.checkpoints):
        return float(last["position"]["seconds"])
