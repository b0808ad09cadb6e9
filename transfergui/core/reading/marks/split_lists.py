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
MAIN = "/Main/"
"""In the path of the lists of Pascal VOC that are for boxes."""
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
    mains = {name.rpartition("/")[0].rpartition("/")[0] for name in texts if MAIN in name}
    texts = [name for name in texts if MAIN in name or not _of_main(name, mains)]
    below = _Below(paths)
    named: dict[str, list[int]] = {}
    for name in sorted(texts, key=_order)[:MOST]:
        if places := below.named(root, name):
            named[name] = places
    several = {name.rpartition("/")[0] for name, places in named.items() if len(places) > 1}
    for name, places in named.items():
        part = part_of(name)
        if part and name.rpartition("/")[0] in several:  # a single file may be called like a class
            found.names.append(name)
            found.splits |= dict.fromkeys(places, part)
    if found.names and "train" not in found.splits.values():
        found.rest = "train"
    return found


def _of_main(name: str, mains: set[str]) -> bool:
    """Whether a list of Pascal VOC is one for another task: ``ImageSets/Layout/val.txt``."""
    return name.rpartition("/")[0].rpartition("/")[0] in mains


def _order(name: str) -> tuple[int, bool, str]:
    """Lists of training and validation together before those that tell more."""
    return name.count("/"), "trainval" not in name.rpartition("/")[2], name


class _Below:
    """The files below the folders that hold lists, which name those first."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._lookups: dict[tuple[str, str], tuple[list[int], Lookup]] = {}

    def named(self, root: Path, name: str) -> list[int]:
        """The files that a list names: in its own folder, or in the nearest above that has them."""
        base = name.rpartition("/")[0]
        above = base
        while True:
            places, lookup = self._lookup(base, above)
            if places and (found := _named(root / name, lookup)):
                return [places[at] for at in found]
            if not above:
                return []
            above = above.rpartition("/")[0]

    def _lookup(self, base: str, above: str) -> tuple[list[int], Lookup]:
        if (base, above) not in self._lookups:
            lead = f"{above}/" if above else ""
            places = [at for at, path in enumerate(self._paths) if path.startswith(lead)]
            made = Lookup([self._paths[at] for at in places], base)
            self._lookups[base, above] = places, made
        return self._lookups[base, above]


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
    return found if found and len(found) >= NAMED * len(written) else []
