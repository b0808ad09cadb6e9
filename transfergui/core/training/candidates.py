"""What a search tries: networks, looked at frozen, and the ways in which the best are trained."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.networks import weights as weights_files
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Stopped
from transfergui.core.training import ranking, tuning
from transfergui.core.training.search_clock import Clock, TooLate

if TYPE_CHECKING:
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe

FROZEN = "feature_extraction"
TOGETHER = "fusion"
"""The best frozen network beside another one: a matter of seconds, once each was looked with."""
MOVING = ("fine_tuning", "head_first")
"""Strategies that are tried, in this order: of three networks on clothing and hand signs the bold
one did better than the careful one each time."""
KEPT = 3
"""Networks that are trained at all."""
LOOKING = 0.25
"""Share of the time after which no further network is looked at."""
SPENT = 0.5
"""Share of the time after which a look that takes longer than thought is given up."""


def networks(
    plan: Plan, clock: Clock, some: bool
) -> Generator[ev.Event, None, list[ranking.Ranked]]:
    """The :data:`KEPT` networks whose frozen features score best; the one that was named.

    Args:
        some: whether the search has something to show already.
    """
    if plan.choice is None:
        return [ranking.Ranked(key=plan.recipe.backbone, title=plan.backbone.title)]
    rows: list[ranking.Ranked] = []
    for row, why in ranking.turns(plan, LOOKING * clock.budget):
        trial = ev.Tried(backbone=row.key, title=row.title)
        if why == ranking.OTHER_LANGUAGE:
            yield msgspec.structs.replace(trial, dropped="auto.other_language")
        if why:
            continue
        if rows and clock.left < (1 - LOOKING) * clock.budget:
            yield msgspec.structs.replace(trial, dropped="auto.no_time")
            continue
        looked = yield from _look(plan, clock, trial, row, bool(rows), some)
        rows += [looked] if looked else []
        yield clock.step()
    best = ranking.ordered(rows)
    last = best[:KEPT][-1].score if best else None
    for place, looked in enumerate(best):
        weaker = "auto.weaker" if looked.score is None or looked.score != last else "auto.tied"
        yield _looked(looked, "auto.likely" if place < KEPT else weaker)
    return best[:KEPT]


def _look(
    plan: Plan, clock: Clock, trial: ev.Tried, row: Backbone, others: bool, some: bool
) -> Generator[ev.Event, None, ranking.Ranked | None]:
    """What ``row``, as it is, makes of the samples; None where that cannot be known, or, if
    there are ``others`` to go on with, takes too long."""
    yield msgspec.structs.replace(trial, dropped="auto.looking")
    looked, why = None, "auto.no_time"
    try:
        with contextlib.suppress(TooLate):
            checking = clock.checking(SPENT if others else 1.0, some)
            looked = ranking.look(plan, row, checking)
            why = "auto.not_looked"
    except Stopped:
        yield msgspec.structs.replace(trial, dropped="auto.interrupted")
        raise
    if looked is None or looked.skipped:
        yield msgspec.structs.replace(trial, dropped=why)
        return None
    yield _looked(looked, "auto.looked")
    return looked


def baselines(plan: Plan, networks: Sequence[ranking.Ranked]) -> list[ev.Tried]:
    """What is here and costs next to nothing, pretrained or not (TF-IDF), where no network was
    named: none of the ranked ones, as its features are made from the training samples."""
    if plan.choice is None:
        return []
    rows = [row for row in plan.modality.backbones() if row.no_cache]
    states = weights_files.states(rows, plan.recipe.weights_dir)
    known = {row.key for row in networks}
    return [
        ev.Tried(backbone=row.key, title=row.title, strategy=FROZEN)
        for row in rows
        if states[row.key] in weights_files.HERE and row.key not in known
    ]


def likely(
    networks: Sequence[ranking.Ranked], baselines: Sequence[ev.Tried] = ()
) -> list[ev.Tried]:
    """What to try: all networks frozen, which is quick, and the ``baselines``; the best network
    beside another one, too; then moved, the likely ones first.

    Once they move, how good they were where they come from says most (Kornblith, Shlens and Le
    2019, arXiv:1805.08974); what they see while frozen decides where that is not known.
    """
    best = sorted(networks, key=lambda row: -(row.published or 0.0))
    pairs = itertools.product(enumerate(MOVING), enumerate(best))
    moved = sorted(pairs, key=lambda pair: pair[0][0] + pair[1][0])
    ways = [(TOGETHER, row) for row in networks[:1] if len(networks) > 1]
    ways += [(way, row) for (_, way), (_, row) in moved]
    quick = [_trial(row, FROZEN) for row in networks]
    return [*quick, *baselines, *(_trial(row, way) for way, row in ways)]


def _trial(row: ranking.Ranked, strategy: str) -> ev.Tried:
    return ev.Tried(backbone=row.key, title=row.title, strategy=strategy)


def together(plan: Plan, trial: ev.Tried) -> ev.Tried | None:
    """``trial``, called by all of its networks; None where these cannot be trained so, as not
    any two can look at one sample together."""
    if trial.strategy != TOGETHER:
        return trial
    try:
        made = resolve(recipe(plan, trial), plan.split)
    except UserError:
        return None
    return msgspec.structs.replace(trial, title=made.backbone.title)


def recipe(plan: Plan, trial: ev.Tried) -> Recipe:
    """The plan's, with another network and strategy, without what belonged to the old; for one
    process, as several train several models."""
    own: dict[str, Any] = {"options": {}, "input": {}, "augment": None, "optim__lr": None}
    own["run__processes"] = 1
    found = plan.recipe.replace(backbone=trial.backbone, strategy=trial.strategy, **own)
    return tuning.applied(found, trial.settings, plan)


def _looked(row: ranking.Ranked, dropped: str) -> ev.Tried:
    """A network as it is."""
    return ev.Tried(
        backbone=row.key,
        title=row.title,
        accuracy=row.accuracy,
        seconds=row.seconds,
        dropped=dropped,
    )


def name_of(trial: ev.Tried) -> str:
    """Of the folder in which it is trained."""
    what = json.dumps([trial.backbone, trial.strategy, trial.settings], sort_keys=True)
    return hashlib.blake2b(what.encode(), digest_size=8).hexdigest()
