"""Parts of the names of files and folders that may be the class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from transfergui.core.data import labels
from transfergui.core.reading.names.kinds import DATE
from transfergui.core.reading.names.words import CAMERAS, FILLERS, OF_CAMERAS

PREFIX = re.compile(r"([^\W\d_][^\d]*?)[\s._\-(]*\d[^/]*$")
"""``cat`` of ``cat.0.jpg``, ``great_pyrenees`` of ``great_pyrenees_12.jpg``."""

NAME_PART = re.compile(r"[^\s_.-]+")
"""What stands between the separators of a name."""
MOSTLY_NAMED = 0.8
"""The share of the files whose names must say it for names to be asked about beside folders."""
GRID, OWN, MOST_ENDS = 0.75, 3, 10
"""Parts of folder names are classes where so many of all pairs of them are there; or where names
differ but for the end, of which there are so few, with so many folders of each."""

ALIKE = 0.9
"""The share of file names that must have equally many parts for one of them to be the class."""
MAX_PARTS, FEWEST = 50, 3
"""The most classes that a part of the names tells; files of each, on average, at least."""

MAX_NAMES = 1000
"""With more beginnings of file names, these tell no classes."""


def named_class(name: str) -> str | None:
    """The class that a file name begins with; None where it says none."""
    found = PREFIX.fullmatch(name.rpartition(".")[0] or name)
    said = found[1].strip(" ._-(") if found else ""
    return said if said and not CAMERAS.issuperset(labels.words(said)) else None


def named_across(places: Sequence[tuple[str, str]]) -> list[str]:
    """The beginnings of file names that come again in several folders, and may therefore be the
    classes, as in ``Anna/cat 1.jpg``, ``Ben/cat 1.jpg``; none where folders say as much.

    Args:
        places: the class by its folder, and the name, of each file.
    """
    said = [(folder, named_class(name)) for folder, name in places]
    found = [(folder, labels.loosely(name), name) for folder, name in said if name and _says(name)]
    if len(found) < MOSTLY_NAMED * len(places):
        return []
    names = {key: name for _folder, key, name in reversed(found)}
    folders = {folder for folder, _key, _name in found}
    pairs = {(folder, key) for folder, key, _name in found}
    if not 2 <= len(names) <= MAX_PARTS or len(found) < FEWEST * len(names):
        return []
    many = max(0.5 * len(names) * len(folders), 1.5 * len(names), 1.5 * len(folders))
    return list(names.values()) if len(pairs) >= many else []


def _says(name: str) -> bool:
    """Whether the beginning of a file name may say a class: cameras and programs write others."""
    found = labels.words(name)
    return any(word not in FILLERS and word not in OF_CAMERAS for word in found) and (
        len("".join(found)) > 2
    )


def divided_name(name: str, number: int) -> tuple[str, str]:
    """The first (1) or last (-1) part of a name, and the rest."""
    parts = separated(name)
    if len(parts) < 2:
        return name, name
    return (parts[0], " ".join(parts[1:])) if number > 0 else (parts[-1], " ".join(parts[:-1]))


def telling_ends(names: Collection[str]) -> list[int]:
    """Which part of the names of folders may be the class rather than the whole: the last (-1) in
    ``Anna - good``, ``Ben - bad`` or in ``OAF_fear``, ``YAF_fear``, the first (1) in the latter,
    too. The likeliest first."""
    several = [name for name in names if len(separated(name)) > 1]
    if len(several) < MOSTLY_NAMED * len(names) or len(several) < 4:
        return []
    return [end for end in (-1, 1) if _end_tells(several, end)]


def of_things(names: Collection[str], end: int) -> bool:
    """Whether each folder is of a thing of its own, so that the rest of its name is a group."""
    rests = {labels.loosely(divided_name(name, end)[1]) for name in names}
    return len(rests) >= MOSTLY_NAMED * len(names)


def _end_tells(names: Sequence[str], end: int) -> bool:
    divided = [divided_name(name, end) for name in names]
    ends = {labels.loosely(said) for said, _rest in divided}
    rests = {labels.loosely(rest) for _said, rest in divided}
    others = {labels.loosely(divided_name(name, -end)[0]) for name in names}
    if len(ends) < 2 or all(any(map(str.isdigit, str(each))) for each in ends):
        return False
    grid = len(others) > 1 and len(names) >= GRID * len(ends) * len(others)
    often = OWN * len(ends) <= len(names)
    alone = often and len(rests) >= MOSTLY_NAMED * len(names)
    return grid or (alone and len(ends) <= MOST_ENDS)


def parts_of_name(name: str) -> list[str]:
    """``03``, ``01`` and ``05`` of ``03-01-05.wav``."""
    return separated(name.rpartition(".")[0] or name)


def separated(name: str) -> list[str]:
    return NAME_PART.findall(name)


def part_of_name(name: str, number: int) -> str | None:
    """One part, counted from 1; None where there are fewer."""
    parts = parts_of_name(name)
    return parts[number - 1] if len(parts) >= number else None


def telling_parts(names: Sequence[str]) -> dict[int, list[str]]:
    """The parts of file names that may be the class, by their number: with their values, a few
    that come again and again, in names that are all built alike."""
    rows = [parts_of_name(name) for name in names]
    widths = Counter(map(len, rows))
    width, count = widths.most_common(1)[0] if rows else (0, 0)
    alike = [row for row in rows if len(row) == width]
    if width < 2 or count < ALIKE * len(rows):
        return {}
    found: dict[int, list[str]] = {}
    seen: list[list[int]] = []
    for at in range(width):
        cells = [row[at] for row in alike]
        places: dict[str, int] = {}
        division = [places.setdefault(cell, len(places)) for cell in cells]
        often = 2 <= len(places) <= min(MAX_PARTS, len(alike) / FEWEST)
        if often and division not in seen and not all(map(DATE.fullmatch, places)):
            found[at + 1] = list(places)
            seen.append(division)
    return found
