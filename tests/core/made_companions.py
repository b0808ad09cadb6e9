"""Other data beside a split, made of its own samples: nothing is read."""

from collections.abc import Sequence
from typing import Any

import msgspec

from transfergui.core import registry
from transfergui.core.data.companions import ROLES, UNLABELLED, Companion, Role
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.figures.borrowing_gain import BorrowingGain, Versus
from transfergui.core.recipe import Recipe

ELSEWHERE = "/elsewhere"


def needs_others(strategy: str) -> bool:
    return bool(registry.strategy(strategy).needs)


def of_one_class(strategy: str) -> bool:
    """Whether it works only where one class is predicted: it compares classes of other data."""
    return not {"target", "source"}.isdisjoint(registry.strategy(strategy).needs)


def settings_of(strategy: str, path: str = ELSEWHERE) -> dict[str, Any]:
    """What a recipe says of the other data that a strategy needs, all of them at ``path``."""
    return {
        f"companions__{role}": [path] if ROLES[role].several else path
        for role in registry.strategy(strategy).needs
    }


def companion(split: Split, role: Role, samples: Sequence[Sample]) -> Companion:
    """Some samples of a split with a role."""
    if not ROLES[role].labelled:
        samples = [msgspec.structs.replace(sample, label=UNLABELLED) for sample in samples]
    return Companion(role, split.root, split.root, tuple(samples))


def with_others(recipe: Recipe, split: Split) -> tuple[Recipe, Split]:
    """Both with the training samples as what the strategy needs, too, if it needs other data."""
    needs = registry.strategy(recipe.strategy).needs
    if not needs:
        return recipe, split
    others = tuple(companion(split, role, split.train) for role in needs)
    return (
        recipe.replace(**settings_of(recipe.strategy, split.root)),
        msgspec.structs.replace(split, companions=others),
    )


def gain(role: Any = "source", early: bool = False, **plain: Any) -> BorrowingGain:
    """What other data were worth, as a report knows it."""
    known: dict[str, Any] = {"own": 0.7, "other": 0.6, "difference": 0.1, "low": 0.02, "high": 0.2}
    versus = Versus(**known | {"p": 0.01, "n": 80, "verdict": "better"} | plain)
    return BorrowingGain(
        strategy="weighted_source",
        role=role,
        objective="one_class",
        figure="accuracy",
        measured_on="test",
        plain=versus,
        early=early,
    )
