"""Pictures with their boxes for use elsewhere: a whole data set as Pascal VOC, COCO or YOLO.

The pictures are copied, divided into the parts of the split, and what is corrected is written as it
is corrected. The folder must be new or empty; the originals are only read. As for other labels
(:mod:`.export`), what is written is planned first, recorded, and can be undone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from transfergui.core import registry
from transfergui.core.acting.carry_out import blocks
from transfergui.core.acting.names import safe
from transfergui.core.acting.steps import Act, Step
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.boxes import NamedBox, parsed_boxes, share_text
from transfergui.core.data.dataset import Dataset, Problem, Sample
from transfergui.core.data.targets import BOXES

How = Literal["voc", "coco", "yolo"]
HOWS: tuple[How, ...] = ("voc", "coco", "yolo")
DECIMALS = 6
"""Of a pixel, where a box does not begin at a whole one."""


class Picture(NamedTuple):
    """A picture as it is written.

    Attributes:
        name: of the copied file.
        width, height: in pixels, upright.
        boxes: as shares of these.
        part: of the split; empty where the data are not divided.
    """

    name: str
    width: int
    height: int
    boxes: tuple[NamedBox, ...]
    part: str = ""

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem


def planned(dataset: Dataset, parts: Mapping[str, str], to: Path, how: How) -> Act:
    """What is to be written; nothing is touched.

    Args:
        parts: the part of the split of each sample, by its path; empty where there is none.
        to: a folder, which need not be there.

    Raises:
        UserError: ``boxes.not_boxes``: something else is predicted; ``boxes.folder_in_use``.
    """
    if dataset.targets.objective != BOXES:
        raise UserError("boxes.not_boxes")
    to = Path(os.path.abspath(to))  # noqa: PTH100 - without following links
    if os.path.lexists(to) and (not to.is_dir() or any(to.iterdir())):
        raise UserError("boxes.folder_in_use", path=str(to))
    pictures, copies, left = _pictures(dataset, parts)
    steps: list[Step] = []
    for picture, source in zip(pictures, copies, strict=True):
        status = source.stat()
        target = to / _folder(how, picture.part) / picture.name
        values = (str(source), status.st_size, status.st_mtime_ns)
        steps.append(Step("copy", str(target), *values))
    for place, text in _files(pictures, dataset.targets.names, how):
        size = len(text.encode("utf-8"))
        steps.append(Step("write", str(to / place), size=size, text=text))
    counts: dict[str, int] = {}
    for picture in pictures:
        place = _folder(how, picture.part)
        counts[place] = counts.get(place, 0) + 1
    needed = sum(blocks(step.size) for step in steps)
    return Act(tuple(steps), tuple(left), counts, needed=needed, to=str(to))


def _pictures(
    dataset: Dataset, parts: Mapping[str, str]
) -> tuple[list[Picture], list[Path], list[Problem]]:
    """The pictures that can be read, their files, and what is left out."""
    modality = registry.modality(dataset.modality)
    taken: set[str] = set()
    pictures: list[Picture] = []
    copies: list[Path] = []
    left: list[Problem] = []
    texts = list(map(parsed_boxes, dataset.classes))
    files = [dataset.root / sample.path for sample in dataset.samples]
    sizes = in_chunks(modality.extent, files)
    for sample, file, size in zip(dataset.samples, files, sizes, strict=True):
        if size is None:
            left.append(Problem("act.gone", path=sample.path))
            continue
        name = _free_name(sample, taken)
        part = parts.get(sample.path, "")
        pictures.append(Picture(name, *size, texts[sample.label], part))
        copies.append(file)
    return pictures, copies, left


def _free_name(sample: Sample, taken: set[str]) -> str:
    """The name of a copy, whose stem no other one has."""
    path = PurePosixPath(sample.path)
    stem, number = safe(path.stem), 1
    own = stem
    while own.casefold() in taken:
        number += 1
        own = f"{stem}-{number}"
    taken.add(own.casefold())
    return f"{own}{path.suffix}"


def _folder(how: How, part: str) -> str:
    """Where the pictures of a part are."""
    if how == "voc":
        return "JPEGImages"
    if how == "coco":
        return part or "images"
    return f"images/{part}".rstrip("/")


def _files(
    pictures: Sequence[Picture], names: Sequence[str], how: How
) -> Iterator[tuple[str, str]]:
    """The files that say the boxes, and what is in each."""
    parts = list(dict.fromkeys(picture.part for picture in pictures))
    of_part = {part: [each for each in pictures if each.part == part] for part in parts}
    if how == "coco":
        for part, own in of_part.items():
            yield f"annotations/instances_{part or 'all'}.json", coco_text(own, names)
    elif how == "voc":
        for picture in pictures:
            yield f"Annotations/{picture.stem}.xml", voc_text(picture)
        for part, own in of_part.items():
            if part:
                yield f"ImageSets/Main/{part}.txt", "".join(f"{each.stem}\n" for each in own)
    else:
        for picture in pictures:
            place = f"labels/{picture.part}".rstrip("/")
            yield f"{place}/{picture.stem}.txt", yolo_text(picture, names)
        yield "data.yaml", yolo_names(names, parts)


# -- each format


def voc_text(picture: Picture) -> str:
    """The XML of a picture, in pixels: whole ones where the box begins and ends at such."""
    things = "".join(
        f"  <object>\n    <name>{escape(box.name)}</name>\n    <pose>Unspecified</pose>\n"
        "    <truncated>0</truncated>\n    <difficult>0</difficult>\n    <bndbox>\n"
        f"      <xmin>{_pixels(box.left, picture.width)}</xmin>\n"
        f"      <ymin>{_pixels(box.top, picture.height)}</ymin>\n"
        f"      <xmax>{_pixels(box.right, picture.width)}</xmax>\n"
        f"      <ymax>{_pixels(box.bottom, picture.height)}</ymax>\n"
        "    </bndbox>\n  </object>\n"
        for box in picture.boxes
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<annotation>\n  <folder>JPEGImages</folder>\n'
        f"  <filename>{escape(picture.name)}</filename>\n  <size>\n"
        f"    <width>{picture.width}</width>\n    <height>{picture.height}</height>\n"
        f"    <depth>3</depth>\n  </size>\n  <segmented>0</segmented>\n{things}</annotation>\n"
    )


def coco_text(
    pictures: Sequence[Picture],
    names: Sequence[str],
    scores: Sequence[Sequence[float]] = (),
) -> str:
    """The JSON of some pictures; classes are numbered from 1.

    Args:
        scores: of each box of each picture, where a model found them.
    """
    number = {name: at for at, name in enumerate(names, 1)}
    images: list[dict[str, object]] = []
    marks: list[dict[str, object]] = []
    for at, picture in enumerate(pictures, 1):
        size = {"width": picture.width, "height": picture.height}
        images.append({"id": at, "file_name": picture.name, **size})
        for place, box in enumerate(picture.boxes):
            x, y = _pixels(box.left, picture.width), _pixels(box.top, picture.height)
            width = round(_pixels(box.right, picture.width) - x, DECIMALS)
            height = round(_pixels(box.bottom, picture.height) - y, DECIMALS)
            mark: dict[str, object] = {"id": len(marks) + 1, "image_id": at}
            mark["category_id"] = number[box.name]
            area = round(width * height, DECIMALS)
            mark |= {"bbox": [x, y, width, height], "area": area, "iscrowd": 0}
            marks.append(mark | ({"score": scores[at - 1][place]} if scores else {}))
    kinds = [{"id": at, "name": name} for name, at in number.items()]
    tree = {"images": images, "annotations": marks, "categories": kinds}
    return json.dumps(tree, ensure_ascii=False) + "\n"


def yolo_text(picture: Picture, names: Sequence[str]) -> str:
    """A line for each box: class, x and y of its middle, width and height, as shares."""
    number = {name: at for at, name in enumerate(names)}
    lines = []
    for box in picture.boxes:
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        size = (share_text(box.right - box.left), share_text(box.bottom - box.top))
        lines.append(f"{number[box.name]} {x:.6f} {y:.6f} {' '.join(size)}\n")
    return "".join(lines)


def yolo_names(names: Sequence[str], parts: Sequence[str] = ()) -> str:
    """``data.yaml``: where the pictures of each part are, and what the numbers mean."""
    told = [f"{part}: images/{part}\n" for part in parts if part] or ["train: images\n"]
    known = {line.partition(":")[0] for line in told}
    if "val" not in known:
        told.append("val: images\n")  # which those who read it insist on
    lines = (f"  {at}: {json.dumps(name, ensure_ascii=False)}\n" for at, name in enumerate(names))
    return f"path: .\n{''.join(told)}nc: {len(names)}\nnames:\n{''.join(lines)}"


def _pixels(share: float, extent: int) -> float:
    """Where a side is in pixels: a whole one where it rounds to the same share."""
    whole = round(share * extent)
    if share_text(whole / extent) == share_text(share):
        return whole
    return round(share * extent, DECIMALS)
