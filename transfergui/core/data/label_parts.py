"""What people fill in to say what a sample is: one part for its labels, one for its boxes, one for
each question, one for its number.

A class of a data set may be a combination (:mod:`transfergui.core.data.targets`); here it is taken
apart, and put together again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from transfergui.core.data.boxes import boxes_text, parsed_boxes
from transfergui.core.data.targets import (
    BOXES,
    LABELS_APART,
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    answers_text,
    labels_text,
    member_name,
    normalised,
    parsed_answers,
    parsed_labels,
)

PartKind = Literal["names", "name", "amount", "places"]
Values = tuple[str, ...]
"""What is said of one part: some labels, an answer or none, a number, the text of each box."""


class LabelPart(NamedTuple):
    """One part.

    Attributes:
        kind: any number of the names; one of them, or none; a number; any number of boxes.
        title: of the question, or of the number; empty of labels.
        names: those that the data have.
        unit: of a number.
    """

    kind: PartKind
    title: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""


def label_parts(targets: Targets) -> tuple[LabelPart, ...]:
    """What there is to be filled in; nothing for one class, which is chosen by its name."""
    return _PARTS[targets.objective](targets) if targets.objective in _PARTS else ()


def taken_apart(targets: Targets, text: str) -> tuple[Values, ...]:
    """What a combination says of each part."""
    return _APART[targets.objective](text)


def put_together(targets: Targets, values: Sequence[Values]) -> str:
    """The combination that says this of each part.

    Raises:
        ValueError: it is none: no number, say.
    """
    return normalised(targets, _TOGETHER[targets.objective](values))


_PARTS: dict[str, Callable[[Targets], tuple[LabelPart, ...]]] = {
    SEVERAL_LABELS: lambda targets: (LabelPart("names", names=targets.names),),
    SEVERAL_QUESTIONS: lambda targets: tuple(
        LabelPart("name", name, answers)
        for name, answers in zip(targets.names, targets.answers, strict=True)
    ),
    BOXES: lambda targets: (LabelPart("places", names=targets.names),),
    NUMBER: lambda targets: (LabelPart("amount", targets.names[0], unit=targets.unit),),
}
_APART: dict[str, Callable[[str], tuple[Values, ...]]] = {
    SEVERAL_LABELS: lambda text: (parsed_labels(text),),
    SEVERAL_QUESTIONS: lambda text: tuple(
        () if answer is None else (answer,) for answer in parsed_answers(text)
    ),
    BOXES: lambda text: (tuple(boxes_text((box,)) for box in parsed_boxes(text)),),
    NUMBER: lambda text: ((text,),),
}
_TOGETHER: dict[str, Callable[[Sequence[Values]], str]] = {
    SEVERAL_LABELS: lambda values: labels_text(filter(None, map(member_name, values[0]))),
    SEVERAL_QUESTIONS: lambda values: answers_text(
        (member_name(each[0]) or None) if each else None for each in values
    ),
    BOXES: lambda values: LABELS_APART.join(values[0]),
    NUMBER: lambda values: values[0][0] if values[0] else "",
}
