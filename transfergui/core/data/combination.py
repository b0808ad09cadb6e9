"""How the parts of a combination are written, and what none of them can be called."""

NONE_OF_THEM = "(none)"
"""The combination of no label."""
MISSING = "?"
"""Stands in a combination for an answer that is missing."""
LABELS_APART, ANSWERS_APART = "; ", " · "
"""Between the labels, and between the answers, of a combination."""
NAME_MARKS = str.maketrans({";": ",", "·": "-"})
"""What stands between names in a combination cannot be in a name; what is written instead."""


def member_name(text: str) -> str:
    """What a label or an answer is called in combinations: without what divides those, and without
    spaces at the ends. ``(none)`` and ``?`` mean nothing by themselves, and become empty."""
    name = " ".join(text.translate(NAME_MARKS).split())
    return "" if name in (NONE_OF_THEM, MISSING) else name
