"""Which modality a source is of, by the names of its files: nobody should have to say it.

Nothing is opened but the beginning of a table, to see whether it names files.
"""

import itertools
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from transfergui.core import registry
from transfergui.core.errors import UserError
from transfergui.core.modalities import Modality, manifest
from transfergui.core.modalities.layouts import extension
from transfergui.core.modalities.walk import Walk, joined

ENOUGH = 2000
"""Files whose names are looked at."""
ROWS = 20
"""Rows of a table that are looked at."""


def detect(path: Path) -> str:
    """The key of the modality that most files at ``path`` are of.

    A table counts for the modality of the files that it names, else for the one whose samples
    are rows of tables; but only where there are no other files. Where nothing tells, it is the
    first modality, whose scan then says what is wrong.
    """
    try:
        names = list(itertools.islice(_names(path), ENOUGH))
    except (OSError, ValueError, zipfile.BadZipFile):  # a name that no file can have, for one
        names = []
    counts = Counter(owner.key for name in names if (owner := _owner(name)))
    if not counts:
        tables = (name for name in names if extension(name) in manifest.SUFFIXES)
        counts.update(_of_table(path, name) for name in itertools.islice(tables, ROWS))
    return counts.most_common(1)[0][0] if counts else registry.MODALITIES[0].key


def _names(path: Path) -> Iterator[str]:
    """The files at ``path``, from there; a file itself is an empty name's."""
    if path.is_dir():
        for folder in Walk(path):
            yield from (joined(folder.path, name) for name in folder.files)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from archive.namelist()
    elif path.is_file():
        yield path.name


def _owner(name: str) -> Modality | None:
    """The modality that looks for files of this name; tables are anybody's."""
    ending = extension(name)
    if ending in manifest.SUFFIXES:
        return None
    return next((m for m in registry.MODALITIES if f"*{ending}" in m.patterns), None)


def _of_table(source: Path, name: str) -> str:
    owners = Counter(owner.key for cell in _cells(source, name) if (owner := _owner(cell)))
    if owners:
        return owners.most_common(1)[0][0]
    of_rows = (modality.key for modality in registry.MODALITIES if modality.tables)
    return next(of_rows, registry.MODALITIES[0].key)


def _cells(source: Path, name: str) -> Iterable[str]:
    """The cells of the first rows that may be names of files."""
    table = source / name if source.is_dir() else source
    try:
        rows = manifest.first_rows(table, ROWS)
    except (OSError, UserError):  # in a zip, or no table at all
        return ()
    return (cell.strip() for row in rows for cell in row if len(cell) < manifest.MAX_NAME)
