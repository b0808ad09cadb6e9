"""Data sets for finding things in pictures: where the boxes of each picture are said.

There are files for one picture each, called like it (:mod:`.row_files`, :mod:`.picture_files`), and
lists of many pictures (:mod:`.lists`). A table with a row for each box is read by
:mod:`..tables.rows`. The first format that most pictures have is read, the others are named.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.reading.files.walk import extension
from transfergui.core.reading.marks import class_numbers, json_lists, lists, row_files
from transfergui.core.reading.marks.finding import Finder, part_of_list
from transfergui.core.reading.marks.masks import stem_of
from transfergui.core.reading.marks.pages import Page
from transfergui.core.reading.marks.picture_files import data_of, decoded, page_of
from transfergui.core.reading.marks.row_files import POSES, RowFormat
from transfergui.core.reading.names.kinds import among_masks

ENDINGS = frozenset({".xml", ".yaml", ".yml", ".names"}) | lists.ENDINGS
"""Of files that may hold boxes, or say what classes are called."""
MOST = 200_000
"""Bytes of a file for one picture that are looked at to see what kind it is."""
PROBED = 20
"""Files that are looked into to see whether they hold boxes."""
MOSTLY = 0.7
"""The share of lines that must read as a format writes them."""
ENOUGH = 0.3
"""The share of pictures that must have a file of boxes."""
LISTS_OF_CLASSES = ("classes", "labels", "names", "predefined_classes", "obj")
"""Stems of files beside those of YOLO that say no boxes."""
MOST_LEFT = 1000
"""So many files without a picture are looked into."""


@dataclass
class Boxes:
    """What is in the pictures of a detection set.

    Attributes:
        kind: what the format is called.
        inside: classes by the place of the picture among all; those without any are absent.
        empty: places of pictures that were looked at, and show nothing of it.
        spans: whether these are marks of time in recordings (:mod:`.spans`).
        known: every class that the format lists, whether it occurs or not.
        lists: the files of formats with one for many pictures.
        pages: what is said of a picture, by its place among all.
        splits: of pictures of which a list says it: ``instances_val2017.json``.
        numbers: whether classes are numbers, to which a list may say the names.
        leaves_out: whether pictures in which nothing is drawn may have no file.
        problems: of files that say boxes.
        kinds: every format that there is, this one among them.
    """

    kind: str
    inside: dict[int, set[str]] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)
    spans: bool = False
    known: frozenset[str] = frozenset()
    lists: list[str] = field(default_factory=list)
    pages: dict[int, Page] = field(default_factory=dict)
    splits: dict[int, SplitName] = field(default_factory=dict)
    numbers: bool = False
    leaves_out: bool = False
    problems: list[Problem] = field(default_factory=list)
    kinds: tuple[str, ...] = ()

    @property
    def useless(self) -> bool:
        """Whether they are of no picture: their list is broken, or is of other pictures."""
        return bool(self.problems) and not (self.inside or self.empty)


@dataclass(frozen=True)
class _Set:
    """What lies in a folder.

    Attributes:
        paths: of the pictures, relative to ``root``.
        others: files that may say boxes.
        share: of the pictures that must be described.
    """

    root: Path
    paths: Sequence[str]
    others: Sequence[str]
    share: float

    def beside(self, ending: str) -> dict[int, str]:
        """For each picture the file of that ending with its stem, the nearest of several."""
        by_stem: dict[str, list[str]] = defaultdict(list)
        for other in self.others:
            if other.lower().endswith(ending):
                by_stem[stem_of(other)].append(other)
        found = {}
        for at, path in enumerate(self.paths) if by_stem else ():
            last = posixpath.basename(path)
            if named := [*by_stem.get(stem_of(path), ()), *by_stem.get(last, ())]:
                parts = set(path.split("/")[:-1])
                found[at] = max(named, key=lambda each: _nearness(each, parts))
        return found

    def probe(self, names: Sequence[str]) -> list[str]:
        """The beginnings of some files."""
        return [lists.beginning(self.root / name, MOST) for name in names[:PROBED]]


def _nearness(name: str, parts: set[str]) -> tuple[int, bool, int, str]:
    """How likely a file belongs to a picture below the folders ``parts``: it lies in the same
    ones, in one for labels, and not far below."""
    folders = name.split("/")[:-1]
    return len(parts & {*folders}), among_masks("/".join(folders)), -len(folders), name


def find(
    root: Path, paths: Sequence[str], others: Sequence[str], share: float = ENOUGH, asked: str = ""
) -> Boxes | None:
    """The boxes of the pictures ``paths``, where the files beside them hold such.

    Args:
        others: what else is below ``root`` with one of the :data:`ENDINGS`.
        share: of the pictures that must be described; less where boxes are asked for.
        asked: the format that is read, where there are several.
    """
    here = _Set(root, paths, others, share)
    finder = Finder(paths)
    beside = _of_pictures(here)
    found = None if beside else _called_otherwise(here, finder)
    if not found and asked not in beside and (asked or not beside):
        found = _of_lists(here, finder, asked)
        found = found if found and (found.kind == asked or not beside) else None
    left = {min(files.values()): kind for kind, (files, _form) in beside.items()}
    if found is None and beside:
        used = asked if asked in beside else next(iter(beside))
        found = _read(here, *beside[used])
        left = {name: kind for name, kind in left.items() if kind != used}
        left |= lists.kinds_of(root, _lists_among(here, found))
    if found is not None:
        found.problems += [unused(name, kind, found.kind) for name, kind in left.items()]
        found.kinds = tuple(dict.fromkeys((*(found.kinds or (found.kind,)), *left.values())))
    return found


def unused(name: str, kind: str, used: str) -> Problem:
    """That a file has boxes of one kind as well, where another kind is used."""
    values = {"kind": kind, "used": used}
    return Problem("data.boxes_unused", values, path=name, left_out=False)


def _lists_among(here: _Set, found: Boxes | None = None) -> list[str]:
    """Files that may be lists of many pictures: those that are not called like one."""
    stems = {stem_of(path) for path in here.paths} | {posixpath.basename(p) for p in here.paths}
    used = set(found.lists) if found else set()
    return [
        name
        for name in sorted(here.others, key=lambda name: (name.count("/"), name))
        if stem_of(name) not in stems and name not in used
    ]


def enough(found: Sized, paths: Sequence[str], share: float = ENOUGH) -> bool:
    """Whether so many of the files ``paths`` are described that it is what they are for."""
    return len(found) >= max(2, share * len(paths))


# -- files for one picture each


def _of_pictures(here: _Set) -> dict[str, tuple[dict[int, str], str | RowFormat]]:
    """The formats of which most pictures have a file, with these files; the first is meant."""
    found: dict[str, tuple[dict[int, str], str | RowFormat]] = {}
    for ending, formats in BY_ENDING.items():
        files = here.beside(ending)
        if not enough(files, here.paths, here.share):
            continue
        kind = next(formats(here.probe(list(files.values()))), None)
        if kind is not None:
            found[_name_of(kind)] = files, kind
    return found


def _name_of(kind: str | RowFormat) -> str:
    return kind if isinstance(kind, str) else kind.kind


def _row_format(texts: Sequence[str]) -> Iterator[RowFormat]:
    form = row_files.row_format([line for text in texts for line in text.splitlines()], MOSTLY)
    if form is not None:
        yield form


def _by_marks(marks: Mapping[str, str]) -> Callable[[Sequence[str]], Iterator[str]]:
    def formats(texts: Sequence[str]) -> Iterator[str]:
        return (kind for kind, mark in marks.items() if any(mark in text for text in texts))

    return formats


XML = {"Pascal VOC": "<annotation"}
JSON = {"LabelMe": '"shapes"', "Supervisely": '"classTitle"', "Segment Anything": '"segmentation"'}
"""Kinds of files, and what is in each."""
BY_ENDING: Mapping[str, Callable[[Sequence[str]], Iterator[str | RowFormat]]] = {
    ".txt": _row_format,
    ".xml": _by_marks(XML),
    ".json": _by_marks(JSON),
}
"""The formats that files of an ending may be of, by the beginnings of some."""


def _read(here: _Set, files: Mapping[int, str], kind: str | RowFormat) -> Boxes:
    boxes = Boxes(_name_of(kind))
    files = _one_for_each(here.paths, files)
    boxes.lists = sorted(set(files.values()))
    if isinstance(kind, RowFormat):
        _read_rows(here, boxes, files, kind)
    else:
        for at, name in files.items():
            boxes.pages[at] = page_of(here.root / name, kind, {})
    if again := _doubled(here, boxes.lists):
        values = {"count": len(again), "used": boxes.lists[0]}
        problem = Problem("data.boxes_doubled", values, path=again[0], left_out=False)
        boxes.problems.append(problem)
    left = sorted(_without_picture(here, files, kind))
    if left:
        problem = Problem("data.boxes_without_picture", {"count": len(left)}, path=left[0])
        boxes.problems.append(problem)
    _note_inside(boxes)
    return boxes


def _read_rows(here: _Set, boxes: Boxes, files: Mapping[int, str], form: RowFormat) -> None:
    boxes.leaves_out = True
    names: dict[str, str] = {}
    if form.kind == "YOLO":
        boxes.numbers = True
        names = class_numbers.numbered_names(here.root, here.others)
        boxes.known = frozenset(names.values())
        boxes.splits = class_numbers.parts(here.root, here.others, here.paths)
        texts = here.probe(list(files.values()))
        lines = [line for text in texts for line in text.splitlines()]
        if row_files.in_pixels(lines):
            values = {"count": len(files)}
            boxes.problems.append(Problem("data.yolo_in_pixels", values, path=min(files.values())))
        yaml = (here.root / n for n in here.others if n.lower().endswith(class_numbers.YAML))
        if row_files.have_poses(lines) or any(map(_has_poses, yaml)):
            names = names | {POSES: ""}
    for at, name in files.items():
        data = data_of(here.root / name)
        boxes.pages[at] = (
            Page(broken=True) if data is None else row_files.read_rows(data, names, form)
        )


def _note_inside(boxes: Boxes) -> None:
    """Say which classes are in the pictures, by what is written of them."""
    tagged = sum(bool(page.tags) for page in boxes.pages.values()) > len(boxes.pages) / 2
    for at, page in boxes.pages.items():
        inside = page.tags if tagged else page.inside  # tags are of the whole picture
        if inside:
            boxes.inside[at] = set(inside)
        elif not page.broken:
            boxes.empty.add(at)


def _one_for_each(paths: Sequence[str], files: Mapping[int, str]) -> dict[int, str]:
    """The file of each picture; of several pictures that are called like one file, only that in the
    folder, and with the ending, of most pictures: the others are masks, say, as in
    ``SegmentationClass``."""
    homes = {at: (posixpath.dirname(path), extension(path)) for at, path in enumerate(paths)}
    sizes = Counter(homes[at] for at in files)
    best: dict[str, int] = {}
    for at, name in files.items():
        other = best.setdefault(name, at)
        if sizes[homes[at]] > sizes[homes[other]]:
            best[name] = at
    return {at: name for name, at in best.items()}


def _doubled(here: _Set, used: Sequence[str]) -> list[str]:
    """Files that are called like those that are used, and lie elsewhere."""
    stems, known = {stem_of(name) for name in used}, {*used}
    ending = posixpath.splitext(used[0])[1].lower() if used else ""
    alike = (name for name in here.others if stem_of(name) in stems and name not in known)
    return sorted(name for name in alike if name.lower().endswith(ending))


def _has_poses(path: Path) -> bool:
    return "kpt_shape" in class_numbers.text_of(path)


def _without_picture(here: _Set, files: Mapping[int, str], kind: str | RowFormat) -> Iterator[str]:
    """Files of boxes whose picture is not there."""
    used = set(files.values())
    folders = {posixpath.dirname(name) for name in used}
    endings = {posixpath.splitext(name)[1].lower() for name in used}
    left = (
        name
        for name in here.others
        if name not in used
        and posixpath.dirname(name) in folders
        and posixpath.splitext(name)[1].lower() in endings
        and stem_of(name).lower() not in LISTS_OF_CLASSES
    )
    for _count, name in zip(range(MOST_LEFT), left, strict=False):
        if isinstance(kind, str):
            page = page_of(here.root / name, kind, {})
            if page.shapes and not page.broken:
                yield name
            continue
        lines = [line for line in decoded(data_of(here.root / name) or b"").splitlines() if line]
        if lines and all(map(kind.row, lines)):
            yield name


def _called_otherwise(here: _Set, finder: Finder) -> Boxes | None:
    """Files that are called otherwise than their pictures, which they name."""
    for ending, marks in ((".xml", XML), (".json", {"LabelMe": JSON["LabelMe"]})):
        names = [name for name in here.others if name.lower().endswith(ending)]
        kind = next(_by_marks(marks)(here.probe(names)), "")
        if not kind:
            continue
        boxes = Boxes(kind)
        for name in names:
            page = page_of(here.root / name, kind, {})
            if page.written and not page.broken:
                at = finder.find(page.written, posixpath.dirname(name), part_of_list(name))
                if at is not None:
                    boxes.pages.setdefault(at, page)
                    boxes.lists.append(name)
        if enough(boxes.pages, here.paths, here.share):
            _note_inside(boxes)
            return boxes
    return None


# -- lists of many pictures


def _of_lists(here: _Set, finder: Finder, asked: str) -> Boxes | None:
    """The format that is asked for, or the first, whose lists name pictures that are there; the
    others are named."""
    names = class_numbers.numbered_names(here.root, here.others)
    found: list[Boxes] = []
    for kind, files in lists.read(here.root, _lists_among(here), names).items():
        boxes = _resolved(kind, files, finder)
        broken = any(each.broken for each in files)
        if broken or kind in lists.SURE or enough(boxes.inside, here.paths, here.share):
            found.append(boxes)
    drawn = [boxes for boxes in found if boxes.pages]
    drawn.sort(key=lambda boxes: boxes.kind != asked)
    best = next(iter(drawn), found[0] if found else None)
    if best is not None:
        others = [(name, boxes.kind) for boxes in drawn[1:] for name in boxes.lists]
        best.problems += [unused(name, kind, best.kind) for name, kind in others]
        best.kinds = tuple(boxes.kind for boxes in drawn)
    return best


def _resolved(kind: str, files: Sequence[lists.Listed], finder: Finder) -> Boxes:
    """Lists of one kind, with their pictures."""
    boxes = Boxes(kind, lists=[each.name for each in files], numbers=kind in json_lists.NUMBERED)
    boxes.known = frozenset(name for each in files for name in each.known)
    boxes.leaves_out = kind in lists.LEAVE_OUT
    for each in files:
        if each.broken:
            boxes.problems.append(Problem("data.box_list_broken", {"kind": kind}, path=each.name))
        part, base = part_of_list(each.name), posixpath.dirname(each.name)
        missing: list[str] = []
        for written, page in each.pages:
            at = finder.find(written, base, part)
            if at is not None:
                known = boxes.pages.setdefault(at, page)
                if known is not page:
                    known.others += [page, *page.others]
                if said := page.split or part:
                    boxes.splits.setdefault(at, said)
            elif kind not in lists.LOOSE:
                missing.append(written)
        if missing:
            values = {"count": len(missing), "first": missing[0]}
            boxes.problems.append(Problem("data.boxes_of_no_picture", values, path=each.name))
    _note_inside(boxes)
    return boxes


def says_boxes(path: Path) -> bool:
    """Whether a file says what is in pictures, or what the classes of boxes are called."""
    ending = path.suffix.lower()
    if ending in class_numbers.YAML:
        return bool(class_numbers.names_in(path))
    if ending == ".xml":
        return "<annotation" in lists.beginning(path, MOST)
    return ending in lists.ENDINGS and bool(lists.kinds_of(path.parent, [path.name]))
