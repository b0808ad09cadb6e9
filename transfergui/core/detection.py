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
from transfergui.core.i18n import _
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

    Raises:
        UserError: ``data.empty``: in a folder or a zip, every file is clearly something else.
    """
    try:
        names = list(itertools.islice(_names(path), ENOUGH))
    except (OSError, ValueError, zipfile.BadZipFile):  # a name that no file can have, for one
        return registry.MODALITIES[0].key
    counts = Counter(modality.key for name in names if (modality := owner(name)))
    if not counts:
        counts.update(m.key for name in names for m in registry.MODALITIES if _on_request(m, name))
    if not counts:
        tables = (name for name in names if extension(name) in manifest.SUFFIXES)
        counts.update(_of_table(path, name) for name in itertools.islice(tables, ROWS))
    if not counts and all(map(extension, names)) and (path.is_dir() or zipfile.is_zipfile(path)):
        raise UserError("data.empty", path=str(path), noun=kinds())
    return counts.most_common(1)[0][0] if counts else registry.MODALITIES[0].key


def kinds() -> str:
    """Everything that can be learnt from: ``pictures, recordings or texts``."""
    *others, last = (_(modality.many) for modality in registry.MODALITIES)
    if not others:
        return last
    return _("{others} or {last}").format(others=", ".join(others), last=last)


def owner(name: str) -> Modality | None:
    """The modality that looks for files of this name; tables are anybody's."""
    ending = extension(name)
    if not ending or ending in manifest.SUFFIXES:
        return None
    return next((m for m in registry.MODALITIES if f"*{ending}" in m.patterns), None)


def _on_request(modality: Modality, name: str) -> bool:
    return f"*{extension(name)}" in modality.patterns_on_request


def _names(path: Path) -> Iterator[str]:
    """The files at ``path``, from there; a file itself is an empty name's."""
    if path.is_dir():
        for folder in Walk(path):
            yield from (joined(folder.path, name) for name in folder.files)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (name for name in archive.namelist() if not name.endswith("/"))
    elif path.is_file():
        yield path.name


def _of_table(source: Path, name: str) -> str:
    owners = Counter(known.key for cell in _cells(source, name) if (known := owner(cell)))
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
