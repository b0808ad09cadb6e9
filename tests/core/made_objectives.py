"""Data sets of one class made into such of every objective: the same files, other meanings."""

from collections.abc import Callable
from pathlib import PurePath

import msgspec

from transfergui.core.data.dataset import Sample
from transfergui.core.data.split import Split, _standardised
from transfergui.core.data.targets import (
    MISSING,
    NUMBER,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    labels_text,
    of_labels,
    of_numbers,
    of_questions,
)

UNIT = "kg"


def _labels(label: int, number: int) -> str:
    """One label goes with the class, the others with nothing that can be seen."""
    found = ("high" * label, "odd" * (number % 2), "third" * (number % 3 == 0))
    return labels_text(name for name in found if name)


def _answers(label: int, number: int) -> str:
    """The second question is not answered by every fourth sample."""
    return f"{('low', 'high')[label % 2]} · {MISSING if number % 4 == 0 else 'eo'[number % 2]}"


def _number(label: int, number: int) -> str:
    return str(20 + 10 * label + number % 3 / 2).removesuffix(".0")


MEANINGS: dict[str, Callable[[int, int], str]] = {
    SEVERAL_LABELS: _labels,
    SEVERAL_QUESTIONS: _answers,
    NUMBER: _number,
}
"""The combination of a sample, by its class and by the number in its file's name."""
TARGETS: dict[str, Callable[[tuple[str, ...]], Targets]] = {
    SEVERAL_LABELS: of_labels,
    SEVERAL_QUESTIONS: lambda classes: of_questions(classes, ("size", "parity")),
    NUMBER: lambda classes: of_numbers(classes, "weight", UNIT),
}


def meaning(split: Split, objective: str) -> Split:
    """``split`` of one class as one of ``objective``; of one class, as it is."""
    if objective not in MEANINGS:
        return split
    texts = {each.path: _text(each, objective) for each in (*split.train, *split.val, *split.test)}
    classes = tuple(sorted(set(texts.values())))

    def renamed(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
        place = classes.index
        return tuple(msgspec.structs.replace(s, label=place(texts[s.path])) for s in samples)

    train = renamed(split.train)
    return msgspec.structs.replace(
        split,
        classes=classes,
        train=train,
        val=renamed(split.val),
        test=renamed(split.test),
        targets=_standardised(TARGETS[objective](classes), train),
    )


def _text(sample: Sample, objective: str) -> str:
    digits = "".join(filter(str.isdigit, PurePath(sample.path).stem))
    return MEANINGS[objective](sample.label, int(digits))
