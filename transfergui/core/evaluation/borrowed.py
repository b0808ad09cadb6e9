"""What is said of somebody else's labelled examples from which a model learnt, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transfergui.core.base.figure_texts import percent, share_decimals
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.base.paths import shown
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.difference_texts import ends_text
from transfergui.core.evaluation.kinds import Table
from transfergui.core.figures.borrowing import Borrowed, Source
from transfergui.core.figures.metrics import Report

CONTRADICTED, LABELS = "borrow.contradicts", "borrow.labels_contradict"
WARNED = frozenset({CONTRADICTED, LABELS})
CONTRADICTS = 0.25
"""A source of which a smaller share keeps at least half of its weight contradicts one's own."""


def notes(report: Report, noun: str) -> list[Note]:
    """How much they counted, and which of several sources helps; none where nothing was borrowed.

    Args:
        noun: what the examples are called; marked with ``N_``.
    """
    found = report.borrowed
    if found is None:
        return []
    effective = sum(source.effective for source in found.sources)
    values = {"count": found.count, "effective": round(effective), "own": found.own, "noun": noun}
    return [*contradicting(found, noun), Note("report.borrowed", values), *of_each(found, noun)]


def contradicts(source: Source) -> bool:
    """Whether almost nothing of it kept its weight."""
    return source.kept is not None and source.kept < CONTRADICTS * source.count


def contradicting(found: Borrowed, noun: str) -> Iterator[Note]:
    """Sources of which almost nothing kept its weight, or whose labels are clearly others than
    one's own examples predict: their classes may be others, or mixed up."""
    for source in found.sources:
        values: dict[str, Any] = {"path": source.path, "noun": noun}
        if source.kept is not None and contradicts(source):
            values |= {"lost": source.count - source.kept, "count": source.count}
            yield Note(CONTRADICTED, values, "warning")
        elif source.labels is not None and source.labels.word == "contradict":
            labels = source.labels
            values |= {"agree": labels.agree, "total": labels.total}
            yield Note(LABELS, values | {"expected": round(labels.expected)}, "warning")


def of_each(found: Borrowed, noun: str) -> Iterator[Note]:
    """Which of several sources helps, as far as that is clear."""
    if found.leaving is None:
        return
    decimals, clear = share_decimals(found.leaving.count), False
    values = {"count": found.leaving.count, "noun": noun}
    for source, left in zip(found.sources, found.leaving.without, strict=True):
        if left.verdict == "unclear":
            continue
        clear, better = True, left.verdict == "better"
        shares = {
            "path": source.path,
            "without": percent(left.accuracy, decimals),
            "all": percent(found.leaving.accuracy, decimals),
        }
        code = "borrow.better_without" if better else "borrow.source_helps"
        yield Note(code, values | shares, "warning" if better else "info")
    if not clear:
        yield Note("borrow.sources_alike", values | {"n": len(found.sources)})


def table(found: Borrowed) -> Table:
    """Each source: how many samples it has, as how many they count, and what becomes of the
    validation accuracy without it."""
    kept = all(source.kept is not None for source in found.sources)
    columns = [_("Source"), _("Examples"), _("Count as")]
    if kept:
        columns.append(_("Kept at least half of their weight"))
    if found.leaving is not None:
        columns += [_("Validation accuracy without it"), _("Difference (95 % interval)")]
    rows = tuple(_row(found, at, kept) for at in range(len(found.sources)))
    return Table(_("Borrowed examples"), tuple(columns), rows, frozenset(range(1, len(columns))))


def _row(found: Borrowed, at: int, kept: bool) -> tuple[str, ...]:
    source, leaving = found.sources[at], found.leaving
    row = [shown(source.path), str(source.count), f"{source.effective:.0f}"]
    if kept:
        row.append(str(source.kept))
    if leaving is not None:
        decimals = share_decimals(leaving.count)
        text = _("{without} (with all: {all})")
        shares = (leaving.without[at].accuracy, leaving.accuracy)
        without, everything = (percent(share, decimals) for share in shares)
        left = leaving.without[at]
        row += [
            text.format(without=without, all=everything),
            ends_text(left.low, left.high, ONE_CLASS, ""),
        ]
    return tuple(row)
