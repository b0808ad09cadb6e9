"""Samples that show or say next to nothing: dark or blurred pictures, clipped recordings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.checks import measured
from transfergui.core.checks.check import Check, Finding, Flagged, Material, level
from transfergui.core.data import unread
from transfergui.core.data.targets import ONE_CLASS

if TYPE_CHECKING:
    from transfergui.core.checks.measured import Measured
    from transfergui.core.data.properties import Fault

KEY = "quality"
NEARLY_ALL = 0.95
"""Share of the samples that must have one value for another one to be unusual."""
SEVERAL = 5
"""Bad samples that are hardly of one class by chance: of two equal ones, in 1 of 16 cases."""
FEWEST = 20
"""With fewer samples, it is not known what is usual."""


def obstacle(material: Material) -> str:
    """As :attr:`transfergui.core.checks.check.Check.obstacle`."""
    return "check.quality_too_few" if _is_few(material) and not material.unread else ""


def _is_few(material: Material) -> bool:
    return len(material.samples) < FEWEST or not material.plan.modality.faults


def find(material: Material, tell: Tell) -> Finding:
    """The samples with a fault of their modality, beside all others."""
    modality = material.plan.modality
    total = len(material.samples) + len(material.unread)
    if material.unread and _is_few(material):
        return Finding(KEY, unread.of_paths(material.unread, total, modality.many))
    found = measured.of_material(material, tell)
    notes = list(unread.of_paths((*material.unread, *found.lost), total, modality.many))
    flagged: dict[int, Flagged] = {}  # by row; a sample with several faults is told once
    for fault in modality.faults:
        scores = [(at, score) for at, score in faulty(found, fault) if at not in flagged]
        if not scores:
            continue
        values = {"count": len(scores), "total": len(found.rows), "noun": modality.many}
        notes.append(Note(fault.code, values, level(len(scores), len(found.rows))))
        notes += _of_one_class(material, [int(found.rows[at]) for at, _score in scores])
        flagged |= {at: _flagged(material, int(found.rows[at]), score) for at, score in scores}
    if found.is_sample:
        values = {"count": len(found.rows), "total": found.total, "noun": modality.many}
        code = "check.quality_sample" if flagged else "check.quality_sample_none"
        notes.append(Note(code, values))
    return Finding(KEY, tuple(notes), tuple(flagged.values()))


def _of_one_class(material: Material, rows: Sequence[int]) -> list[Note]:
    """What is said where all bad samples are of one class: a model may learn what is bad."""
    split = material.plan.split
    of = {material.samples[row].label for row in rows}
    if len(rows) < SEVERAL or len(of) > 1 or split.targets.objective != ONE_CLASS:
        return []
    values = {"name": split.classes[of.pop()], "count": len(rows)}
    return [Note("check.quality_one_class", values, "warning")]


def faulty(found: Measured, fault: Fault) -> list[tuple[int, float]]:
    """Which of the measured samples have a fault, and how far they are from the others, the worst
    first."""
    values = found.columns.get(fault.key, np.empty(0))
    if fault.side == "other":
        return _unusual(values)
    known = np.isfinite(values)
    if not known.any():
        return []
    middle = float(np.median(values[known]))
    spread = max(fault.floor, 1.4826 * float(np.median(np.abs(values[known] - middle))))
    sign = 1 if fault.side == "above" else -1
    apart = sign * (values - middle) / spread
    bad = known & (sign * (values - fault.limit) > 0) & (apart > fault.apart)
    order = sorted(np.flatnonzero(bad).tolist(), key=lambda at: -apart[at])
    return [(at, round(float(apart[at]), 2)) for at in order]


def _unusual(values: np.ndarray) -> list[tuple[int, float]]:
    """Those that have another value than nearly all; empty ones are unknown."""
    counts = Counter(value for value in values.tolist() if value)
    if not counts:
        return []
    usual, most = counts.most_common(1)[0]
    if most < NEARLY_ALL * counts.total():
        return []
    return [(at, 1.0) for at, value in enumerate(values.tolist()) if value not in ("", usual)]


def _flagged(material: Material, row: int, score: float) -> Flagged:
    sample = material.samples[row]
    return Flagged(sample.path, label=material.plan.split.classes[sample.label], score=score)


CHECK = Check(
    KEY,
    N_("Quality"),
    N_(
        "Looks for examples that show or say next to nothing: too dark, blurred, silent, or in "
        "another language."
    ),
    obstacle,
    find,
)
