"""What the names, the tables and the boxes of a folder say, each by itself."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import labels
from transfergui.core.data.dataset import Problem
from transfergui.core.data.targets import BOXES, SEVERAL_QUESTIONS
from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.folders import levels
from transfergui.core.reading.folders.guesses import guess
from transfergui.core.reading.folders.layout import LEVELS, Guess, Layout, levels_of
from transfergui.core.reading.listings import versions
from transfergui.core.reading.listings.listing import SHOWN, some
from transfergui.core.reading.marks import boxes as box_files
from transfergui.core.reading.marks import spans as span_files
from transfergui.core.reading.marks.boxes import Boxes, unused
from transfergui.core.reading.marks.drawn import Drawn, drawn
from transfergui.core.reading.names import kinds, name_parts
from transfergui.core.reading.sources import box_rows
from transfergui.core.reading.sources.contents import Contents
from transfergui.core.reading.sources.meanings import (
    layouts_by_beginning,
    layouts_by_part,
    meaning,
    with_count,
)
from transfergui.core.reading.tables import label_lists, rows, table_files
from transfergui.core.reading.tables.label_table import AGREE, LabelTable
from transfergui.core.reading.tables.reading_options import ReadingOptions
from transfergui.core.reading.tables.tables_beside import Tables

UNTOLD = ("data.only_parts", "data.only_groups", "data.class_in_name")
"""Questions because no table says the classes."""
LIKELY_LABELS = 0.5
"""The share of the files that a table must name to be believed rather than class folders."""
MOST_TABLES = 50
"""More tables beside files are something else: a table for each file, say."""


class Facts:
    """What may say the classes of the files in a folder; each is looked at when it is asked for."""

    def __init__(self, contents: Contents, asked: ReadingOptions) -> None:
        self._contents = contents
        self._source = contents.source
        self._root = contents.root
        self._noun = contents.wanted.noun
        self.asked = asked

    @cached_property
    def tables(self) -> Tables:
        found = [name for name in self._contents.beside if extension(name) in table_files.SUFFIXES]
        near = sorted(found, key=lambda name: (name.count("/"), name))[:MOST_TABLES]
        names = [name for name in near if table_files.is_table(self._root / name)]
        texts = [name for name in self._contents.beside if extension(name) == ".txt"]
        if len(texts) > MOST_TABLES:  # most belong to a file each
            named = {path.rpartition(".")[0] for path in self._contents.paths}
            texts = [name for name in texts if name.rpartition(".")[0] not in named]
        if len(texts) <= MOST_TABLES:  # else one for each file
            is_file = self._contents.wanted.has_extension
            names += [n for n in texts if table_files.describes_files(self._root / n, is_file)]
        others = [n for n in texts if n not in names] if len(texts) <= MOST_TABLES else []
        lists = label_lists.find(self._root, self._contents.beside)
        if lists is not None and self.boxes is not None:
            lists = None  # which say the same
        return Tables(self._root, self._contents.paths, names, self.asked, others, lists)

    @cached_property
    def guess(self) -> Guess:
        """What the names of the folders say."""
        return guess(self._contents.sure_homes, len(self._contents.samples), self.versions)

    @cached_property
    def versions(self) -> frozenset[int]:
        """The levels of folders that hold versions of the same files, by their names."""
        return versions.levels(self._contents.paths, self._contents.sure_homes)

    @cached_property
    def classes(self) -> set[str]:
        """By the guessed layout."""
        found = {self.guess.layout.place(home).label for home in self._contents.sure_homes}
        return {label for label in found if label is not None}

    @cached_property
    def by_folder(self) -> dict[int, str]:
        """The class of each file by the guessed layout."""
        homes = [self.guess.layout.place(home).label for home in self._contents.homes]
        labels = ((at, homes[sample.label]) for at, sample in enumerate(self._contents.samples))
        return {at: label for at, label in labels if label is not None}

    def folders_are_a_column(self, said: LabelTable) -> bool:
        """Whether a column of the table says what the folders are called: the place of each
        sample, say."""
        return any(self.is_of_folders(said, at) for at in range(len(said.columns.names)))

    def is_of_folders(self, said: LabelTable, column: int) -> bool:
        """Whether one column says what the folders are called."""
        cells = rows.column_of(said.table, said.columns, column, said.lookup)
        several = len(set(cells.values())) > 1
        return several and rows.agreement(cells, self.by_folder) >= AGREE

    def question(
        self, code: str, choices: Mapping[str, str], guess: str, **values: Any
    ) -> Question:
        values = {"path": str(self._source), "noun": self._noun, **values}
        if code in UNTOLD:
            values["more"] = self._contents.unread_tables
        return Question(code, setting="data.options.layout", choices=choices, guess=guess, **values)

    def meaning(self, layout: Layout) -> str:
        """What the data are with a layout, in words."""
        return meaning(layout, self._contents.sure_homes)

    def with_count(self, layout: Layout) -> str:
        """The same, with what follows from it."""
        return with_count(layout, self._contents.sure_homes)

    @cached_property
    def boxes(self) -> Boxes | None:
        wanted = self.asked.objective == BOXES
        for reader in (box_files,) if wanted else (span_files, box_files):
            beside = [name for name in self._contents.beside if extension(name) in reader.ENDINGS]
            where = (self._root, self._contents.paths, beside)
            if reader is span_files:
                found = span_files.find(*where) if beside else None
            else:
                share = 0.0 if wanted else box_files.ENOUGH
                asked = self.asked.box_format
                found = box_files.find(*where, share, asked) if beside else None
            if found is not None:
                masked = {at for at in found.inside if kinds.among_masks(self._contents.paths[at])}
                found.inside = {at: i for at, i in found.inside.items() if at not in masked}
                return found
        return None

    @cached_property
    def drawn(self) -> Drawn | None:
        """The boxes themselves, where they may be predicted and any are drawn: in pictures, unless
        the user chose something else.

        Raises:
            UserError: ``data.unknown_box_format``: the one that is asked for is not there.
        """
        asked = self.asked
        chosen = asked.layout or asked.table or asked.predict or asked.label_column
        other = asked.objective != BOXES and (asked.objective or asked.lenient or chosen)
        if self._contents.wanted.stored is None or other:
            return None
        ways = [self._drawn_in_files, self._drawn_in_tables]
        if asked.box_format == box_rows.TABLE:
            ways.reverse()
        found = next((found for way in ways if (found := way()) is not None), None)
        if found is not None and asked.box_format not in {"", found.kind, *found.kinds}:
            kinds = some(found.kinds or (found.kind,))
            raise UserError("data.unknown_box_format", name=asked.box_format, found=kinds)
        return found

    def _drawn_in_files(self) -> Drawn | None:
        if self.boxes is None or self.boxes.spans:
            return None
        found = drawn(self.boxes)
        found.numbers_as = self.asked.box_numbers
        if not found.draws:
            return None
        if others := self._other_boxes(found):
            found.problems += others
            found.kinds = (*found.kinds, box_rows.TABLE)
        return found

    def _drawn_in_tables(self) -> Drawn | None:
        for said in filter(box_rows.are_boxes, self.tables.each):
            found = box_rows.drawn_in_rows(self._root, self._contents.paths, said, self.asked)
            if found.draws:
                if self.boxes is not None and self.boxes.pages and not self.boxes.spans:
                    name = next(iter(self.boxes.lists), ".")
                    found.problems.append(unused(name, self.boxes.kind, found.kind))
                    found.kinds = (found.kind, *self.boxes.kinds)
                return found
        return None

    def _other_boxes(self, drawn: Drawn) -> list[Problem]:
        """That tables have boxes as well, which are read from other files."""
        return [
            unused(said.names[0], box_rows.TABLE, drawn.kind)
            for said in self.tables.each
            if box_rows.are_boxes(said) and not drawn.files.issuperset(said.names)
        ]

    @property
    def told_classes(self) -> bool:
        """Whether a table says a class, or labels, of each file."""
        return any(not said.columns.boxes for said in self.tables.telling)

    @cached_property
    def upper(self) -> set[str]:
        """The folders of the first level."""
        lead = self.guess.layout.lead
        return {
            home.split("/")[lead] for home in self._contents.sure_homes if home.count("/") >= lead
        }

    @cached_property
    def depth(self) -> int:
        """How many levels of folders may be predicted."""
        return levels_of(self.guess.layout, self._contents.sure_homes)

    @property
    def levels_as_questions(self) -> dict[str, str]:
        """The answer that each level of folders is a question of its own, and what it means; none
        where there is one level, or something else is wanted."""
        if self.depth < 2 or self.asked.objective not in ("", SEVERAL_QUESTIONS):
            return {}
        text = _("Each of the {count} folder levels as its own question")
        return {LEVELS: text.format(count=self.depth)}

    @cached_property
    def in_versions(self) -> bool:
        """Whether the folders of the first level hold the same files in other versions."""
        few = 1 < len(self.upper) <= SHOWN and self.guess.code in (
            "data.which_level",
            "data.nested",
        )
        return few and versions.parallel(self._contents.paths, self.guess.layout.lead)

    def parts_differ(self) -> bool:
        """Whether a part of the data has folders of classes that are not among those of training,
        in no spelling."""
        known: defaultdict[str, set[Hashable]] = defaultdict(set)
        for home in self._contents.sure_homes:
            place = self.guess.layout.place(home)
            if place.label is not None and place.split is not None:
                known[place.split].add(labels.loosely(place.label))
        others = set().union(*(found for part, found in known.items() if part != "train"))
        return bool(known["train"]) and bool(others - known["train"])

    def by_ends(self, layouts: Sequence[Layout]) -> list[Layout]:
        """The same with a part of the folder names as the class, where it may be."""
        found = []
        for layout in layouts:
            key = layout.key
            if key.split("/").count("class") != 1 or key.split("/")[-1] != "class":
                continue
            names = {label for h in self._contents.sure_homes if (label := layout.place(h).label)}
            ends = [] if any("/" in name for name in names) else name_parts.telling_ends(names)
            for end in ends:
                of_days = "-" if name_parts.of_things(names, end) else "group"
                found.append(replace(layout, key=f"{key.replace('group', of_days)}:{end}"))
        return sorted(found, key=lambda layout: -layout.key.rfind("group"))

    def names_across(self) -> dict[str, str]:
        """The layouts by which the names of the files may be classes rather than the folders."""
        layout = self.guess.layout
        if len(self.classes) < 2 or layout.by_name or levels.called_classes(self.classes):
            return {}
        key = "/".join("group" if role == "class" else role for role in layout.roles) + "/name"
        names = [path.rpartition("/")[2] for path in self._contents.paths]
        placed = [(label, names[at]) for at, label in self.by_folder.items()]
        if said := name_parts.named_across(placed):
            return layouts_by_beginning(key, said)
        if any(kinds.kind_of(name) != "number" for name in self.classes):
            return {}
        parts = name_parts.telling_parts(names)
        return layouts_by_part(
            key, {n: v for n, v in parts.items() if not self._as_folders(names, n)}
        )

    def _as_folders(self, names: Sequence[str], number: int) -> bool:
        """Whether a part of the file names says what the folders say."""
        said = {at: name_parts.part_of_name(name, number) or "" for at, name in enumerate(names)}
        return rows.agreement(said, self.by_folder) >= AGREE

    def named_classes(self, key: str = "name") -> dict[str, str]:
        """The layout by which the names of the files say the class, where they may."""
        names = [path.rpartition("/")[2] for path in self._contents.paths]
        if "images" in key.split("/"):
            masked = list(map(kinds.among_masks, self._contents.homes))
            names = [
                n for n, s in zip(names, self._contents.samples, strict=True) if not masked[s.label]
            ]
        counts = Counter(filter(None, map(name_parts.named_class, names)))
        often = [name for name, count in counts.items() if count > 1]
        few = 2 <= len(often) <= name_parts.MAX_NAMES
        most = sum(counts[name] for name in often) >= LIKELY_LABELS * len(names)
        if few and most:
            return layouts_by_beginning(key, often)
        return layouts_by_part(key, name_parts.telling_parts(names))

    def require_files(self) -> None:
        if self._contents.sure:
            return
        for problem in self._contents.walk.problems:
            if problem.path == ".":  # the folder itself could not be looked into
                raise UserError("data.unreadable", path=str(self._source), **problem.values)
        if self._contents.samples and self.classes:
            return  # files without an ending, in folders: they may be anything
        raise self._contents.nothing()
