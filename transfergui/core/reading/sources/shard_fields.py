"""What the ``key.json`` of a WebDataset says beyond one class: labels, answers, a number, boxes.

A ``dataset.json`` beside the tars may say which fields are predicted, as the program writes it
(:mod:`transfergui.core.labelling.shards`). Where there is none, a list of names in one of
:data:`LISTS` is several labels, as is one of zeros and ones, one for each class; and a list of
boxes in one of :data:`BOX_LISTS` is boxes.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    answers_text,
    labels_text,
    member_name,
    number_text,
)
from transfergui.core.reading.marks.pages import Page

RECORD = "dataset.json"
"""The file beside tars that says what is predicted."""
LISTS = (
    *("labels", "label", "tags", "classes", "class", "categories", "category", "keywords"),
    *("class_names", "attributes", "targets", "target"),
)
BOX_LISTS = ("boxes", "annotations", "objects", "bboxes", "detections")
BOX_NAMES = ("label", "category", "name", "class", "class_name", "category_name", "category_id")
BOX_PLACES = ("bbox", "box")
"""Left, top, width and height in pixels, as COCO counts them."""
SIZES = (
    ("width", "height"),
    ("image_width", "image_height"),
    ("original_width", "original_height"),
)
MOSTLY = 0.5


class Record(msgspec.Struct, frozen=True):
    """What is predicted, and from which fields.

    Attributes:
        objective: as of :class:`transfergui.core.data.targets.Targets`.
        predicted: the fields: of several questions each, of a number it alone, else the one list.
        unit: of a number.
        classes: the names of all classes of boxes.
    """

    objective: str = ""
    predicted: tuple[str, ...] = ()
    unit: str = ""
    classes: tuple[str, ...] = ()

    @property
    def bare(self) -> Targets:
        """What is known of the targets before any class is."""
        if self.objective in (SEVERAL_LABELS, BOXES):
            return Targets(self.objective)
        return Targets(self.objective, self.predicted, unit=self.unit)


class Vector(Record, frozen=True):
    """Several labels, told by a list of as many numbers as there are classes: 1 for each of the
    labels, else 0."""


def recorded(text: str | bytes) -> Record | None:
    """What a ``dataset.json`` says; None where it is another file of that name."""
    try:
        found = msgspec.json.decode(text, type=Record)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    known = found.objective in (SEVERAL_LABELS, SEVERAL_QUESTIONS, NUMBER, BOXES)
    return found if known and found.predicted else None


def guessed(trees: Sequence[Mapping[str, Any]]) -> Record | None:
    """What some of the ``key.json`` say by themselves; None where they hold no list of either
    kind."""
    counts: Counter[tuple[str, str]] = Counter()
    for tree in trees:
        counts.update((BOXES, field) for field in BOX_LISTS if _are_boxes(tree.get(field)))
        counts.update((SEVERAL_LABELS, field) for field in LISTS if _are_labels(tree.get(field)))
    enough = [kind for kind in counts if counts[kind] >= MOSTLY * len(trees)]
    order = {name: at for at, name in enumerate((*BOX_LISTS, *LISTS))}
    best = min(enough, key=lambda kind: (kind[0] != BOXES, order[kind[1]]), default=None)
    if best is None:
        return None
    lists = [value for tree in trees if isinstance(value := tree.get(best[1]), list)]
    one_length = len(set(map(len, lists))) == 1
    vector = best[0] != BOXES and one_length and all(map(_is_vector, lists))
    return (Vector if vector else Record)(best[0], (best[1],))


def _are_boxes(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and any(place in each for place in BOX_PLACES) for each in value
    )


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str | int) and not isinstance(each, bool) for each in value
    )


def _are_labels(value: object) -> bool:
    return _are_names(value) or _is_vector(value)


def _is_vector(value: object) -> bool:
    """Whether it may say of each class whether it is there."""
    return (
        isinstance(value, list)
        and len(value) > 1
        and all(isinstance(each, int | float) and each in (0, 1) for each in value)
    )


def _places(value: object) -> list[int] | None:
    """The numbers of the classes that a vector says are there."""
    if not isinstance(value, list) or not _is_vector(value):
        return None
    return [at for at, there in enumerate(value) if there]


def of_vector(value: object, names: Sequence[str]) -> object:
    """The labels of a list of zeros and ones, one for each class, by itself: one of them is there
    twice, as no label is. Anything else stays."""
    numbers = _places(value)
    if numbers is None or not isinstance(value, list) or len(set(value)) == len(value):
        return value
    return [_named(number, names) for number in numbers]


def parsed(data: bytes) -> dict[str, Any] | None:
    """A ``key.json``; None where it is no object."""
    try:
        tree = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def combination(record: Record, tree: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """The text of a class (:mod:`transfergui.core.data.targets`); None where none is said.

    Args:
        names: of the classes, by number, where labels are numbers; else none.
    """
    if record.objective == SEVERAL_LABELS:
        value = tree.get(record.predicted[0])
        if isinstance(record, Vector):
            value = _places(value)
        if not _are_names(value):
            return None
        said = (member_name(_named(each, names)) for each in value)  # type: ignore[union-attr]
        return labels_text(dict.fromkeys(filter(None, said)))
    if record.objective == NUMBER:
        number = _number(tree.get(record.predicted[0]))
        return None if number is None else number_text(number)
    answers = [_answer(tree.get(field)) for field in record.predicted]
    return answers_text(answers) if any(answer is not None for answer in answers) else None


def _named(value: object, names: Sequence[str]) -> str:
    if isinstance(value, int) and 0 <= value < len(names):
        return names[value]
    return str(value)


def _answer(value: object) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    return member_name(str(value)) or None


def _number(value: object) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def page_of(record: Record, tree: Mapping[str, Any], names: Sequence[str]) -> Page:
    """The boxes of one picture, as they are written."""
    page = Page(size=_size(tree))
    listed = tree.get(record.predicted[0])
    if not _are_boxes(listed):
        page.broken = True
        return page
    named = {each.get("id"): each.get("name") for each in _dicts(tree.get("categories"))}
    for box in _dicts(listed):
        if box.get("iscrowd") == 1:
            page.crowds += 1
            continue
        name = next((box[field] for field in BOX_NAMES if box.get(field) not in (None, "")), None)
        if isinstance(name, int) and not isinstance(name, bool):
            name = named.get(name) or _named(name, names)
        place = next((box[place] for place in BOX_PLACES if place in box), None)
        page.add_sized(name, place if isinstance(place, list) else ())
    return page


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _size(tree: Mapping[str, Any]) -> tuple[float, float] | None:
    homes = [home for home in (tree, tree.get("image")) if isinstance(home, dict)]
    for home in homes:
        for width, height in SIZES:
            across, down = _number(home.get(width)), _number(home.get(height))
            if across and down and across > 0 and down > 0:
                return across, down
    return None
