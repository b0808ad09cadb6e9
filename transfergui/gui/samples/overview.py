"""A dataset as the window looks at it: by class, and without copying a million paths."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, overload

from PySide6.QtGui import QColor

from transfergui.core.base.figure_texts import number, span
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.data import box_counts
from transfergui.core.data import targets as meanings
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.targets import Targets
from transfergui.gui.base import words
from transfergui.gui.pictures import box_painter
from transfergui.gui.samples.class_bars import BarGroup

SIMILAR = "data.similar_names"
"""The problem that proposes to make several classes one; its values name the ``classes``."""


@dataclass(frozen=True)
class DatasetOverview:
    """A dataset as it is shown, worked out in a thread: it may have a million samples.

    Attributes:
        names: what is counted: the classes; the labels; the answers to each question; ranges of a
            number.
        paths: relative paths of the samples of each of them.
        noted: paths of samples about which there is a note, or that wait for a decision.
        questions: for each of ``names``, which question it is an answer to; empty without any.
        boxes: how many boxes each of ``names`` has; empty where no boxes are predicted.
    """

    dataset: Dataset
    names: tuple[str, ...]
    paths: list[list[str]]
    noted: frozenset[str]
    questions: tuple[int, ...] = ()
    boxes: tuple[int, ...] = ()

    @classmethod
    def of(cls, dataset: Dataset) -> DatasetOverview:
        names, rows, questions = shelves(dataset)
        paths: list[list[str]] = [[] for _name in names]
        for sample in dataset.samples:
            for row in rows[sample.label]:
                paths[row].append(sample.path)
        for members in paths:
            if any(map(is_part, members[:1])):
                members.sort(key=_in_order)
        noted = {problem.path for problem in dataset.problems if not problem.left_out}
        used = {path for members in paths for path in members if path in noted}
        waiting = frozenset(used | dataset.undecided)
        return cls(dataset, names, paths, waiting, questions, _counted_boxes(dataset, names))

    @property
    def titles(self) -> tuple[str, ...]:
        """``names`` as people read them."""
        if not self.boxes:
            return self.names
        return tuple(_("No objects") if n == meanings.NONE_OF_THEM else n for n in self.names)

    def heading(self, row: int, amount: str) -> str:
        """Of the samples of one of ``names``: ``red cell · 59 pictures · 812 boxes``.

        Args:
            amount: of its samples, in words.
        """
        parts = [shown(self.titles[row]), amount]
        if self.boxes and self.boxes[row]:
            parts.append(boxes_amount(self.boxes[row]))
        return " · ".join(parts)

    def colours(self) -> dict[str, QColor]:
        """Of the boxes of each class; none where no boxes are predicted."""
        targets = self.dataset.targets
        boxes = targets.names if targets.objective == meanings.BOXES else ()
        return {name: box_painter.colour(place) for place, name in enumerate(boxes)}

    def groups(self) -> list[BarGroup]:
        """``names`` as they are shown: those of each question below its name."""
        targets = self.dataset.targets
        if not self.questions:
            return [BarGroup("", range(len(self.names)), self.titles)]
        found = []
        for at, title in enumerate(targets.names):
            rows = [row for row, question in enumerate(self.questions) if question == at]
            own = [self.names[row].removeprefix(f"{title}: ") for row in rows]
            found.append(BarGroup(title, rows, own))
        return found

    def proposals(self) -> list[list[str]]:
        """Classes that probably are meant to be one."""
        return [p.values["classes"] for p in self.dataset.problems if p.code == SIMILAR]

    def of_class(self, name: str) -> list[str]:
        return self.paths[self.names.index(name)]

    def largest(self, names: Sequence[str]) -> str:
        """The one of these classes with the most samples."""
        return max(names, key=lambda name: len(self.of_class(name)))


RANGES = 10
"""Into so many ranges a number is divided."""


class Shelves(NamedTuple):
    """What samples are counted by.

    Attributes:
        rows: for each class of the data set, where it counts.
        questions: as of :class:`DatasetOverview`.
    """

    names: tuple[str, ...]
    rows: list[tuple[int, ...]]
    questions: tuple[int, ...] = ()


def shelves(dataset: Dataset) -> Shelves:
    """Samples without any label, or without an answer, have rows of their own."""
    targets = dataset.targets
    names = meanings.members(targets, dataset.classes)
    questions = [at for at, answers in enumerate(targets.answers) for _answer in answers]
    if not names and targets.values:
        return _ranges(targets)
    rows = [meanings.members_of(targets, label) for label in range(len(dataset.classes))]
    if targets.answers:
        missing = {name: len(names) + place for place, name in enumerate(targets.names)}
        rows = [
            (*row, *(at for at, value in zip(missing.values(), values, strict=True) if value < 0))
            for row, values in zip(rows, targets.values, strict=True)
        ]
        extra = tuple(f"{name}: {meanings.MISSING}" for name in missing)
        questions += range(len(missing))
    else:
        rows = [row or (len(names),) for row in rows]
        extra = (meanings.NONE_OF_THEM,)
    return _used(Shelves((*names, *extra), rows, tuple(questions)), len(names))


def _used(found: Shelves, sure: int) -> Shelves:
    """Without those of the last names, from ``sure`` on, that nothing counts for."""
    names, rows, questions = found
    counted = {at for row in rows for at in row}
    kept = [at for at in range(len(names)) if at < sure or at in counted]
    place = {at: new for new, at in enumerate(kept)}
    return Shelves(
        tuple(names[at] for at in kept),
        [tuple(place[at] for at in row) for row in rows],
        tuple(questions[at] for at in kept) if questions else (),
    )


def _ranges(targets: Targets) -> Shelves:
    """Equal ranges of a number, between whole ends; the last one holds both of its ends."""
    values = [value for (value,) in targets.values]
    low, high = min(values), max(values)
    step = _whole_step((high - low) / RANGES)
    start = math.floor(low / step) * step
    count = max(1, math.ceil((high - start) / step * 0.999999))
    ends = [f"{start + step * at:.6g}" for at in range(count + 1)]
    pairs = itertools.pairwise(ends)
    names = tuple(f"{span(low, high)} {targets.unit}".rstrip() for low, high in pairs)
    places = [min(count - 1, int((value - start) / step + 1e-9)) for value in values]
    return Shelves(names, [(place,) for place in places])


def _whole_step(width: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is not below ``width``."""
    if not width:
        return 1.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(n * power for n in (1, 2, 5, 10) if n * power >= width * 0.9999)


