"""Where groups leave much less to train on than the settings ask for."""

from __future__ import annotations

from transfergui.core.base.notes import Note
from transfergui.core.data.split import Split, SplitOptions

OFF = 15
"""Points by which the share that trains may differ from the settings: with six or more groups of
one size, it differs by less."""


def shortage(split: Split, asked: SplitOptions) -> dict[str, int]:
    """How many samples train of how many, in per cent as well, and how many per cent are wanted;
    empty where groups make no such difference, or the user divided the data."""
    if not split.grouped_by or split.ungrouped is not None or not split.test:
        return {}
    total = sum(split.sizes().values())
    wanted = 100 - asked.val_percent - asked.test_percent
    percent = round(100 * len(split.train) / total)
    if wanted - percent < OFF or split.is_given:
        return {}
    return {"train": len(split.train), "total": total, "percent": percent, "wanted": wanted}


def note(split: Split, asked: SplitOptions, noun: str) -> Note | None:
    """The sentence about it; ``noun`` is what samples are called."""
    found = shortage(split, asked)
    values = {"by": split.grouped_by, "noun": noun, **found}
    return Note("check.balance_shares", values, "warning") if found else None
