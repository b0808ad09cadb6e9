"""Whether classes can be told apart by how samples were made, without looking at what they show.

Where all pictures of one class are brighter, or of another size, a model may learn just that. A
tiny model predicts the class from each property alone, and from all together, cross-validated; what
is found must be beyond chance (a permutation test over all properties and classes) and must matter:
near what a linear model of the backbone's features reaches. See :mod:`..figures.telling`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.base.i18n import N_
from transfergui.core.base.progress import Tell
from transfergui.core.checks import measured, shortcut_values, shortcut_words
from transfergui.core.checks.check import Check, Finding, Flagged, Material
from transfergui.core.checks.near_duplicates import near_groups
from transfergui.core.checks.shortcut_words import Row
from transfergui.core.data import grouping
from transfergui.core.data.targets import ONE_CLASS, SEVERAL_QUESTIONS
from transfergui.core.evaluation.reliance import Alone
from transfergui.core.figures import telling

if TYPE_CHECKING:
    from transfergui.core.checks.measured import Measured
    from transfergui.core.data.properties import Property

KEY = "shortcuts"
MOST = 6000
"""Samples that are looked at, of more a random choice: labels are shuffled hundreds of times, and
a shortcut that matters shows in fewer."""
FEWEST = 40
"""With fewer samples, chance does nearly as well as anything."""
MEMBERS = 8
"""Samples that a class must have to be looked at."""
CLASSES = 200
"""The largest classes that are looked at, of more."""
TASKS = 30
"""Labels or questions that are looked at: those of which most is known."""
CERTAIN = 0.02
"""The largest share of shuffled labels that may do as well."""
TWO, ONE_OF_MANY, TOGETHER = 0.7, 0.75, 0.5
"""Balanced accuracy from which on a property matters: between two classes; of one class beside all
others, of which one is always the most different; and of all classes, above chance, of what there
is above it. Measured, of single properties and all together: clean photos of clothes at most 0.69,
spoken digits 0.73, hands with none and with five fingers, by how much skin they show, 0.81; one
class of clothes made 1.3 times as bright, each of the ten in turn, 0.80 to 0.87."""
USUAL, FOR_TWICE = 10, 0.05
"""So many classes those figures are of; of twice as many, the most different one is more different
by itself: characters of an alphabet by the amount of ink."""
UNSEEN = 0.05
"""So much more it must be where a backbone gives no features to compare with."""
HIGHEST = 0.95
"""Nothing more is ever asked for."""
REACH = {"two": 0.6, "one": 0.7, "classes": 0.5, "number": 0.6}
"""What that must be, above chance, of what a linear model of features reaches. Hands: at most 0.63;
the brightened clothes 0.73 to 1.04."""
CORRELATED = 0.6
"""The same of a number: the correlation with what is predicted."""
TESTED = 1000
"""Test samples whose class a property tells, and of those whose class it does not, that are kept
for the results of trainings."""
SHOWN = 3
"""Samples of a class that are shown, and of the others."""


@dataclass(frozen=True)
class Task:
    """Something that is to be told: the class, one label, one question, the number.

    Attributes:
        kind: as of :class:`transfergui.core.interfaces.objective.Probe`.
        question: what is asked, where there are several questions; the name of a label or number.
        names: of the classes.
        rows: which of the measured samples, int [M]; ``wanted``: their classes from 0, or numbers.
        several: how many such tasks there are.
    """

    kind: str
    question: str
    names: tuple[str, ...]
    rows: np.ndarray
    wanted: np.ndarray
    several: int = 1

    @property
    def rarest(self) -> int:
        """Samples of the rarest class."""
        return int(np.unique(self.wanted, return_counts=True)[1].min())


def obstacle(material: Material) -> str:
    """As :attr:`transfergui.core.checks.check.Check.obstacle`."""
    return "check.shortcuts_too_few" if len(material.samples) < FEWEST else ""


def find(material: Material, tell: Tell) -> Finding:
    """The properties that tell classes apart, the best first."""
    from threadpoolctl import threadpool_limits

    found = measured.of_material(material, tell).some(MOST)
    groups = _groups(material, found, tell)
    rows: list[Row] = []
    alone: list[Alone] = []
    with threadpool_limits(1):  # small matrices; other threads are at work
        every = sorted(tasks(material, found), key=lambda task: -task.rarest)[:TASKS]
        for task in (replace(task, several=len(every)) for task in every):
            tell(0, 0)
            own = told(material, found, groups, task, tell)
            rows += own
            alone += [_alone(material, found, task, row) for row in own]
    noun = material.plan.modality.many
    document = {"shortcuts": [_document(row) for row in rows]}
    notes = shortcut_words.notes(
        rows, noun, found, list(shortcut_values.notes(material, found, rows))
    )
    kept = tuple(alone) if material.plan.split.targets.objective == ONE_CLASS else ()
    return Finding(KEY, notes, tuple(_examples(material, found, rows)), document, alone=kept)


def _alone(material: Material, found: Measured, task: Task, row: Row) -> Alone:
    """What a result needs to know of a property to tell whether the model relies on it."""
    if row.by is None or row.right is None:
        return Alone("", row.score, row.classes)
    parts = np.array(material.parts)[found.rows[task.rows]]
    tested = parts == ("test" if "test" in material.parts else "val")
    fits, misled = (
        tuple(material.samples[at].path for at in _some(found.rows[task.rows[tested & which]]))
        for which in (row.right, ~row.right)
    )
    return Alone(row.by.title, row.score, row.classes, fits, misled)


def _some(rows: np.ndarray) -> list[int]:
    """At most :data:`TESTED` of them, chosen at random, always the same."""
    chosen = np.random.default_rng(0).permutation(rows)[:TESTED]
    return [int(at) for at in np.sort(chosen)]


def _document(row: Row) -> dict[str, Any]:
    """A row of ``check --json``."""
    found: dict[str, Any] = {
        "property": row.key,
        "score": round(row.score, 4),
        "classes": list(row.classes),
    }
    if row.by is None:
        found["strongest"] = [each.key for each in row.strongest[: shortcut_words.STRONGEST]]
    return found


def tasks(material: Material, found: Measured) -> Iterator[Task]:
    """What is to be told, as the objective sees it."""
    targets, plan = material.plan.split.targets, material.plan
    probes = plan.objective.probes(material.labels[found.rows], targets)
    for place, probe in enumerate(probes):
        question = targets.names[place] if targets.names else ""
        if probe.kind == "number":
            yield Task("number", question, (), np.arange(len(found.rows)), probe.wanted)
            continue
        names: Sequence[str] = plan.split.classes
        if probe.kind == "label":
            names = ("", question)
        elif targets.objective == SEVERAL_QUESTIONS:
            names = [f"{question}: {answer}" for answer in targets.answers[place]]
        yield from _of_classes(probe.kind, question, names, probe.wanted.astype(np.int64))


def _of_classes(
    kind: str, question: str, names: Sequence[str], wanted: np.ndarray
) -> Iterator[Task]:
    """A task without classes that have too few members; none where fewer than two are left."""
    counts = np.bincount(wanted[wanted >= 0], minlength=len(names))
    kept = np.flatnonzero(counts >= MEMBERS)
    kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")][:CLASSES])
    rows = np.flatnonzero(np.isin(wanted, kept))
    if len(kept) > 1 and len(rows) >= FEWEST:
        chosen = tuple(names[at] for at in kept.tolist())
        yield Task(kind, question, chosen, rows, np.searchsorted(kept, wanted[rows]))


def _groups(material: Material, found: Measured, tell: Tell) -> list[str]:
    """What each sample [N] belongs together with: what the split keeps together, and what is nearly
    the same by its features; of samples of so many that this would take long, the former."""
    paths = [sample.path for sample in material.samples]
    known = [sample.group for sample in material.samples]
    alike = [] if found.is_sample else near_groups(material, tell)
    merged = grouping.merged(paths, known, alike)
    return [group or path for group, path in zip(merged, paths, strict=True)]


def told(
    material: Material, found: Measured, belongs: Sequence[str], task: Task, tell: Tell
) -> list[Row]:
    """What matters of a task: each property that does, and all together where no single one does.

    Args:
        belongs: the group of each sample [N].
    """
    binned = {
        each.key: (each, bins)
        for each in material.plan.modality.properties
        if each.key in found.columns
        for bins, count in [telling.binned(found.columns[each.key][task.rows])]
        if count > 1
    }
    if not binned:
        return []
    groups = [belongs[row] for row in found.rows[task.rows]]
    features = material.features
    own = None if features is None else telling.whitened(features[found.rows[task.rows]])
    codes = np.unique(task.wanted, return_inverse=True)[1].ravel()
    shuffles = np.empty((telling.SHUFFLES, len(codes)), np.int64)
    for number, each in enumerate(telling.shuffled(codes, groups, telling.SHUFFLES)):
        tell(0, 0)
        shuffles[number] = each
    folds = telling.folds_of(codes, groups)
    of_kind = _numbers if task.kind == "number" else _classes
    return of_kind(task, list(binned.values()), folds, shuffles, own, tell)


def _classes(
    task: Task,
    binned: Sequence[tuple[Property, np.ndarray]],
    folds: np.ndarray,
    shuffles: np.ndarray,
    features: np.ndarray | None,
    tell: Tell,
) -> list[Row]:
    count = len(task.names)
    scores, chance_all, chance_each = [], [], []
    for each, bins in binned:
        tell(0, 0)
        scores.append((each, telling.by_bins(bins, task.wanted, folds, count)))
        together, one = telling.by_bins_shuffled(bins, shuffles, folds, count)
        chance_all.append(together)
        chance_each.append(one)
    by_chance = (np.max(chance_all, axis=0), np.max(chance_each, axis=0))
    probe = None if features is None else telling.by_means(features, task.wanted, folds, count)
    rows = [
        replace(row, right=telling.fitting(bins, task.wanted, folds, count, _of_one(task, row)))
        for (each, score), (_same, bins) in zip(scores, binned, strict=True)
        for row in _rows(task, each, score, by_chance, probe)
    ]
    if len(rows) < count and not any(row.classes == _names(task) for row in rows):
        hot = telling.whitened(telling.one_hot([bins for _each, bins in binned]))
        score = telling.by_means(hot, task.wanted, folds, count)
        chance = []
        for each in shuffles:
            tell(0, 0)
            chance.append(telling.by_means(hot, each, folds, count))
        levels = (
            np.array([each.together for each in chance]),
            np.array([each.each.max() for each in chance]),
        )
        named = {name for row in rows for name in row.classes}
        more = _rows(task, None, score, levels, probe)
        rows += [_with_strongest(row, task, scores) for row in more if row.classes[0] not in named]
    return sorted(rows, key=shortcut_words.place)


def _of_one(task: Task, row: Row) -> int | None:
    """The class that a row is about, where it is only told from the others."""
    return task.names.index(row.classes[0]) if row.one else None


def _with_strongest(row: Row, task: Task, scores: Sequence[tuple[Property, telling.Told]]) -> Row:
    """A row of all properties together, with the best of them."""
    label = task.names.index(row.classes[0])

    def own(pair: tuple[Property, telling.Told]) -> float:
        return float(pair[1].each[label]) if row.one else pair[1].together

    ordered = sorted(scores, key=own, reverse=True)
    return replace(row, strongest=tuple(each for each, _score in ordered))


def _certain(score: float, by_chance: np.ndarray, tasks: int) -> bool:
    """Whether hardly any shuffled labels do as well. Of all classes and of single ones, each has
    half of what may be chance; of several tasks, each has its part, for which there are too few
    shuffles to count."""
    if 2 * telling.share_of_chance(score, by_chance) > CERTAIN:
        return False
    return tasks == 1 or 2 * tasks * telling.tail_of_chance(score, by_chance) <= CERTAIN


def _reaches(kind: str, score: float, chance: float, probe: float | None) -> bool:
    return probe is None or score - chance >= REACH[kind] * (probe - chance)


def _rows(
    task: Task,
    each: Property | None,
    score: telling.Told,
    by_chance: tuple[np.ndarray, np.ndarray],
    probe: telling.Told | None,
) -> Iterator[Row]:
    """What one property tells, or all together (None): two classes, all of several, or some of them
    from the others."""
    names, chance = _names(task), 1 / len(task.names)
    more = 0.0 if probe else UNSEEN
    top = probe.together if probe else None
    sure = _certain(score.together, by_chance[0], task.several)
    if len(task.names) == 2:
        if sure and score.together >= TWO + more and _reaches("two", score.together, 0.5, top):
            yield Row(each, score.together, names, task.kind, task.question, 0.5)
        return
    above = (score.together - chance) / (1 - chance)
    if sure and above >= TOGETHER and _reaches("classes", score.together, chance, top):
        yield Row(each, score.together, names, task.kind, task.question, chance)
        return
    more += FOR_TWICE * max(0.0, math.log2(len(task.names) / USUAL))
    limit = min(HIGHEST, ONE_OF_MANY + more)
    for label, name in enumerate(task.names):
        own = float(score.each[label])
        if own < limit or not _certain(own, by_chance[1], task.several):
            continue
        if _reaches("one", own, 0.5, float(probe.each[label]) if probe else None):
            yield Row(each, own, (name,), task.kind, task.question, 0.5, one=True)


def _names(task: Task) -> tuple[str, ...]:
    return task.names[1:] if task.kind == "label" else task.names


def _numbers(
    task: Task,
    binned: Sequence[tuple[Property, np.ndarray]],
    folds: np.ndarray,
    shuffles: np.ndarray,
    features: np.ndarray | None,
    tell: Tell,
) -> list[Row]:
    levels = np.unique(task.wanted)
    found, by_chance = [], np.full(len(shuffles), -1.0)
    for each, bins in binned:
        tell(0, 0)
        found.append((each, telling.correlation(bins, task.wanted, folds)))
        chance = [telling.correlation(bins, levels[codes], folds) for codes in shuffles]
        by_chance = np.maximum(by_chance, chance)
    probe = None if features is None else telling.linear_correlation(features, task.wanted, folds)
    rows = [
        Row(each, score, (), "number", task.question, 0.0)
        for each, score in found
        if score >= CORRELATED
        and _certain(score, by_chance, task.several)
        and _reaches("number", score, 0.0, probe)
    ]
    return sorted(rows, key=lambda row: -row.score)


def _examples(material: Material, found: Measured, rows: Sequence[Row]) -> Iterator[Flagged]:
    """Samples of a class, as its middle ones are, and of the others; for the best property of each
    class."""
    shown: set[str] = set()
    classes = material.plan.split.classes
    labels = material.labels[found.rows]
    for row in rows:
        name = row.classes[0] if row.classes else ""
        by = row.by or row.strongest[0]
        if by.kind != "number" or name in {*shown, ""}:
            continue
        if name not in classes:
            continue
        shown.add(name)
        values = found.columns[by.key]
        own = _middle(values, np.flatnonzero(labels == classes.index(name)))
        others = _middle(values, np.flatnonzero(labels != classes.index(name)))
        for at in (*own, *others):
            sample = material.samples[found.rows[at]]
            yield Flagged(sample.path, label=classes[sample.label], score=round(row.score, 4))


def _middle(values: np.ndarray, members: np.ndarray) -> list[int]:
    """Those of some samples whose values are nearest to their median; any where all are unknown."""
    known = members[np.isfinite(values[members])]
    if not len(known):
        return [int(at) for at in members[:SHOWN]]
    apart = np.abs(values[known] - np.median(values[known]))
    return [int(at) for at in known[np.argsort(apart, kind="stable")][:SHOWN]]


CHECK = Check(
    KEY,
    N_("Shortcuts"),
    N_(
        "Looks for properties such as brightness, size or length that alone give away the class: a "
        "model can use them instead of what the examples show."
    ),
    obstacle,
    find,
)
