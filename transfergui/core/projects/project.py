"""The project file, ``NAME.transfergui``: what a person works on, to go on where they stopped.

JSON: the recipe in force (data with what was added to them, corrections, other data, settings, the
run whose test set is kept), the runs made of it, and what the window shows. Every path in it is
kept twice, as it is and as seen from the folder of the file, so that a project that is moved
together with its data finds them again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import recipe as recipes
from transfergui.core import registry
from transfergui.core.base import archives, files, records
from transfergui.core.base.errors import UserError
from transfergui.core.recipe import Recipe

SCHEMA = 1
SUFFIX = ".transfergui"
MAX_BYTES = 40_000_000
"""With a correction of each of 100 000 examples."""


class Project(msgspec.Struct, frozen=True):
    """The content of the file.

    Attributes:
        recipe: with all corrections, as plain values.
        runs: folders of the runs that were made, the newest first.
        shown: the folder of the run that is shown; empty for none.
        stage: key of the stage that is shown.
        places: each path of the above, as seen from the folder of the file; empty on another drive.
    """

    schema: int
    recipe: dict[str, Any]
    runs: tuple[str, ...] = ()
    shown: str = ""
    stage: str = ""
    places: dict[str, str] = {}


@dataclass(frozen=True)
class Opened:
    """A project as it can be opened.

    Attributes:
        project: its paths are those of now.
        recipe: what is in force in it.
        missing: paths that are neither where they were nor where they should be beside the file.
    """

    path: Path
    project: Project
    recipe: Recipe
    missing: tuple[str, ...] = ()

    @property
    def data_missing(self) -> str:
        """The path of the data, where these are missing: without them nothing can be opened."""
        path = self.recipe.data.path
        return path if path in self.missing else ""


def made(recipe: Recipe, runs: tuple[str, ...] = (), shown: str = "", stage: str = "") -> Project:
    """The project of what is in force; without places, which :func:`save` finds."""
    return Project(SCHEMA, recipe.to_keep(), runs, shown, stage)


def save(project: Project, path: Path) -> None:
    """Write the file.

    Raises:
        UserError: ``disk.full``, ``disk.in_the_way``.
    """
    folder = os.path.abspath(path.parent)  # noqa: PTH100 - of what may be a link
    places = {name: _seen_from(folder, name) for name in sorted({*_paths(project)})}
    tree = msgspec.to_builtins(msgspec.structs.replace(project, places=places))
    try:
        files.write_atomic(path, json.dumps(tree, indent=1) + "\n")
    except OSError as error:
        raise files.not_written(path, error) from None


def load(path: Path, moved: Mapping[str, str] | None = None) -> Opened:
    """Read a file, and look where its data and runs are now.

    Args:
        moved: where the user says that paths are, by those in the file; what lay below one of them
            is looked for below its new place.

    Raises:
        UserError: ``project.missing``, ``project.unreadable``, ``project.newer``; a ``recipe.``
            code.
    """
    project = _read(path)
    folder = os.path.abspath(path.parent)  # noqa: PTH100
    found: dict[str, str] = {}
    missing: list[str] = []
    for name, relative in project.places.items():
        beside = os.path.normpath(os.path.join(folder, relative)) if relative else ""  # noqa: PTH118
        now = next(
            (p for p in (_moved(name, moved or {}), beside, name) if p and is_there(p)), None
        )
        if now is None:
            missing.append(name)
        elif now != name:
            found[name] = now
    project = msgspec.convert(_replaced(msgspec.to_builtins(project), found), Project)
    recipe = recipes.from_json(json.dumps(project.recipe), str(path))
    registry.modality(recipe.modality)
    return Opened(path, project, recipe, tuple(missing))


def _read(path: Path) -> Project:
    """
    Raises:
        UserError: as :func:`load`.
    """
    try:
        tree = records.parse(files.read_regular(path, MAX_BYTES))
    except FileNotFoundError:
        raise UserError("project.missing", path=str(path)) from None
    except records.ERRORS as error:
        raise UserError("project.unreadable", path=str(path), reason=records.why(error)) from None
    schema = tree.get("schema") if isinstance(tree, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise UserError("project.newer", path=str(path), found=schema, known=SCHEMA)
    try:
        return records.convert(tree, Project)
    except ValueError as error:
        raise UserError("project.unreadable", path=str(path), reason=str(error)) from None


# -- paths


def is_there(path: str) -> bool:
    """Whether there is something at a path; of all zips in a folder, that folder."""
    try:
        return archives.is_there(Path(path))
    except (OSError, ValueError):  # a name that no file can have
        return False


def _paths(project: Project) -> Iterator[str]:
    """Every absolute path that a project names."""
    yield from _texts(project.recipe)
    yield from filter(os.path.isabs, (*project.runs, project.shown))


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        if os.path.isabs(tree):  # noqa: PTH117 - thousands of corrections
            yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from _texts(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _texts(value)


def _replaced(tree: Any, places: Mapping[str, str]) -> Any:
    """Plain values with other paths."""
    if isinstance(tree, str):
        return places.get(tree, tree)
    if isinstance(tree, dict):
        return {key: _replaced(value, places) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_replaced(value, places) for value in tree]
    return tree


def _seen_from(folder: str, path: str) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return ""


def _moved(path: str, moved: Mapping[str, str]) -> str:
    """Where a path is that was moved, or lies below one that was; empty for others."""
    for old, new in moved.items():
        if path == old:
            return new
        if path.startswith(old.rstrip("/\\") + os.sep):
            return os.path.join(new, os.path.relpath(path, old))  # noqa: PTH118
    return ""
