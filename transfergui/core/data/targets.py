"""What is predicted of each sample: held once for a data set, so that a sample keeps one number.

A sample's label is an index into the ``classes`` of its data set. For one class these are the names
themselves. For the other objectives a class is one *combination* that occurs in the data, as a text
that people can read and correct (``cat; dog``, ``3.5``, ``seven · george``, and of boxes
``cat 0 0.1 0.5 0.9``), and :class:`Targets` says what each of them means.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from transfergui.core.base.i18n import _
from transfergui.core.base.records import LARGEST
from transfergui.core.data import boxes, combination

NONE_OF_THEM, MISSING = combination.NONE_OF_THEM, combination.MISSING
LABELS_APART, ANSWERS_APART = combination.LABELS_APART, combination.ANSWERS_APART
member_name = combination.member_name

ONE_CLASS, SEVERAL_LABELS = "one_class", "several_labels"
SEVERAL_QUESTIONS, NUMBER = "several_questions", "number"
BOXES = "boxes"
LABEL_SETS = (SEVERAL_LABELS, BOXES)
"""Where a sample has any number of the names, and none may be right, too."""


class Targets(msgspec.Struct, frozen=True):
    """What the classes of a data set mean.

    Attributes:
        objective: key of what is predicted.
        names: of the labels, also of boxes; of the questions; of the number; none for one class.
        answers: of several questions: the classes of each.
        values: for each class of the data set: the indices of its labels; the index of its answer
            to each question, -1 where that is missing; its number; for each of its boxes (index of
            the name, left, top, right, bottom), as :func:`.boxes.boxes_of` takes them apart. Empty
            for one class.
        unit: of a number.
        mean, scale: of the numbers of the training samples.
    """

    objective: str = ONE_CLASS
    names: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    unit: str = ""
    mean: float = 0.0
    scale: float = 1.0

    def meant(self, text: str) -> tuple[float, ...]:
        """What a combination means, as a row of ``values``.

        Raises:
            ValueError: it is none of this objective.
        """
        return _MEANT[self.objective](self, text)


def fault(targets: Targets) -> str:
    """What cannot be right about targets that come from others, as a reason; else empty."""
    if not all(map(math.isfinite, (targets.mean, targets.scale))) or targets.scale <= 0:
        return _("the mean or the standard deviation is not a usable number")
    asked = targets.objective == SEVERAL_QUESTIONS
    if asked != bool(targets.answers) or (asked and len(targets.answers) != len(targets.names)):
        return _("the questions and their lists of answers differ in number")
    if any(len(set(names)) != len(names) for names in (targets.names, *targets.answers)):
        return _("names are repeated")
    if not all(targets.answers):
        return _("a question has no answers")
    if targets.objective == BOXES and not all(_are_boxes(targets, row) for row in targets.values):
        return _("a box has no name or no place in the picture")
    return ""


def _are_boxes(targets: Targets, row: Sequence[float]) -> bool:
    return not len(row) % boxes.NUMBERS and all(
        box.name in range(len(targets.names)) and all(0 <= side <= 1 for side in box[1:])
        for box in boxes.boxes_of(row)
    )


def meaning(targets: Targets) -> Targets:
    """``targets`` without what is known of the training samples alone."""
    return msgspec.structs.replace(targets, mean=0.0, scale=1.0)


def labels_text(names: Iterable[str]) -> str:
    """The combination of some labels."""
    return LABELS_APART.join(names) or NONE_OF_THEM


def answers_text(answers: Iterable[str | None]) -> str:
    """The combination of an answer to each question."""
    return ANSWERS_APART.join(MISSING if answer is None else answer for answer in answers)


def number_text(value: float) -> str:
    """A number as a class: ``3``, ``3.5``."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def cell_text(value: float) -> str:
    """A figure in a table: a share with six digits, a large number with those that it can have."""
    return f"{value:.6g}" if abs(value) < 1e5 else f"{value:.10g}"


def parsed_labels(text: str) -> tuple[str, ...]:
    """The labels of a combination."""
    parts = [part.strip() for part in text.split(LABELS_APART.strip())]
    return () if text == NONE_OF_THEM else tuple(part for part in parts if part)


def parsed_answers(text: str) -> tuple[str | None, ...]:
    """The answers of a combination."""
    return tuple(None if part == MISSING else part for part in text.split(ANSWERS_APART))


def parsed_number(text: str) -> float:
    """The number of a class.

    Raises:
        ValueError: it is none, or too large for a network.
    """
    value = float(text)
    if not abs(value) <= LARGEST:
        raise ValueError(text)
    return value


