"""The pictures that lists of boxes name, in the part of the data that a list is for."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Sequence

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.files.lookup import URL, Lookup
from transfergui.core.reading.names import kinds, words


def part_of_list(name: str) -> SplitName | None:
    """What a list of this name is for: ``annotations/instances_val2017.json``,
    ``train/_annotations.coco.json``."""
    parts = [part_of_folder(folder) for folder in name.split("/")[:-1]]
    stem = posixpath.basename(name).rpartition(".")[0].lower()
    if "trainval" in stem:
        return "train"
    told = {words.SPLIT_WORDS[word] for word in words.words(stem) if word in words.SPLIT_WORDS}
    if len(told) == 1:
        return told.pop()
    return next((part for part in parts if part), None)


def part_of_folder(name: str) -> SplitName | None:
    """The part of the data that a folder is for."""
    return kinds.split_of(name)


class Finder:
    """Finds the pictures that lists name: in the part of the data that the list is for, first."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._folders = {part for path in paths for part in path.lower().split("/")[:-1]}
        self._by_name = Lookup(paths, by_name=True)
        self._lookups: dict[tuple[str, SplitName | None], tuple[list[int], Lookup]] = {}
        self._parts: dict[SplitName | None, list[int]] = defaultdict(list)
        for at, path in enumerate(paths):
            named = (part_of_folder(folder) for folder in path.split("/")[:-1])
            self._parts[next((part for part in named if part), None)].append(at)

    def find(self, written: str, base: str, part: SplitName | None) -> int | None:
        """The place of a picture among all; None for none."""
        for each in (part, None) if part and self._parts.get(part) else (None,):
            places, lookup = self._lookup(base, each)
            at = lookup.file(written)
            if at is not None:
                return places[at]
        folders = written.replace("\\", "/").lower().split("/")[:-1]
        elsewhere = URL.match(written) or not self._folders.intersection(folders)
        return self._by_name.file(written) if elsewhere else None

    def _lookup(self, base: str, part: SplitName | None) -> tuple[list[int], Lookup]:
        if (base, part) not in self._lookups:
            places = self._parts[part] if part else list(range(len(self._paths)))
            made = Lookup([self._paths[at] for at in places], base)
            self._lookups[base, part] = places, made
        return self._lookups[base, part]
