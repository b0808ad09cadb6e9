"""From the text of an argument to its value: paths, runs, numbers within bounds, PATH=VALUE."""

import argparse
import json
import math
import os
from pathlib import Path
from typing import Any

from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.options import listed
from transfergui.core.data.split import MOST_NEW
from transfergui.core.networks.weights import is_file_name
from transfergui.core.recipe import MOST_PROCESSES
from transfergui.core.runs import packages
from transfergui.core.runs.run import RECIPE, Run, list_runs
from transfergui.core.search_options import LEAST_MINUTES, MOST_MINUTES
from transfergui.core.training.companions import MOST

MOST_PORT = 65535
SCHEMA = "schema"


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


def _number(text: str) -> float:
    """Not a number where ``text`` is none: that lies within no bounds."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _whole(text: str, said: str, least: int = 0, most: float = math.inf) -> int:
    """
    Args:
        said: where ``text`` is no whole number from ``least`` to ``most``; may name ``{value}``,
            ``{least}`` and ``{most}``.

    Raises:
        argparse.ArgumentTypeError: ``said``.
    """
    value = _number(text)
    if not math.isfinite(value) or not least <= value <= most or value != int(value):
        raise argparse.ArgumentTypeError(said.format(value=text, least=least, most=most))
    return int(value)


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
    said = _("“{value}” is not a number from {least} to {most}")
    return _whole(text, said, most=MOST_PORT)


def new_test(text: str) -> int:
    """A share of new examples for ``--new-test``.

    Raises:
        argparse.ArgumentTypeError: it is no whole number from 0 to 90.
    """
    return _whole(text, _("“{value}” is not a number from {least} to {most}"), most=MOST_NEW)


def repeats(text: str) -> int:
    """A number of trainings.

    Raises:
        argparse.ArgumentTypeError: it is no number from 1 to 100.
    """
    return _whole(text, _("“{value}” is not a number from 1 to {most}"), 1, MOST)


def checks(text: str) -> int:
    """A number of examples for ``--check-count``.

    Raises:
        argparse.ArgumentTypeError: it is no whole number, or below 0.
    """
    return _whole(text, _("“{value}” is not a whole number of 0 or more"))


def computers(text: str) -> int:
    """How many computers.

    Raises:
        argparse.ArgumentTypeError: it is no whole number of at least 2.
    """
    return _whole(text, _("“{value}” is not a whole number of 2 or more"), 2)


def processes(text: str) -> int:
    """How many processes; 0 for ``auto``.

    Raises:
        argparse.ArgumentTypeError: it is neither.
    """
    if text == "auto":
        return 0
    said = _("“{value}” is neither a number from 1 to {most} nor “auto”")
    return _whole(text, said, most=MOST_PROCESSES)


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
