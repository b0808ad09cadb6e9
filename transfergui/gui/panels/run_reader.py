"""Reads the runs for the page that lists them; those that are trained now, again and again."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from transfergui.core.runs import run as runs
from transfergui.core.runs.run import Run
from transfergui.gui.base.tasks import Task
from transfergui.gui.session import recent_projects
from transfergui.gui.tables.run_row import RunRow, touched

SOONEST = 3000
"""Milliseconds between two looks at what is trained by other processes."""
SHARE = 0.05
"""Of the time, for looking: a folder on the network with many runs is looked through slowly."""


class RunReader(QObject):
    """See the module."""

    read = Signal(object)  # list[RunRow], newest first

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: Sequence[RunRow] = ()
        self._whole = Task(self, _read_all, self._take)
        self._active = Task(self, _looked, self._take_looked)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._look)
        self._seen = False

    def start(self) -> None:
        """Read them all."""
        self._active.cancel()
        self._whole.start()

    def keep_up(self, seen: bool) -> None:
        """Look now and then which are trained, as long as the page is seen."""
        self._seen = seen
        if seen:
            self._again.start(SOONEST)
        else:
            self._again.stop()

    def _look(self) -> None:
        if self._whole.running:
            self._again.start(SOONEST)
        else:
            self._active.start(self._rows)

    def _take(self, rows: Sequence[RunRow]) -> None:
        self._rows = rows
        self.read.emit(rows)

    def _take_looked(self, found: tuple[Sequence[RunRow], float]) -> None:
        rows, seconds = found
        if rows != self._rows:
            self._take(rows)
        if self._seen:
            self._again.start(max(SOONEST, round(1000 * seconds / SHARE)))


# -- in worker threads


def _read_all() -> list[RunRow]:
    return [row for row in map(_row, runs.list_runs()) if row is not None]


def _looked(rows: Sequence[RunRow]) -> tuple[Sequence[RunRow], float]:
    """``rows`` as they are now, of which only those are read that are new, are trained or were; and
    the seconds that it took."""
    began, known = time.monotonic(), {row.run.path: row for row in rows}
    found = list[RunRow | None]()
    for run in runs.list_runs():
        row = known.get(run.path)
        if row is None or row.state == "active" or run.active() or touched(run) != row.touched:
            read = _row(run if row is None else row.run)
            row = row if row == read else read
        found.append(row)
    return [row for row in found if row is not None], time.monotonic() - began


def _row(run: Run) -> RunRow | None:
    """None where it was deleted meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        row = RunRow.read(run)
        return replace(row, picture=_picture(row.data, row.modality))
    return None


@functools.lru_cache(maxsize=64)
def _picture(data: str, modality: str) -> QImage | None:
    """A picture of the data; read once, as many runs are on the same data."""
    found = recent_projects.pictures(data, modality, 1) if data and modality else ()
    return found[0] if found else None


def paths_of(rows: Sequence[RunRow]) -> set[Path]:
    """Of their folders."""
    return {row.run.path for row in rows}
