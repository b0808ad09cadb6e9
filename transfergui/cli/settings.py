"""From arguments to a recipe: ``--recipe``, the flags that stand for one setting, and ``--set``."""

import argparse
import difflib
import functools
import json
import math
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from transfergui.core import recipe as recipes
from transfergui.core import registry
from transfergui.core.app.detection import detect
from transfergui.core.base import files, messages, paths
from transfergui.core.base import options as opt
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Option, listed
from transfergui.core.data.companions import ROLES
from transfergui.core.data.split import MOST_NEW, Split
from transfergui.core.networks.choice import AUTO
from transfergui.core.networks.weights import is_file_name
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import for_backbone, for_strategy
from transfergui.core.runs import packages
from transfergui.core.runs.run import RECIPE, SPLIT, Run, list_runs
from transfergui.core.search_options import LEAST_MINUTES, MOST_MINUTES
from transfergui.core.training.companions import MOST

MOST_PORT = 65535
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
SCHEMA = "schema"


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


def columns(value: Any) -> list[str]:
    """What is predicted: one column, several with commas between, or a list of them; a column may
    be called by its number."""
    if isinstance(value, list):
        return [str(each) for each in value]
    return list(listed(str(value)))


def network(named: str) -> str:
    """A key as it is; a file, a run or a package by a path that still holds elsewhere."""
    path = paths.expanded(named)
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on too long names
        return named
    folder = (path / RECIPE).is_file() or packages.is_package(path)
    return absolute(str(path)) if folder or is_file_name(named) else named


def absolute(path: str) -> str:
    """A path that still holds when a run is resumed from elsewhere.

    Raises:
        argparse.ArgumentTypeError: it is empty.
    """
    return str(file_path(path).absolute())


def file_path(path: str) -> Path:
    """
    Raises:
        argparse.ArgumentTypeError: it is empty, as a shell makes of a variable that is not set.
    """
    if not path:
        raise argparse.ArgumentTypeError(_("the path is empty"))
    return Path(path)


def run_path(text: str) -> Path:
    """A run, a model or another file; a run may be called by its name instead of its folder, as
    ``transfergui runs`` lists it.

    Raises:
        argparse.ArgumentTypeError: it is empty; or several runs have this name.
    """
    path = file_path(text)
    if path.name != text or os.path.lexists(path):
        return path
    found = [run.path for run in list_runs() if text in (run.path.name, _called(run))]
    if len(found) > 1:
        said = _("several runs are called {name}; give the folder of one of them: {paths}")
        raise argparse.ArgumentTypeError(said.format(name=text, paths=", ".join(map(str, found))))
    return found[0] if found else path


def _called(run: Run) -> str:
    try:
        return run.called(run.recipe)
    except UserError:  # it is damaged
        return run.name


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


