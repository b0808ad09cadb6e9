"""Likely label errors: samples whose label a model that has not learnt from them finds unlikely.

A linear model of the frozen features predicts each sample from all the others but its group
(:mod:`.left_out`), training, validation and test alike: nothing of the model that is trained later
is chosen by it. :mod:`.label_noise` says how likely each label is wrong; cleanlab's quality of
labels orders those that are alike in this.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from transfergui.core.base import files
from transfergui.core.base.i18n import N_
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell
from transfergui.core.checks import label_noise
from transfergui.core.checks.check import Check, Finding, Flagged, Material
from transfergui.core.checks.label_noise import Doubts
from transfergui.core.checks.left_out import LeftOut
from transfergui.core.data import targets as meanings
from transfergui.core.data import unread
from transfergui.core.data.targets import BOXES, NUMBER, ONE_CLASS, SEVERAL_LABELS, Targets
from transfergui.core.networks.planned import save_assets

KEY = "label_errors"
LIKELY = 0.5
"""From this probability on, a label is more likely wrong than right."""
MORE_RIGHT = 2.2
"""So many times what the probabilities say is right after all, at most: hard samples look wrong to
a linear model. Measured with 5 % of the labels flipped, three seeds: at most about 1 for clothing,
2 with the built-in backbone, 2.3 for reviews (tests/benchmarks/label_errors.py)."""
TRUSTED = 0.1
"""Below this probability of being wrong, a sample is an example of its class."""
LISTED = 0.1
"""Share of the samples that are listed, the most doubtful first, likely wrong or not."""
PENALTIES = (0.3, 1.0, 3.0, 10.0)
"""Of the linear model; the likelihood of the labels chooses."""
FEWEST = 2
"""Groups that a class needs: of one alone, nothing is left to learn it from."""
MOST_COUNTED = 3000
"""Texts whose TF-IDF features are compared, each with each."""
MADE_WRONG, AT_LEAST = 0.05, 5
"""Where no label looks wrong: the share of the samples, and how many at least, that get a wrong
label for a test of the check itself."""
ENOUGH, DRAWS = 60, 12
"""So many wrong labels are tried, if need be in several tests, at most so many: with 12 of them,
the verdict on the same photos turned with how these were saved."""
SEEN = 0.5
"""Of those, the share that must look wrong, or most wrong labels would stay unseen and that none
looks wrong says nothing. Seen of clothing, hand signs and spoken digits: 0.57 to 0.8;
of reviews and brain scans, and of clothing with the built-in backbone: at most 0.3."""
HELPS = 0.3
"""Of those, the share that must be in the listed tenth, or looking through it is hardly better than
looking anywhere: three times what chance gives. Of 534 short reviews 0.43, of spoken digits 0.97,
although hardly any of either looks wrong by itself."""
EXAMPLES = 3
"""Of the given and of the suggested class, that are shown beside a sample."""


@dataclass(frozen=True)
class Errors:
    """What is known of every label.

    Attributes:
        wrong: how likely it is wrong [N].
        quality: cleanlab's, lower is worse [N].
        suggested: the class that it seems to be, by its name [N].
    """

    wrong: np.ndarray
    quality: np.ndarray
    suggested: Sequence[str]

    def order(self) -> np.ndarray:
        """The samples, the most doubtful first."""
        return np.lexsort((self.quality, -self.wrong))


def find(material: Material, tell: Tell) -> Finding:
    """See the module."""
    features, material = _features(material, tell)
    looked = _looked(features, material, tell)
    errors = _of(looked, material, material.labels)
    decided = _decided(material)
    doubtful = errors.order()[: _tenth(len(errors.wrong))]
    errors.wrong[decided] = 0
    if (errors.wrong >= LIKELY).any():
        order = errors.order()
        order = order[~np.isin(order, decided)]
        likely = int((errors.wrong >= LIKELY).sum())
        listed, notes = order[: max(likely, _tenth(len(order)))], _notes(errors.wrong, material)
    else:
        left = doubtful[~np.isin(doubtful, decided)]
        listed, notes = _where_none_is_likely(left, _tried(looked, material), material)
    tell(0, 0)
    neighbours = _Neighbours(features, material, errors.wrong < TRUSTED)
    classes = material.plan.split.classes
    flagged = []
    for row in listed.tolist():
        tell(0, 0)
        sample = material.samples[row]
        label, suggested = classes[sample.label], errors.suggested[row]
        others = neighbours.of(row, suggested)
        score = round(float(errors.wrong[row]), 4)
        flagged.append(Flagged(sample.path, others, label, suggested, score))
    rows = [_document(each) for each in flagged]
    total, noun = len(material.samples) + len(material.unread), material.plan.modality.many
    if material.plan.backbone.no_cache:  # of features that all checks share, quality tells it
        notes = (*notes, *unread.of_paths(material.unread, total, noun))
    return Finding(KEY, notes, tuple(flagged), {"label_errors": rows})


def _document(flagged: Flagged) -> dict[str, Any]:
    """A row of ``check --json``; those that are not likely wrong are the most doubtful others, or
    the most doubtful of all where no label is likely wrong."""
    keys = ("path", "label", "suggested", "score")
    row = {key: getattr(flagged, key) for key in keys}
    return {**row, "likely": flagged.score >= LIKELY}


def _decided(material: Material) -> list[int]:
    """The samples whose label the user looked at: it was kept or given."""
    data = material.plan.recipe.data
    known = data.confirmed.keys() | data.relabel.keys()
    return [row for row, sample in enumerate(material.samples) if sample.path in known]


def _notes(wrong: np.ndarray, material: Material) -> tuple[Note, ...]:
    """What is said where labels are likely wrong."""
    doubted = wrong[wrong >= LIKELY]
    values = {
        "count": len(doubted),
        "total": len(wrong),
        "false": min(len(doubted), math.ceil(MORE_RIGHT * float((1 - doubted).sum()))),
        "noun": material.plan.modality.many,
    }
    return (Note("check.label_errors", values, "warning"),)


@dataclass(frozen=True)
class _Tried:
    """What became of wrong labels that the check made itself.

    Attributes:
        made: how many at a time, at most.
        total: how many in all trials.
        seen: how many of these look wrong.
        first: how many are in the most doubtful tenth.
    """

    made: int = 0
    total: int = 0
    seen: int = 0
    first: int = 0


def _tried(looked: _Looked, material: Material) -> _Tried:
    """Where no label looks wrong: whether one would, had it been wrong."""
    tried = _Tried()
    for seed in range(DRAWS):
        labels, chosen = _made_wrong(material, seed)
        if len(chosen):
            errors = _of(looked, material, labels)
            first = errors.order()[: _tenth(len(labels))]
            tried = _Tried(
                max(tried.made, len(chosen)),
                tried.total + len(chosen),
                tried.seen + int((errors.wrong[chosen] >= LIKELY).sum()),
                tried.first + int(np.isin(chosen, first).sum()),
            )
        if tried.total >= ENOUGH:
            break
    return tried


def _where_none_is_likely(
    left: np.ndarray, tried: _Tried, material: Material
) -> tuple[np.ndarray, tuple[Note, ...]]:
    """Which samples are listed although no label is likely wrong, and what is said.

    Args:
        left: the most doubtful tenth, without those that the user looked at [L].
    """
    nothing = left[:0]
    if not tried.total:
        return nothing, ()
    values = {
        "made": tried.made,
        "total": tried.total,
        "noun": material.plan.modality.many,
        "title": material.plan.backbone.title,
    }
    seen = values | {"seen": tried.seen, "share": round(100 * tried.seen / tried.total)}
    if tried.seen >= SEEN * tried.total:
        return nothing, (Note("check.label_errors_none", seen, "good"),)
    values |= {"first": tried.first, "share": round(100 * tried.first / tried.total)}
    if tried.first < HELPS * tried.total:
        return nothing, (Note("check.label_errors_unknown", values),)
    if not len(left):
        return nothing, (Note("check.label_errors_reviewed", values),)
    return left, (Note("check.label_errors_doubtful", values | {"count": len(left)}),)


def _tenth(count: int) -> int:
    """How many of so many samples are listed."""
    return round(LISTED * count)


def shown_of(flagged: Sequence[Flagged]) -> list[Flagged]:
    """Those that are shown first: whose labels are likely wrong; where none is, all."""
    return [each for each in flagged if each.score >= LIKELY] or [*flagged]


def _made_wrong(material: Material, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels [N] of which some, always the same, were replaced by those of other samples; and
    which. Of numbers, by clearly different ones."""
    labels, targets = material.labels, material.plan.split.targets
    values, apart = labels.astype(np.float64), 0.0
    if targets.objective == NUMBER:
        values = np.array([targets.values[label][0] for label in labels.tolist()])
        apart = float(values.std())
    rng = np.random.default_rng(seed)
    count = min(len(labels), max(AT_LEAST, round(MADE_WRONG * len(labels))))
    chosen, made = [], labels.copy()
    for row in rng.choice(len(labels), count, replace=False).tolist():
        others = np.flatnonzero(np.abs(values - values[row]) > apart)
        if len(others):
            made[row] = labels[rng.choice(others)]
            chosen.append(row)
    return made, np.array(chosen, dtype=np.int64)


