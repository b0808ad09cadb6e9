"""The ways in which people keep labelled files, found by themselves.

Classes are said by folders , by a table, by the boxes of a
detection set (:mod:`.boxes`) or by the names of the files; in a folder, a zip, or a table
that is opened by itself. What can be understood in two ways is asked. No sample is opened here.
"""

import itertools
import os
import posixpath
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core.base import files, paths, unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import labels
from transfergui.core.data.dataset import (
    NO_GROUP,
    DataOptions,
    Problem,
    Sample,
    SplitName,
    natural_order,
)
from transfergui.core.interfaces import ScanProgress
from transfergui.core.reading.files import foreign
from transfergui.core.reading.files.lookup import LEADS_OUT, MAX_NAME
from transfergui.core.reading.files.walk import Walk, extension, joined
from transfergui.core.reading.folders import levels
from transfergui.core.reading.folders.guesses import guess
from transfergui.core.reading.folders.layout import ROLES, Guess, Layout, Place, odd_names
from transfergui.core.reading.listings import versions
from transfergui.core.reading.listings.listing import SHOWN, Listing, some
from transfergui.core.reading.marks import boxes as box_files
from transfergui.core.reading.marks import spans as span_files
from transfergui.core.reading.marks import split_lists
from transfergui.core.reading.marks.boxes import Boxes
from transfergui.core.reading.names import kinds, name_parts, words
from transfergui.core.reading.tables import rows, table_columns, table_files
from transfergui.core.reading.tables.asked import ALL_TABLES, COLUMN_OPTIONS, TABLE, Asked
from transfergui.core.reading.tables.labelled_listings import labelled_listing
from transfergui.core.reading.tables.openings import open_table
from transfergui.core.reading.tables.rows import Labelled
from transfergui.core.reading.tables.statements import (
    AGREE,
    Said,
    described,
    differ,
    predicted,
    same_columns,
    tells,
    too_few,
)
from transfergui.core.reading.tables.tables_beside import Tables

PROGRESS_EVERY = 1000
FOLDERS = 5
"""From more folders, other files are told in one sentence."""
EXAMPLES = 20
"""Names of other files in a folder that are kept, to show one of them."""
BOXES = "boxes"
"""The layout in which the boxes of a detection set say which class occurs in a picture."""
ABOVE_NAMES = {"data.only_parts": "split/", "data.only_groups": "group/"}
"""What the folders are where the names of the files say the class, by what is asked."""
UNTOLD = ("data.only_parts", "data.only_groups", "data.class_in_name")
"""Questions because no table says the classes."""
CLASS_ROLE = re.compile(r"class:-?1$")
NAME_ROLE = re.compile(r"name:[1-9]\d?")
SPLITTING = frozenset({"split", "splits", *words.SPLIT_WORDS})
"""Words of which files have two that may say what is for training and what for the test."""
BESIDE = table_files.SUFFIXES | box_files.ENDINGS | span_files.ENDINGS
"""Endings of files that may say something of the samples beside."""
NOTES = frozenset({".md", ".rst", ".html", ".htm", ".py", ".ipynb", ".m", ".r", ".log", ".cff"})
"""Endings of notes and programs that are no data."""
LIKELY_LABELS = 0.5
"""The share of the files that a table must name to be believed rather than class folders ..."""
SOME_LABELS = 0.1
"""... or, where a column is called as those of classes are, to be asked about."""
MOST_TABLES = 50
"""More tables beside files are something else: a table for each file, say."""


@dataclass(frozen=True)
class Wanted:
    """Which files a modality is looking for.

    Attributes:
        noun: what they are called, untranslated: ``pictures``.
        extensions: in lower case, with the dot.
    """

    noun: str
    extensions: frozenset[str]

    def has_extension(self, name: str) -> bool:
        return extension(name) in self.extensions

    def might_be(self, name: str) -> bool:
        """Whether it is worth opening: files without an extension may be anything."""
        return extension(name) in self.extensions or not extension(name)


def read(options: DataOptions, wanted: Wanted, progress: ScanProgress) -> Listing:
    """List ``options.path``, and ``options.test`` as the test split.

    Args:
        progress: called with the number of files listed so far; may raise to cancel.

    Raises:
        Question: the data can be understood in several ways.
        UserError: ``data.missing``, ``data.empty``, ``data.unsorted``, ``data.unknown_source``,
            ``data.unreadable``, ``data.table_columns``, ``data.manifest_empty``, ``zip.*``,
            ``path.too_long``, ``data.detection_mixed``, ``data.segmentation``.
    """
    asked = Asked.of(options.options)
    test = existing(options.test) if options.test else None
    listing = _read_source(existing(options.path), asked, wanted, progress, skip=test)
    if test is not None:
        add_test(listing, _read_test(test, listing, wanted, progress))
    return listing


def _read_test(test: Path, listing: Listing, wanted: Wanted, progress: ScanProgress) -> Listing:
    """A separate test set; what it leaves open is taken as in ``listing``.

    Raises:
        UserError: ``data.test_unclear``; as :func:`read`.
    """
    try:
        return _read_source(test, Asked(), wanted, progress)
    except Question as question:
        name = question.setting.rpartition(".")[2]
        answer = listing.chosen.get(name, "class" if name == "layout" else "")
        if answer not in question.choices:
            raise UserError("data.test_unclear", path=str(test), why=str(question)) from question
        return _read_source(test, Asked.of({name: answer}), wanted, progress)


def existing(path: str) -> Path:
    """What was opened.

    Raises:
        UserError: ``data.missing``, ``data.not_a_file``, ``path.too_long``.
    """
    found = files.nameable(paths.expanded(path))
    there = found.parent if found.name == unzip.EVERY else found
    if not path or not os.path.exists(there):  # noqa: PTH110 - Path.exists raises on odd names
        raise UserError("data.missing", path=path)
    if files.is_special(found):
        raise UserError("data.not_a_file", path=path)
    return found


def _read_source(
    source: Path, asked: Asked, wanted: Wanted, progress: ScanProgress, skip: Path | None = None
) -> Listing:
    if source.is_dir():
        return _Tree(source, source, asked, wanted, progress, skip).listing()
    if extension(source.name) in table_files.SUFFIXES | table_files.REFUSED:
        return _read_table_alone(source, asked, wanted, progress)
    if is_zip(source):
        root = unzip.unpacked(source, progress)
        return _Tree(source, root, asked, wanted, progress).listing()
    raise UserError("data.unknown_source", path=str(source), noun=wanted.noun)


def is_zip(source: Path) -> bool:
    """Whether a file is a zip, or should be one; workbooks are zips, too."""
    if extension(source.name) in table_files.SUFFIXES | table_files.REFUSED:
        return False
    return source.suffix.lower() == ".zip" or zipfile.is_zipfile(source)


