"""How much somebody else's labelled samples count beside one's own.

A borrowed sample never counts more than one of one's own, and all of them together no more than all
of one's own. How many they count as is Kish's effective size of their weights ("Survey Sampling",
1965): (sum w)² / sum w².
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from transfergui.core.base.records import Count, Number, Share
from transfergui.core.figures import adapting
from transfergui.core.figures.label_agreement import LabelAgreement
from transfergui.core.figures.paired import Verdict

LEAST = 0.5
"""Of borrowed samples, as how many weighted ones must count."""
POWERS = np.linspace(1, 0, 41)
SHOWN = 12
"""Samples of a source that are named, of those that lost their weight."""
HALF = 0.5
"""A sample with at least so much of its weight left has kept it."""


class Labelled(NamedTuple):
    """Samples whose classes are known.

    Attributes:
        features: [N, F].
        labels: int [N].
    """

    features: np.ndarray
    labels: np.ndarray


class Lent(NamedTuple):
    """The weights of borrowed samples.

    Attributes:
        each: [M], not negative; 1 is as much as one of one's own.
        estimated: whether they were found from the samples; False where these are too few, and all
            count the same.
        before: as how many they counted before they were flattened; None where that was not done.
    """

    each: np.ndarray
    estimated: bool = True
    before: float | None = None

    @property
    def effective(self) -> float:
        """As how many independent samples they count: at most the sum of the weights."""
        return effective(self.each)


def alike(count: int, estimated: bool = True) -> Lent:
    """Every sample counts the same."""
    return Lent(np.ones(count), estimated)


def by_likeness(own: Labelled, source: Labelled) -> Lent:
    """Each by the density ratio of one's own features to the source's, at the latter.

    See :func:`transfergui.core.figures.adapting.weights`: mean 1, cut at the 99th percentile; then
    flattened (:func:`flattened`).
    """
    found = adapting.weights(source.features, own.features)
    if found is None:
        return alike(len(source.labels), estimated=False)
    return Lent(flattened(found.each), before=effective(found.each))


def flattened(weights: np.ndarray) -> np.ndarray:
    """Weights [M] to the largest power in [0, 1] with which they count as :data:`LEAST` of the
    samples, mean 1.

    Flattened weights trade bias for variance (Shimodaira 2000). Where a classifier tells both sets
    apart, density ratios leave a handful of samples: five voices that lent to a sixth one (751
    recordings, counting as 27) gave 0.82 where its own 30 alone gave 0.85, and 0.94 flattened.
    """
    for power in POWERS:
        found: np.ndarray = weights**power
        found = found / found.mean()
        if effective(found) >= LEAST * len(weights):
            return found
    return np.ones(len(weights))


def effective(weights: np.ndarray) -> float:
    """Kish's effective size of weights [M], but no more than their sum; 0 of none."""
    squares = float((weights**2).sum())
    if not squares:
        return 0.0
    total = float(weights.sum())
    return min(total, total**2 / squares)


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the accuracy on the validation samples without one source.

    Attributes:
        accuracy: without it.
        difference: that less the one with all; ``low`` and ``high`` are the ends of its 95 %
            interval.
        verdict: ``better`` where leaving it out clearly helps.
    """

    accuracy: Share
    difference: Number
    low: Number
    high: Number
    p: Share
    verdict: Verdict


class Leaving(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        count: validation samples.
        accuracy: with all sources.
        without: for each source.
    """

    count: Count
    accuracy: Share
    without: tuple[LeftOut, ...]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One set of borrowed samples.

    Attributes:
        path: what was opened.
        count: samples.
        effective: as how many independent ones they count.
        kept: how many of them keep at least half of their weight; None where all weights have a
            mean of 1.
        lost: paths, relative to where they were read, of those that lost most of the others.
        labels: whether its labels agree with one's own; None where too few could be judged, and in
            reports of earlier versions.
    """

    path: str
    count: Count
    effective: Number
    kept: Count | None = None
    lost: tuple[str, ...] = ()
    labels: LabelAgreement | None = None


class Borrowed(msgspec.Struct, frozen=True, kw_only=True):
    """What was borrowed for a training.

    Attributes:
        strategy: its key.
        own: one's own training samples.
        sources: in the order of the recipe.
        estimated, before: as of :class:`Lent`.
        leaving: which of several sources helps; None where that is not known.
    """

    strategy: str
    own: Count
    sources: tuple[Source, ...]
    estimated: bool = True
    before: Number | None = None
    leaving: Leaving | None = None

    @property
    def count(self) -> int:
        """Borrowed samples."""
        return sum(source.count for source in self.sources)


def _lost(weights: np.ndarray, names: Sequence[str]) -> tuple[str, ...]:
    """Of those that kept less than half of their weight, the ones with least; of many that kept as
    little, some of each part of the source."""
    least = np.sort(weights[weights < HALF])[:SHOWN]
    if not len(least):
        return ()
    rows = np.flatnonzero(weights <= least[-1])
    some = np.unique(np.linspace(0, len(rows) - 1, min(SHOWN, len(rows))).round().astype(int))
    return tuple(names[row] for row in rows[some].tolist())


def described(
    strategy: str,
    own: int,
    lent: Lent,
    of_each: Mapping[str, np.ndarray],
    counted: bool,
    leaving: Leaving | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    labels: Mapping[str, LabelAgreement | None] | None = None,
) -> Borrowed:
    """
    Args:
        own: training samples.
        lent: of all sources.
        of_each: the weights of each, by its path.
        counted: whether weights only fall from 1, so that those that kept theirs can be counted.
        names: the paths of each one's samples, as ``of_each``.
        labels: whether each one's labels agree with one's own, likewise.
    """
    sources = tuple(
        Source(
            path=path,
            count=len(weights),
            effective=effective(weights),
            kept=int((weights >= HALF).sum()) if counted else None,
            lost=_lost(weights, names[path]) if counted and names else (),
            labels=labels.get(path) if labels else None,
        )
        for path, weights in of_each.items()
    )
    return Borrowed(
        strategy=strategy,
        own=own,
        sources=sources,
        estimated=lent.estimated,
        before=lent.before,
        leaving=leaving,
    )
