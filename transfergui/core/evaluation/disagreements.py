"""The examples on which two models differ: what each says of them, and which one is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from transfergui.core.base.i18n import N_, _
from transfergui.core.data import tar_names
from transfergui.core.data.targets import BOXES, NUMBER, cell_text
from transfergui.core.figures import box_answers
from transfergui.core.figures.intervals import wilson

if TYPE_CHECKING:
    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.intervals import Interval

Which = Literal["first", "second", "both_wrong", "unlabelled"]
"""Who is right about an example: only the one, only the other, neither of them though they differ,
or nobody knows. Of a number: who is nearer to it."""
COLUMNS = ("path", "truth", "first", "second", "first_confidence", "second_confidence", "which")
"""Of the table of examples, for programs and spreadsheets."""

WHICH: dict[Which, str] = {
    "first": N_("Only A right"),
    "second": N_("Only B right"),
    "both_wrong": N_("Both wrong, differently"),
    "unlabelled": N_("Different predictions"),
}
NEARER: dict[Which, str] = {"first": N_("A is nearer"), "second": N_("B is nearer")}
FEWER: dict[Which, str] = {
    "first": N_("Fewer errors in A"),
    "second": N_("Fewer errors in B"),
    "both_wrong": N_("As many errors in both"),
}
"""What the kinds are called, of numbers and of boxes otherwise."""


@dataclass(frozen=True)
class Differing:
    """One example that two models predict differently.

    Attributes:
        path: relative to the folder of the data, or as it was given.
        truth: what it is; empty where that is not known.
        first, second: the prediction of each, in words.
        first_confidence, second_confidence: in [0, 1]; None of numbers.
        which: who is right.
        apart: by which the examples are sorted, the largest first: of numbers, how far the
            predictions lie apart; how many boxes only one has; else the sum of the confidences.
    """

    path: str
    truth: str
    first: str
    second: str
    first_confidence: float | None
    second_confidence: float | None
    which: Which
    apart: float = 0.0

    def row(self) -> tuple[str, ...]:
        """Its cells under :data:`COLUMNS`."""
        sure = (
            "" if each is None else cell_text(each)
            for each in (self.first_confidence, self.second_confidence)
        )
        return self.path, self.truth, self.first, self.second, *sure, self.which

    def document(self) -> dict[str, Any]:
        """For programs; ``truth`` is null where it is not known."""
        values = (
            self.path,
            self.truth or None,
            self.first,
            self.second,
            self.first_confidence,
            self.second_confidence,
            self.which,
        )
        return dict(zip(COLUMNS, values, strict=True))


@dataclass(frozen=True)
class Disagreements:
    """Of two models on the same examples.

    Attributes:
        objective: key of what both predict.
        shared: examples that both were asked about.
        agree: on how many of them both say the same.
        examples: the others, those on which the models are surest first.
        apart: mean distance of two predicted numbers; None of everything else.
        labelled: whether it is known what the examples are.
    """

    objective: str
    shared: int
    agree: int
    examples: tuple[Differing, ...]
    labelled: bool
    apart: float | None = None

    @property
    def interval(self) -> Interval | None:
        """Wilson's 95 % interval of the share on which both agree; None of no examples."""
        return wilson(self.agree, self.shared)

    def counts(self) -> dict[Which, int]:
        """How many examples there are of each kind; of kinds that cannot be, none is named."""
        kinds: tuple[Which, ...] = ("first", "second", "both_wrong")
        if not self.labelled:
            kinds = ("unlabelled",)
        elif self.objective == NUMBER:
            kinds = ("first", "second")
        return {kind: sum(each.which == kind for each in self.examples) for kind in kinds}

    def title(self, which: Which) -> str:
        """What a kind is called, translated."""
        names = {NUMBER: NEARER, BOXES: FEWER}.get(self.objective, {})
        return _(names.get(which) or WHICH[which])


def between(
    first: Sequence[PredictionRow],
    second: Sequence[PredictionRow],
    objective: str,
    labelled: bool = True,
) -> Disagreements:
    """Where two models differ, on the examples that both predicted and that have the same label
    in both.

    Args:
        first, second: their predictions, in any order; of unlabelled data with an empty truth.
        objective: key of what both predict.
    """
    others = {(row.path, row.truth): row for row in second}
    pairs = [(row, other) for row in first if (other := others.get((row.path, row.truth)))]
    differing = [pair for pair in pairs if _differ(*pair, objective)]
    agree = len(pairs) - len(differing)
    found = [_differing(one, other, objective, labelled) for one, other in differing]
    found.sort(key=lambda each: (-each.apart, each.path))
    apart = None
    if objective == NUMBER and pairs:
        apart = sum(abs(_number(one) - _number(other)) for one, other in pairs) / len(pairs)
    return Disagreements(objective, len(pairs), agree, tuple(found), labelled, apart)


def _differ(one: PredictionRow, other: PredictionRow, objective: str) -> bool:
    """Boxes are the same that overlap by at least half and are of one class."""
    return one.label != other.label and (objective != BOXES or _boxes_apart(one, other) > 0)


def _boxes_apart(one: PredictionRow, other: PredictionRow) -> float:
    """How many boxes only one of two predictions has."""
    return box_answers.row_error(msgspec.structs.replace(other, truth=one.label))


def _differing(
    one: PredictionRow, other: PredictionRow, objective: str, labelled: bool
) -> Differing:
    which: Which = "unlabelled"
    if labelled and objective == NUMBER:
        errors = [abs(_number(row) - float(row.truth)) for row in (one, other)]
        which = "first" if errors[0] <= errors[1] else "second"
    elif labelled and objective == BOXES:
        few, more = box_answers.row_error(one), box_answers.row_error(other)
        which = "first" if few < more else "second" if more < few else "both_wrong"
    elif labelled:
        which = "first" if one.right else "second" if other.right else "both_wrong"
    if objective == NUMBER:
        apart = abs(_number(one) - _number(other))
    elif objective == BOXES:
        apart = _boxes_apart(one, other)
    else:
        apart = (one.confidence or 0.0) + (other.confidence or 0.0)
    sure = one.confidence, other.confidence
    return Differing(one.path, one.truth, one.label, other.label, *sure, which, apart)


def _number(row: PredictionRow) -> float:
    return float(row.cells[0] if row.cells else row.label)


def per_class(
    first: Iterable[PredictionRow], second: Iterable[PredictionRow]
) -> list[tuple[str, int, int, int]]:
    """Of each class: how many examples of it both predicted, and how many of them each gets
    right."""
    others = {(row.path, row.truth): row for row in second}
    counts: dict[str, list[int]] = {}
    for row in first:
        other = others.get((row.path, row.truth))
        if other is not None:
            known = counts.setdefault(row.truth, [0, 0, 0])
            for place, more in enumerate((1, row.right, other.right)):
                known[place] += more
    return [(name, *counts[name]) for name in sorted(counts)]  # type: ignore[misc]


def table(found: Iterable[Differing], root: Path) -> list[tuple[str, ...]]:
    """The examples as rows of texts, under :data:`COLUMNS`.

    Args:
        root: the folder that their paths are relative to.
    """
    named = (replace(each, path=tar_names.named(root, each.path)) for each in found)
    return [COLUMNS, *(each.row() for each in named)]
