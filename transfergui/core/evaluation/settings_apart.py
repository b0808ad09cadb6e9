"""The settings in which two trainings differ: in words for people, by their paths for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from transfergui.core.evaluation import chosen
from transfergui.core.recipe import Recipe

Place = tuple[str, int]
"""What a setting is called, and the how manieth of that name it is."""


class Setting(NamedTuple):
    """A setting that two trainings do not share.

    Attributes:
        title: what forms call it.
        first, second: what it was set to, in words; empty where the training has no such setting.
    """

    title: str
    first: str
    second: str


def told(
    first: Recipe, second: Recipe, objectives: tuple[str, str] = ("one_class", "one_class")
) -> list[Setting]:
    """What differs between two recipes, in the order of forms; nothing of settings that are alike.

    Args:
        objectives: keys of what each predicts.
    """
    one, other = (
        _named(chosen.told(recipe, objective))
        for recipe, objective in zip((first, second), objectives, strict=True)
    )
    places = [*one, *(place for place in other if place not in one)]
    found = (Setting(place[0], one.get(place, ""), other.get(place, "")) for place in places)
    return [each for each in found if each.first != each.second]


def _named(rows: Iterable[tuple[str, str]]) -> dict[Place, str]:
    seen: Counter[str] = Counter()
    known: dict[Place, str] = {}
    for title, value in rows:
        known[title, seen[title]] = value
        seen[title] += 1
    return known


def document(first: Recipe, second: Recipe) -> dict[str, dict[str, Any]]:
    """The same for programs: ``{"optim.lr": {"first": 0.001, "second": 0.01}}``; null where a
    recipe has no such setting. What the run is called is none."""
    recipes = (msgspec.structs.replace(recipe, name="") for recipe in (first, second))
    one, other = (dict(_paths(msgspec.to_builtins(recipe))) for recipe in recipes)
    paths = [*one, *(path for path in other if path not in one)]
    return {
        path: {"first": one.get(path), "second": other.get(path)}
        for path in paths
        if one.get(path) != other.get(path)
    }


def _paths(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _paths(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
