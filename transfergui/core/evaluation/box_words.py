"""What a report says of a model that finds boxes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transfergui.core.base.figure_texts import hundredths, percent, percent_ends, share_decimals
from transfergui.core.base.notes import Note
from transfergui.core.evaluation.difference_texts import ends_text
from transfergui.core.evaluation.figure_words import some_of
from transfergui.core.figures.box_answers import threshold
from transfergui.core.figures.detection import FEWEST_PICTURES
from transfergui.core.figures.intervals import difference_of
from transfergui.core.figures.metrics import ClassFigures, Report

FEW = 10
"""Below so many true boxes of a class, one box moves its recall by more than ten points."""
FEW_PICTURES = 30
"""Below so many test pictures, others may well differ from all of them."""
BASELINE = ("report.boxes_baseline", "report.boxes_maybe_no_better", "report.boxes_no_better")
"""Beside the same boxes for all: better, perhaps by chance, no better."""


def headline(report: Report, one: str, many: str) -> list[Note]:
    """What was found; empty where the report is of something else.

    Args:
        one, many: what its pictures are called.
    """
    if report.found is None or report.boxes is None:
        return []
    values: dict[str, Any] = {"found": report.found, "boxes": report.boxes}
    values |= {"count": report.false_alarms or 0, "noun": one if report.n == 1 else many}
    return [Note("report.boxes_found" if report.boxes else "report.boxes_nothing", values)]


def notes(report: Report) -> list[Note]:
    """What the figures mean; but for the baseline."""
    if report.found is None:
        return []
    about_size = small(report)
    sizes = [about_size] if about_size else []
    found = _never(report), _precision(report), _counts(report), _threshold(report), _few(report)
    return [note for notes in found for note in notes] + sizes


def _never(report: Report) -> list[Note]:
    """The classes of which no object was found."""
    none = {name: row.support for name, row in report.per_class.items() if row.recall == 0}
    if not none:
        return []
    values = {
        "names": some_of(list(none)),
        "boxes": sum(none.values()),
        "percent": hundredths(threshold(report.fitted)),
    }
    return [Note("report.boxes_never", values, "warning")]


def _precision(report: Report) -> list[Note]:
    if report.ap50 is None or report.ap is None:
        return []
    decimals = share_decimals(report.n)
    primary = report.primary
    values: dict[str, Any] = {"value": percent(report.ap50, decimals)}
    exact = Note("report.boxes_ap", {"value": percent(report.ap, decimals)})
    if primary is None or primary.low is None or primary.high is None:
        values |= {"least": FEWEST_PICTURES}
        return [Note("report.boxes_ap50_alone", values), exact]
    low, high = percent_ends(primary.low, primary.high, decimals)
    values |= {"low": low, "high": high}
    return [Note("report.boxes_ap50", values), exact]


def _threshold(report: Report) -> list[Note]:
    values = {"percent": hundredths(threshold(report.fitted))}
    if not report.fitted and report.measured_on != "val":
        return [Note("report.boxes_no_threshold", values, "warning")]
    return [Note("report.boxes_threshold", values)] if report.fitted else []


def _counts(report: Report) -> list[Note]:
    if report.count_error is None or report.found is None or not report.n:
        return []
    said, truth = report.found + (report.false_alarms or 0), report.boxes or 0
    values = {
        "error": of_count(report.count_error),
        "said": of_count(said / report.n),
        "truth": of_count(truth / report.n),
    }
    return [Note("report.boxes_counts", values)]


def found_of(figures: ClassFigures) -> int:
    """How many true boxes of a class are found."""
    return round((figures.recall or 0.0) * figures.support)


def of_count(value: float) -> str:
    """A mean of counts: ``0.4``, ``17.3``."""
    return f"{value:.1f}"


def _few(report: Report) -> Iterator[Note]:
    """Few pictures, classes without true boxes, and classes with few of them."""
    if report.n < FEW_PICTURES and report.measured_on == "test":
        yield Note("report.boxes_few_pictures", level="warning")
    rows = report.per_class.items()
    if none := [name for name, row in rows if not row.support]:
        values = {"count": len(none), "names": some_of(none)}
        yield Note("report.boxes_untested", values, "warning")
    if few := [name for name, row in rows if 0 < row.support < FEW]:
        values = {"count": len(few), "least": FEW, "names": some_of(few)}
        yield Note("report.boxes_few", values)


def small(report: Report) -> Note | None:
    """That the smallest objects are found less often than the others, where chance does not
    explain it."""
    found = by_size(report)
    return found if found.code == "report.boxes_small" else None


def by_size(report: Report) -> Note:
    """How often the smallest objects are found, beside the others."""
    smallest, *larger = report.found_by_size or (None,)
    if smallest is None or not larger:
        return Note("boxes.sizes_one")
    found, boxes = sum(each.found for each in larger), sum(each.boxes for each in larger)
    apart = difference_of(smallest.found, smallest.boxes, found, boxes)
    assert apart is not None
    values: dict[str, Any] = {
        "found": smallest.found,
        "boxes": smallest.boxes,
        "share": hundredths(smallest.found / smallest.boxes),
        "other": found,
        "others": boxes,
        "other_share": hundredths(found / boxes),
    }
    if apart.high < 0:
        return Note("report.boxes_small", values, "warning")
    if apart.low > 0:
        return Note("boxes.sizes_more", values)
    interval = ends_text(apart.low, apart.high, report.objective, "")
    return Note("boxes.sizes_alike", {**values, "interval": interval})
