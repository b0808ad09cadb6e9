"""Which records were written last, so that they are found again: most lie in the user's folders."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from transfergui.core.base import files, paths

LIST = "recent.json"
MOST = 30


def remember(path: Path) -> None:
    """Keep where a record is; where that cannot be written, it is not found again by itself."""
    with contextlib.suppress(OSError):
        known = [str(path), *(each for each in listed() if each != str(path))]
        files.write_atomic(paths.records_dir() / LIST, json.dumps(known[:MOST]))


def replace(path: Path, other: Path) -> None:
    """A record is elsewhere now; its place in the list is the same."""
    with contextlib.suppress(OSError):
        known = [str(other) if each == str(path) else each for each in listed()]
        files.write_atomic(paths.records_dir() / LIST, json.dumps(known))


def listed() -> list[str]:
    """The paths, the newest first."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = files.parse_json(files.read_regular(paths.records_dir() / LIST, 1 << 20))
        return [str(each) for each in found] if isinstance(found, list) else []
    return []
