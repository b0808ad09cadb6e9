"""Figures of a model that finds boxes in pictures, without crowds, as COCO counts them.

Answers are matched with the true boxes of the same picture and class one after the other, the
largest score first: each takes, of those that none has taken yet, the one that it overlaps most,
if intersection over union (IoU) is at least 0.5, 0.55, ..., 0.95. What takes none is a false alarm.
Average precision is the area under the precision-recall curve, precision made non-increasing,
read at 101 recalls: AP50 at an IoU of 0.5, AP the mean over the ten; of a class without true boxes
there is none. Lin et al., "Microsoft COCO: Common Objects in Context", 2014 (arXiv:1405.0312), and
its reference program, whose figures these are; at most 100 answers count in a picture and class.

P pictures, C classes, G true boxes, D answers, T overlaps, B resamples. Boxes are left, top,
right, bottom in any unit, as only ratios count.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from transfergui.core.figures.bootstrap import FEWEST, RESAMPLES, counts, percentile_interval
from transfergui.core.figures.grouped import Groups
from transfergui.core.figures.intervals import Interval, wilson

OVERLAPS = np.linspace(0.5, 0.95, 10)
"""IoU from which on a box is found."""
RECALLS = np.linspace(0.0, 1.0, 101)
MOST = 100
"""Answers that count in one picture and class."""
FEWEST_PICTURES = FEWEST
"""From fewer, or fewer with a class, nobody knows how much pictures differ: no interval."""
DEFAULT_THRESHOLD = 0.5
PAIRS = 1_000_000
"""Pairs of boxes that are compared at once."""
BLOCK = 2_000_000
"""Answers times resamples that are looked at at once."""
CELLS = 20_000_000
"""Answers times resamples of an interval: half a second."""
FEWEST_RESAMPLES = 200
GROUPS, GROUP = (3, 8), 30
"""Groups of boxes by their size: how many, and of how many boxes each is to be."""


class Boxes(NamedTuple):
    """Boxes of pictures, one row for each.

    Attributes:
        picture: int [N], from 0.
        name: the class, int [N].
        corners: left, top, right, bottom; float64 [N, 4].
        score: float64 [N]; of true boxes 1.
    """

    picture: np.ndarray
    name: np.ndarray
    corners: np.ndarray
    score: np.ndarray

    def at(self, rows: np.ndarray) -> Boxes:
        """Some of them."""
        return Boxes(*(each[rows] for each in self))

    @property
    def sides(self) -> np.ndarray:
        """The side of a square of the same area [N]; of shares of the picture, a share, too."""
        left, top, right, bottom = self.corners.T
        return np.sqrt(np.maximum(right - left, 0) * np.maximum(bottom - top, 0))


def boxes(rows: Iterable[Sequence[Sequence[float]]]) -> Boxes:
    """Of each picture, rows of class, left, top, right, bottom, and, of answers, the score."""
    found = [(at, *box) for at, picture in enumerate(rows) for box in picture]
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Boxes(none, none, np.zeros((0, 4)), np.zeros(0))
    table = np.array(found, dtype=np.float64)
    score = table[:, 6] if table.shape[1] > 6 else np.ones(len(table))
    return Boxes(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2:6], score)


@dataclass(frozen=True)
class Matches:
    """Which true boxes were found.

    Attributes:
        pictures, names: P and C.
        truth: the true boxes [G].
        said: the answers [D], the largest score first.
        taken: for each overlap and answer the true box that it found, -1 of none: int [T, D].
    """

    pictures: int
    names: int
    truth: Boxes
    said: Boxes
    taken: np.ndarray

    @property
    def hits(self) -> np.ndarray:
        """Which answers found a box at an overlap of 0.5: bool [D]."""
        return self.taken[0] >= 0


class Counts(NamedTuple):
    """What is found at one threshold of the score, by class: int [C] each."""

    found: np.ndarray
    missed: np.ndarray
    false_alarms: np.ndarray


class Curve(NamedTuple):
    """What is found of all classes together, at every threshold that makes a difference.

    Attributes:
        thresholds: falling; float [M].
        found, false_alarms: answers with at least this score, int [M].
        boxes: true ones.
    """

    thresholds: np.ndarray
    found: np.ndarray
    false_alarms: np.ndarray
    boxes: int

    @property
    def precision(self) -> np.ndarray:
        """[M]"""
        return self.found / np.maximum(1, self.found + self.false_alarms)

    @property
    def recall(self) -> np.ndarray:
        """[M]"""
        return self.found / max(1, self.boxes)


class SizeGroup(NamedTuple):
    """True boxes of about the same size.

    Attributes:
        low, high: the smallest and the largest side, as of :attr:`Boxes.sides`.
        found, boxes: how many are found, of how many.
        interval: Wilson's 95 % interval of their share.
    """

    low: float
    high: float
    found: int
    boxes: int
    interval: Interval


# -- matching


def overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes [..., 4] with as many others; 0 where both have no area."""
    low = np.maximum(first[..., :2], second[..., :2])
    sides = np.maximum(np.minimum(first[..., 2:], second[..., 2:]) - low, 0)
    shared = sides[..., 0] * sides[..., 1]
    union = _areas(first) + _areas(second) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=shared > 0)


