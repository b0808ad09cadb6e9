"""Names of classes that may be names of folders, on every system."""

from __future__ import annotations

from collections.abc import Iterable

from transfergui.core.acting import names

LONGEST = 80
"""Characters of a name; what is written into the folder repeats it."""


def problem(name: str, others: Iterable[str] = ()) -> str:
    """The code of why a class cannot be called so; empty where it can.

    Args:
        others: the classes that there are; some systems do not tell capitals apart.
    """
    if not name.strip():
        return "capture.name_empty"
    if len(name) > LONGEST:
        return "capture.name_long"
    if names.RESERVED.fullmatch(name):
        return "capture.name_reserved"
    if names.FORBIDDEN.search(name) or name != name.strip(" ."):
        return "capture.name_forbidden"
    if names.alike(name) in map(names.alike, others):
        return "capture.name_twice"
    return ""
