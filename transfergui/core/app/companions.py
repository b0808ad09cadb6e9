"""Reads the data beside those that are learnt, as the recipe names them.

What would spoil a figure is left out and counted: samples that are also in one's own validation or
test set; of what only checks, those that are learnt from; and from what is learnt from, those that
check.
"""

from __future__ import annotations

import dataclasses
import functools
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from transfergui.core import plans, registry
from transfergui.core.app.detection import detect
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _, comma_list
from transfergui.core.data import labels, tars
from transfergui.core.data.companions import (
    ROLES,
    Companion,
    Place,
    Role,
    TheirClass,
)
from transfergui.core.data.dataset import Dataset, Problem, Sample
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.interfaces.objective import Found
from transfergui.core.interfaces.plan import Plan, Strategy
from transfergui.core.labelling import examples
from transfergui.core.training.overlaps import Tell, apart, untold

EMPTY_CLASS = "data.empty_class"
"""Code of what matters only to data that are learnt."""
NO_FILES = ("data.empty", "data.foreign_only", "data.unknown_source")
"""Codes of data without files that can be samples."""
LABELS_UNUSED = "companion.labels_unused"
"""Code of unlabelled data that are sorted into classes."""
EXAMPLES = 3
"""Samples that show what a class of other data is."""
Count = Callable[[int], None]
Memory = dict[Place, tuple[tuple[Any, ...], Companion]]
"""What was read last at each place, with all that it depends on."""


@dataclass(frozen=True)
class Reading:
    """Other data that were read.

    Attributes:
        companions: those that can be used.
        errors: why others cannot.
    """

    companions: tuple[Companion, ...]
    errors: Mapping[Place, UserError]


def with_companions(plan: Plan, tell: Tell = untold) -> Plan:
    """``plan`` with the other data that its recipe names.

    Raises:
        UserError: ``companion.`` codes: one is not there, or holds nothing that can be used.
    """
    found = read(plan, tell)
    for error in found.errors.values():
        raise error
    return joined(plan, found.companions)


def joined(plan: Plan, companions: Sequence[Companion]) -> Plan:
    """``plan`` with ``companions`` in its split."""
    split = msgspec.structs.replace(plan.split, companions=tuple(companions))
    return dataclasses.replace(plan, split=split)


def obstacle(plan: Plan, found: Reading) -> UserError | None:
    """Why the strategy of ``plan`` cannot work with what was read: other data of a role that it
    uses, or that check it, cannot be used, or are too few."""
    for (role, _path), error in found.errors.items():
        if heeds(plan.strategy, role):
            return error
    return plans.too_few_to_adapt_to(joined(plan, found.companions))


def heeds(strategy: Strategy, role: Role) -> bool:
    """Whether a training with ``strategy`` depends on other data of this role."""
    roles = {*strategy.needs, *strategy.uses}
    return role in roles or (role == "check" and "target" in roles)


def without(plan: Plan, places: Collection[Place]) -> Plan:
    """``plan`` whose recipe does not name the other data at ``places``."""
    options = plan.recipe.companions
    for role in ROLES:
        kept = tuple(path for path in options.of_role(role) if (role, path) not in places)
        options = options.with_paths(role, kept)
    if options == plan.recipe.companions:
        return plan
    recipe = msgspec.structs.replace(plan.recipe, companions=options)
    return dataclasses.replace(plan, recipe=recipe)


def read(plan: Plan, tell: Tell = untold, memory: Memory | None = None) -> Reading:
    """The other data that the recipe of ``plan`` names.

    Args:
        memory: of an earlier reading: what is in it is not read from the disk again.
    """
    memory = {} if memory is None else memory
    own = [each for each in plan.split.companions if each.own]
    if not plan.recipe.companions.places():  # copies of one file are of one group
        return Reading(tuple(own), {})
    found = list(own)
    errors: dict[Place, UserError] = {}
    for place in plan.recipe.companions.places():
        try:
            found.append(_remembered(plan, place, tell, memory))
        except UserError as error:
            errors[place] = error
    kept = []
    for each in apart(plan, found, tell):
        if each.samples:
            kept.append(each)
        else:
            errors[each.place] = nothing(plan, each)
    if not errors:  # of what could not be read, the classes are not known
        kept = _with_unknown_names(plan, kept)
    return Reading(tuple(kept), errors)


