"""A list of labelled files: a table (:mod:`.tables`) with ``path,label[,split][,group]``.

What is wrong with a row is counted per reason, and never spoils its neighbours.
"""

import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from transfergui.core.dataset import Problem, Sample, SplitName
from transfergui.core.errors import UserError
from transfergui.core.modalities import tables
from transfergui.core.modalities.tables import Reasons, Table

SUFFIXES = tables.SUFFIXES
PROGRESS_EVERY = 256
MAX_NAME = 4096
"""Characters; no longer text is the name of a file."""

COLUMNS = {
    "path": "path file filename file_name filepath file_path image image_path img img_path "
    "picture audio audio_path",
    "label": "label class class_name category target",
    "split": "split set subset",
    "group": "group patient subject speaker",
}
"""What each column may be called, in lower case; the first row is a header if it names two."""

SPLITS: dict[str, SplitName] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
"""What people call the parts, as folders or in a column, in lower case."""

LEADS_OUT = re.compile(r"/|[a-zA-Z]:/|\.\.(/|$)|\.$")
URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)

NO_LABEL = frozenset({"", "nan"})
"""An empty cell, and what pandas writes for one."""


class Row(NamedTuple):
    """One row as written, by its line number (from 1)."""

    number: int
    path: str
    label: str
    split: str = ""
    group: str = ""


@dataclass
class Manifest:
    """What a manifest says.

    Attributes:
        samples: paths relative to the manifest's folder; labels index into ``classes``.
        classes: in the order met.
        problems: one per reason, with the number of rows; and files with two labels.
    """

    samples: list[Sample] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(path: Path, progress: Callable[[int], None] = lambda count: None) -> Manifest:
    """Read the manifest at ``path``; files are looked up but not opened.

    Raises:
        UserError: ``data.manifest_columns``: no columns for path and label;
            ``data.manifest_empty``: no row of use; ``tables.`` codes: it is no table.
        OSError: the file cannot be read.
    """
    table = tables.read(path)
    reasons = Reasons(path.name)
    gathered = _Gathered(os.fspath(path.parent), reasons)
    for count, row in enumerate(_rows(table, path, reasons)):
        if count % PROGRESS_EVERY == 0:
            progress(count)
        gathered.add(row)
    manifest = gathered.finished()
    manifest.problems += tables.notes(table, path.name)
    if not manifest.samples:
        first = reasons.problems()[:1]
        why = " ".join(problem.sentence() for problem in first)
        raise UserError("data.manifest_empty", path=str(path), why=why)
    return manifest


# -- from a table to rows


def _rows(table: Table, path: Path, reasons: Reasons) -> Iterator[Row]:
    header = table.keys or table.first
    places = _places(header)
    named = "path" in places and "label" in places
    if not named and (table.keys or len(header) < 2 or not _is_file(path.parent, header[0])):
        raise _no_columns(path, header)
    if not named:
        places = dict(zip(COLUMNS, range(len(header)), strict=False))
    label = places["label"]
    tables.count_unread(table, named, reasons)
    for number in table.below(named):
        labels = table.values(number, label)
        if len(labels) > 1:
            reasons.count("rows.several_labels", number, ", ".join(labels))
            continue
        cells = {key: table.cell(number, at) for key, at in places.items()}
        if "\0" in cells["path"] or max(map(len, cells.values())) > MAX_NAME:
            reasons.count("rows.broken", number, cells["path"])
        else:
            yield Row(number, **cells | {"label": labels[0]})


def _places(header: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by the header's names."""
    names = [str(name).strip().lower() for name in header]
    found = {
        key: next((names.index(alias) for alias in aliases.split() if alias in names), None)
        for key, aliases in COLUMNS.items()
    }
    return {key: at for key, at in found.items() if at is not None}


def _is_file(folder: Path, name: str) -> bool:
    """Whether the first cell names a file: then there is no header."""
    found = resolve(name)
    return found is not None and os.path.lexists(folder / found)


def _no_columns(path: Path, header: Sequence[str]) -> UserError:
    return UserError("data.manifest_columns", path=str(path), found=", ".join(header) or "-")


# -- from rows to samples


def resolve(written: str) -> str | None:
    """A relative path with forward slashes that stays below its base; None for any other."""
    path = posixpath.normpath(written.replace("\\", "/"))
    return None if LEADS_OUT.match(path) else path


class _Gathered:
    """Turns rows into samples, one at a time."""

    def __init__(self, base: str, reasons: Reasons) -> None:
        self._base = base
        self._reasons = reasons
        self._labels: dict[str, int] = {}
        self._samples: dict[str, Sample] = {}
        self._conflicts: dict[str, int] = {}
        self._groups: dict[str, str] = {}

    def add(self, row: Row) -> None:
        why = self._refusal(row)
        if why:
            self._reasons.count(why, row.number, row.path or row.label)
            return
        path = resolve(self._below(row.path))
        assert path is not None
        label = self._labels.setdefault(row.label, len(self._labels))
        earlier = self._samples.get(path)
        if earlier is None:
            self._samples[path] = Sample(
                path, label, group=self._group(row), split=self._split(row)
            )
        elif earlier.label == label:
            self._reasons.count("rows.repeated", row.number, row.path)
        else:
            self._conflicts[path] = label

    def finished(self) -> Manifest:
        names = list(self._labels)
        conflicts = []
        for path, label in self._conflicts.items():
            earlier = self._samples.pop(path)
            both = {"first": names[earlier.label], "second": names[label]}
            conflicts.append(Problem("rows.two_labels", path, values=both))
        return Manifest(list(self._samples.values()), names, self._reasons.problems() + conflicts)

    def _refusal(self, row: Row) -> str | None:
        """Why this row cannot be used, as a code."""
        if not row.path:
            return "rows.no_path"
        if row.label.lower() in NO_LABEL:
            return "rows.no_label"
        if URL.match(row.path):
            return "rows.url"
        path = resolve(self._below(row.path))
        return "rows.outside" if path is None else self._missing(path)

    def _missing(self, path: str) -> str | None:
        try:
            mode = os.stat(f"{self._base}/{path}").st_mode  # noqa: PTH116 - a million of them
        except (OSError, ValueError):  # ValueError: no file can have such a name
            return "rows.missing"
        return None if stat.S_ISREG(mode) else "rows.not_a_file"

    def _below(self, written: str) -> str:
        """An absolute path into the manifest's own folder becomes relative to it."""
        return written.removeprefix(f"{self._base}/") if written.startswith("/") else written

    def _split(self, row: Row) -> SplitName | None:
        known = SPLITS.get(row.split.lower())
        if row.split and known is None:
            self._reasons.count("rows.split_unknown", row.number, row.split, left_out=False)
        return known

    def _group(self, row: Row) -> str | None:
        return self._groups.setdefault(row.group, row.group) if row.group else None
