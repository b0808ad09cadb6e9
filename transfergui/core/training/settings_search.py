"""A search over the settings of what did best: others compete with its own.

What is proposed, and what it was worth, is between this and :mod:`.tuning`, around a learning rate
that a sweep suggests (:mod:`.rates`).
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Generator
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.training import candidates, rates, tuning
from transfergui.core.training import estimate as estimates

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe
    from transfergui.core.training.contest import Candidate, Contest

TRIALS = 20
"""Settings that are tried at most."""
SWEEPING = 0.1
"""Of the time that is left, to find a learning rate."""


class SettingsSearch:
    """See the module.

    Args:
        contest: with a best so far, which may become better.
    """

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.plan, self.clock = contest.plan, contest.clock
        self.turns = 0

    def events(self, best: Candidate) -> Generator[ev.Event, None, None]:
        """Compete with the same, with other settings."""
        contest = self.contest
        backbone, title, strategy = best.trial.backbone, best.trial.title, best.trial.strategy
        plain = ev.Tried(backbone=backbone, title=title, strategy=strategy)
        usual = candidates.recipe(self.plan, plain)
        usual = usual.replace(run__epochs=best.run.recipe.run.epochs)
        made = resolve(usual, self.plan.split)
        cost = estimates.estimate(made, self.clock.check_cancelled)
        study = yield from self._study(made, best.trial, cost.epoch)
        contest.more = functools.partial(self._next, study, usual, plain, cost.seconds)
        try:
            while (yield from contest.more()):
                yield from contest.look_at_others()
            yield from contest.gather()
        finally:
            contest.more = None
        if not self.turns:
            yield ev.Notice(code="auto.no_settings")

    def _next(
        self, study: tuning.Study, usual: Recipe, plain: ev.Tried, seconds: float
    ) -> Generator[ev.Event, None, bool]:
        """Compete with what the study proposes; False where nothing more is to be tried.

        Args:
            usual: what is trained, with the program's own settings; so is ``plain`` tried.
            seconds: that a training takes.
        """
        contest, clock = self.contest, self.clock
        if self.turns >= TRIALS or clock.left <= seconds:
            return False
        clock.check_cancelled()
        self.turns, clock.todo = self.turns + 1, TRIALS - self.turns - 1
        yield clock.step()
        settings, asked = study.propose(), study.asked
        trial = msgspec.structs.replace(plain, settings=settings)
        if (known := contest.tried_before(trial)) is not None:
            study.tell(-contest.score_error(known), asked)
        elif contest.is_offered(trial):
            study.tell(None, asked)  # to the digits that count, it is being tried
        else:

            def told(trial: ev.Tried) -> None:
                study.tell(None if trial.dropped else -contest.score_error(trial), asked)

            recipe = tuning.applied(usual, settings, self.plan)
            yield from contest.compete(trial, recipe, told=told)
        return True

    def _study(
        self, made: Plan, best: ev.Tried, epoch: float
    ) -> Generator[ev.Event, None, tuning.Study]:
        """Around the rate that a sweep suggests, where there is time for one; it knows what was
        tried before."""
        rate = made.phases[-1].lr
        own = tuning.usual(made, rate)
        if rates.applies(made) and rates.cost(made, epoch) < SWEEPING * self.clock.left:
            blind = dataclasses.replace(
                made, split=msgspec.structs.replace(made.split, val=(), test=())
            )
            rate = rates.sweep(blind, self.clock.check_cancelled).suggested or rate
            yield ev.Notice(code="auto.swept", values={"rate": f"{rate:.1g}"})
        first = tuning.usual(made, rate)
        study = tuning.Study(tuning.space(made, rate), made.recipe.run.seed, first)
        same = (best.backbone, best.strategy)
        for trial in self.contest.known.values():
            if (trial.backbone, trial.strategy) == same and trial.accuracy is not None:
                study.recall(trial.settings or own, -self.contest.score_error(trial))
        return study
