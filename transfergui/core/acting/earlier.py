"""What earlier sortings into a folder put there, so that it is not taken for new files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from transfergui.core.acting import record
from transfergui.core.acting.steps import Part
from transfergui.core.base.errors import UserError
from transfergui.core.data.file_part import FilePart
from transfergui.core.evaluation.prediction import Prediction

COPIED = ("copy", "link", "symlink", "crop")


def without_earlier(
    predictions: Sequence[Prediction], to: Path
) -> tuple[list[Prediction], set[Path]]:
    """Predictions but those for what was made of the other files before.

    The records in ``to`` name it: copies of, and links to, files that are given as well, and tables
    that were written, unless nothing else is given. So the results may lie below the files.

    Returns:
        The others, and the files that are left out.
    """
    given = [_entry(Path(FilePart.parse(each.path).file)) for each in predictions]
    home = Path(os.path.realpath(to))
    below = {path for path in given if path.is_relative_to(home)}
    if not below:
        return list(predictions), set()
    copies, written = _made(home)
    copies = {target: source for target, source in copies.items() if target in below}
    originals = {os.path.realpath(path) for path in set(given) - copies.keys()}
    made = {path for path in copies if os.path.realpath(_first(path, copies)) in originals}
    if not set(given) <= written:
        made |= written & below
    rest = [p for p, path in zip(predictions, given, strict=True) if path not in made]
    return rest, made


def _made(home: Path) -> tuple[dict[Path, Path], set[Path]]:
    """What was copied or linked, with its source, and what was written, as the records say."""
    copies, written = {}, set()
    for entry in _done(home):
        if entry.step.kind == "write":
            written.add(_entry(Path(entry.target)))
        elif entry.step.kind in COPIED:
            copies[_entry(Path(entry.target))] = _entry(Path(entry.step.source))
    return copies, written


def crops_made(home: Path) -> dict[str, set[tuple[str, int, int, Part]]]:
    """The crops in ``home`` that are still there, by the name of their folder: source, its size and
    time, and part."""
    found: dict[str, set[tuple[str, int, int, Part]]] = {}
    for entry in _done(home):
        step, target = entry.step, Path(entry.target)
        if step.kind == "crop" and target.is_file():
            values = (step.source, step.size, step.modified, step.part)
            found.setdefault(target.parent.name, set()).add(values)
    return found


def _done(home: Path) -> Iterator[record.Entry]:
    for path in home.glob(record.NAME.format(time="*", more="")):
        with contextlib.suppress(UserError):
            yield from (e for e in record.read(path).entries.values() if e.state == "done")


def _first(path: Path, copies: dict[Path, Path]) -> Path:
    """What a copy of a copy was made of."""
    seen = set()
    while path in copies and path not in seen:
        seen.add(path)
        path = copies[path]
    return path


def _entry(path: Path) -> Path:
    """The path without links above it; a link itself is not followed."""
    return Path(os.path.realpath(path.parent), path.name)
