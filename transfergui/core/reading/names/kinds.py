"""What a single folder is by its name: a part of the data, a person, a day, masks."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.names.words import (
    BESIDE_MASKS,
    COPIES,
    DAYS,
    FILLERS,
    FOLDS,
    IMAGES,
    LABELLED,
    MASK,
    MASKS,
    NONE,
    NOT_YET,
    PEOPLE,
    SPLIT_WORDS,
    UNKNOWN,
    UNLABELLED,
    WORN,
    words,
)

SYNSET = re.compile(r"n\d{8}")
"""How ImageNet calls its classes."""
DATE = re.compile(
    r"(19|20)\d\d([-_. ]?[01]\d([-_. ]?[0-3]\d([-_. T].*)?)?)?|[0-3]\d[-.][01]\d[-.]\d{2,4}"
)

LETTERED = re.compile(r"[\s_-][A-Z]$")
"""Counted by letters: ``Cam-A``."""

Kind = Literal[
    "split", "unlabelled", "copies", "fold", "person", "day", "images", "masks", "number", "word"
]
ODD: Collection[Kind] = ("unlabelled", "copies", "images", "masks")
"""Kinds of folders that are hardly ever classes."""


def split_of(name: str, fillers: Collection[str] = FILLERS) -> SplitName | None:
    """The part that a folder of this name usually is: ``train2017``, ``seg_test``.

    Args:
        fillers: words beside that change nothing.
    """
    found = words(name)
    parts = [SPLIT_WORDS[word] for word in found if word in SPLIT_WORDS]
    rest = [word for word in found if word not in SPLIT_WORDS]
    return parts[0] if len(parts) == 1 and all(word in fillers for word in rest) else None


def kind_of(name: str) -> Kind:
    """What a single folder name looks like."""
    found = words(name)
    lettered = LETTERED.search(name) is not None
    digits = any(character.isdigit() for character in name)
    found, numbered = found[:-1] if lettered else found, digits or lettered
    checks: tuple[tuple[Kind, bool], ...] = (
        ("split", split_of(name) is not None),
        ("unlabelled", _made_of(found, UNLABELLED, FILLERS | NOT_YET)),
        ("copies", _made_of(found, COPIES, FILLERS) or name.startswith("_")),
        ("day", DATE.fullmatch(name.strip()) is not None),
        ("number", not found),
        ("fold", numbered and _made_of(found, FOLDS, FILLERS)),
        ("person", numbered and _made_of(found, PEOPLE, FILLERS)),
        ("day", numbered and _made_of(found, DAYS, FILLERS)),
        ("masks", _made_of(found, MASKS, BESIDE_MASKS) or "".join(found) in MASKS),
        ("masks", _of_masks(found)),
        ("images", _made_of(found, IMAGES, FILLERS)),
        ("word", SYNSET.fullmatch(name) is not None),
        ("person", digits and len(found) == 1 and len(found[0]) <= 2),  # p01, S12
    )
    return next((kind for kind, holds in checks if holds), "word")


def _of_masks(found: Sequence[str]) -> bool:
    """Whether words say that something is masked, and not that people wear a mask."""
    several = len(found) > 1 and not any(word in WORN for word in found)
    return several and any(MASK.fullmatch(word) for word in (found[0], found[-1]))


def among_masks(folder: str) -> bool:
    """Whether a path of folders leads to masks, labels or boxes instead of samples."""
    return any(kind_of(part) == "masks" for part in folder.split("/"))


def _made_of(found: Sequence[str], some: Collection[str], rest: Collection[str]) -> bool:
    """Whether ``found`` has one of ``some`` words, and nothing else but those and the ``rest``."""
    return any(word in some for word in found) and all(w in some or w in rest for w in found)


def says_unlabelled(name: str) -> bool:
    """Whether a label says that there is none yet: ``to be determined``, ``unsure``."""
    return kind_of(name) == "unlabelled" and not says_labelled(name)


def says_none(name: str) -> bool:
    """Whether a label says that there is none: ``No Finding``, ``none``, ``kein Befund``."""
    return next(iter(words(name)), "") in NONE


def says_unknown(name: str) -> bool:
    """Whether a cell or a class says that nobody knows: ``NA``, ``unknown``, ``not available``."""
    return name.strip().lower() in UNKNOWN


def says_labelled(name: str) -> bool:
    """Whether a folder says that its files have classes."""
    return any(word in LABELLED for word in words(name)) and not NOT_YET & set(words(name))


def named_split(name: str) -> SplitName | None:
    """The part that a folder is, once its level is known to hold the parts."""
    parts = [SPLIT_WORDS[word] for word in words(name) if word in SPLIT_WORDS]
    return parts[0] if parts else None
