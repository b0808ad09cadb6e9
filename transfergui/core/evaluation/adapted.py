"""What is said of a model that was adapted to unlabelled examples, beside one that was not.

Where no label of the target is known, nothing says that it is better: only what changed.
"""

from __future__ import annotations

import math

from transfergui.core import registry
from transfergui.core.base.figure_texts import percent, share_decimals
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.data import labels
from transfergui.core.figures.adapting import Adaptation
from transfergui.core.figures.questions import LEVEL

TELLING = 15
"""So many predictions that differ show a difference of three to one in two cases of three; examples
to label are reckoned from that."""


def notes(found: Adaptation | None) -> list[Note]:
    """The sentences, the most important first; none of a model that was not adapted."""
    if found is None:
        return []
    if found.checked:
        return [_checked(found)]
    if found.kept == "adapted":
        return [_unproven(found)]
    return [_declined(found)]


def _checked(found: Adaptation) -> Note:
    """Where labelled examples of the target tell."""
    before, after = found.plain.checked or 0.0, found.adapted.checked or 0.0
    decimals = share_decimals(found.checked)
    values = {
        "count": found.checked,
        "plain": percent(before, decimals),
        "adapted": percent(after, decimals),
    }
    clear = found.p is not None and found.p < LEVEL
    if found.kept != "adapted":
        code = "adapt.hurt" if clear else "adapt.no_gain"
        return Note(code, values, "warning" if clear else "info")
    return Note(
        "adapt.helped" if clear else "adapt.maybe_helped", values, "good" if clear else "info"
    )


def _unproven(found: Adaptation) -> Note:
    """Nothing speaks against it, and nothing says that it is right."""
    changed = round(found.changed * found.target)
    if not changed:
        return Note("adapt.unchanged", {"total": found.target})
    needed = min(found.target, max(10, math.ceil(TELLING / found.changed)))
    values = {"changed": changed, "total": found.target, "needed": needed}
    return Note("adapt.kept", values)


def _declined(found: Adaptation) -> Note:
    """What spoke against it."""
    names = {"classes": labels.quoted(found.lost)} if found.lost else {}
    why = paragraph(Note(code, names).sentence() for code in found.reasons)
    title = _(registry.strategy(found.strategy).title)
    return Note("adapt.declined", {"strategy": title, "why": why})
