"""What a folder holds: files that may be samples, and the others beside them."""

import os
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem, Sample
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files import foreign
from transfergui.core.reading.files.walk import Walk, extension, joined, size_of
from transfergui.core.reading.marks import boxes as box_files
from transfergui.core.reading.marks import spans as span_files
from transfergui.core.reading.marks import unread_formats
from transfergui.core.reading.marks.masks import masks
from transfergui.core.reading.sources.wanted import PROGRESS_EVERY, Wanted
from transfergui.core.reading.tables import table_files

EXAMPLES = 20
"""Names of other files in a folder that are kept, to show one of them."""
BESIDE = table_files.SUFFIXES | box_files.ENDINGS | span_files.ENDINGS
"""Endings of files that may say something of the samples beside."""


class Contents:
    """The files of a folder, gathered per folder, without copies and masks.

    Attributes:
        source: what the user opened, for messages.
        root: the folder that holds it.
        homes: the folders that hold files which may be samples, with a number for each.
        sure: homes of files that are surely samples, by their endings.
        samples: these files; as long as the classes are not known, their label is the home.
        links: links to files that are listed anyway.
        others: how many other files each folder holds, and ``examples`` of their names.
        endings: of other files, and the first file of each (``first_of``).
        beside: other files that may say something of the samples.
        empty: folders that hold nothing.
    """

    def __init__(
        self,
        source: Path,
        root: Path,
        wanted: Wanted,
        progress: ScanProgress,
        skip: Path | None = None,
    ) -> None:
        """Args:
        skip: a folder below that belongs to something else.
        """
        self.source = source
        self.root = root
        self.wanted = wanted
        self._progress = progress
        self.walk = Walk(root, wanted.has_extension, skip, keep_repeats=True)
        self.homes: dict[str, int] = {}
        self.sure: set[int] = set()
        self.samples: list[Sample] = []
        self.links: list[Sample] = []
        self.others: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.endings: Counter[str] = Counter()
        self.first_of: dict[str, str] = {}
        self.beside: list[str] = []
        self.empty: list[str] = []
        for folder in self.walk:
            self._add(folder.path, folder.files)
            if folder.leaf and folder.path not in self.homes:
                self.empty.append(folder.path)

    def without_copies(self) -> list[Problem]:
        """Take out folders that hold everything once more that lies above: archives of Kaggle."""
        homes = list(self.homes)
        again = {folder for home in homes for folder in _repeating(home, self.homes)}
        if not again:
            return []
        names: defaultdict[str, set[str]] = defaultdict(set)
        for sample in self.samples:
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
            if self._same_sizes(files):
                values = {"count": len(files)}
                problems.append(Problem("data.nested_copy", values, path=folder))
                for home in below:
                    names[home] = set()
        left_out = {self.homes[home] for home in homes if home in names and not names[home]}
        self.samples = [sample for sample in self.samples if sample.label not in left_out]
        self._forget(left_out)
        return problems

    def _same_sizes(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """Whether the files of each pair, by their paths below the root, are equally large."""
        root = os.fspath(self.root)
        return all(size_of(f"{root}/{a}") == size_of(f"{root}/{b}") for a, b in pairs)

    def _forget(self, left_out: set[int]) -> None:
        """Forget homes whose files are left out."""
        self.sure -= left_out
        kept = [home for home, at in self.homes.items() if at not in left_out]
        places = {self.homes[home]: at for at, home in enumerate(kept)}
        self.homes = {home: at for at, home in enumerate(kept)}
        self.sure = {places[at] for at in self.sure}
        self.samples = [Sample(s.path, places[s.label]) for s in self.samples]

    def set_links_apart(self) -> None:
        """Links to files that are listed anyway are no files of their own."""
        repeats = self.walk.repeats
        if repeats:
            self.links = [s for s in self.samples if s.path in repeats]
            self.samples = [s for s in self.samples if s.path not in repeats]

    def _add(self, folder: str, names: Iterable[str]) -> None:
        """Take in the files of one folder; everything shared is shared."""
        label, samples, wanted = -1, self.samples, self.wanted.extensions
        for name in names:
            ending = extension(name)
            if (ending in wanted or not ending) and not foreign.is_note(name, ending):
                if label < 0:
                    label = self.homes.setdefault(folder, len(self.homes))
                if ending:
                    self.sure.add(label)
                samples.append(Sample(joined(folder, name), label))
                if not len(samples) % PROGRESS_EVERY:
                    self._progress(len(samples))
            else:
                self._add_other(folder, name)

    def _add_other(self, folder: str, name: str) -> None:
        ending = extension(name)
        self.endings[ending] += 1
        self.first_of.setdefault(ending, joined(folder, name))
        if not foreign.known(ending):  # those are told by their kind
            self.others[folder] += 1
            examples = self.examples.setdefault(folder, [])
            if len(examples) < EXAMPLES:
                examples.append(name)
        if ending in BESIDE:
            self.beside.append(joined(folder, name))

    @cached_property
    def paths(self) -> list[str]:
        return [sample.path for sample in self.samples]

    @cached_property
    def sure_homes(self) -> list[str]:
        """The folders that hold files which are surely samples."""
        homes = list(self.homes)
        return [homes[label] for label in sorted(self.sure)] or homes

    @property
    def unread_tables(self) -> str:
        """What is to be said of tables that are not read here, but may say the classes."""
        found = {e: n for e, n in self.endings.items() if foreign.is_table(e)}
        told = [*foreign.sentences(found, self.first_of), *self.unread_boxes]
        return "".join(f" {sentence}" for sentence in told)

    @cached_property
    def unread_boxes(self) -> list[str]:
        """What is to be said of files of boxes that are recognised, but not read."""
        pictures = self.wanted.stored is not None
        return unread_formats.sentences(self.root, self.beside) if pictures else []

    def without_masks(self) -> list[Problem]:
        """Take masks out that lie beside their pictures."""
        found = masks(self.paths)
        if len(found) < box_files.ENOUGH * len(self.samples) / 2:
            return []
        left_out = set(found)
        first = min(self.paths[at] for at in found)
        self.samples = [s for at, s in enumerate(self.samples) if at not in left_out]
        self.sure &= {sample.label for sample in self.samples}
        del self.paths
        return [Problem("data.masks", {"count": len(found)}, path=first)]

    def nothing(self) -> UserError:
        """Why there is nothing: what lies there is not read, or must be unpacked."""
        told = [*foreign.sentences(self.endings), *self.unread_boxes]
        values = {"path": str(self.source), "noun": self.wanted.noun}
        if told:
            return UserError("data.foreign_only", why=" ".join(told), **values)
        return UserError("data.empty", **values)

    def unsorted(self) -> UserError:
        values = {"path": str(self.source), "noun": self.wanted.noun}
        count = len(self.samples)
        return UserError("data.unsorted", count=count, more=self.unread_tables, **values)

    def foreign_problems(self) -> list[Problem]:
        """Files that are there but not understood, by their kind."""
        return [
            Problem("data.foreign", {"why": why}, path=".")
            for why in foreign.sentences(self.endings, self.first_of)
        ]


def _repeating(home: str, homes: Container[str]) -> Iterator[str]:
    """The folders on the way to ``home`` without which it would be another one of ``homes``."""
    parts = home.split("/")
    for at in range(len(parts)):
        without = "/".join(parts[:at] + parts[at + 1 :])
        if without and without in homes:
            yield "/".join(parts[: at + 1])
