"""The automatic choice of backbone and strategy within a time that the user is willing to wait.

Every network that is here is scored frozen (:mod:`.ranking`). The best few are then trained in
several ways, the likeliest first, as long as there is time (:mod:`.candidates`); what does best on
the validation samples is taken as it is (:mod:`.contest`). Test samples are never looked at.
Everything that was tried is an event, with why it was dropped.

Nothing is trained briefly to be compared, as successive halving would (Jamieson and Talwalkar
2016, arXiv:1502.07943): a network that moves is behind a frozen one at first, and passes it later
(hand signs, MobileNetV2: frozen 0.93, fine-tuned 0.92 after two epochs and 1.00 after twelve).
What was trained in full need not be trained again, so that the time goes further, too.

Where it is asked for, settings are searched then (:mod:`.settings_search`).

Other processes may take part (:mod:`.joining`): to those that have nothing to do, trainings are
offered before this one trains by itself. Alone, it does one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stopped
from transfergui.core.training import candidates
from transfergui.core.training import estimate as estimates
from transfergui.core.training.contest import Contest
from transfergui.core.training.group import ALONE, Group
from transfergui.core.training.search_clock import Clock, TooLate
from transfergui.core.training.settings_search import SettingsSearch

if TYPE_CHECKING:
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe

SHORTENED = 0.5
"""Share of the usual epochs that there must be time for, where something else can be moved."""

Found = tuple["Recipe", Run]
"""What a search comes to: the recipe, and a run in which it was trained without test samples."""


def search(
    plan: Plan,
    minutes: float,
    folder: Path,
    check_cancelled: Callable[[], None] = lambda: None,
    settings: bool = False,
    earlier: Sequence[ev.Tried] = (),
    group: Group = ALONE,
) -> Generator[ev.Event, None, Found]:
    """Try what may be worth it.

    Yields :class:`events.Tried` for everything that was tried, the best so far again when its
    fate is known, what was chosen last, and :class:`events.Progress` now and then.

    Args:
        plan: of the data; strategy and (where the recipe named none) backbone are chosen here,
            every setting that does not belong to them is kept.
        minutes: for all of it; endless ones have no time that is left.
        folder: where trainings are kept while they may still be chosen; the one that is returned
            lies in it. An interrupted search goes on where it left it.
        check_cancelled: called often; may raise to end it. Of :class:`Stopped` with ``finish``,
            the best so far is taken where there is one.
        settings: whether settings are tried too, once network and strategy are found.
        earlier: what was tried before an interruption; what was dropped is not tried again.
        group: of this process; each training is its own.

    Raises:
        UserError: ``auto.nothing``: there is no network that could be tried; why the last training
            failed, where all did; one of :data:`~transfergui.core.training.loaders.DATA_GONE`.
    """
    searching = _Search(plan, minutes, folder, check_cancelled, earlier, group)
    return (yield from searching.events(settings))


class _Search:
    """One search in progress."""

    def __init__(
        self,
        plan: Plan,
        minutes: float,
        folder: Path,
        check_cancelled: Callable[[], None],
        earlier: Sequence[ev.Tried] = (),
        group: Group = ALONE,
    ) -> None:
        self.plan = plan
        ways = 1 + len(candidates.MOVING)
        self.clock = Clock(minutes, candidates.KEPT * ways + 1, check_cancelled)
        self.contest = Contest(plan, folder, self.clock, earlier, group)
        self.moved = False
        self.costs: dict[str, estimates.Estimate] = {}

    def events(self, settings: bool) -> Generator[ev.Event, None, Found]:
        contest = self.contest
        try:
            yield from self._tried(settings)
        except Stopped as stop:
            yield from contest.interrupted()
            if stop.how != "finish" or contest.best is None:
                raise
            yield ev.Notice(code="auto.finish")
        finally:
            contest.others.close()
        if contest.best is None and contest.failed is not None:
            raise UserError(contest.failed.code, **contest.failed.values)
        if contest.best is None:
            raise UserError("auto.nothing")
        yield from contest.outdone(contest.best.trial)
        yield msgspec.structs.replace(contest.best.trial, dropped="")
        return contest.best.run.recipe, contest.best.run

    def _tried(self, settings: bool) -> Generator[ev.Event, None, None]:
        """Everything, one after the other."""
        contest, plan = self.contest, self.plan
        yield self.clock.progress()
        if contest.known:
            yield ev.Notice(code="auto.again", passing=True)
        yield from contest.left_behind()
        networks = yield from candidates.networks(plan, self.clock, contest.best is not None)
        likely = candidates.likely(networks, candidates.baselines(plan, networks))
        together = (candidates.together(plan, trial) for trial in likely)
        trials = [trial for trial in together if trial is not None]
        for left, trial in zip(range(len(trials), 0, -1), trials, strict=True):
            yield from self._turn(trial, SHORTENED, left)
        for trial in trials:
            if not self.moved and trial.strategy in candidates.MOVING:  # better a little than none
                yield from self._turn(trial, 0.0, 1)
        yield from contest.gather()
        if contest.best is not None and settings:
            yield from SettingsSearch(contest).events(contest.best)

    def _turn(self, trial: ev.Tried, least: float, todo: int) -> Generator[ev.Event, None, None]:
        """As :meth:`_try`; it counts as done when it is, and until then as one of the ``todo``."""
        self.clock.todo = todo
        yield from self._try(trial, least)
        self.clock.todo -= 1
        yield self.clock.step()

    def _try(self, trial: ev.Tried, least: float) -> Generator[ev.Event, None, None]:
        """Train it where it was not tried before, and there is time for that.

        Args:
            least: for what share of its usual epochs there must be time.
        """
        self.clock.check_cancelled()
        contest = self.contest
        if (known := contest.tried_before(trial)) is not None:
            if not contest.is_here(trial):
                yield known  # it was weaker
            return
        made = resolve(candidates.recipe(self.plan, trial), self.plan.split)
        try:
            cost = self._cost(trial, made)
        except TooLate:
            yield msgspec.structs.replace(trial, dropped="auto.no_time")
            return
        trial = msgspec.structs.replace(trial, full=cost.seconds)
        fitting = self._fitting(made, cost, least)
        if fitting is None:
            late = cost.seconds <= self.clock.budget
            dropped = "auto.no_time" if late else "auto.too_slow"
            yield msgspec.structs.replace(trial, dropped=dropped)
        else:
            self.moved |= _moving_epochs(made) > 0
            yield from contest.compete(trial, fitting, cost.testing)

    def _cost(self, trial: ev.Tried, made: Plan) -> estimates.Estimate:
        """Estimated once: that takes seconds, of those that there are for trying.

        Raises:
            TooLate: there are none.
        """
        name = candidates.name_of(trial)
        if name not in self.costs:
            checking = self.clock.checking(1.0, self.contest.best is not None)
            self.costs[name] = estimates.estimate(made, checking)
        return self.costs[name]

    def _fitting(self, made: Plan, cost: estimates.Estimate, least: float) -> Recipe | None:
        """The plan's recipe, with no more epochs than fit into the seconds that are left; None
        where these are too few. The very first is always tried."""
        recipe, moving, contest = made.recipe, _moving_epochs(made), self.contest
        first = contest.best is None and not contest.others.open
        spare = self.clock.left - cost.seconds
        if spare >= 0 or (first and not moving):
            return recipe
        if not moving or self.plan.recipe.run.epochs is not None:
            return recipe if first else None
        epochs = moving - math.ceil(-spare / cost.epoch)
        if first or epochs >= max(1, least * moving):
            return recipe.replace(run__epochs=max(1, epochs))
        return None


def _moving_epochs(plan: Plan) -> int:
    """Of the phases in which the network itself is trained."""
    return sum(phase.epochs for phase in plan.phases if not phase.cache_features)
