"""What is said of a model that learnt from other data: whether they helped, or hurt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transfergui.core import registry
from transfergui.core.base.figure_texts import share_decimals, told_apart, within
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.difference_texts import ends_text, figure_title, rounded_up
from transfergui.core.evaluation.kinds import Table
from transfergui.core.figures.borrowing_gain import BorrowingGain, Role, Versus
from transfergui.core.figures.metrics import Report, Verdict

BORROWED = {
    "helped": "borrow.helped",
    "hurt": "borrow.hurt",
    "same": "borrow.same",
    "maybe": "borrow.maybe",
    "maybe_hurt": "borrow.maybe_hurt",
    "early": "borrow.early",
}
"""Codes of what is said of labelled examples to borrow from."""
LEARNT_FIRST = {
    "helped": "unlabelled.helped",
    "hurt": "unlabelled.hurt",
    "same": "unlabelled.same",
    "maybe": "unlabelled.maybe",
    "maybe_hurt": "unlabelled.maybe_hurt",
    "early": "unlabelled.early",
}
"""The same of unlabelled ones to learn from first."""
SAID: dict[Role, dict[str, str]] = {"source": BORROWED, "unlabelled": LEARNT_FIRST}
HURT = frozenset(codes["hurt"] for codes in SAID.values())
"""Codes of negative transfer: another model, which is there, is better."""
OTHER_KEPT, DIFFERS = "borrow.other_kept", "borrow.validation_differs"
CODES = frozenset(
    {OTHER_KEPT, DIFFERS, *(code for codes in SAID.values() for code in codes.values())}
)


FAR = 20
"""So many times the samples that there are, or more, is no advice to anybody."""
LIKELY_CHANCE = 0.3
"""Where chance alone gives such a difference more often, not even "may have" is said: one example
of ten makes no tendency."""


def notes(report: Report, noun: str) -> list[Note]:
    """The sentences; none of a model without other data.

    Args:
        noun: what the examples are called; marked with ``N_``.
    """
    if report.borrowing is None:
        return []
    said = told(report.borrowing, noun)
    found = [said, Note(OTHER_KEPT)] if said.code in HURT else [said]
    return [*found, *_validation(report.borrowing, noun)]


def _both(found: BorrowingGain, against: Versus) -> tuple[str, str]:
    """The figures of two models, as texts that differ where they do."""
    score = registry.objective(found.objective).primary
    return told_apart(
        lambda value, more: score.text(value, found.unit, share_decimals(against.n), more),
        against.own,
        against.other,
    )


def _validation(found: BorrowingGain, noun: str) -> list[Note]:
    """That the validation samples say the opposite of the test samples."""
    val = found.validation
    if val is None or val.difference * found.plain.difference >= 0:
        return []
    own, other = _both(found, val)
    title = within(figure_title(found.objective, found.figure))
    values = {"title": title, "own": own, "other": other, "count": val.n, "noun": noun}
    return [Note(DIFFERS, values)]


def _hurts(found: BorrowingGain) -> bool:
    """Whether the difference, clear or not, is to the worse."""
    up = registry.objective(found.objective).primary.higher_is_better
    return found.plain.difference < 0 if up else found.plain.difference > 0


def told(found: BorrowingGain, noun: str) -> Note:
    """Whether the other data helped, as far as the samples tell that measured both models."""
    against = found.plain
    own, other = _both(found, against)
    ends = ends_text(against.low, against.high, found.objective, found.unit)
    values: dict[str, Any] = {
        "title": within(figure_title(found.objective, found.figure)),
        "own": own,
        "other": other,
        "interval": ends,
        "n": against.n,
        "noun": noun,
    }
    codes = SAID[found.role]
    if against.verdict == "worse":  # the other one would only have become better
        return Note(codes["hurt"], values, "error")
    if found.early:
        return Note(codes["early"], values, "warning")
    if against.verdict == "better":
        return Note(codes["helped"], values, "good")
    far = against.needed is None or against.needed > FAR * against.n
    if far or against.needed is None or against.p > LIKELY_CHANCE:
        return Note(codes["same"], values)
    more = rounded_up(against.needed)
    return Note(codes["maybe_hurt" if _hurts(found) else "maybe"], values | {"more": more})


def verdict(found: BorrowingGain) -> Verdict:
    """The same in a few figures."""
    probe = found.probe.other if found.probe else None
    return Verdict("borrowed", told(found, "").code, found.plain.own, found.plain.other, probe)


# -- figures


def table(found: BorrowingGain) -> Table:
    """The model beside the others, with their differences on the same samples."""
    title = figure_title(found.objective, found.figure)
    columns = (
        _("Model"),
        title,
        _("With the other data, minus this (95 % interval)"),
        _("Chance alone (p-value)"),
        _("Validation set"),
    )
    heading = {
        "test": _("With and without the other data, on the test set ({n})"),
        "val": _("With and without the other data, on the validation set ({n})"),
    }[found.measured_on]
    return Table(
        heading.format(n=found.plain.n),
        columns,
        tuple(_rows(found)),
        frozenset({1, 2, 3, 4}),
    )


def _rows(found: BorrowingGain) -> Iterator[tuple[str, ...]]:
    known = found.validation
    first = _text(found, known.own, known.n) if known else ""
    second = _text(found, known.other, known.n) if known else ""
    yield _("With the other data"), _text(found, found.plain.own, found.plain.n), "", "", first
    yield _("Without them"), *_against(found, found.plain), second
    if found.probe is not None:
        yield _("Linear model"), *_against(found, found.probe), ""


def _text(found: BorrowingGain, value: float, n: int) -> str:
    score = registry.objective(found.objective).primary
    return score.text(value, found.unit, share_decimals(n))


def _against(found: BorrowingGain, other: Versus) -> tuple[str, str, str]:
    """The other model, and by how much the one with the other data differs from it: the same
    difference as in the sentence."""
    ends = ends_text(other.low, other.high, found.objective, found.unit)
    p = _("< 0.001") if other.p < 0.001 else f"{other.p:.3f}"
    return _text(found, other.other, other.n), ends, p
