"""Files that are versions of each other, by their names: they must not be divided between training
and test.

Roboflow writes ``a_jpg.rf.9f2c….jpg`` again and again; people add a word: ``a.jpg``,
``a_edited.jpg``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from transfergui.core.dataset import Problem
from transfergui.core.modalities.label_tables import Listing

ROBOFLOW = re.compile(r"(.+)\.rf\.[0-9A-Za-z]{8,}\.\w+$")
"""A picture that Roboflow turned or recoloured: what it was called, and a sign of the version."""
WORDED = re.compile(r"(.+)[\s_.-]+\(?([^\W\d_]{2,})\)?\.\w+")
"""A file with a word behind the name of another: ``photo_edited.jpg``."""
WORDS = re.compile(r"([\s_.-]+[^\W\d_]{2,})+$")
LONG, SAME = 12, 0.5
"""Characters of a name that no two files have by chance; the share of names that come again."""
ALIKE = 3
"""So many files must have the same word behind."""


def parallel(paths: Sequence[str], level: int) -> bool:
    """Whether folders on one level hold the same files, in versions of each other: ``color``,
    ``grayscale``.

    Names that are counted only (``DJI_0001``) come again for other files.
    """
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        parts = path.split("/")
        if len(parts) > level + 1:
            keys[_without(path, level)].add(parts[level])
    again = sum(len(folders) > 1 for folders in keys.values())
    long = sum(len(key.rpartition("/")[2]) >= LONG for key in keys)
    return again >= SAME * len(keys) > 0 and long >= SAME * len(keys)


def _without(path: str, level: int) -> str:
    """A path without one of its folders, its ending and words that mark a version."""
    parts = path.split("/")
    stem = WORDS.sub("", parts[-1].rpartition(".")[0])
    return "/".join((*parts[:level], *parts[level + 1 : -1], stem))


def group(listing: Listing, level: int | None = None) -> None:
    """Keep versions of one file together, where nothing else says what belongs together; noted.

    Args:
        level: of folders that are :func:`parallel`; None for none.
    """
    if any(sample.group for sample in listing.samples):
        return
    paths = [sample.path for sample in listing.samples]
    sources: Sequence[str | None]
    sources = _sources(paths) if level is None else [_without(path, level) for path in paths]
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
