"""Which recordings belong together: a manifest's column, the folder, or a part of the name.

``folder`` is the last folder of a path, where class folders hold the same folders again
(``dog/park/1.wav``, ``cat/park/7.wav``). ``name:2`` is the second part of the file name, as
divided by ``_``, ``-`` and spaces: ``jackson`` of ``0_jackson_3.wav``. ``chars:1-2`` are the first
two characters of names without such dividers: ``03`` of ``03a01Wa.wav``.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data.dataset import GROUP_COLUMN, NO_GROUP, Problem, Sample, natural_order
from transfergui.core.reading.listings.listing import Listing

FOLDER, NAME, CHARS = "folder", "name:", "chars:"
SPAN = re.compile(rf"{CHARS}([1-9]\d{{0,2}})(?:-([1-9]\d{{0,2}}))?")
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
    said = {key: _examples(values) for key, values in found.items()}
    return said | (_choices_of_characters(listing, labels) if _undivided(rows) else {})


def obstacle(listing: Listing) -> Problem:
    """Why there is nothing to group by, where :func:`choices` finds nothing."""
    column = str(listing.chosen.get(GROUP_COLUMN) or NO_GROUP)
    if column != NO_GROUP:
        return Problem("groups.by_column", {"column": column}, path=".", left_out=False)
    if "group" in str(listing.chosen.get("layout", "")).split("/"):
        return Problem("groups.by_folder", path=".", left_out=False)
    undivided = _undivided([_parts(sample) for sample in listing.samples])
    code = "groups.undivided_names" if undivided else "groups.no_shared_part"
    return Problem(code, {"fewest": FEWEST}, path=".", left_out=False)


def likely(choices: Mapping[str, str]) -> str | None:
    """The choice that looks most like speakers or places: words, not numbers."""
    return next((key for key, examples in choices.items() if examples[0].isalpha()), None)


def apply(listing: Listing, key: str, choices: Mapping[str, str]) -> None:
    """Give the samples of ``listing`` the groups that ``key`` means; none where it is empty.

    Raises:
        UserError: ``sound.unknown_group``; ``sound.short_name``: a name has fewer characters.
    """
    if not key:
        return
    if key == FOLDER and FOLDER in choices:
        _by_folder(listing)
    elif (span := _span(key)) is not None:
        _by_characters(listing, key, span)
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


def _stem(sample: Sample) -> str:
    """The name of a file without its extension."""
    return sample.path.rpartition("/")[2].rpartition(".")[0]


def _parts(sample: Sample) -> list[str]:
    """What the name of a file consists of, without its extension."""
    stem = _stem(sample)
    return [part for part in DIVIDERS.split(stem) if part] or [stem]


def _undivided(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a name is of a single part."""
    return any(len(row) == 1 for row in rows)


# -- characters of names without dividers


def _span(key: str) -> slice | None:
    """Which characters ``chars:1-2`` or ``chars:3`` means; None for no such key."""
    found = SPAN.fullmatch(key)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return slice(first - 1, last) if first <= last else None


def _by_characters(listing: Listing, key: str, span: slice) -> None:
    for sample in listing.samples:
        if (count := len(_stem(sample))) < span.stop:
            raise UserError("sound.short_name", key=key, path=sample.path, count=count)
    for at, sample in enumerate(listing.samples):
        listing.samples[at] = msgspec.structs.replace(sample, group=_stem(sample)[span])


def _choices_of_characters(listing: Listing, labels: Sequence[int]) -> dict[str, str]:
    """The fields of the names that group them, as in ``03, 08, 09, … (10): characters 1-2``."""
    stems = [_stem(sample) for sample in listing.samples]
    found = {}
    for field in _fields(stems):
        values = [stem[field] for stem in stems]
        long = field.stop - field.start > 1  # a single letter rather counts takes
        if long and _sensible(values, labels) and not _counted(values, labels):
            span = f"{field.start + 1}-{field.stop}"
            text = _("{groups}: characters {span} of the file name, as {name} → {group}")
            said = _examples(values, always=True)
            found[CHARS + span] = text.format(
                groups=said, span=span, name=stems[0], group=values[0]
            )
    return found


def _fields(stems: Sequence[str]) -> list[slice]:
    """Where the names all have digits, all have capitals, or all have small letters.

    ``03a01Wa`` is made of ``03``, ``a``, ``01``, ``W`` and ``a`` if the others are made alike. A
    field that begins or ends elsewhere in other names is none.
    """
    shortest = min(map(len, stems))
    columns = [{_kind(stem[at : at + 1]) for stem in stems} for at in range(shortest + 1)]
    fields, first = [], 0
    for kinds, several in itertools.groupby(columns[:shortest]):
        field = slice(first, first := first + len([*several]))
        beside = columns[field.stop] | (columns[field.start - 1] if field.start else set())
        if len(kinds) == 1 and kinds != {""} and not kinds & beside:
            fields.append(field)
    return fields


def _kind(character: str) -> str:
    """Empty for what is neither a digit nor a letter, and for none."""
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "capital"
    return "letter" if character.isalpha() else ""


def _counted(values: Sequence[str], labels: Sequence[int]) -> bool:
    """Whether the recordings of each class are only numbered by ``values``."""
    return len({*zip(labels, values, strict=True)}) == len(values)


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


def _examples(values: Iterable[str], always: bool = False) -> str:
    """The first few groups, as in ``george, jackson, lucas, … (6)``.

    Args:
        always: say how many there are even where all are named.
    """
    names = natural_order(values)
    more = ", …" if len(names) > SHOWN else ""
    count = f" ({len(names)})" if more or always else ""
    return comma_list(names[:SHOWN]) + more + count
