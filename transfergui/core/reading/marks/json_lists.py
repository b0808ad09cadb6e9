"""JSON, in one tree or in lines, with an object for each picture: what tools and services export.

=====================  =====================================================  ======
kind                   place of a box                                         unit
=====================  =====================================================  ======
Create ML              x and y of the middle, width, height                   pixels
VoTT                   left, top, width, height; points                       pixels
BDD100K                x1, y1, x2, y2; vertices                               pixels
Datumaro               left, top, width, height; points                       pixels
Label Studio JSON-MIN  x, y, width, height; points                            per cent
Hugging Face           left, top, width, height, or corners (``doubtful``)    pixels
boxes in JSON          likewise                                               pixels
Vertex AI              xMin, yMin, xMax, yMax                                 shares
SageMaker              left, top, width, height                               pixels
Azure ML               topX, topY, bottomX, bottomY                           shares
Labelbox               left, top, width, height; points                       pixels
CrowdHuman             left, top, width, height of the whole person           pixels
=====================  =====================================================  ======

Where no number of a list is large, pixels are taken for shares.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.marks.pages import ONLY, Page, flattened, size_of
from transfergui.core.reading.marks.picture_files import decoded, json_tree
from transfergui.core.reading.marks.picture_lists import Pages, add_result, dicts
from transfergui.core.reading.names import kinds

Entry = Mapping[str, Any]
PICTURE = ("file_name", "filename", "image", "imagefilename", "imageURL", "image_path",
           "image_name", "file", "path", "name", "img", "external_id")  # fmt: skip
"""Keys of the name of a picture."""
CLASS = ("label", "category", "class", "name", "class_name", "category_name", "category_id",
         "class_id", "label_id")  # fmt: skip
PLACE = ("bbox", "box", "bounding_box", "boundingBox")
PROBED = 20
"""Objects that are looked at to see what a file is."""


class EntryFormat(NamedTuple):
    """A kind of lists.

    Attributes:
        hints: one of them is in the beginning of each such file.
        fits: whether an object is of this kind.
        read: the name of its picture, and what is said of it.
    """

    kind: str
    hints: tuple[str, ...]
    fits: Callable[[Entry], bool]
    read: Callable[[Entry], tuple[str, Page]]


def picture_of(entry: Entry) -> str:
    """The name of the picture that an object is about; empty for none."""
    found = (entry[key] for key in PICTURE if isinstance(entry.get(key), str))
    return next(filter(None, found), "")


def class_of(thing: Entry) -> object:
    """What a thing is; the only class where nothing says one."""
    found = [thing[key] for key in CLASS if isinstance(thing.get(key), (str, int))]
    return found[0] if found else ONLY


def _sides(place: object, names: Sequence[str]) -> list[object]:
    found = place if isinstance(place, dict) else {}
    return [found.get(name) for name in names]


def _annotations(entry: Entry) -> list[dict[str, Any]]:
    return dicts(entry.get("annotations") or entry.get("annotation"))


SIZED = ("left", "top", "width", "height")


def _create_ml(entry: Entry) -> tuple[str, Page]:
    page = Page()
    for thing in _annotations(entry):
        page.add_centred(
            thing.get("label"), _sides(thing.get("coordinates"), ("x", "y", "width", "height"))
        )
    return picture_of(entry), page


def _vott(entry: Entry) -> tuple[str, Page]:
    asset = entry.get("asset")
    asset = asset if isinstance(asset, dict) else {}
    page = Page(_size(asset.get("size")))
    for region in dicts(entry.get("regions")):
        tags = region.get("tags")
        name = tags[0] if isinstance(tags, list) and tags else None
        if region.get("boundingBox"):
            page.add_sized(name, _sides(region["boundingBox"], SIZED))
        else:
            page.add_outline(name, flattened(region.get("points")))
    return str(asset.get("name") or asset.get("path")), page


def _size(said: object) -> Any:
    sides = _sides(said, ("width", "height"))
    return size_of(*(str(side).removesuffix("px") for side in sides))


def _bdd(entry: Entry) -> tuple[str, Page]:
    page = Page()
    for thing in dicts(entry.get("labels")):
        if thing.get("box2d"):
            page.add(thing.get("category"), _sides(thing["box2d"], ("x1", "y1", "x2", "y2")))
        else:
            outlines = dicts(thing.get("poly2d"))
            points = [point for each in outlines for point in flattened(each.get("vertices"))]
            page.add_outline(thing.get("category"), points)
    return picture_of(entry), page


def _datumaro(entry: Entry) -> tuple[str, Page]:
    image = entry.get("image")
    image = image if isinstance(image, dict) else {}
    size = image.get("size")
    page = Page(size_of(size[1], size[0]) if isinstance(size, list) and len(size) == 2 else None)
    named = entry["names"]
    for thing in dicts(entry.get("annotations")):
        at = thing.get("label_id")
        name = named[at] if isinstance(at, int) and 0 <= at < len(named) else at
        if isinstance(thing.get("bbox"), list):
            page.add_sized(name, thing["bbox"])
        elif isinstance(thing.get("points"), list):
            page.add_outline(name, thing["points"])
        elif name is not None:
            page.tags.add(str(name))
    return str(image.get("path") or entry.get("id")), page


def _label_studio(entry: Entry) -> tuple[str, Page]:
    page = Page(unit="shares", upright=True)
    written = ""
    for key, value in entry.items():
        if isinstance(value, list):
            for result in dicts(value):
                add_result(page, {"value": result, **result})
        elif isinstance(value, str) and not written and key != "annotator":
            written = value
    return picture_of(entry) or written, page


def is_minimal(entry: Entry) -> bool:
    """Whether an object is a task of Label Studio as JSON-MIN has it."""
    results = (each for value in entry.values() for each in dicts(value)[:1])
    return any(key.endswith("labels") for result in results for key in result)


def _boxes(entry: Entry) -> tuple[str, Page]:
    page = Page(size_of(entry.get("width"), entry.get("height")), doubtful=True)
    held = next((entry[key] for key in HELD if key in entry), None)
    if isinstance(held, dict):  # a list of each
        found = (held[key] for key in PLACE if isinstance(held.get(key), list))
        places: list[Any] = next(found, [])
        named = [held[key] for key in (*CLASS, *MANY) if isinstance(held.get(key), list)]
        names = named[0] if named else [ONLY] * len(places)
        for place, name in zip(places, names, strict=False):
            page.add_sized(name, place if isinstance(place, list) else ())
    for thing in dicts(held):
        place = next((thing[key] for key in PLACE if key in thing), None)
        if isinstance(place, dict):
            place = _sides(place, ("x", "y", "width", "height"))
        page.add_sized(class_of(thing), place if isinstance(place, list) else ())
    return picture_of(entry), page


HELD = ("objects", "annotations", "boxes", "labels", "regions")
MANY = ("categories", "labels", "classes", "names")


def _has_boxes(entry: Entry) -> bool:
    held = next((entry[key] for key in HELD if key in entry), None)
    first = held if isinstance(held, dict) else next(iter(dicts(held)), {})
    return bool(picture_of(entry)) and any(key in first for key in PLACE)


PARTS: Mapping[str, SplitName] = {"training": "train", "validation": "val", "test": "test"}


def _vertex(entry: Entry) -> tuple[str, Page]:
    page = Page(unit="shares", upright=True)
    for thing in dicts(entry.get("boundingBoxAnnotations")):
        sides = [thing.get(side, 0) for side in ("xMin", "yMin", "xMax", "yMax")]
        page.add(thing.get("displayName"), sides)
    told = entry.get("dataItemResourceLabels")
    use = told.get("aiplatform.googleapis.com/ml_use") if isinstance(told, dict) else None
    page.split = PARTS.get(str(use).lower()) or kinds.split_of(str(use))
    return str(entry.get("imageGcsUri")), page


def _jobs(entry: Entry) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The boxes of SageMaker, which are called as the job was, with what is said beside."""
    for key, value in entry.items():
        beside = entry.get(f"{key}-metadata")
        if isinstance(value, dict) and isinstance(beside, dict) and "annotations" in value:
            yield value, beside


