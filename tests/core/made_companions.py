"""Other data beside a split, made of its own samples: nothing is read."""

from collections.abc import Sequence

import msgspec

from transfergui.core import registry
from transfergui.core.data.companions import UNLABELLED, Companion, Role
from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split
from transfergui.core.recipe import Recipe


def needs_target(strategy: str) -> bool:
    return "target" in registry.strategy(strategy).needs


def companion(split: Split, role: Role, samples: Sequence[Sample]) -> Companion:
    """Some samples of a split with a role."""
    if role == "target":
        samples = [msgspec.structs.replace(sample, label=UNLABELLED) for sample in samples]
    return Companion(role, split.root, split.root, tuple(samples))


def with_target(recipe: Recipe, split: Split) -> tuple[Recipe, Split]:
    """Both with the training samples as an unlabelled target, too, if the strategy needs one."""
    if not needs_target(recipe.strategy):
        return recipe, split
    target = companion(split, "target", split.train)
    return (
        recipe.replace(companions__target=split.root),
        msgspec.structs.replace(split, companions=(target,)),
    )