def _areas(corners: np.ndarray) -> np.ndarray:
    return (corners[..., 2] - corners[..., 0]) * (corners[..., 3] - corners[..., 1])


def match(truth: Boxes, said: Boxes, pictures: int, names: int) -> Matches:
    """Match answers with true boxes; both may lack pictures that have none."""
    said = said.at(np.argsort(-said.score, kind="stable"))
    rank = _ranks(said.picture * names + said.name)
    said, rank = said.at(rank < MOST), rank[rank < MOST]
    own, other, shared = overlapping(said, truth, names)
    order = np.lexsort((other, own, rank[own]))
    own, other, shared = own[order], other[order], shared[order]
    taken = np.full((len(OVERLAPS), len(said.score)), -1, dtype=np.int64)
    used = np.zeros((len(OVERLAPS), len(truth.score)), dtype=bool)
    steps = [*np.flatnonzero(np.diff(rank[own], prepend=-1)), len(own)]
    for start, end in itertools.pairwise(steps):
        part = slice(start, end)  # one answer at most of each picture and class
        _take(own[part], other[part], shared[part], taken, used)
    return Matches(pictures, names, truth, said, taken)


def _take(
    own: np.ndarray, other: np.ndarray, shared: np.ndarray, taken: np.ndarray, used: np.ndarray
) -> None:
    """Let each answer take the free box that it overlaps most; of equal ones the last."""
    starts = np.flatnonzero(np.diff(own, prepend=-1))
    lengths = np.diff([*starts, len(own)])
    free = ~used[:, other] & (shared >= np.minimum(OVERLAPS, 1 - 1e-10)[:, None])
    worth = np.where(free, shared, -1.0)
    best = np.maximum.reduceat(worth, starts, axis=1)
    places = np.where(worth == np.repeat(best, lengths, axis=1), np.arange(len(own)), -1)
    chosen = np.maximum.reduceat(places, starts, axis=1)
    level, answer = np.nonzero(best > 0)
    box = other[chosen[level, answer]]
    taken[level, own[starts][answer]] = box
    used[level, box] = True


def _ranks(keys: np.ndarray) -> np.ndarray:
    """Of each row, how many before it have the same key: int [N]."""
    order = np.argsort(keys, kind="stable")
    fresh = np.diff(keys[order], prepend=-1) != 0
    places = np.arange(len(keys))
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = places - np.maximum.accumulate(np.where(fresh, places, 0))
    return ranks