def obstacle(material: Material) -> str:
    """See :attr:`.check.Check.obstacle`."""
    if material.plan.split.targets.objective == BOXES:
        return "check.label_errors_boxes"
    counted = material.plan.backbone.no_cache and len(material.samples) <= MOST_COUNTED
    return "" if material.features is not None or counted else "check.label_errors_no_features"


def _features(material: Material, tell: Tell) -> tuple[np.ndarray, Material]:
    """Float32 [N, F], of word counts made here; and the samples that could be read.

    Raises:
        UserError: ``data.gone``, ``data.damaged``: too many cannot.
    """
    if material.features is not None:
        return material.features, material
    from transfergui.core.training import ranking  # torch, which the window begins without

    with files.temporary_folder() as folder, ranking.outside_training():
        plan = save_assets(material.plan, folder)
        made, kept = ranking.counted_of(plan, material.samples, lambda: tell(0, 0))
    paths = {sample.path for sample in kept}
    pairs = zip(material.samples, material.parts, strict=True)
    parts = tuple(part for sample, part in pairs if sample.path in paths)
    lost = tuple(sample.path for sample in material.samples if sample.path not in paths)
    return made, replace(material, samples=tuple(kept), parts=parts, unread=lost)


# -- by what is predicted


def found(features: np.ndarray, material: Material, tell: Tell) -> Errors:
    """What is known of every label, from features [N, F] of all samples."""
    return _of(_looked(features, material, tell), material, material.labels)


