"""How likely each label is wrong, given what a model says that has not learnt from it.

A low probability of the given label alone proves nothing: of two classes that look alike, half the
samples have one. So it is asked how many labels must be wrong to explain all of them: the scores
become probabilities by a temperature and a share of the classes' frequencies, and a share of the
labels is taken for drawn at random among the others; the three are chosen by maximum likelihood.
Where the labels are as good as the model can tell, that share is 0, and no label is doubted
(cleanlab's ``find_label_issues`` doubts 9 % of clean labels of the clothing photos, this none).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from transfergui.core.base.progress import Tell, untold

MOST_VALUES = 60_000
"""Scores that the three numbers are fitted on."""
MOST_WRONG = 0.5
"""Share of the labels that may be wrong: beyond that they are not labels."""
NONE, FEW = -30.0, -3.0
"""As the first of the fitted numbers: no label is wrong; a few are."""
SOFT = -1.5
"""Logarithm of the temperature that is begun with."""
CLEAR = 6.6
"""Twice the logarithm of the likelihoods' ratio from which on wrong labels are believed in: chance
alone reaches it in 1 of 200 (half a chi-squared distribution, as a share cannot be negative)."""
TAIL = 4
"""Degrees of freedom of the errors of numbers: far ones happen without anything being wrong."""


@dataclass(frozen=True)
class Doubts:
    """
    Attributes:
        wrong: how likely each label is wrong, in [0, 1] [N].
        probabilities: of each class [N, K]; the prediction of a number [N, 1].
        share: of the labels that seem to be wrong.
        loss: mean negative log likelihood, by which models are compared.
    """

    wrong: np.ndarray
    probabilities: np.ndarray
    share: float
    loss: float


def of_classes(scores: np.ndarray, labels: np.ndarray, tell: Tell = untold) -> Doubts:
    """
    Args:
        scores: float [N, K], near 1 for the class of a sample and near 0 for the others.
        labels: in [0, K) [N].
        tell: called again and again; may raise to end it.
    """
    frequencies = np.bincount(labels, minlength=scores.shape[1]) / len(labels)
    logs = np.log(np.maximum(frequencies, 1e-9))
    some = slice(None, None, max(1, scores.size // MOST_VALUES))

    def likelihood(values: np.ndarray) -> np.ndarray:
        tell(0, 0)
        return _likelihood(values, scores[some], labels[some], logs)[0]

    values = _fitted(likelihood, [SOFT, 0.0])
    likely, random, probabilities = _likelihood(values, scores, labels, logs)
    return Doubts(random / likely, probabilities, _share(values), -float(np.log(likely).mean()))


def _fitted(likelihood: Callable[[np.ndarray], np.ndarray], start: list[float]) -> np.ndarray:
    """The numbers that make all labels most likely; the first is about the share of wrong ones,
    :data:`NONE` where these do not explain the labels clearly better than chance does."""
    from scipy.optimize import minimize

    def loss(values: np.ndarray) -> float:
        return -float(np.log(likelihood(values)).sum())

    right = minimize(lambda rest: loss(np.append(NONE, rest)), start, method="Nelder-Mead")
    mixed = minimize(loss, np.append(FEW, right.x), method="Nelder-Mead")
    clear = 2 * (right.fun - mixed.fun) > CLEAR
    return mixed.x if clear else np.append(NONE, right.x)


def _likelihood(
    values: np.ndarray, scores: np.ndarray, labels: np.ndarray, logs: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each label [N]; the part of it that comes from wrong labels [N]; of all classes [N, K].

    Args:
        values: of the share of wrong labels, of the temperature, and the weight of the classes'
            frequencies, whose logarithms are ``logs`` [K].
    """
    from scipy.special import softmax

    share = _share(values)
    probabilities = softmax(scores / _positive(values[1]) + values[2] * logs, axis=1)
    given = probabilities[np.arange(len(labels)), labels]
    random = share * (1 - given) / max(1, scores.shape[1] - 1)
    return np.maximum((1 - share) * given + random, 1e-300), random, probabilities


def _share(values: np.ndarray) -> float:
    """Of wrong labels."""
    return MOST_WRONG / (1 + float(np.exp(-np.clip(values[0], NONE, -NONE))))


def _positive(value: float) -> float:
    return float(np.exp(np.clip(value, -8, 4)))


def of_numbers(predictions: np.ndarray, values: np.ndarray) -> Doubts:
    """The same of numbers: the errors of right ones have Student's distribution, wrong ones may be
    anywhere in the range.

    Args:
        predictions, values: float [N].
    """
    from scipy.stats import t

    errors = values - predictions
    middle = float(np.median(np.abs(errors))) or float(np.abs(errors).mean()) or 1.0
    anywhere = 1 / max(float(np.ptp(values)), middle)

    def parts(given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        share = _share(given)
        random = np.full(len(errors), share * anywhere)
        right = (1 - share) * t.pdf(errors, TAIL, scale=_positive(given[1]) * middle)
        return np.maximum(right + random, 1e-300), random

    found = _fitted(lambda given: parts(given)[0], [0.0])
    likely, random = parts(found)
    loss = -float(np.log(likely).mean())
    return Doubts(random / likely, predictions[:, None], _share(found), loss)