def overlapping(
    said: Boxes, truth: Boxes, names: int, least: float = float(OVERLAPS[0])
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of an answer and a true box of the same picture and class that overlap: their rows
    and their IoU, of at least ``least``."""
    keys = truth.picture * names + truth.name
    order = np.argsort(keys, kind="stable")
    wanted = said.picture * names + said.name
    starts = np.searchsorted(keys[order], wanted, side="left")
    sizes = np.searchsorted(keys[order], wanted, side="right") - starts
    found = []
    for rows in _blocks(sizes):
        own = np.repeat(rows, sizes[rows])
        within = np.arange(len(own)) - np.repeat(np.cumsum(sizes[rows]) - sizes[rows], sizes[rows])
        other = order[np.repeat(starts[rows], sizes[rows]) + within]
        shared = overlap(said.corners[own], truth.corners[other])
        near = shared >= least - 1e-9
        found.append((own[near], other[near], shared[near]))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return none, none, np.zeros(0)
    own, other, shared = (np.concatenate(part) for part in zip(*found, strict=True))
    return own, other, shared


def _blocks(sizes: np.ndarray) -> list[np.ndarray]:
    """Rows with something to compare, in blocks of about :data:`PAIRS` comparisons."""
    rows = np.flatnonzero(sizes)
    ends = np.cumsum(sizes[rows]) // PAIRS
    return np.split(rows, np.flatnonzero(np.diff(ends)) + 1) if len(rows) else []


def of_pictures(found: Matches, pictures: Sequence[int]) -> Matches:
    """The boxes of some pictures, each once, which are numbered anew in this order."""
    new = np.full(found.pictures, -1, dtype=np.int64)
    new[list(pictures)] = np.arange(len(pictures))
    there, own = new[found.truth.picture] >= 0, new[found.said.picture] >= 0
    rows = np.where(there, np.cumsum(there) - 1, -1)
    taken = found.taken[:, own]
    truth, said = found.truth.at(there), found.said.at(own)
    return Matches(
        pictures=len(pictures),
        names=found.names,
        truth=truth._replace(picture=new[truth.picture]),
        said=said._replace(picture=new[said.picture]),
        taken=np.where(taken >= 0, np.append(rows, -1)[taken], -1),
    )


# -- average precision


def average_precision(found: Matches) -> np.ndarray:
    """By overlap and class: float [T, C], NaN of a class without true boxes."""
    every = np.ones((1, found.pictures), dtype=np.int32)
    levels = [_by_class(found, hits >= 0, every)[0] for hits in found.taken]
    return np.array(levels)


def ap50(found: Matches, weights: np.ndarray) -> np.ndarray:
    """AP50, the mean over the classes, of pictures that are there so many times: [B] of [B, P];
    NaN where there is no true box."""
    return np.concatenate([mean_of_known(part) for part in _resampled(found, weights)])


def ap50_intervals(
    found: Matches, groups: Groups = (), seed: int = 0
) -> tuple[Interval | None, list[Interval | None]]:
    """95 % intervals of AP50, of all and by class, by drawing pictures again; None of fewer than
    :data:`FEWEST_PICTURES`, and where all drawn ones come to the same, as if nothing were unsure.

    Args:
        groups: of each picture; whole groups are drawn then.
    """
    if found.pictures < FEWEST_PICTURES or not len(found.truth.score):
        return None, [None] * found.names
    wanted = int(np.clip(CELLS // max(1, len(found.said.score)), FEWEST_RESAMPLES, RESAMPLES))
    drawn = counts(found.pictures, wanted, seed, groups)
    values = np.concatenate([part for block in drawn for part in _resampled(found, block)])
    known = np.unique(found.truth.picture * found.names + found.truth.name) % found.names
    enough = np.bincount(known, minlength=found.names) >= FEWEST_PICTURES
    by_class = [
        _interval(own) if each else None for own, each in zip(values.T, enough, strict=True)
    ]
    return _interval(mean_of_known(values)), by_class


def _resampled(found: Matches, weights: np.ndarray) -> Iterator[np.ndarray]:
    """AP50 by class [B, C] of pictures that are there so many times [B, P], in blocks."""
    blocks = max(1, len(weights) * len(found.hits) // BLOCK)
    for part in np.array_split(weights, min(blocks, len(weights))):
        yield _by_class(found, found.hits, part)


def _interval(values: np.ndarray) -> Interval | None:
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    ends = percentile_interval(known)
    return Interval(ends.low, ends.high) if ends.low < ends.high else None


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """The mean over the last axis of what is not NaN; NaN where nothing is."""
    known = np.isfinite(values)
    count = known.sum(-1)
    sums = np.where(known, values, 0.0).sum(-1)
    return np.where(count > 0, sums / np.maximum(1, count), np.nan)


def _by_class(found: Matches, hits: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Average precision [B, C] of answers that are ``hits`` [D] or not."""
    whole = np.full((len(weights), found.names), np.nan)
    for name in np.unique(found.truth.name).tolist():
        positives = np.bincount(
            found.truth.picture[found.truth.name == name], minlength=found.pictures
        )
        own = found.said.name == name
        whole[:, name] = _area(hits[own], found.said.picture[own], weights, weights @ positives)
    return whole


def _area(
    hits: np.ndarray, pictures: np.ndarray, weights: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """The area [B] under the curve of answers [D] in the order of their scores.

    Between two hits precision falls, so that only hits are looked at; each stands for the recalls
    that are reached with it.
    """
    last = int(np.flatnonzero(hits)[-1]) + 1 if hits.any() else 0
    hits, drawn = hits[:last], weights[:, pictures[:last]]
    found = np.cumsum(drawn[:, hits], axis=1, dtype=np.int32)
    answered = np.cumsum(drawn, axis=1, dtype=np.int32)[:, hits]
    precision = found / np.maximum(1, answered)
    best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    reached = np.searchsorted(RECALLS, found / np.maximum(1, totals)[:, None], side="right")
    share = np.diff(reached, axis=1, prepend=0)
    return np.where(totals > 0, (best * share).sum(1) / len(RECALLS), np.nan)


# -- at one threshold


def at_threshold(found: Matches, threshold: float) -> Counts:
    """What is found, missed and answered in vain by answers with at least this score.

    Answers with smaller scores take no box from these, so that one matching does for all.
    """
    shown = found.said.score >= threshold
    hits = found.hits
    right, wrong = (
        np.bincount(found.said.name[shown & each], minlength=found.names) for each in (hits, ~hits)
    )
    return Counts(right, np.bincount(found.truth.name, minlength=found.names) - right, wrong)


def is_found(found: Matches, threshold: float) -> np.ndarray:
    """Which true boxes are found: bool [G]."""
    by = found.taken[0][found.hits & (found.said.score >= threshold)]
    return np.isin(np.arange(len(found.truth.score)), by)


def curve(found: Matches, name: int | None = None) -> Curve:
    """See :class:`Curve`.

    Args:
        name: of this class alone.
    """
    own = np.ones(len(found.said.score), dtype=bool) if name is None else found.said.name == name
    boxes = found.truth.name if name is None else found.truth.name[found.truth.name == name]
    scores, hits = found.said.score[own], found.hits[own]
    ends = np.flatnonzero(np.diff(scores, append=-1.0))  # the last of equal scores
    right = np.cumsum(hits)[ends]
    return Curve(scores[ends], right, ends + 1 - right, len(boxes))


def best_threshold(found: Matches) -> float:
    """Where F1 of all boxes together is highest: half-way to the next smaller score.

    :data:`DEFAULT_THRESHOLD` where nothing is found at any.
    """
    known = curve(found)
    if not len(known.found) or not known.found[-1]:
        return DEFAULT_THRESHOLD
    f1 = 2 * known.found / (known.found + known.false_alarms + known.boxes)
    best = int(f1.argmax())
    below = known.thresholds[best + 1] if best + 1 < len(f1) else known.thresholds[best]
    return float((known.thresholds[best] + below) / 2)


def by_size(found: Matches, threshold: float) -> list[SizeGroup]:
    """True boxes in groups of equally many, the smallest first; equal sizes stay together.

    There are 3 to 8 groups: as many as have :data:`GROUP` boxes each.
    """
    sides, there = found.truth.sides, is_found(found, threshold)
    if not len(sides):
        return []
    groups = min(GROUPS[1], max(GROUPS[0], len(sides) // GROUP))
    edges = np.unique(np.quantile(sides, np.arange(1, groups) / groups))
    of = np.searchsorted(edges, sides, side="left")
    rows = [np.flatnonzero(of == group) for group in range(len(edges) + 1)]
    return [_size_group(sides[at], there[at]) for at in rows if len(at)]


def _size_group(sides: np.ndarray, there: np.ndarray) -> SizeGroup:
    right, size = int(there.sum()), len(there)
    interval = wilson(right, size)
    assert interval is not None
    return SizeGroup(float(sides.min()), float(sides.max()), right, size, interval)
