"""Finding texts: rows of tables, or a folder of ``.txt`` files per class."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

import msgspec

from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.modalities.text import languages, near, tokens
from transfergui.core.modalities.text.columns import FEWEST_ROWS
from transfergui.core.modalities.text.copies import compared, near_of_one_class
from transfergui.core.modalities.text.lengths import SomeTexts, suitable_tokens
from transfergui.core.modalities.text.options import TextData, TextInput
from transfergui.core.modalities.text.problems import EXAMPLE, TextProblems, remarkable
from transfergui.core.modalities.text.reading import MAX_BYTES, WANTED, list_files, read, read_file
from transfergui.core.modalities.text.rows import Rows, input_of
from transfergui.core.modalities.text.tables import FEW, TextTable, tables_of, together
from transfergui.core.reading import scanning
from transfergui.core.reading.classes import combinations
from transfergui.core.reading.files.duplicates import Comparison
from transfergui.core.reading.files.walk import Walk, joined
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.media import Findings, Media
from transfergui.core.reading.names.words import words
from transfergui.core.reading.sources import reader, shard_sets
from transfergui.core.reading.tables import label_files
from transfergui.core.reading.tables.reading_options import ALL_TABLES

TEXT_FILES = ("text", "texts", "sentences", "sentence", "inputs", "data", "x")
LABEL_FILES = ("label", "labels", "classes", "targets", "y")
"""Words in the names of two files of which one says the classes of the other, line by line."""


def scan(options: DataOptions, progress: ScanProgress = lambda count: None) -> Dataset:
    """See :meth:`transfergui.core.interfaces.plan.Modality.scan`."""
    asked = opt.check(options.options, TextData, "data.options")
    scanning.require_drawable(options, WANTED)
    if options.labels:
        return _scan_labelled(options, asked, progress)
    root, opened, unused = tables_of(reader.existing(options.path), asked, progress)
    if not opened:
        return _scan_files(options, asked, progress)
    _refuse_of_files(options.path, asked, opened)
    options = shard_sets.recorded_options(root, options)
    found = Rows(root, asked, progress, data=options)
    found.read(opened)
    listing = found.listing()
    listing.problems += unused
    if options.test:
        reader.add_test(listing, _test(options.test, found.reading, progress, found.data))
        listing.samples.sort(key=attrgetter("path"))
    if not listing.samples:
        raise found.nothing(options.path)
    combinations.unify(listing, options, WANTED.noun)
    scanning.note_groups_in_parts(listing, WANTED.noun)
    texts = compared(listing, options, found.reading)
    problems = TextProblems()
    for sample, text in zip(listing.samples, texts, strict=True):
        problems.look(sample.path, text)
    listing.problems += problems.problems()
    findings = found.findings(suitable_tokens(texts), together(opened))
    findings = replace(findings, languages=languages.of_texts(texts))
    return scanning.concluded(options, listing, "text", WANTED.noun, findings)


def _scan_labelled(options: DataOptions, asked: TextData, progress: ScanProgress) -> Dataset:
    """Files and rows of tables whose classes stand in a table of their own.

    Raises:
        UserError: as :func:`label_files.listed`; ``data.nothing_left``.
    """
    listing = _labelled_texts(options, asked, progress)
    kept = []
    for sample in sorted(listing.samples, key=attrgetter("path")):
        try:
            empty = not tokens.clean(read(listing.root / sample.path, asked))
            problem = Problem("text.empty_file", path=sample.path) if empty else None
        except UserError as error:
            problem = Problem.of(error.note, sample.path)
        if problem is None:
            kept.append(sample)
        else:
            listing.problems.append(problem)
    listing.samples = kept
    if not kept:
        values = {"path": options.path, "noun": WANTED.noun, "count": len(listing.problems)}
        raise UserError("data.all_bad", **values, first=listing.problems[0].sentence())
    texts = compared(listing, options, asked)
    problems = TextProblems()
    for sample, text in zip(listing.samples, texts, strict=True):
        problems.look(sample.path, text)
    listing.problems += problems.problems()
    found = Findings(
        input=input_of(asked, suitable_tokens(texts)), languages=languages.of_texts(texts)
    )
    return scanning.concluded(options, listing, "text", WANTED.noun, found)


def _labelled_texts(options: DataOptions, asked: TextData, progress: ScanProgress) -> Listing:
    """Each labelled text as a sample of its own; of unsorted ones, all that there are."""
    root = reader.root_of(options, WANTED, progress)
    if options.labels == label_files.UNSORTED:
        source = reader.existing(options.path)
        given = source if root in (source, source.parent) else root
        reading = {"text_column": asked.text_column, "encoding": asked.encoding}
        found = list_files([given], msgspec.convert(reading | {"sheet": asked.sheet}, TextInput))
        names = [os.path.relpath(path, root).replace(os.sep, "/") for path in found]
        if not names:
            raise UserError("data.empty", path=options.path, noun=WANTED.noun)
        return label_files.unsorted(root, names, progress)
    listing, labels = label_files.listed(root, Path(options.labels), progress)
    number = {name: at for at, name in enumerate(listing.classes)}
    sizes = {FilePart.parse(sample.path).file: sample.size for sample in listing.samples}
    listing.samples = [
        Sample(path, number[name], sizes[FilePart.parse(path).file])
        for path, name in labels.items()
    ]
    return listing


def _refuse_of_files(path: str, asked: TextData, opened: Sequence[TextTable]) -> None:
    """
    Raises:
        UserError: ``data.option_of_files``: an option is set that only means something where each
            file is a text.
    """
    table = () if asked.table in (ALL_TABLES, *(each.name for each in opened)) else ("table",)
    for name in ("layout", "split_folders", "path_column", *table):
        if getattr(asked, name) and not asked.keep_untrained:
            raise UserError("data.option_of_files", path=path, name=f"data.options.{name}")


def _test(path: str, asked: TextData, progress: ScanProgress, data: DataOptions) -> Listing:
    """What a separate test set lists."""
    root, opened, _unused = tables_of(reader.existing(path), asked, progress)
    if not opened:
        alike = msgspec.structs.replace(data, path=path, options={})
        return reader.read(alike, WANTED, progress)
    found = Rows(root, asked, progress, lenient=True, data=data)
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
    looked = _TextScan(asked)
    media = Media("text", WANTED, looked.inspect, looked.compare, looked.arrange, looked.identical)
    return scanning.scan(options, media, progress)


class _TextScan:
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
            return (Problem.of(error.note, path),)
        plain = tokens.clean(text)
        if not plain:
            return (Problem("text.empty_file", path=path),)
        said = plain.encode("utf-8", "surrogatepass")
        self._said[path] = hashlib.blake2b(said, digest_size=16).digest()
        self._noted.extend((path, code, text[:EXAMPLE]) for code in remarkable(text))
        self._some.add(text)
        return ()

    def arrange(self, listing: Listing) -> Findings:
        """The problems of all together, and what suits them."""
        problems = TextProblems()
        for path, code, text in sorted(self._noted):
            problems.count(code, os.path.relpath(path, listing.root), text)
        listing.problems += problems.problems()
        found = self._some.texts()
        return Findings(
            input=input_of(self._asked, suitable_tokens(found)), languages=languages.of_texts(found)
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
        return Comparison(near_of_one_class(samples, texts))


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