def nothing(plan: Plan, found: Companion) -> UserError:
    """Why there is nothing in ``found`` that can be used."""
    values = {"path": found.path, "noun": plan.modality.many}
    for problem in found.problems:
        if problem.code in ("companion.only_own", "companion.only_checks"):
            return UserError(problem.code, **values)
    if (other := _other_kind(plan, found.path)) is not None:
        return other
    if why := [each.sentence() for each in found.problems if each.code != LABELS_UNUSED]:
        return UserError("companion.unfit", why=why[0], **values)
    return UserError("companion.empty", **values)


def _other_kind(plan: Plan, path: str) -> UserError | None:
    """That the files at ``path`` are recordings where pictures are wanted; None where they are
    not."""
    try:
        found = registry.modality(detect(Path(path)))
    except UserError:  # nothing tells
        return None
    if found is plan.modality or not any(found.list_files([Path(path)], found.input_options())):
        return None
    values = {"path": path, "found": _(found.many), "noun": plan.modality.many}
    return UserError("companion.other_kind", **values)


def _with_unknown_names(plan: Plan, found: list[Companion]) -> list[Companion]:
    """``found``; the first that has classes says which names of ``companions.classes`` none of
    them has: a typing error would stay unseen."""
    labelled = [each for each in found if each.classes]
    names = [theirs.name for each in labelled for theirs in each.classes]
    wrong = [
        Problem(
            "companion.no_such_name",
            {"name": name, "own": own, "names": labels.quoted(list(dict.fromkeys(names)))},
            path=labelled[0].path,
            left_out=False,
        )
        for name, own in plan.recipe.companions.classes.items()
        if labelled and own and name not in names
    ]
    if not wrong:
        return found
    told = msgspec.structs.replace(labelled[0], problems=(*wrong, *labelled[0].problems))
    return [told if each is labelled[0] else each for each in found]


def _remembered(plan: Plan, place: Place, tell: Tell, memory: Memory) -> Companion:
    """
    Raises:
        UserError: as of :func:`_read`.
    """
    role, path = place
    options = plan.recipe.companions.classes, plan.recipe.data.objective
    learnt = (plan.split.classes, plan.split.targets.objective, options)
    key = (plan.modality.key, plan.input, learnt if ROLES[role].labelled else plan.split.classes)
    known = memory.get(place)
    if known is not None and known[0] == key:
        return known[1]
    companion = _read(plan, role, path, functools.partial(tell, place))
    memory[place] = key, companion
    return companion


def _read(plan: Plan, role: Role, path: str, tell: Count) -> Companion:
    """
    Raises:
        UserError: ``companion.missing``, or what a scan finds wrong.
    """
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on too long names
        raise UserError("companion.missing", path=path)
    if not ROLES[role].labelled:
        return unlabelled(plan, role, path, tell)
    try:
        return labelled(plan, role, path, tell)
    except Question:  # its answers are settings of one's own data
        raise UserError("companion.unsorted", path=path, noun=plan.modality.many) from None
    except UserError as error:
        if error.code in NO_FILES and (other := _other_kind(plan, path)) is not None:
            raise other from None
        raise


def unlabelled(plan: Plan, role: Role, path: str, tell: Count) -> Companion:
    """Every file of a folder, or row of a table, whatever it may be called."""
    found = examples.unlabelled(plan.modality, path, plan.input, tell)
    problems = (*found.problems, *_labels_unused(plan, path, found.samples))
    known = tars.of(found.root, found.samples)
    return Companion(role, path, found.root, found.samples, problems, tars=known)


