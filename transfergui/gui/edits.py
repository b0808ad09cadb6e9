"""Corrections of the data, as changes of the recipe: nothing on the disk is touched.

Each returns a new recipe, for :meth:`transfergui.gui.session.Session.change`.
"""

from collections.abc import Iterable

import msgspec

from transfergui.core.dataset import DataOptions
from transfergui.core.recipe import Recipe, SplitOptions


def excluding(recipe: Recipe, paths: Iterable[str]) -> Recipe:
    """``recipe`` with the files ``paths`` left out as well."""
    together = dict.fromkeys((*recipe.data.exclude, *paths))
    return _with_data(recipe, exclude=tuple(together))


def including(recipe: Recipe, paths: Iterable[str]) -> Recipe:
    """``recipe`` with the files ``paths`` no longer left out."""
    back = set(paths)
    return _with_data(recipe, exclude=tuple(p for p in recipe.data.exclude if p not in back))


def relabelling(recipe: Recipe, paths: Iterable[str], name: str) -> Recipe:
    """``recipe`` with the files ``paths`` in the class ``name``."""
    return _with_data(recipe, relabel=recipe.data.relabel | dict.fromkeys(paths, name))


def splitting(recipe: Recipe, options: SplitOptions) -> Recipe:
    """``recipe`` with other shares for validation and test."""
    return msgspec.structs.replace(recipe, split=options)


def _with_data(recipe: Recipe, **changes: object) -> Recipe:
    data: DataOptions = msgspec.structs.replace(recipe.data, **changes)
    return msgspec.structs.replace(recipe, data=data)
