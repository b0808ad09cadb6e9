"""The likeliest layout of folders, and how sure it is.

Nothing here looks at a file: it is names only, so it can be wrong. Whoever calls :func:`guess`
asks the user where it is not sure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from transfergui.core.reading.folders.layout import Guess, Layout, classes_of
from transfergui.core.reading.folders.levels import by_levels, is_split
from transfergui.core.reading.names.kinds import ODD, among_masks, kind_of, split_of


def common(folders: Sequence[Sequence[str]]) -> int:
    """How many leading parts all share; the last part of each always stays."""
    if not folders:
        return 0
    shortest = min(map(len, folders)) - 1
    first = folders[0]
    differing = (at for at in range(shortest) if any(p[at] != first[at] for p in folders))
    return next(differing, shortest)


def guess(homes: Collection[str], files: int = 0, versions: Collection[int] = frozenset()) -> Guess:
    """The layout of ``homes``: every folder, below the root, that holds files.

    Args:
        files: how many there are in all; with few in each folder, these are rather groups.
        versions: levels whose folders hold versions of the same files, and say nothing more.
    """
    parts = [home.split("/") for home in homes if home]
    lead = common(parts)
    rests = [part[lead:] for part in parts]
    plain = Layout("class", lead)
    if not rests:
        return Guess(plain)
    if (mixed := _split_beside_classes(rests, lead)) is not None:
        return mixed
    below = {level - lead for level in versions}
    found = _without_odd(by_levels(rests, plain, files, below), rests)
    return (found.code == "data.only_parts" and _beside_any_masks(homes, files)) or found


def _beside_any_masks(homes: Collection[str], files: int) -> Guess | None:
    """The layout of the folders without those of masks, where several classes are left."""
    others = [home for home in homes if home and not among_masks(home)]
    if not others or len(others) == len(homes):
        return None
    found = guess(others, files)
    every = [replace(each, masked=True) for each in (found.layout, *found.others)]
    labels = {every[0].place(home).label for home in others} - {None}
    if len(labels) < 2 or found.code == "data.only_parts":
        return None
    return replace(found, layout=every[0], others=tuple(every[1:]))


def _without_odd(found: Guess, rests: Sequence[Sequence[str]]) -> Guess:
    """``found``, asked about where some folders of the classes are hardly such."""
    without = {each: _leaving_out(each, rests) for each in (found.layout, *found.others)}
    likely = without[found.layout]
    if likely is None and _beside_masks(found.layout, rests):
        return Guess(found.layout, found.others, False, "data.only_parts")
    if not found.sure:
        every = [without[each] or each for each in (found.layout, *found.others)]
        layout, *others = dict.fromkeys([*every, found.layout])
        return Guess(layout, tuple(others), False, found.code)
    if likely is not None:
        return Guess(likely, (found.layout, *found.others), False, "data.odd_folders")
    if any(kind_of(name) in ODD for name in classes_of(found.layout, rests)):
        return Guess(found.layout, found.others, False, "data.only_parts")
    return found


def _beside_masks(layout: Layout, rests: Sequence[Sequence[str]]) -> bool:
    """Whether there are masks, and but one folder of classes beside them."""
    names = {name for name in classes_of(layout, rests) if kind_of(name) != "masks"}
    return len(names) < 2 and any(among_masks("/".join(rest)) for rest in rests)


def _leaving_out(layout: Layout, rests: Sequence[Sequence[str]]) -> Layout | None:
    """``layout`` without folders that are hardly classes; None where there are none of them, or
    nothing else."""
    names = classes_of(layout, rests)
    odd = {name for name in names if kind_of(name) in ODD}
    if not odd or len(names - odd) < 2:
        return None
    doubted = "/".join("class?" if role == "class" else role for role in layout.roles)
    return Layout(doubted, layout.lead)


def _split_beside_classes(rests: Sequence[Sequence[str]], lead: int) -> Guess | None:
    """Folders called ``train`` or ``test`` beside such that are not: parts, or classes?"""
    tops: dict[str, set[str]] = defaultdict(set)
    for rest in rests:
        tops[rest[0]].add(rest[1] if len(rest) > 1 else "")
    marked = [name for name in tops if split_of(name)]
    others = [name for name in tops if not split_of(name)]
    if not marked or not others or is_split(tops):
        return None
    if all(kind_of(name) in ("unlabelled", "images", "masks") for name in others):
        return None
    plain, mixed = Layout("class", lead), Layout("split?/class", lead)
    below = set().union(*(tops[name] for name in marked)) - {""}
    if below and below <= set(others):  # cat, dog, test/cat, test/dog
        return Guess(mixed)
    if {split_of(name) for name in marked} > {"train"} and below:  # train/cat, test/cat, more
        parts = Layout("split/class", lead)
        return Guess(parts, (plain,), False, "data.class_or_part")
    asked = (mixed,) if len(others) > 1 else ()
    guessed = mixed if asked and len(marked) == 1 and split_of(marked[0]) == "test" else plain
    options = tuple(each for each in (plain, *asked) if each != guessed)
    return Guess(guessed, options, False, "data.class_or_part")
