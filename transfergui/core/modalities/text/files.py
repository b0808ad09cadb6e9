"""Finding texts: rows of tables, or a folder of ``.txt`` files per class; and reading one."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from transfergui.core import options as opt
from transfergui.core import unzip
from transfergui.core.dataset import (
    DataOptions,
    Dataset,
    Problem,
    Sample,
    SplitName,
    file_of,
    part_of,
)
from transfergui.core.errors import UserError
from transfergui.core.i18n import N_
from transfergui.core.modalities import ScanProgress, duplicates, layouts, rows, scanning
from transfergui.core.modalities.layouts import Listing, Wanted, extension
from transfergui.core.modalities.manifest import NO_LABEL, SPLITS
from transfergui.core.modalities.scanning import Findings, Media
from transfergui.core.modalities.text import MOST_TOKENS, TextData, TextInput, tables, tokens
from transfergui.core.modalities.text.tables import Columns, Table
from transfergui.core.modalities.walk import Walk, joined

WANTED = Wanted(N_("texts"), frozenset({".txt"}))
PROGRESS_EVERY = 1000
MAX_CLASSES = 1000
"""A column with more different values tells no classes."""
MAX_BYTES = 16_000_000
"""Of a file, of which only the beginning is seen anyway."""
PROBED, BINARY = 4096, 0.1
"""Share, of so many characters at the beginning, of what no text has; with more, a file is none."""
READABLE = WANTED.extensions | rows.SUFFIXES
EXAMPLE = 60
"""Characters of a text that are shown as an example."""

WORD = re.compile(r"\w")
MARKUP = re.compile(tokens.MARKUP)
HIDDEN = re.compile(tokens.CONTROL.replace("\ufffd", ""))

PIECE = re.compile(f"[{tokens.UNSPACED}]|[^\\W_{tokens.UNSPACED}]+|[^\\w\\s]")
"""A word, a sign, or a character of a script that sets no spaces between words."""
PER_PIECE = 1.2
"""Tokens of a network for one of them: rare words are cut up."""
AROUND = 2
"""Tokens that networks want around a text."""
PERCENTILE = 98.0
"""Of 100 texts, so many are seen whole."""
FEWEST_TOKENS = 16
STEP = 8
MEASURED = 4000
"""Texts whose length is looked at."""

Opened = list[tuple[str, SplitName | None]]
"""Tables by their path below the root, each with the split that its name says."""


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.modalities.Modality.scan`."""
    asked = opt.check(options.options, TextData, "data.options")
    root, opened, unused = _tables(layouts.existing(options.path), progress)
    if not opened:
        return _scan_files(options, asked, progress)
    found = _Rows(root, asked, progress)
    found.read(opened)
    listing = found.listing()
    if unused:
        values = {"count": len(unused)}
        listing.problems.append(Problem("text.more_tables", unused[0], values=values))
    if options.test:
        layouts.add_test(listing, _test(options.test, found.reading, progress))
        listing.samples.sort(key=attrgetter("path"))
    if not listing.samples:
        raise found.nothing(options.path)
    texts = _compared(listing, found.reading)
    notes = Notes()
    for sample, text in zip(listing.samples, texts, strict=True):
        notes.look(sample.path, text)
    listing.problems += notes.problems()
    findings = found.findings(suitable_tokens(texts))
    return scanning.concluded(options, listing, "text", WANTED.noun, findings)


def _test(path: str, asked: TextData, progress: ScanProgress) -> Listing:
    """What a separate test set lists."""
    root, opened, _unused = _tables(layouts.existing(path), progress)
    if not opened:
        return layouts.read(DataOptions(path=path), WANTED, progress)
    found = _Rows(root, asked, progress)
    found.read(opened)
    return found.listing()


# -- files of text


