"""What the cards of recent data show beside their names: a few pictures, and the last result."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base.run_figure import RunFigure
from transfergui.gui.base.run_names import figure_of
from transfergui.gui.base.settings import Recent
from transfergui.gui.session import recent

PICTURES = 5
"""So many pictures stand for a folder, of as many classes as there are."""
SIDE = 96
"""Pixels of the shorter side of one."""
FOLDERS, ENTRIES = 40, 60
"""So many folders are looked into, and so many of the entries of each: a start must not wait."""
RUNS = 60
"""So many of the newest runs are read for a last result."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")
"""Of pictures that Qt reads by itself, which needs no import."""


@dataclass(frozen=True)
class RecentProject:
    """What was found of data that were open lately.

    Attributes:
        there: whether the data are still where they were.
        pictures: square; none where the data are no pictures in folders.
        result: of the newest finished run on the data, as in ``Last run: Accuracy 78 %``; empty
            without.
    """

    there: bool
    pictures: tuple[QImage, ...] = ()
    result: str = ""


def look(entries: Sequence[Recent]) -> list[RecentProject]:
    """Of each entry, what is there; reads from the disk, so it is called in a task."""
    results = _results({entry.path for entry in entries})
    return [_look(entry, results.get(entry.path, "")) for entry in entries]


def _look(entry: Recent, result: str) -> RecentProject:
    there = recent.is_there(entry)
    return RecentProject(there, pictures(entry.path, entry.modality) if there else (), result)


def pictures(path: str, modality: str, most: int = PICTURES) -> tuple[QImage, ...]:
    """A few pictures of the data at ``path``; none where they are no pictures in folders."""
    try:
        patterns = registry.modality(modality).patterns
    except UserError:  # of another version of the program
        return ()
    suffixes = tuple(ending for ending in SUFFIXES if f"*{ending}" in patterns)
    return tuple(itertools.islice(_pictures(Path(path), suffixes), most)) if suffixes else ()


def _results(paths: set[str]) -> dict[str, str]:
    """The last result on the data at each of ``paths``."""
    found: dict[str, str] = {}
    for run in itertools.islice(list_runs(), RUNS):
        if len(found) == len(paths):
            break
        path, figure = _trained_on(run)
        if path in paths and path not in found and figure is not None:
            text = _("Last run: {measure} {value}")
            found[path] = text.format(measure=figure.title, value=figure.brief)
    return found


def _trained_on(run: Run) -> tuple[str, RunFigure | None]:
    try:
        return run.recipe.data.path, figure_of(run)
    except UserError:  # the Runs stage says what is wrong with it
        return "", None


def _pictures(root: Path, suffixes: tuple[str, ...]) -> Iterator[QImage]:
    """The first readable picture of each folder below ``root``."""
    waiting = deque([str(root)])
    for _folder in range(FOLDERS):
        if not waiting:
            return
        folders, files = _entries(waiting.popleft(), suffixes)
        waiting.extend(folders)
        squares = (_square(file) for file in files[:3])
        if (image := next(filter(None, squares), None)) is not None:
            yield image


def _entries(folder: str, suffixes: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The folders and the pictures among the first entries of a folder, in order."""
    folders, files = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, ENTRIES):
                if entry.name.startswith("."):
                    continue
                if entry.name.lower().endswith(suffixes) and entry.is_file():
                    files.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
    except OSError:
        pass
    return sorted(folders), sorted(files)


def _square(path: str) -> QImage | None:
    """The middle of a picture as a square; None where it cannot be read."""
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isEmpty():
        return None
    reader.setScaledSize(
        size.scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    )
    image = reader.read()
    if image.isNull():
        return None
    side = min(image.width(), image.height())
    return image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
