"""What the cards of recent data show beside their names: a few pictures, and the last result."""

from __future__ import annotations

import contextlib
import itertools
import os
import tarfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from transfergui.core import registry
from transfergui.core.base import archives
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.file_part import in_tar
from transfergui.core.interfaces.plan import Modality
from transfergui.core.runs.run import Run, list_runs
from transfergui.gui.base.images import image_of
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
TARS, LARGEST = 5, 20_000_000
"""So many tars are looked into, for pictures of so many bytes at most."""
RUNS = 60
"""So many of the newest runs are read for a last result."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif")
"""Of pictures that are read quickly."""


@dataclass(frozen=True)
class RecentProject:
    """What was found of data that were open lately.

    Attributes:
        there: whether the data are still where they were.
        pictures: square; none where the data are no pictures in folders or tars.
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
    """A few pictures of the data at ``path``; none where they are none in folders or tars."""
    try:
        owner = registry.modality(modality)
    except UserError:  # of another version of the program
        return ()
    suffixes = tuple(ending for ending in SUFFIXES if f"*{ending}" in owner.patterns)
    if not suffixes:
        return ()
    found = itertools.chain(_pictures(Path(path), suffixes), _in_tars(Path(path), suffixes))
    squares = (_first(owner, paths) for paths in found)
    return tuple(itertools.islice(filter(None, squares), most))


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


def _pictures(root: Path, suffixes: tuple[str, ...]) -> Iterator[Sequence[str]]:
    """A few pictures of each folder below ``root``, of which one is wanted."""
    waiting = deque([str(root)])
    for _folder in range(FOLDERS):
        if not waiting:
            return
        folders, files = _entries(waiting.popleft(), suffixes)
        waiting.extend(folders)
        yield files[:3]


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


def _in_tars(path: Path, suffixes: tuple[str, ...]) -> Iterator[Sequence[str]]:
    """The first pictures of a tar, of those of a pattern, or of those in a folder, one by one; of
    compressed ones none, which take time."""
    tars = archives.tars(path) if archives.is_tar(path) else _tars(path)
    for each in tars[:TARS]:
        with contextlib.suppress(OSError, tarfile.TarError), tarfile.open(each, "r:") as tar:
            for member in itertools.islice(tar, ENTRIES):
                wanted = member.isfile() and member.name.lower().endswith(suffixes)
                if wanted and member.size <= LARGEST:
                    yield [in_tar(str(each), member.offset)]


def _tars(folder: Path) -> list[Path]:
    """Those among the first entries of a folder, in order."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        first = itertools.islice(entries, ENTRIES)
        return sorted(Path(entry.path) for entry in first if entry.name.endswith(".tar"))
    return []


def _first(modality: Modality, paths: Sequence[str]) -> QImage | None:
    """The first of them that can be read."""
    return next(filter(None, (_square(modality, path) for path in paths)), None)


def _square(modality: Modality, path: str) -> QImage | None:
    """The middle of a picture; None where it cannot be read.

    Not read by Qt: that asks every format, and the one of SVG makes objects that connect signals.
    In a task, this once waited for the window's thread, which waited for Python's lock: for good.
    """
    try:
        pixels = modality.preview(Path(path), modality.input_options()).data
    except UserError:
        return None
    height, width, _channels = pixels.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    middle = image_of(pixels[top : top + side, left : left + side])
    return middle.scaled(SIDE, SIDE, mode=Qt.TransformationMode.SmoothTransformation)
