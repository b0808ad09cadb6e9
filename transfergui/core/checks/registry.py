"""The checks that there are, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Iterator

from transfergui.core.base.progress import Tell, untold
from transfergui.core.checks import near_duplicates, quality, shortcuts
from transfergui.core.checks.check import Check, Finding, Material

CHECKS: tuple[Check, ...] = (
    near_duplicates.CHECK,
    shortcuts.CHECK,
    quality.CHECK,
)


def examine(material: Material, tell: Tell = untold) -> Iterator[Finding]:
    """What the checks find, one after the other; those that cannot be done are left out."""
    able = [check for check in CHECKS if not check.obstacle(material)]
    for number, check in enumerate(able):
        tell(number, len(able))
        yield check.find(material, tell)
