"""Predictions that a person corrected: kept until they become training examples.

A table (CSV) with columns ``path``, absolute, and ``label``. Corrections that wait are kept beside
the settings, a table for each model's data; what is added to the training data is written to a
table of its own (:data:`ENDING`), which the recipe names among what was added
(:attr:`~transfergui.core.data.dataset.DataOptions.added`). Files that would not stay (pasted ones,
unpacked zips) are copied beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from transfergui.core.base import files, paths
from transfergui.core.base.cells import line, safe
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.file_part import FilePart
from transfergui.core.interfaces.plan import Modality
from transfergui.core.reading.tables import label_files

ENDING = ".corrected.csv"
FOLDER, FILES = "corrected", "files"
DIGITS = 8


def place(data: str) -> Path:
    """The table of what waits, of a model that was trained on ``data``."""
    name = hashlib.blake2b(os.fsencode(os.path.realpath(data)), digest_size=DIGITS).hexdigest()
    return paths.settings_dir() / FOLDER / f"{name}.csv"


def waiting(table: Path) -> dict[str, str]:
    """The label of each file that waits, by its path.

    Raises:
        UserError: ``labelling.unreadable``, ``labelling.no_columns``.
    """
    return label_files.read(table) if table.exists() else {}


def keep(table: Path, labels: Mapping[str, str]) -> dict[str, str]:
    """Write what waits; files that would not stay are copied.

    Returns:
        ``labels``, of where the files are kept.

    Raises:
        UserError: ``disk.full``.
    """
    try:
        kept = {_kept(table.parent / FILES, path): name for path, name in labels.items()}
        table.parent.mkdir(parents=True, exist_ok=True)
        _write(table, kept)
    except OSError as error:
        raise files.not_written(table, error) from None
    return kept


def stays(table: Path, path: str) -> str:
    """Where a file is kept; copies it where it would not stay.

    Raises:
        UserError: ``disk.full``.
    """
    try:
        return _kept(table.parent / FILES, path)
    except OSError as error:
        raise files.not_written(table, error) from None


def examples_of(table: Path, labels: Mapping[str, str]) -> Path:
    """Write what waits to a table that can be added to data; nothing waits any more.

    Raises:
        UserError: ``disk.full``.
    """
    number = 1
    while (target := table.with_name(f"{table.stem}-{number}{ENDING}")).exists():
        number += 1
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, labels)
        table.unlink(missing_ok=True)
    except OSError as error:
        raise files.not_written(target, error) from None
    return target


def is_table(path: str) -> bool:
    """Whether a path names a table of corrected predictions."""
    return path.endswith(ENDING)


def sources(path: str, modality: Modality) -> Iterator[DataOptions]:
    """How the examples of a table of corrected predictions are read: the files below one folder,
    and the rows of each table.

    Raises:
        UserError: as of :func:`waiting`; ``disk.full``.
    """
    labels = label_files.read(Path(path))
    several: dict[str, dict[str, str]] = {}
    for name, label in labels.items():
        file, part = FilePart.parse(name)
        of_table = modality.tables and part is not None
        source = file if of_table else os.path.splitdrive(file)[0]
        several.setdefault(source, {})[name] = label
    for source, own in several.items():
        folders = [os.path.dirname(FilePart.parse(name).file) for name in own]  # noqa: PTH120
        root = os.path.commonpath(folders)
        relative = {Path(os.path.relpath(name, root)).as_posix(): own[name] for name in own}
        digest = hashlib.blake2b(repr((path, source, relative)).encode("utf-8", "replace"))
        table = paths.cache_dir() / FOLDER / f"{digest.hexdigest()[: 2 * DIGITS]}.csv"
        try:
            table.parent.mkdir(parents=True, exist_ok=True)
            _write(table, relative)
        except OSError as error:
            raise files.not_written(table, error) from None
        opened = source if os.path.isfile(source) else root  # noqa: PTH113
        yield msgspec.structs.replace(DataOptions(path=opened), labels=str(table))


def _write(table: Path, labels: Mapping[str, str]) -> None:
    rows = (map(safe, row) for row in sorted(labels.items()))
    text = line(label_files.COLUMNS) + "".join(line(row) for row in rows)
    files.write_atomic(table, text)


def _kept(folder: Path, path: str) -> str:
    """``path``, or its copy where the file would not stay.

    Raises:
        OSError: it is gone, or the disk is full.
    """
    file, part = FilePart.parse(os.path.abspath(path))  # noqa: PTH100
    passing = filter(None, (paths.temporary_dir(), paths.cache_dir()))
    if not any(os.path.realpath(file).startswith(os.path.realpath(each)) for each in passing):
        return os.path.abspath(path)  # noqa: PTH100
    if file.startswith(str(folder)):
        return path
    digest = files.digest(Path(file))[: 2 * DIGITS]
    target = folder / f"{digest}{Path(file).suffix}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return str(target if part is None else FilePart(str(target), part))
