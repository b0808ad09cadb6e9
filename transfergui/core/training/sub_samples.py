"""How good a linear model of frozen features is with fewer training samples than there are.

Only training and validation set are used. Of several draws of each size, whole groups where the
split keeps groups together, a linear model learns from the samples that were drawn and is measured
on the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import imports
from transfergui.core.base.progress import Tell, untold
from transfergui.core.figures.grouped import Groups, indices
from transfergui.core.training import linear_probe

if TYPE_CHECKING:
    from transfergui.core.interfaces import Probe

SIZES, DRAWS = 6, 10
LARGEST = 0.8
"""Of the samples, in the largest draws; the others measure."""
SMALLEST = 0.1
FEWEST = 40
"""Fewer samples show no curve."""
MOST = 2000
"""Of more, so many are drawn: a linear model of them takes a quarter of a second."""
MOST_CLASSES = 12
"""Of more classes, the worst ones are asked which of them more samples would help."""
HALF_DRAWS = 12
FEWEST_GROUPS = 10
"""With fewer groups nobody can tell of which class more samples are needed."""


@dataclass(frozen=True)
class Measured:
    """What was measured.

    Attributes:
        sizes: samples that were learnt from [K].
        values: the figure [K, R], higher is better; the mean recall of the classes where
            ``balanced``.
        recalls: of one class, the recall of each class [K, R, C]; NaN where none was measured.
        n: samples that there are to draw from.
        groups: how many groups they are of; 0 where they stand each for itself.
    """

    sizes: tuple[int, ...]
    values: np.ndarray
    recalls: np.ndarray | None
    n: int
    groups: int

    @property
    def noise(self) -> float:
        """The standard error of the figure because of how few samples there are; of samples in
        groups, at least what the draws, each measured on the share of the groups that is left,
        show."""
        share = float(np.clip(self.values[-1].mean(), 0.05, 0.95))
        alone = float((share * (1 - share) / max(2, self.n)) ** 0.5)
        if not self.groups:
            return alone
        return max(alone, float(self.values[-1].std(ddof=1)) * (1 - LARGEST) ** 0.5)

    def recall_of(self, place: int) -> np.ndarray:
        """The mean recall of each class [C] with ``sizes[place]`` samples; NaN where unknown."""
        assert self.recalls is not None
        values = self.recalls[place]
        known = ~np.isnan(values)
        sums = np.where(known, values, 0.0).sum(axis=0)
        return np.where(known.any(axis=0), sums / np.maximum(known.sum(axis=0), 1), np.nan)


@dataclass(frozen=True)
class Half:
    """What it costs if a class has half of its training samples.

    Attributes:
        label: index of the class.
        cost: of the balanced accuracy, the mean over the draws; ``error`` is its standard error.
    """

    label: int
    cost: float
    error: float


def chosen(labels: np.ndarray, seed: int = 0) -> np.ndarray:
    """The rows that are looked at: all, or :data:`MOST` of them."""
    if len(labels) <= MOST:
        return np.arange(len(labels))
    return np.sort(np.random.default_rng(seed).permutation(len(labels))[:MOST])


def measured(
    features: np.ndarray,
    probes: Sequence[Probe],
    groups: Groups = (),
    balanced: bool = False,
    tell: Tell = untold,
    seed: int = 0,
) -> Measured:
    """Measure draws of several sizes of features [N, F].

    Args:
        groups: of each sample; none where they stand each for itself.
        tell: may raise to end it.
    """
    x, n = _turned(features), len(features)
    rng = np.random.default_rng(seed)
    least = max(int(SMALLEST * n), 2 * _classes(probes), 8)
    sizes = np.unique(np.geomspace(min(least, n // 3), LARGEST * n, SIZES).round().astype(int))
    draw = _drawer(n, groups, rng)
    values = np.full((len(sizes), DRAWS), np.nan)
    width = _classes(probes)
    single = len(probes) == 1 and probes[0].kind == "classes"
    recalls = np.full((len(sizes), DRAWS, width), np.nan) if single else None
    for place, size in enumerate(sizes):
        for number in range(DRAWS):
            tell(place * DRAWS + number, len(sizes) * DRAWS)
            order = draw()
            learnt, rest = order[:size], order[size:]
            if recalls is None:
                values[place, number] = _score(x, probes, learnt, rest)
                continue
            said = _said(x, probes[0].wanted, learnt, rest)
            own = recalls[place, number] = _recalls(probes[0].wanted[rest], said, width)
            right = float((said == probes[0].wanted[rest]).mean())
            values[place, number] = float(np.nanmean(own)) if balanced else right
    known = ~np.isnan(values).any(axis=1)
    return Measured(
        tuple(int(size) for size in sizes[known]),
        values[known],
        None if recalls is None else recalls[known],
        n,
        len(set(groups)),
    )


def halved(
    features: np.ndarray,
    labels: np.ndarray,
    asked: Sequence[int],
    groups: Groups = (),
    tell: Tell = untold,
    seed: int = 0,
) -> list[Half]:
    """What half of the training samples of each class ``asked`` costs the others' model: the mean
    recall of all classes, less than with all samples, on the same draws."""
    x, rng = _turned(features), np.random.default_rng(seed)
    draw, width = _drawer(len(features), groups, rng), int(labels.max()) + 1
    size = int(LARGEST * len(features))
    costs = np.zeros((HALF_DRAWS, len(asked)))
    for number in range(HALF_DRAWS):
        order = draw()
        learnt, rest = order[:size], order[size:]
        whole = np.nanmean(_recalls(labels[rest], _said(x, labels, learnt, rest), width))
        for place, label in enumerate(asked):
            tell(number * len(asked) + place, HALF_DRAWS * len(asked))
            own = learnt[labels[learnt] == label]
            fewer = np.setdiff1d(learnt, own[: len(own) // 2], assume_unique=True)
            without = np.nanmean(_recalls(labels[rest], _said(x, labels, fewer, rest), width))
            costs[number, place] = whole - without
    errors = costs.std(axis=0, ddof=1) / HALF_DRAWS**0.5
    return [
        Half(label, float(costs[:, place].mean()), float(errors[place]))
        for place, label in enumerate(asked)
    ]


def _classes(probes: Sequence[Probe]) -> int:
    """Of the probe with the most classes."""
    return max((int(p.wanted.max()) + 1 if p.kind == "classes" else 2) for p in probes)


def _turned(features: np.ndarray) -> np.ndarray:
    """On one scale, and turned so that no more columns than samples are left: no linear model
    notices. The scale is such that :func:`.linear_probe.classifier_of`, which goes by the columns,
    is as strong as with all of them."""
    x = features - features.mean(0)
    x /= float(x.std()) or 1.0
    if x.shape[1] <= len(x):
        return x
    x *= (len(x) / x.shape[1]) ** 0.25
    values, vectors = np.linalg.eigh((x @ x.T).astype(np.float64))
    return (vectors * np.sqrt(values.clip(0))).astype(np.float32)


def _drawer(n: int, groups: Groups, rng: np.random.Generator) -> Callable[[], np.ndarray]:
    """Gives all rows in a new order each time; those of a group stand together."""
    if not len(groups):
        return lambda: rng.permutation(n)
    of = indices(groups)

    def draw() -> np.ndarray:
        places = rng.permutation(int(of.max()) + 1)[of]
        return np.argsort(places, kind="stable")

    return draw


def _said(x: np.ndarray, labels: np.ndarray, learnt: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """The classes that a linear model of the rows ``learnt`` predicts for ``rest``."""
    imports.load("sklearn.linear_model")
    from threadpoolctl import threadpool_limits

    if len(np.unique(labels[learnt])) < 2:
        return np.full(len(rest), labels[learnt[0]])
    with threadpool_limits(1):
        classifier = linear_probe.classifier_of(x.shape[1])
        return classifier.fit(x[learnt], labels[learnt]).predict(x[rest])


def _recalls(truth: np.ndarray, said: np.ndarray, width: int) -> np.ndarray:
    sizes = np.bincount(truth, minlength=width)
    hits = np.bincount(truth[truth == said], minlength=width)
    return np.where(sizes > 0, hits / np.maximum(sizes, 1), np.nan)


def _score(x: np.ndarray, probes: Sequence[Probe], learnt: np.ndarray, rest: np.ndarray) -> float:
    """The mean over the probes that can be measured; NaN without any."""
    scores = [each for probe in probes if (each := _of(probe, x, learnt, rest)) is not None]
    return float(np.mean(scores)) if scores else float("nan")


def _of(probe: Probe, x: np.ndarray, learnt: np.ndarray, rest: np.ndarray) -> float | None:
    imports.load("sklearn.linear_model")
    from sklearn.linear_model import RidgeCV
    from sklearn.metrics import average_precision_score
    from threadpoolctl import threadpool_limits

    wanted = probe.wanted
    if probe.kind == "classes":
        learnt, rest = learnt[wanted[learnt] >= 0], rest[wanted[rest] >= 0]
        if not len(learnt) or not len(rest):
            return None
        return float((_said(x, wanted, learnt, rest) == wanted[rest]).mean())
    with threadpool_limits(1):
        if probe.kind == "number":
            model = RidgeCV(alphas=linear_probe.PENALTIES).fit(x[learnt], wanted[learnt])
            variance = float(wanted.var())
            errors = model.predict(x[rest]) - wanted[rest]
            return 1 - float((errors**2).mean()) / variance if variance else None
        if not wanted[rest].any() or len(np.unique(wanted[learnt])) < 2:
            return None
        classifier = linear_probe.classifier_of(x.shape[1]).fit(x[learnt], wanted[learnt])
        return float(average_precision_score(wanted[rest], classifier.decision_function(x[rest])))
