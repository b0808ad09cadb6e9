"""Weights of borrowed samples by boosting: those that contradict one's own lose theirs.

Dai, Yang, Xue and Yu, "Boosting for Transfer Learning" (TrAdaBoost), ICML 2007. In each of R rounds
a learner is fitted to all samples by their weights. One's own that it gets wrong gain weight, as in
AdaBoost (of K classes: SAMME, Zhu, Zou, Rosset and Hastie 2009); the source's that it gets wrong
lose some: they are times b = 1 / (1 + sqrt(2 ln M / R)).

With growing weights of one's own, those of the source would fall even where it is always right
("weight drift"). Here one's own keep their sum, which is the same as the correction of Al-Stouhi
and Reddy, "Adaptive Boosting for Transfer Learning using Dynamic Updates", ECML 2011: a sample of
the source that is right loses nothing.

The learner is that of :mod:`.weighted_ridge`. Each of the source's samples is predicted by one that
has not seen it (leave-one-out): else it would fit wrong labels, and find nothing wrong with them.
One's own are predicted as in the paper.
"""

from __future__ import annotations

import math

import numpy as np

from transfergui.core.figures.borrowing import Labelled, Lent, alike
from transfergui.core.figures.weighted_ridge import Components, Fitted

ROUNDS = 20
LEAST_ERROR = 0.02
"""A smaller one counts as this: one wrong sample must not weigh hundreds of times as much."""


def by_boosting(own: Labelled, source: Labelled, rounds: int = ROUNDS) -> Lent:
    """How much of its weight, 1, each sample of the source keeps."""
    count = len(source.labels)
    if not count or not len(own.labels):
        return alike(count)
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return Lent(_weights(own, source, rounds))


def _weights(own: Labelled, source: Labelled, rounds: int) -> np.ndarray:
    features = np.concatenate([own.features, source.features])
    rows = Components.of(features).rows(features)
    labels = np.concatenate([own.labels, source.labels])
    classes = len(np.unique(own.labels))
    split, count = len(own.labels), len(source.labels)
    mine, theirs = np.full(split, max(1.0, count / split)), np.ones(count)
    whole = mine.sum()
    loses = 1 / (1 + math.sqrt(2 * math.log(max(2, count)) / rounds))
    for _round in range(rounds):
        weights = np.concatenate([mine, theirs])
        learner = Fitted.of(rows, labels, weights)
        wrong = learner.predicted(rows[:split]) != own.labels
        error = max(LEAST_ERROR, float(mine[wrong].sum() / whole))
        if error >= 1 - 1 / classes:  # no better than guessing: it says nothing of others
            break
        mine = np.where(wrong, mine * (1 - error) / error * (classes - 1), mine)
        mine *= whole / mine.sum()
        unseen = learner.unseen(rows, labels, weights)[split:]
        theirs = np.where(unseen != source.labels, theirs * loses, theirs)
    return theirs
