"""How many boxes a data set has: of each class, and in how many pictures."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.paths import shown
from transfergui.core.data.boxes import boxes_of
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.targets import BOXES

NAMED = 4
"""So many classes are named with their numbers."""


class BoxCount(NamedTuple):
    """How often a class occurs: boxes of it, and pictures with at least one."""

    boxes: int
    pictures: int


class BoxCounts(NamedTuple):
    """What occurs in all pictures.

    Attributes:
        classes: by name, in the order of the names.
        without: pictures without a box.
        most: boxes of the picture that has most of them.
    """

    classes: dict[str, BoxCount]
    without: int
    most: int

    @property
    def boxes(self) -> int:
        """Of all classes."""
        return sum(count.boxes for count in self.classes.values())


def box_counts(dataset: Dataset) -> BoxCounts:
    """Count the boxes of a data set whose targets are boxes."""
    boxes: Counter[int] = Counter()
    pictures: Counter[int] = Counter()
    without = most = 0
    for values, count in zip(dataset.targets.values, dataset.counts(), strict=True):
        if not count:
            continue
        own = Counter(box.name for box in boxes_of(values))
        for name, number in own.items():
            boxes[name] += number * count
            pictures[name] += count
        without += 0 if own else count
        most = max(most, own.total())
    names = enumerate(dataset.targets.names)
    classes = {name: BoxCount(boxes[at], pictures[at]) for at, name in names}
    return BoxCounts(classes, without, most)


def described(dataset: Dataset) -> str:
    """How many boxes there are, in words; empty of data in which something else is predicted."""
    if dataset.targets.objective != BOXES:
        return ""
    told = box_counts(dataset)
    often = sorted(told.classes.items(), key=lambda each: -each[1].boxes)
    names = [f"{shown(name)} {count.boxes}" for name, count in often[:NAMED]]
    if not names:
        return _("No boxes yet")
    if told.without:
        text = _("Boxes: {boxes} ({names}), up to {most} in a picture. Without boxes: {without}")
    else:
        text = _("Boxes: {boxes} ({names}), up to {most} in a picture")
    listed = comma_list([*names, "…"] if len(often) > NAMED else names)
    figures = {"boxes": told.boxes, "most": told.most, "without": told.without}
    return text.format(names=listed, **figures)
