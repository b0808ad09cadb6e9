"""Whether the samples of a split are still there, and as they were."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from transfergui.core.data import tars
from transfergui.core.data.companions import Companion
from transfergui.core.data.dataset import Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split


def compare(split: Split) -> tuple[Split, list[str], list[str]]:
    """Compare a split with the disk.

    Returns:
        the split of what is there (with the sizes of now), the paths that are
        gone, and the paths whose size has changed; of those in a tar, whose tar was replaced.
    """
    gone: list[str] = []
    changed: list[str] = []

    def present(root: Path, samples: tuple[Sample, ...], now: tars.Now) -> Iterator[Sample]:
        for sample in samples:
            file = FilePart.parse(sample.path).file
            try:
                size = (root / file).stat().st_size
            except OSError:
                gone.append(sample.path)
                continue
            if now[file] is None if file in now else size != sample.size:
                changed.append(sample.path)
            yield msgspec.structs.replace(sample, size=size)

    def now_of(each: Split | Companion) -> tuple[tars.Now, tars.Tars]:
        now = tars.as_now(each.root, each.tars)
        return now, {name: now.get(name) or was for name, was in each.tars.items()}

    own, (now, listed) = Path(split.root), now_of(split)
    parts = {
        name: tuple(present(own, getattr(split, name), now)) for name in ("train", "val", "test")
    }
    beside = []
    for each in split.companions:
        now, theirs = now_of(each)
        there = tuple(present(Path(each.root), each.samples, now))
        beside.append(msgspec.structs.replace(each, samples=there, tars=theirs))
    found = msgspec.structs.replace(split, **parts, companions=tuple(beside), tars=listed)
    return found, gone, changed
