"""A training that was made beside a run, as a run of its own."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from transfergui.core.base import files, paths
from transfergui.core.runs.run import EVENTS, LOCK, RECIPE, Run

LEFT_OUT = (RECIPE, LOCK, "stop")


def own_run(beside: Run, name: str) -> Run:
    """A copy of a training among the runs; the one that was made before, if it is there.

    Args:
        name: of its folder, as long as that is free.

    Raises:
        UserError: ``run.missing``; ``run.not_writable``.
    """
    Run.open(beside.path)
    try:
        root = paths.runs_dir()
        root.mkdir(parents=True, exist_ok=True)
        for number in itertools.count():
            path = root / (f"{name}_{number}" if number else name)
            if not path.exists():
                return _copied(beside, path)
            if (path / RECIPE).is_file() and _events(Run(path)) == _events(beside):
                return Run(path)
    except OSError as error:
        raise files.not_written(beside.path, error) from None
    raise AssertionError("numbers do not end")


def _copied(beside: Run, path: Path) -> Run:
    """Its recipe is last: it makes a folder a run."""
    try:
        shutil.copytree(beside.path, path, ignore=shutil.ignore_patterns(*LEFT_OUT))
        shutil.copy2(beside.path / RECIPE, path / RECIPE)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return Run(path)


def _events(run: Run) -> bytes:
    """What tells two trainings apart.

    Raises:
        OSError: it cannot be read.
    """
    return (run.path / EVENTS).read_bytes()
