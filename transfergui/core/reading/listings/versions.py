"""Files that are versions of each other, by their names: they must not be divided between training
and test.

Roboflow writes ``a_jpg.rf.9f2c….jpg`` again and again; people add a word or a size: ``a.jpg``,
``a_edited.jpg``, ``a_32px.jpg``; or they keep the versions in folders: ``small/a.jpg``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from transfergui.core.data import labels
from transfergui.core.data.dataset import Problem
from transfergui.core.reading.listings.listing import Listing

ROBOFLOW = re.compile(r"(.+)\.rf\.[0-9A-Za-z]{8,}\.\w+$")
"""A picture that Roboflow turned or recoloured: what it was called, and a sign of the version."""
WORDED = re.compile(r"(.+)[\s_.-]+\(?([^\W\d_]{2,})\)?\.\w+")
"""A file with a word behind the name of another: ``photo_edited.jpg``."""
WORDS = re.compile(r"([\s_.-]+[^\W\d_]{2,})+$")
SIZED = re.compile(r"(.+?)[\s_.-]*(\d{2,4}(?:px|[x×]\d{2,4})|@\dx)\.\w+", re.IGNORECASE)
"""A file with a size behind its name: ``arrow_32px.png``, ``arrow@2x.png``."""
SIZE = re.compile(r"\d{2,4}\s?(px|pixels?|p|[x×]\d{2,4})|@?\dx", re.IGNORECASE)
OF_VERSIONS = labels.word_set(
    "small large big medium tiny mini thumb thumbs icon icons lowres highres hires hd low high "
    "res original originals orig raw augmented augmentation augmentations aug edited processed "
    "enhanced cropped crop crops resized rotated flipped mirrored colour color grayscale "
    "greyscale gray grey bw rgb klein gross groß mittel augmentiert bearbeitet gedreht "
    "gespiegelt farbe graustufen petit petite petits grand grande grands moyen augmente "
    "augmentees originaux couleur gris pequeno pequena pequenos grandes mediano aumentado "
    "aumentada aumentadas originales editado piccolo piccola piccoli grandi medio aumentate "
    "originali colore groot gekleurd liten stor maly duzy male duze mala velka velky oryginal "
    "oryginalne powiekszone 原图 增强 小 大 "
)
"""What folders of versions are called, without accents."""
LONG, SAME = 12, 0.5
"""Characters of a name that no two files have by chance; the share of names that come again."""
ALIKE = 3
"""So many files must have the same word behind."""
SIZED_MARK = "1px"
MOST = 6
"""More folders are no versions of each other."""


def levels(paths: Sequence[str], folders: Sequence[str]) -> frozenset[int]:
    """The levels whose few folders are called as versions are (``32px``, ``original``) and hold
    the same files."""
    parts = [folder.split("/") for folder in folders if folder]
    found = set()
    for level in range(max(map(len, parts), default=0)):
        names = {part[level] for part in parts if len(part) > level}
        said = 1 < len(names) <= MOST and all(map(_says_version, names))
        if said and parallel(paths, level, said):
            found.add(level)
    return frozenset(found)


def _says_version(name: str) -> bool:
    return bool(SIZE.fullmatch(name.strip())) or OF_VERSIONS.issuperset(labels.words(name))


def parallel(paths: Sequence[str], level: int, said: bool = False) -> bool:
    """Whether folders on one level hold the same files, in versions of each other: ``color``,
    ``grayscale``.

    Names that are counted only (``DJI_0001``) come again for other files.

    Args:
        said: whether the folders are called so; then any names will do.
    """
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for path in paths:
        parts = path.split("/")
        if len(parts) > level + 1:
            keys[_without(path, level)].add(parts[level])
    again = sum(len(folders) > 1 for folders in keys.values())
    long = sum(said or len(key.rpartition("/")[2]) >= LONG for key in keys)
    return again >= SAME * len(keys) > 0 and long >= SAME * len(keys)


def _without(path: str, level: int) -> str:
    """A path without one of its folders, its ending and words that mark a version."""
    parts = path.split("/")
    sized = SIZED.fullmatch(parts[-1])
    stem = WORDS.sub("", sized[1] if sized else parts[-1].rpartition(".")[0])
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
    parts: dict[str | None, dict[str, str]] = defaultdict(dict)
    for at in versions:
        sample = listing.samples[at]
        parts[sources[at]].setdefault(sample.split or "", sample.path)
    differing = [found.values() for found in parts.values() if len(found) > 1]
    across = sorted(sorted(paths, key=len, reverse=True) for paths in differing)
    if across:
        values = {"count": len(across), "other": across[0][-1]}
        listing.problems.append(
            Problem("data.versions_across", values, path=across[0][0], left_out=False)
        )
    if versions:
        first = min(listing.samples[at].path for at in versions)
        values = {"count": len(versions)}
        listing.problems.append(Problem("data.versions", values, path=first, left_out=False))


def _sources(paths: Sequence[str]) -> list[str | None]:
    """What each file is made of: the path of another one without its ending, or the name of one
    that is gone; its own path where others are made of it, None for what stands alone."""
    stems = {path.rpartition(".")[0] for path in paths}
    made = [_made_of(path, stems) for path in paths]
    made = [one or other for one, other in zip(made, _made_elsewhere(paths), strict=True)]
    sized = Counter(source for source, mark in filter(None, made) if mark == SIZED_MARK)
    made = [None if each and sized[each[0]] > MOST else each for each in made]
    often = Counter(mark for _source, mark in filter(None, made))
    sources = {source for source, _mark in filter(None, made)}

    def source(path: str, each: tuple[str, str] | None) -> str | None:
        if each is not None and often[each[1]] >= ALIKE:
            return each[0]
        stem = path.rpartition(".")[0]
        return stem if stem in sources else None

    return [source(path, each) for path, each in zip(paths, made, strict=True)]


def _made_elsewhere(paths: Sequence[str]) -> list[tuple[str, str] | None]:
    """The same, of files in other folders, where no two files have the name of the first one."""
    names = [path.rpartition("/")[2].rpartition(".")[0] for path in paths]
    counts = Counter(names)
    homes = {name: path.rpartition(".")[0] for name, path in zip(names, paths, strict=True)}

    def made_of(path: str) -> tuple[str, str] | None:
        worded = WORDED.fullmatch(path.rpartition("/")[2])
        if worded is None or counts[worded[1]] != 1 or not any(map(str.isdigit, worded[1])):
            return None
        return homes[worded[1]], worded[2].lower()

    return [made_of(path) for path in paths]


def _made_of(path: str, stems: set[str]) -> tuple[str, str] | None:
    """What a file may be made of, and what marks it as that.

    Args:
        stems: every path without its ending.
    """
    if version := ROBOFLOW.match(path.rpartition("/")[2]):
        return version[1], ".rf."
    if sized := SIZED.fullmatch(path):
        return sized[1], SIZED_MARK
    worded = WORDED.fullmatch(path)
    return (worded[1], worded[2].lower()) if worded and worded[1] in stems else None
