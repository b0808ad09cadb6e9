"""The checks that there are, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.checks import (
    balance,
    framing,
    label_errors,
    near_duplicates,
    quality,
    shortcuts,
)
from transfergui.core.checks.check import Check, Finding, Material

CHECKS: tuple[Check, ...] = (
    near_duplicates.CHECK,
    label_errors.CHECK,
    shortcuts.CHECK,
    quality.CHECK,
    framing.CHECK,
    balance.CHECK,
)


Outcome = Finding | Note
"""What a check found, or why it cannot be done."""


def examine(
    material: Material, telling: Callable[[Check], Tell] = lambda check: untold
) -> Iterator[tuple[Check, Outcome]]:
    """What the checks find, one after the other.

    Args:
        telling: gives what each check is to call, often; that may raise to end it.
    """
    for check in CHECKS:
        if code := check.obstacle(material):
            yield check, Note(code, {"noun": material.plan.modality.many})
        else:
            yield check, check.find(material, telling(check))
