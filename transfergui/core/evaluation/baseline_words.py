"""A model beside one prediction for everything, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transfergui.core.base.notes import Note
from transfergui.core.evaluation import box_words
from transfergui.core.evaluation.figure_words import (
    balanced_first,
    figure_text,
    figure_texts,
    of_hundred,
    share_text,
)
from transfergui.core.figures.detection import FEWEST_PICTURES
from transfergui.core.figures.metrics import Report

MANY = 300
"""From this many test samples on, it is not their number that makes a figure doubtful."""


APART = frozenset({"check.balance_apart", "check.balance_apart_names"})
"""Codes of notes that classes have no source in common, which no way of dividing the data mends."""


NO_USE = frozenset(
    {
        "report.no_better",
        "report.no_better_grouped",
        "report.no_better_apart",
        "report.worse_than_majority",
        "report.worse_than_majority_grouped",
        "report.worse_apart",
        "report.labels_no_better",
        "report.number_no_better",
        "report.boxes_no_better",
    }
)
"""Codes of notes on a model that is no better than one prediction for everything."""


MAYBE = frozenset(
    {
        "report.maybe_no_better",
        "report.hardly_better",
        "report.searched_hardly_better",
        "report.labels_maybe_no_better",
        "report.number_maybe_no_better",
    }
)
"""Codes of notes on a model that may be no better, as far as its test tells."""


def no_use(report: Report, noun: str = "", data: Sequence[Note] = ()) -> Note | None:
    """What is said of a model that is no better than one prediction for everything; None of others.

    Args:
        noun: what its samples are called.
        data: as :attr:`Beside.data`.
    """
    apart = any(note.code in APART for note in data)
    said = (
        *notes_of_labels(report),
        *notes_of_number(report),
        *notes_of_boxes(report),
        *beside_majority(report, apart),
    )
    found = next((note for note in said if note.code in NO_USE), None)
    return found and Note(found.code, {"n": report.n, "noun": noun} | found.values, found.level)


def maybe_no_use(report: Report, noun: str) -> Note | None:
    """What is said of a model that may be no better than one prediction for everything."""
    said = (*notes_of_labels(report), *notes_of_number(report), *beside_majority(report, False))
    if not any(note.code in MAYBE for note in said):
        return None
    return Note("model.maybe_no_better", {"count": report.n, "noun": noun}, "warning")


def constant_figure(report: Report) -> float | None:
    """The primary figure of predicting the same for all samples."""
    known = (
        report.baseline_mean_average_precision,
        report.baseline_mean_absolute_error,
        report.baseline_ap50,
    )
    return next((value for value in known if value is not None), None)


LABELS = ("report.labels_baseline", "report.labels_maybe_no_better", "report.labels_no_better")


NUMBERS = ("report.number_baseline", "report.number_maybe_no_better", "report.number_no_better")


def _beside_constant(report: Report, codes: tuple[str, str, str]) -> list[Note]:
    """The primary figure beside that of predicting the same for all samples.

    Args:
        codes: where it is better, where that may be chance, and where it is not.
    """
    primary, baseline = report.primary, constant_figure(report)
    if primary is None or primary.value is None or baseline is None:
        return []
    sign = 1 if primary.higher_is_better else -1
    worse_end = primary.low if primary.higher_is_better else primary.high
    values = {"baseline": figure_texts(report, primary.value, baseline)[1]}
    if sign * primary.value <= sign * baseline:
        return [Note(codes[2], values, "warning")]
    unknown = report.found is not None and report.n < FEWEST_PICTURES
    if unknown or (worse_end is not None and sign * worse_end <= sign * baseline):
        return [Note(codes[1], values, "warning")]
    return [Note(codes[0], values, "good")]


def notes_of_labels(report: Report) -> list[Note]:
    """Of several labels."""
    if report.exact_match is None:
        return []
    found = _beside_constant(report, LABELS)
    decided = {
        "macro": share_text(report.macro_f1),
        "micro": share_text(report.micro_f1),
        "hits": round(report.exact_match * report.n),
        "right": of_hundred(report.exact_match),
    }
    found.append(Note("report.labels_f1", decided))
    if report.none_true or report.none_predicted:
        shares = {"truth": report.none_true or 0.0, "said": report.none_predicted or 0.0}
        values = {name: of_hundred(share) for name, share in shares.items()}
        found.append(Note("report.labels_none", values))
    return found


def notes_of_number(report: Report) -> list[Note]:
    """Of a number."""
    if report.mean_absolute_error is None:
        return []
    found = _beside_constant(report, NUMBERS)
    if report.median_absolute_error is not None:
        values = {"median": figure_text(report, report.median_absolute_error)}
        found.append(Note("report.number_spread", values))
    if report.r2 is not None:
        found.append(Note("report.number_r2", {"r2": f"{report.r2:.2f}"}))
    return found


def notes_of_boxes(report: Report) -> list[Note]:
    """Of boxes in pictures."""
    if report.found is None:
        return []
    return [*_beside_constant(report, box_words.BASELINE), *box_words.notes(report)]


def beside_majority(report: Report, apart: bool) -> list[Note]:
    if report.majority is None or report.interval is None or report.accuracy is None:
        return []
    values = {"name": report.majority_class, "baseline": of_hundred(report.majority)}
    if report.majority == 1:
        code = "report.one_tested" if report.n == 1 else "report.one_class_tested"
        return [Note(code, values, "warning")]
    if learnt_nothing(report):
        return [*_useless(report, values, apart), *_at_chance(report)]
    if not balanced_first(report) and report.interval.low <= report.majority:
        hardly = "report.searched_hardly_better" if report.tried else "report.hardly_better"
        few = "report.maybe_no_better" if report.n < MANY else hardly
        return [Note(few, values, "warning")]
    return [Note("report.baseline", values, "good")]


def _useless(report: Report, values: dict[str, Any], apart: bool) -> list[Note]:
    """Of a model that is no better than one answer: to train for longer does not help one that is
    worse, nor do more groups where classes have none in common (``apart``)."""
    assert report.accuracy is not None
    assert report.majority is not None
    worse = report.accuracy < report.majority
    if report.grouped_by:
        values = values | {"by": report.grouped_by}
        code = "report.worse_than_majority_grouped" if worse else "report.no_better_grouped"
        if apart:
            code = "report.worse_apart" if worse else "report.no_better_apart"
        return [Note(code, values, "warning")]
    return [Note("report.worse_than_majority" if worse else "report.no_better", values, "warning")]


def _at_chance(report: Report) -> list[Note]:
    """That guessing tells the classes apart as well, as far as this test can tell."""
    assert report.balanced_accuracy is not None
    chance, ends = _chance(report), report.balanced_interval
    values = {"right": of_hundred(report.balanced_accuracy), "chance": of_hundred(chance)}
    least = ends.low if ends else report.balanced_accuracy
    return [Note("report.at_chance", values, "warning")] if least <= chance else []


def _chance(report: Report) -> float:
    """The balanced accuracy of guessing, and of always answering the same: 1 of C."""
    return 1 / sum(row.support > 0 for row in report.per_class.values())


def learnt_nothing(report: Report) -> bool:
    """Whether one answer to everything does as well, by whichever figure stands first."""
    if report.accuracy is None or report.balanced_accuracy is None or report.majority is None:
        return False
    if not balanced_first(report):
        return report.accuracy <= report.majority
    return report.balanced_accuracy <= _chance(report)
