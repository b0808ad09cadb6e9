"""Trainings that differ in one thing, to be shown side by side."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transfergui.core.errors import UserError
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.metrics import Report
from transfergui.core.recipe import Recipe
from transfergui.core.runs import Run, list_runs


def other_grouping(run: Run, report: Report) -> Report | None:
    """The report of the newest training that differs from ``run`` in what it kept together.

    Data, network and strategy are the same, and one of the two was divided at random. None where
    there is none, or nothing to keep together in these data.

    Args:
        report: of ``run``.
    """
    if report.grouped_by is None:
        return None
    alike = _essence(run.recipe)
    for other in _others(run.path):
        with contextlib.suppress(UserError):  # never tested, or damaged: the list of runs says so
            if _essence(other.recipe) == alike:
                found = reports.load(other.path)
                if found.grouped_by is not None and bool(found.grouped_by) != bool(
                    report.grouped_by
                ):
                    return found
    return None


def _others(path: Path) -> Iterator[Run]:
    """Every other run where runs are kept, and beside this one."""
    found = {run.path: run for run in (*list_runs(), *list_runs(path.parent))}
    return (run for other, run in found.items() if other != path)


def _essence(recipe: Recipe) -> tuple[Any, ...]:
    data = recipe.data
    return recipe.modality, data.path, data.test, recipe.backbone, recipe.strategy