def _counted_boxes(dataset: Dataset, names: Sequence[str]) -> tuple[int, ...]:
    """How many boxes of the samples have each of the names; nothing of other targets."""
    if dataset.targets.objective != meanings.BOXES:
        return ()
    known = box_counts.box_counts(dataset).classes
    return tuple(known[name].boxes if name in known else 0 for name in names)


def boxes_amount(count: int) -> str:
    """``812 boxes``."""
    return ngettext("{count} box", "{count} boxes", count).format(count=words.number(count))


def spread(dataset: Dataset) -> str:
    """Of a number, its mean and its range over the samples; of boxes, how many there are; else
    empty."""
    targets = dataset.targets
    if boxes := box_counts.described(dataset):
        return boxes
    if meanings.members(targets, dataset.classes) or not targets.values or not dataset.samples:
        return ""
    values = [targets.values[sample.label][0] for sample in dataset.samples]
    unit, mean = targets.unit, sum(values) / len(values)
    text = _("Mean {mean}, from {low} to {high}")
    ends = {"low": number(min(values)), "high": f"{number(max(values))} {unit}".rstrip()}
    return text.format(mean=f"{number(mean)} {unit}".rstrip(), **ends)


def _in_order(path: str) -> tuple[str, int]:
    """Parts of a file one after the other: row 12 before row 102."""
    file, part = FilePart.parse(path)
    return file, part or 0


class FileList(Sequence[Path]):
    """Paths below a root, made when asked for: there may be a million."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self._root, self._names = root, names

    def __len__(self) -> int:
        return len(self._names)

    @overload
    def __getitem__(self, at: int) -> Path: ...
    @overload
    def __getitem__(self, at: slice) -> FileList: ...
    def __getitem__(self, at: int | slice) -> Path | FileList:
        if isinstance(at, slice):
            return FileList(self._root, self._names[at])
        return self._root / self._names[at]
