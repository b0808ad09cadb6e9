"""What a search trains, here or by other processes (:mod:`.joining`), and keeps the best of."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data import tars
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run
from transfergui.core.training import candidates, joining, trainer
from transfergui.core.training.group import ALONE, Group
from transfergui.core.training.loaders import DATA_GONE

if TYPE_CHECKING:
    from transfergui.core.interfaces.objective import Score
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe
    from transfergui.core.training.search_clock import Clock

ACCURACY = registry.objective(ONE_CLASS).curve
"""What a training is followed by where nothing else is known."""
ENDS = DATA_GONE | {tars.CHANGED, "run.taken"}
"""Why a training fails that says nothing of what was tried: nothing else would do better, or
another computer goes on with it."""
CALM = 0.01
"""What a loss of 1 counts beside accuracy: it decides among equals."""


class Candidate(NamedTuple):
    """Something that was trained."""

    trial: ev.Tried
    run: Run


class Contest:
    """See the module.

    Args:
        plan: of the search.
        folder: where trainings are kept while they may still be chosen.
        clock: of the search.
        earlier: what was tried before an interruption.
        group: of the process that searches; each training is its own.

    Attributes:
        best: the best so far.
        failed: why the last training failed that did.
        known: what was tried, by :func:`candidates.name_of`.
        current: what is trained here.
        others: what other processes train.
        more: gives others more to train while this process trains; None where there is nothing.
    """

    def __init__(
        self,
        plan: Plan,
        folder: Path,
        clock: Clock,
        earlier: Sequence[ev.Tried] = (),
        group: Group = ALONE,
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.clock = clock
        self.group = group
        self.known = {candidates.name_of(trial): trial for trial in earlier if trial.strategy}
        self.best: Candidate | None = None
        self.failed: ev.Failed | None = None
        self.current: ev.Tried | None = None
        self.others = joining.Offers(folder)
        self.more: Callable[[], Generator[ev.Event, None, bool]] | None = None

    def left_behind(self) -> Generator[ev.Event, None, None]:
        """What an interrupted search held for the best so far."""
        for trial in tuple(self.known.values()):
            if trial.accuracy is not None and self.is_here(trial):
                yield from self.compete(
                    msgspec.structs.replace(trial, dropped=""), candidates.recipe(self.plan, trial)
                )

    def compete(
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
        if busy or (self.is_here(trial) and Run(self.folder / candidates.name_of(trial)).active()):
            yield from self._offer(trial, recipe, testing, told)
        else:
            yield from self._train_here(trial, recipe, testing, told)

    def _train_here(
        self, trial: ev.Tried, recipe: Recipe, testing: float, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        """As :meth:`compete`, by this process, unless another one is at it."""
        self.current = trial
        yield msgspec.structs.replace(trial, dropped="auto.now")
        try:
            measured, run = yield from self._measured(trial, recipe, testing)
        except UserError as error:
            if error.code not in joining.TAKEN:
                raise
            self.current = None
            yield from self._offer(trial, recipe, testing, told)
            return
        self.current = None  # where it was stopped, that is told of it
        yield from self.settle(measured, run, told)

    def settle(
        self, trial: ev.Tried, run: Run, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        """Keep the better of what was trained and the best so far."""
        self.known[candidates.name_of(trial)] = trial
        told(trial)
        if trial.dropped:
            yield trial
            return
        rivals = [*([self.best] if self.best else []), Candidate(trial, run)]
        self.best, *losers = sorted(rivals, key=lambda rival: self.score_error(rival.trial))
        for loser in losers:
            lost = msgspec.structs.replace(loser.trial, dropped=self._fate(loser))
            self.known[candidates.name_of(lost)] = lost
            yield lost
            shutil.rmtree(loser.run.path, ignore_errors=True)
        if self.best.run is run:
            yield msgspec.structs.replace(trial, dropped="auto.so_far")

    def _offer(
        self, trial: ev.Tried, recipe: Recipe, testing: float, told: joining.Told
    ) -> Generator[ev.Event, None, None]:
        self.others.add(joining.Offer(trial, self._run(trial, recipe), testing, told))
        yield msgspec.structs.replace(trial, dropped="auto.elsewhere")

    def look_at_others(self) -> Generator[ev.Event, None, None]:
        """Take in what they have trained, and give them more, where there is more to give."""
        if self.others.is_time():
            self.others.hurry(self.clock.left)
            for offer, ended in self.others.over():
                if isinstance(ended.last, ev.Failed) and ended.last.code == joining.HUNG:
                    yield ev.Notice(code=joining.HUNG, values=ended.last.values, level="warning")
                made = resolve(offer.run.recipe, offer.run.split)
                seconds = getattr(ended.last, "seconds", 0.0)
                trial = msgspec.structs.replace(offer.trial, seconds=seconds)
                trial = self._outcome(trial, offer.run, made, ended)
                yield from self.settle(trial, offer.run, offer.told)
            yield from filter(None, (offer.news() for offer in self.others.open))
            if self.more is not None and self.current is not None and self.others.room() > 0:
                yield from self.more()

    def gather(self) -> Generator[ev.Event, None, None]:
        """Wait for what others train, and train what they left."""
        while self.others.open:
            self.clock.check_cancelled()
            yield from self.look_at_others()
            offer = self.others.orphan()
            if offer is None:
                yield self.clock.progress()
                time.sleep(joining.PAUSE / 2)
            elif self.clock.left < offer.testing and self.best is not None:
                late = msgspec.structs.replace(offer.trial, dropped="auto.no_time")
                yield from self.settle(late, offer.run, offer.told)
            else:
                yield from self._train_here(
                    offer.trial, offer.run.recipe, offer.testing, offer.told
                )

    def _measured(
        self, trial: ev.Tried, recipe: Recipe, testing: float
    ) -> Generator[ev.Event, None, tuple[ev.Tried, Run]]:
        """``trial`` with what its best epoch was worth on the validation samples.

        Raises:
            UserError: one of :data:`ENDS`.
        """
        began = time.monotonic()
        run = self._run(trial, recipe)
        made = resolve(run.recipe, run.split)
        ended = yield from self._trained(made, run, testing)
        trial = msgspec.structs.replace(trial, seconds=trial.seconds + time.monotonic() - began)
        if isinstance(ended.last, ev.Failed) and ended.last.code in ENDS:
            raise UserError(ended.last.code, **ended.last.values)
        return self._outcome(trial, run, made, ended), run

    def _trained(
        self, made: Plan, run: Run, testing: float
    ) -> Generator[ev.Event, None, joining.Ended]:
        """Train it until ``testing`` seconds are left."""
        last, done, asked = None, 0, False
        with contextlib.closing(trainer.train(made, run, self.group)) as events:
            for last in events:
                self.clock.check_cancelled()
                if isinstance(last, ev.Progress):
                    yield self.clock.progress()
                if isinstance(last, ev.EpochEnded) and last.phase == len(made.phases) - 1:
                    done += 1
                if not asked and self.clock.left < testing and (done or self.best is not None):
                    run.request_stop("finish" if done else "cancel")
                    asked = True
                yield from self.look_at_others()
        return joining.Ended(last, done)

    def _outcome(self, trial: ev.Tried, run: Run, made: Plan, ended: joining.Ended) -> ev.Tried:
        """``trial`` with what it came to."""
        if isinstance(ended.last, ev.Failed):
            self.failed = ended.last
        if not isinstance(ended.last, ev.Finished):
            return msgspec.structs.replace(trial, dropped="auto.failed")
        if ended.last.outcome == "cancelled":
            return msgspec.structs.replace(trial, dropped="auto.no_time")
        epochs = made.phases[-1].epochs
        if ended.last.outcome == "stopped":  # these are all that there were to be
            epochs = ended.done
            run.adopt(run.recipe.replace(run__epochs=epochs))
        usual = resolve(candidates.recipe(self.plan, trial), run.split).phases[-1].epochs
        best = run.history().best
        return msgspec.structs.replace(
            trial,
            accuracy=best and best.val_score,
            loss=best and best.val_loss,
            full=trial.seconds * usual / epochs,
            dropped="" if best else "auto.failed",
        )

    def interrupted(self) -> Iterator[ev.Tried]:
        """What is on its way, once the search was stopped."""
        on_their_way = [self.current] if self.current is not None else []
        for trial in [*on_their_way, *(offer.trial for offer in self.others.open)]:
            yield msgspec.structs.replace(trial, dropped="auto.interrupted")

    def score_error(self, trial: ev.Tried) -> float:
        plan = self.plan
        return search_error(trial, plan.objective.curve, plan.split.targets.scale)

    def _fate(self, loser: Candidate) -> str:
        """Of one that was trained, and is not the best."""
        usual = resolve(candidates.recipe(self.plan, loser.trial), self.plan.split).recipe
        if loser.run.recipe.run.epochs != usual.run.epochs:
            return "auto.weaker_short"
        best = self.best.trial.accuracy if self.best else None
        return "auto.less_sure" if loser.trial.accuracy == best else "auto.weaker"

    def _run(self, trial: ev.Tried, recipe: Recipe) -> Run:
        """Where it is trained, without test samples and other data; an interrupted one goes on."""
        path = self.folder / candidates.name_of(trial)
        if self.is_here(trial):
            return Run.open(path)
        shutil.rmtree(path, ignore_errors=True)
        split = msgspec.structs.replace(self.plan.split, test=(), companions=())
        return Run.create(recipe, split, path)

    def tried_before(self, trial: ev.Tried) -> ev.Tried | None:
        """What is known of it, if it was trained before."""
        known = self.known.get(candidates.name_of(trial))
        return known if known is not None and known.accuracy is not None else None

    def is_here(self, trial: ev.Tried) -> bool:
        return (self.folder / candidates.name_of(trial) / RECIPE).is_file()

    def is_offered(self, trial: ev.Tried) -> bool:
        """Whether other processes are to train just that."""
        name = candidates.name_of(trial)
        return any(candidates.name_of(offer.trial) == name for offer in self.others.open)

    def outdone(self, best: ev.Tried) -> Iterator[ev.Tried]:
        """What was as good as the best of its time, and is not as good as the best of all."""
        for trial in self.known.values():
            if trial.dropped == "auto.less_sure" and trial.accuracy != best.accuracy:
                yield msgspec.structs.replace(trial, dropped="auto.weaker")


def search_error(trial: ev.Tried, score: Score = ACCURACY, scale: float = 1.0) -> float:
    """To be made smaller: errors, and a little of the loss.

    Args:
        score: what the trial's accuracy is.
        scale: of that score, where it is no share.
    """
    return CALM * (trial.loss or 0.0) - score.worth(trial.accuracy) / scale