def of_labels(classes: Sequence[str], names: Sequence[str] = ()) -> Targets:
    """The targets of combinations of labels.

    Args:
        names: of the labels, in their order; by itself, in that in which they come.
    """
    known = tuple(names) or tuple(dict.fromkeys(n for c in classes for n in parsed_labels(c)))
    bare = Targets(SEVERAL_LABELS, known)
    return msgspec.structs.replace(bare, values=tuple(map(bare.meant, classes)))


def of_questions(
    classes: Sequence[str], names: Sequence[str], answers: Sequence[Sequence[str]] = ()
) -> Targets:
    """The targets of combinations of answers.

    Args:
        answers: the classes of each question, in their order; by itself, in that in which they
            come.
    """
    rows = [parsed_answers(text) for text in classes]
    found = [_kept((), (row[place] for row in rows)) for place in range(len(names))]
    known = tuple(tuple(each) for each in answers or found)
    bare = Targets(SEVERAL_QUESTIONS, tuple(names), known)
    return msgspec.structs.replace(bare, values=tuple(map(bare.meant, classes)))


def of_boxes(classes: Sequence[str], names: Sequence[str] = ()) -> Targets:
    """The targets of combinations of boxes.

    Args:
        names: of the labels, in their order; by itself, in that in which they come.

    Raises:
        ValueError: a class is no combination of boxes.
    """
    parsed = list(map(boxes.parsed_boxes, classes))
    known = tuple(names) or tuple(dict.fromkeys(box.name for each in parsed for box in each))
    values = tuple(boxes.flat(boxes.indexed(each, known)) for each in parsed)
    return Targets(BOXES, known, values=values)


def of_numbers(classes: Sequence[str], name: str, unit: str = "") -> Targets:
    """The targets of numbers."""
    values = tuple((parsed_number(text),) for text in classes)
    return Targets(NUMBER, (name,), values=values, unit=unit)


def _meant_labels(targets: Targets, text: str) -> tuple[float, ...]:
    return tuple(sorted(targets.names.index(name) for name in parsed_labels(text)))


def _meant_answers(targets: Targets, text: str) -> tuple[float, ...]:
    found = parsed_answers(text)
    if len(found) != len(targets.names):
        raise ValueError(text)
    pairs = zip(targets.answers, found, strict=True)
    return tuple(-1 if answer is None else known.index(answer) for known, answer in pairs)


def _meant_boxes(targets: Targets, text: str) -> tuple[float, ...]:
    return boxes.flat(boxes.indexed(boxes.parsed_boxes(text), targets.names))


_MEANT = {
    SEVERAL_LABELS: _meant_labels,
    SEVERAL_QUESTIONS: _meant_answers,
    NUMBER: lambda targets, text: (parsed_number(text),),
    BOXES: _meant_boxes,
}


def renewed(targets: Targets, classes: Sequence[str]) -> Targets:
    """The targets of other combinations of the same data set: some were corrected.

    Labels and answers keep their order; new ones come last, those that nobody has any more go.

    Raises:
        ValueError: a class is no combination of this objective.
    """
    if targets.objective == SEVERAL_LABELS:
        used = (name for text in classes for name in parsed_labels(text))
        return of_labels(classes, _kept(targets.names, used))
    if targets.objective == SEVERAL_QUESTIONS:
        rows = [parsed_answers(text) for text in classes]
        if any(len(row) != len(targets.names) for row in rows):
            raise ValueError(
                next(c for c, r in zip(classes, rows, strict=True) if len(r) != len(targets.names))
            )
        answers = [
            _kept(known, (row[place] for row in rows))
            for place, known in enumerate(targets.answers)
        ]
        return of_questions(classes, targets.names, answers)
    if targets.objective == NUMBER:
        return of_numbers(classes, targets.names[0], targets.unit)
    if targets.objective == BOXES:
        used = (name for text in classes for name in boxes.names_in(text))
        return of_boxes(classes, _kept(targets.names, used))
    return targets


def columns_of(targets: Targets) -> tuple[str, ...]:
    """The columns of other data that say the same: they are called like the questions, or like
    the number; none for classes and labels, which are found."""
    return targets.names if targets.objective in (SEVERAL_QUESTIONS, NUMBER) else ()


