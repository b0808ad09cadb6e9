"""A search over the few settings that matter beside network and strategy.

The tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter
Optimization", 2011), as Optuna has it: where good settings were found, more are tried. It knows
nothing of trainings: it proposes settings, and is told what they were worth on validation
samples. A study that was interrupted is told again what its run recorded.

The study is in memory, not in Optuna's ``JournalStorage`` or ``RDBStorage``. Its trials are run
folders, which say more (settings, figures, checkpoint, who is at it), are there for the trainings
that are none of Optuna's, too, and would have to be told to a journal all the same: those of old
runs, and all again where both disagree after a crash. Of a dead process a journal knows nothing
(only RDB has heartbeats: its trials stay ``RUNNING``, and are avoided), while the lock on the run
folder does. And one process asks and tells, so that there is nothing to synchronise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transfergui.core import plans

if TYPE_CHECKING:
    import optuna

    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.recipe import Recipe

AUGMENT = "augment"
"""As the path of a setting: its value is the name of a preset of the modality."""
SLOWER, FASTER = 0.1, 3.0
"""From and to which multiple of the rate that is suggested."""
DROPPED = 0.8
"""The most dropout that is tried."""
DIGITS = 2
"""That are tried of a number: more would say more than a training tells."""


@dataclass(frozen=True)
class Between:
    """A number; ``log``: as likely from 0.001 to 0.01 as from 0.01 to 0.1."""

    low: float
    high: float
    log: bool = False


@dataclass(frozen=True)
class OneOf:
    """A name among several."""

    names: tuple[str, ...]


Space = Mapping[str, Between | OneOf]
"""What is searched: by the path of the setting in the recipe."""


def space(plan: Plan, rate: float) -> Space:
    """What is worth trying for a training.

    Args:
        rate: the learning rate that is suggested for it.
    """
    found: dict[str, Between | OneOf] = {
        "optim.lr": Between(SLOWER * rate, FASTER * rate, log=True),
        "head.dropout": Between(0.0, DROPPED),
    }
    if not plans.is_frozen(plan):  # else each augmentation means looking at everything anew
        found[AUGMENT] = OneOf(tuple(plan.modality.augment_presets))
    return found


def usual(plan: Plan, rate: float) -> dict[str, Any]:
    """What is tried first: ``rate``, and what the program chooses by itself."""
    presets = plan.modality.augment_presets
    name = next((n for n, preset in presets.items() if preset == plan.augment), "None")
    known = {"optim.lr": rate, "head.dropout": plan.recipe.head.dropout, AUGMENT: name}
    return {path: known[path] for path in space(plan, rate)}


def applied(recipe: Recipe, settings: Mapping[str, Any], plan: Plan) -> Recipe:
    """``recipe`` with ``settings`` in it."""
    values = {path.replace(".", "__"): value for path, value in settings.items()}
    if AUGMENT in values:
        values[AUGMENT] = plan.modality.augment_presets[values[AUGMENT]]
    return recipe.replace(**values)


class Study:
    """Proposes settings in ``space``; higher worth is better.

    Attributes:
        asked: the last proposal.
    """

    def __init__(self, space: Space, seed: int, first: Mapping[str, Any]) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._distributions = {path: _distribution(each) for path, each in space.items()}
        sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=5, constant_liar=True)
        self._study = optuna.create_study(direction="maximize", sampler=sampler)
        self._study.enqueue_trial(dict(first))
        self.asked: optuna.Trial | None = None

    def propose(self) -> dict[str, Any]:
        """Settings to try; what they were worth is for :meth:`tell`. The next ones keep away from
        those of which it does not know that yet."""
        self.asked = self._study.ask(self._distributions)
        return {path: _readable(value) for path, value in self.asked.params.items()}

    def tell(self, worth: float | None, asked: optuna.Trial | None = None) -> None:
        """What a proposal was worth, once; None where it could not be trained.

        Args:
            asked: :attr:`asked` after it was made; None for the last one.
        """
        import optuna

        asked = asked or self.asked
        assert asked is not None
        failed = optuna.trial.TrialState.FAIL if worth is None else None
        self._study.tell(asked, worth, state=failed)

    def recall(self, settings: Mapping[str, Any], worth: float) -> None:
        """Something tried elsewhere or earlier; what lies outside of the space is left out."""
        import optuna

        try:
            known = optuna.trial.create_trial(
                params=dict(settings), distributions=self._distributions, value=worth
            )
        except ValueError:  # outside
            return
        self._study.add_trial(known)


def _distribution(each: Between | OneOf) -> optuna.distributions.BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution

    if isinstance(each, OneOf):
        return CategoricalDistribution(each.names)
    return FloatDistribution(each.low, each.high, log=each.log)


def _readable(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
