"""Files of boxes for many pictures: COCO, CVAT, Label Studio and the VGG Image Annotator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from transfergui.core.reading.marks.pages import Page, flattened, numbers_in, size_of
from transfergui.core.reading.marks.picture_files import json_tree, xml_tree

Pages = Iterator[tuple[str, Page]]
"""The names of pictures, as they are written, with what is said of each."""


def dicts(tree: object) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    return [each for each in tree if isinstance(each, dict)] if isinstance(tree, list) else []


def coco(path: Path) -> Pages:
    """COCO: ``bbox`` is left, top, width and height in pixels."""
    tree = json_tree(path.read_bytes())
    tree = tree if isinstance(tree, dict) else {}
    called = {kind.get("id"): str(kind.get("name")) for kind in dicts(tree.get("categories"))}
    pages: dict[object, Page] = {}
    written: dict[object, str] = {}
    for image in dicts(tree.get("images")):
        key = image.get("id")
        if isinstance(key, (int, str, float)):
            pages[key] = Page(size_of(image.get("width"), image.get("height")))
            written[key] = str(image.get("file_name"))
    for thing in dicts(tree.get("annotations")):
        key, kind = thing.get("image_id"), thing.get("category_id")
        page = pages.get(key) if isinstance(key, (int, str, float)) else None
        if page is None:
            continue
        name = called.get(kind, str(kind)) if isinstance(kind, (int, str)) else None
        if thing.get("iscrowd"):
            page.crowds += 1
        elif isinstance(thing.get("bbox"), list):
            page.add_sized(name, thing["bbox"])
        else:
            outline = thing.get("segmentation")
            parts = outline if isinstance(outline, list) else []
            flat = [number for part in parts if isinstance(part, list) for number in part]
            page.add_outline(name, flat)
    for key, page in pages.items():
        yield written[key], page


def cvat(path: Path) -> Pages:
    """CVAT for images: boxes, and outlines as ``x,y;x,y``, in pixels."""
    tree = xml_tree(path.read_bytes())
    for image in tree.iter("image") if tree is not None else ():
        page = Page(size_of(image.get("width"), image.get("height")))
        for shape in image:
            _add_cvat(page, shape)
        yield image.get("name", ""), page


CVAT_SIDES = ("xtl", "ytl", "xbr", "ybr")


def _add_cvat(page: Page, shape: ElementTree.Element) -> None:
    label = shape.get("label")
    if shape.tag == "box":
        page.add(label, [shape.get(side) for side in CVAT_SIDES])
    elif shape.tag in ("polygon", "polyline", "cuboid"):
        points = [part.split(",") for part in shape.get("points", "").split(";")]
        page.add_outline(label, flattened(points))
    elif shape.tag == "ellipse":
        sides = _numbers(shape, ("cx", "cy", "rx", "ry"))
        if sides is None:
            page.unreadable += 1
            return
        x, y, across, down = sides
        page.add_outline(label, (x - across, y - down, x + across, y + down))
    elif shape.tag == "mask":
        page.outlines += 1
        page.add_sized(label, [shape.get(side) for side in ("left", "top", "width", "height")])


def _numbers(shape: ElementTree.Element, names: tuple[str, ...]) -> list[float] | None:
    try:
        return [float(shape.get(name, "")) for name in names]
    except ValueError:
        return None


def label_studio(path: Path) -> Pages:
    """Label Studio: places in per cent."""
    tasks = json_tree(path.read_bytes())
    for task in dicts(tasks):
        data = task.get("data")
        page = Page(unit="shares", upright=True)
        for made in dicts(task.get("annotations")):
            for result in () if made.get("was_cancelled") else dicts(made.get("result")):
                _add_result(page, result)
        for value in data.values() if isinstance(data, dict) else ():
            if isinstance(value, str):
                yield value, page


def _add_result(page: Page, result: Mapping[str, Any]) -> None:
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
            elif "width" in value:
                sides = [value.get(side) for side in ("x", "y", "width", "height")]
                page.add_sized(name, _hundredths(sides))
            elif "radiusX" in value:
                x, y, across, down = _hundredths(
                    [value.get(side) for side in ("x", "y", "radiusX", "radiusY")]
                )
                page.add_outline(name, (x - across, y - down, x + across, y + down))


def _hundredths(values: Any) -> list[float]:
    return [number / 100 for number in numbers_in(values)]


def via(path: Path) -> Pages:
    """The VGG Image Annotator: regions with the attributes of their shape, in pixels."""
    tree = json_tree(path.read_bytes())
    if isinstance(tree, dict):
        tree = tree.get("_via_img_metadata", tree)
    for picture in tree.values() if isinstance(tree, dict) else ():
        if isinstance(picture, dict) and "regions" in picture:
            regions = picture["regions"]
            page = Page()
            for region in dicts(list(regions.values()) if isinstance(regions, dict) else regions):
                told = region.get("region_attributes")
                names = [str(each) for each in told.values()] if isinstance(told, dict) else []
                shape = region.get("shape_attributes")
                add_region(page, names[0] if names else "", shape)
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


READERS: Mapping[str, Callable[[Path], Pages]] = {
    "COCO": coco,
    "CVAT": cvat,
    "Label Studio": label_studio,
    "VIA": via,
}
"""By the kind of :class:`.boxes.Boxes`."""
