"""Why a result is not to be trusted yet: the most serious finding of the checks first, in words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from transfergui.core.base.i18n import _, comma_list
from transfergui.core.base.notes import Note

BAD = frozenset({"warning", "error"})
"""Levels of notes because of which a result is not to be trusted yet."""
LITTLE = "check.near_duplicates_little"
"""That copies were measured, and change the result little."""
LEAK = "check.near_duplicates_leak"


class Said(msgspec.Struct, frozen=True):
    """What one check found.

    Attributes:
        title: of the check, marked for translation.
    """

    check: str
    title: str
    notes: tuple[Note, ...] = ()


SERIOUS = {
    "check.balance_apart": "reason.balance_apart",
    "check.balance_apart_names": "reason.balance_apart_names",
    LEAK: "reason.near_duplicates_leak",
    "check.shortcuts_classes": "reason.shortcuts_classes",
    "check.shortcuts_two": "reason.shortcuts_two",
    "check.shortcuts_one": "reason.shortcuts_one",
    "check.label_errors": "reason.label_errors",
    "check.shortcuts_all_classes": "reason.shortcuts_all_classes",
    "check.shortcuts_all_two": "reason.shortcuts_all_two",
    "check.shortcuts_all_one": "reason.shortcuts_all_one",
    "check.balance_few_groups": "reason.balance_few_groups",
    "check.near_duplicates_classes": "reason.near_duplicates_classes",
    "check.quality_one_class": "reason.quality_one_class",
    "check.balance_few": "reason.balance_few",
    "check.balance_all_few": "reason.balance_all_few",
    "check.balance_all_few_alike": "reason.balance_all_few_alike",
}
"""Codes of short sentences by those of the notes that are a reason, the most serious one first.
Other notes come after them."""
OTHERS = "reason.others"


def doubtful(checks: Sequence[Said]) -> list[Said]:
    """The checks because of which a result is doubtful, the most serious one first."""
    found = [each for each in checks if _bad(each)]
    return sorted(found, key=lambda each: _rank(_worst(each)))


def _bad(said: Said) -> list[Note]:
    """The notes that warn; not of copies that were measured to matter little."""
    little = any(note.code == LITTLE for note in said.notes)
    return [note for note in said.notes if note.level in BAD and not (little and note.code == LEAK)]


def _worst(said: Said) -> Note:
    return min(_bad(said), key=_rank)


def _rank(note: Note) -> int:
    return [*SERIOUS, note.code].index(note.code)


def note(code: str, checks: Sequence[Said]) -> Note:
    """Why, of some :func:`doubtful` checks; at least one.

    Args:
        code: of the sentence.
    """
    names = [_(each.title) for each in checks]
    values = {"count": len(checks), "names": comma_list(names), "reason": _reason(checks[0])}
    return Note(code, values | {"others": comma_list(names[1:])}, "warning")


def _reason(said: Said) -> str:
    worst = _worst(said)
    values = worst.values | {"check": _(said.title)}
    short = Note(SERIOUS.get(worst.code, OTHERS), values)
    return (short if short.is_known else Note(OTHERS, values)).sentence()  # of another version
