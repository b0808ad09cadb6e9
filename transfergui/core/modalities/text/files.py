"""Finding texts: rows of tables, or a folder of ``.txt`` files per class; and reading one."""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import heapq
import itertools
import os
import re
import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from transfergui.core.base import options as opt
from transfergui.core.base import unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.data import labels
from transfergui.core.data.dataset import (
    NO_GROUP,
    DataOptions,
    Dataset,
    Problem,
    Sample,
    SplitName,
    file_of,
    part_of,
)
from transfergui.core.data.rows import OwnRow
from transfergui.core.interfaces import ScanProgress
from transfergui.core.modalities.text import languages, near, tokens
from transfergui.core.modalities.text.modality import MOST_TOKENS, TextData, TextInput
from transfergui.core.reading import scanning
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.files import duplicates, foreign
from transfergui.core.reading.files.duplicates import Comparison
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.names.kinds import kind_of
from transfergui.core.reading.names.words import COPIES, words
from transfergui.core.reading.parsing import headings, parser
from transfergui.core.reading.parsing.columns import Columns
from transfergui.core.reading.parsing.table import ALL_SHEETS, SAMPLED, Table
from transfergui.core.reading.scanning import Findings, Media
from transfergui.core.reading.sources import reader
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables import (
    column_names,
    joins,
    label_columns,
    row_notes,
    table_files,
)
from transfergui.core.reading.tables.asked import ALL_TABLES, FILL, fills
from transfergui.core.reading.tables.cells import NO_LABEL, separator, split_value
from transfergui.core.reading.tables.labelled_listings import columns_may_group
from transfergui.core.reading.tables.openings import below_folder_of, names_files_of
from transfergui.core.reading.tables.parts import PART_WORDS, with_evaluation
from transfergui.core.reading.tables.questions import (
    require_different,
    sheets_of,
    unknown_sheet,
    whether_filled,
    which_column,
    which_sheet,
)
from transfergui.core.reading.tables.row_notes import Reasons

WANTED = Wanted(N_("texts"), frozenset({".txt"}))
PROGRESS_EVERY = 1000
MAX_CLASSES = 1000
"""A column with more different values tells no classes."""
MAX_BYTES = 16_000_000
"""Of a file, of which only the beginning is seen anyway."""
PROBED, BINARY = 4096, 0.1
"""Share, of so many characters at the beginning, of what no text has; with more, a file is none."""
READABLE = WANTED.extensions | table_files.SUFFIXES
NAMED = 5
"""Tables that are named where more are meant."""
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
"""Texts whose length is measured: of more, a random choice."""

SAME = 0.5
"""The share of its texts that a table has in common with another one to be about the same."""
SENTENCE = 15
"""Characters; a column without a longer cell is called texts only where its name says so."""
TEXT_FILES = ("text", "texts", "sentences", "sentence", "inputs", "data", "x")
LABEL_FILES = ("label", "labels", "classes", "targets", "y")
"""Words in the names of two files of which one says the classes of the other, line by line."""
FEWEST_ROWS = 3
"""In so many rows at least, a column with another value in each tells no classes."""
COPY_WORDS = COPIES | {"copy", "copia", "copie", "kopia", "alt", "alte", "vecchio"}
ACROSS = {"text.repeated": "text.repeated_across", "text.near": "text.near_across"}
OF_GROUPS = {"text.repeated": "text.repeated_groups", "text.near": "text.near_groups"}
"""What is said of copies in several parts of the data, and of several groups."""
FEW_LISTS, LIST_LINES, LIST_LENGTH = 20, 9, 400
"""So few text files with so many lines, of so many characters on average, may be lists of texts."""
FEW = 50
"""Text files; among more, none is looked for whose lines begin with their classes."""


