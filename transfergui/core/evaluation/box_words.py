"""What a report says of a model that finds boxes."""

from __future__ import annotations

from typing import Any

from transfergui.core.base.figure_texts import hundredths, percent, share_decimals
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.notes import Note
from transfergui.core.figures.box_answers import threshold
from transfergui.core.figures.intervals import wilson
from transfergui.core.figures.metrics import Report

FEW = 10
"""Below so many true boxes of a class, one box moves its recall by more than ten points."""
NAMED = 5
BASELINE = ("report.boxes_baseline", "report.boxes_maybe_no_better", "report.boxes_no_better")
"""Beside the same boxes for all: better, perhaps by chance, no better."""


def headline(report: Report) -> list[Note]:
    """What was found; empty where the report is of something else."""
    if report.found is None or report.boxes is None:
        return []
    values = {"found": report.found, "boxes": report.boxes, "count": report.false_alarms}
    return [Note("report.boxes_found" if report.boxes else "report.boxes_nothing", values)]


def notes(report: Report) -> list[Note]:
    """What the figures mean; but for the baseline."""
    if report.found is None:
        return []
    about_size = small(report)
    sizes = [about_size] if about_size else []
    return [*_precision(report), *_threshold(report), *_few(report), *sizes]


def _precision(report: Report) -> list[Note]:
    if report.ap50 is None or report.ap is None:
        return []
    decimals = share_decimals(report.n)
    values, primary = {"value": percent(report.ap50, decimals)}, report.primary
    exact = Note("report.boxes_ap", {"value": percent(report.ap, decimals)})
    if primary is None or primary.low is None or primary.high is None:
        return [Note("report.boxes_ap50_alone", values), exact]
    values |= {"low": percent(primary.low, decimals), "high": percent(primary.high, decimals)}
    return [Note("report.boxes_ap50", values), exact]


def _threshold(report: Report) -> list[Note]:
    if not report.fitted:
        return []
    return [Note("report.boxes_threshold", {"percent": hundredths(threshold(report.fitted))})]


def _few(report: Report) -> list[Note]:
    """Classes with few true boxes; those without any are told elsewhere."""
    rows = report.per_class.items()
    names = [name for name, row in rows if 0 < row.support < FEW]
    if not names:
        return []
    listed = comma_list(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return [Note("report.boxes_few", {"count": len(names), "least": FEW, "names": listed})]


def small(report: Report) -> Note | None:
    """That the smallest objects are found less often than the others, where chance does not
    explain it."""
    smallest, *larger = report.found_by_size or (None,)
    if smallest is None or not larger:
        return None
    found, boxes = sum(each.found for each in larger), sum(each.boxes for each in larger)
    rest = wilson(found, boxes)
    if rest is None or smallest.interval.high >= rest.low:
        return None
    values: dict[str, Any] = {
        "found": smallest.found,
        "boxes": smallest.boxes,
        "share": hundredths(smallest.found / smallest.boxes),
        "other": found,
        "others": boxes,
        "other_share": hundredths(found / boxes),
    }
    return Note("report.boxes_small", values, "warning")
