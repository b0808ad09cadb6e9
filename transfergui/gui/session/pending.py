"""A change for which data must be read first: wanted already, in force once they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from transfergui.core.recipe import Recipe
from transfergui.gui.session.undo_stack import Edit, Edits


@dataclass(frozen=True)
class PendingChange:
    """See the module.

    Attributes:
        recipe: what is wanted; later changes start from it.
        first: what was wanted when the first data were read for it.
        before: the recipe that was in force then, and is again where the data cannot be read.
        edits: the steps of undo of ``before``.
    """

    recipe: Recipe
    first: Recipe
    before: Recipe
    edits: Edits

    def has_source(self, recipe: Recipe) -> bool:
        """Whether the data that are read for this change are those of ``recipe``."""
        return source_of(self.recipe) == source_of(recipe)

    def given_up(self, text: str) -> tuple[Recipe, Edits]:
        """What is in force where the data are not read: ``before``, with the settings and
        corrections that were changed meanwhile.

        Args:
            text: what the last of those changes is called.
        """
        recipe = _with_changes(self.before, self.first, self.recipe)
        if recipe == self.before:
            return recipe, self.edits
        return recipe, Edits((*self.edits.past, Edit(self.before, text)))


def source_of(recipe: Recipe) -> tuple[Any, ...]:
    """What is read from the disk again when it changes."""
    return recipe.modality, recipe.data.uncorrected, recipe.split.kept


def _with_changes(recipe: Recipe, old: Recipe, new: Recipe) -> Recipe:
    """``recipe`` with what differs between ``old`` and ``new``, but for what the data are."""
    data = _differences(old.data, new.data, ("exclude", "relabel", "rename"))
    names = [n for n in Recipe.__struct_fields__ if n not in ("modality", "data")]
    changes = _differences(old, new, names)
    return msgspec.structs.replace(
        recipe, data=msgspec.structs.replace(recipe.data, **data), **changes
    )


def _differences(old: Any, new: Any, names: Any) -> dict[str, Any]:
    return {n: getattr(new, n) for n in names if getattr(old, n) != getattr(new, n)}
