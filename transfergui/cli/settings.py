"""From arguments to a recipe: ``--recipe``, the flags that stand for one setting, and ``--set``."""

import argparse
import json
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import options as opt
from transfergui.core import recipe as recipes
from transfergui.core.detection import detect
from transfergui.core.recipe import Recipe

FLAGS = (
    "data.path",
    "data.test",
    "modality",
    "backbone",
    "strategy",
    "options.minutes",
    "run.epochs",
    "run.seed",
)
"""The arguments that stand for one setting each, by its path in the recipe."""


def recipe_from(arguments: argparse.Namespace) -> Recipe:
    """Defaults, below ``--recipe``, below the flags, below ``--set``.

    Where neither says what is learnt from, the data do.

    Raises:
        UserError: ``recipe.unreadable``, ``recipe.newer``, ``recipe.invalid``.
    """
    start = recipes.read(arguments.recipe) if arguments.recipe else Recipe()
    given = ((path, value) for path, value in vars(arguments).items() if value is not None)
    settings = [(path, value) for path, value in given if path in FLAGS] + arguments.set
    if not arguments.recipe and "modality" not in dict(settings):
        found = detect(Path(dict(settings)["data.path"]))
        settings.insert(0, ("modality", found))
    tree = msgspec.to_builtins(start)
    for path, value in settings:
        tree = opt.assign(tree, path, value)
    return opt.check(tree, Recipe)


def setting(text: str) -> tuple[str, Any]:
    """``optim.lr=0.01`` as ("optim.lr", 0.01); what is no JSON value is a text.

    Raises:
        argparse.ArgumentTypeError: there is no ``=``, or a name is empty.
    """
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        raise argparse.ArgumentTypeError(f"{text!r} is not PATH=VALUE, as in optim.lr=0.01")
    try:
        return path, json.loads(value)
    except ValueError:
        return path, value
