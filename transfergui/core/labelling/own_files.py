"""Whether a table of labels may be written over: what a person or another program keeps in it, and
a table of labels cannot hold, would be lost."""

from __future__ import annotations

from pathlib import Path

from transfergui.core.base import files
from transfergui.core.base.cells import line
from transfergui.core.base.errors import UserError
from transfergui.core.reading.tables import label_files

HEAD = line(label_files.COLUMNS).encode()


def require_replaceable(table: Path, known: bool) -> None:
    """Refuse a table of which something would be lost.

    Args:
        known: whether the program wrote it, by the file that it keeps beside; of another one, each
            row must have a path of its own and a label.

    Raises:
        UserError: ``labelling.not_ours``; as of :func:`label_files.columns_and_rows`.
        OSError: it cannot be read.
    """
    if known and files.head(table, len(HEAD)) == HEAD:
        return
    columns, rows = label_files.columns_and_rows(table)
    paths = {path for path, _label in rows}
    lossless = known or (len(paths) == len(rows) and all(path and name for path, name in rows))
    if sorted(columns) != sorted(label_files.COLUMNS) or not lossless:
        raise UserError("labelling.not_ours", path=str(table))
