"""Which archives a path means: a zip, a tar, all zips of a folder, or several tars by a pattern.

Several tars are written as those who stream WebDatasets write them: ``train-{000000..000012}.tar``,
``{train,val}.tar``, ``train-*.tar``.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from transfergui.core.base import shards, unzip

RANGE = re.compile(r"(\d+)\.\.(\d+)")
BRACES = re.compile(r"\{([^{}]*)\}")
NUMBERED = re.compile(r"(.*?)(\d+)")
MOST = 1 << 20
"""Names that a pattern may stand for."""
ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
"""How the tars that are read end, for a dialog."""


def is_tar(path: Path) -> bool:
    """Whether a path is called like a tar, compressed or not."""
    return shards.is_tar(path.name)


def is_pattern(path: Path) -> bool:
    """Whether a path stands for several tars."""
    return any(mark in path.name for mark in "{*?") and is_tar(path) and not os.path.lexists(path)


def tars(path: Path) -> list[Path]:
    """The tars that a pattern stands for and that are there, in its order; those of a ``*`` in
    natural order. A path that is no pattern stands for itself."""
    if not is_pattern(path):
        return [path]
    found: dict[str, None] = {}
    for name in expanded(path.name):
        if "*" not in name and "?" not in name:
            found[name] = None
            continue
        try:
            known = os.listdir(path.parent)  # noqa: PTH208 - names
        except OSError:
            continue
        found |= dict.fromkeys(sorted(fnmatch.filter(known, name)))
    return [each for name in found if (each := path.parent / name).is_file()]


def expanded(text: str) -> Iterator[str]:
    """``text`` with each of the alternatives in its braces, at most :data:`MOST`."""
    braces = BRACES.search(text)
    if braces is None:
        yield text
        return
    count = 0
    for choice in _choices(braces[1]):
        for rest in expanded(text[braces.end() :]):
            yield f"{text[: braces.start()]}{choice}{rest}"
            count += 1
            if count == MOST:
                return


def _choices(inside: str) -> Iterator[str]:
    span = RANGE.fullmatch(inside)
    if span is None:
        yield from inside.split(",")
        return
    width = len(span[1]) if span[1].startswith("0") else 0
    yield from (f"{at:0{width}d}" for at in range(int(span[1]), int(span[2]) + 1))


def together(chosen: Sequence[Path]) -> Path | None:
    """One path for several tars that were chosen: their folder where it holds nothing else, else a
    pattern; None where they are not tars of one folder, or no pattern can name them."""
    folders = {path.parent for path in chosen}
    if len(folders) != 1 or not all(map(is_tar, chosen)):
        return None
    if len(chosen) == 1:
        return chosen[0]
    folder = folders.pop()
    names = sorted(path.name for path in chosen)
    try:
        beside = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208
    except OSError:
        beside = []
    if beside == names:
        return folder
    endings = {name.partition(".")[2] for name in names}
    if len(endings) != 1 or any(set(name) & set("{},*?") for name in names):
        return None
    return folder / f"{_braced([name.partition('.')[0] for name in names])}.{endings.pop()}"


def _braced(stems: Sequence[str]) -> str:
    """A pattern of some sorted names: a range where they are numbered one after the other."""
    first, last = (NUMBERED.fullmatch(stem) for stem in (stems[0], stems[-1]))
    if first and last:
        span = f"{first[1]}{{{first[2]}..{last[2]}}}"
        if list(expanded(span)) == list(stems):
            return span
    return f"{{{','.join(stems)}}}"


def is_there(path: Path) -> bool:
    """Whether what a path means can be found.

    Raises:
        OSError, ValueError: it is a name that no file can have.
    """
    if path.name == unzip.EVERY:
        return path.parent.exists()
    return bool(tars(path)) if is_pattern(path) else path.exists()