def _labels_unused(plan: Plan, path: str, samples: Sequence[Sample]) -> Iterator[Problem]:
    """That unlabelled samples lie in folders named as classes that are learnt."""
    folders = Counter(sample.path.rpartition("/")[0].rpartition("/")[2] for sample in samples)
    known = labels.matched(list(folders), plan.split.classes, loosely=False)
    if count := sum(folders[name] for name in known):
        values = {"count": count, "noun": plan.modality.many}
        yield Problem(LABELS_UNUSED, values, path=path, left_out=False)


def labelled(plan: Plan, role: Role, path: str, tell: Count) -> Companion:
    """The samples whose class is one of those that are learnt.

    Raises:
        UserError: ``companion.`` codes, or what a scan finds wrong.
    """
    options = plan.recipe.data.of_same_kind(path)
    dataset = plan.modality.scan(options, tell)
    places = _matched(plan, dataset)
    problems = [each for each in dataset.problems if each.left_out and each.code != EMPTY_CLASS]
    unknown = [name for name, at in zip(dataset.classes, places, strict=True) if at is None]
    samples = [
        msgspec.structs.replace(sample, label=at, split=None)
        for sample in dataset.samples
        if (at := places[sample.label]) is not None
    ]
    if unknown:
        values = {
            "count": len(dataset.samples) - len(samples),
            "names": labels.quoted(unknown),
            "noun": plan.modality.many,
        }
        problems.append(Problem("companion.other_classes", values, path=path))
    root, classes = str(dataset.root), _classes_of(dataset)
    names = comma_list([f"“{name}”" for name in plan.split.classes[: labels.NAMED]])
    values = {"path": path, "names": names, "root": root, "classes": classes}
    said = plan.recipe.companions.classes
    for each in classes:
        if (own := said.get(each.name)) and own not in plan.split.classes:
            raise UserError("companion.no_such_class", name=each.name, own=own, **values)
        if own and own != each.name and each.name in plan.split.classes:
            told = {"name": each.name, "own": own}
            problems.insert(
                0, Problem("companion.matched_otherwise", told, path=path, left_out=False)
            )
    if not samples:
        raise UserError("companion.no_class", **values)
    known = tars.of(root, samples)
    return Companion(role, path, root, tuple(samples), tuple(problems), classes=classes, tars=known)


def _classes_of(dataset: Dataset) -> tuple[TheirClass, ...]:
    """What a user may say which of the own classes they are; none where not one class is meant."""
    if dataset.targets.objective != ONE_CLASS:
        return ()
    examples: dict[int, list[str]] = {}
    for sample in dataset.samples:
        held = examples.setdefault(sample.label, [])
        if len(held) < EXAMPLES:
            held.append(sample.path)
    return tuple(
        TheirClass(name, count, tuple(examples.get(label, ())))
        for label, (name, count) in enumerate(zip(dataset.classes, dataset.counts(), strict=True))
    )


def _matched(plan: Plan, dataset: Dataset) -> tuple[int | None, ...]:
    """For each class of other data, its index among those that are learnt; None for none.

    Raises:
        UserError: ``evaluate.other_objective``, ``evaluate.other_unit``.
    """
    if dataset.targets.objective != plan.objective.key:
        other = registry.objective(dataset.targets.objective)
        values = {"found": other.title, "own": plan.objective.title, "key": plan.objective.key}
        raise UserError("evaluate.other_objective", path=str(dataset.source), **values)
    said = plan.recipe.companions.classes

    def match(names: Sequence[str], known: Sequence[str]) -> dict[str, str]:
        found = labels.matched(names, known, loosely=False)
        found |= {name: own for name, own in said.items() if name in names and own in known}
        return {name: own for name, own in found.items() if said.get(name) != ""}

    own = Found(plan.split.targets, plan.split.classes)
    known = plan.objective.matched(dataset.classes, dataset.targets, own, match)
    learnt = len(plan.split.classes)
    return tuple(at if at is not None and at < learnt else None for at in known.labels)
