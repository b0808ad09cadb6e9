"""Files of boxes for one picture each, in XML or JSON: Pascal VOC, LabelMe and X-AnyLabeling,
Supervisely, Segment Anything."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from transfergui.core.base.encodings import encoding_of
from transfergui.core.reading.marks.bit_masks import corners_of_bitmap
from transfergui.core.reading.marks.pages import ONLY, Page, flattened, size_of

LARGEST = 200_000_000
"""Bytes of a file: those of LabelMe may hold the picture itself."""
DECLARED = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
DECLARES = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
LONELY = re.compile(r"&(?!#?\w+;)")
"""An ampersand that stands for itself, which XML does not allow."""

Names = Mapping[str, str]
"""What the numbers of classes mean."""


def voc(data: bytes, names: Names) -> Page:
    """Pascal VOC: ``<object><name>…</name><bndbox><xmin>…``, in pixels."""
    tree = xml_tree(data)
    if tree is None or tree.tag != "annotation":
        return Page(broken=True)
    size = tree.find("size")
    page = Page(None if size is None else size_of(size.findtext("width"), size.findtext("height")))
    for thing in tree.iter("object"):
        name, place = (thing.findtext("name") or "").strip(), thing.find("bndbox")
        turned = thing.find("robndbox")
        if place is None and turned is not None:
            _add_turned(page, name, turned)
            continue
        sides = [] if place is None else [place.findtext(side) for side in VOC_SIDES]
        page.add(name, sides)
    page.written = (tree.findtext("filename") or "").strip()
    return page


def _add_turned(page: Page, name: str, place: ElementTree.Element) -> None:
    """Add a box of roLabelImg: its middle, width and height, and an angle in radians."""
    named = [place.findtext(side) for side in ("cx", "cy", "w", "h", "angle")]
    x, y, width, height, angle = map(_number, named)
    sides = (x - width / 2, y - height / 2, width, height)
    page.add_turned(name, sides, math.degrees(angle))


VOC_SIDES = ("xmin", "ymin", "xmax", "ymax")


def labelme(data: bytes, names: Names) -> Page:
    """LabelMe and X-AnyLabeling: shapes with points, in pixels."""
    tree = json_tree(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("shapes"), list):
        return Page(broken=True)
    page = Page(size_of(tree.get("imageWidth"), tree.get("imageHeight")))
    page.written = str(tree.get("imagePath") or "")
    for shape in tree["shapes"]:
        if not isinstance(shape, dict):
            page.unreadable += 1
            continue
        points, kind = flattened(shape.get("points")), shape.get("shape_type", "polygon")
        if kind == "circle" and len(points) == 4:  # its middle, and a point on it
            x, y, other, beyond = (_number(each) for each in points)
            radius = math.hypot(other - x, beyond - y)
            page.add_outline(shape.get("label"), (x - radius, y - radius, x + radius, y + radius))
            continue
        if kind in PLACELESS:
            page.placeless.add(str(shape.get("label")))
            continue
        before = page.outlines
        page.add_outline(shape.get("label"), points)
        page.outlines = before if kind == "rectangle" else page.outlines
    return page


PLACELESS = ("point", "line", "points")
"""Shapes of LabelMe that are around nothing."""


def supervisely(data: bytes, names: Names) -> Page:
    """Supervisely: objects with the points of a rectangle or an outline, in pixels."""
    tree = json_tree(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("objects"), list):
        return Page(broken=True)
    size = tree.get("size")
    size = size if isinstance(size, dict) else {}
    page = Page(size_of(size.get("width"), size.get("height")))
    for thing in tree["objects"]:
        if isinstance(thing, dict) and isinstance(thing.get("bitmap"), dict):
            page.add_outline(thing.get("classTitle"), corners_of_bitmap(thing["bitmap"]))
            continue
        points = thing.get("points") if isinstance(thing, dict) else None
        if not isinstance(points, dict):
            page.unreadable += 1
            continue
        before = page.outlines
        page.add_outline(thing.get("classTitle"), flattened(points.get("exterior")))
        page.outlines = before if thing.get("geometryType") == "rectangle" else page.outlines
    return page


SAM_MARK = '"annotations"'


def segment_anything(data: bytes, names: Names) -> Page:
    """Segment Anything (SA-1B): masks with their ``bbox`` in pixels, without a class."""
    tree = json_tree(data)
    image = tree.get("image") if isinstance(tree, dict) else None
    if not isinstance(image, dict) or not isinstance(tree.get("annotations"), list):
        return Page(broken=True)
    page = Page(size_of(image.get("width"), image.get("height")))
    for thing in tree["annotations"]:
        place = thing.get("bbox") if isinstance(thing, dict) else None
        page.add_sized(ONLY, place if isinstance(place, list) else ())
    return page


READERS: Mapping[str, Callable[[bytes, Names], Page]] = {
    "Pascal VOC": voc,
    "LabelMe": labelme,
    "Supervisely": supervisely,
    "Segment Anything": segment_anything,
}
"""By the kind of :class:`.boxes.Boxes`."""


def data_of(path: Path) -> bytes | None:
    """What is in a file; None where it cannot be read, or is too large."""
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError:
        return None


def page_of(path: Path, kind: str, names: Names) -> Page:
    """What a file says of its picture."""
    data = data_of(path)
    return Page(broken=True) if data is None else READERS[kind](data, names)


def decoded(data: bytes) -> str:
    """The text of a file in any encoding."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode(encoding_of(data), "replace")


def json_tree(data: bytes) -> Any:
    """What JSON says; None where it is none."""
    try:
        return json.loads(decoded(data))
    except (ValueError, RecursionError):
        return None


def xml_tree(data: bytes) -> ElementTree.Element | None:
    """The root of an XML file; None where it is none, or defines entities, which may be endless."""
    if b"<!ENTITY" in data:
        return None
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        pass
    text = LONELY.sub("&amp;", DECLARED.sub("", _as_declared(data)))
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return None


def _as_declared(data: bytes) -> str:
    """The text of an XML file in the encoding that it says, or else in any."""
    declared = DECLARES.match(data)
    if declared is not None:
        name = declared[1].decode("ascii", "replace").lower()
        with contextlib.suppress(LookupError, UnicodeDecodeError):
            return data.decode("gb18030" if name in ("gb2312", "gbk") else name)
    return decoded(data)


def _number(text: object) -> float:
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan
