"""Marks of time beside recordings: which classes are heard in each, and when.

Read are the selection tables of Raven and of programs that write alike, the label tracks of
Audacity, and the TextGrids of Praat. They are the boxes (:mod:`.boxes`) of recordings: a recording
may hold several classes, and most of it none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from transfergui.core.base import files
from transfergui.core.base.encodings import encoding_of
from transfergui.core.reading.marks.boxes import MOST, PROBED, Boxes, enough

ENDINGS = frozenset({".txt", ".tsv", ".csv", ".textgrid"})
"""Of files that may hold marks of time."""
TIME = re.compile(r"(begin|start|onset)(\s*time)?\s*(\(s(ec)?\)|_s|_seconds)?", re.IGNORECASE)
"""How the column is called that says when something begins."""
CALLED = (
    "species",
    "common name",
    "class",
    "label",
    "annotation",
    "annotations",
    "tag",
    "type",
    "call",
    "call type",
    "event",
    "event_label",
    "sound",
    "name",
)
"""What the column of the classes may be called, likelier names first."""
TRACK_ROW = re.compile(r"\s*\d+[.,]?\d*\t\s*\d+[.,]?\d*(?:\t([^\t]*))?")
"""Of Audacity: begin, end and label, with tabulators between."""
GRID_TEXT = re.compile(r'text\s*=\s*"((?:[^"]|"")*)"')
MANY = 0.5
"""With so many different marks for each recording they are what is said, no classes, unless so
large a share of them comes again."""


def find(root: Path, paths: Sequence[str], others: Sequence[str]) -> Boxes | None:
    """The marks of the recordings ``paths``, where the files beside them hold such.

    Args:
        others: what else is below ``root`` with one of the :data:`ENDINGS`.
    """
    beside = _beside(paths, others)
    if not enough(beside, paths):
        return None
    named = [name for names in beside.values() for name in names]
    marked = [name for name in named[:PROBED] if _marks(root / name) is not None]
    if len(marked) <= len(named[:PROBED]) / 2:
        return None
    found = Boxes(_kind(marked[0]), spans=True)
    for at, names in beside.items():
        inside = {mark for name in names for mark in _marks(root / name) or ()}
        if inside:
            found.inside[at] = inside
    files = Counter(mark for inside in found.inside.values() for mark in inside)
    again = [mark for mark, count in files.items() if count > 1]
    said = len(again) < max(2, MANY * len(files))  # every recording its own words
    return None if said and len(files) > max(2, MANY * len(found.inside)) else found


def _kind(name: str) -> str:
    if name.lower().endswith(".textgrid"):
        return "Praat TextGrid"
    return "Raven, Audacity"


def _beside(paths: Sequence[str], others: Sequence[str]) -> dict[int, list[str]]:
    """For each recording the files that are called like it, whatever follows: ``a.wav`` has
    ``a.txt`` and ``a.Table.1.selections.txt``."""
    places = {_stem(path): at for at, path in reversed(list(enumerate(paths)))}
    found: dict[int, list[str]] = {}
    for other in others:
        name = other.rpartition("/")[2].lower()
        ends = [at for at, sign in enumerate(name) if sign in "._- "]
        stem = next((name[:end] for end in reversed(ends) if name[:end] in places), None)
        if stem is not None:
            found.setdefault(places[stem], []).append(other)
    return found


def _stem(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    return name.rpartition(".")[0] or name


def _marks(path: Path) -> set[str] | None:
    """What is marked in one file; None where it holds no marks of time."""
    try:
        data = files.head(path, MOST)
    except OSError:
        return None
    text = data.decode(encoding_of(data), "replace")
    if path.suffix.lower() == ".textgrid":
        return _told(GRID_TEXT.findall(text)) if "xmin" in text else None
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("\\")]
    rows = [TRACK_ROW.fullmatch(line) for line in lines]
    if rows and all(rows):
        return _told(row[1] or "" for row in rows if row)
    return _selected(lines)


def _selected(lines: Sequence[str]) -> set[str] | None:
    """The classes in a table with a row for each selection; None where it is none."""
    between = "," if lines and "\t" not in lines[0] else "\t"
    header, *rows = [[cell.strip(' "') for cell in line.split(between)] for line in lines] or [[]]
    if not any(map(TIME.fullmatch, header)):
        return None
    names = [name.lower() for name in header]
    column = next((names.index(name) for name in CALLED if name in names), None)
    return set() if column is None else _told(row[column] for row in rows if len(row) > column)


def _told(marks: Sequence[str] | Iterator[str]) -> set[str]:
    return {mark.strip() for mark in marks if mark.strip()}