def _sagemaker(entry: Entry) -> tuple[str, Page]:
    page = Page()
    for value, beside in list(_jobs(entry))[-1:]:  # the last job verified the others
        named = beside.get("class-map")
        named = named if isinstance(named, dict) else {}
        sizes = dicts(value.get("image_size"))
        page.size = _size(sizes[0]) if sizes else None
        for thing in dicts(value.get("annotations")):
            number = str(thing.get("class_id"))
            page.add_sized(named.get(number, number), _sides(thing, SIZED))
    return str(entry.get("source-ref")), page


def _azure(entry: Entry) -> tuple[str, Page]:
    page = Page(unit="shares", upright=True)
    for thing in dicts(entry.get("label")):
        if str(thing.get("isCrowd", 0)) in ("1", "true", "True"):
            page.crowds += 1
        elif "polygon" in thing:
            outlines = thing["polygon"] if isinstance(thing["polygon"], list) else []
            page.add_outline(thing.get("label"), [n for each in outlines for n in flattened(each)])
        else:
            sides = _sides(thing, ("topX", "topY", "bottomX", "bottomY"))
            page.add(thing.get("label"), sides)
    return str(entry.get("image_url")), page


def _is_azure(entry: Entry) -> bool:
    things = dicts(entry.get("label"))
    return "image_url" in entry and any("topX" in t or "polygon" in t for t in things)


