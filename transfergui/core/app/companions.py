"""Reads the data beside those that are learnt, as the recipe names them.

What would spoil a figure is left out and counted: samples that are also in one's own validation or
test set; of what only checks, those that are learnt from; and from what is learnt from, those that
check.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data import labels
from transfergui.core.data.companions import ROLES, UNLABELLED, Companion, Role
from transfergui.core.data.dataset import Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.interfaces import Found, Plan
from transfergui.core.reading.given import unfolded
from transfergui.core.resolve import resolve

Tell = Callable[[int], None]


def nothing(_count: int) -> None:
    """As of :data:`Tell`: nothing is told."""


def with_companions(plan: Plan, tell: Tell = nothing) -> Plan:
    """``plan`` with the other data that its recipe names.

    Args:
        tell: gets how many samples were looked at; may raise to end it.

    Raises:
        UserError: ``companion.`` codes: one is not there, or holds nothing that can be used.
    """
    places = list(plan.recipe.companions.places())
    if not places:
        return plan
    found = [_read(plan, role, path, tell) for role, path in places]
    kept = list(_apart(plan, found))
    for each in kept:
        if not each.samples:
            raise UserError("companion.empty", path=each.path, noun=plan.modality.many)
    return resolve(plan.recipe, msgspec.structs.replace(plan.split, companions=tuple(kept)))


def _read(plan: Plan, role: Role, path: str, tell: Tell) -> Companion:
    """
    Raises:
        UserError: ``companion.missing``, or what a scan finds wrong.
    """
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises on too long names
        raise UserError("companion.missing", path=path)
    if ROLES[role].labelled:
        return _labelled(plan, role, path, tell)
    return _unlabelled(plan, role, path, tell)


def _unlabelled(plan: Plan, role: Role, path: str, tell: Tell) -> Companion:
    """Every file of a folder, or row of a table, whatever it may be called."""
    given = unfolded([Path(path)], plan.modality)
    root = next(iter(given.zips), Path(path))
    root = root if root.is_dir() else root.parent
    samples: list[Sample] = []
    problems = list(given.problems)
    for place in plan.modality.list_files(given.paths, plan.input):
        bad = plan.modality.check(place)
        name = os.path.relpath(place, root).replace(os.sep, "/")
        if bad is not None and bad.left_out:
            problems.append(msgspec.structs.replace(bad, path=name))
        else:
            samples.append(Sample(name, UNLABELLED, _size(place)))
        tell(len(samples))
    return Companion(role, path, str(root), tuple(samples), tuple(problems))


def _size(path: Path) -> int:
    """Bytes of the file that a sample is in; 0 where it is gone."""
    try:
        return FilePart.parse(path).path.stat().st_size
    except OSError:
        return 0


def _labelled(plan: Plan, role: Role, path: str, tell: Tell) -> Companion:
    """The samples whose class is one of those that are learnt."""
    options = plan.recipe.data.of_same_kind(path)
    dataset = plan.modality.scan(options, tell)
    places = _matched(plan, dataset)
    problems = list(dataset.problems)
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
    if not samples:
        names = comma_list([f"“{name}”" for name in plan.split.classes[: labels.NAMED]])
        raise UserError("companion.no_class", path=path, names=names)
    return Companion(role, path, str(dataset.root), tuple(samples), tuple(problems))


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


# -- what would spoil a figure


def _apart(plan: Plan, found: Sequence[Companion]) -> Iterator[Companion]:
    """Each of ``found`` without what must not be in it."""
    split = plan.split
    measuring = _contents(plan, split.root, (*split.val, *split.test))
    own = measuring | _contents(plan, split.root, split.train)
    checks: set[str] = set()
    for each in found:
        if each.role == "check":
            checks |= _contents(plan, each.root, each.samples)
    for each in found:
        forbidden = own if each.role == "check" else measuring | checks
        yield _without(plan, each, forbidden)


def _without(plan: Plan, companion: Companion, forbidden: set[str]) -> Companion:
    digests = _digests(plan, companion.root, companion.samples)
    pairs = list(zip(companion.samples, digests, strict=True))
    kept = tuple(sample for sample, digest in pairs if digest not in forbidden)
    left_out = len(pairs) - len(kept)
    if not left_out:
        return companion
    code = "companion.learnt" if companion.role == "check" else "companion.measures"
    problem = Problem(code, {"count": left_out, "noun": plan.modality.many}, path=companion.path)
    return msgspec.structs.replace(companion, samples=kept, problems=(*companion.problems, problem))


def _contents(plan: Plan, root: str, samples: Iterable[Sample]) -> set[str]:
    return {digest for digest in _digests(plan, root, samples) if digest is not None}


def _digests(plan: Plan, root: str, samples: Iterable[Sample]) -> Iterator[str | None]:
    """What tells the content of each sample; None where it cannot be read."""

    def digest(sample: Sample) -> str | None:
        try:
            return plan.modality.digest(Path(root) / sample.path, plan.input)
        except OSError:
            return None

    return ordered_map(digest, samples)
