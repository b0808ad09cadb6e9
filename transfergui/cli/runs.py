"""``runs`` and ``rename``: which trainings there are, and what they are called."""

import argparse
import contextlib
import time
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.cli import console
from transfergui.core import registry
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, within
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.places.run_state import TITLES, state_of
from transfergui.core.runs import notes
from transfergui.core.runs.run import RECIPE, Run, list_runs
from transfergui.core.sources import network_title

COLUMNS = ("name", "begun", "state", "network", "strategy", "accuracy", "run")
BESIDE = ("where", "objective", "primary", "tags", "note")
"""What a program reads beside :data:`COLUMNS`: which computer trains it, what is predicted, the
figure of the report, and what the user noted."""


def show_runs(arguments: argparse.Namespace) -> None:
    """``transfergui runs [DIR] [--json]``: newest first.

    Raises:
        UserError: ``run.no_folder``; ``path.too_long``.
    """
    folder = arguments.folder
    rows = [row for run in _runs_in(folder) if (row := _row(run)) is not None]
    if arguments.json:
        console.document([row.known for row in rows])
    elif rows:
        console.table([_cells(row) for row in rows], _heading(rows))
    elif folder is not None:
        console.say(_("There are no runs in {path}.").format(path=folder))
    else:
        console.say(_("There are no runs yet. Start one with `transfergui train DATA`."))


def _runs_in(folder: Path | None) -> list[Run]:
    """Those that the program keeps, or those in a folder; a folder that is one is that one.

    Raises:
        UserError: ``run.no_folder``; ``path.too_long``.
    """
    if folder is None:
        return list_runs()
    if not files.nameable(folder).is_dir():
        raise UserError("run.no_folder", path=str(folder))
    return [Run(folder)] if (folder / RECIPE).is_file() else list_runs(folder)


def rename(arguments: argparse.Namespace) -> None:
    """``transfergui rename RUN NAME``.

    Raises:
        UserError: as :meth:`Run.open` and :meth:`Run.rename`.
    """
    name = Run.open(arguments.run).rename(arguments.name)
    console.say(_("{run} is now named “{name}”.").format(run=arguments.run, name=name))


class _Row(NamedTuple):
    """What is ``known`` of a run, for a program, and its ``state`` in words."""

    known: dict[str, Any]
    state: str


def _row(run: Run) -> _Row | None:
    """None where it was deleted meanwhile; damaged ones say why."""
    row: dict[str, Any] = dict.fromkeys((*COLUMNS, *BESIDE))
    row |= {"name": run.path.name, "run": str(run.path)}
    with contextlib.suppress(FileNotFoundError):
        row["begun"] = time.strftime("%Y-%m-%d %H:%M", time.localtime(run.began))
        try:
            recipe, figures, noted = run.recipe, run.report(), notes.read(run.path)
            state = state_of(run, run.history())
            known = {
                "name": run.called(recipe),
                "state": state.key,
                "where": state.place or (state.holder.host if state.holder else "") or None,
                "data": recipe.data.path,
                "network": network_title(run),
                "strategy": recipe.strategy,
                "accuracy": figures.get("accuracy"),
                "objective": figures.get("objective", ONE_CLASS) if figures else None,
                "primary": _primary(figures),
                "tags": list(noted.tags),
                "note": noted.note,
            }
        except UserError as error:
            damaged = {"state": "damaged", "problem": str(error)}
            return _Row(row | damaged, _(TITLES["damaged"]))
        return _Row(row | known, state.text)
    return None


def _primary(figures: dict[str, Any]) -> dict[str, Any] | None:
    """The figure to compare models by, with its unit; of older versions, the accuracy."""
    if not figures:
        return None
    known = figures.get("primary") or {"name": "accuracy", "value": figures.get("accuracy")}
    return {**known, "unit": figures.get("unit", "")}


def _heading(rows: list[_Row]) -> tuple[str, ...]:
    """The column of the accuracy holds other figures, too, where a run predicts something else."""
    others = any(row.known["objective"] not in (None, ONE_CLASS) for row in rows)
    return tuple("result" if name == "accuracy" and others else name for name in COLUMNS)


def _cells(row: _Row) -> tuple[object, ...]:
    known = row.known | {"state": row.state}
    if known["objective"] not in (None, ONE_CLASS) and known["primary"]:
        known["accuracy"] = _result(known["objective"], known["primary"])
    cells = (known[name] for name in COLUMNS)
    return tuple(percent(cell) if isinstance(cell, float) else cell for cell in cells)


def _result(objective: str, primary: dict[str, Any]) -> str:
    """``mean average precision 84.3 %``; the name as it is of an objective of a newer version."""
    score = next((o.primary for o in registry.OBJECTIVES if o.key == objective), None)
    value = primary.get("value")
    if score is None or value is None:
        return f"{primary.get('name')} {'n/a' if value is None else f'{value:.3f}'}"
    return f"{within(_(score.title))} {score.text(value, primary.get('unit', ''))}"
