"""Data sets for finding things in pictures: which classes occur in each picture, by its boxes.

Read are YOLO's text files, Pascal VOC's and CVAT's XML, the JSON of LabelMe, Supervisely, COCO,
Label Studio and the VGG Image Annotator; a table with a row for each box is read by
:mod:`..tables.rows`. Masks are told by their names.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.marks.picture_files import decoded
from transfergui.core.reading.names.kinds import among_masks

ENDINGS = frozenset({".txt", ".xml", ".json", ".yaml", ".yml", ".names"})
"""Of files that may hold boxes, or say what classes are called."""
MAX_BYTES = 500_000_000
MOST = 200_000
"""Bytes of a file for one picture that are looked at to see which classes are in it."""
PROBED = 20
"""Files that are looked into to see whether they hold boxes."""
MOSTLY = 0.9
"""The share of lines that must read as YOLO writes them."""
ENOUGH = 0.3
"""The share of pictures that must have a file of boxes."""

YOLO_ROW = re.compile(r"\s*\d+(\s+-?[\d.]+(e-?\d+)?){4,}\s*")
VOC_NAME = re.compile(r"<object>.*?<name>\s*(.*?)\s*</name>", re.DOTALL)
SUPERVISELY = re.compile(r'"classTitle"\s*:\s*"((?:[^"\\]|\\.)*)"')
CVAT_PICTURE = re.compile(
    r"<image\b[^>]*?\bname=\"([^\"]*)\"[^>]*>(.*?)(?=<image\b|</annotations>)", re.S
)
CVAT_LABEL = re.compile(
    r"<(?:box|polygon|polyline|points|mask|ellipse|cuboid|tag)\b[^>]*?\blabel=\"([^\"]*)\""
)
CVAT_TAG = re.compile(r"<tag\b[^>]*?\blabel=\"([^\"]*)\"")
LABELME = re.compile(r'"label"\s*:\s*"((?:[^"\\]|\\.)*)"')
YAML_LIST = re.compile(r"^names\s*:\s*\[(.*?)\]", re.DOTALL | re.MULTILINE)
YAML_MAP = re.compile(r"^names\s*:\s*\{(.*?)\}", re.DOTALL | re.MULTILINE)
YAML_PAIR = re.compile(r"\d+\s*:\s*(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,]+)")
YAML_BLOCK = re.compile(r"^names\s*:\s*\n((?:[ \t]*(?:-|\d+\s*:).*\n?)+)", re.MULTILINE)
YAML_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')
YAML_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'|[^,\s][^,]*')
COCO_FILE = re.compile(r"(instances_|_annotations\.coco|coco)", re.IGNORECASE)
MASK_WORDS = (
    "mas",
    "seg",
    "gt",
    "label",
    "annot",
    "trimap",
    "superpixel",
    "groundtruth",
    "overlay",
    "掩",
    "蒙版",
)
"""One of them is in every name that :data:`MASK` finds."""
MASK = re.compile(
    r"(.+?)[\s_.-]*(mask|maska|maske|masker|masque|m[aá]scara|maschera|maszk|seg|segmentation|gt|"
    r"annotation|label|trimap|superpixel|groundtruth|overlay|掩码|掩膜|蒙版)s?([\s_-]*\d+)?$",
    re.IGNORECASE,
)


@dataclass
class Boxes:
    """What occurs in the pictures of a detection set.

    Attributes:
        kind: what the format is called.
        inside: classes by the place of the picture among all; those without boxes are absent.
        empty: places of pictures that were looked at, and show nothing of it.
        spans: whether these are marks of time in recordings (:mod:`.spans`).
        known: every class that the format lists, whether it occurs or not.
        files: of formats with a file for each picture, that file, by the place of the picture.
        lists: of others, the files that say it.
        numbers: what the numbers of classes mean, in YOLO's files.
    """

    kind: str
    inside: dict[int, set[str]] = field(default_factory=dict)
    empty: set[int] = field(default_factory=set)
    spans: bool = False
    known: frozenset[str] = frozenset()
    files: dict[int, str] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)


def find(
    root: Path, paths: Sequence[str], others: Sequence[str], share: float = ENOUGH
) -> Boxes | None:
    """The boxes of the pictures ``paths``, where the files beside them hold such.

    Args:
        others: what else is below ``root`` with one of the :data:`ENDINGS`.
        share: of the pictures that must be described; less where boxes are asked for.
    """
    by_stem: dict[str, list[str]] = defaultdict(list)
    for other in others:
        by_stem[_stem(other)].append(other)
    for reader in (_yolo, _voc, _labelme, _supervisely):
        found = reader(root, paths, others, by_stem, share)
        if found is not None:
            return found
    return _coco(root, paths, others) or _of_one_file(root, paths, others, share)


def says_boxes(path: Path) -> bool:
    """Whether a file says what is in pictures, or what the classes of boxes are called."""
    ending = path.suffix.lower()
    if ending in (".yaml", ".yml"):
        return bool(listed_names(path))
    if ending == ".xml":
        return "<annotation" in _text(path)
    head = _text(path)[:20_000] if ending == ".json" else ""
    return '"images"' in head and '"file_name"' in head


def masks(paths: Sequence[str]) -> list[int]:
    """Places of the files that are masks of another one, wherever that is: ``a_mask.png`` of
    ``a.png``."""
    marked = [at for at, path in enumerate(paths) if _marked(path.lower())]
    if not marked:
        return _below_pictures(paths)
    beside = {path.rpartition(".")[0] for path in paths}
    anywhere = {_stem(path) for path in paths}
    found = []
    for at in marked:
        folder, slash, name = paths[at].rpartition("/")
        match = MASK.fullmatch(name.rpartition(".")[0])
        if match and (f"{folder}{slash}{match[1]}" in beside or match[1] in anywhere):
            found.append(at)
    return found or _below_pictures(paths)


def _below_pictures(paths: Sequence[str]) -> list[int]:
    """The same, where masks lie in a folder beside the pictures, called as these are:
    ``P01/masks/a.png`` of ``P01/a.png``."""
    homes = {path.rpartition("/")[0] for path in paths}
    masked = {home for home in homes if home and among_masks(home.rpartition("/")[2])}
    stems = {path.rpartition(".")[0] for path in paths} if masked else set()
    found = []
    for at, path in enumerate(paths):
        home, _slash, name = path.rpartition("/")
        above = home.rpartition("/")[0]
        if home in masked and above and f"{above}/{name.rpartition('.')[0]}" in stems:
            found.append(at)
    return found


def _marked(path: str) -> bool:
    """Whether the name of a mask may be in ``path``; six times as fast as a pattern."""
    return any(word in path for word in MASK_WORDS)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST)
    except OSError:
        return ""
    return decoded(data)


def _beside(
    paths: Sequence[str], by_stem: Mapping[str, Sequence[str]], ending: str
) -> dict[int, str]:
    """For each picture the file of that ending with its stem, the nearest of several."""
    found = {}
    for at, path in enumerate(paths):
        called = (*by_stem.get(_stem(path), ()), *by_stem.get(path.rpartition("/")[2], ()))
        named = [each for each in called if each.lower().endswith(ending)]
        if named:
            parts = set(path.split("/")[:-1])
            found[at] = max(named, key=lambda each: len(parts & set(each.split("/"))))
    return found


def enough(found: Sized, paths: Sequence[str], share: float = ENOUGH) -> bool:
    """Whether so many of the files ``paths`` are described that it is what they are for."""
    return len(found) >= max(2, share * len(paths))


def _yolo(
    root: Path,
    paths: Sequence[str],
    others: Sequence[str],
    by_stem: Mapping[str, Sequence[str]],
    share: float,
) -> Boxes | None:
    found = _beside(paths, by_stem, ".txt")
    probe = [_text(root / name) for name in list(found.values())[:PROBED]]
    lines = [line for text in probe for line in text.splitlines() if line.strip()]
    good = sum(map(bool, map(YOLO_ROW.fullmatch, lines)))
    if not enough(found, paths, share) or not lines or good < MOSTLY * len(lines):
        return None
    names = _yolo_names(root, others)
    boxes = Boxes("YOLO", known=frozenset(names.values()), files=found, numbers=names)
    for at, name in found.items():
        rows = [line.split() for line in _text(root / name).splitlines()]
        inside = {names.get(row[0], row[0]) for row in rows if row}
        if inside:
            boxes.inside[at] = inside
        else:
            boxes.empty.add(at)
    return boxes


def _yolo_names(root: Path, others: Sequence[str]) -> dict[str, str]:
    """What the numbers of classes mean, by the files that are usually beside; else nothing."""
    for name in sorted(others, key=lambda name: name.count("/")):
        last = name.rpartition("/")[2].lower()
        if not last.endswith((".yaml", ".yml", ".names", "classes.txt", "labels.txt")):
            continue
        found = listed_names(root / name)
        if found and not any(YOLO_ROW.fullmatch(each) for each in found):
            return {str(number): each for number, each in enumerate(found)}
    return {}


def listed_names(path: Path) -> list[str]:
    """The names of classes in a YAML file, or the lines of another."""
    text = _text(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        return _yaml_names(text)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _yaml_names(text: str) -> list[str]:
    if match := YAML_MAP.search(text):
        parts = [each.partition(":")[2] for each in YAML_PAIR.findall(match[1])]
    elif match := YAML_LIST.search(text):
        parts = YAML_SCALAR.findall(match[1])
    elif match := YAML_BLOCK.search(text):
        parts = [re.sub(r"^\s*(-|\d+\s*:)", "", line) for line in match[1].splitlines()]
    else:
        return []
    return [name for part in parts if (name := _yaml_name(part.strip()))]


def _yaml_name(text: str) -> str:
    """A name as YAML writes it: bare, or in quotes of one kind or the other."""
    quoted = YAML_QUOTED.match(text)
    if quoted is None:
        return text.partition(" #")[0].strip()
    if text.startswith("'"):
        return quoted[0][1:-1].replace("''", "'")
    try:
        return str(json.loads(quoted[0]))
    except ValueError:
        return quoted[0][1:-1]


def _voc(
    root: Path,
    paths: Sequence[str],
    others: Sequence[str],
    by_stem: Mapping[str, Sequence[str]],
    share: float,
) -> Boxes | None:
    return _by_pattern(root, paths, by_stem, ".xml", "<annotation", VOC_NAME, "Pascal VOC", share)


def _labelme(
    root: Path,
    paths: Sequence[str],
    others: Sequence[str],
    by_stem: Mapping[str, Sequence[str]],
    share: float,
) -> Boxes | None:
    return _by_pattern(root, paths, by_stem, ".json", '"shapes"', LABELME, "LabelMe", share)


def _supervisely(
    root: Path,
    paths: Sequence[str],
    others: Sequence[str],
    by_stem: Mapping[str, Sequence[str]],
    share: float,
) -> Boxes | None:
    mark, pattern = '"classTitle"', SUPERVISELY
    return _by_pattern(root, paths, by_stem, ".json", mark, pattern, "Supervisely", share)


def _by_pattern(
    root: Path,
    paths: Sequence[str],
    by_stem: Mapping[str, Sequence[str]],
    ending: str,
    mark: str,
    pattern: re.Pattern[str],
    kind: str,
    share: float,
) -> Boxes | None:
    """Files for a picture each, whose names of things are found by ``pattern``."""
    found = _beside(paths, by_stem, ending)
    if not enough(found, paths, share):
        return None
    probe = [_text(root / name) for name in list(found.values())[:PROBED]]
    if not any(mark in text for text in probe):
        return None
    boxes = Boxes(kind, files=found)
    for at, name in found.items():
        inside = set(pattern.findall(_text(root / name)))
        if inside:
            boxes.inside[at] = inside
        else:
            boxes.empty.add(at)
    return boxes


def _coco(root: Path, paths: Sequence[str], others: Sequence[str]) -> Boxes | None:
    files = [name for name in others if name.lower().endswith(".json") and _is_coco(root, name)]
    if not files:
        return None
    # others say the same things again: key points, captions
    files = [name for name in files if "instances" in _stem(name).lower()] or files
    boxes, known = Boxes("COCO", lists=files), set[str]()
    places: dict[str, list[int]] = defaultdict(list)
    for at, path in enumerate(paths):
        places[path.rpartition("/")[2]].append(at)
    for name in files:
        tree = _tree(root / name)
        images, things, kinds = (tree.get(key) for key in ("images", "annotations", "categories"))
        if not (isinstance(images, list) and isinstance(things, list) and isinstance(kinds, list)):
            continue
        called = {kind.get("id"): str(kind.get("name")) for kind in kinds if isinstance(kind, dict)}
        known.update(called.values())
        for last in (_last(each) for each in _dicts(images)):
            boxes.empty.update(places.get(last, ()))
        where = {i.get("id"): str(i.get("file_name")) for i in images if isinstance(i, dict)}
        for thing in things:
            if not isinstance(thing, dict) or thing.get("image_id") not in where:
                continue
            last = where[thing["image_id"]].replace("\\", "/").rpartition("/")[2]
            for at in places.get(last, ()):
                inside = called.get(thing.get("category_id"), str(thing.get("category_id")))
                boxes.inside.setdefault(at, set()).add(inside)
    boxes.known = frozenset(known)
    boxes.empty -= boxes.inside.keys()
    return boxes


def _last(image: Mapping[str, object]) -> str:
    return str(image.get("file_name")).replace("\\", "/").rpartition("/")[2]


def _of_one_file(
    root: Path, paths: Sequence[str], others: Sequence[str], share: float
) -> Boxes | None:
    """Boxes that one file holds for many pictures, as CVAT, Label Studio and VIA export them."""
    lookup = Lookup(paths, by_name=True)
    for name in sorted(others, key=lambda name: (name.count("/"), name))[:PROBED]:
        tree = _parsed(root / name)
        for kind, pictured in (
            ("CVAT", _cvat(root / name)),
            ("Label Studio", _label_studio(tree)),
            ("VIA", _via(tree)),
        ):
            boxes = Boxes(kind, lists=[name])
            for picture, inside in pictured:
                at = lookup.file(picture)
                if at is not None and inside:
                    boxes.inside.setdefault(at, set()).update(inside)
                elif at is not None:
                    boxes.empty.add(at)
            if enough(boxes.inside, paths, share):
                return boxes
    return None


Pictured = Iterator[tuple[str, set[str]]]
"""Names of pictures with the classes that are in them."""


def _cvat(path: Path) -> Pictured:
    if path.suffix.lower() != ".xml" or not _small(path):
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    found = CVAT_PICTURE.findall(text) if "<annotations" in text else []
    tagged = sum("<tag" in inside for _picture, inside in found) > len(found) / 2
    labels = CVAT_TAG if tagged else CVAT_LABEL  # a tag is of the whole picture
    for picture, inside in found:
        yield html.unescape(picture), set(map(html.unescape, labels.findall(inside)))


def _label_studio(tasks: object) -> Pictured:
    for task in tasks if isinstance(tasks, list) else ():
        data = task.get("data") if isinstance(task, dict) else None
        if isinstance(data, dict):
            inside = {mark for made in _dicts(task.get("annotations")) if not
                      made.get("was_cancelled") for result in _dicts(made.get("result"))
                      for mark in _marks(result.get("value"))}  # fmt: skip
            yield from ((str(value), inside) for value in data.values() if isinstance(value, str))


def _marks(value: object) -> Iterator[str]:
    """What one result of Label Studio says: ``{"rectanglelabels": ["cat"], "x": …}``."""
    for key, marks in value.items() if isinstance(value, dict) else ():
        if key.endswith("labels") and isinstance(marks, list):
            yield from map(str, marks)


def _via(tree: object) -> Pictured:
    if isinstance(tree, dict):
        tree = tree.get("_via_img_metadata", tree)
    for picture in tree.values() if isinstance(tree, dict) else ():
        if isinstance(picture, dict) and "regions" in picture:
            regions = picture["regions"]
            regions = list(regions.values()) if isinstance(regions, dict) else regions
            told = (region.get("region_attributes") for region in _dicts(regions))
            inside = {
                str(mark) for each in told if isinstance(each, dict) for mark in each.values()
            }
            yield str(picture.get("filename")), inside


def _dicts(tree: object) -> list[dict[str, Any]]:
    return [each for each in tree if isinstance(each, dict)] if isinstance(tree, list) else []


def _is_coco(root: Path, name: str) -> bool:
    """By its name, or by what its beginning holds."""
    if COCO_FILE.search(name.rpartition("/")[2]):
        return True
    head = _text(root / name)[:20_000]
    return '"categories"' in head or ('"images"' in head and '"file_name"' in head)


def _tree(path: Path) -> dict[str, object]:
    tree = _parsed(path)
    return tree if isinstance(tree, dict) else {}


def _parsed(path: Path) -> object:
    """What a JSON file holds; None where it is none."""
    if path.suffix.lower() != ".json" or not _small(path):
        return None
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _small(path: Path) -> bool:
    try:
        return path.stat().st_size <= MAX_BYTES
    except OSError:
        return False
