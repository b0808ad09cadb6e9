"""Pictures with their boxes for use elsewhere: as Pascal VOC, COCO or YOLO.

The pictures are copied, divided into the parts of the split, and what is corrected is written as it
is corrected. The folder must be new or empty; the originals are only read. As for other labels
(:mod:`.export`), what is written is planned first, recorded, and can be undone.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

from transfergui.core import registry
from transfergui.core.acting.carry_out import blocks
from transfergui.core.acting.names import safe
from transfergui.core.acting.record import existing_folder
from transfergui.core.acting.steps import Act, Step
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import in_chunks
from transfergui.core.data.boxes import NamedBox, parsed_boxes, share_text
from transfergui.core.data.dataset import Dataset, Problem
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


class Written(NamedTuple):
    """What goes into the files of one format.

    Attributes:
        pictures: as they are written.
        sources: the file of each, where it is to be copied; else None.
        names: of the classes.
        scores: of each box of each picture, where a model found them; they are kept in COCO only.
        left: pictures that are left out.
    """

    pictures: Sequence[Picture]
    sources: Sequence[Path | None]
    names: Sequence[str]
    scores: Sequence[Sequence[float]] = ()
    left: Sequence[Problem] = ()


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
    require_empty(to)
    return act_of(_of_dataset(dataset, parts), to, how)


def require_empty(to: Path) -> None:
    """
    Raises:
        UserError: ``boxes.folder_in_use``.
    """
    if os.path.lexists(to) and (not to.is_dir() or any(to.iterdir())):
        raise UserError("boxes.folder_in_use", path=str(to))


def act_of(given: Written, to: Path, how: How) -> Act:
    """The files of a format below the folder ``to``."""
    to = Path(os.path.abspath(to))  # noqa: PTH100 - without following links
    steps: list[Step] = []
    counts: dict[str, int] = {}
    for picture, source in zip(given.pictures, given.sources, strict=True):
        if source is None:
            continue
        place, values = _folder(how, picture.part), (str(source), *shards.status(source))
        steps.append(Step("copy", str(to / place / picture.name), *values))
        counts[place] = counts.get(place, 0) + 1
    for file, text in _files(given, how):
        size = len(text.encode("utf-8", "surrogateescape"))
        steps.append(Step("write", str(to / file), size=size, text=text))
    needed = sum(blocks(step.size) for step in steps)
    free = shutil.disk_usage(existing_folder(to)).free
    return Act(tuple(steps), tuple(given.left), counts, needed=needed, free=free, to=str(to))


def _of_dataset(dataset: Dataset, parts: Mapping[str, str]) -> Written:
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
        name = free_name(os.fspath(shards.called(file)), taken)
        part = parts.get(sample.path, "")
        pictures.append(Picture(name, *size, texts[sample.label], part))
        copies.append(file)
    return Written(pictures, copies, dataset.targets.names, left=left)


def free_name(path: str, taken: set[str]) -> str:
    """The name of the copy of a file, whose stem is not among those ``taken``, which it joins."""
    file = PurePosixPath(path)
    stem, number = safe(file.stem), 1
    own = stem
    while own.casefold() in taken:
        number += 1
        own = f"{stem}-{number}"
    taken.add(own.casefold())
    return f"{own}{file.suffix}"


def _folder(how: How, part: str) -> str:
    """Where the pictures of a part are."""
    if how == "voc":
        return "JPEGImages"
    if how == "coco":
        return part or "images"
    return f"images/{part}".rstrip("/")


def _files(given: Written, how: How) -> Iterator[tuple[str, str]]:
    """The files that say the boxes, and what is in each."""
    pictures, names = given.pictures, given.names
    parts = list(dict.fromkeys(picture.part for picture in pictures))
    of_part = {
        part: [at for at, each in enumerate(pictures) if each.part == part] for part in parts
    }
    if how == "coco":
        for part, places in of_part.items():
            own = [pictures[at] for at in places]
            scores = [given.scores[at] for at in places] if given.scores else ()
            yield f"annotations/instances_{part or 'all'}.json", coco_text(own, names, scores)
    elif how == "voc":
        for picture in pictures:
            yield f"Annotations/{picture.stem}.xml", voc_text(picture)
        for part, places in of_part.items():
            if part:
                listed = "".join(f"{pictures[at].stem}\n" for at in places)
                yield f"ImageSets/Main/{part}.txt", listed
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
        f"      <xmin>{in_pixels(box.left, picture.width)}</xmin>\n"
        f"      <ymin>{in_pixels(box.top, picture.height)}</ymin>\n"
        f"      <xmax>{in_pixels(box.right, picture.width)}</xmax>\n"
        f"      <ymax>{in_pixels(box.bottom, picture.height)}</ymax>\n"
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
            x, y = in_pixels(box.left, picture.width), in_pixels(box.top, picture.height)
            width = round(in_pixels(box.right, picture.width) - x, DECIMALS)
            height = round(in_pixels(box.bottom, picture.height) - y, DECIMALS)
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


def in_pixels(share: float, extent: int) -> float:
    """Where a side is in pixels: a whole one where it rounds to the same share."""
    whole = round(share * extent)
    if share_text(whole / extent) == share_text(share):
        return whole
    return round(share * extent, DECIMALS)
