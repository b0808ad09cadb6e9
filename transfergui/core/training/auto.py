"""The automatic choice of backbone and strategy within a time that the user is willing to wait.

After successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): every network that is
here is scored frozen (:mod:`.ranking`), the best few are trained briefly in several ways, and
what does best on the validation samples is what the training itself then takes. Test samples
are never looked at. Everything that was tried is an event, with why it was dropped.

Where it is asked for, settings are searched then (:mod:`.tuning`), around a learning rate that a
sweep suggests (:mod:`.rates`), under the conditions of the brief trainings.
"""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui.core import events as ev
from transfergui.core.errors import UserError
from transfergui.core.plan import Plan, resolve
from transfergui.core.runs import Run
from transfergui.core.training import estimate as estimates
from transfergui.core.training import ranking, rates, trainer, tuning

if TYPE_CHECKING:
    from transfergui.core.recipe import Recipe

WAYS = ("feature_extraction", "head_first", "fine_tuning")
"""Strategies that are tried: frozen, careful, and bold."""
KEPT = 2
"""Networks that are trained at all."""
BRIEF = 2
"""Epochs of a brief training, of those that move the network, at least. Where there is time,
more: after two, a network that moves is often behind one that does not, and passes it later."""
MOVING = 2
"""Of the :data:`WAYS`, how many move the network: these share the time for trying."""
LOOKING, TRYING = 0.25, 0.35
"""Shares of the time after which no further network is looked at, nothing further tried."""
TRIALS = 20
"""Settings that are tried at most."""
SWEEPING = 0.1
"""Of the time that is left, to find a learning rate."""
CALM = 0.01
"""What a loss of 1 counts beside accuracy in the search over settings: it decides among equals."""


def search(
    plan: Plan,
    minutes: float,
    heed: Callable[[], None] = lambda: None,
    settings: bool = False,
    earlier: Sequence[ev.Tried] = (),
) -> Generator[ev.Event, None, Recipe]:
    """Try what may be worth it.

    Yields :class:`events.Tried` for everything that was tried, once its fate is known, what was
    chosen last, and :class:`events.Progress` now and then; returns the recipe.

    Args:
        plan: of the data; strategy and (where the recipe named none) backbone are chosen here,
            every setting that does not belong to them is kept.
        minutes: for the search and the training that follows.
        heed: called often; may raise to end it.
        settings: whether settings are tried too, once network and strategy are found. A trial
            that is the best so far is told twice, when it is found and once its fate is known.
        earlier: what was tried before an interruption; its settings are not tried again.

    Raises:
        UserError: ``auto.nothing``: there is no network that could be tried.
    """
    return (yield from _Search(plan, minutes, heed, earlier).events(settings))