def _looked(features: np.ndarray, material: Material, tell: Tell) -> _Looked:
    groups = [sample.group or sample.path for sample in material.samples]
    return _Looked(LeftOut(features, groups, tell), groups, tell)


def _of(looked: _Looked, material: Material, labels: np.ndarray) -> Errors:
    """What is known of ``labels`` [N], those of the samples or others."""
    targets, classes = material.plan.split.targets, material.plan.split.classes
    if targets.objective == ONE_CLASS:
        return _of_classes(looked, labels, classes)
    rows = [targets.values[label] for label in labels.tolist()]
    if targets.objective == NUMBER:
        return _of_numbers(looked, np.array([row[0] for row in rows]))
    if targets.objective == SEVERAL_LABELS:
        return _of_labels(looked, rows, targets)
    return _of_questions(looked, np.array(rows, dtype=np.int64), targets)


@dataclass(frozen=True)
class _Looked:
    """The samples, ready to be predicted from each other."""

    left_out: LeftOut
    groups: Sequence[str]
    tell: Tell

    def doubts(self, labels: np.ndarray, count: int) -> Doubts | None:
        """Of labels in [0, count), -1 where there is none [N]; None where there is nothing to tell.

        Those that cannot be doubted (missing, or of a class with too few groups) have 0.
        """
        known = self._told(labels, count)
        if len(np.unique(labels[known])) < 2:
            return None
        wanted = (labels[:, None] == np.arange(count)).astype(np.float64)
        best: Doubts | None = None
        for penalty in PENALTIES:
            self.tell(0, 0)
            scores = self.left_out.predictions(wanted, penalty)
            self.tell(0, 0)
            made = label_noise.of_classes(scores[known], labels[known], self.tell)
            if best is None or made.loss < best.loss:
                best, chosen = made, scores
        assert best is not None
        wrong = np.zeros(len(labels))
        wrong[known] = best.wrong
        probabilities = chosen.copy()
        probabilities[known] = best.probabilities
        return Doubts(wrong, probabilities, best.share, best.loss)

    def _told(self, labels: np.ndarray, count: int) -> np.ndarray:
        """The samples whose label can be told from others [M]."""
        groups: list[set[str]] = [set() for _class in range(count)]
        for label, group in zip(labels.tolist(), self.groups, strict=True):
            if label >= 0:
                groups[label].add(group)
        enough = np.array([len(own) >= FEWEST for own in groups])
        return np.flatnonzero((labels >= 0) & enough[labels])


