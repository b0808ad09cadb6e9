"""Batches: samples decoded ahead on threads, remembered in memory within a bound.

All randomness is counted, not drawn from a stream: sample ``i`` of epoch ``e``
is augmented by a generator made from (seed, e, i), wherever and whenever it is
decoded. A resumed training therefore sees exactly what an uninterrupted one does.
"""

from __future__ import annotations

import functools
import itertools
import math
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.base.parallel import THREADS, ordered_map, prefetch
from transfergui.core.data import tar_names, tars
from transfergui.core.data.companions import ROLES
from transfergui.core.data.dataset import Sample, SplitName
from transfergui.core.data.file_part import FilePart

if TYPE_CHECKING:
    from transfergui.core.data.split import Split
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.sample_cache import SampleCache

MAX_LOST = 0.05
"""Above this share of unreadable samples a training does not go on."""
MAX_LOST_OF_PART = 0.5
"""The same of the training, validation or test set alone, which may be few of all samples."""
VANISHED: Mapping[SplitName, str] = {
    "train": "data.vanished_train",
    "val": "data.vanished_val",
    "test": "data.vanished_test",
}
"""Which set cannot be read any more: codes of sentences."""
DATA_GONE = frozenset({"data.vanished", *VANISHED.values()})
"""Codes of failures after which a training can only go on when the data are there again."""
PART = 8
"""Samples that a thread augments at once, at most: with one at a time, two threads were hardly
faster than one, as they waited for Python's lock between the many small steps of each."""
CPU = torch.device("cpu")


class Batch(NamedTuple):
    """Some samples.

    Attributes:
        inputs: [N, ...].
        targets: what is wanted [N, ...], see :class:`.interfaces.objective.Objective`.
        rows: [N] positions in the source.
        teacher_features: what else the strategy's task gets for each sample: nothing, or one
            tensor [N, F] with a teacher's features.
        streams: what else it gets with the batch: the inputs [M, ...] of other data, of labelled
            ones with their targets behind them.
    """

    inputs: Tensor
    targets: Tensor
    rows: list[int]
    teacher_features: tuple[Tensor, ...] = ()
    streams: tuple[Tensor, ...] = ()


NOTHING = Batch(torch.empty(0), torch.empty(0), [])
"""Of a process that has no part in a batch."""


class Source(Protocol):
    """What the loop trains and validates on: decoded files, or cached features.

    Attributes:
        labels: indices into the classes of the data set [N].
        wanted: as of :class:`Batch`, of all samples.
    """

    labels: list[int]
    paths: list[str]
    wanted: Tensor

    def batches(
        self, order: Sequence[int], size: int, epoch: int | None = None, empty: bool = False
    ) -> Iterator[Batch]:
        """Batches of the rows in ``order``; with ``epoch``, augmented for that epoch.

        One of which nothing can be read is left out, or, where ``empty``, given without a row.
        """


class UnreadableFiles:
    """Counts the samples that could not be read during a training.

    Args:
        total: samples of the training.
        split: of these samples; None where they are of one set.

    Raises:
        UserError: ``data.vanished``, from :meth:`add`, above :data:`MAX_LOST`; one of
            :data:`VANISHED` above :data:`MAX_LOST_OF_PART`; ``data.tar_changed`` at once, as then
            no label of that tar can be trusted.
    """

    def __init__(self, total: int, split: Split | None = None) -> None:
        self.total = total
        self.paths: dict[str, UserError] = {}
        self._split = split
        self._lost: Counter[SplitName] = Counter()

    @classmethod
    def of(cls, split: Split) -> UnreadableFiles:
        """For a training on ``split``."""
        return cls(sum(split.sizes().values()), split)

    def add(self, path: str, error: UserError) -> None:
        if path in self.paths:
            return
        self.paths[path] = error
        if error.code == tars.CHANGED:  # a new one: who keeps the first keeps all that runs now
            raise UserError(tars.CHANGED, **error.note.values) from error
        if self._split is not None:
            self._require_part(self._split, path, error)
        if len(self.paths) > max(1, MAX_LOST * self.total):
            gone = max(len(self.paths), sum(map(self._gone, VANISHED)))
            named = self._named(path)
            raise UserError("data.vanished", count=gone, total=self.total, path=named) from error

    def _require_part(self, split: Split, path: str, error: UserError) -> None:
        part = self._parts.get(path)
        if part is None:
            return
        self._lost[part] += 1
        lost, total = self._lost[part], split.sizes()[part]
        if lost > MAX_LOST_OF_PART * total:
            lost = max(lost, self._gone(part))
            named = self._named(path)
            raise UserError(VANISHED[part], lost=lost, total=total, path=named) from error

    def _named(self, path: str) -> str:
        """What a sample is called by people."""
        return path if self._split is None else tar_names.named(self._split.root, path)

    def _gone(self, part: SplitName) -> int:
        """How many samples of a set are not there any more, whether they were looked for or not."""
        split = self._split
        samples = getattr(split, part) if split is not None else ()
        return sum(not _is_there(split.root, sample) for sample in samples) if split else 0

    @functools.cached_property
    def _parts(self) -> dict[str, SplitName]:
        """The set of each sample; made when the first one is lost."""
        assert self._split is not None
        return {sample.path: name for name in VANISHED for sample in getattr(self._split, name)}


