"""What the cache of features lacks, computed: for some samples, and some versions of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.parallel import ordered_map
from transfergui.core.data import tars
from transfergui.core.training.features import SHARD, FeatureSource, FeatureStore, held
from transfergui.core.training.inference import BATCH
from transfergui.core.training.loaders import CPU

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.interfaces.samples import Augmented
    from transfergui.core.training.group import Group
    from transfergui.core.training.loaders import UnreadableFiles

SHARD_BYTES = 2**28
"""The same of bytes: feature maps are long."""


class Item(NamedTuple):
    """Version ``version`` (0: plain) of the sample at ``row``."""

    row: int
    version: int


class Computed:
    """What one of several processes computes of what they lack together.

    Args:
        before: how much was done before.
        processes: how many compute.
    """

    def __init__(self, before: int, processes: int) -> None:
        self.items: list[Item] = []
        self._parts: list[Tensor] = []
        self._before, self._processes = before, processes

    def keep(self, items: Sequence[Item], features: Tensor) -> int:
        """As :meth:`FeaturePass.keep`; as many are done as if all processes were equally far."""
        self.items += items
        self._parts.append(features[: len(items)])
        return self._before + len(self.items) * self._processes

    @property
    def features(self) -> Tensor:
        """[len(items), F]."""
        return torch.cat(self._parts) if self._parts else torch.empty(0)


class FeaturePass:
    """What the store lacks, for some samples and some versions of each.

    Args:
        augmented_copies: versions beside the plain one.
    """

    def __init__(
        self,
        plan: Plan,
        samples: Sequence[Sample],
        store: FeatureStore,
        unreadable: UnreadableFiles,
        augmented_copies: int = 0,
    ) -> None:
        self.plan = plan
        self.samples = samples
        self.store = store
        self.unreadable = unreadable
        self.versions = range(augmented_copies + 1)
        self._root = Path(plan.split.root)
        self._digests: dict[str, str] = {}
        self._new: dict[str, np.ndarray] = {}
        self._done = 0
        self._lost: dict[str, tuple[str, dict[str, Any]]] = {}

    @property
    def shard(self) -> int:
        """Rows that go to the disk at once."""
        return min(SHARD, max(1, SHARD_BYTES // (4 * self.store.width)))

    def agree_on_lost(self, group: Group) -> None:
        """Leave out what any process cannot read."""
        for found in group.gather(self._lost):
            for path, (code, values) in found.items():
                self._lost[path] = code, values
                self.unreadable.add(path, UserError(code, **values))
                self._digests.pop(path, None)

    def find_missing(self, check_cancelled: Callable[[], None] = lambda: None) -> list[Item]:
        """What must be computed; reads every file once, for its digest.

        Args:
            check_cancelled: called now and then; may raise to end it.
        """
        digests = ordered_map(self._digest, self.samples)
        for row, (sample, digest) in enumerate(zip(self.samples, digests, strict=True)):
            if row % BATCH == 0:
                check_cancelled()
            if isinstance(digest, UserError):
                self._leave_out(sample.path, digest)
            else:
                self._digests[sample.path] = digest
        items = {
            self._key(sample, version): Item(row, version)
            for row, sample in enumerate(self.samples)
            for version in self.versions
            if sample.path in self._digests
        }
        return [item for key, item in items.items() if key not in self.store]

    def batches(self, missing: Sequence[Item]) -> Iterator[tuple[list[Item], Tensor]]:
        """Prepared inputs [BATCH, ...] and the items of their first rows; the rest is filling.

        The caller gives the features of each batch to :meth:`keep` before it takes the next.
        """
        items: list[Item] = []
        inputs: list[Tensor] = []
        tensors = ordered_map(self._tensor, missing, ahead=2 * BATCH)
        for count, (item, tensor) in enumerate(zip(missing, tensors, strict=True), start=1):
            if isinstance(tensor, UserError):
                self._lose(item, tensor)
            else:
                items.append(item)
                inputs.append(tensor)
            if items and (len(items) == BATCH or count == len(missing)):
                yield items, torch.stack(inputs + inputs[:1] * (BATCH - len(inputs)))
                items, inputs = [], []
        self.flush()

    def keep(self, items: Sequence[Item], features: Tensor) -> int:
        """Keep the features [BATCH, F] of a batch; returns how many are done."""
        self._done += len(items)
        for item, feature in zip(items, features.numpy(), strict=False):
            if self.samples[item.row].path in self._digests:
                self._new[self._key(self.samples[item.row], item.version)] = feature
        if len(self._new) >= self.shard:
            self.flush()
        return self._done

    def source(self) -> FeatureSource:
        """The features of the samples that could be read."""
        kept = [s for s in self.samples if s.path in self._digests]
        versions = held((len(self.versions), len(kept), self.store.width), self.store.notes)
        for version in self.versions:
            self.store.rows([self._key(s, version) for s in kept], versions[version])
        wanted = plans.wanted(self.plan, kept)
        moved = self._moved(kept, wanted) if self.plan.objective.places else None
        return FeatureSource(versions, kept, wanted, self.plan.recipe.run.seed, moved)

    def _moved(self, samples: Sequence[Sample], wanted: Tensor) -> Tensor | None:
        """What is wanted of each version [V, N, ...], which is not known with its features; None
        where there is but one. A sample that is gone by now counts as one without anything."""
        if len(self.versions) == 1:
            return None
        moved = torch.stack([wanted] * len(self.versions))
        items = [(row, v) for row in range(len(samples)) for v in self.versions if v]

        def placed(item: tuple[int, int]) -> Tensor | None:
            row, version = item
            seen = self._changed(samples[row], version, wanted[row : row + 1])
            return None if isinstance(seen, UserError) else seen.places

        for (row, version), found in zip(items, ordered_map(placed, items), strict=True):
            if found is None:
                moved[version, row, :, 0] = -1
            else:
                moved[version, row] = found[0]
        return moved

    def _lose(self, item: Item, error: UserError) -> None:
        """Leave out what cannot be read, and every sample with the same bytes."""
        digest = self._digests.get(self.samples[item.row].path)
        for path in [path for path, other in self._digests.items() if other == digest]:
            self._leave_out(path, error)
            del self._digests[path]

    def _leave_out(self, path: str, error: UserError) -> None:
        self._lost[path] = error.code, dict(error.note.values)
        self.unreadable.add(path, error)

    def flush(self) -> None:
        """Put what was computed into the store."""
        if self._new:
            self.store.add(list(self._new), np.stack(list(self._new.values())))
            self._new = {}

    def _digest(self, sample: Sample) -> str | UserError:
        try:
            return self.plan.modality.digest(self._root / sample.path, self.plan.input)
        except OSError as error:
            if isinstance(error, shards.DamagedError) and error.code == "changed":
                tar = shards.on_disk(self._root / sample.path)
                return UserError(tars.CHANGED, path=str(tar))
            return UserError("input.vanished", path=sample.path)

    def _key(self, sample: Sample, version: int) -> str:
        digest = self._digests[sample.path]
        if version == 0:
            return digest
        made = json.dumps([version, msgspec.to_builtins(self.plan.augment)], sort_keys=True)
        return hashlib.blake2b(f"{digest}{made}".encode(), digest_size=16).hexdigest()

    def _tensor(self, item: Item) -> Tensor | UserError:
        plan, sample = self.plan, self.samples[item.row]
        if item.version == 0:
            try:
                loaded = plan.modality.load(self._root / sample.path, plan.input)
            except UserError as error:
                return error
            return plan.modality.prepare(loaded, plan.input)
        seen = self._changed(sample, item.version)
        return seen if isinstance(seen, UserError) else seen.inputs[0]

    def _changed(
        self, sample: Sample, version: int, places: Tensor | None = None
    ) -> Augmented | UserError:
        """An augmented version of a sample, and of the places in it [1, M, 5]."""
        plan = self.plan
        try:
            loaded = plan.modality.load(self._root / sample.path, plan.input)
        except UserError as error:
            return error
        # From the content, not from the row: another split or seed finds it in the cache.
        digest = self._digests.get(sample.path, "0")
        rng = np.random.default_rng([int(digest, 16), version])
        return plan.modality.augment([loaded], plan.input, plan.augment, [rng], CPU, places)
