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
    """

    source: Source
    path: str
    labelled: bool


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
    size = min(size, count)
    order = _rows(count, size, seeds, steps)
    while True:
        batch = None
        for batch in stream.source.batches(order, size, epoch):
            yield (batch.inputs, batch.targets) if stream.labelled else (batch.inputs,)
        if batch is None:
            raise UserError("companion.unreadable", path=stream.path)


def _rows(count: int, size: int, seeds: list[int], steps: range) -> list[int]:
    """The rows of some steps: a window on one permutation behind another."""
    begin, end = steps.start * size, steps.stop * size
    turns = range(begin // count, math.ceil(end / count))
    order = [np.random.default_rng([*seeds, turn]).permutation(count) for turn in turns]
    skipped = begin % count
    return np.concatenate(order)[skipped : skipped + end - begin].tolist()