def _read_table_alone(path: Path, asked: Asked, wanted: Wanted, progress: ScanProgress) -> Listing:
    """A table that was opened itself: it names files below its folder.

    These are looked up as they are written; only where they are not there, the folder is listed.
    """
    table = open_table(path)
    named: dict[str, None] = {}
    for count, row in enumerate(table.rows.values()):
        if count % PROGRESS_EVERY == 0:
            progress(len(named))
        cells = itertools.chain(*(rows.names_in(cell) for cell in row))
        named |= dict.fromkeys(f for cell in cells if (f := _below(path.parent, cell)) is not None)
    paths = list(named)
    if len(paths) < table_columns.NAMED_BY * len(table.rows):
        paths = []
        for folder in Walk(path.parent, wanted.has_extension):
            paths += (joined(folder.path, n) for n in folder.files if wanted.might_be(n))
            progress(len(paths))
    beside = Tables(path.parent, paths, [path.name], asked)
    said = beside.best
    if said is None or not said.columns.labelled:
        beside.require_no_group()
        raise beside.refusal(path)
    if said.columns.boxes:
        boxes = _boxes_of(said)
        if asked.layout != BOXES:
            raise _detection(path, wanted.noun, boxes)
        listing = _by_boxes(path.parent, paths, boxes, wanted.noun, said.labelled)
    else:
        listing = labelled_listing(path.parent, paths, said, asked, beside)
    if not listing.samples:
        if (few := too_few(path, said)) is not None:
            raise few
        why = " ".join(problem.sentence() for problem in listing.problems[:1])
        raise UserError("data.manifest_empty", path=str(path), why=why)
    return listing


def _below(base: Path, cell: str) -> str | None:
    """The file that a cell names below ``base``, as it is written; None for none."""
    written = cell.strip()
    if not 0 < len(written) <= MAX_NAME or "\0" in written:
        return None
    plain = posixpath.normpath(written.replace("\\", "/").removeprefix(f"{base}/"))
    if LEADS_OUT.match(plain) or plain == ".":
        return None
    return plain if os.path.isfile(f"{base}/{plain}") else None  # noqa: PTH113 - many of them


# -- boxes


def _by_boxes(
    root: Path, paths: Sequence[str], boxes: Boxes, noun: str, said: Labelled | None = None
) -> Listing:
    """Pictures of a detection set, each with the class that occurs in it, where that is one."""
    classes: dict[str, int] = {}
    listing = Listing(root, problems=list(said.problems) if said else [])
    several = []
    for at, inside in sorted(boxes.inside.items()):
        if len(inside) > 1:
            several.append(paths[at])
            continue
        number = classes.setdefault(next(iter(inside)), len(classes))
        split = said.splits.get(at) if said else None
        split = split or _part_of_path(paths[at])
        listing.samples.append(Sample(paths[at], number, split=split))
    listing.classes = list(classes)
    empty = [paths[at] for at in boxes.empty if at not in boxes.inside]
    told = boxes.inside.keys() | boxes.empty
    without = [path for at, path in enumerate(paths) if at not in told]
    unmarked = "data.no_spans" if boxes.spans else "data.no_boxes"
    for code, left in (
        ("data.several_boxes", several),
        ("data.empty_boxes", empty),
        (unmarked, without),
    ):
        if left:
            where = Counter(path.rpartition("/")[0] or "." for path in left)
            names = some([f"{home}: {number}" for home, number in sorted(where.items())])
            values = {"count": len(left), "noun": noun, "names": names}
            listing.problems.append(Problem(code, min(left), values=values))
    for name in sorted(boxes.known - classes.keys()):
        listing.problems.append(Problem("data.empty_class", name, values={"noun": noun}))
    if not any(sample.split == "train" for sample in listing.samples):
        listing.samples = [Sample(s.path, s.label) for s in listing.samples]
    listing.chosen = {"layout": BOXES}
    by = _("by the marked times") if boxes.spans else _("by its boxes")
    listing.choices = {"layout": {BOXES: _("which class occurs in each file ({by})").format(by=by)}}
    return listing


def _detection(
    source: Path, noun: str, boxes: Boxes, more: Mapping[str, str] | None = None
) -> UserError:
    """What to ask about a detection set, or to say where nothing can be done with it.

    Args:
        more: other ways to understand it.
    """
    alone = Counter(next(iter(i)) for i in boxes.inside.values() if len(i) == 1)
    several = sum(len(inside) > 1 for inside in boxes.inside.values())
    classes = some(natural_order({each for inside in boxes.inside.values() for each in inside}))
    values = {"path": str(source), "kind": boxes.kind, "noun": noun, "classes": classes}
    choices = {}
    if len(alone) > 1:
        text = _("Which class occurs in each file ({classes}): {count} {noun} have one class")
        if several:
            text += _("; {several} that have several are left out")
        choices[BOXES] = text.format(
            classes=some(natural_order(alone)),
            count=sum(alone.values()),
            several=several,
            noun=_(noun),
        )
    choices |= more or {}
    if not choices:
        mixed = "data.spans_mixed" if boxes.spans else "data.detection_mixed"
        return UserError(mixed, count=several, **values)
    code = "data.spans" if boxes.spans else "data.detection"
    guess = next(iter(choices))
    return Question(
        code,
        setting="data.options.layout",
        choices=choices,
        guess=guess,
        several=several,
        **values,
    )


def _called_first(telling: Sequence[Said]) -> list[Said]:
    """Tables whose columns are called as classes are before others that say a little more."""
    most = max((len(each.labelled.labels) for each in telling), default=0)

    def doubtful(each: Said) -> bool:
        return not each.columns.named or len(each.labelled.labels) < LIKELY_LABELS * most

    return sorted(telling, key=doubtful)


def _boxes_of(said: Said) -> Boxes:
    """What a table with a row for each box or each marked time says."""
    spans = said.columns.spans
    kind = _("a table of times") if spans else _("a table of boxes")
    return Boxes(kind, said.labelled.several, spans=spans)


def _why_unused(said: Said, other: bool) -> str:
    """Why the classes are not taken from a table, as a code.

    Args:
        other: whether another table says them.
    """
    if not said.labelled.found:
        return "data.table_unmatched"
    if predicted(said):
        return "data.table_predicted"
    if not tells(said):
        return "data.table_unlabelled"
    return "data.table_unused" if other else "data.table_beside_folders"


def _part_of_path(path: str) -> Any:
    """The split that one of the folders above a file names."""
    found = (kinds.split_of(folder) for folder in path.split("/")[:-1])
    return next((part for part in found if part), None)


# -- a tree of folders


