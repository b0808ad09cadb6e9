"""What the automatic choice tried, in words."""

from collections.abc import Mapping
from typing import Any

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options, describe
from transfergui.core.recipe import HeadOptions, OptimOptions
from transfergui.core.runs.events import Tried

STRUCTS: Mapping[str, type[Options]] = {"head": HeadOptions, "optim": OptimOptions}
"""Of the settings that are searched, by the part of the recipe."""


def way(trial: Tried) -> str:
    """How the network was tried: the strategy's title, and the settings that were."""
    if not trial.strategy:
        return _("As it is")
    titles = {strategy.key: _(strategy.title) for strategy in registry.STRATEGIES}
    title = titles.get(trial.strategy, trial.strategy)  # a newer version may know more
    settings = ", ".join(_setting(path, value) for path, value in trial.settings.items())
    return f"{title}: {settings}" if settings else title


def _setting(path: str, value: Any) -> str:
    """``Learning rate 0.001``."""
    part, _dot, name = path.partition(".")
    if part not in STRUCTS:
        return _("{preset} augmentation").format(preset=_(str(value)))
    named = (option.title for option in describe(STRUCTS[part]) if option.name == name)
    figure = f"{value:g}" if isinstance(value, int | float) else str(value)
    return f"{_(next(named, path))} {figure}"


def fate(trial: Tried) -> str:
    """What became of it, as a sentence."""
    return Note(trial.dropped).sentence() if trial.dropped else _("Chosen.")
