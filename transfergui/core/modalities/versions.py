"""Files that are versions of each other, by their names: they must not be divided between training
and test.

Roboflow writes ``a_jpg.rf.9f2c….jpg`` again and again; people add a word: ``a.jpg``,
``a_edited.jpg``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from transfergui.core.dataset import Problem
from transfergui.core.modalities.label_tables import Listing

ROBOFLOW = re.compile(r"(.+)\.rf\.[0-9A-Za-z]{8,}\.\w+$")
"""A picture that Roboflow turned or recoloured: what it was called, and a sign of the version."""
WORDED = re.compile(r"(.+)[\s_.-]+\(?([^\W\d_]{2,})\)?\.\w+")
"""A file with a word behind the name of another: ``photo_edited.jpg``."""
ALIKE = 3
"""So many files must have the same word behind."""


def group(listing: Listing) -> None:
    """Keep versions of one file together, where nothing else says what belongs together; noted."""
    if any(sample.group for sample in listing.samples):
        return
    sources = _sources([sample.path for sample in listing.samples])
    counts = Counter(sources)
    versions = [at for at, source in enumerate(sources) if source and counts[source] > 1]
    for at in versions:
        sample = listing.samples[at]
        listing.samples[at] = msgspec.structs.replace(sample, group=sources[at])
    if versions:
        first = min(listing.samples[at].path for at in versions)
        values = {"count": len(versions)}
        listing.problems.append(Problem("data.versions", first, False, values))


def _sources(paths: Sequence[str]) -> list[str | None]:
    """What each file is made of: the path of another one without its ending, or the name of one
    that is gone; its own path where others are made of it, None for what stands alone."""
    stems = {path.rpartition(".")[0] for path in paths}
    made = [_made_of(path, stems) for path in paths]
    often = Counter(mark for _source, mark in filter(None, made))
    sources = {source for source, _mark in filter(None, made)}

    def source(path: str, each: tuple[str, str] | None) -> str | None:
        if each is not None and often[each[1]] >= ALIKE:
            return each[0]
        stem = path.rpartition(".")[0]
        return stem if stem in sources else None

    return [source(path, each) for path, each in zip(paths, made, strict=True)]


def _made_of(path: str, stems: set[str]) -> tuple[str, str] | None:
    """What a file may be made of, and what marks it as that.

    Args:
        stems: every path without its ending.
    """
    if version := ROBOFLOW.match(path.rpartition("/")[2]):
        return version[1], ".rf."
    worded = WORDED.fullmatch(path)
    return (worded[1], worded[2].lower()) if worded and worded[1] in stems else None
