"""What the examples without a label seem to be, and which of them are most useful to label next.

Most useful are those between two classes, by the margin between the two likeliest ones (Scheffer et
al., "Active Hidden Markov Models", 2001), that are typical of others: doubt counts more where there
are near neighbours (information density: Settles and Craven, "An Analysis of Active Learning
Strategies for Sequence Labeling Tasks", 2008). And not ten of the same kind: of the most useful
ones, each next one is that which is furthest from all that are labelled or chosen already (greedy
k-centre: Sener and Savarese, "Active Learning for Convolutional Neural Networks: A Core-Set
Approach", arXiv:1708.00489). Every fourth place is given to one drawn at random from the whole
folder: only such ones say honestly how good the suggestions are
(:mod:`transfergui.core.labelling.estimate`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from transfergui.core.labelling import head
from transfergui.core.labelling.table import LabelTable

FEWEST = 10
"""Labels from which on there are suggestions."""
EVERY = 4
"""Of so many that are to be labelled next, one is drawn at random."""
ROUND, ROUNDS = 10, 6
"""So many are chosen one by one, so many times; the others follow by their use."""
USEFUL = 5
"""Those of a round are chosen from so many times as many, the most useful ones."""
NEAR, REFERENCES = 20, 1000
"""An example is as typical as it is like so many neighbours, on average; of many examples, those
among so many, and fewer accordingly."""
TYPICAL = 0.5
"""The power of it that a doubt is multiplied by."""


class Suggestions(NamedTuple):
    """What a head of the labels so far makes of all examples.

    Attributes:
        paths: of the examples [N].
        classes: those that have an example [C]; none where there are too few labels.
        probabilities: float64 [N, C]; [N, 0] where there are too few labels.
        left_out: the same of each labelled example by the head of all the others [N, C]; zeros
            for the ones without a label.
        order: rows of the examples without a label, the most useful ones first.
        drawn: those rows of ``order`` that are drawn at random.
        penalty: that of the head; 0 without one.
        x: what it learns from: features of :func:`transfergui.core.labelling.head.scaled` [N, F].
    """

    paths: tuple[str, ...]
    classes: tuple[str, ...]
    probabilities: np.ndarray
    left_out: np.ndarray
    order: tuple[int, ...]
    drawn: frozenset[int]
    penalty: float
    x: np.ndarray

    def suggested(self, row: int) -> tuple[str, float] | None:
        """The likeliest class of an example, and how likely it is; None without suggestions."""
        if not self.classes:
            return None
        at = int(self.probabilities[row].argmax())
        return self.classes[at], float(self.probabilities[row, at])

    def by_class(self) -> dict[str, list[int]]:
        """The rows of examples without a label for which each class is suggested, the most
        confident ones first."""
        found: dict[str, list[int]] = {name: [] for name in self.classes}
        if not self.classes:
            return found
        highest, at = self.probabilities.max(1), self.probabilities.argmax(1)
        for row in sorted(self.order, key=lambda row: -highest[row]):
            found[self.classes[at[row]]].append(row)
        return found


def suggested(features: np.ndarray, paths: Sequence[str], table: LabelTable) -> Suggestions:
    """What is suggested for the examples at ``paths``.

    Args:
        features: of them, from a frozen backbone, float [N, F].
        table: the labels so far. Those of examples that are not among ``paths`` are not looked at.
    """
    paths = tuple(paths)
    labels = [table.labels.get(path) for path in paths]
    rows = np.array([row for row, name in enumerate(labels) if name is not None], dtype=np.int64)
    given = {name for name in labels if name is not None}
    classes = tuple(name for name in table.every_class if name in given)
    x = head.scaled(features)
    probabilities, left_out = np.zeros((len(x), 0)), np.zeros((len(x), 0))
    penalty = 0.0
    if len(rows) >= FEWEST and len(classes) > 1:
        number = {name: at for at, name in enumerate(classes)}
        own = np.array([number[str(labels[row])] for row in rows])
        found = head.fitted(x, rows, own, len(classes))
        probabilities, penalty = found.probabilities, found.penalty
        left_out = np.zeros_like(probabilities)
        left_out[rows] = found.left_out
    else:
        classes = ()
    useful = _most_useful(x, rows, probabilities)
    at_random = [row for row in random_order(paths) if labels[row] is None]
    order, drawn = _mixed(useful, at_random)
    return Suggestions(paths, classes, probabilities, left_out, order, drawn, penalty, x)


def random_order(paths: Sequence[str]) -> list[int]:
    """Rows of all examples in an order that has nothing to do with what they show: by a hash of
    their paths. It is the same each time, whatever is labelled."""
    marks = [hashlib.blake2b(path.encode("utf-8", "surrogatepass")).digest() for path in paths]
    return sorted(range(len(paths)), key=marks.__getitem__)


def neighbours(features: np.ndarray, rows: Collection[int], count: int) -> list[int]:
    """The rows of the ``count`` examples most like any of ``rows``, the likest first, without them.

    Args:
        features: float [N, F]; likeness is the cosine, from the mean of all.
    """
    x = head.scaled(features)
    wanted = list(rows)
    if not wanted:
        return []
    likeness = (x @ x[wanted].T).max(1)
    likeness[wanted] = -np.inf
    order = np.argsort(-likeness, kind="stable")[: max(0, min(count, len(x) - len(set(wanted))))]
    return [int(row) for row in order]


def _mixed(useful: Sequence[int], drawn: Sequence[int]) -> tuple[tuple[int, ...], frozenset[int]]:
    """Both orders of the same rows as one: each :data:`EVERY` th row is of the second one."""
    order: dict[int, None] = {}
    chosen = set()
    first, second = iter(useful), iter(drawn)
    for place in range(len(useful)):
        source = second if place % EVERY == 0 else first
        row = next((row for row in source if row not in order), None)
        if row is None:  # the rows of one order are all used
            continue
        order[row] = None
        if place % EVERY == 0:
            chosen.add(row)
    order |= dict.fromkeys(useful)
    return tuple(order), frozenset(chosen)


def _most_useful(x: np.ndarray, labelled: np.ndarray, probabilities: np.ndarray) -> list[int]:
    """The rows without a label, the most useful ones first.

    Args:
        x: of :func:`head.scaled` [N, F].
        probabilities: [N, C]; with C = 0 there are no margins yet.
    """
    free = np.setdiff1d(np.arange(len(x)), labelled)
    if probabilities.shape[1] < 2:
        chosen = _k_centre(x, labelled, free, min(ROUND * ROUNDS, len(free)))
        return [*chosen, *map(int, free[~np.isin(free, chosen)])]
    two = np.sort(probabilities, axis=1)[:, -2:]
    use = (1 - (two[:, 1] - two[:, 0])) * typical(x) ** TYPICAL
    order = free[np.argsort(-use[free], kind="stable")]
    chosen = []
    for _round in range(ROUNDS):
        known = np.concatenate([labelled, np.array(chosen, dtype=np.int64)])
        pool = order[~np.isin(order, chosen)][: USEFUL * ROUND]
        chosen += _k_centre(x, known, pool, min(ROUND, len(pool)))
    return [*chosen, *map(int, order[~np.isin(order, chosen)])]


def typical(x: np.ndarray) -> np.ndarray:
    """How much each example is like its nearest neighbours [N]: the mean cosine, at least 0.

    Args:
        x: of :func:`head.scaled` [N, F].
    """
    count = min(REFERENCES, len(x))
    others = np.random.default_rng(0).permutation(len(x))[:count]
    near = max(2, min(count - 1, round(NEAR * count / len(x))))
    likeness = x @ x[others].T
    likeness[others, np.arange(count)] = -1.0  # itself
    found = np.partition(likeness, -near, axis=1)[:, -near:].mean(axis=1)
    return np.maximum(found, 0.0)


def _k_centre(x: np.ndarray, labelled: np.ndarray, pool: np.ndarray, count: int) -> list[int]:
    """``count`` rows of ``pool``, each the furthest from the labelled ones and those before it."""
    if not len(pool):
        return []
    own = x[pool]
    if len(labelled):
        nearest = (own @ x[labelled].T).max(1)
        chosen: list[int] = []
    else:  # the one in the middle first
        start = int((own @ own.mean(0)).argmax())
        chosen, nearest = [start], own @ own[start]
        nearest[start] = np.inf
    while len(chosen) < count:
        at = int(nearest.argmin())
        chosen.append(at)
        nearest = np.maximum(nearest, own @ own[at])
        nearest[chosen] = np.inf
    return [int(pool[at]) for at in chosen]
