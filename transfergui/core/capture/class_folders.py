"""Names of classes that may be names of folders, on every system."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What Windows takes in no name; the rest of the world is spared trouble with it, too."""
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names of devices of Windows."""
LONGEST = 80
"""Characters of a name; what is written into the folder repeats it."""


def problem(name: str, others: Iterable[str] = ()) -> str:
    """The code of why a class cannot be called so; empty where it can.

    Args:
        others: the classes that there are; some systems do not tell capitals apart.
    """
    if not name.strip():
        return "capture.name_empty"
    if FORBIDDEN.search(name) or name.startswith(".") or name != name.strip() or name[-1] == ".":
        return "capture.name_forbidden"
    if RESERVED.fullmatch(name):
        return "capture.name_reserved"
    if len(name) > LONGEST:
        return "capture.name_long"
    if name.casefold() in {other.casefold() for other in others}:
        return "capture.name_twice"
    return ""
