"""Batches: samples decoded ahead on threads, remembered in memory within a bound.

All randomness is counted, not drawn from a stream: sample ``i`` of epoch ``e``
is augmented by a generator made from (seed, e, i), wherever and whenever it is
decoded. A resumed training therefore sees exactly what an uninterrupted one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import psutil
import torch
from torch import Tensor

from transfergui.core.dataset import Sample
from transfergui.core.errors import UserError
from transfergui.core.parallel import THREADS, one_ahead, ordered_map

if TYPE_CHECKING:
    from transfergui.core.plan import Plan

MAX_LOST = 0.05
"""Above this share of unreadable samples a training does not go on."""
MEMORY_SHARE = 0.25
"""Of the memory that is free at the start, for decoded samples."""


class Batch(NamedTuple):
    """Some samples.

    Attributes:
        inputs: [N, ...].
        targets: class indices [N].
        rows: [N] positions in the source.
        guide: what else the strategy's task gets for each sample: nothing, or one
            tensor [N, F] with a teacher's features.
    """

    inputs: Tensor
    targets: Tensor
    rows: list[int]
    guide: tuple[Tensor, ...] = ()


class Source(Protocol):
    """What the loop trains and validates on: decoded files, or cached features."""

    labels: list[int]
    paths: list[str]

    def batches(self, order: Sequence[int], size: int, epoch: int | None = None) -> Iterator[Batch]:
        """Batches of the rows in ``order``; with ``epoch``, augmented for that epoch."""


class Memory:
    """Decoded samples, kept until the bound is reached; then new ones are not kept."""

    def __init__(self, limit: int | None = None) -> None:
        free = psutil.virtual_memory().available
        self.left = int(free * MEMORY_SHARE) if limit is None else limit
        self._kept: dict[str, Tensor] = {}

    def get(self, path: str) -> Tensor | None:
        return self._kept.get(path)

    def keep(self, path: str, tensor: Tensor) -> None:
        size = tensor.numel() * tensor.element_size()
        if size <= self.left and path not in self._kept:
            self.left -= size
            self._kept[path] = tensor


class Losses:
    """Counts the samples that could not be read during a training.

    Raises:
        UserError: ``data.vanished``, from :meth:`add`, above :data:`MAX_LOST`.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.paths: dict[str, UserError] = {}

    def add(self, path: str, error: UserError) -> None:
        self.paths[path] = error
        if len(self.paths) > max(1, MAX_LOST * self.total):
            raise UserError(
                "data.vanished", count=len(self.paths), total=self.total, path=path
            ) from error


class FileSource:
    """Samples read from their files.

    Args:
        memory: shared by the sources of a training.
        losses: shared likewise; samples that cannot be read are left out and counted.
        guide: tensors [len(samples), ...], see :class:`Batch`.
    """

    def __init__(
        self,
        plan: Plan,
        samples: Sequence[Sample],
        memory: Memory,
        losses: Losses,
        guide: tuple[Tensor, ...] = (),
    ) -> None:
        self.labels = [sample.label for sample in samples]
        self.paths = [sample.path for sample in samples]
        self._plan = plan
        self._root = Path(plan.split.root)
        self._memory = memory
        self._losses = losses
        self._guide = guide

    def batches(self, order: Sequence[int], size: int, epoch: int | None = None) -> Iterator[Batch]:
        rows: list[int] = []
        inputs: list[Tensor] = []
        tensors = ordered_map(
            lambda row: self._tensor(row, epoch), order, THREADS, ahead=max(2 * size, 32)
        )
        for place, (row, result) in enumerate(zip(order, tensors, strict=True), start=1):
            if isinstance(result, UserError):
                self._losses.add(self.paths[row], result)
            else:
                rows.append(row)
                inputs.append(result)
            if rows and (place % size == 0 or place == len(order)):
                targets = torch.tensor([self.labels[r] for r in rows])
                guide = tuple(tensor[rows] for tensor in self._guide)
                yield Batch(torch.stack(inputs), targets, rows, guide)
                rows, inputs = [], []

    def _tensor(self, row: int, epoch: int | None) -> Tensor | UserError:
        plan, path = self._plan, self.paths[row]
        try:
            loaded = self._memory.get(path)
            if loaded is None:
                loaded = plan.modality.load(self._root / path, plan.input)
                self._memory.keep(path, loaded)
        except UserError as error:
            return error
        if epoch is None:
            return plan.modality.prepare(loaded, plan.input)
        rng = np.random.default_rng([plan.recipe.run.seed, epoch, row])
        return plan.modality.augment(loaded, plan.input, plan.augment, rng)


def fed(batches: Iterator[Batch], device: torch.device) -> Iterator[Batch]:
    """``batches``, on ``device`` where that is a CUDA one.

    The next batch is stacked, pinned and sent there on a thread while the device works on this
    one, so that it never waits. The processor itself would only be in its own way.
    """
    if device.type != "cuda":
        return batches
    return one_ahead(_sent(batch, device) for batch in batches)


def _sent(batch: Batch, device: torch.device) -> Batch:
    inputs, targets, *guide = (
        tensor.pin_memory().to(device, non_blocking=True)
        for tensor in (batch.inputs, batch.targets, *batch.guide)
    )
    return Batch(inputs, targets, batch.rows, tuple(guide))


def training_order(labels: Sequence[int], seed: int, epoch: int, balanced: bool) -> list[int]:
    """The rows of one epoch: a permutation, or as many drawn so that classes are alike often."""
    rng = np.random.default_rng([seed, epoch])
    if not balanced:
        return rng.permutation(len(labels)).tolist()
    counts = np.bincount(labels)
    weights = 1.0 / counts[labels]
    return rng.choice(len(labels), len(labels), p=weights / weights.sum()).tolist()
