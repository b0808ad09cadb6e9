"""One text as it was written: a row of a table, or a file."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.rows import OwnRow
from transfergui.core.modalities.text import tokens
from transfergui.core.modalities.text.options import TextData, TextInput
from transfergui.core.modalities.text.problems import HIDDEN
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.parsing import parser
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import table_files

WANTED = Wanted(N_("texts"), frozenset({".txt"}))

MAX_BYTES = 16_000_000
"""Of a file, of which only the beginning is seen anyway."""
PROBED, BINARY = 4096, 0.1
"""Share, of so many characters at the beginning, of what no text has; with more, a file is none."""
READABLE = WANTED.extensions | table_files.SUFFIXES


def read_file(path: Path, encoding: str = "auto") -> str:
    """The text in a file.

    Raises:
        UserError: ``input.vanished``, ``text.empty_file``, ``text.not_text``.
    """
    try:
        data = path.read_bytes()[:MAX_BYTES]
    except OSError:
        raise UserError("input.vanished", path=str(path)) from None
    marked = data.startswith(codecs.BOM_UTF8)  # whatever the others are
    found = parser.found_encoding(data) if marked or encoding == "auto" else encoding
    text = data.decode(found, errors="replace").removeprefix("\ufeff")
    head = text[:PROBED]
    if len(HIDDEN.findall(head)) + head.count("\ufffd") > BINARY * len(head):
        raise UserError("text.not_text", path=str(path))
    if not text.strip():
        raise UserError("text.empty_file", path=str(path))
    return text


def read(path: Path, input: TextInput | TextData) -> str:
    """One text, as it was written: a row of a table, or a file.

    Raises:
        UserError: ``input.vanished``, ``text.no_row``, ``text.not_text``.
    """
    file, number = FilePart.parse(path)
    if number is None or extension(file) not in READABLE:
        return read_file(path, input.encoding)
    return _row(file, number, input)


def own_row(path: Path, input: TextInput) -> OwnRow | None:
    """As :meth:`transfergui.core.interfaces.plan.Modality.own_row`."""
    file, number = FilePart.parse(path)
    if number is None or extension(file) not in READABLE:
        return None
    try:
        table, number, columns = _place(file, number, input)
    except UserError:
        return None  # whoever loads it says what is wrong
    return table_files.own_row(table, columns.names, number)


def _row(file: str, number: int, input: TextInput | TextData) -> str:
    table, number, columns = _place(file, number, input)
    return table.cell(number, columns.text)


def _place(file: str, number: int, input: TextInput | TextData) -> tuple[Table, int, Columns]:
    """The table, or sheet, in which a row is, its number there, and the columns.

    Raises:
        UserError: ``input.vanished``, ``text.no_row``.
    """
    try:
        whole = table_files.read(Path(file), input.encoding, input.sheet, input.text_column)
    except OSError:
        raise UserError("input.vanished", path=file) from None
    table, number = whole.at(number)
    if number not in table.rows:
        raise UserError("text.no_row", path=file, row=number)
    return table, number, table.columns(input.text_column, input.label_column)


def readable(
    root: Path, samples: Iterable[Sample], input: TextInput
) -> Iterator[tuple[Sample, str]]:
    """Those samples whose texts can be read, with them; a training counts the others."""
    for sample in samples:
        with contextlib.suppress(UserError):
            yield sample, read(root / sample.path, input)


def digest(path: Path, input: TextInput) -> str:
    """32 hex digits over a text.

    Raises:
        OSError: it is gone.
    """
    try:
        text = read(path, input)
    except UserError as error:
        raise OSError(str(error)) from error
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def check(path: Path) -> Problem | None:
    """What is wrong with one text, or None."""
    try:
        text = read(path, TextInput())
    except UserError as error:
        return Problem.of(error.note, str(path))
    return None if tokens.clean(text) else Problem("text.empty_file", path=str(path))


def list_files(paths: Sequence[Path], input: TextInput) -> Iterator[Path]:
    """The texts in ``paths``: rows of tables, files, and both below folders."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            yield from _parts(path, input)
            continue
        below = (joined(folder.path, name) for folder in Walk(path) for name in folder.files)
        for name in sorted(name for name in below if extension(name) in READABLE):
            if WANTED.has_extension(name) or table_files.is_table(path / name):
                yield from _parts(path / name, input)


def _parts(path: Path, input: TextInput) -> Iterable[Path]:
    if extension(path.name) not in table_files.SUFFIXES and not table_files.is_table(path):
        return (path,)
    try:
        whole = table_files.read(path, input.encoding, input.sheet, input.text_column)
    except (OSError, UserError):
        return (path,)  # whoever loads it says what is wrong
    return [
        Path(str(FilePart(str(path), start + number)))
        for start, table in whole.having(input.text_column)
        for number in _filled(table, table.columns(input.text_column, input.label_column))
    ]


def is_empty_row(path: Path, text: str) -> bool:
    """Whether a sample is a row of a table that holds no text."""
    file, number = FilePart.parse(path)
    return number is not None and extension(file) in READABLE and not text.strip()


def _filled(table: Table, columns: Columns) -> Iterator[int]:
    """The rows that hold anything: one without a text is told when it is loaded."""
    rows = table.below(columns.header)
    return (number for number in rows if any(map(str.strip, table.rows[number])))