def _scan_files(options: DataOptions, asked: TextData, progress: ScanProgress) -> Dataset:
    """A folder of texts per class, or a list that names the files."""
    noted: list[tuple[str, str, str]] = []
    some: list[str] = []

    def inspect(path: str) -> Sequence[Problem]:
        try:
            text = read_file(Path(path), asked.encoding)
        except UserError as error:
            return (Problem(error.code, path, values=error.values),)
        if not tokens.clean(text):
            return (Problem("text.empty_file", path),)
        noted.extend((path, code, text[:EXAMPLE]) for code in remarkable(text))
        if len(some) < MEASURED:
            some.append(text)
        return ()

    def arrange(listing: Listing) -> Findings:
        notes = Notes()
        for path, code, text in sorted(noted):
            notes.count(code, os.path.relpath(path, listing.root), text)
        listing.problems += notes.problems()
        return Findings(input=_input(asked, suitable_tokens(some)))

    return scanning.scan(options, Media("text", WANTED, inspect, arrange=arrange), progress)


def _input(reading: TextData, count: int) -> dict[str, Any]:
    return {
        "tokens": count,
        "text_column": reading.text_column,
        "label_column": reading.label_column,
        "encoding": reading.encoding,
    }


# -- which tables there are


def _tables(source: Path, progress: ScanProgress) -> tuple[Path, Opened, list[str]]:
    """The root, the tables of texts, none where files hold a text each or are listed; and the
    names of tables that are not used."""
    if source.is_dir():
        return source, *_tables_below(source)
    if extension(source.name) in rows.SUFFIXES:
        return source.parent, [] if _lists_files(source) else [(source.name, None)], []
    if layouts.is_zip(source):
        root = unzip.unpacked(source, progress)
        return root, *_tables_below(root)
    return source.parent, [], []


def _tables_below(root: Path) -> tuple[Opened, list[str]]:
    """The tables nearest to the root, only those named train, test ... where one is so named; and
    the names of the others."""
    homes: set[str] = set()
    found: list[str] = []
    for folder in Walk(root):
        found += (joined(folder.path, n) for n in folder.files if extension(n) in rows.SUFFIXES)
        homes |= {folder.path for name in folder.files if WANTED.has_extension(name)}
    if len(homes - {""}) > 1:  # a folder per class
        return [], []
    nearest = min((path.count("/") for path in found), default=0)
    names = sorted(path for path in found if path.count("/") == nearest)
    near = [(name, _split_of(name)) for name in names if not _lists_files(root / name)]
    named = any(split == "train" for _, split in near)
    opened = [(name, split if named else None) for name, split in near if split or not named]
    deeper = (path for path in found if path.count("/") > nearest)
    return opened, [name for name, split in near if named and not split] + sorted(deeper)


def _split_of(name: str) -> SplitName | None:
    """``train.tsv`` and ``reviews-test.csv`` say what they are for."""
    words = re.split(r"[^a-z]+", Path(name).stem.lower())
    return next((SPLITS[word] for word in words if word in SPLITS), None)


def _lists_files(path: Path) -> bool:
    """Whether what should be texts are names of files."""
    try:
        table = tables.read(path)
    except OSError:
        return False  # told where it is read
    column = table.columns().text
    cells = [cells[column] for cells in table.sampled if column is not None and column < len(cells)]
    named = sum(WANTED.has_extension(cell.strip()) for cell in cells)
    return named * 2 > len(cells)


# -- from rows to samples