class _Search:
    """One search in progress."""

    def __init__(
        self,
        plan: Plan,
        minutes: float,
        heed: Callable[[], None],
        earlier: Sequence[ev.Tried] = (),
    ) -> None:
        self.plan = plan
        self.earlier = earlier
        self.began = time.monotonic()
        self.budget = 60 * minutes
        self.heed = heed
        self.done = 0
        self.lengths: dict[tuple[str, str], int] = {}

    @property
    def left(self) -> float:
        """Seconds."""
        return self.began + self.budget - time.monotonic()

    def events(self, settings: bool) -> Generator[ev.Event, None, Recipe]:
        kept = yield from self._networks()
        tried: list[ev.Tried] = []
        for way in WAYS:
            for row in kept:
                late = self.left < (1 - LOOKING - TRYING) * self.budget
                found = yield from self._trial(way, row, give_up=bool(tried) and late)
                if found.dropped:
                    yield found
                else:
                    tried.append(found)
        if not tried:
            raise UserError("auto.nothing")
        best, *others = sorted(tried, key=_worth)
        for trial in others:
            yield msgspec.structs.replace(trial, dropped="auto.weaker")
        if settings:
            best = yield from self._settings(best)
        yield best
        return self._within(self._recipe(best.backbone, best.strategy, best.settings))

    def _networks(self) -> Generator[ev.Event, None, list[ranking.Ranked]]:
        """The :data:`KEPT` networks whose frozen features score best; the one that was named."""
        plan = self.plan
        if plan.choice is None:
            return [ranking.Ranked(key=plan.recipe.backbone, title=plan.backbone.title)]
        rows = []
        looks = ranking.rank(plan, self._looked_enough, self.heed, LOOKING * self.budget)
        for row in looks:
            if not row.skipped:
                rows.append(row)
                yield self._progress()
            elif row.skipped == "rank.no_time":
                yield ev.Tried(backbone=row.key, title=row.title, dropped="auto.no_time")
        best = ranking.ordered(rows)
        for row in best[KEPT:]:
            yield ev.Tried(
                backbone=row.key,
                title=row.title,
                accuracy=row.accuracy,
                seconds=row.seconds,
                dropped="auto.weaker",
            )
        return best[:KEPT]

    def _looked_enough(self) -> bool:
        return self.left < (1 - LOOKING) * self.budget

    def _progress(self) -> ev.Progress:
        """One more thing is done; how many networks there will be is not known before."""
        self.done += 1
        total = self.done + KEPT * len(WAYS)
        return ev.Progress(
            stage="search", epoch=0.0, step=self.done, steps=total, eta=max(0.0, self.left)
        )

    def _recipe(self, backbone: str, way: str, settings: Mapping[str, Any] = {}) -> Recipe:
        """The plan's, with another network and strategy, without what belonged to the old."""
        kept: dict[str, Any] = {"options": {}, "input": {}, "augment": None, "optim__lr": None}
        recipe = self.plan.recipe.replace(backbone=backbone, strategy=way, **kept)
        return tuning.applied(recipe, settings, self.plan)

    def _trial(
        self, way: str, row: ranking.Ranked, give_up: bool
    ) -> Generator[ev.Event, None, ev.Tried]:
        """A brief training, judged by its best epoch on the validation samples."""
        self.heed()
        trial = ev.Tried(backbone=row.key, title=row.title, strategy=way)
        if give_up:
            return msgspec.structs.replace(trial, dropped="auto.no_time")
        recipe, split = self._recipe(row.key, way), self.plan.split
        made = resolve(recipe, split)
        cost = estimates.estimate(made)
        trial = msgspec.structs.replace(trial, full=cost.seconds)
        usual = _moving_epochs(made)
        if usual and cost.features + BRIEF * cost.epoch > TRYING * self.left:
            return msgspec.structs.replace(trial, dropped="auto.too_slow")
        self.lengths[row.key, way] = epochs = self._brief(cost, usual) if usual else 0
        trial = self._measured(trial, epochs)
        yield self._progress()
        return trial

    def _brief(self, cost: estimates.Estimate, usual: int) -> int:
        """The epochs of a brief training that fit into its share of the time for trying."""
        share = TRYING * self.budget / (KEPT * MOVING)
        return max(BRIEF, min(usual, int((share - cost.features) / cost.epoch)))

    def _measured(self, trial: ev.Tried, epochs: int) -> ev.Tried:
        """``trial`` with what a training of ``epochs``, 0 for as many as usual, was worth."""
        began = time.monotonic()
        recipe = self._recipe(trial.backbone, trial.strategy, trial.settings)
        best = self._best_epoch(recipe.replace(run__epochs=epochs) if epochs else recipe)
        return msgspec.structs.replace(
            trial,
            accuracy=best and best.val_accuracy,
            loss=best and best.val_loss,
            seconds=time.monotonic() - began,
            dropped="" if best else "auto.failed",
        )

    # -- settings

    def _settings(self, best: ev.Tried) -> Generator[ev.Event, None, ev.Tried]:
        """The best of ``best`` and the same with other settings, under the same conditions."""
        yield msgspec.structs.replace(best, dropped="auto.so_far")
        made = resolve(self._recipe(best.backbone, best.strategy), self.plan.split)
        cost = estimates.estimate(made)
        epochs = self.lengths[best.backbone, best.strategy]
        study = self._study(made, best, cost.epoch)
        for trial in self._earlier(best):
            study.recall(trial.settings, -_worth_of_settings(trial))
            best = yield from self._rivals(best, trial)
        tried = 0
        while tried < TRIALS and self.left > cost.seconds + best.seconds:
            self.heed()
            tried += 1
            proposal = msgspec.structs.replace(best, settings=study.propose(), full=cost.seconds)
            trial = self._measured(proposal, epochs)
            study.tell(None if trial.dropped else -_worth_of_settings(trial))
            best = yield from self._rivals(best, trial)
            yield self._progress()
        if not tried:
            yield ev.Notice(code="auto.no_settings")
        return best

    def _study(self, made: Plan, best: ev.Tried, epoch: float) -> tuning.Study:
        """Around the rate that a sweep suggests, where there is time for one."""
        rate = made.phases[-1].lr
        if rates.applies(made) and rates.cost(made, epoch) < SWEEPING * self.left:
            blind = dataclasses.replace(
                made, split=msgspec.structs.replace(made.split, val=(), test=())
            )
            rate = rates.sweep(blind, self.heed).suggested or rate
        first = tuning.usual(made, rate)
        study = tuning.Study(tuning.space(made, rate), made.recipe.run.seed, first)
        own = tuning.usual(made, made.phases[-1].lr)
        study.recall(own, -_worth_of_settings(best))
        return study

    def _earlier(self, best: ev.Tried) -> list[ev.Tried]:
        """What was tried of this network and strategy before an interruption."""
        same = [t for t in self.earlier if t.settings and t.accuracy is not None]
        known = {str(t.settings): msgspec.structs.replace(t, dropped="") for t in same}
        return [
            t for t in known.values() if (t.backbone, t.strategy) == (best.backbone, best.strategy)
        ]

    def _rivals(self, best: ev.Tried, trial: ev.Tried) -> Generator[ev.Event, None, ev.Tried]:
        """The better of the two; the fate of both is told."""
        if trial.dropped:
            yield trial
            return best
        winner, loser = sorted((best, trial), key=_worth_of_settings)
        yield msgspec.structs.replace(loser, dropped="auto.weaker")
        if winner is trial:
            yield msgspec.structs.replace(trial, dropped="auto.so_far")
        return winner

    def _best_epoch(self, recipe: Recipe) -> ev.EpochEnded | None:
        """Train without test samples, in a folder that is thrown away; None where it failed."""
        blind = msgspec.structs.replace(self.plan.split, test=())
        plan, best = resolve(recipe, blind), None
        with tempfile.TemporaryDirectory() as folder:
            run = Run.create(plan.recipe, plan.split, Path(folder) / "run")
            with contextlib.closing(trainer.train(plan, run)) as events:
                for event in events:
                    self.heed()
                    if isinstance(event, ev.Failed):
                        return None
                    if isinstance(event, ev.EpochEnded) and event.best:
                        best = event
        return best

    def _within(self, recipe: Recipe) -> Recipe:
        """``recipe`` with as many epochs as fit into the seconds that are left, at least one."""
        made = resolve(recipe, self.plan.split)
        cost = estimates.estimate(made)
        usual = _moving_epochs(made)
        if recipe.run.epochs is not None or not usual or cost.seconds <= self.left:
            return recipe
        fitting = int((self.left - (cost.seconds - usual * cost.epoch)) / cost.epoch)
        return recipe.replace(run__epochs=max(1, min(usual, fitting)))


def _moving_epochs(plan: Plan) -> int:
    """Of the phases in which the network itself is trained."""
    return sum(phase.epochs for phase in plan.phases if not phase.cache_features)


def _worth(trial: ev.Tried) -> tuple[float, float]:
    """To be made smaller: accuracy counts, then loss."""
    return -(trial.accuracy or 0.0), trial.loss if trial.loss is not None else 0.0


def _worth_of_settings(trial: ev.Tried) -> float:
    """As :func:`_worth`, in one number: errors, and a little of the loss."""
    return CALM * (trial.loss or 0.0) - (trial.accuracy or 0.0)