class _Tree:
    """Lists a folder. Samples are gathered per folder first: classes show at the end."""

    def __init__(
        self,
        source: Path,
        root: Path,
        asked: Asked,
        wanted: Wanted,
        progress: ScanProgress,
        skip: Path | None = None,
    ) -> None:
        """Args:
        source: what the user opened, for messages.
        root: the folder that holds it.
        skip: a folder below that belongs to something else.
        """
        self._source = source
        self._root = root
        self._asked = asked
        self._wanted = wanted
        self._progress = progress
        self._walk = Walk(root, wanted.has_extension, skip, keep_repeats=True)
        self._homes: dict[str, int] = {}
        self._sure: set[int] = set()  # homes of files that are surely samples, by their endings
        self._samples: list[Sample] = []
        self._links: list[Sample] = []
        self._others: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}
        self._endings: Counter[str] = Counter()
        self._first_of: dict[str, str] = {}
        self._beside: list[str] = []
        self._empty: list[str] = []

    def listing(self) -> Listing:
        for folder in self._walk:
            self._add(folder.path, folder.files)
            if folder.leaf and folder.path not in self._homes:
                self._empty.append(folder.path)
        self._require_files()
        self._set_links_apart()
        masks = [*self._without_copies(), *self._without_masks()]
        listing = self._understood()
        self._split_by_lists(listing)
        self._note_unused_splits(listing)
        versions.group(listing, self._level_of_versions(listing.chosen.get("layout", "")))
        self._require_columns(listing)
        others = [*self._foreign(), *self._other_files(listing.chosen.get("layout") == BOXES)]
        listing.problems = sorted(
            self._walk.problems + masks + listing.problems + others,
            key=lambda problem: problem.path,
        )
        return listing

    def _level_of_versions(self, key: str) -> int | None:
        """The level whose folders mean nothing in a layout, as they hold versions of the files."""
        lead = self._guess.layout.lead
        if key.startswith("-/") and self._in_versions:
            return lead
        roles = dict(enumerate((key or self._guess.layout.key).split("/"), lead))
        return min((n for n in self._versions if key == TABLE or roles.get(n) == "-"), default=None)

    def _require_columns(self, listing: Listing) -> None:
        """
        Raises:
            UserError: ``data.unknown_column``, ``data.no_columns``: no table says the classes, and
                a column is chosen that none has; ``data.no_split_folders``: no folders are parts
                of the data, and it is said which they are.
        """
        asked = self._asked
        if listing.chosen.get("layout") == TABLE or asked.of_model:
            return
        if asked.split_folders and "split_folders" not in listing.chosen:
            raise UserError("data.no_split_folders", path=str(self._source), known=_HOW)
        for option in COLUMN_OPTIONS:
            name = getattr(asked, option)
            if name in ("", NO_GROUP, *listing.choices.get(option, ())):
                continue
            known, path = self._tables.columns, ", ".join(self._tables.names[:SHOWN])
            if not known:
                values = {"option": f"data.options.{option}", "name": name}
                raise UserError("data.no_columns", path=str(self._source), **values)
            if name not in known:
                raise UserError("data.unknown_column", path=path, name=name, found=", ".join(known))

    def _split_by_lists(self, listing: Listing) -> None:
        """Take the split from lists of files (``test_list.txt``), where nothing else says it."""
        if not self._beside or any(sample.split for sample in listing.samples):
            return
        found = split_lists.find(self._root, [s.path for s in listing.samples], self._beside)
        if not found.names:
            return
        listing.choices["split_column"] = {
            split_lists.LISTS: ", ".join(found.names),
            NO_GROUP: _("nothing"),
        }
        if self._asked.split_column == NO_GROUP:
            listing.chosen["split_column"] = NO_GROUP
            return
        listing.chosen["split_column"] = split_lists.LISTS
        listing.samples = [
            msgspec.structs.replace(sample, split=found.splits.get(at, found.rest))
            for at, sample in enumerate(listing.samples)
        ]

    def _note_unused_splits(self, listing: Listing) -> None:
        """Name what may say the split, where nothing does that is understood."""
        if any(sample.split for sample in listing.samples):
            return
        for name in self._beside:
            said = [word for word in words.words(name.rpartition("/")[2]) if word in SPLITTING]
            if len(said) > 1 and name not in self._tables.names:
                values = {"noun": self._wanted.noun}
                listing.problems.append(Problem("data.split_unused", name, False, values))

    def _without_copies(self) -> list[Problem]:
        """Take out folders that hold everything once more that lies above: archives of Kaggle."""
        homes = list(self._homes)
        again = {folder for home in homes for folder in _repeating(home, self._homes)}
        if not again:
            return []
        names: defaultdict[str, set[str]] = defaultdict(set)
        for sample in self._samples:
            home, _slash, name = sample.path.rpartition("/")
            names[home].add(name)
        problems = []
        for folder in sorted(again, key=lambda folder: folder.count("/")):
            below = [home for home in homes if f"{home}/".startswith(f"{folder}/") and names[home]]
            above = folder.rpartition("/")[0]
            pairs = [(home, joined(above, home[len(folder) + 1 :])) for home in below]
            if not pairs or not all(names[one] <= names[other] for one, other in pairs):
                continue
            files = [(f"{one}/{name}", joined(other, name)) for one, other in pairs
                     for name in names[one]]  # fmt: skip
            if all(_size(self._root / one) == _size(self._root / other) for one, other in files):
                values = {"count": len(files)}
                problems.append(Problem("data.nested_copy", folder, values=values))
                for home in below:
                    names[home] = set()
        left_out = {self._homes[home] for home in homes if home in names and not names[home]}
        self._samples = [sample for sample in self._samples if sample.label not in left_out]
        self._forget(left_out)
        return problems

    def _forget(self, left_out: set[int]) -> None:
        """Forget homes whose files are left out."""
        self._sure -= left_out
        kept = [home for home, at in self._homes.items() if at not in left_out]
        places = {self._homes[home]: at for at, home in enumerate(kept)}
        self._homes = {home: at for at, home in enumerate(kept)}
        self._sure = {places[at] for at in self._sure}
        self._samples = [Sample(s.path, places[s.label]) for s in self._samples]

    def _set_links_apart(self) -> None:
        """Links to files that are listed anyway are no files of their own."""
        repeats = self._walk.repeats
        if repeats:
            self._links = [s for s in self._samples if s.path in repeats]
            self._samples = [s for s in self._samples if s.path not in repeats]

    def _add(self, folder: str, names: Iterable[str]) -> None:
        """Take in the files of one folder; everything shared is shared."""
        label, samples, wanted = -1, self._samples, self._wanted.extensions
        for name in names:
            ending = extension(name)
            if (ending in wanted or not ending) and not foreign.is_note(name, ending):
                if label < 0:
                    label = self._homes.setdefault(folder, len(self._homes))
                if ending:
                    self._sure.add(label)
                samples.append(Sample(joined(folder, name), label))
                if not len(samples) % PROGRESS_EVERY:
                    self._progress(len(samples))
            else:
                self._add_other(folder, name)

    def _add_other(self, folder: str, name: str) -> None:
        ending = extension(name)
        self._endings[ending] += 1
        self._first_of.setdefault(ending, joined(folder, name))
        if not foreign.known(ending):  # those are told by their kind
            self._others[folder] += 1
            examples = self._examples.setdefault(folder, [])
            if len(examples) < EXAMPLES:
                examples.append(name)
        if ending in BESIDE:
            self._beside.append(joined(folder, name))

    # -- which way they are to be understood

    @cached_property
    def _paths(self) -> list[str]:
        return [sample.path for sample in self._samples]

    @cached_property
    def _tables(self) -> Tables:
        found = [name for name in self._beside if extension(name) in table_files.SUFFIXES]
        near = sorted(found, key=lambda name: (name.count("/"), name))[:MOST_TABLES]
        names = [name for name in near if table_files.is_table(self._root / name)]
        texts = [name for name in self._beside if extension(name) == ".txt"]
        if len(texts) > MOST_TABLES:  # most belong to a file each
            named = {path.rpartition(".")[0] for path in self._paths}
            texts = [name for name in texts if name.rpartition(".")[0] not in named]
        if len(texts) <= MOST_TABLES:  # else one for each file
            is_file = self._wanted.has_extension
            names += [n for n in texts if table_files.describes_files(self._root / n, is_file)]
        others = [n for n in texts if n not in names] if len(texts) <= MOST_TABLES else []
        return Tables(self._root, self._paths, names, self._asked, others)

    @cached_property
    def _sure_homes(self) -> list[str]:
        """The folders that hold files which are surely samples."""
        homes = list(self._homes)
        return [homes[label] for label in sorted(self._sure)] or homes

    @cached_property
    def _guess(self) -> Guess:
        """What the names of the folders say."""
        return guess(self._sure_homes, len(self._samples), self._versions)

    @cached_property
    def _versions(self) -> frozenset[int]:
        """The levels of folders that hold versions of the same files, by their names."""
        return versions.levels(self._paths, self._sure_homes)

    @cached_property
    def _classes(self) -> set[str]:
        """By the guessed layout."""
        found = {self._guess.layout.place(home).label for home in self._sure_homes}
        return {label for label in found if label is not None}

    @cached_property
    def _by_folder(self) -> dict[int, str]:
        """The class of each file by the guessed layout."""
        homes = [self._guess.layout.place(home).label for home in self._homes]
        labels = ((at, homes[sample.label]) for at, sample in enumerate(self._samples))
        return {at: label for at, label in labels if label is not None}

    def _understood(self) -> Listing:
        layout = self._asked.layout
        if layout == TABLE or (self._asked.table and not layout):
            return self._of_table(self._required_table())
        if layout == BOXES:
            return self._of_boxes()
        if layout:
            return self._of_folders(self._with_parts(_parsed(layout, self._guess.layout)))
        if (said := self._believed_table()) is not None:
            return self._of_table(said)
        self._refuse_detection()  # where a table says something, but is not believed
        return self._of_folders(self._found_layout())

    def _with_parts(self, layout: Layout) -> Layout:
        """``layout``, with what the folders of the split are, where the user said it.

        Raises:
            Question: ``data.split_folders``: nothing says it.
            UserError: ``data.unknown_part``.
        """
        layout = replace(layout, parts=_parts(self._asked.split_folders))
        unknown = layout.unknown_parts(self._sure_homes)
        if not unknown:
            return layout
        if not 1 <= len(unknown) <= len(PARTS):
            raise UserError(
                "data.unknown_part", path=str(self._source), names=some(unknown), known=_HOW
            )
        at = layout.lead + layout.roles.index("split")
        number = Counter(path.split("/")[at] for path in self._paths if path.count("/") > at)
        unknown.sort(key=lambda name: -number[name])
        known = {p for home in self._sure_homes if (p := layout.place(home).split) is not None}
        choices = {_said_parts(each): _meant_parts(each) for each in _orders(unknown, known)}
        raise Question(
            "data.split_folders",
            setting="data.options.split_folders",
            choices=choices,
            guess=next(iter(choices)),
            path=str(self._source),
            names=some(unknown),
        )

    def _required_table(self) -> Said:
        telling = self._tables.telling or self._tables.each
        if not telling:
            raise self._tables.refusal(self._source)
        if not telling[0].columns.labelled:
            raise self._tables.refusal(self._root / telling[0].names[0])
        return self._with_likelier_label(telling[0])

    def _believed_table(self) -> Said | None:
        """The table that says the classes, where one does; what it leaves open is asked."""
        several = len(self._classes) > 1
        sure = self._guess.sure and several
        telling = _called_first([each for each in self._tables.telling if not predicted(each)])
        if not telling:
            self._refuse_detection()
            if not several and not self._named_classes():
                self._tables.require_no_group()
            self._refuse_useless_table(bool(self._classes or self._tables.telling))
            return None
        self._ask_which_table(telling)
        said = self._with_likelier_label(telling[0])
        if several:
            return said if self._rather_table(said, sure) else None
        return said

    def _rather_table(self, said: Said, sure: bool) -> bool:
        """Whether a table is believed where the folders may be classes too.

        Args:
            sure: whether the names of the folders leave no doubt.

        Raises:
            Question: they say different things.
        """
        labels, where = said.labelled.labels, said.columns
        if where.sure and rows.agreement(labels, self._by_folder) >= AGREE:
            groups = said.labelled.groups
            grouped = bool(groups) and rows.agreement(groups, labels) < AGREE
            more = bool(said.labelled.splits) or grouped
            return not sure or (more and len(labels) >= AGREE * len(self._by_folder))
        least = SOME_LABELS if where.named else LIKELY_LABELS
        if len(labels) < least * len(self._by_folder):
            return False
        if where.named and not sure:
            return True
        attribute = self._folders_are_a_column(said)
        table = _("The table {described}").format(described=described(said))
        layouts = (self._guess.layout, *self._guess.others)
        choices = {each.key: self._meaning(each) for each in layouts}
        fewer = len(set(labels.values())) < len(set(self._by_folder.values()))
        likely = where.named or attribute or fewer or levels.counted(self._classes)
        guess = TABLE if likely else self._guess.layout.key
        raise self._question(
            "data.table_or_folders", {TABLE: table, **choices}, guess, name=said.names[0]
        )

    def _folders_are_a_column(self, said: Said) -> bool:
        """Whether a column of the table says what the folders are called: the place of each
        sample, say."""
        return any(self._is_of_folders(said, at) for at in range(len(said.columns.names)))

    def _is_of_folders(self, said: Said, column: int) -> bool:
        """Whether one column says what the folders are called."""
        cells = rows.column_of(said.table, said.columns, column, said.lookup)
        several = len(set(cells.values())) > 1
        return several and rows.agreement(cells, self._by_folder) >= AGREE

    def _ask_which_table(self, telling: Sequence[Said]) -> None:
        """
        Raises:
            Question: several tables label the same files differently.
        """
        first = telling[0]
        most = len(first.labelled.labels)
        rivals = [
            each
            for each in telling[1:]
            if len(each.labelled.labels) >= LIKELY_LABELS * most
            and differ(first.labelled, each.labelled)
        ]
        if not rivals:
            return
        choices = {}
        if alike := [each.names[0] for each in rivals if same_columns(first, each)]:
            text = _("All together, as they have the same columns: {names}")
            choices[ALL_TABLES] = text.format(names=some([first.names[0], *alike]))
        choices |= {each.names[0]: described(each) for each in (first, *rivals)}
        raise Question(
            "data.which_table",
            setting="data.options.table",
            choices=choices,
            guess=next(iter(choices)),
            path=str(self._source),
        )

    def _refuse_useless_table(self, other: bool) -> None:
        """A single table is all there is, and it cannot be used: say what it lacks.

        Args:
            other: whether something else may say the classes.
        """
        alone = [*(each.names[0] for each in self._tables.each), *self._tables.unread]
        if not other and len(alone) == 1:
            raise self._tables.refusal(self._root / alone[0])

    def _question(
        self, code: str, choices: Mapping[str, str], guess: str, **values: Any
    ) -> Question:
        values = {"path": str(self._source), "noun": self._wanted.noun, **values}
        if code in UNTOLD:
            values["more"] = self._unread_tables
        return Question(code, setting="data.options.layout", choices=choices, guess=guess, **values)

    @property
    def _unread_tables(self) -> str:
        """What is to be said of tables that are not read here, but may say the classes."""
        found = {e: n for e, n in self._endings.items() if foreign.is_table(e)}
        return "".join(f" {sentence}" for sentence in foreign.sentences(found, self._first_of))

    def _meaning(self, layout: Layout) -> str:
        """What the data are with a layout, in words."""
        return meaning(layout, self._sure_homes)

    # -- detection and segmentation

    @cached_property
    def _boxes(self) -> Boxes | None:
        for reader in (span_files, box_files):
            beside = [name for name in self._beside if extension(name) in reader.ENDINGS]
            found = reader.find(self._root, self._paths, beside) if beside else None
            if found is not None:
                masked = {at for at in found.inside if kinds.among_masks(self._paths[at])}
                found.inside = {at: i for at, i in found.inside.items() if at not in masked}
                return found
        return None

    def _refuse_detection(self) -> None:
        """
        Raises:
            Question: these are pictures with boxes around things; what can be done with them?
            UserError: ``data.detection_mixed``, ``data.segmentation``: nothing can.
        """
        boxes = self._boxes
        if boxes is not None:
            raise self._detection(boxes)
        if self._guess.code == "data.only_parts" and any(map(kinds.among_masks, self._homes)):
            values = {"path": str(self._source), "noun": self._wanted.noun}
            if named := self._named_classes("images/name"):
                raise self._question("data.segmentation_named", named, next(iter(named)))
            raise UserError("data.segmentation", **values)

    def _detection(self, boxes: Boxes) -> UserError:
        """What to ask about a detection set."""
        more = {}
        if len(self._classes) > 1 and (boxes.spans or not self._guess.code):
            others = self._guess.others if boxes.spans else ()
            more = {each.key: self._meaning(each) for each in (self._guess.layout, *others)}
        more |= self._named_classes("name" if boxes.spans else "images/name")
        return _detection(self._source, self._wanted.noun, boxes, more)

    def _of_boxes(self) -> Listing:
        said = self._tables.best
        if said is not None and said.columns.boxes and self._boxes is None:
            boxes = _boxes_of(said)
            return _by_boxes(self._root, self._paths, boxes, self._wanted.noun, said.labelled)
        return _by_boxes(self._root, self._paths, self._boxes or Boxes(""), self._wanted.noun)

    def _without_masks(self) -> list[Problem]:
        """Take masks out that lie beside their pictures."""
        found = box_files.masks(self._paths)
        if len(found) < box_files.ENOUGH * len(self._samples) / 2:
            return []
        left_out = set(found)
        first = min(self._paths[at] for at in found)
        self._samples = [s for at, s in enumerate(self._samples) if at not in left_out]
        self._sure &= {sample.label for sample in self._samples}
        del self._paths
        return [Problem("data.masks", first, values={"count": len(found)})]

    # -- samples

    def _of_table(self, said: Said) -> Listing:
        if said.columns.boxes and self._asked.layout != BOXES:
            raise self._detection(self._boxes or _boxes_of(said))
        parts = {at: _part_of_path(path) for at, path in enumerate(self._paths)}
        used = {parts[at] for at in said.labelled.labels}
        by_folder = {at: part for at, part in parts.items() if part} if "train" in used else {}
        if used == {"train"}:
            by_folder = {}
        listing = labelled_listing(
            self._root, self._paths, said, self._asked, self._tables, by_folder
        )
        missing = [
            path
            for at, path in enumerate(self._paths)
            if at not in said.labelled.named and self._wanted.has_extension(path)
        ]
        if missing:
            values = {"count": len(missing), "table": said.names[0], "noun": self._wanted.noun}
            listing.problems.append(Problem("data.not_in_table", min(missing), values=values))
        grouping = [p.path for p in listing.problems if p.code == "data.groups_of_table"]
        listing.problems += self._unused_tables([*said.names, *grouping])
        unmarked = {said.columns.names[at] for at in said.columns.hot} - set(listing.classes)
        values = {"noun": self._wanted.noun}
        listing.problems += [
            Problem("data.empty_class", name, values=values) for name in sorted(unmarked)
        ]
        if len(self._classes) > 1:
            key = self._guess.layout.key
            listing.choices["layout"][key] = self._meaning(self._guess.layout)
        return listing

    def _with_likelier_label(self, said: Said) -> Said:
        """Where several columns may be the classes, what the folders say already is the last."""
        where = said.columns
        if where.sure or self._asked.label_column:
            return said
        own = [at for at in where.labels if self._is_of_folders(said, at)]
        labels = sorted(where.labels, key=lambda at: at in own)
        if own and labels[0] != where.label:
            return self._tables.labelled_by(said, labels)
        return said

    def _unused_tables(self, used: Sequence[str]) -> list[Problem]:
        """Tables that name files, but are not what the classes are taken from."""
        unread = [
            Problem("data.table_unread", name, left_out=False, values={"why": str(error)})
            for name, error in self._tables.unread.items()
        ]
        told = [*unread, *self._tables.repeats.values()] + [
            Problem(_why_unused(each, bool(used)), name, left_out=False)
            for each in self._tables.each
            for name in each.names
            if name not in used
        ]
        known = {*used, *(problem.path for problem in told)}
        others = [name for name in self._tables.names if name not in known]
        return told + [Problem("data.table_not_chosen", name, left_out=False) for name in others]

    def _found_layout(self) -> Layout:
        """The layout of the folders.

        Raises:
            Question: they can be understood in several ways, or the names of the files may be
                the classes.
        """
        found = self._guess
        if found.sure and (names := self._names_across()):
            raise self._name_or_folder(names)
        doubtful = found.sure or found.code == "data.class_or_part"
        if doubtful and self._parts_differ() and (names := self._named_classes("split/name")):
            raise self._name_or_folder(names)
        ends = self._by_ends((found.layout, *found.others))
        if found.sure and ends:
            choices = {each.key: self._meaning(each) for each in (*ends, found.layout)}
            return self._asked_layout("data.class_in_folder", choices, next(iter(choices)))
        one = len(self._classes) < 2 and not levels.called_classes(self._classes)
        alone = one and self._named_classes()  # one class teaches nothing
        if found.sure and self._classes and not alone:
            return found.layout
        choices = {}
        above = ABOVE_NAMES.get(found.code, "")
        if not self._classes or above or alone:
            choices = self._named_classes(f"{above}name")
        if self._classes and (found.code or alone):
            ways = (*ends, found.layout, *found.others)
            offered = {each.key: self._meaning(each) for each in ways}
            if self._in_versions:
                offered = {k: t for k, t in offered.items() if k not in ("group/class", "-/class")}
                text = _(
                    "The folders below are the classes; {names} hold versions of the same files"
                )
                choices["-/class"] = text.format(names=some(natural_order(self._upper)))
            choices |= offered
        if doubted := self._tables.telling:  # not believed, as they look like a model's answers
            text = _("The table {described}").format(described=described(doubted[0]))
            choices[TABLE] = text
        if not choices:
            raise self._unsorted()
        guess = next(iter(choices))
        if self._source.name == unzip.EVERY:  # archives are mostly parts of a download
            of_parts = (key for key in choices if key.startswith("-/") and "group" not in key)
            guess = next(of_parts, guess)
        code = found.code or ("data.only_predicted" if guess == TABLE else "data.class_in_name")
        return self._asked_layout(code, choices, guess)

    @cached_property
    def _upper(self) -> set[str]:
        """The folders of the first level."""
        lead = self._guess.layout.lead
        return {home.split("/")[lead] for home in self._sure_homes if home.count("/") >= lead}

    @cached_property
    def _in_versions(self) -> bool:
        """Whether the folders of the first level hold the same files in other versions."""
        few = 1 < len(self._upper) <= SHOWN and self._guess.code in (
            "data.which_level",
            "data.nested",
        )
        return few and versions.parallel(self._paths, self._guess.layout.lead)

    def _parts_differ(self) -> bool:
        """Whether a part of the data has folders of classes that are not among those of training,
        in no spelling."""
        known: defaultdict[str, set[Hashable]] = defaultdict(set)
        for home in self._sure_homes:
            place = self._guess.layout.place(home)
            if place.label is not None and place.split is not None:
                known[place.split].add(labels.loosely(place.label))
        others = set().union(*(found for part, found in known.items() if part != "train"))
        return bool(known["train"]) and bool(others - known["train"])

    def _by_ends(self, layouts: Sequence[Layout]) -> list[Layout]:
        """The same with a part of the folder names as the class, where it may be."""
        found = []
        for layout in layouts:
            key = layout.key
            if key.split("/").count("class") != 1 or key.split("/")[-1] != "class":
                continue
            names = {label for h in self._sure_homes if (label := layout.place(h).label)}
            ends = [] if any("/" in name for name in names) else name_parts.telling_ends(names)
            for end in ends:
                of_days = "-" if name_parts.of_things(names, end) else "group"
                found.append(replace(layout, key=f"{key.replace('group', of_days)}:{end}"))
        return sorted(found, key=lambda layout: -layout.key.rfind("group"))

    def _names_across(self) -> dict[str, str]:
        """The layouts by which the names of the files may be classes rather than the folders."""
        layout = self._guess.layout
        if len(self._classes) < 2 or layout.by_name or levels.called_classes(self._classes):
            return {}
        key = "/".join("group" if role == "class" else role for role in layout.roles) + "/name"
        names = [path.rpartition("/")[2] for path in self._paths]
        placed = [(label, names[at]) for at, label in self._by_folder.items()]
        if said := name_parts.named_across(placed):
            return _by_beginning(key, said)
        if any(kinds.kind_of(name) != "number" for name in self._classes):
            return {}
        parts = name_parts.telling_parts(names)
        return _by_parts(key, {n: v for n, v in parts.items() if not self._as_folders(names, n)})

    def _as_folders(self, names: Sequence[str], number: int) -> bool:
        """Whether a part of the file names says what the folders say."""
        said = {at: name_parts.part_of_name(name, number) or "" for at, name in enumerate(names)}
        return rows.agreement(said, self._by_folder) >= AGREE

    def _name_or_folder(self, choices: dict[str, str]) -> Question:
        said = next(iter(choices.values()))
        layout = self._guess.layout
        guess = next(iter(choices))
        apart = replace(layout, key=layout.key.replace("group", "-"))  # days, say, mean nothing
        choices |= {each.key: self._meaning(each) for each in (layout, apart)}
        return self._question("data.name_or_folder", choices, guess, names=said.partition(": ")[2])

    def _asked_layout(self, code: str, choices: Mapping[str, str], guess: str) -> Layout:
        at = self._guess.layout.lead if code == "data.class_or_part" else -1
        names = natural_order(home.split("/")[at] for home in self._sure_homes if home)
        if code == "data.odd_folders":
            names = tuple(odd_names(self._guess.layout, self._sure_homes))
        raise self._question(
            code, choices, guess, names=some(names) or "-", count=len(self._samples)
        )

    def _named_classes(self, key: str = "name") -> dict[str, str]:
        """The layout by which the names of the files say the class, where they may."""
        names = [path.rpartition("/")[2] for path in self._paths]
        if "images" in key.split("/"):
            masked = list(map(kinds.among_masks, self._homes))
            names = [n for n, s in zip(names, self._samples, strict=True) if not masked[s.label]]
        counts = Counter(filter(None, map(name_parts.named_class, names)))
        often = [name for name, count in counts.items() if count > 1]
        few = 2 <= len(often) <= name_parts.MAX_NAMES
        most = sum(counts[name] for name in often) >= LIKELY_LABELS * len(names)
        if few and most:
            return _by_beginning(key, often)
        return _by_parts(key, name_parts.telling_parts(names))

    def _of_folders(self, layout: Layout) -> Listing:
        place = layout.place
        spots = [place(home) for home in self._homes]
        if layout.by_name:
            return self._by_names(layout, spots)
        names = {spot.label: 0 for spot in spots if spot.label is not None}
        labels = {name: label for label, name in enumerate(names)}
        targets = [(labels.get(spot.label or ""), spot) for spot in spots]
        listing = Listing(self._root, classes=list(labels))
        strays: Counter[int] = Counter()
        masked = self._masked(layout)
        unused = self._unused_tables(())
        for at, sample in enumerate(self._samples):
            label, spot = targets[sample.label]
            if label is None:
                strays[sample.label] += self._wanted.has_extension(sample.path)
            else:
                listing.samples.append(
                    Sample(sample.path, label, group=spot.group, split=spot.split)
                )
            self._samples[at] = None  # type: ignore[call-overload]  # halves the memory
        self._add_links(listing, [label for label, _spot in targets])
        empty = {place(folder).label for folder in self._empty} - set(names)
        masks = {home: strays.pop(home) for home in list(strays) if masked[home]}
        listing.problems = [*self._problems(strays, empty), *self._mask_folders(masks)]
        listing.problems += unused
        self._show_layout(listing, layout)
        if not listing.samples:
            raise self._unsorted()
        return listing

    def _masked(self, layout: Layout) -> list[bool]:
        """Of each home, whether it holds masks or labels of the pictures elsewhere."""
        skips = layout.masked or "images" in layout.roles
        return [skips and kinds.among_masks(home) for home in self._homes]

    def _mask_folders(self, counts: Mapping[int, int]) -> list[Problem]:
        """What is left out in folders of masks; one note for all of them."""
        count, homes = sum(counts.values()), list(self._homes)
        if not count:
            return []
        first = min(homes[home] for home in counts)
        return [Problem("data.masks", first, values={"count": count})]

    def _add_links(self, listing: Listing, labels: Sequence[int | None]) -> None:
        """A link to a file that is listed counts only where its folder is another class."""
        if not self._links:
            return
        root = os.path.realpath(self._root)
        real = {os.path.realpath(f"{root}/{s.path}"): s.label for s in listing.samples}
        for link in sorted(self._links, key=lambda link: link.path):
            label = labels[link.label]
            if label is None or real.get(self._walk.repeats[link.path], label) == label:
                self._walk.report_repeat(link.path)
            else:
                listing.samples.append(Sample(link.path, label))

    def _by_names(self, layout: Layout, spots: Sequence[Place]) -> Listing:
        listing = Listing(self._root)
        labels: dict[str, int] = {}
        nameless = []
        masked = self._masked(layout)
        masks: Counter[int] = Counter()
        for sample in self._samples:
            if masked[sample.label]:
                masks[sample.label] += 1
                continue
            name = layout.named_class(sample.path.rpartition("/")[2])
            if name is None:
                nameless.append(sample.path)
                continue
            label = labels.setdefault(name, len(labels))
            spot = spots[sample.label]
            listing.samples.append(Sample(sample.path, label, group=spot.group, split=spot.split))
        listing.classes = list(labels)
        if nameless:
            values = {"count": len(nameless), "noun": self._wanted.noun}
            listing.problems.append(Problem("data.nameless", min(nameless), values=values))
        listing.problems += self._mask_folders(masks)
        self._show_layout(listing, layout)
        return listing

    def _show_layout(self, listing: Listing, layout: Layout) -> None:
        """Say how the folders were understood, where that could be otherwise."""
        guesses = (self._guess.layout, *self._guess.others)
        others = [each for each in guesses if each.key != layout.key]
        plain = Layout("class", layout.lead, masked=layout.masked)
        tables = self._tables.telling if self._tables.names else []
        if layout == plain and not others and not tables and not self._asked.layout:
            return
        every = {each.key: each for each in (plain, *others, layout)}.values()
        if layout.parts:
            said = _said_parts(layout.parts)
            listing.chosen["split_folders"] = said
            listing.choices["split_folders"] = {said: _meant_parts(layout.parts)}
        listing.chosen["layout"] = layout.key
        listing.choices["layout"] = {each.key: self._meaning(each) for each in every}
        if tables:
            text = _("the table {described}").format(described=described(tables[0]))
            listing.choices["layout"][TABLE] = text
            listing.choices["table"] = {each.names[0]: described(each) for each in tables}

    # -- what is wrong

    def _require_files(self) -> None:
        if self._sure:
            return
        for problem in self._walk.problems:
            if problem.path == ".":  # the folder itself could not be looked into
                raise UserError("data.unreadable", path=str(self._source), **problem.values)
        if self._samples and self._classes:
            return  # files without an ending, in folders: they may be anything
        raise self._nothing()

    def _nothing(self) -> UserError:
        """Why there is nothing: what lies there is not read, or must be unpacked."""
        told = foreign.sentences(self._endings)
        values = {"path": str(self._source), "noun": self._wanted.noun}
        if told:
            return UserError("data.foreign_only", why=" ".join(told), **values)
        return UserError("data.empty", **values)

    def _unsorted(self) -> UserError:
        values = {"path": str(self._source), "noun": self._wanted.noun}
        count = len(self._samples)
        return UserError("data.unsorted", count=count, more=self._unread_tables, **values)

    def _foreign(self) -> list[Problem]:
        """Files that are there but not understood, by their kind."""
        return [
            Problem("data.foreign", ".", values={"why": why})
            for why in foreign.sentences(self._endings, self._first_of)
        ]

    def _other_files(self, boxes: bool) -> list[Problem]:
        """Files that are no samples: those of each folder with samples, and those elsewhere that
        nothing here reads.

        Args:
            boxes: whether what lies beside was read as boxes or marks.
        """
        used = set(self._beside if boxes else self._tables.names)
        left = Counter(self._others)
        left.subtract(name.rpartition("/")[0] for name in used)
        noun = self._wanted.noun
        problems, elsewhere = list[Problem](), Counter[str]()
        for folder in filter(None, self._others):
            names = [n for n in self._examples[folder] if joined(folder, n) not in used]
            if left[folder] <= 0 or not names:
                continue
            if folder in self._homes:
                values = {"count": left[folder], "example": min(names), "noun": noun}
                problems.append(Problem("data.other_files", folder, values=values))
            elif extension(min(names)) not in BESIDE | NOTES:
                elsewhere[folder] = left[folder]
        if len(problems) > FOLDERS:
            count = sum(problem.values["count"] for problem in problems)
            values = {**problems[0].values, "count": count, "folders": len(problems)}
            problems = [Problem("data.other_in_folders", problems[0].path, values=values)]
        if elsewhere:
            where = some(natural_order(elsewhere))
            values = {"count": elsewhere.total(), "noun": noun, "names": where}
            problems.append(Problem("data.other_folders", min(elsewhere), values=values))
        return problems

    def _problems(self, strays: Counter[int], empty: set[str | None]) -> list[Problem]:
        homes = list(self._homes)
        noun = self._wanted.noun
        problems = [
            Problem(
                "data.no_class" if homes[home] else "data.no_class_above",
                homes[home] or ".",
                values={"count": count, "noun": noun},
            )
            for home, count in strays.items()
            if count
        ]
        problems += [
            Problem("data.empty_class", name, values={"noun": noun}) for name in empty if name
        ]
        return problems