class _Rows:
    """Turns the rows of tables into samples.

    Args:
        root: the folder that paths are relative to.
    """

    def __init__(self, root: Path, asked: TextData, progress: ScanProgress) -> None:
        self._root = root
        self._asked = asked
        self._progress = progress
        self._samples: list[Sample] = []
        self._problems: list[Problem] = []
        self._labels: dict[str, int] = {}
        self._first: tuple[Table, Columns] | None = None

    def read(self, opened: Opened) -> None:
        """Add the rows of these tables.

        Raises:
            UserError: ``data.unreadable``, ``text.one_column``, ``text.too_many_classes``.
        """
        for name, split in opened:
            try:
                table = tables.read(self._root / name, self._asked.encoding)
            except OSError as error:
                path = str(self._root / name)
                raise UserError("data.unreadable", path=path, reason=error.strerror) from error
            reading = self.reading
            columns = table.columns(reading.text_column, reading.label_column, reading.header)
            if columns.text is None or columns.label is None:
                raise UserError("text.one_column", path=str(self._root / name))
            for wanted in (reading.text_column, reading.label_column):
                if wanted and columns.place(wanted) is None:
                    values = {"column": wanted, "found": ", ".join(columns.names)}
                    self._problems.append(Problem("text.no_column", name, False, values))
            self._first = self._first or (table, columns)
            self._add(name, split, table, columns)

    def listing(self) -> Listing:
        self._samples.sort(key=attrgetter("path"))
        return Listing(self._root, self._samples, list(self._labels), self._problems)

    def nothing(self, path: str) -> UserError:
        """Why there is no sample at all."""
        why = " ".join(problem.sentence() for problem in self._problems[:1])
        return UserError("data.manifest_empty", path=path, why=why)

    @property
    def reading(self) -> TextData:
        """What the user chose; once a table was read, with the columns found there."""
        if self._first is None:
            return self._asked
        columns = self._first[1]
        found = {
            "text_column": columns.name(columns.text),
            "label_column": columns.name(columns.label),
        }
        return msgspec.structs.replace(self._asked, **found)

    def findings(self, count: int) -> Findings:
        """How the tables were read; ``count`` tokens suit the texts."""
        assert self._first is not None
        table, columns = self._first
        reading = self.reading
        chosen = {
            "text_column": reading.text_column,
            "label_column": reading.label_column,
            "header": "yes" if columns.header else "no",
            "encoding": table.encoding,
        }
        names = {name: _described(table, columns, at) for at, name in enumerate(columns.names)}
        choices = {"text_column": names, "label_column": names}
        return Findings(_input(reading, count), chosen, choices)

    def _add(self, name: str, split: SplitName | None, table: Table, columns: Columns) -> None:
        reasons = rows.Reasons(name)
        for number, line in table.broken:
            reasons.count("rows.broken", number, line)
        size = (self._root / name).stat().st_size
        groups: dict[str, str] = {}
        numbers = iter(table.rows)
        if columns.header and table.keys is None:
            next(numbers, None)
        for number in numbers:
            why = self._refusal(table, columns, number)
            if why:
                reasons.count(why, number, " ".join(table.rows[number]))
                continue
            label = table.cell(number, columns.label)
            group = table.cell(number, columns.group)
            sample = Sample(
                f"{name}#{number}",
                self._labels.setdefault(label, len(self._labels)),
                size,
                groups.setdefault(group, group) if group else None,
                split or self._split(table.cell(number, columns.split), number, reasons),
            )
            self._samples.append(sample)
            if not len(self._samples) % PROGRESS_EVERY:
                self._progress(len(self._samples))
        if len(self._labels) > MAX_CLASSES:
            column = columns.name(columns.label)
            raise UserError("text.too_many_classes", path=name, column=column)
        self._problems += reasons.problems()

    def _refusal(self, table: Table, columns: Columns, number: int) -> str | None:
        """Why this row cannot be used, as a code."""
        if any(cell.strip() for cell in table.rows[number][table.width :]):
            return "rows.wide"
        if table.cell(number, columns.label).lower() in NO_LABEL:
            return "rows.no_label"
        return None if tokens.clean(table.cell(number, columns.text)) else "rows.no_text"

    @staticmethod
    def _split(word: str, number: int, reasons: rows.Reasons) -> SplitName | None:
        known = SPLITS.get(word.lower())
        if word and known is None:
            reasons.count("rows.split_unknown", number, word, left_out=False)
        return known


def _described(table: Table, columns: Columns, at: int) -> str:
    """What a column is called where people choose one: its name, else what stands in it."""
    name = columns.names[at]
    if not name.isdecimal():
        return name
    example = next((row[at].strip() for row in table.sampled if len(row) > at), "")
    return f"{name}: {example[:EXAMPLE]}" if example else name


# -- texts among each other


def _compared(listing: Listing, asked: TextData) -> list[str]:
    """The texts of the samples, once those that are there twice are dealt with.

    One text with several labels is left out, copies are kept together by groups.
    """
    texts = [read(listing.root / sample.path, asked) for sample in listing.samples]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        places[tokens.clean(text)].append(at)
    samples, notes, dropped = listing.samples, Notes(), set()
    copies = []
    for text, same in places.items():
        if len({samples[at].label for at in same}) > 1:
            dropped.update(same)
            notes.count("text.two_labels", samples[same[0]].path, text, len(same), left_out=True)
        elif len(same) > 1:
            across = len({samples[at].split for at in same}) > 1
            code = "text.repeated_across" if across else "text.repeated"
            notes.count(code, samples[same[1]].path, text, len(same) - 1)
            copies.append(same)
    duplicates.grouped(samples, copies)
    listing.problems += notes.problems()
    listing.samples = [sample for at, sample in enumerate(samples) if at not in dropped]
    return [text for at, text in enumerate(texts) if at not in dropped]


