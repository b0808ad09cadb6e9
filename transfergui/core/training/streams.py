"""Batches of other data, drawn beside those of the training samples.

Which samples a step gets depends on the seed and on the number of the step alone, so a resumed
training sees what an uninterrupted one does. A small data set is gone through several times in an
epoch of a large one, each time in another order.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from torch import Tensor

from transfergui.core.base.errors import UserError
from transfergui.core.training.loaders import Batch, Source

FIRST = 100
"""Number of the first stream in the seed of its order: apart from what else is drawn."""


class Stream(NamedTuple):
    """Other data, as a phase sees them.

    Attributes:
        path: what was opened, for messages.
        labelled: whether their targets are known.
        weights: how often each is drawn, relative to the others [count]; None for all alike.
        share: of the size of a batch, that is drawn for it.
        passes: how often one's own samples are gone through in an epoch beside it, so that there
            are steps for all of the stream.
    """

    source: Source
    path: str
    labelled: bool
    weights: np.ndarray | None = None
    share: float = 1.0
    passes: int = 1


def passes(streams: Sequence[Stream]) -> int:
    """How often one's own samples are gone through in an epoch."""
    return max((stream.passes for stream in streams), default=1)


def beside(
    batches: Iterator[Batch],
    streams: Sequence[Stream],
    size: int,
    seed: int,
    steps: range,
    epoch: int | None,
) -> Iterator[Batch]:
    """``batches``, each with a batch of ``size`` samples of every stream.

    Args:
        steps: numbers of the steps of these batches, counted from the start of the phase.
        epoch: in which training samples are augmented, if they are.

    Raises:
        UserError: ``companion.unreadable``: nothing of a stream can be read.
    """
    if not streams:
        yield from batches
        return
    drawn = [
        _drawn(stream, size, [seed, FIRST + number], steps, epoch)
        for number, stream in enumerate(streams)
    ]
    for batch in batches:
        parts = tuple(itertools.chain.from_iterable(next(each) for each in drawn))
        yield batch._replace(streams=parts)


def _drawn(
    stream: Stream, size: int, seeds: list[int], steps: range, epoch: int | None
) -> Iterator[tuple[Tensor, ...]]:
    """The tensors of one batch after another; again from the first where some could not be read."""
    count = len(stream.source.labels)
    if not count:
        raise UserError("companion.unreadable", path=stream.path)
    size = min(max(1, round(size * stream.share)), count)
    order = _rows(count, size, seeds, steps, stream.weights)
    while True:
        batch = None
        for batch in stream.source.batches(order, size, epoch):
            yield (batch.inputs, batch.targets) if stream.labelled else (batch.inputs,)
        if batch is None:
            raise UserError("companion.unreadable", path=stream.path)


def _rows(
    count: int, size: int, seeds: list[int], steps: range, weights: np.ndarray | None = None
) -> list[int]:
    """The rows of some steps: a window on one permutation behind another.

    With ``weights``, each time of as many rows that were drawn by them: every row comes as often as
    its share says, rounded up or down (systematic resampling, Kitagawa 1996).
    """
    begin, end = steps.start * size, steps.stop * size
    turns = range(begin // count, math.ceil(end / count))
    order = [_turn(np.random.default_rng([*seeds, turn]), count, weights) for turn in turns]
    skipped = begin % count
    return np.concatenate(order)[skipped : skipped + end - begin].tolist()


def _turn(rng: np.random.Generator, count: int, weights: np.ndarray | None) -> np.ndarray:
    """As many rows as there are, in any order."""
    if weights is None or not weights.sum():
        return rng.permutation(count)
    upto = np.cumsum(weights / weights.sum())
    drawn = np.searchsorted(upto, (rng.random() + np.arange(count)) / count)
    return rng.permutation(np.minimum(drawn, count - 1))