def _repeating(home: str, homes: Container[str]) -> Iterator[str]:
    """The folders on the way to ``home`` without which it would be another one of ``homes``."""
    parts = home.split("/")
    for at in range(len(parts)):
        without = "/".join(parts[:at] + parts[at + 1 :])
        if without and without in homes:
            yield "/".join(parts[: at + 1])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _parsed(key: str, guessed: Layout) -> Layout:
    """The layout that the user asks for.

    Args:
        guessed: the one that would be taken.

    Raises:
        UserError: ``data.unknown_layout``.
    """
    roles = key.split("/")
    last = CLASS_ROLE.sub("class", NAME_ROLE.sub("name", roles[-1]))
    if not all(role in ROLES for role in (*roles[:-1], last)):
        raise UserError("data.unknown_layout", layout=key, known=", ".join(ROLES))
    return replace(guessed, key=key, parts=())


Parts = tuple[tuple[str, SplitName], ...]
PARTS: tuple[SplitName, ...] = ("train", "val", "test")
_HOW = "split_folders=A=train, B=val, C=test"


def _parts(said: str) -> Parts:
    """What folders are by the option ``split_folders``: ``A=train, B=test``.

    Raises:
        UserError: ``recipe.invalid``: it is written in another way.
    """
    found: list[tuple[str, SplitName]] = []
    for pair in filter(None, map(str.strip, said.split(","))):
        name, _equals, part = map(str.strip, pair.rpartition("="))
        meant = next((each for each in PARTS if each == part), None)
        if not name or meant is None:
            reason = _("write what each folder is, as in {example}, not {found}")
            reason = reason.format(example="A=train, B=test", found=said)
            raise UserError("recipe.invalid", path="data.options.split_folders", reason=reason)
        found.append((name, meant))
    return tuple(found)


