"""Masks among pictures, told by their names: ``a_mask.png`` of ``a.png``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transfergui.core.reading.names.kinds import among_masks

MASK_WORDS = (
    "mas",
    "seg",
    "gt",
    "label",
    "annot",
    "trimap",
    "superpixel",
    "groundtruth",
    "overlay",
    "掩",
    "蒙版",
)
"""One of them is in every name that :data:`MASK` finds."""
MASK = re.compile(
    r"(.+?)[\s_.-]*(mask|maska|maske|masker|masque|m[aá]scara|maschera|maszk|seg|segmentation|gt|"
    r"annotation|label|trimap|superpixel|groundtruth|overlay|掩码|掩膜|蒙版)s?([\s_-]*\d+)?$",
    re.IGNORECASE,
)


def masks(paths: Sequence[str]) -> list[int]:
    """Places of the files that are masks of another one, wherever that is: ``a_mask.png`` of
    ``a.png``."""
    marked = [at for at, path in enumerate(paths) if _marked(path.lower())]
    if not marked:
        return _below_pictures(paths)
    beside = {path.rpartition(".")[0] for path in paths}
    anywhere = {stem_of(path) for path in paths}
    found = []
    for at in marked:
        folder, slash, name = paths[at].rpartition("/")
        match = MASK.fullmatch(name.rpartition(".")[0])
        if match and (f"{folder}{slash}{match[1]}" in beside or match[1] in anywhere):
            found.append(at)
    return found or _below_pictures(paths)


def _below_pictures(paths: Sequence[str]) -> list[int]:
    """The same, where masks lie in a folder beside the pictures, called as these are:
    ``P01/masks/a.png`` of ``P01/a.png``."""
    homes = {path.rpartition("/")[0] for path in paths}
    masked = {home for home in homes if home and among_masks(home.rpartition("/")[2])}
    stems = {path.rpartition(".")[0] for path in paths} if masked else set()
    found = []
    for at, path in enumerate(paths):
        home, _slash, name = path.rpartition("/")
        above = home.rpartition("/")[0]
        if home in masked and above and f"{above}/{name.rpartition('.')[0]}" in stems:
            found.append(at)
    return found


def _marked(path: str) -> bool:
    """Whether the name of a mask may be in ``path``; six times as fast as a pattern."""
    return any(word in path for word in MASK_WORDS)


def stem_of(path: str) -> str:
    """The name of a file without folders and ending."""
    return path.rpartition("/")[2].rpartition(".")[0]
