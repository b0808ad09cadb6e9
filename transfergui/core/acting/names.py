"""Names of files and folders that every system takes, and names that nothing else has."""

from __future__ import annotations

import os
import re
import string
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, comma_list

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
"""Letters that Windows keeps out of names; Linux and macOS only keep out the slash."""
RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL
)
"""Names of devices under Windows, with any ending."""
LONGEST = 120
"""Bytes of a name without its ending: paths of Windows have 260 letters, names of Linux 255
bytes."""
MOST = 255
"""Bytes of a whole name under Linux: a number goes behind a shorter stem."""
FIELDS = {
    "class": N_("the prediction"),
    "confidence": N_("in per cent"),
    "name": N_("the old name"),
    "number": N_("counts up in each class"),
    "folder": N_("the old folder"),
}
"""What may stand in braces in a pattern of names, and what is filled in."""


def safe(text: str, longest: int = LONGEST) -> str:
    """``text`` as a name that Windows, Linux and macOS take; ``_`` of nothing.

    Windows forbids some letters, drops dots and spaces at the end and knows names of devices; a dot
    at the beginning would hide the file elsewhere.
    """
    name = FORBIDDEN.sub("_", unicodedata.normalize("NFC", text)).strip()
    name = files.shortened(name, longest).rstrip(". ")
    if name.startswith("."):
        name = "_" + name[1:]
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    return name or "_"


def alike(name: str) -> str:
    """The same for names that are one under Windows and macOS: ``Cat`` and ``cat``."""
    return unicodedata.normalize("NFC", name).casefold()


def folders(classes: Iterable[str], kept: Iterable[str] = ()) -> dict[str, str]:
    """A folder name for each class, each its own on every system.

    Args:
        kept: names of folders that are for something else.
    """
    taken = {alike(name) for name in kept}
    found: dict[str, str] = {}
    for each in classes:
        wanted = safe(each)
        name = next(n for n in _numbered(wanted, "") if alike(n) not in taken)
        taken.add(alike(name))
        found[each] = name
    return found


def _numbered(stem: str, ending: str, first: int = 1) -> Iterable[str]:
    number = first
    while True:
        end = ending if number == 1 else f" ({number}){ending}"
        yield files.shortened(stem, max(1, MOST - len(os.fsencode(end)))) + end
        number += 1


class FreeNames:
    """Gives names away that nothing on the disk has, and none twice."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()
        self._next: dict[tuple[str, str], int] = {}

    def candidates(self, folder: Path, name: str) -> Iterable[Path]:
        """``folder / name``, then with `` (2)`` and so on, without those that were given away."""
        place, wanted = os.fspath(folder), alike(name)
        path = Path(name)
        for number, each in enumerate(_numbered(path.stem, path.suffix), 1):
            if number != 1 and number < self._next.get((place, wanted), 1):
                continue
            if (place, alike(each)) not in self._given:
                self._next[place, wanted] = number
                yield folder / each

    def give(self, path: Path) -> Path:
        """``path``, which is not given away any more."""
        self._given.add((os.fspath(path.parent), alike(path.name)))
        return path

    def free(self, folder: Path, name: str) -> Path:
        """A name for a new file in ``folder``: ``name``, or with a number behind it."""
        return self.give(
            next(path for path in self.candidates(folder, name) if not os.path.lexists(path))
        )


def require_pattern(pattern: str) -> None:
    """
    Raises:
        UserError: ``act.pattern``: something else than :data:`FIELDS` is in braces, or nothing.
    """
    known = comma_list(f"{{{name}}}" for name in FIELDS)
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        raise UserError("act.pattern", pattern=pattern, known=known) from None
    named = [part for part in parts if part[1] is not None]
    if not named or any(name not in FIELDS or spec or conv for _t, name, spec, conv in named):
        raise UserError("act.pattern", pattern=pattern, known=known)


def filled(pattern: str, values: Mapping[str, str], ending: str) -> str:
    """A file name by a pattern that :func:`require_pattern` accepts; the ending stays.

    Where it would be too long, what is filled in is shortened, but not the number, which tells
    files apart.

    Args:
        values: of each of :data:`FIELDS`.
    """
    made = dict(values)
    for field in ("name", "folder", "class"):
        over = len(os.fsencode(pattern.format_map(made))) - LONGEST
        if over > 0 and made.get(field):
            kept = len(os.fsencode(made[field])) - over
            made[field] = files.shortened(made[field], max(1, kept))
    return safe(pattern.format_map(made)) + ending