def _orders(names: Sequence[str], known: Container[str] = ()) -> list[Parts]:
    """What folders may be, where others are the ``known`` parts; the likeliest first: the first
    folder for training, where none is known to be, and a test set rather than a validation set."""
    parts = itertools.permutations(PARTS, len(names))
    trained = (each for each in parts if "train" in each or "train" in known)

    def unlikely(each: Sequence[str]) -> tuple[int, bool, bool]:
        again = sum(part in known for part in each)
        return again, "train" not in known and each[0] != "train", "val" in each

    likely = sorted(trained, key=unlikely)
    return [tuple(zip(names, each, strict=True)) for each in likely]


def _said_parts(parts: Parts) -> str:
    return ", ".join(f"{name}={part}" for name, part in parts)


def _meant_parts(parts: Parts) -> str:
    called = {"train": _("training"), "val": _("validation"), "test": _("test")}
    return ", ".join(f"{name}: {called[part]}" for name, part in parts)


def _by_beginning(key: str, classes: Iterable[str]) -> dict[str, str]:
    """The layout ``key``, in which file names begin with these classes, and what it means."""
    text = _("The beginning of the file names is the class: {classes}")
    return {key: text.format(classes=some(natural_order(classes)))}


def _by_parts(key: str, parts: Mapping[int, Iterable[str]]) -> dict[str, str]:
    """The same for each part of the file names, with its values, that may be the class."""
    text = _("Part {number} of the file names is the class: {classes}")
    return {
        f"{key}:{number}": text.format(number=number, classes=some(natural_order(values)))
        for number, values in parts.items()
    }