def _quality(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Cleanlab's quality of labels in [0, 1] [N]."""
    from cleanlab.rank import get_label_quality_scores

    shares = np.clip(probabilities, 1e-12, None)
    shares /= shares.sum(1, keepdims=True)
    return get_label_quality_scores(labels, shares, method="self_confidence")


def _best_other(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The most likely class beside the given one [N]."""
    others = probabilities.copy()
    others[np.arange(len(labels)), labels] = -np.inf
    return others.argmax(1)


def _of_classes(looked: _Looked, labels: np.ndarray, classes: Sequence[str]) -> Errors:
    doubts = looked.doubts(labels, len(classes))
    if doubts is None:
        return _silent([classes[label] for label in labels])
    suggested = _best_other(doubts.probabilities, labels)
    quality = _quality(labels, doubts.probabilities)
    quality[doubts.wrong == 0] += 1  # those that cannot be doubted come last
    return Errors(doubts.wrong, quality, [classes[other] for other in suggested])


def _of_labels(looked: _Looked, rows: Sequence[Sequence[float]], targets: Targets) -> Errors:
    """Each label by itself: it may be missing, or be there by mistake."""
    from cleanlab.multilabel_classification import get_label_quality_scores

    held = np.zeros((len(rows), len(targets.names)), dtype=np.int64)
    for at, row in enumerate(rows):
        held[at, [int(place) for place in row]] = 1
    wrong = np.zeros(held.shape)
    likely = held.astype(np.float64)
    for place in range(held.shape[1]):
        doubts = looked.doubts(held[:, place], 2)
        if doubts is not None:
            wrong[:, place] = doubts.wrong
            likely[:, place] = np.clip(doubts.probabilities[:, 1], 0, 1)
    given = [np.flatnonzero(row).tolist() for row in held]
    quality = get_label_quality_scores(given, likely)
    suggested = []
    for own, doubted in zip(held, wrong, strict=True):
        flipped = doubted >= min(LIKELY, float(doubted.max()))
        named = np.flatnonzero(own ^ flipped)
        suggested.append(meanings.labels_text(targets.names[place] for place in named))
    return Errors(1 - np.prod(1 - wrong, axis=1), quality, suggested)


def _of_questions(looked: _Looked, rows: np.ndarray, targets: Targets) -> Errors:
    """Each question by itself."""
    wrong, quality = np.zeros(rows.shape), np.ones(rows.shape)
    others = rows.copy()
    for place, answers in enumerate(targets.answers):
        doubts = looked.doubts(rows[:, place], len(answers))
        known = rows[:, place] >= 0
        if doubts is not None:
            wrong[:, place] = doubts.wrong
            own, likely = rows[known, place], doubts.probabilities[known]
            quality[known, place] = _quality(own, likely)
            others[known, place] = _best_other(likely, own)
    suggested = []
    for own_row, other, doubted in zip(rows, others, wrong, strict=True):
        changed = doubted >= min(LIKELY, float(doubted.max()))
        answers_row = np.where(changed, other, own_row)
        suggested.append(meanings.answers_text(_named(answers_row.tolist(), targets)))
    return Errors(1 - np.prod(1 - wrong, axis=1), quality.min(1), suggested)


def _named(row: Sequence[int], targets: Targets) -> Iterator[str | None]:
    """The answers of a row of indices; None where one is missing."""
    for answer, known in zip(row, targets.answers, strict=True):
        yield known[answer] if answer >= 0 else None


def _of_numbers(looked: _Looked, values: np.ndarray) -> Errors:
    """By the error of the prediction, compared with the others."""
    if not float(np.ptp(values)):
        return _silent([meanings.number_text(float(value)) for value in values])
    best: Doubts | None = None
    for penalty in PENALTIES:
        looked.tell(0, 0)
        made = label_noise.of_numbers(
            looked.left_out.predictions(values[:, None], penalty)[:, 0], values
        )
        if best is None or made.loss < best.loss:
            best = made
    assert best is not None
    predicted = best.probabilities[:, 0]
    whole = bool((values == np.round(values)).all())
    shown = np.round(predicted) if whole else predicted
    suggested = [meanings.number_text(float(f"{value:.3g}")) for value in shown]
    return Errors(best.wrong, -np.abs(values - predicted), suggested)


def _silent(names: Sequence[str]) -> Errors:
    """Nothing can be told."""
    return Errors(np.zeros(len(names)), np.ones(len(names)), names)


# -- examples


class _Neighbours:
    """Samples of a class that are most like another sample, with labels that are not doubted.

    Args:
        trusted: which samples may be shown [N].
    """

    def __init__(self, features: np.ndarray, material: Material, trusted: np.ndarray) -> None:
        centred = features - features.mean(0)
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        self._unit = centred / np.maximum(lengths, 1e-12)
        self._samples = material.samples
        self._groups = np.array([sample.group or sample.path for sample in material.samples])
        labels = material.labels
        split = material.plan.split
        self._of_class = {
            name: np.flatnonzero(trusted & (labels == label))
            for label, name in enumerate(split.classes)
        }
        self._numbers = split.targets.objective == NUMBER
        self._classes = split.classes
        self._trusted = np.flatnonzero(trusted)

    def of(self, row: int, suggested: str) -> tuple[str, ...]:
        """Paths of some of the given class, then of some of the suggested one."""
        if self._numbers:
            return self._nearest(row, self._trusted)
        given = self._classes[self._samples[row].label]
        names = (given, suggested) if suggested != given else (given,)
        nobody = np.empty(0, dtype=np.int64)
        found = (self._nearest(row, self._of_class.get(name, nobody)) for name in names)
        return tuple(path for paths in found for path in paths)

    def _nearest(self, row: int, rows: np.ndarray) -> tuple[str, ...]:
        rows = rows[self._groups[rows] != self._groups[row]]
        nearness = self._unit[rows] @ self._unit[row]
        nearest = rows[np.argsort(-nearness, kind="stable")[:EXAMPLES]]
        return tuple(self._samples[int(at)].path for at in nearest)


CHECK = Check(
    key=KEY,
    title=N_("Likely label errors"),
    summary=N_(
        "Looks for examples whose label differs from the labels of similar examples. A model "
        "learns wrong labels, too, and a test set with wrong labels gives a wrong result."
    ),
    obstacle=obstacle,
    find=find,
)