class Opened(NamedTuple):
    """A table of texts, by its path below the root; with the split or the class that its name
    says."""

    name: str
    split: SplitName | None = None
    label: str | None = None


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.interfaces.Modality.scan`."""
    asked = opt.check(options.options, TextData, "data.options")
    root, opened, unused = _tables(reader.existing(options.path), asked, progress)
    if not opened:
        return _scan_files(options, asked, progress)
    _refuse_of_files(options.path, asked, opened)
    found = _Rows(root, asked, progress)
    found.read(opened)
    listing = found.listing()
    listing.problems += unused
    if options.test:
        reader.add_test(listing, _test(options.test, found.reading, progress))
        listing.samples.sort(key=attrgetter("path"))
    if not listing.samples:
        raise found.nothing(options.path)
    class_names.unify(listing, options, WANTED.noun)
    scanning.note_groups_in_parts(listing, WANTED.noun)
    texts = _compared(listing, options, found.reading)
    notes = Notes()
    for sample, text in zip(listing.samples, texts, strict=True):
        notes.look(sample.path, text)
    listing.problems += notes.problems()
    findings = found.findings(suitable_tokens(texts), _together(opened))
    findings = replace(findings, languages=languages.of_texts(texts))
    return scanning.concluded(options, listing, "text", WANTED.noun, findings)


def _refuse_of_files(path: str, asked: TextData, opened: Sequence[Opened]) -> None:
    """
    Raises:
        UserError: ``data.option_of_files``: an option is set that only means something where each
            file is a text.
    """
    table = () if asked.table in (ALL_TABLES, *(each.name for each in opened)) else ("table",)
    for name in ("layout", "split_folders", "path_column", *table):
        if getattr(asked, name) and not asked.keep_untrained:
            raise UserError("data.option_of_files", path=path, name=f"data.options.{name}")


def _test(path: str, asked: TextData, progress: ScanProgress) -> Listing:
    """What a separate test set lists."""
    root, opened, _unused = _tables(reader.existing(path), asked, progress)
    if not opened:
        return reader.read(DataOptions(path=path), WANTED, progress)
    found = _Rows(root, asked, progress, lenient=True)
    found.read(opened)
    return found.listing()


# -- files of text


def _scan_files(options: DataOptions, asked: TextData, progress: ScanProgress) -> Dataset:
    """A folder of texts per class, or a list that names the files.

    Raises:
        UserError: ``data.option_of_tables``.
    """
    if asked.text_column and not asked.keep_untrained:
        raise UserError("data.option_of_tables", path=options.path, name="data.options.text_column")
    _refuse_by_lines(Path(options.path))
    looked = _Looked(asked)
    media = Media("text", WANTED, looked.inspect, looked.compare, looked.arrange, looked.identical)
    return scanning.scan(options, media, progress)


class _Looked:
    """What one scan has seen of texts in files."""

    def __init__(self, asked: TextData) -> None:
        self._asked = asked
        self._noted: list[tuple[str, str, str]] = []
        self._some = SomeTexts()
        self._said: dict[str, bytes] = {}

    def inspect(self, path: str) -> Sequence[Problem]:
        """What is wrong with one text; on several threads."""
        try:
            text = read_file(Path(path), self._asked.encoding)
        except UserError as error:
            return (Problem(error.code, path, values=error.values),)
        plain = tokens.clean(text)
        if not plain:
            return (Problem("text.empty_file", path),)
        said = plain.encode("utf-8", "surrogatepass")
        self._said[path] = hashlib.blake2b(said, digest_size=16).digest()
        self._noted.extend((path, code, text[:EXAMPLE]) for code in remarkable(text))
        self._some.add(text)
        return ()

    def arrange(self, listing: Listing) -> Findings:
        """Notes of all together, and what suits them."""
        notes = Notes()
        for path, code, text in sorted(self._noted):
            notes.count(code, os.path.relpath(path, listing.root), text)
        listing.problems += notes.problems()
        found = self._some.texts()
        return Findings(
            input=_input(self._asked, suitable_tokens(found)), languages=languages.of_texts(found)
        )

    def identical(self, root: str, samples: Sequence[Sample], _done: object) -> list[list[int]]:
        """The same to read, whatever ends their lines and whatever their encoding."""
        places: defaultdict[bytes, list[int]] = defaultdict(list)
        for at, sample in enumerate(samples):
            places[self._said[f"{root}/{sample.path}"]].append(at)
        return [same for same in places.values() if len(same) > 1]

    def compare(self, root: str, samples: Sequence[Sample], _done: object) -> Comparison | None:
        """Nearly the same; None where there are too many."""
        if len(samples) > near.MOST:
            return None
        texts = [read_file(Path(root, sample.path), self._asked.encoding) for sample in samples]
        return Comparison(_near_of_one_class(samples, texts))


def _refuse_by_lines(root: Path) -> None:
    """
    Raises:
        UserError: ``text.by_lines``: one file holds texts and another their classes, line by line.
    """
    if not root.is_dir():
        return
    named = (joined(folder.path, name) for folder in Walk(root) for name in folder.files)
    texts = list(itertools.islice(filter(WANTED.has_extension, named), FEW + 1))
    if len(texts) > FEW:  # and no more of them are listed
        return
    other = {tuple(words(name)): name for name in texts}
    for name in texts:
        said = words(name)
        for label in LABEL_FILES if set(said) & set(TEXT_FILES) else ():
            labels = other.get(tuple(label if word in TEXT_FILES else word for word in said))
            if labels in (None, name):
                continue
            counts = {_lines_in(root / each) for each in (name, labels)}
            if len(counts) == 1 and counts.pop() > FEWEST_ROWS:
                raise UserError("text.by_lines", path=str(root), text=name, labels=labels)


def _lines_in(path: Path) -> int:
    try:
        return len(path.read_bytes()[:MAX_BYTES].splitlines())
    except OSError:
        return 0


def _input(reading: TextData, count: int) -> dict[str, Any]:
    return {
        "tokens": count,
        "text_column": reading.text_column,
        "label_column": reading.label_column,
        "encoding": reading.encoding,
        "sheet": reading.sheet,
    }


# -- which tables there are


def _tables(
    source: Path, asked: TextData, progress: ScanProgress
) -> tuple[Path, list[Opened], list[Problem]]:
    """The root, the tables of texts, none where files hold a text each or are listed; and what is
    to be said of tables that are not used.

    Raises:
        Question: ``text.table_classes``, ``text.table_parts``.
    """
    if source.is_dir():
        return source, *_tables_below(source, asked)
    if extension(source.name) in table_files.SUFFIXES or table_files.is_table(source):
        of_files = _lists_files(source) or names_files_of(
            source, [name for name in below_folder_of(source) if WANTED.has_extension(name)]
        )
        return source.parent, [] if of_files else [Opened(source.name)], []
    if reader.is_zip(source):
        root = unzip.unpacked(source, progress)
        try:
            return root, *_tables_below(root, asked)
        except UserError as error:  # people know the zip, not where it was unpacked
            if error.values.get("path") == str(root):
                error.values["path"] = str(source)
            raise
    return source.parent, [], []


def _tables_below(root: Path, asked: TextData) -> tuple[list[Opened], list[Problem]]:
    """The tables nearest to the root, and what is to be said of those that are not used."""
    every = _all_tables(root)
    found = _of_texts(root, every, asked)
    nearest = min((path.count("/") for path in found), default=0)
    names = sorted(path for path in found if path.count("/") == nearest)
    near = [name for name in names if not _lists_files(root / name)]
    opened = _understood(root, near, asked)
    if not opened:
        return [], []
    used = {table.name for table in opened}
    deeper = sorted(path for path in found if path.count("/") > nearest)
    others = sorted(set(every) - set(found))
    files = sorted(joined(folder.path, name) for folder in Walk(root) for name in folder.files)
    told = _texts_beside(files, used)
    for code, unused in (
        ("text.more_tables", [name for name in near if name not in used] + deeper),
        ("text.no_texts", others),
    ):
        if unused:
            values = {"count": len(unused), "names": _enumerated(unused)}
            told.append(Problem(code, unused[0], values=values))
    return opened, told + _no_tables(root, files)


def _texts_beside(files: Sequence[str], used: Container[str]) -> list[Problem]:
    """Text files beside the tables that are ``used``, which are not read."""
    names = [name for name in files if WANTED.has_extension(name) and name not in used]
    if not names:
        return []
    values = {"count": len(names), "names": _enumerated(names)}
    return [Problem("text.files_beside", names[0], values=values)]


def _of_texts(root: Path, names: Sequence[str], asked: TextData) -> Sequence[str]:
    """Those of several tables that hold texts and classes, or have their column of texts; all
    where none does.

    Raises:
        Question: ``data.which_table``: they have different columns.
        UserError: ``data.unknown_table``.
    """
    known = (*names, *([ALL_TABLES] if len(names) > 1 else []))
    if asked.table and asked.table not in known and not asked.keep_untrained:
        raise UserError("data.unknown_table", name=asked.table, found=", ".join(names) or "-")
    if not 1 < len(names) <= FEW or asked.tables == "classes":
        return names
    read = {name: found for name in names if (found := _columns_of(root / name, asked))}
    works = [name for name in read if _works(read[name][0], asked)]
    kinds: defaultdict[tuple[bool, str, str], list[str]] = defaultdict(list)
    for name in works:
        at = read[name][1]
        kinds[at.header, at.name(at.text), at.name(at.label)].append(name)
    chosen = [several for several in kinds.values() if asked.table in (*several, ALL_TABLES)]
    if not works or (asked.table and not chosen):
        return [asked.table] if asked.table in names else names
    if len(kinds) > 1 and not chosen and asked.tables == "auto":
        raise _which_table(root, list(kinds.values()), read)
    used = chosen or list(kinds.values())
    texts = {read[name][1].name(read[name][1].text) for several in used for name in several}
    others = set(works) - {name for several in used for name in several}
    return [
        name
        for name in names
        if name not in others and (name not in read or texts & set(read[name][1].names))
    ]


def _which_table(
    root: Path, kinds: Sequence[Sequence[str]], read: Mapping[str, tuple[Table, Columns]]
) -> Question:
    """Which of several tables with different columns holds the texts?

    Args:
        kinds: the names of tables that belong together.
        read: every table by its name.
    """

    def likely(names: Sequence[str]) -> tuple[bool, bool, int]:
        columns = read[names[0]][1]
        return columns.text_named, columns.labelled, sum(len(read[n][0].rows) for n in names)

    choices = {
        names[0]: _("{names}: texts in “{text}”").format(
            names=_enumerated(names), text=read[names[0]][1].name(read[names[0]][1].text)
        )
        for names in sorted(kinds, key=likely, reverse=True)
    }
    return Question(
        "text.which_table",
        setting="data.options.table",
        choices=choices,
        guess=next(iter(choices)),
        path=str(root),
    )


def _no_tables(root: Path, files: Sequence[str]) -> list[Problem]:
    """What is to be said of JSON files that are no tables, and of files that are not read."""
    found = [name for name in files if extension(name) == ".json"]
    why = {name: error for name in found[:FEW] if (error := _why_unread(root / name))}
    return [
        Problem("data.table_unread", name, left_out=False, values={"why": str(error)})
        for name, error in why.items()
    ] + [
        Problem("data.foreign", ".", values={"why": sentence})
        for sentence in foreign.sentences(Counter(map(extension, files)))
    ]


def _why_unread(path: Path) -> UserError | None:
    try:
        table_files.read(path)
    except UserError as error:
        return error
    except OSError:
        pass
    return None


def _works(table: Table, asked: TextData) -> bool:
    """Whether a table holds different texts, and classes that come again."""
    table = label_columns.with_marks(table)
    columns = _columns(table, asked)
    rows = list(table.below(columns.header))[:SAMPLED]
    texts = [cell for n in rows if (cell := table.cell(n, columns.text))]
    if len(texts) < 2 or _lacking(asked, columns):
        return False
    longest = max(map(len, texts))
    if 2 * len(set(texts)) < len(texts) or not (columns.text_named or longest >= SENTENCE):
        return False
    if columns.labelled:
        found = [cell for n in rows if (cell := table.cell(n, columns.label))]
        return 1 < len(set(found)) < len(found)
    return bool(_class_columns(table, columns, asked))


def _require_sheet(root: Path, opened: Sequence[Opened], asked: TextData) -> None:
    """
    Raises:
        UserError: ``data.unknown_sheet``: no table has the sheet that the user chose.
    """
    found: dict[str, None] = {}
    for source in opened:
        with contextlib.suppress(OSError, UserError):  # told where it is read
            table = table_files.read(root / source.name, asked.encoding)
            found |= dict.fromkeys((*table.sheets, table.sheet, ALL_SHEETS))
    if asked.sheet not in found:
        raise unknown_sheet(asked.sheet, list(found))


def _opened(path: Path, asked: TextData) -> Table:
    """What holds the texts, as of :func:`_chosen_sheet`, with the classes that its rows mark."""
    return label_columns.with_marks(_chosen_sheet(path, asked))


def _chosen_sheet(path: Path, asked: TextData) -> Table:
    """The sheet of a workbook, or list of a JSON file, that holds the texts; other files are one.

    Raises:
        Question: ``data.which_sheet``.
        OSError: it cannot be read.
    """
    table = table_files.read(path, asked.encoding, asked.sheet, asked.text_column)
    if not table.sheets or asked.sheet in (*table.sheets, ALL_SHEETS):
        return table
    shown = [each for each in table.sheets.values() if not each.hidden]
    working = [each for each in shown if _works(each, asked)]
    whole = table.of_sheet(ALL_SHEETS)
    several = len(whole.parts) > 1 and _works(whole, asked)
    if several and whole.divides:
        return whole
    if len(working) + several < 2 and working:
        return working[0]
    if not several and not working:
        return table
    working.sort(key=lambda each: -len(each.rows))
    if asked.sheet:  # of another table
        return whole if several else working[0]
    raise which_sheet(path.name, [*([whole] if several else []), *(working or [table])])


def _all_tables(root: Path) -> list[str]:
    """Every table below the root; none where there is a folder of text files per class."""
    named: list[str] = []
    texts: list[str] = []
    for folder in Walk(root):
        for name in folder.files:
            if extension(name) in table_files.SUFFIXES:
                named.append(joined(folder.path, name))
            elif WANTED.has_extension(name) and not foreign.is_note(name, extension(name)):
                texts.append(joined(folder.path, name))
    labelled = (
        [path for path in texts if table_files.is_table(root / path)] if len(texts) <= FEW else []
    )
    homes = {path.rpartition("/")[0] for path in set(texts) - set(labelled)}
    beside = {path.rpartition("/")[0] for path in named}  # with notes, or rows as they were
    if len(homes - {"", *beside}) > 1:
        return []
    found = [path for path in named if table_files.is_table(root / path)] + labelled
    if texts and not found and len(homes) < 2 and not set(texts) - set(_lists(root, texts)):
        return texts
    return found or [path for path in named if not texts and _holds_one_text(root / path)]


def _lists(root: Path, texts: Sequence[str]) -> list[str]:
    """Those of a few text files that are called by words and have many short lines: lists of
    texts, one on each line, rather than a text each."""
    if not 1 < len(texts) <= FEW_LISTS:
        return []
    worded = [path for path in texts if kind_of(Path(path).stem) == "word"]
    return [path for path in worded if not re.search(r"\d", path) and _is_list(root / path)]


def _is_list(path: Path) -> bool:
    try:
        lines = [line for line in read_file(path).splitlines() if line.strip()]
    except UserError:
        return False
    return len(lines) >= LIST_LINES and sum(map(len, lines)) <= LIST_LENGTH * len(lines)


def _holds_one_text(path: Path) -> bool:
    """Whether a JSON file is a table of a single text, by the names of its columns."""
    try:
        table = table_files.read(path)
    except (OSError, UserError):
        return False
    columns = table.columns()
    return len(table.rows) == 1 and columns.labelled and columns.text_named


def _understood(root: Path, names: Sequence[str], asked: TextData) -> list[Opened]:
    """What tables that lie side by side are to each other.

    Raises:
        Question: it cannot be told.
    """
    names = [name for name in names if name not in _copies(root, names, asked)]
    splits = _splits(names)
    how = asked.tables
    if how == "auto":
        how = "parts" if splits else "all"
        if len(names) > 1:
            _require_understood(root, names, splits, asked)
        if how == "all" and asked.table != ALL_TABLES and (same := _same_texts(root, names, asked)):
            if asked.table not in same:
                raise _whose_labels(root, same)
            names = [name for name in names if name == asked.table or name not in same]
    if how == "parts":
        first = sorted(splits.items(), key=lambda found: (found[1] != "train", found[0]))
        return [Opened(name, split) for name, split in first]  # the first one tells the columns
    if how == "classes":
        names = _lacking_labels(root, names, asked) or names
        stems = [Path(name).stem for name in names]
        if len(set(stems)) < len(stems):  # the same table in a folder for each class
            stems = [name.rpartition(".")[0] for name in names]
        return [Opened(name, label=stem) for name, stem in zip(names, stems, strict=True)]
    return [Opened(name) for name in names]


def _copies(root: Path, names: Sequence[str], asked: TextData) -> list[str]:
    """Tables that are called like another one, with a word for a copy beside (``shop - backup``),
    and hold mostly the same texts."""
    stems = {tuple(labels.words(name.rpartition(".")[0])): name for name in names}
    found = []
    for name in names:
        said = labels.words(name.rpartition(".")[0])
        other = stems.get(tuple(word for word in said if word not in COPY_WORDS))
        if other in (None, name) or name == asked.table:
            continue
        if _same_texts(root, [name, other], asked, lines=True):
            found.append(name)
    return found


def _together(opened: Sequence[Opened]) -> str:
    """What tables were taken for, as the option says it; empty where there is only one."""
    if len(opened) < 2:
        return ""
    if opened[0].label is not None:
        return "classes"
    return "parts" if opened[0].split else "all"


def _splits(names: Sequence[str]) -> dict[str, SplitName]:
    """Which parts the names of tables tell.

    A word such as ``train`` tells one where it is the whole name, or where another table has the
    same name but for it (``reviews-train``, ``reviews-test``, or ``train/reviews`` and
    ``test/reviews``). In ``train_reviews`` beside ``bus_reviews`` it may be what the texts are
    about.
    """
    spoken = {name: words(name.rpartition(".")[0]) for name in names}
    said = {
        name: next((PART_WORDS[word] for word in of_name if word in PART_WORDS), None)
        for name, of_name in spoken.items()
    }
    kinds: defaultdict[tuple[str, ...], set[SplitName]] = defaultdict(set)
    rests = {
        name: tuple(w for w in of_name if w not in PART_WORDS) for name, of_name in spoken.items()
    }
    for name, split in said.items():
        kinds[rests[name]] |= {split} if split else set()
    sure = {split for rest, splits in kinds.items() if not any(rest) or len(splits) > 1
            for split in splits}  # fmt: skip
    found = {name: split for name, split in said.items() if split}
    return with_evaluation(found) if "train" in sure else {}


def _lacking_labels(root: Path, names: Sequence[str], asked: TextData) -> list[str]:
    """Tables without labels, where most are such: rather a class each than one data set."""
    found = [name for name in names if _lacks_labels(root / name, asked)]
    return found if len(found) > max(1, len(names) / 2) else []


def _require_understood(
    root: Path, names: Sequence[str], splits: Mapping[str, SplitName], asked: TextData
) -> None:
    """Ask what cannot be told: whether tables without labels are classes; whether one that is
    called train is all that is learnt from, where others like it have other names."""
    others = [name for name in names if name not in splits]
    values = {"path": str(root), "count": len(others), "names": _enumerated(others)}
    lacking = [] if splits else _lacking_labels(root, names, asked)
    if lacking:
        values |= {"count": len(lacking), "names": _enumerated(lacking)}
    if lacking or (not splits and _of_other_kinds([root / name for name in names], asked)):
        choices = {
            "classes": _("Each table is a class, named after its file."),
            "all": _("All tables are one data set, with the labels in a column."),
        }
        setting = "data.options.tables"
        raise Question(
            "text.table_classes", setting=setting, choices=choices, guess="classes", **values
        )
    headers = {name: _names_of_columns(root / name, asked) for name in names}
    alike = [name for name in others if headers[name] in [headers[known] for known in splits]]
    if alike and len(splits) == 1:
        choices = {
            "all": _("All tables are one data set."),
            "parts": _("Only the table that is called train is used."),
        }
        raise Question(
            "text.table_parts",
            setting="data.options.tables",
            choices=choices,
            guess="all",
            name=next(iter(splits)),
            **values,
        )


def _same_texts(
    root: Path, names: Sequence[str], asked: TextData, lines: bool = False
) -> list[str]:
    """Tables that hold mostly the same texts, by the same columns: labelled by two people, say.

    Args:
        lines: also those that have nothing but texts.
    """
    texts: dict[str, set[str]] = {}
    if not 1 < len(names) <= FEW:
        return []
    for name in names:
        found = _columns_of(root / name, asked)
        if found and (lines or found[1].labelled) and found[1].text is not None:
            table, columns = found
            rows = list(table.below(columns.header))
            texts[name] = {tokens.clean(table.cell(row, columns.text)) for row in rows} - {""}
    same: set[str] = set()
    for one, other in itertools.combinations(texts, 2):
        least = min(len(texts[one]), len(texts[other]))
        if least > 1 and len(texts[one] & texts[other]) >= SAME * least:
            same |= {one, other}
    return sorted(same)


def _whose_labels(root: Path, names: Sequence[str]) -> Question:
    """Which of several tables of the same texts counts?"""
    both = _("All: a text with the same class everywhere counts once; others are left out.")
    choices = {ALL_TABLES: both} | {name: _("Only {name}").format(name=name) for name in names}
    return Question(
        "text.same_texts",
        setting="data.options.table",
        choices=choices,
        guess=ALL_TABLES,
        path=str(root),
        names=_enumerated(names),
    )


def _columns_of(path: Path, asked: TextData) -> tuple[Table, Columns] | None:
    """How a table would be read; None where it cannot be, which is told where it is."""
    try:
        table = table_files.read(path, asked.encoding, asked.sheet, asked.text_column)
    except (OSError, UserError):
        return None
    sheets = () if asked.sheet in table.sheets else table.sheets.values()
    table = next((each for each in sheets if not each.hidden and _works(each, asked)), table)
    table = label_columns.with_marks(table)
    return table, _columns(table, asked)


def _names_of_columns(path: Path, asked: TextData) -> tuple[str, ...]:
    found = _columns_of(path, asked)
    return found[1].names if found else ()


def _of_other_kinds(paths: Sequence[Path], asked: TextData) -> bool:
    """Whether the columns that may be classes, of which none is called so, say something else in
    each table: these are rather kinds of what the table is."""
    said: list[set[str]] = []
    for path in paths:
        found = _columns_of(path, asked)
        if found is None or found[1].labelled or not (places := _class_columns(*found, asked)):
            return False
        table, columns = found
        said.append({table.cell(n, places[0]) for n in table.below(columns.header)} - {""})
    return len(set().union(*said)) == sum(map(len, said))


def _lacks_labels(path: Path, asked: TextData) -> bool:
    """Whether no column tells classes: there is none, or its values hardly ever come again."""
    found = _columns_of(path, asked)
    if found is None or found[1].labelled:
        return False
    table, columns = found
    if _class_columns(table, columns, asked):
        return False
    cells = [row[columns.label] for row in table.sampled if len(row) > (columns.label or 0)] if (
        columns.label is not None) else []  # fmt: skip
    return 2 * len(set(cells)) >= len(cells)


def _class_columns(table: Table, columns: Columns, asked: TextData) -> list[int]:
    """Columns of a table without one that is called as labels are, which may be the classes."""
    guessed = None if asked.group_column else columns.group
    others = (columns.text, columns.split, columns.group)
    return label_columns.dividing(table, columns.header, others, guessed)


def _called_labels(table: Table, columns: Columns) -> list[int]:
    """The columns that are called as labels are, and tell the texts apart differently."""
    others = (columns.text, columns.split, columns.group)
    dividing = label_columns.dividing(table, columns.header, others)
    called = [at for at in dividing if headings.is_label(columns.names[at])]
    if columns.label is None or columns.label not in called:
        return []
    if column_names.is_ambiguous(columns.names[columns.label]):
        called = dividing
    return [columns.label, *(at for at in called if at != columns.label)]


def _with_one_label(name: str, table: Table, columns: Columns, asked: TextData) -> Columns:
    """``columns``, with the one that tells classes where none is called as labels are.

    Raises:
        Question: several may be classes, or one that is called like a group.
        UserError: ``text.too_many_classes``: none, as every row has a value of its own.
    """
    if asked.label_column:
        return columns
    if columns.labelled:
        places = _called_labels(table, columns)
        if len(places) > 1:
            raise which_column(name, table, columns.names, places)
        return columns
    places = _class_columns(table, columns, asked)
    if len(places) > 1 or (places and places[0] == columns.group):
        raise which_column(name, table, columns.names, places)
    if places and places[0] != columns.label:
        found = columns.names[places[0]]
        return _columns(table, msgspec.structs.replace(asked, label_column=found))
    cells = [table.cell(number, columns.label) for number in table.below(columns.header)]
    if not places and FEWEST_ROWS <= len(cells) == len(set(cells)):
        column = columns.name(columns.label)
        raise UserError("text.too_many_classes", path=name, column=column)
    return columns


def _enumerated(names: Sequence[str]) -> str:
    more = ", ..." if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _lists_files(path: Path) -> bool:
    """Whether what should be texts are names of files."""
    try:
        table = table_files.read(path)
    except (OSError, UserError):
        return False  # told where it is read
    column = table.columns().text
    cells = [cells[column] for cells in table.sampled if column is not None and column < len(cells)]
    named = sum(WANTED.has_extension(cell.strip()) for cell in cells)
    return named * 2 > len(cells)


# -- from rows to samples


TABLE_COLUMNS = ("text_column", "label_column", "split_column", "group_column")


def _columns(table: Table, asked: TextData) -> Columns:
    chosen = (asked.text_column, asked.label_column or table.marks, asked.header)
    found = table.columns(*chosen, asked.split_column, asked.group_column)
    if found.split is None and not asked.split_column:
        split = _split_column(table, found)
        found = table.columns(*chosen, split, asked.group_column) if split else found
    return found


def _split_column(table: Table, columns: Columns) -> str:
    """The column whose cells say training, validation or test, whatever it is called."""
    for at, name in enumerate(columns.names):
        if at in (columns.text, columns.group) or (at == columns.label and columns.labelled):
            continue
        cells = {cell for row in table.sampled if len(row) > at and (cell := row[at].strip())}
        parts = {split_value(name, cell) for cell in cells}
        if "train" in parts and len(parts) > 1 and None not in parts:
            return name
    return ""


def _lacking(asked: TextData, columns: Columns) -> list[str]:
    """The columns asked for that a table does not have."""
    wanted = [getattr(asked, key) for key in TABLE_COLUMNS]
    return [name for name in wanted if name not in ("", NO_GROUP) and columns.place(name) is None]


class _Rows:
    """Turns the rows of tables into samples.

    Args:
        root: the folder that paths are relative to.
        lenient: whether the columns asked for are those of another table, so that this one may
            lack them; it is noted.
    """

    def __init__(
        self, root: Path, asked: TextData, progress: ScanProgress, lenient: bool = False
    ) -> None:
        self._root = root
        self._asked = asked
        self._lenient = lenient or asked.keep_untrained
        self._progress = progress
        self._samples: list[Sample] = []
        self._problems: list[Problem] = []
        self._labels: dict[str, int] = {}
        self._first: tuple[Table, Columns] | None = None
        self._blank = 0

    def read(self, opened: Sequence[Opened]) -> None:
        """Add the rows of these tables.

        Raises:
            UserError: ``data.unreadable``, ``text.one_column``, ``text.too_many_classes``;
                ``tables.`` codes.
        """
        if self._asked.sheet and not self._lenient:
            _require_sheet(self._root, opened, self._asked)
        for source in opened:
            name = source.name
            try:
                table = _opened(self._root / name, self._asked)
            except OSError as error:
                path = str(self._root / name)
                raise UserError("data.unreadable", path=path, reason=error.strerror) from error
            reading = self.reading
            columns = _columns(table, reading)
            self._require_columns(name, table, columns)
            if not table.rows and not table.broken:
                raise UserError("data.table_no_rows", path=str(self._root / name))
            if self._first is None and source.label is None:
                columns = _with_one_label(name, table, columns, reading)
            if columns.text is None or (columns.label is None and source.label is None):
                raise UserError("text.one_column", path=str(self._root / name))
            if self._unlabelled(columns):
                values = {
                    "column": reading.label_column,
                    "count": len(list(table.below(columns.header))),
                }
                self._problems.append(Problem("text.unlabelled", name, values=values))
                continue
            for wanted in _lacking(reading, columns):
                values = {"column": wanted, "found": ", ".join(columns.names)}
                self._problems.append(Problem("text.no_column", name, False, values))
            if source.label is None:
                table = self._whole_blocks(name, table, columns)
            if self._first is None and columns.group is None and columns.split is None:
                self._problems += self._may_group(table, columns)
            self._first = self._first or (table, columns)
            self._add(source, table, columns)
            told = any("\ufffd" in label for label in self._labels)  # texts are looked at later
            notes = row_notes.notes(table, name)
            self._problems += (each for each in notes if told or each.code != row_notes.BROKEN)

    def _may_group(self, table: Table, columns: Columns) -> Iterable[Problem]:
        """That columns may say whose texts these are, where nobody said anything of that."""
        if self._asked.group_column or self._lenient:
            return ()
        return columns_may_group(table, columns, (columns.text, columns.split))

    def _whole_blocks(self, name: str, table: Table, columns: Columns) -> Table:
        """``table``, where a class holds for the rows below it.

        Raises:
            Question: it may.
        """
        blank = joins.blank_below(table, columns.header, columns.label)
        self._blank += blank
        if not blank or self._lenient:
            return table
        if not self._asked.fill_down:
            raise whether_filled(name, columns.name(columns.label), blank)
        below = [at for at in (columns.label, columns.group) if at is not None]
        filled = self._asked.fill_down == FILL
        return joins.filled_down(table, columns.header, below) if filled else table

    def _require_columns(self, name: str, table: Table, columns: Columns) -> None:
        """
        Raises:
            UserError: ``data.unknown_column``: the user chose a column that the first table lacks;
                ``data.one_column_twice``: or one that is used for something else.
        """
        if self._first is not None or self._lenient:
            return
        path = str(self._root / name)
        for wanted in _lacking(self._asked, columns):
            found = ", ".join(columns.names)
            raise UserError("data.unknown_column", path=path, name=wanted, found=found)
        require_different(path, self._uses(table))

    def _uses(self, table: Table) -> dict[str, str]:
        """The column for each option: as the user chose it, else as it would be found if nothing
        were chosen."""
        asked = self._asked
        alone = table.columns(header=asked.header)
        found = {"text_column": alone.name(alone.text) if alone.text_named else ""}
        if alone.labelled or len(_class_columns(table, alone, TextData())) == 1:
            found["label_column"] = alone.name(alone.label)
        if not alone.labelled and asked.text_column:  # it may well be the guess that is wrong
            found["label_column"] = ""
        return {key: getattr(asked, key) or found.get(key, "") for key in TABLE_COLUMNS}

    def _unlabelled(self, columns: Columns) -> bool:
        """Whether the labels of the first table have a column with a name, and here they lack."""
        if self._first is None or columns.labelled or not columns.header:
            return False
        first = self._first[1]
        return first.labelled and first.header

    def listing(self) -> Listing:
        self._samples.sort(key=attrgetter("path"))
        return Listing(self._root, self._samples, list(self._labels), self._problems)

    def nothing(self, path: str) -> UserError:
        """Why there is no sample at all."""
        if not self._problems:
            return UserError("data.table_no_rows", path=path)
        return UserError("data.manifest_empty", path=path, why=self._problems[0].sentence())

    @property
    def reading(self) -> TextData:
        """What the user chose; once a table was read, with the columns found there."""
        if self._first is None:
            return self._asked
        columns = self._first[1]
        found = {
            "text_column": columns.name(columns.text),
            "label_column": columns.name(columns.label),
            "split_column": columns.name(columns.split) or self._asked.split_column,
            "group_column": columns.name(columns.group) or self._asked.group_column,
        }
        if self._first[0].sheets:
            found["sheet"] = self._first[0].sheet
        return msgspec.structs.replace(self._asked, **found)

    def findings(self, count: int, together: str) -> Findings:
        """How the tables were read.

        Args:
            count: tokens that suit the texts.
            together: what the tables are to each other; empty of a single one.
        """
        assert self._first is not None
        table, columns = self._first
        reading = self.reading
        chosen = {
            "text_column": reading.text_column,
            "label_column": "" if together == "classes" else reading.label_column,
            "header": "yes" if columns.header else "no",
            "encoding": table.encoding,
        }
        if together:
            chosen["tables"] = together
        if table.sheets:
            chosen["sheet"] = table.sheet
        if self._blank:
            chosen["fill_down"] = reading.fill_down
        if reading.table:
            chosen["table"] = reading.table
        names = {name: _described(table, columns, at) for at, name in enumerate(columns.names)}
        choices = {"text_column": names, "label_column": names}
        if table.sheets:
            choices["sheet"] = sheets_of(table)
        if self._blank:
            choices["fill_down"] = fills(self._blank)
        if reading.table:
            named = _("all together") if reading.table == ALL_TABLES else reading.table
            choices["table"] = {reading.table: named}
        for key in ("split_column", "group_column"):
            if getattr(reading, key):
                chosen[key] = getattr(reading, key)
                choices[key] = {NO_GROUP: _("nothing")} | names
        return Findings(_input(reading, count), chosen, choices)

    def _add(self, source: Opened, table: Table, columns: Columns) -> None:
        name = source.name
        reasons = Reasons(name)
        row_notes.count_unread(table, columns.header, reasons)
        size = (self._root / name).stat().st_size
        groups: dict[str, str] = {}
        every = [table.cell(number, columns.label) for number in table.below(columns.header)]
        between = "" if source.label else separator(every)
        for number in table.below(columns.header):
            labels = table.values(number, columns.label) if source.label is None else [source.label]
            if between and len(labels) == 1:
                labels = [part for part in labels[0].split(between) if part.strip()] or [""]
            why = self._refusal(table, columns, number, labels)
            if why:
                several = why == "rows.several_labels"
                reasons.count(why, number, " ".join(labels if several else table.rows[number]))
                continue
            group = table.cell(number, columns.group)
            sample = Sample(
                f"{name}#{number}",
                self._labels.setdefault(labels[0], len(self._labels)),
                size,
                groups.setdefault(group, group) if group else None,
                source.split or self._split(table, columns, number, reasons),
            )
            self._samples.append(sample)
            if not len(self._samples) % PROGRESS_EVERY:
                self._progress(len(self._samples))
        if len(self._labels) > MAX_CLASSES:
            column = columns.name(columns.label)
            raise UserError("text.too_many_classes", path=name, column=column)
        self._problems += reasons.problems()

    def _refusal(
        self, table: Table, columns: Columns, number: int, labels: Sequence[str]
    ) -> str | None:
        """Why this row cannot be used, as a code."""
        if any(cell.strip() for cell in table.rows[number][table.width :]):
            return "rows.wide"
        if len(labels) > 1:
            return "rows.several_labels"
        if labels[0].lower() in NO_LABEL:
            return "rows.no_label"
        return None if tokens.clean(table.cell(number, columns.text)) else "rows.no_text"

    @staticmethod
    def _split(table: Table, columns: Columns, number: int, reasons: Reasons) -> SplitName | None:
        word = table.cell(number, columns.split)
        known = split_value(columns.name(columns.split), word) if word else None
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


def _compared(listing: Listing, options: DataOptions, asked: TextData) -> list[str]:
    """The texts of the samples, once those that are there twice are dealt with.

    One text with several labels is left out, copies are kept together by groups.

    Raises:
        Question: ``data.copied_test``.
    """
    texts = [read(listing.root / sample.path, asked) for sample in listing.samples]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        places[tokens.clean(text)].append(at)
    repeated = [same for same in places.values() if len(same) > 1]
    near = _nearly(listing, texts)
    scanning.settle_copies(listing, [*repeated, *near], options, WANTED.noun)
    samples, notes, dropped = listing.samples, Notes(), set()
    copies = []
    once = options.options.get("table") == ALL_TABLES
    for text, everywhere in places.items():
        same = everywhere
        if len({samples[at].label for at in same}) > 1:
            dropped.update(same)
            notes.count("text.two_labels", samples[same[0]].path, text, len(same), left_out=True)
        elif once and len(again := _in_other_tables(samples, same)):
            dropped.update(again)
            notes.count("text.in_tables", samples[again[0]].path, text, len(again), left_out=True)
            same = [at for at in same if at not in again]
        if len(same) > 1 and dropped.isdisjoint(same):
            code, at, differing = _repeated(samples, same)
            notes.count(code, samples[at].path, text, len(same) - 1, values=differing)
            copies.append(same)
    told = {at for same in repeated for at in same[1:]}
    for one, other in near:
        if dropped.isdisjoint((one, other)):
            copies.append([one, other])
            if other not in told:
                told.add(other)
                code, at, differing = _repeated(samples, (one, other), "text.near")
                notes.count(code, samples[at].path, texts[at], values=differing)
    duplicates.grouped(samples, copies)
    listing.problems += notes.problems()
    listing.samples = [sample for at, sample in enumerate(samples) if at not in dropped]
    return [text for at, text in enumerate(texts) if at not in dropped]


def _nearly(listing: Listing, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Texts of one class that are nearly the same; none are looked for among too many."""
    if len(texts) > near.MOST:
        values = {"count": len(texts), "noun": WANTED.noun}
        listing.problems.append(Problem("data.near_unchecked", ".", False, values))
        return []
    return _near_of_one_class(listing.samples, texts)


def _near_of_one_class(samples: Sequence[Sample], texts: Sequence[str]) -> list[tuple[int, int]]:
    alike = near.pairs(texts)
    return [(a, b) for a, b in alike if samples[a].label == samples[b].label]


def _in_other_tables(samples: Sequence[Sample], same: Sequence[int]) -> list[int]:
    """Those of several samples that are in another file than the first."""
    return [at for at in same if file_of(samples[at].path) != file_of(samples[same[0]].path)]


def _repeated(
    samples: Sequence[Sample], same: Sequence[int], code: str = "text.repeated"
) -> tuple[str, int, dict[str, str]]:
    """What copies of a text differ in, as a code; the first copy that does, and its values.

    Args:
        code: where they differ in nothing.
    """
    first, rest = samples[same[0]], same[1:]
    for at in rest:
        if samples[at].split != first.split:
            one, other = (str(sample.split or "-") for sample in (first, samples[at]))
            return ACROSS[code], at, {"one": one, "other": other}
    for at in rest:
        group = samples[at].group
        if group and first.group and group != first.group:
            return OF_GROUPS[code], at, {"one": first.group, "other": group}
    return code, same[1], {}


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
        self,
        code: str,
        path: str,
        text: str,
        number: int = 1,
        left_out: bool = False,
        values: Mapping[str, str] = {},
    ) -> None:
        self._counts[code] += number
        if code not in self._first:
            said = {"first": path, "value": tokens.clean(text[: 4 * EXAMPLE])[:EXAMPLE], **values}
            self._first[code] = Problem(code, file_of(path), left_out, said)

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


class SomeTexts:
    """A random choice of texts, at most :data:`MEASURED`, from several threads.

    The choice is made by checksums of the texts: it is the same on every scan, in whatever order
    the texts come and wherever the folder is, and it is spread over all classes.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[int, str]] = []  # a heap, the largest checksum first
        self._lock = threading.Lock()

    def add(self, text: str) -> None:
        rank = -zlib.crc32(text.encode("utf-8", "surrogatepass"))
        kept = (rank, text[: MOST_TOKENS * tokens.LONGEST])
        with self._lock:
            if len(self._kept) < MEASURED:
                heapq.heappush(self._kept, kept)
            else:
                heapq.heappushpop(self._kept, kept)

    def texts(self) -> list[str]:
        """The beginnings of those that were chosen."""
        return [text for _rank, text in sorted(self._kept)]


def suitable_tokens(texts: Iterable[str]) -> int:
    """How many tokens hold nearly all of the texts."""
    some = SomeTexts()
    for text in texts:
        some.add(text)
    lengths = [expected_tokens(text) for text in some.texts()]
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
    file, number = part_of(os.fspath(path))
    if number is None or extension(file) not in READABLE:
        return read_file(path, input.encoding)
    return _row(file, number, input)


def own_row(path: Path, input: TextInput) -> OwnRow | None:
    """As :meth:`transfergui.core.interfaces.Modality.own_row`."""
    file, number = part_of(os.fspath(path))
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
        Path(f"{path}#{start + number}")
        for start, table in whole.having(input.text_column)
        for number in _filled(table, table.columns(input.text_column, input.label_column))
    ]


def is_empty_row(path: Path, text: str) -> bool:
    """Whether a sample is a row of a table that holds no text."""
    file, number = part_of(os.fspath(path))
    return number is not None and extension(file) in READABLE and not text.strip()


def _filled(table: Table, columns: Columns) -> Iterator[int]:
    """The rows that hold anything: one without a text is told when it is loaded."""
    rows = table.below(columns.header)
    return (number for number in rows if any(map(str.strip, table.rows[number])))