def meaning(layout: Layout, homes: Iterable[str]) -> str:
    """What folders are with a layout, in words: ``The folders cat, dog are the classes``."""
    if layout.by_name:
        number = layout.roles[-1].partition(":")[2]
        text = _("Part {number} of the file names is the class")
        begins = _("The beginning of the file names is the class")
        said = [text.format(number=number) if number else begins]
        if "group" in layout.roles:
            groups = natural_order(g for home in homes if (g := layout.place(home).group))
            said.append(_("grouped by folder ({names})").format(names=some(groups)))
        return ", ".join(said)
    homes = list(homes)
    if unknown := layout.unknown_parts(homes):
        below = replace(layout, key=layout.key.replace("split", "-"))
        text = _("{classes}; {parts} are for training, validation or test")
        return text.format(classes=meaning(below, homes), parts=some(unknown))
    spots = [layout.place(home) for home in homes]
    classes = natural_order(labels.distinct(spot.label for spot in spots if spot.label))
    groups = natural_order(spot.group for spot in spots if spot.group)
    text = _("The folders {names} are the classes")
    if layout.roles[-1] == "class:-1":
        text = _("The last part of the folder names is the class: {names}")
    elif layout.roles[-1] == "class:1":
        text = _("The first part of the folder names is the class: {names}")
    said = [text.format(names=some(classes) or "-")]
    if any(spot.split for spot in spots):
        said.append(_("split into training, validation and test by folder"))
    if groups:
        said.append(_("grouped by folder ({names})").format(names=some(groups)))
    if "class?" in layout.roles and (skipped := odd_names(layout, homes)):
        said.append(_("without {names}").format(names=some(natural_order(skipped))))
    return ", ".join(said)


