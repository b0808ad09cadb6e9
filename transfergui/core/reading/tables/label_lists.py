"""A text file for each label that says of every file whether it has it: ``cat_train.txt`` with
lines such as ``2007_000027 -1``, as Pascal VOC keeps them in ``ImageSets/Main``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transfergui.core.data.dataset import Problem, natural_order
from transfergui.core.reading.parsing.table import Table

NAME = re.compile(r"(?P<label>.+)_(?P<part>train|trainval|val|test)\.txt")
LINE = re.compile(r"(?P<file>\S.*?)\s+(?P<mark>-1|0|1)")
PARTS = ("trainval", "train", "val", "test")
"""What a list is for; the part of a file that several name is that of the last of these."""
FEWEST = 2
"""So many labels at least have lists side by side."""
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class LabelLists:
    """What such lists say, as a table.

    Attributes:
        name: of their folder, which the table is called by.
        table: with the columns ``path``, one for each label, and ``split``.
        problems: that things are marked as difficult.
    """

    name: str
    table: Table
    problems: tuple[Problem, ...] = ()


def find(root: Path, beside: Sequence[str]) -> LabelLists | None:
    """The lists of the folder that has those of the most labels; None where none has some.

    Args:
        beside: files that are no samples, relative to ``root``.
    """
    homes: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    for path in beside:
        home, _slash, name = path.rpartition("/")
        if said := NAME.fullmatch(name):
            homes[home][said["part"], said["label"]] = path
    if not homes:
        return None
    home = max(homes, key=lambda home: len({label for _part, label in homes[home]}))
    read = {key: marks for key, path in homes[home].items() if (marks := _marks(root / path))}
    labels = natural_order({label for _part, label in read})
    return _as_table(home or "*.txt", labels, read) if len(labels) >= FEWEST else None


def _marks(path: Path) -> dict[str, str]:
    """What a list says of each file; empty where a line says something else."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    lines = [LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    found = [line for line in lines if line is not None]
    return {line["file"]: line["mark"] for line in found} if len(found) == len(lines) else {}


def _as_table(
    name: str, labels: Sequence[str], read: Mapping[tuple[str, str], Mapping[str, str]]
) -> LabelLists:
    marks: defaultdict[str, dict[str, str]] = defaultdict(dict)
    parts: dict[str, str] = {}
    for part, label in sorted(read, key=lambda key: PARTS.index(key[0])):
        for file, mark in read[part, label].items():
            marks[file][label] = mark
            parts[file] = "train" if part == "trainval" else part
    rows = {
        number: [file, *("1" if own.get(label) == "1" else "0" for label in labels), parts[file]]
        for number, (file, own) in enumerate(sorted(marks.items()), 1)
    }
    table = Table("utf-8", rows, ("path", *labels, "split"))
    every = [mark for own in marks.values() for mark in own.values()]
    count = every.count("0") if "-1" in every else 0
    values = {"count": count}
    told = (Problem("data.difficult_labels", values, path=name, left_out=False),) if count else ()
    return LabelLists(name, table, told)
