"""How a model was tested, in words: on what, on how much, and what that tells."""

from __future__ import annotations

from typing import Any

from transfergui.core import registry
from transfergui.core.base.figure_texts import share_ends
from transfergui.core.base.i18n import _
from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.data.targets import NUMBER, ONE_CLASS
from transfergui.core.evaluation.beside import OtherTest
from transfergui.core.evaluation.figure_words import figure_texts, of_hundred, some_of
from transfergui.core.figures.metrics import Report

FEW = 30
"""Below this many test samples, one sample moves the accuracy by more than three points."""


FEW_GROUPS = 5
"""Below this many tested groups, nobody knows how much groups differ."""


def unknown_classes(report: Report) -> list[Note]:
    """Samples of unknown classes are left out; of several labels or questions, only what is unknown
    is."""
    if not report.unknown_classes:
        return []
    found = [f"“{name}” ({count})" for name, count in sorted(report.unknown_classes.items())]
    names = some_of(found)
    if report.objective != ONE_CLASS:
        return [Note("evaluate.unknown_names", {"names": names, "total": report.n}, "warning")]
    left = sum(report.unknown_classes.values())
    values = {"count": left, "total": left + report.n, "names": names}
    return [Note("evaluate.unknown_classes", values, "warning")]


def matched_classes(report: Report) -> list[Note]:
    if not report.matched_classes:
        return []
    pairs = sorted(report.matched_classes.items())
    if report.objective == NUMBER:
        ((name, own),) = pairs
        return [Note("evaluate.other_column", {"name": name, "own": own}, "warning")]
    found = [f"{labels.quoted([name])} = {labels.quoted([own])}" for name, own in pairs]
    return [Note("evaluate.matched_classes", {"names": some_of(found)})]


def trained_on(report: Report) -> list[Note]:
    if report.trained_on is None:
        return [Note("evaluate.unchecked")]
    values = {"count": report.trained_on}
    return [Note("evaluate.learnt_from", values, "warning")] if report.trained_on else []


def other_test(report: Report, other: OtherTest | None) -> list[Note]:
    """That its figures and those of the training before are of different tests."""
    if other is None or report.measured_on != "test":
        return []
    values = {"name": other.name, "before": other.before, "shared": other.shared}
    return [Note("report.other_test", values)]


def grouping(report: Report, other: Report | None, apart: bool) -> list[Note]:
    """What it means that samples which belong together were kept together, or were not.

    Args:
        apart: whether classes have no group in common: then grouping measures little.
    """
    if report.grouped_by is None:
        return []
    kept = bool(report.grouped_by)
    values: dict[str, Any] = {"by": report.grouped_by or (other.grouped_by if other else "")}
    means = Note("report.grouped", values, "good")
    code = "report.not_grouped_apart" if apart else "report.not_grouped"
    found = [means if kept else Note(code, level="warning")]
    if other is not None and other.accuracy is not None and report.accuracy is not None:
        values |= {"right": of_hundred(report.accuracy), "other": of_hundred(other.accuracy)}
        code = "report.random_beside" if kept else "report.grouped_beside"
        found.append(Note(code, values))
    elif other is not None and (figures := _both(report, other)) is not None:
        code = "report.random_beside_score" if kept else "report.grouped_beside_score"
        found.append(Note(code, values | figures))
    return found


def _both(report: Report, other: Report) -> dict[str, str] | None:
    """The primary figures of two reports, where they are the same figure."""
    one, two = report.primary, other.primary
    if one is None or two is None or one.name != two.name:
        return None
    if one.value is None or two.value is None:
        return None
    title = _(registry.objective(report.objective).primary.title)
    right, beside = figure_texts(report, one.value, two.value)
    return {"title": title, "right": right, "other": beside}


def ungrouped(report: Report) -> list[Note]:
    why = report.ungrouped
    return [Note(why.code, why.values, "warning")] if why else []


def few_trained(report: Report) -> list[Note]:
    """That groups left less to train on than the settings ask for."""
    if not report.few_trained:
        return []
    values = {"by": report.grouped_by, **report.few_trained}
    return [Note("check.balance_shares", values, "warning")]


def interval(report: Report) -> list[Note]:
    if report.interval is None or report.n == 1:
        return []
    low, high = share_ends(report.interval.low, report.interval.high)
    return [Note("report.interval", {"low": low, "high": high})]


def few_groups(report: Report) -> list[Note]:
    """That few groups were tested, where the interval is about groups."""
    count, by = report.tested_groups, report.grouped_by or ""
    if not by or not 1 <= count < FEW_GROUPS:
        return []
    code = "report.one_group" if count == 1 else "report.few_groups"
    return [Note(code, {"count": count, "by": by}, "warning")]


def few_samples(report: Report) -> list[Note]:
    """Of boxes, other words say so: there are more objects than samples."""
    few = report.n < FEW and report.found is None
    return [Note("report.few", level="warning")] if few else []


def on_validation(report: Report) -> list[Note]:
    return [Note("report.validation", level="warning")] if report.measured_on == "val" else []


def seen_before(report: Report) -> list[Note]:
    count = report.seen_before
    return [Note("report.seen_before", {"count": count}, "warning")] if count else []


def untested_classes(report: Report) -> list[Note]:
    if report.found is not None:  # other words say so
        return []
    names = [name for name, row in report.per_class.items() if row.support == 0]
    names += [name for name, row in report.per_label.items() if row.support == 0]
    if not names:
        return []
    return [Note("report.untested", {"count": len(names), "names": some_of(names)}, "warning")]
