"""Files of boxes for one picture each: Pascal VOC, YOLO, LabelMe and X-AnyLabeling, Supervisely."""

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
from transfergui.core.reading.marks.pages import Page, flattened, size_of

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
        place = thing.find("bndbox")
        sides = [] if place is None else [place.findtext(side) for side in VOC_SIDES]
        page.add((thing.findtext("name") or "").strip(), sides)
    return page


VOC_SIDES = ("xmin", "ymin", "xmax", "ymax")


def yolo(data: bytes, names: Names) -> Page:
    """YOLO: a line for each box, its class and x and y of its middle, width and height; or its
    class and the points of an outline. All are shares of the upright picture."""
    page = Page(unit="shares", upright=True)
    for line in decoded(data).splitlines():
        number, *numbers = line.split() or [""]
        if not number:
            continue
        name = names.get(number, number)
        if not number.isdecimal() or len(numbers) < 4:
            page.unreadable += 1
        elif len(numbers) >= 6 and not len(numbers) % 2 and POSES not in names:
            page.add_outline(name, numbers)
        else:
            x, y, width, height = (_number(each) for each in numbers[:4])
            page.add(name, (x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    return page


POSES = "poses"
"""Stands among the names of classes where boxes have points of a body behind them."""


def labelme(data: bytes, names: Names) -> Page:
    """LabelMe and X-AnyLabeling: shapes with points, in pixels."""
    tree = json_tree(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("shapes"), list):
        return Page(broken=True)
    page = Page(size_of(tree.get("imageWidth"), tree.get("imageHeight")))
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
        before = page.outlines
        page.add_outline(shape.get("label"), points)
        page.outlines = before if kind == "rectangle" else page.outlines
    return page


def supervisely(data: bytes, names: Names) -> Page:
    """Supervisely: objects with the points of a rectangle or an outline, in pixels."""
    tree = json_tree(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("objects"), list):
        return Page(broken=True)
    size = tree.get("size")
    size = size if isinstance(size, dict) else {}
    page = Page(size_of(size.get("width"), size.get("height")))
    for thing in tree["objects"]:
        points = thing.get("points") if isinstance(thing, dict) else None
        if not isinstance(points, dict):
            page.unreadable += 1
            continue
        before = page.outlines
        page.add_outline(thing.get("classTitle"), flattened(points.get("exterior")))
        page.outlines = before if thing.get("geometryType") == "rectangle" else page.outlines
    return page


READERS: Mapping[str, Callable[[bytes, Names], Page]] = {
    "Pascal VOC": voc,
    "YOLO": yolo,
    "LabelMe": labelme,
    "Supervisely": supervisely,
}
"""By the kind of :class:`.boxes.Boxes`."""


def page_of(path: Path, kind: str, names: Names) -> Page:
    """What a file says of its picture."""
    try:
        if path.stat().st_size > LARGEST:
            return Page(broken=True)
        data = path.read_bytes()
    except OSError:
        return Page(broken=True)
    return READERS[kind](data, names)


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