def _number(text: str) -> float:
    """Not a number where ``text`` is none: that lies within no bounds."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def wrong_per_cent(text: str) -> float:
    """A share of wrong predictions for ``--at-most-wrong``.

    Raises:
        argparse.ArgumentTypeError: it is no number between 0 and 50.
    """
    value = _number(text)
    if not 0 < value <= 50:
        raise argparse.ArgumentTypeError(
            _("“{value}” is not valid: give a number above 0 and at most 50").format(value=text)
        )
    return value


def per_cent(text: str) -> float:
    """A confidence for ``--unsure``.

    Raises:
        argparse.ArgumentTypeError: it is no number from 0 to 100.
    """
    value = _number(text)
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a number from 0 to 100").format(value=text)
        )
    return value


def port(text: str) -> int:
    """A port for ``--port``.

    Raises:
        argparse.ArgumentTypeError: it is no number from 0 to 65535.
    """
    value = _number(text)
    if not 0 <= value <= MOST_PORT or value != int(value):
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a number from {least} to {most}").format(
                value=text, least=0, most=MOST_PORT
            )
        )
    return int(value)


def new_test(text: str) -> int:
    """A share of new examples for ``--new-test``.

    Raises:
        argparse.ArgumentTypeError: it is no whole number from 0 to 90.
    """
    value = _number(text)
    if not 0 <= value <= MOST_NEW or value != int(value):
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a number from {least} to {most}").format(
                value=text, least=0, most=MOST_NEW
            )
        )
    return int(value)


def repeats(text: str) -> int:
    """A number of trainings.

    Raises:
        argparse.ArgumentTypeError: it is no number from 1 to 100.
    """
    value = _number(text)
    if not 1 <= value <= MOST or value != int(value):
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a number from 1 to {most}").format(value=text, most=MOST)
        )
    return int(value)


def checks(text: str) -> int:
    """A number of examples for ``--check-count``.

    Raises:
        argparse.ArgumentTypeError: it is no whole number, or below 0.
    """
    value = _number(text)
    if not 0 <= value < math.inf or value != int(value):
        raise argparse.ArgumentTypeError(
            _("“{value}” is not a whole number of 0 or more").format(value=text)
        )
    return int(value)


def computers(text: str) -> int:
    """How many computers.

    Raises:
        ValueError: it is no number of at least 2.
    """
    if (count := int(text)) < 2:
        raise ValueError
    return count


def processes(text: str) -> int:
    """How many processes; 0 for ``auto``.

    Raises:
        ValueError: it is neither.
    """
    return 0 if text == "auto" else int(text)


def minutes(text: str) -> float:
    """A time for ``--minutes``.

    Raises:
        argparse.ArgumentTypeError: it is no number, or too small.
    """
    value = _number(text)
    if not LEAST_MINUTES <= value <= MOST_MINUTES:
        said = _("“{value}” is not a number of minutes from {least:g} to {most:g}")
        raise argparse.ArgumentTypeError(
            said.format(value=text, least=LEAST_MINUTES, most=MOST_MINUTES)
        )
    return value


def setting(text: str) -> tuple[str, Any]:
    """``optim.lr=0.01`` as ("optim.lr", 0.01); what is no JSON value is a text.

    Raises:
        argparse.ArgumentTypeError: there is no ``=``, or a name is empty.
    """
    path, equals, value = text.partition("=")
    if not equals or not all(path.split(".")):
        raise argparse.ArgumentTypeError(f"{text!r} is not PATH=VALUE, as in optim.lr=0.01")
    if path == SCHEMA:
        raise argparse.ArgumentTypeError(f"{path!r} is the version of the file, no setting")
    try:
        return path, json.loads(value)
    except ValueError:
        return path, value


# -- which settings there are


class Section(NamedTuple):
    """Settings that stand below each other in the help, each at ``path`` and its name."""

    title: str
    path: str
    struct: type[msgspec.Struct]


def sections() -> Iterator[Section]:
    """Everything that ``--set`` knows, from the options themselves."""
    for field in msgspec.structs.fields(Recipe):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield Section(field.name, field.name, field.type)
    for modality in registry.MODALITIES:
        for path, struct, text in (
            ("data.options", modality.data_options, _("{title}: how the data are read")),
            ("input", modality.input_options, _("{title}: input of the model")),
            ("augment", modality.augment_options, _("{title}: augmentation")),
        ):
            yield Section(text.format(title=_(modality.title)), path, struct)
    for objective in registry.OBJECTIVES:
        yield Section(f"--objective {objective.key}", "objective", objective.options)
    for strategy in registry.STRATEGIES:
        yield Section(f"--strategy {strategy.key}", "options", strategy.options)


def described() -> Iterator[tuple[str, Option]]:
    """Every setting with its path."""
    for section in sections():
        for option in opt.describe(section.struct):
            yield f"{section.path}.{option.name}", option


def help_lines() -> Iterator[str]:
    """Every setting by section: default, title, and what it may be."""
    yield _("settings for --set, with their defaults:")
    for section in sections():
        options = opt.describe(section.struct)
        if options:
            yield f"\n{section.title}:"
        for option in options:
            setting = f"{section.path}.{option.name}={_default(option.default)}"
            yield f"  {setting:<36}  {_(option.title)}{_allowed(option)}"


def _default(value: Any) -> str:
    """As ``--set`` takes it."""
    if value is None:
        return _("automatic")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _allowed(option: Option) -> str:
    """What a setting may be, where that is limited."""
    if option.kind == "bool":
        return " (true, false)"
    if option.choices:
        return f" ({', '.join(str(value) for value, _title in option.choices)})"
    ends = ["" if end is None else f"{end:.10g}" for end in (option.low, option.high)]
    return f" ({' … '.join(ends)} {_(option.unit)}".rstrip() + ")" if any(ends) else ""


# -- people who know the window, or other programs


def spelt_out(text: str, found: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """A sentence of the program, with the setting behind every option that it names as the
    window calls it: “Group by” (--set data.options.group_by=…).

    Args:
        found: what data options may be, as the data say: their names, values and titles.
    """
    for title, path in _named_in_messages().items():
        own = (found or {}).get(path.removeprefix("data.options."), {})
        for value, choice in (*_choices_of(path), *own.items()):
            chosen = _("“{choice}” under {title}").format(choice=choice, title=title)
            instead = _("“{choice}” (--set {setting})")
            text = text.replace(chosen, instead.format(choice=choice, setting=f"{path}={value}"))
        text = text.replace(title, _set(title, f"{path}=…"))
    return text


def _set(named: str, setting: str) -> str:
    return _("{title} (--set {setting})").format(title=named, setting=setting)


def answers(question: Question) -> Iterator[str]:
    """A line for each answer: the setting to add to the command, and what it means."""
    meanings = question.answers
    likeliest = (question.guess, *(value for value in meanings if value != question.guess))
    for value in likeliest:
        likely = value == question.guess and len(likeliest) > 1
        mark = _(" (most likely)") if likely else ""
        setting = shlex.quote(f"{question.setting}={value}")
        yield f"  --set {setting}  {meanings[value]}{mark}"


@functools.cache
def _first_described() -> dict[str, Option]:
    """Settings by their path: of several strategies' that share one, the first."""
    return {path: option for path, option in reversed([*described()])}


@functools.cache
def _choices_of(path: str) -> tuple[tuple[Any, str], ...]:
    """What a setting may be, as values and as the window calls them."""
    option = _first_described()[path]
    return tuple((value, _(title)) for value, title in option.choices or ())


@functools.cache
def _named_in_messages() -> dict[str, str]:
    """The paths of those settings that a message names, by their quoted title."""
    every = " ".join(map(_, messages.MESSAGES.values()))
    quoted = {f"“{_(option.title)}”": path for path, option in described()}
    return {title: path for title, path in quoted.items() if title in every}


def meant(complaint: str) -> str:
    """Which settings a flag that does not exist may stand for: an end for argparse's complaint."""
    start = re.escape(_("unrecognized arguments: %s").partition("%s")[0])
    flag = re.search(rf"{start}.*?--([a-z][a-z_-]*)", complaint)
    if flag is None:
        return ""
    words: dict[str, list[str]] = {}
    for path, option in described():
        for word in (option.name.replace("_", " "), option.title.lower(), path):
            words.setdefault(word, []).append(path)
    wanted = flag[1].replace("-", " ").replace("_", " ")
    near = difflib.get_close_matches(wanted, words, n=3, cutoff=0.75)
    paths = dict.fromkeys(path for word in near for path in words[word])
    if not paths:
        return _("\n(--set changes any setting; see train --help)")
    return _("\nDid you mean: {settings}?").format(
        settings=", ".join(f"--set {path}=VALUE" for path in list(paths)[:3])
    )