def require_sets(split: Split) -> None:
    """Look whether the samples of each set are still there, before hours of training.

    Only one file of a set is looked at, unless it is gone; and each tar.

    Raises:
        UserError: one of :data:`VANISHED`; ``data.tar_changed``.
    """
    tars.require_same(split.places)
    root = split.root
    for name, code in VANISHED.items():
        samples: Sequence[Sample] = getattr(split, name)
        if samples and not any(_is_there(root, sample) for sample in samples):
            path = samples[0].path
            raise UserError(code, lost=len(samples), total=len(samples), path=path)


def require_beside(plan: Plan) -> None:
    """Likewise of other data beside; those that the strategy needs must be among them.

    Raises:
        UserError: ``companion.unreadable``, ``companion.needed``, ``adapt.no_validation``,
            ``adapt.too_few``.
    """
    split, strategy = plan.split, plan.strategy
    if strategy.plain is not None and "target" in strategy.needs and not split.val:
        raise UserError("adapt.no_validation", strategy=_(strategy.title))
    for each in split.companions:
        if each.samples and not any(_is_there(each.root, sample) for sample in each.samples):
            raise UserError("companion.unreadable", path=each.path)
    for role in strategy.needs:
        if not any(each.samples for each in split.of_role(role)):
            values = {"strategy": _(strategy.title), "role": _(ROLES[role].title)}
            raise UserError("companion.needed", option=role, **values)
    if (few := plans.too_few_to_adapt_to(plan)) is not None:
        raise few


def _is_there(root: str, sample: Sample) -> bool:
    return os.path.exists(os.path.join(root, FilePart.parse(sample.path).file))  # noqa: PTH110, PTH118 - many


class _Part(NamedTuple):
    """What a thread does at once: some samples of a batch.

    Attributes:
        rows: those that could be read.
        tensors: what the network sees of them; or, where the whole batch is augmented on another
            device, what was loaded.
        wanted: of those that could be read [n, ...].
        lost: path and reason of the others.
    """

    rows: list[int]
    tensors: list[Tensor]
    wanted: Tensor
    lost: list[tuple[str, UserError]]


