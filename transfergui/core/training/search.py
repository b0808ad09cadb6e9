"""The automatic choice of backbone and strategy within a time that the user is willing to wait.

Every network that is here is scored frozen (:mod:`.ranking`). The best few are then trained in
several ways, the likeliest first, as long as there is time; what does best on the validation
samples is taken as it is. Test samples are never looked at. Everything that was tried is an
event, with why it was dropped.

Nothing is trained briefly to be compared, as successive halving would (Jamieson and Talwalkar
2016, arXiv:1502.07943): a network that moves is behind a frozen one at first, and passes it later
(hand signs, MobileNetV2: frozen 0.93, fine-tuned 0.92 after two epochs and 1.00 after twelve).
What was trained in full need not be trained again, so that the time goes further, too.

Where it is asked for, settings are searched then (:mod:`.tuning`), around a learning rate that a
sweep suggests (:mod:`.rates`).

Other processes may take part (:mod:`.joining`): to those that have nothing to do, trainings are
offered before this one trains by itself. Alone, it does one after the other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import itertools
import json
import math
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.objective import Score
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import weights as weights_files
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run, Stopped
from transfergui.core.training import estimate as estimates
from transfergui.core.training import joining, ranking, rates, trainer, tuning
from transfergui.core.training.loaders import DATA_GONE

if TYPE_CHECKING:
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.recipe import Recipe

FROZEN = "feature_extraction"
TOGETHER = "fusion"
"""The best frozen network beside another one: a matter of seconds, once each was looked with."""
MOVING = ("fine_tuning", "head_first")
"""Strategies that are tried, in this order: of three networks on clothing and hand signs the bold
one did better than the careful one each time."""
KEPT = 3
"""Networks that are trained at all."""
SHORTENED = 0.5
"""Share of the usual epochs that there must be time for, where something else can be moved."""
LOOKING = 0.25
"""Share of the time after which no further network is looked at."""
SPENT = 0.5
"""Share of the time after which a look that takes longer than thought is given up."""
NEARLY = 0.99
"""What the bar of a search shows at most before everything was tried."""
ACCURACY = registry.objective(ONE_CLASS).curve
"""What a training is followed by where nothing else is known."""
TRIALS = 20
"""Settings that are tried at most."""
SWEEPING = 0.1
"""Of the time that is left, to find a learning rate."""
CALM = 0.01
"""What a loss of 1 counts beside accuracy: it decides among equals."""

Found = tuple["Recipe", Run]
"""What a search comes to: the recipe, and a run in which it was trained without test samples."""


class _TooLate(Exception):  # noqa: N818 - caught here
    """What was begun would leave no time to train."""


class Candidate(NamedTuple):
    """Something that was trained."""

    trial: ev.Tried
    run: Run


def search(
    plan: Plan,
    minutes: float,
    folder: Path,
    check_cancelled: Callable[[], None] = lambda: None,
    settings: bool = False,
    earlier: Sequence[ev.Tried] = (),
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

    Raises:
        UserError: ``auto.nothing``: there is no network that could be tried; one of
            :data:`~transfergui.core.training.loaders.DATA_GONE`.
    """
    return (yield from _Search(plan, minutes, folder, check_cancelled, earlier).events(settings))