def _labelbox(entry: Entry) -> tuple[str, Page]:
    row = entry["data_row"]
    page = Page(_size(entry.get("media_attributes")))
    for project in (entry.get("projects") or {}).values():
        labels = dicts(project.get("labels")) if isinstance(project, dict) else []
        for label in labels[:1]:  # further ones are of other people
            told = label.get("annotations")
            for thing in dicts(told.get("objects") if isinstance(told, dict) else None):
                if thing.get("bounding_box"):
                    page.add_sized(thing.get("name"), _sides(thing["bounding_box"], SIZED))
                else:
                    page.add_outline(thing.get("name"), flattened(thing.get("polygon")))
    return str(row.get("external_id") or row.get("row_data")), page


def _crowd_human(entry: Entry) -> tuple[str, Page]:
    page = Page()
    for thing in dicts(entry.get("gtboxes")):
        extra = thing.get("extra")
        ignored = isinstance(extra, dict) and extra.get("ignore")
        if ignored or thing.get("tag") == "mask":
            page.crowds += 1
        else:
            place = thing.get("fbox") or thing.get("vbox") or thing.get("box")
            page.add_sized(thing.get("tag"), place if isinstance(place, list) else ())
    return str(entry.get("ID")), page


FORMATS: Sequence[EntryFormat] = (
    EntryFormat("Create ML", ('"coordinates"',),
                lambda e: any("coordinates" in t for t in _annotations(e)), _create_ml),
    EntryFormat("VoTT", ('"asset"', '"assets"'), lambda e: "asset" in e and "regions" in e, _vott),
    EntryFormat("BDD100K", ('"box2d"', '"poly2d"'),
                lambda e: any("box2d" in t or "poly2d" in t for t in dicts(e.get("labels"))), _bdd),
    EntryFormat("Datumaro", ('"label_id"', '"label"', '"items"'), lambda e: "names" in e
                and "annotations" in e and "id" in e, _datumaro),
    EntryFormat("Label Studio JSON-MIN", ('labels"',), is_minimal, _label_studio),
    EntryFormat("Vertex AI", ('"boundingBoxAnnotations"',),
                lambda e: "boundingBoxAnnotations" in e, _vertex),
    EntryFormat("SageMaker", ('"source-ref"',), lambda e: "source-ref" in e and any(_jobs(e)),
                _sagemaker),
    EntryFormat("Azure ML", ('"image_url"',), _is_azure, _azure),
    EntryFormat("Labelbox", ('"data_row"',), lambda e: isinstance(e.get("data_row"), dict)
                and isinstance(e.get("projects"), dict), _labelbox),
    EntryFormat("CrowdHuman", ('"gtboxes"',), lambda e: "gtboxes" in e, _crowd_human),
    EntryFormat("Hugging Face", ('"objects"',), lambda e: isinstance(e.get("objects"), (dict, list))
                and _has_boxes(e), _boxes),
    EntryFormat("JSON", ('"bbox"', '"box"', '"bounding_box"', '"boundingBox"'), _has_boxes, _boxes),
)  # fmt: skip
"""In this order; an object is read by the first that fits it."""
NUMBERED = frozenset({"Hugging Face", "JSON"})
"""In these, classes may be numbers."""
HINTS = tuple({hint for each in FORMATS for hint in each.hints})


def entries(path: Path) -> list[dict[str, Any]]:
    """The objects of a file, one for each picture or anything else."""
    if path.suffix.lower() != ".json":
        return _lines(decoded(path.read_bytes()))
    tree = json_tree(path.read_bytes())
    if isinstance(tree, list):
        return dicts(tree)
    if not isinstance(tree, dict):
        return []
    if isinstance(tree.get("assets"), dict):
        return [each for each in tree["assets"].values() if isinstance(each, dict)]
    if isinstance(tree.get("items"), list) and isinstance(tree.get("categories"), dict):
        label = tree["categories"].get("label")
        labels = dicts(label.get("labels")) if isinstance(label, dict) else []
        named = [str(each.get("name")) for each in labels]
        return [{**item, "names": named} for item in dicts(tree["items"])]
    frames = tree.get("frames")
    return dicts(frames) if isinstance(frames, list) else [tree]


def _lines(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def format_of(found: Sequence[Entry]) -> EntryFormat | None:
    """What kind of list these objects are from."""
    probed = found[:PROBED]
    return next((each for each in FORMATS if any(map(each.fits, probed))), None)


def read(path: Path) -> tuple[str, Pages] | None:
    """The kind of a list, and what it says; None where it is none."""
    found = entries(path)
    form = format_of(found)
    if form is None:
        return None
    return form.kind, (form.read(entry) for entry in found)
