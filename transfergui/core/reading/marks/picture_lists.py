"""Files of boxes for many pictures: COCO, CVAT, Label Studio and the VGG Image Annotator.

What other tools export in JSON is read by :mod:`.json_lists`, and in text by :mod:`.text_lists`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from transfergui.core.reading.marks.bit_masks import corners_of_mask
from transfergui.core.reading.marks.pages import (
    Page,
    Size,
    as_shares,
    flattened,
    numbers_in,
    size_of,
)
from transfergui.core.reading.marks.picture_files import json_tree, xml_tree
from transfergui.core.reading.names import kinds

Pages = Iterator[tuple[str, Page]]
"""The names of pictures, as they are written, with what is said of each."""


@dataclass
class Said:
    """What a file says.

    Attributes:
        known: every class that it lists.
        broken: whether it cannot be understood.
    """

    pages: list[tuple[str, Page]] = field(default_factory=list)
    known: frozenset[str] = frozenset()
    broken: bool = False


def dicts(tree: object) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    return [each for each in tree if isinstance(each, dict)] if isinstance(tree, list) else []


def coco(path: Path) -> Said:
    """COCO: ``bbox`` is left, top, width and height in pixels, or in shares as Azure writes it.
    Where there is none, the box around the outline or the mask. Numbers and texts are the same
    ``id``."""
    tree = json_tree(path.read_bytes())
    if not isinstance(tree, dict):
        return Said(broken=tree is None)
    listed = dicts(tree.get("categories"))
    called = {_key(kind.get("id")): str(kind.get("name")) for kind in listed}
    pages: dict[str, Page] = {}
    written: dict[str, str] = {}
    for image in dicts(tree.get("images")):
        if key := _key(image.get("id")):
            pages[key] = Page(size_of(image.get("width"), image.get("height")))
            written[key] = str(image.get("file_name") or image.get("coco_url"))
    for thing in dicts(tree.get("annotations")):
        page = pages.get(_key(thing.get("image_id")))
        if page is not None:
            number = _key(thing.get("category_id"))
            _add_coco(page, called.get(number, number) or None, thing)
    as_shares(pages.values())
    above = {str(kind.get("supercategory")) for kind in listed}  # Roboflow lists it as a class
    known = frozenset(name for name in called.values() if name not in above)
    return Said([(written[key], page) for key, page in pages.items()], known)


def _key(number: object) -> str:
    """An ``id``, which some write as a text where others write a number."""
    known = isinstance(number, (int, str)) or (isinstance(number, float) and number.is_integer())
    return str(int(number) if isinstance(number, float) else number) if known else ""


def _add_coco(page: Page, name: str | None, thing: dict[str, Any]) -> None:
    place, outline = thing.get("bbox"), thing.get("segmentation")
    if thing.get("iscrowd"):
        page.crowds += 1
        page.placeless |= {name} if name else set()
    elif place is None and outline is None:
        page.placeless |= {name} if name else set()
    elif isinstance(place, list) and (place or not outline):
        page.add_sized(name, place)
    elif isinstance(outline, dict):
        page.add_outline(name, corners_of_mask(outline))
    else:
        parts = outline if isinstance(outline, list) else []
        page.add_outline(name, [n for part in parts if isinstance(part, list) for n in part])


def cvat(path: Path) -> Said:
    """CVAT for images: boxes, and outlines as ``x,y;x,y``, in pixels; and for videos: tracks of
    boxes in the frames ``frame_000000``."""
    tree = xml_tree(path.read_bytes())
    if tree is None:
        return Said(broken=True)
    found = list[tuple[str, Page]]()
    for image in tree.iter("image"):
        page = Page(size_of(image.get("width"), image.get("height")))
        page.split = kinds.split_of(image.get("subset", ""))
        for shape in image:
            _add_cvat(page, shape, shape.get("label"))
        found.append((image.get("name", ""), page))
    frames: dict[int, Page] = {}
    size = tree.find(".//original_size")
    for track in tree.iter("track"):
        for shape in track:
            number = shape.get("frame", "")
            if number.isdecimal():
                said = None if size is None else _size_in(size)
                page = frames.setdefault(int(number), Page(said))
                if shape.get("outside") != "1":
                    _add_cvat(page, shape, track.get("label"))
    found += [(f"frame_{number:06d}", page) for number, page in sorted(frames.items())]
    labels = (label.findtext("name") for label in tree.iterfind("meta//label"))
    return Said(found, frozenset(filter(None, labels)))


def _size_in(tree: ElementTree.Element) -> Size | None:
    return size_of(tree.findtext("width"), tree.findtext("height"))


CVAT_SIDES = ("xtl", "ytl", "xbr", "ybr")


def _add_cvat(page: Page, shape: ElementTree.Element, label: str | None) -> None:
    angle = next(numbers_in([shape.get("rotation") or 0]))
    if shape.tag == "tag" and label:
        page.tags.add(label)
    elif shape.tag == "box" and angle % 360:
        left, top, right, bottom = numbers_in([shape.get(side) for side in CVAT_SIDES])
        page.add_turned(label, (left, top, right - left, bottom - top), angle)
    elif shape.tag == "box":
        page.add(label, [shape.get(side) for side in CVAT_SIDES])
    elif shape.tag in ("polygon", "polyline", "cuboid"):
        points = [part.split(",") for part in shape.get("points", "").split(";")]
        page.add_outline(label, flattened(points))
    elif shape.tag == "ellipse":
        x, y, across, down = numbers_in([shape.get(side) for side in ("cx", "cy", "rx", "ry")])
        page.add_outline(label, (x - across, y - down, x + across, y + down))
    elif shape.tag == "mask":
        page.outlines += 1
        page.add_sized(label, [shape.get(side) for side in ("left", "top", "width", "height")])
    elif shape.tag == "points" and label:
        page.placeless.add(label)


def label_studio(path: Path) -> Said:
    """Label Studio: places in per cent."""
    tasks = json_tree(path.read_bytes())
    return Said(list(_of_tasks(tasks)), broken=tasks is None)


def _of_tasks(tasks: object) -> Pages:
    for task in dicts(tasks):
        data = task.get("data")
        done = [m for m in dicts(task.get("annotations")) if not m.get("was_cancelled")]
        pages = [_of_results(made.get("result")) for made in done] or [_of_results(())]
        page = pages[0]
        page.others = pages[1:]
        for value in data.values() if isinstance(data, dict) else ():
            if isinstance(value, str):
                yield value, page


def _of_results(results: object) -> Page:
    """What one person marked in a picture."""
    page = Page(unit="shares", upright=True)
    for result in dicts(results):
        add_result(page, result)
    return page


def add_result(page: Page, result: Mapping[str, Any]) -> None:
    """Add what one result of Label Studio says: ``{"rectanglelabels": ["cat"], "x": …}``."""
    value = result.get("value")
    if not isinstance(value, dict):
        return
    page.size = size_of(result.get("original_width"), result.get("original_height")) or page.size
    for key, marks in value.items():
        if not key.endswith("labels") or not isinstance(marks, list):
            continue
        for name in marks[:1]:  # the same box of several names is of the first
            if "points" in value:
                page.add_outline(name, _hundredths(flattened(value["points"])))
            elif "width" in value and value.get("rotation"):
                _add_turned(page, name, value)
            elif "width" in value:
                page.add_sized(name, _hundredths([value.get(side) for side in LS_SIDES]))
            elif "radiusX" in value:
                x, y, across, down = _hundredths(
                    [value.get(side) for side in ("x", "y", "radiusX", "radiusY")]
                )
                page.add_outline(name, (x - across, y - down, x + across, y + down))
            elif "rle" in value:
                page.unreadable += 1
            page.placeless.add(str(name))


LS_SIDES = ("x", "y", "width", "height")


def _add_turned(page: Page, name: object, value: Mapping[str, Any]) -> None:
    """Add a rectangle that was turned about its left upper corner, which is done in pixels."""
    width, height = page.size or (1.0, 1.0)
    x, y, across, down = _hundredths([value.get(side) for side in LS_SIDES])
    sides = (x * width, y * height, across * width, down * height)
    turned = Page()
    turned.add_turned(name, sides, next(numbers_in([value.get("rotation")])), about=0)
    page.outlines += turned.outlines
    page.unreadable += turned.unreadable
    for shape in turned.shapes:
        left, top, right, bottom = shape[1:]
        page.add(shape.name, (left / width, top / height, right / width, bottom / height))


def _hundredths(values: Any) -> list[float]:
    return [number / 100 for number in numbers_in(values)]


NAMING = ("class", "label", "category", "type", "name", "object", "kind", "species")
"""What the attribute of a region is called that says what it is, where it has several."""


def region_name(told: object) -> str:
    """What the attributes of a region say that it is: a text, or choices of which one is true."""
    if not isinstance(told, dict) or not told:
        return ""
    keys = {str(key).lower(): key for key in told}
    value = told[next((keys[name] for name in NAMING if name in keys), next(iter(told)))]
    if isinstance(value, dict):
        value = next((key for key, chosen in value.items() if chosen), "")
    return str(value)


def via(path: Path) -> Said:
    """The VGG Image Annotator: regions with the attributes of their shape, in pixels."""
    tree = json_tree(path.read_bytes())
    return Said(list(_of_regions(tree)), broken=tree is None)


def _of_regions(tree: object) -> Pages:
    if isinstance(tree, dict):
        tree = tree.get("_via_img_metadata", tree)
    for picture in tree.values() if isinstance(tree, dict) else ():
        if isinstance(picture, dict) and "regions" in picture:
            regions = picture["regions"]
            page = Page()
            for region in dicts(list(regions.values()) if isinstance(regions, dict) else regions):
                name = region_name(region.get("region_attributes"))
                add_region(page, name, region.get("shape_attributes"))
            yield str(picture.get("filename")), page


def add_region(page: Page, name: str, shape: object) -> None:
    """Add a shape of the VGG Image Annotator."""
    known = shape if isinstance(shape, dict) else {}
    if "all_points_x" in known:
        xs, ys = (known.get(f"all_points_{axis}") for axis in "xy")
        both = zip(xs, ys, strict=False) if isinstance(xs, list) and isinstance(ys, list) else ()
        page.add_outline(name, flattened(list(both)))
    elif "cx" in known:
        x, y, across, down = _round_of(known)
        page.add_outline(name, (x - across, y - down, x + across, y + down))
    else:
        page.add_sized(name, [known.get(side) for side in ("x", "y", "width", "height")])


def _round_of(known: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """The middle and the radii of a circle or an ellipse."""
    across = known.get("rx", known.get("r"))
    down = known.get("ry", known.get("r"))
    x, y, rx, ry = numbers_in((known.get("cx"), known.get("cy"), across, down))
    return x, y, rx, ry


READERS: Mapping[str, Callable[[Path], Said]] = {
    "COCO": coco,
    "CVAT": cvat,
    "Label Studio": label_studio,
    "VIA": via,
}
"""By the kind of :class:`.boxes.Boxes`."""
