"""A dataset as the window looks at it: by class, and without copying a million paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from transfergui.core.data.dataset import Dataset, file_of, part_of

SIMILAR = "data.similar_names"
"""The problem that proposes to make several classes one; its values name the ``classes``."""


@dataclass(frozen=True)
class DatasetOverview:
    """A dataset as it is shown, worked out in a thread: it may have a million samples.

    Attributes:
        paths: relative paths of the samples of each class.
        noted: paths of samples about which there is a note, or that wait for a decision.
    """

    dataset: Dataset
    paths: list[list[str]]
    noted: frozenset[str]

    @classmethod
    def of(cls, dataset: Dataset) -> DatasetOverview:
        paths: list[list[str]] = [[] for _name in dataset.classes]
        for sample in dataset.samples:
            paths[sample.label].append(sample.path)
        for members in paths:
            if any(file_of(path) != path for path in members[:1]):
                members.sort(key=_in_order)
        noted = {problem.path for problem in dataset.problems if not problem.left_out}
        used = {path for members in paths for path in members if path in noted}
        return cls(dataset, paths, frozenset(used | dataset.undecided))

    def proposals(self) -> list[list[str]]:
        """Classes that probably are meant to be one."""
        return [p.values["classes"] for p in self.dataset.problems if p.code == SIMILAR]

    def of_class(self, name: str) -> list[str]:
        return self.paths[self.dataset.classes.index(name)]

    def largest(self, names: Sequence[str]) -> str:
        """The one of these classes with the most samples."""
        return max(names, key=lambda name: len(self.of_class(name)))


def _in_order(path: str) -> tuple[str, int]:
    """Parts of a file one after the other: row 12 before row 102."""
    file, part = part_of(path)
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
