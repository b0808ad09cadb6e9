"""How good a linear model of frozen features is with fewer training samples than there are.

Only training and validation set are used. Of several draws of each size, whole groups where the
split keeps groups together, a linear model learns from the samples that were drawn and is measured
on the others. Where there are many samples or classes, that is :mod:`.ridge` regression, so that
the time is bounded: logistic regression of 1000 classes takes minutes, and this is one of hundreds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from transfergui.core.base import imports
from transfergui.core.base.progress import Tell, untold
from transfergui.core.figures.grouped import Groups, indices
from transfergui.core.training import linear_probe, ridge

if TYPE_CHECKING:
    from transfergui.core.interfaces.objective import Probe

SIZES, DRAWS = 6, 10
LARGEST = 0.8
"""Of the samples, in the largest draws; the others measure."""
SMALLEST = 0.1
FEWEST = 40
"""Fewer samples show no curve."""
FEW = 2000
"""More samples are left to :mod:`.ridge`, ..."""
MOST = 20_000
"""... and of more than these, so many are drawn."""
TESTED = 4000
"""Samples that measure a draw, at most."""
NUMBERS = 300_000
"""Samples x features from which on numbers are left to :mod:`.ridge`, too."""
MOST_CLASSES = 12
"""Of more classes, the worst ones are asked which of them more samples would help."""
MEMBERS = 8
"""Samples that such a class must have: of fewer, hardly one measures it."""
HALF_DRAWS = 12
FEWEST_GROUPS = 10
"""With fewer groups nobody can tell of which class more samples are needed."""

Draw = Callable[[], np.ndarray]
"""Gives all rows in a new order each time."""
Said = np.ndarray | None
"""What is said of some rows [T]: classes, how likely a label is, numbers; None for nothing."""
Drawn = tuple[int, int, np.ndarray, Sequence[Said]]
"""Place of the size, number of the draw, the rows that measure it, what is said of them."""
Model = Callable[[np.ndarray, np.ndarray], Callable[[np.ndarray], np.ndarray]]
"""Learns from the first rows; what it gives says the classes of the second ones as it would if it
had not learnt from those that are given then."""


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
    n, rng = len(features), np.random.default_rng(seed)
    least = max(int(SMALLEST * n), 2 * _classes(probes), 8)
    sizes = np.unique(np.geomspace(min(least, n // 3), LARGEST * n, SIZES).round().astype(int))
    draw = _drawer(n, groups, rng)
    values = np.full((len(sizes), DRAWS), np.nan)
    width = _classes(probes)
    single = len(probes) == 1 and probes[0].kind == "classes"
    recalls = np.full((len(sizes), DRAWS, width), np.nan) if single else None
    draws = _many if _is_large(features, probes) else _few
    for done, (place, number, rest, said) in enumerate(draws(features, probes, sizes, draw)):
        tell(done, len(sizes) * DRAWS)
        if recalls is None:
            values[place, number] = _score(probes, rest, said)
            continue
        wanted, own = probes[0].wanted[rest], said[0]
        assert own is not None
        recalls[place, number] = _recalls(wanted, own, width)
        balance = float(np.nanmean(recalls[place, number]))
        values[place, number] = balance if balanced else float((own == wanted).mean())
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
    draw = _drawer(len(features), groups, np.random.default_rng(seed))
    size, width = int(LARGEST * len(features)), int(labels.max()) + 1
    probe = _probe(labels)
    whole_of = _whole_many if _is_large(features, [probe]) else _whole_few
    model = whole_of(features, probe)
    costs = np.zeros((HALF_DRAWS, len(asked)))
    for number in range(HALF_DRAWS):
        order = draw()
        learnt, rest = order[:size], order[size:][:TESTED]
        without = model(learnt, rest)
        whole = np.nanmean(_recalls(labels[rest], without(learnt[:0]), width))
        for place, label in enumerate(asked):
            tell(number * len(asked) + place, HALF_DRAWS * len(asked))
            own = learnt[labels[learnt] == label]
            fewer = _recalls(labels[rest], without(own[: len(own) // 2]), width)
            costs[number, place] = whole - np.nanmean(fewer)
    errors = costs.std(axis=0, ddof=1) / HALF_DRAWS**0.5
    return [
        Half(label, float(costs[:, place].mean()), float(errors[place]))
        for place, label in enumerate(asked)
    ]


def _probe(labels: np.ndarray) -> Probe:
    from transfergui.core.interfaces.objective import Probe

    return Probe("classes", labels)


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


def _drawer(n: int, groups: Groups, rng: np.random.Generator) -> Draw:
    """Gives all rows in a new order each time; those of a group stand together."""
    if not len(groups):
        return lambda: rng.permutation(n)
    of = indices(groups)

    def draw() -> np.ndarray:
        places = rng.permutation(int(of.max()) + 1)[of]
        return np.argsort(places, kind="stable")

    return draw


def _recalls(truth: np.ndarray, said: np.ndarray, width: int) -> np.ndarray:
    sizes = np.bincount(truth, minlength=width)
    hits = np.bincount(truth[truth == said], minlength=width)
    return np.where(sizes > 0, hits / np.maximum(sizes, 1), np.nan)


def _score(probes: Sequence[Probe], rest: np.ndarray, said: Sequence[Said]) -> float:
    """The mean over the probes that can be measured; NaN without any."""
    pairs = zip(probes, said, strict=True)
    scores = [each for probe, own in pairs if (each := _of(probe, rest, own)) is not None]
    return float(np.mean(scores)) if scores else float("nan")


def _of(probe: Probe, rest: np.ndarray, said: Said) -> float | None:
    """Of one probe: accuracy, average precision or R²; None where it cannot be measured."""
    if said is None:
        return None
    wanted = probe.wanted[rest]
    if probe.kind == "classes":
        known = wanted >= 0
        return float((said == wanted)[known].mean()) if known.any() else None
    if probe.kind == "number":
        variance = float(probe.wanted.var())
        return 1 - float(((said - wanted) ** 2).mean()) / variance if variance else None
    if not wanted.any():
        return None
    imports.load("sklearn.metrics")
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(wanted, said))


# -- few samples: by logistic regression


def _few(
    features: np.ndarray, probes: Sequence[Probe], sizes: np.ndarray, draw: Draw
) -> Iterator[Drawn]:
    """All draws of each size, one after the other."""
    x = _turned(features)
    for place, number in itertools.product(range(len(sizes)), range(DRAWS)):
        order = draw()
        learnt, rest = order[: sizes[place]], order[sizes[place] :]
        yield place, number, rest, [_learnt(x, probe, learnt, rest) for probe in probes]


def _learnt(x: np.ndarray, probe: Probe, learnt: np.ndarray, rest: np.ndarray) -> Said:
    """What a linear model of the rows ``learnt`` says of ``rest``."""
    imports.load("sklearn.linear_model")
    from sklearn.linear_model import RidgeCV
    from threadpoolctl import threadpool_limits

    wanted = probe.wanted
    with threadpool_limits(1):
        if probe.kind == "number":
            model = RidgeCV(alphas=linear_probe.PENALTIES).fit(x[learnt], wanted[learnt])
            return np.asarray(model.predict(x[rest]))
        if probe.kind == "classes":
            learnt = learnt[wanted[learnt] >= 0]
        if len(np.unique(wanted[learnt])) < 2:
            alone = probe.kind == "classes" and len(learnt)
            return np.full(len(rest), wanted[learnt[0]]) if alone else None
        classifier = linear_probe.classifier_of(x.shape[1]).fit(x[learnt], wanted[learnt])
        is_class = probe.kind == "classes"
        return classifier.predict(x[rest]) if is_class else classifier.decision_function(x[rest])


def _whole_few(features: np.ndarray, probe: Probe) -> Model:
    """As :data:`Model`."""
    x = _turned(features)

    def model(learnt: np.ndarray, rest: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        def without(rows: np.ndarray) -> np.ndarray:
            fewer = np.setdiff1d(learnt, rows, assume_unique=True) if len(rows) else learnt
            said = _learnt(x, probe, fewer, rest)
            assert said is not None
            return said

        return without

    return model


# -- many: by ridge regression


def _is_large(features: np.ndarray, probes: Sequence[Probe]) -> bool:
    """Whether the models of :func:`_few` would take minutes."""
    count, width = len(features), min(features.shape)
    classes = sum(int(p.wanted.max()) + 1 if p.kind == "classes" else 1 for p in probes)
    numbers = any(probe.kind == "number" for probe in probes) and count * width > NUMBERS
    return count > FEW or numbers or ridge.is_needed(count, width, classes)


def _many(
    features: np.ndarray, probes: Sequence[Probe], sizes: np.ndarray, draw: Draw
) -> Iterator[Drawn]:
    """All sizes of each draw: each has learnt from the samples of the one before, and more, and
    is measured on samples that none of them has."""
    from threadpoolctl import threadpool_limits

    x, columns = ridge.narrowed(features), ridge.columns_of(probes)
    for number in range(DRAWS):
        order, model = draw(), ridge.Ridge(x, columns.wanted, features.shape[1])
        rest = order[sizes[-1] :][:TESTED]
        for place, size in enumerate(sizes):
            with threadpool_limits(1):
                model.learn(order[sizes[place - 1] if place else 0 : size])
                said = model.answers(rest)
            yield place, number, rest, _by_probe(probes, columns, said, model)


def _by_probe(
    probes: Sequence[Probe], columns: ridge.Columns, answers: np.ndarray, model: ridge.Ridge
) -> list[Said]:
    """Answers [T, S] of all columns of ``model``, as each probe is measured."""
    found: list[Said] = []
    for probe, place in zip(probes, columns.of, strict=True):
        own = answers[:, place]
        if probe.kind == "classes":
            found.append(model.likeliest(answers, place))
        else:
            found.append(own[:, 0] if probe.kind == "number" or model.seen[place].any() else None)
    return found


def _whole_many(features: np.ndarray, probe: Probe) -> Model:
    """As :data:`Model`."""
    from threadpoolctl import threadpool_limits

    x, columns = ridge.narrowed(features), ridge.columns_of([probe])

    def model(learnt: np.ndarray, rest: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        whole = ridge.Ridge(x, columns.wanted, features.shape[1])
        with threadpool_limits(1):
            whole.learn(learnt)

        def without(rows: np.ndarray) -> np.ndarray:
            with threadpool_limits(1):
                some = whole.without(rows)
                said = _by_probe([probe], columns, some.answers(rest), some)[0]
            assert said is not None
            return said

        return without

    return model