def members(targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
    """What samples are counted by: the classes; the labels, also of boxes; ``question: answer``;
    nothing of numbers."""
    if targets.objective in LABEL_SETS:
        return targets.names
    if targets.objective == SEVERAL_QUESTIONS:
        pairs = zip(targets.names, targets.answers, strict=True)
        return tuple(f"{name}: {answer}" for name, answers in pairs for answer in answers)
    return tuple(classes) if targets.objective == ONE_CLASS else ()


def members_of(targets: Targets, label: int) -> tuple[int, ...]:
    """Which of :func:`members` a sample with a label counts for."""
    if targets.objective == ONE_CLASS:
        return (label,)
    if targets.objective == SEVERAL_LABELS:
        return tuple(int(place) for place in targets.values[label])
    if targets.objective == BOXES:
        return tuple(sorted({int(place) for place in targets.values[label][:: boxes.NUMBERS]}))
    if targets.objective == SEVERAL_QUESTIONS:
        starts = [sum(map(len, targets.answers[:place])) for place in range(len(targets.names))]
        pairs = zip(starts, targets.values[label], strict=True)
        return tuple(start + int(answer) for start, answer in pairs if answer >= 0)
    return ()


def own_name(targets: Targets, member: str) -> str:
    """What one of :func:`members` is called by itself: of ``question: answer`` the answer."""
    pairs = zip(targets.names, targets.answers, strict=False)
    split = {f"{name}: {answer}": answer for name, answers in pairs for answer in answers}
    return split.get(member, member)


def renamed_member(targets: Targets, member: str, name: str) -> str:
    """What one of :func:`members` becomes where it is called ``name`` by itself."""
    return member.removesuffix(own_name(targets, member)) + name


def checked_name(targets: Targets, text: str) -> str:
    """A name as it can be given to one of :func:`members`; empty where it cannot."""
    if targets.objective == BOXES:
        return boxes.box_name(text)
    return text if targets.objective == ONE_CLASS else member_name(text)


def normalised(targets: Targets, text: str) -> str:
    """A combination as people write it, as a class: labels each once and in their order, numbers
    as :func:`number_text` writes them, boxes as :func:`.boxes.boxes_text` does.

    Raises:
        ValueError: it is none of this objective.
    """
    if targets.objective == SEVERAL_LABELS:
        given = tuple(dict.fromkeys(filter(None, map(member_name, parsed_labels(text)))))
        return labels_text((*(n for n in targets.names if n in given),
                            *sorted(n for n in given if n not in targets.names)))  # fmt: skip
    if targets.objective == SEVERAL_QUESTIONS:
        answers = parsed_answers(text)
        if len(answers) != len(targets.names):
            raise ValueError(text)
        return answers_text(member_name(answer or "") or None for answer in answers)
    if targets.objective == NUMBER:
        return number_text(parsed_number(text))
    if targets.objective == BOXES:
        return boxes.boxes_text(boxes.typed_boxes(text))
    return text


def called(targets: Targets, text: str, names: Mapping[str, str]) -> str:
    """A combination whose labels or answers have other names; classes as a whole.

    Args:
        names: by the old ones; of answers ``question: answer``, or the answer to any question.
    """
    if targets.objective == SEVERAL_LABELS:
        renamed = (names.get(name, name) for name in parsed_labels(text))
        return labels_text(dict.fromkeys(filter(None, map(member_name, renamed))))
    if targets.objective == SEVERAL_QUESTIONS:
        pairs = zip(targets.names, parsed_answers(text), strict=True)
        return answers_text(
            answer and member_name(names.get(f"{name}: {answer}", names.get(answer, answer)))
            for name, answer in pairs
        )
    if targets.objective == BOXES:
        called = (
            box._replace(name=boxes.box_name(names.get(box.name, box.name)))
            for box in boxes.parsed_boxes(text)
        )
        return boxes.boxes_text(box for box in called if box.name)
    return names.get(text, text) if targets.objective == ONE_CLASS else text


def names_in(objective: str, text: str) -> tuple[str, ...]:
    """The labels of a combination, also of boxes: each once. Its answers; the class itself.

    Raises:
        ValueError: it is none of this objective.
    """
    if objective == SEVERAL_LABELS:
        return parsed_labels(text)
    if objective == BOXES:
        return boxes.names_in(text)
    if objective == SEVERAL_QUESTIONS:
        return tuple(answer for answer in parsed_answers(text) if answer is not None)
    return (text,)


def _kept(known: Sequence[str], used: Iterable[str | None]) -> tuple[str, ...]:
    """The names of ``known`` that are used, then the other used ones."""
    found = dict.fromkeys(name for name in used if name is not None)
    return (*(name for name in known if name in found), *(n for n in found if n not in known))
