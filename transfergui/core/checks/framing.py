"""What samples lose when they are brought to the size of the network.

Told, not warned of: whether what is lost matters is known by the user alone. On clothes and brains,
of which 48 and 40 % are cut, linear models of features are no better with a border (balanced
accuracy 0.76 and 0.83) than with cropping (0.76 and 0.86).
"""

from __future__ import annotations

from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.checks import measured
from transfergui.core.checks.check import (
    Action,
    Check,
    Finding,
    Flagged,
    Material,
    nothing_in_the_way,
)

KEY = "framing"
SHOWN = 60
"""Samples that are flagged, of each kind: those that lose most."""


def find(material: Material, tell: Tell) -> Finding:
    """What the modality says of the samples as its options treat them."""
    plan = material.plan
    found = measured.of_material(material, tell)
    notes, flagged, actions = [], [], []
    # what cannot be otherwise is not told: boxes are found in squeezed pictures
    fixed = {f"input.{name}" for name in plan.objective.fixed_input}
    for framing in plan.modality.framing(found.columns, plan.input):
        if framing.setting in fixed:
            continue
        values = {**framing.values, "noun": plan.modality.many}
        notes.append(Note(framing.code, values))
        if framing.setting:
            actions.append(Action(framing.setting, framing.value))
        for row in framing.rows[:SHOWN]:
            sample = material.samples[found.rows[row]]
            flagged.append(Flagged(sample.path, label=plan.split.classes[sample.label]))
    if found.is_sample:
        values = {"count": len(found.rows), "total": found.total, "noun": plan.modality.many}
        code = "check.framing_sample" if notes else "check.framing_sample_none"
        notes.append(Note(code, values))
    return Finding(KEY, tuple(notes), tuple(flagged), actions=tuple(actions))


CHECK = Check(
    KEY,
    N_("Cropping and length"),
    N_(
        "Shows what your examples lose when they are cropped, shortened or resized for the "
        "backbone."
    ),
    nothing_in_the_way,
    find,
)
