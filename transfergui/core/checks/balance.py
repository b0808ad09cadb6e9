"""Whether there are enough examples of everything, and from enough different sources.

That the classes of a data set are uneven is told by the scan, and classes of one example by the
split; here are the labels and answers, small classes, and classes that come from hardly any group.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.checks import apart
from transfergui.core.checks.check import Check, Finding, Material, nothing_in_the_way
from transfergui.core.data import few_trained, imbalance, labels
from transfergui.core.data.targets import (
    LABEL_SETS,
    ONE_CLASS,
    SEVERAL_QUESTIONS,
    members,
    members_of,
)

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample

KEY = "balance"
ENOUGH = 20
"""Samples of a class with which three are tested: fewer say next to nothing about it."""
GROUPS = 3
"""Training, validation and test want one each."""
MEMBERS = 8
"""Samples of a class whose groups are looked at: of a few, few groups are no wonder."""
NAMED = 5


def find(material: Material, tell: Tell) -> Finding:
    """What is rare, and what comes from a single place."""
    tell(0, 0)
    notes = (*_few(material), *_uneven(material), *_of_few_groups(material), *_apart(material))
    plan = material.plan
    few = few_trained.note(plan.split, plan.recipe.split, plan.modality.many)
    return Finding(KEY, (*notes, few) if few else notes)


def counts(material: Material) -> dict[str, int]:
    """Samples of each class; of each label; of each ``question: answer``."""
    split = material.plan.split
    names = members(split.targets, split.classes)
    found = dict.fromkeys(names, 0)
    for label, count in Counter(material.labels.tolist()).items():
        for place in members_of(split.targets, label) if names else ():
            found[names[place]] += count
    return found


def _few(material: Material) -> Iterator[Note]:
    held = counts(material)
    few = {name: count for name, count in held.items() if 1 < count < ENOUGH}
    values = {"count": len(few), "enough": ENOUGH, "noun": material.plan.modality.many}
    if len(few) > 1 and len(few) == len(held):  # no class is short: there is little of everything
        extent = {"fewest": min(few.values()), "most": max(few.values())}
        alike = extent["fewest"] == extent["most"]
        code = "check.balance_all_few_alike" if alike else "check.balance_all_few"
        yield Note(code, values | extent, "warning")
    elif few:
        yield Note("check.balance_few", values | {"names": _some(few)}, "warning")


def _uneven(material: Material) -> Iterator[Note]:
    """Of labels and answers, by the same threshold as of classes."""
    held, targets = counts(material), material.plan.split.targets
    kinds: list[tuple[str, dict[str, int]]] = []
    if targets.objective in LABEL_SETS:
        kinds = [("", held)]
    elif targets.objective == SEVERAL_QUESTIONS:
        for name, answers in zip(targets.names, targets.answers, strict=True):
            kinds.append((name, {each: held[f"{name}: {each}"] for each in answers}))
    for name, own in kinds:
        if len(own) < 2 or not imbalance.is_uneven(list(own.values())):
            continue
        largest, smallest = max(own, key=own.__getitem__), min(own, key=own.__getitem__)
        values = {"largest": largest, "smallest": smallest, "noun": material.plan.modality.many}
        figures = {"most": own[largest], "fewest": own[smallest], "name": name}
        code = "check.balance_uneven_answers" if name else "check.balance_uneven_labels"
        yield Note(code, values | figures)


# -- groups


def _of_few_groups(material: Material) -> Iterator[Note]:
    """Classes whose samples come from fewer groups than training, validation and test want."""
    split = material.plan.split
    if split.targets.objective != ONE_CLASS or split.ungrouped is not None:
        return
    by, group_of = _grouping(material)
    of_class: dict[int, set[str]] = defaultdict(set)
    for sample in material.samples:
        of_class[sample.label].add(group_of[sample.path])
    sizes = Counter(material.labels.tolist())
    every = set().union(*of_class.values())
    if not by or len(every) < GROUPS:
        return
    few = {
        split.classes[label]: len(groups)
        for label, groups in of_class.items()
        if len(groups) < GROUPS and sizes[label] >= MEMBERS
    }
    if few:
        values = {"count": len(few), "names": _some(few), "by": by, "groups": GROUPS}
        values["noun"] = material.plan.modality.many
        yield Note("check.balance_few_groups", values, "warning")


def _apart(material: Material) -> Iterator[Note]:
    """Classes that no group, or no part of the file names, has in common."""
    split = material.plan.split
    if split.targets.objective != ONE_CLASS or split.ungrouped is not None:
        return
    by, group_of = _grouping(material)
    if by:
        yield from _apart_by(material, apart.by_group(material.samples, group_of), {"by": by})
        return
    of_samples = [sample.label for sample in material.samples]
    for place, values in apart.name_parts(material.samples):
        yield from _apart_by(material, apart.pairs(of_samples, values), {"place": place})


def _apart_by(
    material: Material, found: Sequence[apart.Apart], by: Mapping[str, object]
) -> Iterator[Note]:
    """The first pair, and how many there are."""
    if not found:
        return
    classes, first = material.plan.split.classes, found[0]
    values = {"one": classes[first.one], "other": classes[first.other], "count": len(found), **by}
    values["of_one"], values["of_other"] = (labels.quoted(own) for own in first.sources)
    values["noun"] = material.plan.modality.many
    code = "check.balance_apart" if "by" in by else "check.balance_apart_names"
    yield Note(code, values, "warning")


def _grouping(material: Material) -> tuple[str, Mapping[str, str]]:
    """What samples belong together by, in words, and the group of each path: what the user chose,
    else folders that several classes have within theirs. Empty words for nothing."""
    split = material.plan.split
    if split.grouped_by:
        return split.grouped_by, {s.path: s.group or s.path for s in material.samples}
    folders = {s.path: PurePosixPath(s.path).parent.name for s in material.samples}
    given = [s for s in material.samples if s.path not in material.plan.recipe.data.relabel]
    if not _are_classes(material) and _are_shared(given, folders):
        return _("folder"), folders
    return "", folders


def _are_classes(material: Material) -> bool:
    """Whether classes are called like folders: labels that were corrected, in the recipe or in
    a table, make no groups of these."""
    folders = {PurePosixPath(sample.path).parent.name for sample in material.samples}
    return not folders.isdisjoint(material.plan.split.classes)


def _are_shared(samples: Sequence[Sample], folders: Mapping[str, str]) -> bool:
    """Whether most folders hold samples of several classes: they are days or places, not
    classes. Relabelled samples are not asked: their folder is that of the old label."""
    held: dict[str, set[int]] = defaultdict(set)
    for sample in samples:
        held[folders[sample.path]].add(sample.label)
    several = sum(len(labels) > 1 for labels in held.values())
    return several >= GROUPS and 2 * several > len(held)


def _some(found: Mapping[str, int]) -> str:
    """The rarest ones with their figures."""
    names = sorted(found, key=lambda name: found[name])
    return labels.quoted(names[:NAMED], found) + (" …" if len(names) > NAMED else "")


CHECK = Check(
    KEY,
    N_("Examples per class"),
    N_(
        "Looks for classes with few examples, or with examples from hardly any source. Whether the "
        "classes are imbalanced is listed among the problems of the data."
    ),
    nothing_in_the_way,
    find,
)
