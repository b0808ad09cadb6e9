"""What samples are called where people read: a file, a row of a table, a stretch of a recording."""

from pathlib import Path

from transfergui.core.base import shards
from transfergui.core.base.i18n import _
from transfergui.core.base.paths import shown
from transfergui.core.data.file_part import AFTER_EXTENSION, FilePart
from transfergui.core.data.recordings import ENDINGS, VIDEO_ENDINGS

TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm")
"""How the names of tables end."""
LABELLED_LINES = ".txt"
"""How the names of files may end whose lines begin with their classes, as fastText wants them."""
SEVERAL_TABLES = (".json", ".xlsx", ".xlsm")
"""How the names of files end that may hold several tables: sheets, or lists."""
SHEET_ROWS = 1 << 20
"""As of :mod:`transfergui.core.reading.parsing.table`: rows of the next sheet begin so far on."""


RECORDINGS = ENDINGS | VIDEO_ENDINGS


def caption(path: str, root: Path | str | None = None) -> str:
    """What a sample is called: its file (or the name of it), and which part of it the sample is.

    ``long.wav#72000`` is "long.wav, from 1:12", ``reviews.csv#17`` is "row 17 of reviews.csv",
    ``train-0.tar#1536`` is "train-0.tar/0001.jpg", or "train-0.tar, byte 1536" where the tar is
    not found.

    Args:
        root: the folder that ``path`` is relative to, if known.
    """
    file, part = FilePart.parse(path)
    if part is None:
        return shown(file)
    if _has_rows(file):
        return _("row {number} of {file}").format(number=row_name(file, part), file=shown(file))
    if shards.is_member(path):
        if within := _within(path, root):
            return shown(f"{file}/{within}")
        return _("{file}, byte {number}").format(number=part, file=shown(file))
    if Path(file).suffix.lower() in RECORDINGS or not AFTER_EXTENSION.fullmatch(path):
        return _("{file}, from {time}").format(file=shown(file), time=clock(part / 1000))
    return shown(path)  # a class or a file that is called so


def _within(path: str, root: Path | str | None) -> str:
    """The name of a file within its tar; empty where that is not found."""
    full = Path(root or "", path)
    if root is None and not full.is_absolute():  # another tar of this name may be where we are
        return ""
    return shards.plain_name(full)


def short_caption(path: str, root: Path | str | None = None) -> str:
    """The same for where there is room for a few letters only: the number of a row, a name."""
    file, part = FilePart.parse(path)
    if part is not None and _has_rows(file):
        return _("row {number}").format(number=row_name(file, part))
    if shards.is_member(path):
        within = _within(path, root).rpartition("/")[2]
        return shown(within) if within else _("byte {number}").format(number=part)
    return caption(path.rpartition("/")[2])


def row_name(file: str, number: int) -> str | int:
    """What a row of a table is called; of several sheets that are read as one, with its sheet."""
    sheet, row = divmod(number, SHEET_ROWS)
    if not sheet or not file.lower().endswith(SEVERAL_TABLES):
        return number
    return _("{row} (sheet {sheet})").format(row=row, sheet=sheet)


def _has_rows(file: str) -> bool:
    """Whether a part of a file is one of its rows."""
    return file.lower().endswith((*TABLES, LABELLED_LINES))


def clock(seconds: float) -> str:
    """A moment in a recording: ``1:12``, or ``0:02.5`` amid a second."""
    minutes, rest = divmod(round(seconds, 1), 60)
    whole = rest == int(rest)
    return f"{int(minutes)}:{int(rest):02}" if whole else f"{int(minutes)}:{rest:04.1f}"
