"""Which level of folders holds the classes, by the names on each level."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import NamedTuple

from transfergui.core.data import labels
from transfergui.core.reading.folders.layout import Guess, Layout
from transfergui.core.reading.names.kinds import SYNSET, Kind, kind_of, says_labelled, split_of
from transfergui.core.reading.names.name_parts import ALIKE
from transfergui.core.reading.names.words import COUNTED_CLASSES, SPLIT_WORDS, words

FEW = 5
"""Files in a folder on average, with which it is hardly a class."""
MANY = 20
"""So many folders that are called alike below every other one are rather classes of their own."""
CODED = 3
"""Digits of a code that is no name."""
COUNTED_BY_LETTER = re.compile(r"[\s_-][A-Za-z]$")

MOST_NUMBERS = 12
"""More folders that are numbers are rather people or plots."""


def called_classes(names: Collection[str]) -> bool:
    """Whether folders are called as classes are that have no names: ``class 1``, or 0, 1, 2 ...
    rather than 01, 02 ... as people and plots are counted."""
    plain = all(name.isdecimal() and str(int(name)) == name for name in names)
    counted_so = sum(bool(COUNTED_CLASSES & set(words(name))) for name in names)
    counting = counted_so > len(names) / 2
    return counting or (plain and len(names) <= MOST_NUMBERS)


def by_levels(
    rests: Sequence[Sequence[str]], plain: Layout, files: int, versions: Collection[int] = ()
) -> Guess:
    """What the levels of folders are; as of :func:`guess`."""
    lead = plain.lead
    roles, at = _known_levels(rests)
    every = range(max(map(len, rests)))
    left = [level for level in every if roles.get(level, "class") == "class"]
    if not left:
        return Guess(plain, (), False, "data.only_parts")
    if versioned := set(versions) & set(left):
        roles |= dict.fromkeys(versioned, "-") if versioned < set(left) else {}
        left = [level for level in left if roles.get(level, "class") == "class"]
    found = _classes_among(rests, roles, left, lead, 0 < files <= FEW * len(rests))
    return found if at is None or found.layout.key != "class" else Guess(plain)


def _known_levels(rests: Sequence[Sequence[str]]) -> tuple[dict[int, str], int | None]:
    """The role of each level whose names say it, and which level is the split."""
    roles: dict[int, str] = {}
    split: int | None = None
    deepest = max(map(len, rests))
    for level in range(deepest):
        names = {rest[level] for rest in rests if len(rest) > level}
        kinds = {kind_of(name) for name in names}
        if split is None and is_split(names):
            roles[level], split = "split", level
        elif kinds <= {"images", "masks"} and "masks" in kinds:
            roles[level] = "images"
        elif kinds == {"unlabelled"} and level < deepest - 1 and any(map(says_labelled, names)):
            roles[level] = "labelled"
        elif (
            (level and _repeats_above(rests, level))
            or (kinds == {"images"} and deepest > 1)
            or (0 < level < deepest - 1 and len(names) == 1 and _below_all(rests, level, split))
        ):
            roles[level] = "-"
    return roles, split


def _below_all(rests: Sequence[Sequence[str]], level: int, split: int | None) -> bool:
    """Whether everything lies below this level, but what is directly in a part of the data."""
    direct = 0 if split is None else split + 1
    return all(len(rest) > level + 1 or len(rest) <= direct for rest in rests)


def is_split(names: Collection[str]) -> bool:
    """Whether all of these folders are parts of a data set, training among them."""
    found = {split_of(name) for name in names}
    others = [name for name in names if split_of(name) is None]
    if "train" in found and len(found - {None}) > 1:
        return all(kind_of(name) in ("unlabelled", "masks") for name in others)
    if found == {"train"} and not others:
        return True
    return _is_split_with_remainder(names)


def _is_split_with_remainder(names: Collection[str]) -> bool:
    """``chest_train`` and ``chest_test``: what is no part of a name is the same in all; or one of
    them is a part for sure, and the others are called like another one."""
    remainders = set()
    parts = set()
    for name in names:
        found = words(name)
        marks = [SPLIT_WORDS[word] for word in found if word in SPLIT_WORDS]
        if len(marks) != 1:
            return False
        parts.add(marks[0])
        remainders.add(tuple(word for word in found if word not in SPLIT_WORDS))
    alike = len(remainders) == 1 or any(map(split_of, names))
    return alike and "train" in parts and len(parts) > 1


def _repeats_above(rests: Sequence[Sequence[str]], level: int) -> bool:
    """``training_set/training_set``: folders of archives that were unpacked into folders."""
    deep = [rest for rest in rests if len(rest) > level]
    return all(rest[level].lower() == rest[level - 1].lower() for rest in deep)


class _Levels(NamedTuple):
    """The levels whose role is known, below ``lead`` ones that everything shares."""

    roles: Mapping[int, str]
    lead: int

    def layout(self, classes: Sequence[int], groups: Sequence[int] = ()) -> Layout:
        """With these other levels as classes and groups."""
        named = {
            **self.roles,
            **dict.fromkeys(classes, "class"),
            **dict.fromkeys(groups, "group"),
        }
        return Layout("/".join(named.get(level, "-") for level in range(max(named) + 1)), self.lead)


def _classes_among(
    rests: Sequence[Sequence[str]],
    roles: Mapping[int, str],
    left: Sequence[int],
    lead: int,
    sparse: bool,
) -> Guess:
    """Which of the levels that are ``left`` hold classes, which groups.

    Args:
        sparse: whether there are only few files in a folder.
    """
    levels = _Levels(roles, lead)
    kinds = {level: _level_kind(rests, level) for level in left}
    grouping = [level for level in left if kinds[level] in ("fold", "person", "day")]
    naming = [level for level in left if level not in grouping]
    coded = [level for level in naming[1:] if _coded_at(rests, level)]
    if coded and len(naming) + bool(grouping) > 2:  # of slides, below the classes
        grouping = sorted([*coded, *grouping])
        naming = [level for level in naming if level not in coded]
    if not naming:  # nothing but days or patients
        return Guess(levels.layout(left[-1:], left[:-1]), (), False, "data.only_groups")
    whole = _nested(levels.layout(left))
    counting = [level for level in naming if _counted_at(rests, level)]
    if not grouping and counting and len(counting) == len(naming) - 1 > 1:
        return _by_counted(_Levels({**roles, **dict.fromkeys(left, "-")}, lead), naming, counting)
    if not grouping and counting and len(naming) > 2:  # a child, the first or second day, the word
        grouping, naming = counting, [level for level in naming if level not in counting]
    if grouping:
        levels = _Levels(
            {**roles, **dict.fromkeys(left, "-")}, lead
        )  # what is neither means nothing
        first, both = (levels.layout(each, grouping[:1]) for each in (naming[:1], naming))
        if first != both:  # a device, a day, the class
            ways = (naming[:1], grouping[:1], [*naming[:1], *grouping[:1]])
            last = [levels.layout(naming[-1:], by) for by in ways]
            every = [first, *last, both]
            if _counted_at(rests, naming[0]) or (
                grouping[0] < naming[0] and _each_below_all(rests, naming)
            ):
                every = [*last, first, both]
            return Guess(every[0], tuple(every[1:]), False, "data.which_level")
        return _checked(Guess(first, (whole,)), rests, roles)
    if len(left) == 1:
        only_counted = Guess(whole, (), False, "data.only_groups")
        return only_counted if counting else _checked(Guess(whole), rests, roles)
    return _on_two_levels(rests, levels, left, sparse or kinds[left[-1]] == "number")


def _by_counted(levels: _Levels, naming: Sequence[int], counting: Sequence[int]) -> Guess:
    """Classes on the one level whose folders are not only counted: ``batch 1/good/part 7``."""
    classes = [level for level in naming if level not in counting]
    ways = [levels.layout(classes, [level]) for level in counting]
    every = [*ways, levels.layout(classes), _nested(levels.layout(naming))]
    return Guess(every[0], tuple(every[1:]), False, "data.which_level")


def _counted_at(rests: Sequence[Sequence[str]], level: int) -> bool:
    """Whether the folders of a level are only counted."""
    return counted({rest[level] for rest in rests if len(rest) > level})


def _coded_at(rests: Sequence[Sequence[str]], level: int) -> bool:
    """Whether the folders of a level are called by codes: ``SOB_M_DC_14-4364``."""
    names = {rest[level] for rest in rests if len(rest) > level}
    coded = [n for n in names if sum(map(str.isdigit, n)) >= CODED and not SYNSET.fullmatch(n)]
    return len(coded) >= ALIKE * len(names)


def _each_below_all(rests: Sequence[Sequence[str]], levels: Sequence[int]) -> bool:
    """Whether the same few names lie below each one of the upper of several levels, which is then
    rather a device or a site."""
    lower = {labels.loosely(rest[levels[-1]]) for rest in rests if len(rest) > levels[-1]}
    return _relation(rests, (levels[0], levels[-1])) == "grid" and len(lower) < MANY


def _on_two_levels(
    rests: Sequence[Sequence[str]], levels: _Levels, left: Sequence[int], grouping: bool
) -> Guess:
    """Whether classes are on the first or the second of two levels, or both make them.

    Args:
        grouping: whether the lower folders are rather groups, by their numbers or few files.
    """
    whole = _nested(levels.layout(left))
    relation = _relation(rests, left)
    alone = Layout(f"{levels.layout(left[:1]).key}/-", levels.lead)
    if relation == "one":
        return _checked(Guess(alone), rests, levels.roles)
    if relation == "beside":  # cat/1.jpg, cat/cropped/2.jpg: one class each
        return Guess(alone, (whole,), False, "data.folders_below")
    inner, outer = levels.layout(left[:1], left[1:2]), levels.layout(left[1:2], left[:1])
    every = (inner, whole, outer) if relation == "grid" else (inner, whole)
    upper = {rest[left[0]] for rest in rests}
    if relation == "grid":  # the upper ones may mean nothing: parts of a download
        every = (*every, Layout(levels.layout(left[1:2]).key.replace("group", "-"), levels.lead))
    if relation == "grid" and len(upper) in (2, 3) and left[0] == 0:  # in a language not known here
        every = (*every, Layout("split/class", levels.lead))
    lower = {labels.loosely(rest[left[1]]) for rest in rests if len(rest) > left[1]}
    below = {rest[left[1]] for rest in rests if len(rest) > left[1]}
    counting = counted(below) and all(map(COUNTED_BY_LETTER.search, below))
    likely = inner if grouping or counting else whole
    if (
        relation == "grid" and _only_numbered(below) and not counting
    ):  # the first letter of two alphabets
        likely = whole
    elif (
        relation == "grid" and len(lower) < MANY and not counting
    ):  # every site, device or day has every class
        likely = outer
    others = tuple(each for each in every if each != likely)
    code = "data.which_level" if relation == "grid" else "data.nested"
    return Guess(likely, others, False, code)


def _only_numbered(names: Collection[str]) -> bool:
    """Whether folders are only told apart by numbers or letters, so that the same one below
    another folder need not be the same class. 0, 1, 2 ... are classes without names."""
    numbers = all(name.isdecimal() for name in names) and "0" not in names
    letters = all(len(name) == 1 and name.isalpha() for name in names)
    return counted(names) or numbers or letters


def counted(names: Collection[str]) -> bool:
    """Whether folders are only counted (``Actor_01``, ``Actor_02``), and not as classes are."""
    lettered = len(names) > 2 and all(COUNTED_BY_LETTER.search(name) for name in names)
    stems = {tuple(words(name)[: -1 if lettered else None]) for name in names}
    numbered = lettered or all(any(map(str.isdigit, name)) for name in names)
    stem = next(iter(stems))
    return (
        numbered
        and len(names) > 1
        and len(stems) == 1
        and stem != ()
        and stem[-1] not in COUNTED_CLASSES
    )


def _nested(layout: Layout) -> Layout:
    """``class`` for ``class/class``: what lies deeper belongs to the last role anyway."""
    roles = list(layout.roles)
    while len(roles) > 1 and roles[-2:] == ["class", "class"]:
        roles.pop()
    return Layout("/".join(roles), layout.lead)


def _checked(found: Guess, rests: Sequence[Sequence[str]], roles: Mapping[int, str]) -> Guess:
    """``found``, asked about where a class would be called like a part of a data set."""
    below = [level for level, role in roles.items() if role == "split"]
    names = {part for rest in rests for at, part in enumerate(rest) if at not in below}
    repeated = any(role == "-" for role in roles.values())
    classes = {p for n in names if (p := split_of(n)) is not None} if below else set()
    if classes and not repeated:
        return Guess(found.layout, found.others, False, "data.class_or_part")
    return found


def _level_kind(rests: Sequence[Sequence[str]], level: int) -> Kind:
    """What most names of a level look like."""
    names = {rest[level] for rest in rests if len(rest) > level}
    kinds = [kind_of(name) for name in names]
    commonest = max(set(kinds), key=kinds.count)
    return commonest if kinds.count(commonest) >= 0.9 * len(kinds) else "word"


def _relation(rests: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    """How the folders of a second level lie below those of the first.

    ``one``: a single one below each, ``beside``: there are files beside them, in a ``grid`` the
    same names come again below every name above (``cat/park``, ``dog/park``), ``numbers`` are
    their names; else they are ``own`` ones: ``Greek/alpha``, ``Latin/a``.
    """
    upper, lower = left[0], left[1]
    below: dict[str, set[Hashable]] = defaultdict(set)
    direct: set[str] = set()
    for rest in rests:
        if len(rest) > lower:
            below[rest[upper]].add(labels.loosely(rest[lower]))
        elif len(rest) > upper:
            direct.add(rest[upper])
    names = set().union(*below.values())
    pairs = sum(map(len, below.values()))
    checks = {
        "one": pairs == len(below) and not direct,
        "beside": bool(direct & below.keys()) and (len(names) <= pairs / 2 or len(names) == 1),
        "grid": pairs >= len(names) * max(1.5, 0.5 * len(below)),
        "numbers": all(kind_of(rest[lower]) == "number" for rest in rests if len(rest) > lower),
    }
    return next((kind for kind, holds in checks.items() if holds), "own")
