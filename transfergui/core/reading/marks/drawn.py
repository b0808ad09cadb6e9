"""What all files of boxes in a data set say, picture by picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.reading.marks.boxes import Boxes
from transfergui.core.reading.marks.pages import Page


@dataclass
class Drawn:
    """What is drawn in pictures.

    Attributes:
        kind: what the format is called.
        pages: by the place of the picture among all.
        splits: of pictures of which a list of boxes says it: ``instances_val2017.json``.
        known: every class that the format lists, whether it occurs or not.
        numbers: whether classes are numbers to which a list says the names.
        leaves_out: whether pictures in which nothing is drawn have no file, or no row.
        problems: of files that say boxes.
        files: that were read.
        kinds: every format that there is, this one among them.
        numbers_as: how the user wants four numbers read that may be a size or corners.
    """

    kind: str
    pages: dict[int, Page] = field(default_factory=dict)
    splits: dict[int, SplitName] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    numbers: bool = False
    leaves_out: bool = False
    problems: list[Problem] = field(default_factory=list)
    files: frozenset[str] = frozenset()
    numbers_as: str = ""
    kinds: tuple[str, ...] = ()

    @property
    def draws(self) -> bool:
        """Whether there is any box."""
        return any(page.all_shapes for page in self.pages.values())

    @property
    def names(self) -> set[str]:
        """Of all boxes."""
        return {shape.name for page in self.pages.values() for shape in page.all_shapes}


def drawn(boxes: Boxes) -> Drawn:
    """What the files of boxes say that were found."""
    return Drawn(
        boxes.kind,
        boxes.pages,
        boxes.splits,
        boxes.known,
        boxes.numbers,
        boxes.leaves_out,
        boxes.problems,
        frozenset(boxes.lists),
        kinds=boxes.kinds,
    )
