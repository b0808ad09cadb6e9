"""``runs`` and ``rename``: which trainings there are, and what they are called."""

import argparse
import contextlib
import time
from typing import Any

from transfergui.cli import console
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.runs.run import Run, list_runs
from transfergui.core.sources import network_title

COLUMNS = ("name", "begun", "network", "strategy", "accuracy", "run")


def show_runs(arguments: argparse.Namespace) -> None:
    """``transfergui runs [--json]``: newest first."""
    rows = [row for run in list_runs() if (row := _row(run)) is not None]
    if arguments.json:
        console.document(rows)
    elif rows:
        console.table([tuple(_cell(row[name]) for name in COLUMNS) for row in rows], COLUMNS)
    else:
        console.say(_("There are no runs yet. `transfergui train DATA` makes one."))


def rename(arguments: argparse.Namespace) -> None:
    """``transfergui rename RUN NAME``.

    Raises:
        UserError: as :meth:`Run.open` and :meth:`Run.rename`.
    """
    name = Run.open(arguments.run).rename(arguments.name)
    console.say(_("{run} is called “{name}” now.").format(run=arguments.run, name=name))


def _row(run: Run) -> dict[str, Any] | None:
    """What is known of a run, None where it was deleted meanwhile; damaged ones say why."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS) | {"name": run.path.name, "run": str(run.path)}
    with contextlib.suppress(FileNotFoundError):
        row["begun"] = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.began))
        try:
            recipe = run.recipe
            known = {
                "name": run.called(recipe),
                "data": recipe.data.path,
                "network": network_title(run),
                "strategy": recipe.strategy,
                "accuracy": run.report().get("accuracy"),
            }
        except UserError as error:
            return row | {"problem": str(error)}
        return row | known
    return None


def _cell(value: object) -> object:
    return f"{value:.3f}" if isinstance(value, float) else value
