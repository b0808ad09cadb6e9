"""Lists of files that say what is for training and what for the test: ``testing_list.txt``.

Speech Commands, ChestX-ray14, Pascal VOC and others keep their split in text files beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergui.core.data.dataset import SplitName
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.names import kinds, words

LISTS = "lists"
"""As what the column of the split is chosen where lists say it."""
WORDS = "list lists name names id ids split splits main default"
"""Words beside ``train`` in the name of a list."""
MOST = 40
"""Text files that are looked into."""
MAX_BYTES = 50_000_000
NAMED = 0.5
"""The share of lines that must name files."""


@dataclass
class Lists:
    """What lists say.

    Attributes:
        names: of the lists, relative to the root.
        splits: by the place of the file among all.
        rest: what files are for that no list names: training, where no list is for that.
    """

    names: list[str] = field(default_factory=list)
    splits: dict[int, SplitName] = field(default_factory=dict)
    rest: SplitName | None = None


def find(root: Path, paths: Sequence[str], beside: Sequence[str]) -> Lists:
    """The lists among the files ``beside`` the samples ``paths``, all relative to ``root``."""
    found = Lists()
    texts = [name for name in beside if name.endswith(".txt") and part_of(name)]
    lookups: dict[str, Lookup] = {}
    for name in sorted(texts, key=lambda name: (name.count("/"), name))[:MOST]:
        base = name.rpartition("/")[0]
        lookup = lookups.setdefault(base, Lookup(paths, base))
        named = _named(root / name, lookup)
        if named and (part := part_of(name)):
            found.names.append(name)
            found.splits |= dict.fromkeys(named, part)
    if found.names and "train" not in found.splits.values():
        found.rest = "train"
    return found


def part_of(name: str) -> SplitName | None:
    """What a list of this name is for; a list of training and validation is for training."""
    stem = name.rpartition("/")[2].rpartition(".")[0].lower()
    if stem.replace("_", "").replace("-", "").startswith("trainval"):
        return "train"
    return kinds.split_of(stem, words.FILLERS.union(WORDS.split()))


def _named(path: Path, lookup: Lookup) -> list[int]:
    """The files that the lines of a list name; none where it is no list."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return []
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    written = [line.strip() for line in lines if line.strip()]
    places = [lookup.file(line) for line in written]
    if sum(at is not None for at in places) < NAMED * len(written):
        places = [lookup.file(line.split()[0]) for line in written]
    found = [at for at in places if at is not None]
    return found if len(found) > 1 and len(found) >= NAMED * len(written) else []
