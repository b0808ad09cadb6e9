"""What all files of boxes in a data set say, picture by picture."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.reading.files.lookup import URL, Lookup
from transfergui.core.reading.marks import picture_files, picture_lists
from transfergui.core.reading.marks.boxes import MAX_BYTES, YOLO_ROW, Boxes
from transfergui.core.reading.marks.pages import Page
from transfergui.core.reading.names import kinds, words

LISTS_OF_CLASSES = ("classes", "labels", "names", "predefined_classes", "obj")
"""Stems of files beside those of YOLO that say no boxes."""
MOST_LEFT = 1000
"""So many files without a picture are looked into."""


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
    """

    kind: str
    pages: dict[int, Page] = field(default_factory=dict)
    splits: dict[int, SplitName] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    numbers: bool = False
    leaves_out: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def draws(self) -> bool:
        """Whether there is any box."""
        return any(page.shapes for page in self.pages.values())

    @property
    def names(self) -> set[str]:
        """Of all boxes."""
        return {shape.name for page in self.pages.values() for shape in page.shapes}


def drawn(root: Path, paths: Sequence[str], boxes: Boxes, others: Sequence[str]) -> Drawn:
    """What the files of boxes say that were found.

    Args:
        others: what else is below ``root``.
    """
    if boxes.files:
        return _of_files(root, paths, boxes, others)
    return _of_lists(root, paths, boxes)


def _of_files(root: Path, paths: Sequence[str], boxes: Boxes, others: Sequence[str]) -> Drawn:
    numbers = dict(boxes.numbers)
    yolo = boxes.kind == "YOLO"
    if yolo and any(map(_has_poses, (root / n for n in others if n.endswith((".yaml", ".yml"))))):
        numbers[picture_files.POSES] = ""
    found = Drawn(boxes.kind, known=boxes.known, numbers=yolo, leaves_out=yolo)
    for at, name in _one_for_each(paths, boxes.files).items():
        found.pages[at] = picture_files.page_of(root / name, boxes.kind, numbers)
    left = sorted(_without_picture(root, boxes, others))
    if left:
        problem = Problem("data.boxes_without_picture", {"count": len(left)}, path=left[0])
        found.problems.append(problem)
    return found


def _one_for_each(paths: Sequence[str], files: Mapping[int, str]) -> dict[int, str]:
    """The file of each picture; of several pictures that are called like one file, only that in the
    folder of most pictures: the others are masks, say, as in ``SegmentationClass``."""
    sizes = Counter(posixpath.dirname(paths[at]) for at in files)
    best: dict[str, int] = {}
    for at, name in files.items():
        other = best.setdefault(name, at)
        if sizes[posixpath.dirname(paths[at])] > sizes[posixpath.dirname(paths[other])]:
            best[name] = at
    return {at: name for name, at in best.items()}


def _has_poses(path: Path) -> bool:
    try:
        return "kpt_shape" in path.read_text(encoding="utf-8", errors="replace")[:100_000]
    except OSError:
        return False


def _without_picture(root: Path, boxes: Boxes, others: Sequence[str]) -> Iterator[str]:
    """Files of boxes whose picture is not there."""
    used = set(boxes.files.values())
    folders = {posixpath.dirname(name) for name in used}
    endings = {posixpath.splitext(name)[1].lower() for name in used}
    left = (
        name
        for name in others
        if name not in used
        and posixpath.dirname(name) in folders
        and posixpath.splitext(name)[1].lower() in endings
        and posixpath.splitext(posixpath.basename(name))[0].lower() not in LISTS_OF_CLASSES
    )
    for _count, name in zip(range(MOST_LEFT), left, strict=False):
        page = picture_files.page_of(root / name, boxes.kind, {})
        if boxes.kind == "YOLO" and not _is_yolo(root / name):
            continue
        if page.shapes and not page.broken:
            yield name


def _is_yolo(path: Path) -> bool:
    try:
        lines = picture_files.decoded(path.read_bytes()).splitlines()
    except OSError:
        return False
    return any(map(YOLO_ROW.fullmatch, lines))


def _of_lists(root: Path, paths: Sequence[str], boxes: Boxes) -> Drawn:
    found = Drawn(boxes.kind, known=boxes.known)
    finder = _Finder(paths)
    for name in boxes.lists:
        part = part_of_list(name)
        missing: list[str] = []
        for written, page in _pages(root / name, boxes.kind):
            at = finder.find(written, posixpath.dirname(name), part)
            if at is not None:
                _add(found.pages, at, page)
                if part:
                    found.splits.setdefault(at, part)
            elif boxes.kind != "Label Studio":  # whose tasks hold other texts, too
                missing.append(written)
        if missing:
            values = {"count": len(missing), "first": missing[0]}
            found.problems.append(Problem("data.boxes_of_no_picture", values, path=name))
    return found


def _pages(path: Path, kind: str) -> Iterator[tuple[str, Page]]:
    try:
        if path.stat().st_size <= MAX_BYTES:
            yield from picture_lists.READERS[kind](path)
    except OSError:
        return


def _add(pages: dict[int, Page], at: int, page: Page) -> None:
    """Add what a further list says of a picture."""
    known = pages.setdefault(at, page)
    if known is not page:
        known.shapes += page.shapes
        known.outlines += page.outlines
        known.crowds += page.crowds
        known.unreadable += page.unreadable


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


class _Finder:
    """Finds the pictures that lists name: in the part of the data that the list is for, first."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
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
        return self._by_name.file(written) if URL.match(written) else None

    def _lookup(self, base: str, part: SplitName | None) -> tuple[list[int], Lookup]:
        if (base, part) not in self._lookups:
            places = self._parts[part] if part else list(range(len(self._paths)))
            made = Lookup([self._paths[at] for at in places], base)
            self._lookups[base, part] = places, made
        return self._lookups[base, part]
