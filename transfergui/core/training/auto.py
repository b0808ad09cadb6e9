"""The automatic choice of backbone and strategy within a time that the user is willing to wait.

After successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): every network that is
here is scored frozen (:mod:`.ranking`), the best few are trained briefly in several ways, and
what does best on the validation samples is what the training itself then takes. Test samples
are never looked at. Everything that was tried is a :class:`Trial`, with why it was dropped.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core import events as ev
from transfergui.core.errors import UserError
from transfergui.core.plan import Plan, resolve
from transfergui.core.runs import Run
from transfergui.core.training import estimate as estimates
from transfergui.core.training import ranking, trainer

if TYPE_CHECKING:
    from transfergui.core.recipe import Recipe

WAYS = ("feature_extraction", "head_first", "fine_tuning")
"""Strategies that are tried: frozen, careful, and bold."""
KEPT = 2
"""Networks that are trained at all."""
BRIEF = 2
"""Epochs of a brief training, of those that move the network."""
LOOKING, TRYING = 0.25, 0.35
"""Shares of the time after which no further network is looked at, nothing further tried."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was tried.

    Attributes:
        strategy: empty where only the frozen network was scored.
        accuracy: on validation samples; of a frozen network, cross-validated on training samples.
        loss: on validation samples.
        seconds: spent on it.
        full: what training it in full would take, in seconds, as far as that is known.
        dropped: the code of why it went no further; empty for what was chosen.
    """

    backbone: str
    title: str
    strategy: str = ""
    accuracy: float | None = None
    loss: float | None = None
    seconds: float = 0.0
    full: float | None = None
    dropped: str = ""

    @property
    def worth(self) -> tuple[float, float]:
        """To be made smaller."""
        return -(self.accuracy or 0.0), self.loss if self.loss is not None else 0.0


Trials = Generator[Trial, None, "Recipe"]


def search(plan: Plan, minutes: float) -> Trials:
    """Try what may be worth it; yields every trial once its fate is known, returns the recipe.

    Args:
        plan: of the data; strategy and (where the recipe named none) backbone are chosen here,
            every setting that does not belong to them is kept.
        minutes: for the search and the training that follows.

    Raises:
        UserError: ``auto.nothing``: there is no network that could be tried.
    """
    began = time.monotonic()
    budget = 60 * minutes
    kept = yield from _networks(plan, began + LOOKING * budget)
    tried: list[Trial] = []
    for way in WAYS:
        for row in kept:
            if tried and time.monotonic() > began + (LOOKING + TRYING) * budget:
                yield Trial(backbone=row.key, title=row.title, strategy=way, dropped="auto.no_time")
                continue
            left = began + budget - time.monotonic()
            trial = _try(_recipe(plan, row.key, way), plan, row, left)
            if trial.dropped:
                yield trial
            else:
                tried.append(trial)
    if not tried:
        raise UserError("auto.nothing")
    best, *others = sorted(tried, key=lambda trial: trial.worth)
    for trial in others:
        yield msgspec.structs.replace(trial, dropped="auto.weaker")
    yield best
    left = began + budget - time.monotonic()
    return _within(_recipe(plan, best.backbone, best.strategy), plan, left)


def _networks(plan: Plan, until: float) -> Generator[Trial, None, list[ranking.Ranked]]:
    """The :data:`KEPT` networks whose frozen features score best; the one that was named."""
    if plan.choice is None:
        return [ranking.Ranked(key=plan.recipe.backbone, title=plan.backbone.title)]
    ranked = ranking.rank(plan, enough=lambda: time.monotonic() > until)
    best = ranking.ordered([row for row in ranked if not row.skipped])
    for row in best[KEPT:]:
        yield Trial(
            backbone=row.key,
            title=row.title,
            accuracy=row.accuracy,
            seconds=row.seconds,
            dropped="auto.weaker",
        )
    return best[:KEPT]


def _recipe(plan: Plan, backbone: str, way: str) -> Recipe:
    """The plan's recipe with another network and strategy, without what belonged to the old."""
    return plan.recipe.replace(
        backbone=backbone, strategy=way, options={}, input={}, augment=None, optim__lr=None
    )


def _try(recipe: Recipe, plan: Plan, row: ranking.Ranked, left: float) -> Trial:
    """A brief training, judged by its best epoch on the validation samples."""
    trial = Trial(backbone=row.key, title=row.title, strategy=recipe.strategy)
    made = resolve(recipe, plan.split)
    cost = estimates.estimate(made)
    trial = msgspec.structs.replace(trial, full=cost.seconds)
    moving = [phase for phase in made.phases if not phase.cache_features]
    if moving and cost.features + BRIEF * cost.epoch > TRYING * left:
        return msgspec.structs.replace(trial, dropped="auto.too_slow")
    began = time.monotonic()
    epochs = BRIEF if moving else recipe.run.epochs
    best = _best_epoch(resolve(recipe.replace(run__epochs=epochs), plan.split))
    seconds = time.monotonic() - began
    if best is None:
        return msgspec.structs.replace(trial, seconds=seconds, dropped="auto.failed")
    return msgspec.structs.replace(
        trial, accuracy=best.val_accuracy, loss=best.val_loss, seconds=seconds
    )


def _best_epoch(made: Plan) -> ev.EpochEnded | None:
    """Train without test samples, in a folder that is thrown away; None where it failed."""
    blind = msgspec.structs.replace(made.split, test=())
    plan = resolve(made.recipe, blind)
    best = None
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(plan.recipe, plan.split, Path(folder) / "run")
        with contextlib.closing(trainer.train(plan, run)) as events:
            for event in events:
                if isinstance(event, ev.Failed):
                    return None
                if isinstance(event, ev.EpochEnded) and event.best:
                    best = event
    return best


def _within(recipe: Recipe, plan: Plan, left: float) -> Recipe:
    """``recipe`` with as many epochs as fit into the seconds that are left, at least one."""
    made = resolve(recipe, plan.split)
    cost = estimates.estimate(made)
    if recipe.run.epochs is not None or cost.seconds <= left:
        return recipe
    slow = [phase for phase in made.phases if not phase.cache_features]
    usual = sum(phase.epochs for phase in slow)
    if not slow:
        return recipe
    other = cost.seconds - usual * cost.epoch
    fitting = int((left - other) / cost.epoch)
    return recipe.replace(run__epochs=max(1, min(usual, fitting)))