# -- a separate test set


def add_test(listing: Listing, test: Listing) -> None:
    """Make ``test`` the test split of ``listing``.

    Classes of it that are not among those to learn are added all the same: they may be the same
    in another spelling.
    """
    replaced = [sample.path for sample in listing.samples if sample.split == "test"]
    if replaced:
        listing.samples = [sample for sample in listing.samples if sample.split != "test"]
        values = {"count": len(replaced)}
        listing.problems.append(Problem("data.test_replaced", min(replaced), values=values))
    prefix = _relative(test.root, listing.root)
    listing.classes = list(dict.fromkeys([*listing.classes, *test.classes]))
    labels = {name: label for label, name in enumerate(listing.classes)}
    for sample in test.samples:
        path = posixpath.normpath(f"{prefix}/{sample.path}")
        label = labels[test.classes[sample.label]]
        listing.samples.append(Sample(path, label, sample.size, sample.group, "test"))
    listing.problems += [
        Problem(p.code, posixpath.normpath(f"{prefix}/{p.path}"), p.left_out, p.values)
        for p in test.problems
    ]


def _relative(folder: Path, root: Path) -> str:
    """``folder`` seen from ``root``; absolute on another drive of Windows."""
    try:
        return Path(os.path.relpath(os.path.realpath(folder), os.path.realpath(root))).as_posix()
    except ValueError:
        return folder.absolute().as_posix()