class _Search:
    """One search in progress."""

    def __init__(
        self,
        plan: Plan,
        minutes: float,
        folder: Path,
        check_cancelled: Callable[[], None],
        earlier: Sequence[ev.Tried] = (),
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.known = {_name(trial): trial for trial in earlier if trial.strategy}
        self.began = time.monotonic()
        self.budget = 60 * minutes
        self.check_cancelled = check_cancelled
        self.done, self.todo = 0, KEPT * (1 + len(MOVING)) + 1
        self.moved = False
        self.costs: dict[str, estimates.Estimate] = {}
        self.best: Candidate | None = None
        self.current: ev.Tried | None = None
        self.others = joining.Offers(folder)
        self.turns = 0
        self.more: Callable[[], Generator[ev.Event, None, bool]] | None = None

    @property
    def left(self) -> float:
        """Seconds."""
        return self.began + self.budget - time.monotonic()

    def events(self, settings: bool) -> Generator[ev.Event, None, Found]:
        try:
            yield self._progress()
            if self.known:
                yield ev.Notice(code="auto.again", passing=True)
            yield from self._left_behind()
            networks = yield from self._networks()
            likely = map(self._together, _likely(networks, self._baselines(networks)))
            trials = [trial for trial in likely if trial is not None]
            for left, trial in zip(range(len(trials), 0, -1), trials, strict=True):
                yield from self._turn(trial, SHORTENED, left)
            for trial in trials:
                if not self.moved and trial.strategy in MOVING:  # better a little than not at all
                    yield from self._turn(trial, 0.0, 1)
            yield from self._gather()
            if self.best is not None and settings:
                yield from self._settings(self.best)
        except Stopped as stop:
            if self.current is not None:
                yield msgspec.structs.replace(self.current, dropped="auto.interrupted")
            for offer in self.others.open:
                yield msgspec.structs.replace(offer.trial, dropped="auto.interrupted")
            if stop.how != "finish" or self.best is None:
                raise
            yield ev.Notice(code="auto.finish")
        finally:
            self.others.close()
        if self.best is None:
            raise UserError("auto.nothing")
        yield from self._outdone(self.best.trial)
        yield msgspec.structs.replace(self.best.trial, dropped="")
        return self.best.run.recipe, self.best.run

    def _outdone(self, best: ev.Tried) -> Iterator[ev.Tried]:
        """What was as good as the best of its time, and is not as good as the best of all."""
        for trial in self.known.values():
            if trial.dropped == "auto.less_sure" and trial.accuracy != best.accuracy:
                yield msgspec.structs.replace(trial, dropped="auto.weaker")

    def _networks(self) -> Generator[ev.Event, None, list[ranking.Ranked]]:
        """The :data:`KEPT` networks whose frozen features score best; the one that was named."""
        plan = self.plan
        if plan.choice is None:
            return [ranking.Ranked(key=plan.recipe.backbone, title=plan.backbone.title)]
        rows: list[ranking.Ranked] = []
        for row, why in ranking.turns(plan, LOOKING * self.budget):
            trial = ev.Tried(backbone=row.key, title=row.title)
            if why == ranking.OTHER_LANGUAGE:
                yield msgspec.structs.replace(trial, dropped="auto.other_language")
            if why:
                continue
            if rows and self.left < (1 - LOOKING) * self.budget:
                yield msgspec.structs.replace(trial, dropped="auto.no_time")
                continue
            looked = yield from self._look(trial, row, bool(rows))
            rows += [looked] if looked else []
            yield self._step()
        best = ranking.ordered(rows)
        last = best[:KEPT][-1].score if best else None
        for place, looked in enumerate(best):
            weaker = "auto.weaker" if looked.score is None or looked.score != last else "auto.tied"
            yield _looked(looked, "auto.likely" if place < KEPT else weaker)
        return best[:KEPT]

    def _baselines(self, networks: Sequence[ranking.Ranked]) -> list[ev.Tried]:
        """What is here and costs next to nothing, pretrained or not (TF-IDF), where no network was
        named: none of the ranked ones, as its features are made from the training samples."""
        if self.plan.choice is None:
            return []
        rows = [row for row in self.plan.modality.backbones() if row.no_cache]
        states = weights_files.states(rows, self.plan.recipe.weights_dir)
        known = {row.key for row in networks}
        return [
            ev.Tried(backbone=row.key, title=row.title, strategy=FROZEN)
            for row in rows
            if states[row.key] in weights_files.HERE and row.key not in known
        ]

    def _look(
        self, trial: ev.Tried, row: Backbone, others: bool
    ) -> Generator[ev.Event, None, ranking.Ranked | None]:
        """What ``row``, as it is, makes of the samples; None where that cannot be known, or, if
        there are ``others`` to go on with, takes too long."""
        self.current = trial
        yield msgspec.structs.replace(trial, dropped="auto.looking")
        looked, why = None, "auto.no_time"
        with contextlib.suppress(_TooLate):
            looked = ranking.look(self.plan, row, self._checking(SPENT if others else 1.0))
            why = "auto.not_looked"
        self.current = None
        if looked is None or looked.skipped:
            yield msgspec.structs.replace(trial, dropped=why)
            return None
        yield _looked(looked, "auto.looked")
        return looked

    def _step(self) -> ev.Progress:
        """One more thing was looked at."""
        self.done += 1
        return self._progress()

    def _progress(self) -> ev.Progress:
        total = self.done + self.todo
        eta = max(0.0, self.left) if math.isfinite(self.budget) else None
        spent = 0.0 if eta is None else 1 - eta / max(1e-9, self.budget)
        share = max(self.done / total, min(spent, NEARLY)) if self.todo else 1.0
        return ev.Progress(
            stage="search", epoch=0.0, step=self.done, steps=total, eta=eta, share=share
        )

    # -- trainings

    def _turn(self, trial: ev.Tried, least: float, todo: int) -> Generator[ev.Event, None, None]:
        """As :meth:`_try`; it counts as done when it is, and until then as one of the ``todo``."""
        self.todo = todo
        yield from self._try(trial, least)
        self.todo -= 1
        yield self._step()

    def _recipe(self, trial: ev.Tried) -> Recipe:
        """The plan's, with another network and strategy, without what belonged to the old."""
        kept: dict[str, Any] = {"options": {}, "input": {}, "augment": None, "optim__lr": None}
        recipe = self.plan.recipe.replace(backbone=trial.backbone, strategy=trial.strategy, **kept)
        return tuning.applied(recipe, trial.settings, self.plan)

    def _together(self, trial: ev.Tried) -> ev.Tried | None:
        """``trial``, called by all of its networks; None where these cannot be trained so, as not
        any two can look at one sample together."""
        if trial.strategy != TOGETHER:
            return trial
        try:
            made = resolve(self._recipe(trial), self.plan.split)
        except UserError:
            return None
        return msgspec.structs.replace(trial, title=made.backbone.title)

    def _try(self, trial: ev.Tried, least: float) -> Generator[ev.Event, None, None]:
        """Train it where it was not tried before, and there is time for that.

        Args:
            least: for what share of its usual epochs there must be time.
        """
        self.check_cancelled()
        if (known := self._known(trial)) is not None:
            if not self._is_here(trial):
                yield known  # it was weaker
            return
        recipe = self._recipe(trial)
        made = resolve(recipe, self.plan.split)
        try:
            cost = self._cost(trial, made)
        except _TooLate:
            yield msgspec.structs.replace(trial, dropped="auto.no_time")
            return
        trial = msgspec.structs.replace(trial, full=cost.seconds)
        fitting = self._fitting(made, cost, least)
        if fitting is None:
            late = cost.seconds <= self.budget
            dropped = "auto.no_time" if late else "auto.too_slow"
            yield msgspec.structs.replace(trial, dropped=dropped)
        else:
            self.moved |= _moving_epochs(made) > 0
            yield from self._compete(trial, fitting, cost.testing)

    def _cost(self, trial: ev.Tried, made: Plan) -> estimates.Estimate:
        """Estimated once: that takes seconds, of those that there are for trying.

        Raises:
            _TooLate: there are none.
        """
        name = _name(trial)
        if name not in self.costs:
            self.costs[name] = estimates.estimate(made, self._checking(1.0))
        return self.costs[name]

    def _checking(self, share: float) -> Callable[[], None]:
        """``check_cancelled``, which also raises :class:`_TooLate` once ``share`` of the time is
        over; not before there is something to show for it."""

        def check_cancelled() -> None:
            self.check_cancelled()
            some = self.best is not None or share < 1
            if some and self.left < (1 - share) * self.budget:
                raise _TooLate

        check_cancelled()
        return check_cancelled

    def _fitting(self, made: Plan, cost: estimates.Estimate, least: float) -> Recipe | None:
        """The plan's recipe, with no more epochs than fit into the seconds that are left; None
        where these are too few. The very first is always tried."""
        recipe, moving = made.recipe, _moving_epochs(made)
        first, spare = self.best is None and not self.others.open, self.left - cost.seconds
        if spare >= 0 or (first and not moving):
            return recipe
        if not moving or self.plan.recipe.run.epochs is not None:
            return recipe if first else None
        epochs = moving - math.ceil(-spare / cost.epoch)
        if first or epochs >= max(1, least * moving):
            return recipe.replace(run__epochs=max(1, epochs))
        return None

    def _compete(
        self,
        trial: ev.Tried,
        recipe: Recipe,
        testing: float = 0.0,
        told: joining.Told = lambda trial: None,
    ) -> Generator[ev.Event, None, None]:
        """Train it, here or by another process, and keep the better of it and the best so far; the
        fate of both is told.

        Args:
            testing: seconds that are to be left when it ends.
            told: called with what it came to.
        """
        busy = self.current is not None or self.others.room() > 0
        if busy or (self._is_here(trial) and Run(self.folder / _name(trial)).active()):
            yield from self._offer(trial, recipe, testing, told)
        else:
            yield from self._train_here(trial, recipe, testing, told)

    def _train_here(
        self, trial: ev.Tried, recipe: Recipe, testing: float, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        """As :meth:`_compete`, by this process, unless another one is at it."""
        self.current = trial
        yield msgspec.structs.replace(trial, dropped="auto.now")
        try:
            measured, run = yield from self._measured(trial, recipe, testing)
        except UserError as error:
            if error.code not in joining.TAKEN:
                raise
            yield from self._offer(trial, recipe, testing, told)
            return
        finally:
            self.current = None
        yield from self._settle(measured, run, told)

    def _settle(
        self, trial: ev.Tried, run: Run, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        """Keep the better of what was trained and the best so far."""
        self.known[_name(trial)] = trial
        told(trial)
        if trial.dropped:
            yield trial
            return
        rivals = [*([self.best] if self.best else []), Candidate(trial, run)]
        self.best, *losers = sorted(rivals, key=lambda rival: self._score_error(rival.trial))
        for loser in losers:
            lost = msgspec.structs.replace(loser.trial, dropped=self._fate(loser))
            self.known[_name(lost)] = lost
            yield lost
            shutil.rmtree(loser.run.path, ignore_errors=True)
        if self.best.run is run:
            yield msgspec.structs.replace(trial, dropped="auto.so_far")

    # -- by other processes

    def _offer(
        self, trial: ev.Tried, recipe: Recipe, testing: float, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        self.others.add(joining.Offer(trial, self._run(trial, recipe), testing, told))
        yield msgspec.structs.replace(trial, dropped="auto.elsewhere")

    def _look_at_others(self) -> Generator[ev.Event, None, None]:
        """Take in what they have trained, and give them more, where there is more to give."""
        if self.others.is_time():
            self.others.hurry(self.left)
            for offer, ended in self.others.over():
                made = resolve(offer.run.recipe, offer.run.split)
                seconds = getattr(ended.last, "seconds", 0.0)
                trial = msgspec.structs.replace(offer.trial, seconds=seconds)
                trial = self._outcome(trial, offer.run, made, ended)
                yield from self._settle(trial, offer.run, offer.told)
            if self.more is not None and self.current is not None and self.others.room() > 0:
                yield from self.more()

    def _gather(self) -> Generator[ev.Event, None, None]:
        """Wait for what others train, and train what they left."""
        while self.others.open:
            self.check_cancelled()
            yield from self._look_at_others()
            offer = self.others.orphan()
            if offer is None:
                yield self._progress()
                time.sleep(joining.PAUSE / 2)
            elif self.left < offer.testing and self.best is not None:
                late = msgspec.structs.replace(offer.trial, dropped="auto.no_time")
                yield from self._settle(late, offer.run, offer.told)
            else:
                yield from self._train_here(
                    offer.trial, offer.run.recipe, offer.testing, offer.told
                )

    def _score_error(self, trial: ev.Tried) -> float:
        plan = self.plan
        return search_error(trial, plan.objective.curve, plan.split.targets.scale)

    def _fate(self, loser: Candidate) -> str:
        """Of one that was trained, and is not the best."""
        usual = resolve(self._recipe(loser.trial), self.plan.split).recipe
        if loser.run.recipe.run.epochs != usual.run.epochs:
            return "auto.weaker_short"
        best = self.best.trial.accuracy if self.best else None
        return "auto.less_sure" if loser.trial.accuracy == best else "auto.weaker"

    def _measured(
        self, trial: ev.Tried, recipe: Recipe, testing: float
    ) -> Generator[ev.Event, None, tuple[ev.Tried, Run]]:
        """``trial`` with what its best epoch was worth on the validation samples.

        Raises:
            UserError: one of :data:`DATA_GONE`.
        """
        began = time.monotonic()
        run = self._run(trial, recipe)
        made = resolve(run.recipe, run.split)
        ended = yield from self._trained(made, run, testing)
        trial = msgspec.structs.replace(trial, seconds=trial.seconds + time.monotonic() - began)
        if isinstance(ended.last, ev.Failed) and ended.last.code in DATA_GONE:
            # no other trial would do better
            raise UserError(ended.last.code, **ended.last.values)
        return self._outcome(trial, run, made, ended), run

    def _outcome(self, trial: ev.Tried, run: Run, made: Plan, ended: joining.Ended) -> ev.Tried:
        """``trial`` with what it came to."""
        if not isinstance(ended.last, ev.Finished):
            return msgspec.structs.replace(trial, dropped="auto.failed")
        if ended.last.outcome == "cancelled":
            return msgspec.structs.replace(trial, dropped="auto.no_time")
        epochs = made.phases[-1].epochs
        if ended.last.outcome == "stopped":  # these are all that there were to be
            epochs = ended.done
            run.adopt(run.recipe.replace(run__epochs=epochs))
        usual = resolve(self._recipe(trial), run.split).phases[-1].epochs
        best = run.history().best
        return msgspec.structs.replace(
            trial,
            accuracy=best and best.val_score,
            loss=best and best.val_loss,
            full=trial.seconds * usual / epochs,
            dropped="" if best else "auto.failed",
        )

    def _trained(
        self, made: Plan, run: Run, testing: float
    ) -> Generator[ev.Event, None, joining.Ended]:
        """Train it until ``testing`` seconds are left."""
        last, done, asked = None, 0, False
        with contextlib.closing(trainer.train(made, run)) as events:
            for last in events:
                self.check_cancelled()
                if isinstance(last, ev.Progress):
                    yield self._progress()
                if isinstance(last, ev.EpochEnded) and last.phase == len(made.phases) - 1:
                    done += 1
                if not asked and self.left < testing and (done or self.best is not None):
                    run.request_stop("finish" if done else "cancel")
                    asked = True
                yield from self._look_at_others()
        return joining.Ended(last, done)

    def _run(self, trial: ev.Tried, recipe: Recipe) -> Run:
        """Where it is trained, without test samples and other data; an interrupted one goes on."""
        path = self.folder / _name(trial)
        if self._is_here(trial):
            return Run.open(path)
        shutil.rmtree(path, ignore_errors=True)
        split = msgspec.structs.replace(self.plan.split, test=(), companions=())
        return Run.create(recipe, split, path)

    def _known(self, trial: ev.Tried) -> ev.Tried | None:
        """What is known of it, if it was trained before."""
        known = self.known.get(_name(trial))
        return known if known is not None and known.accuracy is not None else None

    def _is_here(self, trial: ev.Tried) -> bool:
        return (self.folder / _name(trial) / RECIPE).is_file()

    def _left_behind(self) -> Generator[ev.Event, None, None]:
        """What an interrupted search held for the best so far."""
        for trial in tuple(self.known.values()):
            if trial.accuracy is not None and self._is_here(trial):
                yield from self._compete(
                    msgspec.structs.replace(trial, dropped=""), self._recipe(trial)
                )

    # -- settings

    def _settings(self, best: Candidate) -> Generator[ev.Event, None, None]:
        """Compete with the same, with other settings."""
        backbone, title, strategy = best.trial.backbone, best.trial.title, best.trial.strategy
        plain = ev.Tried(backbone=backbone, title=title, strategy=strategy)
        usual = self._recipe(plain).replace(run__epochs=best.run.recipe.run.epochs)
        made = resolve(usual, self.plan.split)
        cost = estimates.estimate(made, self.check_cancelled)
        study = yield from self._study(made, best.trial, cost.epoch)
        self.turns = 0
        self.more = functools.partial(self._next_settings, study, usual, plain, cost.seconds)
        try:
            while (yield from self.more()):
                yield from self._look_at_others()
            yield from self._gather()
        finally:
            self.more = None
        if not self.turns:
            yield ev.Notice(code="auto.no_settings")

    def _next_settings(
        self, study: tuning.Study, usual: Recipe, plain: ev.Tried, seconds: float
    ) -> Generator[ev.Event, None, bool]:
        """Compete with what the study proposes; False where nothing more is to be tried.

        Args:
            usual: what is trained, with the program's own settings; so is ``plain`` tried.
            seconds: that a training takes.
        """
        if self.turns >= TRIALS or self.left <= seconds:
            return False
        self.check_cancelled()
        self.turns, self.todo = self.turns + 1, TRIALS - self.turns - 1
        yield self._step()
        settings, asked = study.propose(), study.asked
        trial = msgspec.structs.replace(plain, settings=settings)
        if (known := self._known(trial)) is not None:
            study.tell(-self._score_error(known), asked)
        elif any(_name(offer.trial) == _name(trial) for offer in self.others.open):
            study.tell(None, asked)  # to the digits that count, it is being tried
        else:

            def told(trial: ev.Tried) -> None:
                study.tell(None if trial.dropped else -self._score_error(trial), asked)

            recipe = tuning.applied(usual, settings, self.plan)
            yield from self._compete(trial, recipe, told=told)
        return True

    def _study(
        self, made: Plan, best: ev.Tried, epoch: float
    ) -> Generator[ev.Event, None, tuning.Study]:
        """Around the rate that a sweep suggests, where there is time for one; it knows what was
        tried before."""
        rate = made.phases[-1].lr
        own = tuning.usual(made, rate)
        if rates.applies(made) and rates.cost(made, epoch) < SWEEPING * self.left:
            blind = dataclasses.replace(
                made, split=msgspec.structs.replace(made.split, val=(), test=())
            )
            rate = rates.sweep(blind, self.check_cancelled).suggested or rate
            yield ev.Notice(code="auto.swept", values={"rate": f"{rate:.1g}"})
        first = tuning.usual(made, rate)
        study = tuning.Study(tuning.space(made, rate), made.recipe.run.seed, first)
        same = (best.backbone, best.strategy)
        for trial in self.known.values():
            if (trial.backbone, trial.strategy) == same and trial.accuracy is not None:
                study.recall(trial.settings or own, -self._score_error(trial))
        return study


def search_error(trial: ev.Tried, score: Score = ACCURACY, scale: float = 1.0) -> float:
    """To be made smaller: errors, and a little of the loss.

    Args:
        score: what the trial's accuracy is.
        scale: of that score, where it is no share.
    """
    return CALM * (trial.loss or 0.0) - score.worth(trial.accuracy) / scale


def _looked(row: ranking.Ranked, dropped: str) -> ev.Tried:
    """A network as it is."""
    return ev.Tried(
        backbone=row.key,
        title=row.title,
        accuracy=row.accuracy,
        seconds=row.seconds,
        dropped=dropped,
    )


def _likely(
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


def _moving_epochs(plan: Plan) -> int:
    """Of the phases in which the network itself is trained."""
    return sum(phase.epochs for phase in plan.phases if not phase.cache_features)


def _name(trial: ev.Tried) -> str:
    """Of the folder in which it is trained."""
    what = json.dumps([trial.backbone, trial.strategy, trial.settings], sort_keys=True)
    return hashlib.blake2b(what.encode(), digest_size=8).hexdigest()
