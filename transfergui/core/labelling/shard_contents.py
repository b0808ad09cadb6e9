"""What each example is in a WebDataset: its bytes, and its label as ``key.cls`` or ``key.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from transfergui.core import registry
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.data.boxes import parsed_boxes
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.file_part import FilePart, is_part
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.labelling.box_files import DECIMALS, in_pixels
from transfergui.core.labelling.export import text_of
from transfergui.core.reading.parsing.parser import found_encoding
from transfergui.core.reading.sources.shard_fields import Record

LABELS, BOXES_FIELD = "labels", "annotations"
KEPT_APART = {"text", "path", "label", "split", "key"}
"""Names of fields that mean something else where such data are read."""


class Example(NamedTuple):
    """One that is written.

    Attributes:
        sample: what it is in the data set: of a recording in parts, the first.
        path: of its file, or of its row in a table.
    """

    sample: Sample
    path: Path


def require_writable(dataset: Dataset) -> None:
    """
    Raises:
        UserError: ``shards.parts_differ``: parts of one recording have different labels;
            ``shards.question_named``: a question is called like a field that means something else.
    """
    if dataset.targets.objective not in (ONE_CLASS, SEVERAL_LABELS, BOXES):
        for name in dataset.targets.names:
            if name.casefold() in KEPT_APART or not name.strip():
                raise UserError("shards.question_named", name=name)
    labels: dict[str, int] = {}
    for sample in dataset.samples:
        if _is_piece(dataset, sample):
            file = FilePart.parse(sample.path).file
            if labels.setdefault(file, sample.label) != sample.label:
                raise UserError("shards.parts_differ", path=file)


def examples(dataset: Dataset) -> Iterator[Example]:
    """Each file, or row, once."""
    seen: set[str] = set()
    for sample in dataset.samples:
        path = sample.path
        if _is_piece(dataset, sample):
            path = FilePart.parse(path).file
            if path in seen:
                continue
            seen.add(path)
        yield Example(sample, dataset.root / path)


def _is_piece(dataset: Dataset, sample: Sample) -> bool:
    """Whether a sample is a part of a recording."""
    tables = registry.modality(dataset.modality).tables
    return not tables and is_part(sample.path) and not shards.is_member(sample.path)


def content(dataset: Dataset, example: Example) -> tuple[str, bytes] | None:
    """How the name of an example ends, and its bytes; None where it is gone."""
    path = example.path
    try:
        if registry.modality(dataset.modality).tables:
            return "txt", _text(dataset, example.sample, path).encode("utf-8", "replace")
        if shards.is_member(path):
            return _ending(shards.name(path)), shards.read(path)
        return _ending(path.name), path.read_bytes()
    except (OSError, UserError):
        return None


def _text(dataset: Dataset, sample: Sample, path: Path) -> str:
    if is_part(sample.path):
        return text_of(dataset, sample)
    data = path.read_bytes()
    return data.decode(found_encoding(data), "replace")


def _ending(name: str) -> str:
    return name.rpartition(".")[2].strip(" ").lower()


def record(dataset: Dataset) -> Record | None:
    """What ``dataset.json`` says; None of one class, which ``key.cls`` and the names tell."""
    targets = dataset.targets
    if targets.objective == ONE_CLASS:
        return None
    if targets.objective == SEVERAL_LABELS:
        return Record(SEVERAL_LABELS, (LABELS,))
    if targets.objective == BOXES:
        return Record(BOXES, (BOXES_FIELD,), classes=targets.names)
    return Record(targets.objective, targets.names, targets.unit)


def record_text(found: Record) -> str:
    return json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=1) + "\n"


def labels(dataset: Dataset, example: Example) -> Iterator[tuple[str, bytes]]:
    """The files with the label of an example: how each name ends, and what is in it."""
    text, objective = dataset.classes[example.sample.label], dataset.targets.objective
    if objective == ONE_CLASS:
        yield "cls", str(example.sample.label).encode()
        return
    if objective == NUMBER:
        yield "cls", text.encode()
    tree = _tree(dataset, example, text)
    yield "json", json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _tree(dataset: Dataset, example: Example, text: str) -> Mapping[str, Any]:
    targets = dataset.targets
    if targets.objective == SEVERAL_LABELS:
        return {LABELS: list(parsed_labels(text))}
    if targets.objective == NUMBER:
        value = float(text)
        return {targets.names[0]: int(value) if value == int(value) else value}
    if targets.objective != BOXES:
        return dict(zip(targets.names, parsed_answers(text), strict=True))
    size = registry.modality(dataset.modality).extent(example.path) or (1, 1)
    return {"width": size[0], "height": size[1], BOXES_FIELD: _marks(text, size)}


def _marks(text: str, size: tuple[int, int]) -> Sequence[Mapping[str, Any]]:
    """Boxes as COCO writes them: left, top, width and height in pixels of the upright picture."""
    marks = []
    for box in parsed_boxes(text):
        left, top = in_pixels(box.left, size[0]), in_pixels(box.top, size[1])
        width = round(in_pixels(box.right, size[0]) - left, DECIMALS)
        height = round(in_pixels(box.bottom, size[1]) - top, DECIMALS)
        marks.append({"label": box.name, "bbox": [left, top, width, height]})
    return marks
