"""From arguments to a recipe: ``--recipe``, the flags that stand for one setting, and ``--set``."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from transfergui.cli.argument_types import columns, network
from transfergui.core import recipe as recipes
from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.base import files
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import listed
from transfergui.core.data.companions import ROLES
from transfergui.core.data.split import Split
from transfergui.core.networks.choice import AUTO
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import for_backbone, for_strategy
from transfergui.core.runs.run import RECIPE, SPLIT, Run

GROUPS, CHECKS = "data.elsewhere", "data.elsewhere_checks"
OBJECTIVE, PREDICT = "data.objective", "data.predict"
ADDED, NEW_CLASSES, NEW_TEST = "data.added", "data.added_classes", "split.new_test_percent"
PROCESSES = "run.processes"
FLAGS = (
    "data.path",
    "data.test",
    "data.labels",
    OBJECTIVE,
    PREDICT,
    *(f"companions.{role}" for role in ROLES),
    GROUPS,
    CHECKS,
    ADDED,
    NEW_CLASSES,
    NEW_TEST,
    "modality",
    "backbone",
    "strategy",
    "options.minutes",
    "run.epochs",
    "run.seed",
    PROCESSES,
)
"""The arguments that stand for one setting each, by its path in the recipe."""


def recipe_from(arguments: argparse.Namespace) -> Recipe:
    """Defaults, below ``--recipe``, below the flags, below ``--set``.

    Where neither says what is learnt from, the data do.

    Raises:
        UserError: ``recipe.unreadable``, ``recipe.newer``, ``recipe.invalid``, or ``cli.`` codes.
    """
    start = _start(arguments)
    given = ((path, value) for path, value in vars(arguments).items() if value is not None)
    settings = [(path, value) for path, value in given if path in FLAGS]
    settings += [(path, _findable(path, value)) for path, value in arguments.set]
    _require_use_of_minutes(dict(settings), start)
    _require_group_of_checks(dict(settings), start)
    if ADDED in dict(settings):
        more = (*start.data.added, *dict(settings)[ADDED])
        settings.append((ADDED, list(dict.fromkeys(more))))
    _require_new(dict(settings), start)
    if (named := named_run(arguments)) is not None:
        start, settings = _on_run(named, start, settings)
    else:
        data = Path(dict(settings).get("data.path", start.data.path))
        _require_data(data)
        if start.data.path == "" and not arguments.recipe and "modality" not in dict(settings):
            settings.insert(0, ("modality", detect(data)))
    tree = msgspec.to_builtins(_without_old(start, dict(settings)))
    for path, value in settings:
        tree = opt.assign(tree, path, value)
    return opt.check(tree, Recipe)


def _start(arguments: argparse.Namespace) -> Recipe:
    """What flags and ``--set`` change: the recipe of ``--recipe``, or that of the run ``--base``.

    Raises:
        SystemExit: neither data nor a run are given.
        UserError: as :func:`recipe_from`; ``cli.base_and_recipe``.
    """
    base = vars(arguments).get("base")
    if base is None:
        if vars(arguments)["data.path"] is None:
            arguments.wrong_usage(
                _("say which data: give a folder or a table, or a run with --base")
            )
        return recipes.read(arguments.recipe) if arguments.recipe else Recipe()
    if arguments.recipe:
        raise UserError("cli.base_and_recipe")
    return after.recipe_after(Run.open(base))


def _require_new(settings: Mapping[str, Any], start: Recipe) -> None:
    """
    Raises:
        UserError: ``cli.new_test``: a share of new examples is to be tested on, and there are none.
    """
    new = settings.get(ADDED) or start.split.kept or start.data.added
    if settings.get(NEW_TEST) and not new:
        raise UserError("cli.new_test")


def named_run(arguments: argparse.Namespace) -> Run | None:
    """The finished run that stands in the place of the data, for a strategy that adapts one."""
    if vars(arguments)["data.path"] is None:
        return None
    path = Path(vars(arguments)["data.path"])
    if registry.procedure_of(str(vars(arguments).get("strategy"))) != "adapt":
        return None
    return Run(path) if (files.nameable(path) / RECIPE).is_file() else None


def kept_split(arguments: argparse.Namespace) -> Split | None:
    """Its samples, without the other data that it had beside; None where data are named."""
    run = named_run(arguments)
    return None if run is None else msgspec.structs.replace(run.split, companions=())


def _on_run(
    run: Run, start: Recipe, settings: list[tuple[str, Any]]
) -> tuple[Recipe, list[tuple[str, Any]]]:
    """Recipe and settings with the data of ``run``, and itself as the backbone."""
    own = run.recipe
    start = msgspec.structs.replace(
        start, modality=own.modality, data=own.data, split=own.split, backbone=str(run.path)
    )
    return start, [(path, value) for path, value in settings if path != "data.path"]


def _without_old(start: Recipe, settings: Mapping[str, Any]) -> Recipe:
    """``start`` without what belongs to a strategy and a network that ``settings`` replace."""
    if settings.get("modality", start.modality) == start.modality:
        start = for_backbone(start, str(settings.get("backbone", start.backbone)))
    return for_strategy(start, str(settings.get("strategy", start.strategy)))


def _findable(path: str, value: Any) -> Any:
    """``value``; where it names networks of a strategy, each as :func:`network` has it; columns
    that are predicted as a list."""
    if path == PREDICT:
        return columns(value)
    part, _, name = path.partition(".")
    kind = registry.network_options().get(name) if part == "options" else None
    if kind == "network":
        return network(value) if isinstance(value, str) and value else value
    if kind is not None and isinstance(value, str):
        value = list(listed(value))
    if kind is not None and isinstance(value, list):
        return [network(each) if isinstance(each, str) else each for each in value]
    return value


def _require_use_of_minutes(settings: Mapping[str, Any], start: Recipe) -> None:
    """
    Raises:
        UserError: ``cli.minutes``: they are given, and nothing is there to take them.
    """
    strategy = settings.get("strategy", start.strategy)
    if "options.minutes" in settings and strategy != AUTO:
        raise UserError("cli.minutes", strategy=strategy)


def _require_group_of_checks(settings: Mapping[str, Any], start: Recipe) -> None:
    """
    Raises:
        UserError: ``cli.check_count``: examples of a group are to check, and none is named.
    """
    if settings.get(CHECKS) and not settings.get(GROUPS, start.data.elsewhere):
        raise UserError("cli.check_count", number=settings[CHECKS])


def _require_data(path: Path) -> None:
    """
    Raises:
        UserError: ``cli.run_as_data``: a run stands in the place of the data.
    """
    if not ((files.nameable(path) / RECIPE).is_file() and (path / SPLIT).is_file()):
        return
    adapting = [each.key for each in registry.STRATEGIES if each.procedure == "adapt"]
    raise UserError("cli.run_as_data", path=str(path), names=", ".join(adapting))
