"""Whether anything can be learnt from data at all, before they are divided."""

from collections.abc import Sequence

from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Dataset
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
)

FEWEST = 4
"""Samples of all classes together."""
DISTINCT = 1e-5
"""Of their size: the steps of float32 are a hundredth of it. Numbers must differ by more."""
LEAST_SPREAD = 1e-30
"""Numbers that differ by less vanish in float32 when they are squared, as larger ones overflow."""


def require_learnable(dataset: Dataset) -> None:
    if len(dataset.samples) <= 1:
        raise too_few(dataset)
    if all(sample.split in ("val", "test") for sample in dataset.samples):
        values = {"count": len(dataset.samples), "noun": dataset.noun}
        raise UserError("data.nothing_to_train", path=str(dataset.source), **values)
    _require_different(dataset)
    if len(dataset.samples) < FEWEST:
        raise too_few(dataset)


def _require_different(dataset: Dataset) -> None:
    """
    Raises:
        UserError: all samples have the same class, labels, answer or number; there is no box.
    """
    targets = dataset.targets
    name = dataset.classes[0] if dataset.classes else ""
    if targets.objective == SEVERAL_QUESTIONS:
        for question, answers in zip(targets.names, targets.answers, strict=True):
            if len(answers) < 2:
                said = "".join(answers)
                values = {"name": question, "answer": said, "noun": dataset.noun}
                raise UserError("data.one_answer", **values)
    elif targets.objective == BOXES:
        if not targets.names:
            raise UserError("data.no_box_drawn", noun=dataset.noun)
    elif len(dataset.classes) < 2:
        code = {SEVERAL_LABELS: "data.one_combination", NUMBER: "data.one_number"}
        raise UserError(code.get(targets.objective, "data.one_class"), name=name, noun=dataset.noun)
    elif targets.objective == NUMBER:
        _require_apart([value for (value,) in targets.values], dataset.noun)


def _require_apart(values: Sequence[float], noun: str) -> None:
    """Insist on numbers that are different numbers for a network, too, which computes in float32.

    Raises:
        UserError: ``data.numbers_too_close``.
    """
    low, high = min(values), max(values)
    if high - low < max(LEAST_SPREAD, DISTINCT * max(abs(low), abs(high))):
        # as many digits as show a difference
        raise UserError("data.numbers_too_close", noun=noun, low=repr(low), high=repr(high))


def too_few(dataset: Dataset) -> UserError:
    if dataset.targets.objective != ONE_CLASS:
        count, noun = len(dataset.samples), dataset.noun
        return UserError("data.too_few_samples", count=count, noun=noun)
    return UserError("data.too_few", count=len(dataset.samples), noun=dataset.noun)
