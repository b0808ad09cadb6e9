"""Which recordings belong together: a manifest's column, the folder, or a part of the name.

``folder`` is the last folder of a path, where class folders hold the same folders again
(``dog/park/1.wav``, ``cat/park/7.wav``). ``name:2`` is the second part of the file name, as
divided by ``_``, ``-`` and spaces: ``jackson`` of ``0_jackson_3.wav``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from transfergui.core.dataset import Sample, natural_order
from transfergui.core.errors import UserError
from transfergui.core.modalities.label_tables import Listing

FOLDER, NAME = "folder", "name:"
DIVIDERS = re.compile(r"[_\-\s]+")
FEWEST = 3
"""Groups; training, validation and test want one each."""
SHOWN = 3
"""Groups that are named in a choice."""


def choices(listing: Listing) -> dict[str, str]:
    """What recordings can be grouped by, and for each some of the groups there would be.

    Offered is what takes :data:`FEWEST` values or more, of which most classes have several
    and many recordings share one.
    """
    labels = [sample.label for sample in listing.samples]
    found = {}
    if _nested(listing.classes):
        found[FOLDER] = [_last(listing.classes[label]) for label in labels]
        above = [listing.classes[label].rpartition("/")[0] for label in labels]
        if not _sensible(found[FOLDER], above):
            del found[FOLDER]
    rows = [_parts(sample) for sample in listing.samples]
    for place in range(min(map(len, rows))):
        values = [row[place] for row in rows]
        if _sensible(values, labels):
            found[f"{NAME}{place + 1}"] = values
    return {key: _examples(values) for key, values in found.items()}


def likely(choices: Mapping[str, str]) -> str | None:
    """The choice that looks most like speakers or places: words, not numbers."""
    return next((key for key, examples in choices.items() if examples[0].isalpha()), None)


def apply(listing: Listing, key: str, choices: Mapping[str, str]) -> None:
    """Give the samples of ``listing`` the groups that ``key`` means; none where it is empty.

    Raises:
        UserError: ``sound.unknown_group``.
    """
    if not key:
        return
    if key == FOLDER and FOLDER in choices:
        _by_folder(listing)
    elif (place := _place(key)) is not None and all(
        place < len(_parts(sample)) for sample in listing.samples
    ):
        _by_name(listing, place)
    else:
        known = "; ".join(f"{name} ({examples})" for name, examples in choices.items())
        raise UserError("sound.unknown_group", key=key, known=known or "-")


def _place(key: str) -> int | None:
    """Which part of the name ``name:2`` means, from 0; None for no such key."""
    found = re.fullmatch(rf"{NAME}([1-9]\d?)", key)
    return int(found[1]) - 1 if found else None


def _by_name(listing: Listing, place: int) -> None:
    for at, sample in enumerate(listing.samples):
        listing.samples[at] = msgspec.structs.replace(sample, group=_parts(sample)[place])


def _by_folder(listing: Listing) -> None:
    """The last folder becomes the group, what is above it the class."""
    above = [name.rpartition("/")[0] for name in listing.classes]
    labels = {name: label for label, name in enumerate(dict.fromkeys(above))}
    for at, sample in enumerate(listing.samples):
        group, label = _last(listing.classes[sample.label]), labels[above[sample.label]]
        listing.samples[at] = msgspec.structs.replace(sample, group=group, label=label)
    listing.classes = list(labels)


def _nested(classes: Iterable[str]) -> bool:
    return all("/" in name for name in classes)


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _parts(sample: Sample) -> list[str]:
    """What the name of a file consists of, without its extension."""
    stem = sample.path.rpartition("/")[2].rpartition(".")[0]
    return [part for part in DIVIDERS.split(stem) if part] or [stem]


def _sensible(values: Sequence[str], classes: Sequence[object]) -> bool:
    """Whether groups of these ``values``, one for each recording, could be divided."""
    distinct = set(values)
    if not FEWEST <= len(distinct) <= len(values) / 2:
        return False
    per_class = defaultdict(set)
    for value, label in zip(values, classes, strict=True):
        per_class[label].add(value)
    several = sum(len(held) >= FEWEST for held in per_class.values())
    return several > len(per_class) / 2


def _examples(values: Iterable[str]) -> str:
    """The first few groups, as in ``george, jackson, lucas, … (6)``."""
    names = natural_order(values)
    more = f", … ({len(names)})" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
