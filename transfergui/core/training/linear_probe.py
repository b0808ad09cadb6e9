"""How well a simple model of frozen features predicts what is wanted, cross-validated.

Logistic regression of classes, scored by accuracy; of each label by itself, scored by average
precision; ridge regression of numbers, scored by R². Each fold is tested on samples that its model
has not learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transfergui.core.base import imports
from transfergui.core.training import ridge

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from transfergui.core.interfaces.objective import Probe

FOLDS = 5
STRENGTH = 0.1
"""The probe's C: on features of one scale, between what suits 10 and 100 examples a class."""
PENALTIES = tuple(10.0**power for power in range(-2, 6))
"""Of ridge regression: each fold chooses one on what it learns from."""


class Scored(NamedTuple):
    """Of one or several probes.

    Attributes:
        value: the mean over probes and folds; None where nothing could be learnt and tested.
        deviation: the mean over the probes of the standard deviation over their folds.
    """

    value: float | None = None
    deviation: float | None = None


def scored(features: np.ndarray, probes: Sequence[Probe]) -> Scored:
    """What ``probes`` score on features [N, F]; those that cannot be tested are left out."""
    found = [
        scores for probe in probes if (scores := _KINDS[probe.kind](features, probe.wanted)).size
    ]
    if not found:
        return Scored()
    values, deviations = ([f(scores) for scores in found] for f in (np.mean, np.std))
    return Scored(float(np.mean(values)), float(np.mean(deviations)))


def of_classes(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Accuracies [folds] of logistic regression on features [N, F], brought to one scale.

    As many folds as the smallest class has members, :data:`FOLDS` at most. Classes with one
    member, which cannot be both learnt from and tested, are left out, as are samples of an unknown
    class (-1); empty where fewer than two classes are left.
    """
    values, counts = np.unique(labels, return_counts=True)
    tested = np.isin(labels, values[(counts > 1) & (values >= 0)])
    counts = counts[(counts > 1) & (values >= 0)]
    if len(counts) < 2:
        return np.empty(0)
    x, known, fewest = features[tested], labels[tested], int(counts.min())
    if ridge.is_needed(len(x), min(x.shape), len(counts)):
        return _validated_many(x, known, fewest)
    return _validated(x, known, fewest, "accuracy")


def _validated_many(x: np.ndarray, labels: np.ndarray, fewest: int) -> np.ndarray:
    """As :func:`_validated`, of so many samples or classes that this would take minutes."""
    imports.load("sklearn.model_selection")
    from sklearn.model_selection import StratifiedKFold
    from threadpoolctl import threadpool_limits

    parts = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    with threadpool_limits(1):
        return ridge.accuracies(x, labels, parts.split(x, labels))


def of_label(features: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Average precisions [folds] for one label, 0 or 1 [N]; empty where fewer than two samples have
    it, or fewer than two lack it."""
    fewest = min(int((truth == value).sum()) for value in (0, 1))
    if fewest < 2:
        return np.empty(0)
    return _validated(features, truth, fewest, "average_precision")


def _validated(features: np.ndarray, wanted: np.ndarray, fewest: int, by: str) -> np.ndarray:
    """Scores [folds] of logistic regression; as many folds as ``fewest``, :data:`FOLDS` at most."""
    imports.load("sklearn.linear_model", "sklearn.model_selection")
    from sklearn.model_selection import StratifiedKFold, cross_val_score
    from threadpoolctl import threadpool_limits

    parts = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=0)
    with threadpool_limits(1):  # beside torch's threads, more make it slower
        classifier = classifier_of(features.shape[1])
        return cross_val_score(classifier, _scaled(features), wanted, cv=parts, scoring=by)


def classifier_of(width: int) -> LogisticRegression:
    """Logistic regression of features [N, width] on one scale."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH / np.sqrt(width), max_iter=300)


def _scaled(features: np.ndarray) -> np.ndarray:
    """Brought to one scale."""
    centred = features - features.mean(0)
    centred /= centred.std() or 1.0
    return centred


def of_number(features: np.ndarray, values: np.ndarray) -> np.ndarray:
    """R² [folds] of ridge regression: 1 less the squared error over the variance of all ``values``
    [N]; empty where there are fewer than four, or all are the same."""
    variance = float(values.var())
    if len(values) < 4 or not variance:
        return np.empty(0)
    imports.load("sklearn.linear_model", "sklearn.model_selection")
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold
    from threadpoolctl import threadpool_limits

    x = _scaled(features).astype(np.float64)
    parts = KFold(min(FOLDS, len(values) // 2), shuffle=True, random_state=0)
    scores = []
    with threadpool_limits(1):
        for learnt, tested in parts.split(x):
            model = RidgeCV(alphas=PENALTIES).fit(x[learnt], values[learnt])
            errors = model.predict(x[tested]) - values[tested]
            scores.append(1 - float((errors**2).mean()) / variance)
    return np.array(scores)


_KINDS = {"classes": of_classes, "label": of_label, "number": of_number}
