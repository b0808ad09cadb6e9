"""Reading a list of labelled files: CSV, TSV or JSON lines, with ``path,label[,split][,group]``.

A row is a line. What is wrong with a row is counted per reason, and never
spoils its neighbours: an unclosed quote would otherwise swallow the rest of the file.
"""

import itertools
import os
import posixpath
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from transfergui.core.dataset import Problem, Sample, SplitName
from transfergui.core.encodings import encoding_of
from transfergui.core.errors import UserError
from transfergui.core.modalities import rows

SUFFIXES = rows.SUFFIXES
PROBED = 1 << 20
"""Bytes that are looked at to find the encoding."""
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
            ``data.manifest_empty``: no row of use.
        OSError: the file cannot be read.
    """
    reasons = rows.Reasons(path.name)
    gathered = _Gathered(os.fspath(path.parent), reasons)
    for count, row in enumerate(_rows(path, reasons)):
        if count % PROGRESS_EVERY == 0:
            progress(count)
        gathered.add(row)
    manifest = gathered.finished()
    if not manifest.samples:
        first = reasons.problems()[:1]
        why = " ".join(problem.sentence() for problem in first)
        raise UserError("data.manifest_empty", path=str(path), why=why)
    return manifest


def first_rows(path: Path, count: int) -> list[list[str]]:
    """The first rows of a table, header included, as far as a line is a row.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(PROBED)
    lines = head.decode(encoding_of(head), errors="replace").splitlines()[:count]
    if path.suffix.lower() == ".jsonl":
        trees = (rows.json_object(line) or {} for line in lines)
        return [[rows.plain(value) for value in tree.values()] for tree in trees]
    delimiter = rows.delimiter(lines, path)
    return [rows.cells(line, delimiter) or [] for line in lines]


# -- from bytes to rows


def _rows(path: Path, reasons: rows.Reasons) -> Iterator[Row]:
    with path.open("rb") as stream:
        encoding = encoding_of(stream.read(PROBED))
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with path.open(encoding=encoding, errors=errors) as lines:
        numbered = ((n, line.rstrip("\n")) for n, line in enumerate(lines, 1) if line.strip())
        of_kind = _json_rows if path.suffix.lower() == ".jsonl" else _table_rows
        yield from of_kind(numbered, path, reasons)


def _table_rows(
    lines: Iterator[tuple[int, str]], path: Path, reasons: rows.Reasons
) -> Iterator[Row]:
    probe = list(itertools.islice(lines, 20))
    delimiter = rows.delimiter([text for _, text in probe], path)
    header = rows.cells(probe[0][1], delimiter) if probe else None
    places = _places(header or [])
    if "path" in places and "label" in places:
        probe = probe[1:]
    elif header and len(header) > 1 and _is_file(path.parent, header[0]):
        places = dict(zip(COLUMNS, range(len(header)), strict=False))
    else:
        raise _no_columns(path, header or [])
    for number, text in (*probe, *lines):
        cells = rows.cells(text, delimiter)
        if cells is None:
            reasons.count("rows.broken", number, text)
        else:
            named = {key: cells[at].strip() for key, at in places.items() if at < len(cells)}
            yield Row(number, **{"path": "", "label": ""} | named)


def _json_rows(
    lines: Iterator[tuple[int, str]], path: Path, reasons: rows.Reasons
) -> Iterator[Row]:
    places: dict[str, str] = {}
    for number, text in lines:
        tree = rows.json_object(text)
        if tree is None:
            reasons.count("rows.broken", number, text)
            continue
        if not places:
            names = list(tree)
            places = {key: names[at] for key, at in _places(names).items()}
            if not {"path", "label"} <= places.keys():
                raise _no_columns(path, names)
        cells = {key: rows.plain(tree.get(name)) for key, name in places.items()}
        yield Row(number, **cells)


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

    def __init__(self, base: str, reasons: rows.Reasons) -> None:
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
