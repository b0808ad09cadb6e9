"""Lists of the boxes of many pictures: which kind a file is of, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.reading.marks import class_numbers, json_lists, picture_lists, text_lists
from transfergui.core.reading.marks.pages import Page
from transfergui.core.reading.marks.picture_files import decoded

LINES = frozenset({".jsonl", ".ndjson", ".manifest", ".odgt"})
"""Endings of files with JSON in each line."""
ENDINGS = frozenset({".json", ".xml", ".txt"}) | LINES
MAX_BYTES = 500_000_000
HEAD = 20_000
"""Characters of a file that tell what kind it may be."""
COCO_NAME = re.compile(r"(instances_|_annotations\.coco|coco)", re.IGNORECASE)
SURE = frozenset({"COCO", "Create ML", "VoTT", "Datumaro", "SageMaker", "Vertex AI", "Azure ML",
                  "Labelbox", "CrowdHuman", "WIDER FACE", "MOT"})  # fmt: skip
"""Kinds that cannot be mistaken, so that one picture that is there is enough."""
LOOSE = frozenset({"Label Studio"})
"""Kinds whose tasks hold other texts beside the names of pictures."""
LEAVE_OUT = frozenset({"CrowdHuman"})
"""Kinds in which pictures without boxes are missing."""


@dataclass
class Listed:
    """What one list says.

    Attributes:
        name: of the file, relative to the root.
        pages: the names of pictures, as they are written, with what is said of each.
        known: every class that it lists.
        broken: whether it cannot be understood, or is too large.
    """

    name: str
    pages: list[tuple[str, Page]] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    broken: bool = False


def _coco(name: str, head: str) -> bool:
    if name.lower() == class_numbers.NOTES:
        return False
    if COCO_NAME.search(name):
        return True
    listed = '"images"' in head and '"file_name"' in head
    named = '"categories"' in head and not re.search(r'"categories"\s*:\s*\{', head)
    return listed or named or ('"image_id"' in head and '"annotations"' in head)


TREES: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "COCO": (".json", _coco),
    "CVAT": (".xml", lambda _name, head: "<annotations" in head),
    "Label Studio": (".json", lambda _n, head: '"annotations"' in head and '"data"' in head),
    "VIA": (".json", lambda _n, head: '"regions"' in head and '"filename"' in head),
}
"""The ending of a kind, and whether a file of this name and beginning may be of it."""


def beginning(path: Path, count: int = HEAD) -> str:
    """The first characters of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return decoded(stream.read(count))
    except OSError:
        return ""


def _small(path: Path) -> bool:
    try:
        return path.stat().st_size <= MAX_BYTES
    except OSError:
        return False


def read(root: Path, names: Sequence[str], numbers: Mapping[str, str]) -> dict[str, list[Listed]]:
    """What the lists among the files ``names`` say, by their kind; of COCO, only those of
    instances, where there are such: others say the same things again.

    Args:
        numbers: what the numbers of classes mean.
    """
    found: dict[str, list[Listed]] = {}
    for name in names:
        for kind, listed in _kinds(root, name, numbers):
            found.setdefault(kind, []).append(listed)
    coco = found.get("COCO", [])
    instances = [each for each in coco if "instances" in each.name.rpartition("/")[2].lower()]
    if coco:
        found["COCO"] = instances or coco
    order = [*TREES, *(each.kind for each in json_lists.FORMATS)]
    ranks = {kind: rank for rank, kind in enumerate(order)}
    return dict(sorted(found.items(), key=lambda item: ranks.get(item[0], len(ranks))))


def _kinds(root: Path, name: str, numbers: Mapping[str, str]) -> list[tuple[str, Listed]]:
    """What one file says, by each kind that it may be of."""
    path, ending = root / name, Path(name).suffix.lower()
    head = beginning(path) if ending in ENDINGS else ""
    if not head:
        return []
    found = []
    for kind, (own, may_be) in TREES.items():
        if ending == own and may_be(path.name, head):
            listed = _tree(path, name, kind)
            if listed.pages or listed.broken:
                return [(kind, listed)]
    if ending == ".txt":
        for form in text_lists.readers(path, head) if _small(path) else ():
            text = decoded(path.read_bytes())
            found.append((form.kind, Listed(name, list(form.read(path, text, numbers)))))
    elif ending in LINES or (ending == ".json" and any(h in head for h in json_lists.HINTS)):
        said = json_lists.read(path) if _small(path) else None
        if said is not None:
            found.append((said[0], Listed(name, list(said[1]))))
    return found


def _tree(path: Path, name: str, kind: str) -> Listed:
    if not _small(path):
        return Listed(name, broken=True)
    try:
        said = picture_lists.READERS[kind](path)
    except OSError:
        return Listed(name, broken=True)
    return Listed(name, said.pages, said.known, said.broken)


def kinds_of(root: Path, names: Sequence[str]) -> dict[str, str]:
    """The kinds of those of the files ``names`` that are lists."""
    found = {}
    for name in names:
        for kind, listed in _kinds(root, name, {}):
            if listed.pages and any(page.shapes for _written, page in listed.pages):
                found[name] = kind
    return found
