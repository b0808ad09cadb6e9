"""What is said of the values of a shortcut: medians of classes, and their most frequent values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base.figure_texts import number, suffix
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.notes import Note
from transfergui.core.data.captions import caption
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.evaluation.figure_words import of_hundred

if TYPE_CHECKING:
    from transfergui.core.checks.check import Material
    from transfergui.core.checks.measured import Measured
    from transfergui.core.checks.shortcut_words import Row

EXAMPLES = 2
"""Samples that are named beside a value."""
MEDIANS = 4
"""Sentences on medians."""


def notes(material: Material, found: Measured, rows: Sequence[Row]) -> Iterator[Note]:
    """Of each property that tells classes: which values they have.

    Args:
        rows: the strongest first.
    """
    if material.plan.split.targets.objective != ONE_CLASS:
        return
    medians = 0
    for row in rows:
        if row.by is None:
            continue
        if row.by.kind == "category":
            yield from _frequent(material, found, row)
        elif len(row.classes) <= 2 and medians < MEDIANS and not row.by.follows:
            medians += 1
            yield from _median(material, found, row)


def _own(material: Material, found: Measured, name: str) -> np.ndarray:
    """Which of the measured samples are of a class."""
    return material.labels[found.rows] == material.plan.split.classes.index(name)


def _median(material: Material, found: Measured, row: Row) -> Iterator[Note]:
    """Of a number: the median of the class, and of the other or all others."""
    by, name = row.by, row.classes[0]
    assert by is not None
    values, own = found.columns[by.key], _own(material, found, name)
    beside = _own(material, found, row.classes[1]) if len(row.classes) == 2 else ~own
    middle = [float(np.nanmedian(each)) for each in (values[own], values[beside]) if _any(each)]
    texts = [_number(value) + suffix(by.unit) for value in middle]
    if len(set(texts)) < 2:
        return
    said: dict[str, Any] = {"title": by.title, "name": name, "own": texts[0], "others": texts[1]}
    if len(row.classes) == 2:
        yield Note("check.shortcuts_median_two", said | {"other": row.classes[1]})
    else:
        yield Note("check.shortcuts_median", said)


def _any(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).any())


def _number(value: float) -> str:
    return str(round(value)) if abs(value) >= 10 else number(value)


def _frequent(material: Material, found: Measured, row: Row) -> Iterator[Note]:
    """Of names: with two classes the value that marks each most, with more of them one."""
    assert row.by is not None
    values = found.columns[row.by.key]
    pairs = [(name, _own(material, found, name)) for name in row.classes]
    marks = [(*mark, name) for name, own in pairs if (mark := _mark(values, own))]
    if not marks:
        return
    if len(row.classes) == 2 and len(marks) == 2:
        said: dict[str, Any] = {"title": row.by.title}
        for end, (_apart, value, inside, outside, name) in zip(("", "_2"), marks, strict=True):
            said |= {f"value{end}": value, f"name{end}": name}
            said |= {f"own{end}": of_hundred(inside), f"others{end}": of_hundred(outside)}
        yield Note("check.shortcuts_value_two", said, "warning")
        return
    _apart, value, inside, outside, name = max(marks, key=lambda mark: mark[0])
    at = np.flatnonzero(_own(material, found, name) & (values == value))[:EXAMPLES]
    paths = [caption(material.samples[found.rows[each]].path, material.root) for each in at]
    shares = {"own": of_hundred(inside), "others": of_hundred(outside)}
    said = {"title": row.by.title, "value": value, "name": name, **shares}
    yield Note("check.shortcuts_value", said | {"examples": comma_list(paths)}, "warning")


def _mark(values: np.ndarray, own: np.ndarray) -> tuple[float, str, float, float] | None:
    """The value that is most more frequent within a class than outside: by how much, which it is,
    and its shares inside and outside."""
    inside, outside = values[own], values[~own]
    found = [
        (float((inside == value).mean() - (outside == value).mean()), str(value), value)
        for value in np.unique(values)
        if value
    ]
    if not found or not len(inside) or not len(outside):
        return None
    apart, text, value = max(found)
    return apart, text, float((inside == value).mean()), float((outside == value).mean())