class FileSource:
    """Samples read from their files.

    On threads, ahead of where they are needed. A CUDA device then augments them, a whole batch at
    a time; the processor does so on the same threads, a few at a time, which stay in its caches.

    Args:
        cache: shared by the sources of a training.
        unreadable: shared likewise; samples that cannot be read are left out and counted.
        teacher_features: tensors [len(samples), ...], see :class:`Batch`.
        device: that trains.
    """

    def __init__(
        self,
        plan: Plan,
        samples: Sequence[Sample],
        cache: SampleCache,
        unreadable: UnreadableFiles,
        teacher_features: tuple[Tensor, ...] = (),
        device: torch.device = CPU,
    ) -> None:
        self.labels = [sample.label for sample in samples]
        self.paths = [sample.path for sample in samples]
        self.wanted = plans.wanted(plan, samples)
        self._plan = plan
        self._root = Path(plan.split.root)
        self._cache = cache
        self._unreadable = unreadable
        self._teacher_features = teacher_features
        self._whole = device.type == "cuda"
        self._device = device if self._whole else CPU

    def batches(
        self, order: Sequence[int], size: int, epoch: int | None = None, empty: bool = False
    ) -> Iterator[Batch]:
        step = max(1, min(PART, size // THREADS))
        parts = ordered_map(
            lambda rows: self._part(rows, epoch),
            [part for batch in _cut(order, size) for part in _cut(batch, step)],
            THREADS,
            ahead=max(2 * size, 32) // step,
        )
        for batch in _cut(order, size):
            rows: list[int] = []
            tensors: list[Tensor] = []
            wanted: list[Tensor] = []
            for part in itertools.islice(parts, math.ceil(len(batch) / step)):
                for path, error in part.lost:
                    self._unreadable.add(path, error)
                rows += part.rows
                tensors += part.tensors
                wanted.append(part.wanted)
            if rows:
                teacher_features = tuple(tensor[rows] for tensor in self._teacher_features)
                inputs, seen = self._together(tensors, torch.cat(wanted), rows, epoch)
                yield Batch(inputs, seen, rows, teacher_features)
            elif empty:
                teacher_features = tuple(tensor[:0] for tensor in self._teacher_features)
                yield Batch(torch.empty(0), self.wanted[:0], [], teacher_features)

    def _part(self, rows: Sequence[int], epoch: int | None) -> _Part:
        kept: list[int] = []
        loaded: list[Tensor] = []
        lost: list[tuple[str, UserError]] = []
        for row in rows:
            try:
                loaded.append(self._loaded(self.paths[row]))
                kept.append(row)
            except UserError as error:
                lost.append((self.paths[row], error))
        return _Part(kept, *self._seen(loaded, kept, epoch), lost)

    def _seen(
        self, loaded: list[Tensor], rows: list[int], epoch: int | None
    ) -> tuple[list[Tensor], Tensor]:
        """The tensors of a part, and what is wanted of them."""
        wanted = self.wanted[rows]
        if epoch is None:
            return [self._plan.modality.prepare(each, self._plan.input) for each in loaded], wanted
        if self._whole or not rows:
            return loaded, wanted
        inputs, wanted = self._augmented(loaded, wanted, rows, epoch)
        return list(inputs), wanted

    def _together(
        self, tensors: list[Tensor], wanted: Tensor, rows: list[int], epoch: int | None
    ) -> tuple[Tensor, Tensor]:
        """The inputs of a batch, of the tensors of its parts; and what is wanted of them."""
        if epoch is not None and self._whole:
            return self._augmented(tensors, wanted, rows, epoch)
        return torch.stack(tensors), wanted

    def _loaded(self, path: str) -> Tensor:
        whole = str(self._root / path)  # other data may have files of the same name
        loaded = self._cache.get(whole)
        if loaded is None:
            loaded = self._plan.modality.load(self._root / path, self._plan.input)
            self._cache.keep(whole, loaded)
        return loaded

    def _augmented(
        self, loaded: Sequence[Tensor], wanted: Tensor, rows: Sequence[int], epoch: int
    ) -> tuple[Tensor, Tensor]:
        return self._changed(loaded, wanted, [[epoch, row] for row in rows])

    def _changed(
        self, loaded: Sequence[Tensor], wanted: Tensor, counters: Sequence[list[int]]
    ) -> tuple[Tensor, Tensor]:
        """Each as its counters say, beside the seed; and what is wanted of it then."""
        plan = self._plan
        rngs = [np.random.default_rng([plan.recipe.run.seed, *each]) for each in counters]
        places = wanted if plan.objective.places else None
        seen = plan.modality.augment(loaded, plan.input, plan.augment, rngs, self._device, places)
        return seen.inputs, wanted if seen.places is None else seen.places


class Views(FileSource):
    """Samples of which each is augmented several times: inputs [N, ``count``, ...]."""

    def __init__(self, count: int, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._count = count

    def _augmented(
        self, loaded: Sequence[Tensor], wanted: Tensor, rows: Sequence[int], epoch: int
    ) -> tuple[Tensor, Tensor]:
        views = [
            self._changed(loaded, wanted, [[epoch, row, 1, view] for row in rows])[0]
            for view in range(self._count)
        ]
        return torch.stack(views, 1), wanted


def _cut(rows: Sequence[int], size: int) -> list[Sequence[int]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def prefetch_to_device(batches: Iterator[Batch], device: torch.device) -> Iterator[Batch]:
    """``batches``, on ``device`` where that is a CUDA one.

    The next batch is stacked, pinned and sent there, or augmented there, on a thread while the
    device works on this one, so that it never waits. The processor itself would only be in its own
    way.
    """
    if device.type != "cuda":
        return batches
    return prefetch(_sent(batch, device) for batch in batches)


def _sent(batch: Batch, device: torch.device) -> Batch:
    def sent(tensor: Tensor) -> Tensor:
        there = tensor.device != CPU
        return tensor if there else tensor.pin_memory().to(device, non_blocking=True)

    return Batch(
        sent(batch.inputs),
        sent(batch.targets),
        batch.rows,
        tuple(map(sent, batch.teacher_features)),
        tuple(map(sent, batch.streams)),
    )


def training_order(
    labels: Sequence[int], seed: int, epoch: int, balanced: bool, passes: int = 1
) -> list[int]:
    """The rows of one epoch: as many permutations as there are ``passes``, or as many rows drawn so
    that classes are alike often."""
    seeds = [[seed, epoch], *([seed, epoch, 1 + number] for number in range(1, passes))]
    return [row for each in seeds for row in _pass(labels, each, balanced)]


def _pass(labels: Sequence[int], seed: list[int], balanced: bool) -> list[int]:
    rng = np.random.default_rng(seed)
    if not balanced:
        return rng.permutation(len(labels)).tolist()
    counts = np.bincount(labels)
    weights = 1.0 / counts[labels]
    return rng.choice(len(labels), len(labels), p=weights / weights.sum()).tolist()