class Notes:
    """What is to be said about texts: one problem for each reason, with the first example."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, Problem] = {}

    def look(self, path: str, text: str) -> None:
        """Count whatever is remarkable about one text."""
        for code in remarkable(text):
            self.count(code, path, text)

    def count(
        self, code: str, path: str, text: str, number: int = 1, left_out: bool = False
    ) -> None:
        self._counts[code] += number
        if code not in self._first:
            values = {"first": path, "value": tokens.clean(text[: 4 * EXAMPLE])[:EXAMPLE]}
            self._first[code] = Problem(code, file_of(path), left_out, values)

    def problems(self) -> list[Problem]:
        return [
            Problem(p.code, p.path, p.left_out, {"count": self._counts[p.code], **p.values})
            for p in self._first.values()
        ]


# -- looking at texts


def remarkable(text: str) -> Iterator[str]:
    """Codes of what is worth a note about a text that is used."""
    if "<" in text and MARKUP.search(text):
        yield "text.markup"
    if not text.isprintable() and HIDDEN.search(text):
        yield "text.control"
    if "\ufffd" in text:
        yield "text.undecodable"
    if not WORD.search(text):
        yield "text.no_words"
    if len(text) > MOST_TOKENS and expected_tokens(text) > MOST_TOKENS:
        yield "text.long"


def expected_tokens(text: str) -> float:
    """About as many tokens as a network's own tokenizer will make of a text."""
    return AROUND + PER_PIECE * sum(1 for _ in PIECE.finditer(text[: MOST_TOKENS * tokens.LONGEST]))


def suitable_tokens(texts: Sequence[str]) -> int:
    """How many tokens hold nearly all of the texts."""
    step = max(1, len(texts) // MEASURED)
    lengths = [expected_tokens(text) for text in texts[::step]]
    wanted = float(np.percentile(lengths, PERCENTILE)) if lengths else 0.0
    steps = int(np.ceil(wanted / STEP))
    return min(MOST_TOKENS, max(FEWEST_TOKENS, STEP * steps))


# -- reading


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
    found = tables.found_encoding(data) if marked or encoding == "auto" else encoding
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
    file, number = part_of(os.fspath(path))
    if number is None or extension(file) not in rows.SUFFIXES:
        return read_file(path, input.encoding)
    return _row(file, number, input)


def _row(file: str, number: int, input: TextInput | TextData) -> str:
    try:
        table = tables.read(Path(file), input.encoding)
    except OSError:
        raise UserError("input.vanished", path=file) from None
    column = table.columns(input.text_column, input.label_column).text
    try:
        return table.cell(number, column)
    except KeyError:
        raise UserError("text.no_row", path=file, row=number) from None


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
        return Problem(error.code, str(path), values=error.values)
    return None if tokens.clean(text) else Problem("text.empty_file", str(path))


def list_files(paths: Sequence[Path], input: TextInput) -> Iterator[Path]:
    """The texts in ``paths``: rows of tables, files, and both below folders."""
    for path in paths:
        if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises on too long names
            yield from _parts(path, input)
            continue
        below = (joined(folder.path, name) for folder in Walk(path) for name in folder.files)
        for name in sorted(name for name in below if extension(name) in READABLE):
            yield from _parts(path / name, input)


def _parts(path: Path, input: TextInput) -> Iterable[Path]:
    if extension(path.name) not in rows.SUFFIXES:
        return (path,)
    try:
        table = tables.read(path, input.encoding)
    except OSError:
        return (path,)  # whoever loads it says what is wrong
    columns = table.columns(input.text_column, input.label_column)
    first = 1 if columns.header and table.keys is None else 0
    numbers = list(table.rows)[first:]
    return (Path(f"{path}#{number}") for number in numbers if table.cell(number, columns.text))
