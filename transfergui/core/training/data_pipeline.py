"""Where the samples of a phase come from: their files, or the features of what is frozen."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import torch

from transfergui.core.base.errors import UserError
from transfergui.core.data.companions import ROLES, WHERE_USED
from transfergui.core.networks import planned
from transfergui.core.nn import state_dicts
from transfergui.core.nn.composite import build_encoder, separate
from transfergui.core.runs import events as ev
from transfergui.core.training import borrowing, compiling, inference, precision, probe
from transfergui.core.training.feature_pass import Computed, FeaturePass
from transfergui.core.training.features import (
    FeatureSource,
    FeatureStore,
    open_store,
    side_by_side,
)
from transfergui.core.training.group import ALONE
from transfergui.core.training.inference import BATCH
from transfergui.core.training.loaders import (
    FileSource,
    Source,
    UnreadableFiles,
    Views,
)
from transfergui.core.training.precision import EXACT, ComputeMode
from transfergui.core.training.sample_cache import SampleCache
from transfergui.core.training.streams import Stream

if TYPE_CHECKING:
    from torch import Tensor, nn

    from transfergui.core.data.companions import Companion, Role
    from transfergui.core.data.dataset import Sample
    from transfergui.core.figures.borrowing import Borrowed, Lent
    from transfergui.core.interfaces.networks import Source as NetworkSource
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.nn.classifier import Classifier
    from transfergui.core.training.feature_pass import Item
    from transfergui.core.training.group import Group
    from transfergui.core.training.micro_batches import MicroBatches
    from transfergui.core.training.progress_reporter import ProgressReporter
    from transfergui.core.training.stops import Stops

ROUND = 16 * BATCH
"""Samples whose features each process computes before all of them meet."""

FeatureEvents = Generator[ev.Event, None, "FeatureSource"]


class Sources(NamedTuple):
    """The samples of the three parts, as a phase sees them, and other data beside."""

    train: Source
    val: Source
    test: Source
    streams: tuple[Stream, ...] = ()


class Beside(NamedTuple):
    """The data where a model will be used; None of what is not known."""

    target: Source | None = None
    check: Source | None = None


class DataPipeline:
    """The sources of one training, phase by phase.

    Args:
        model: its encoder makes the features where it is frozen.
        unreadable: counts the samples that cannot be read.
        stops: requests to end it, looked for now and then.
        group: the processes that train together.

    Attributes:
        unreadable_beside: the same of other data, by what was opened.
        borrowed: what a strategy borrows from sources, once its phase has begun.
        changed: what tells the weights of the encoder where a phase before has changed them; else
            empty.
        keeps: whether there is a model to keep, if the training was stopped now.
    """

    def __init__(
        self,
        plan: Plan,
        model: Classifier,
        progress: ProgressReporter,
        unreadable: UnreadableFiles,
        stops: Stops,
        group: Group = ALONE,
    ) -> None:
        self.plan = plan
        self.model = model
        self.progress = progress
        self.unreadable = unreadable
        self.stops = stops
        self.group = group
        self.keeps: Callable[[], bool] = lambda: True
        self.device = next(model.parameters()).device
        self.cache = SampleCache()
        if group.here > 1:  # all of them keep theirs in the same memory
            self.cache.left //= group.here
        self.unreadable_beside: dict[str, UnreadableFiles] = {}
        self.borrowed: Borrowed | None = None
        self.changed = ""

    def of(
        self, phase: Phase, micro_batches: MicroBatches, epoch: int
    ) -> Generator[ev.Event, None, Sources]:
        """The sources of ``phase``; features that the cache lacks are computed.

        Args:
            epoch: epochs done before it, which is told with what is computed.

        Raises:
            UserError: ``data.vanished``: too many samples cannot be read; ``memory.exhausted``.
        """
        self.micro_batches, self.epoch, self.changed = micro_batches, epoch, ""
        if phase.through is not None:
            every = yield from self._through(phase)
            return Sources(every, self._files(()), self._files(()))
        if phase.cache_features:
            return (yield from self._frozen(phase))
        train = yield from self._taught(phase)
        streams = yield from self._file_streams(phase)
        return self.files()._replace(train=train, streams=streams)

    def files(self) -> Sources:
        """The files themselves."""
        split = self.plan.split
        return Sources(self._files(split.train), self._files(split.val), self._files(split.test))

    def _files(self, samples: Sequence[Sample], *teacher_features: Tensor) -> FileSource:
        return FileSource(
            self.plan, samples, self.cache, self.unreadable, teacher_features, self.device
        )

    def check_cancelled(self) -> None:
        """
        Raises:
            Stopped: the training was asked to end, and can.
        """
        if self.group.alone:
            self.stops.check()
        else:
            self.stops.check_apart(self.keeps())

    def agree_on_unreadable(self) -> None:
        """Count what any process could not read.

        Raises:
            UserError: as of :class:`UnreadableFiles`, in all of them.
        """
        if self.group.alone:
            return
        own = {path: (e.code, e.note.values) for path, e in self.unreadable.paths.items()}
        for found in self.group.gather(own):
            for path, (code, values) in found.items():
                self.unreadable.add(path, UserError(code, **values))

    # -- other data

    def _through(self, phase: Phase) -> Generator[ev.Event, None, FileSource]:
        """The training samples and other data, of which a phase looks at no labels."""
        split = self.plan.split
        assert phase.through is not None
        others = split.of_role(phase.through)
        samples: list[Sample] = []
        taught: list[Tensor] = []
        for companion in (None, *others):
            own, root = (
                (split.train, split.root)
                if companion is None
                else (companion.samples, companion.root)
            )
            if phase.teacher is not None:
                found = yield from self._seen_by(phase.teacher, own, companion)
                own = tuple(found.samples)
                taught.append(found.versions[0])
            samples += [_absolute(root, sample) for sample in own]
        unreadable = self._unreadable_of(others[0]) if others else self.unreadable
        features = (torch.cat(taught),) if taught else ()
        made = self.plan, samples, self.cache, unreadable, features, self.device
        return Views(phase.views, *made) if phase.views else FileSource(*made)

    def _file_streams(self, phase: Phase) -> Generator[ev.Event, None, tuple[Stream, ...]]:
        """The other data that a phase draws from, in the order in which its task gets them."""
        streams: list[Stream] = []
        for role in phase.streams:
            companions = self.plan.split.of_role(role)
            if role == "source":
                streams.append((yield from self._lent_files(companions)))
                continue
            labelled = ROLES[role].labelled
            streams += [Stream(self.files_of(each), each.path, labelled) for each in companions]
        return tuple(streams)

    def _lent_files(self, companions: Sequence[Companion]) -> Generator[ev.Event, None, Stream]:
        """The files of all sources, weighed by the features of the backbone before its training."""
        together, split = borrowing.pooled(companions), self.plan.split
        look: Callable[..., FeatureEvents] = self._sketched
        if self.plan.backbone.params:
            stores = [self._store(part) for part in planned.parts(self.plan)]
            look = functools.partial(self._features_of, self._untrained(), stores)
        own = yield from look(split.train)
        known: list[FeatureSource] = []
        for each in companions:
            known += [(yield from look(each.samples, companion=each))]
        val = (yield from look(split.val)) if len(companions) > 1 and split.val else None
        lent = yield from self._lent(companions, own, known, val)
        whole = borrowing.of_files(lent, known, companions)
        own_count, files = len(split.train), self.files_of(together)
        return borrowing.stream(files, together.path, whole, own_count, cached=False)

    def _sketched(
        self, samples: Sequence[Sample], companion: Companion | None = None
    ) -> FeatureEvents:
        """The features of a network without parameters, narrowed; they are not cached."""
        source = self._files(samples) if companion is None else self.files_of(companion)
        narrowed = borrowing.Narrowed(self.model.encoder.eval(), self.plan.backbone.features)
        network = precision.Frozen(narrowed.to(self.device), EXACT, self.device)
        report = self.progress.begin_pass("features", float(self.epoch), len(samples))
        features, rows = yield from inference.over(
            network, source, self.micro_batches, report, self.check_cancelled
        )
        found = [samples[row] for row in rows]
        seed = self.plan.recipe.run.seed
        return FeatureSource(features.numpy()[None], found, source.wanted[rows], seed)

    def _lent(
        self,
        companions: Sequence[Companion],
        own: FeatureSource,
        known: Sequence[FeatureSource],
        val: FeatureSource | None,
    ) -> Generator[ev.Event, None, Lent]:
        """How much the samples of each source count; says so."""
        together = borrowing.one_after_another(known)
        lent = borrowing.weighed(self.plan, own, together)
        self.borrowed = borrowing.told_of(self.plan, companions, own, known, lent, val)
        yield from borrowing.notices(self.plan, self.borrowed)
        return lent

    def _untrained(self) -> Callable[[int], nn.Module]:
        """Makes each network of the encoder as it is before the training."""

        def made(index: int) -> nn.Module:
            part = planned.parts(self.plan)[index]
            weights = planned.require_weights(part)
            network = build_encoder(part.modality, part.backbone, part.input, weights)
            return precision.fuse_batchnorm(network.to(self.device).eval())

        return functools.cache(made)

    def files_of(self, companion: Companion) -> FileSource:
        """The files of other data."""
        plan, unreadable = rooted(self.plan, companion), self._unreadable_of(companion)
        return FileSource(plan, companion.samples, self.cache, unreadable, (), self.device)

    def _unreadable_of(self, companion: Companion | None) -> UnreadableFiles:
        """What counts the samples that cannot be read: one for each of the other data."""
        if companion is None:
            return self.unreadable
        own = UnreadableFiles(len(companion.samples))
        return self.unreadable_beside.setdefault(companion.path, own)

    def elsewhere(self, phase: Phase) -> Generator[ev.Event, None, Beside]:
        """The data where the model will be used, as a phase sees what is tested."""
        found: dict[Role, Source] = {}
        for each in self.plan.split.companions:
            if each.samples and each.role in WHERE_USED:
                found[each.role] = (
                    (yield from self._exact_features(each))
                    if phase.cache_features
                    else self.files_of(each)
                )
        return Beside(found.get("target"), found.get("check"))

    def _exact_features(self, companion: Companion) -> FeatureEvents:
        stores = [self._store(part, EXACT) for part in planned.parts(self.plan)]
        networks, samples = self._networks(), companion.samples
        return (yield from self._features_of(networks, stores, samples, 0, companion))

    # -- features of what is frozen

    def _frozen(self, phase: Phase) -> Generator[ev.Event, None, Sources]:
        """The features of the networks that the encoder is made of, side by side."""
        parts, split = planned.parts(self.plan), self.plan.split
        self._find_changed(phase)
        quick = [self._store(part) for part in parts]
        # what is told about the test samples is what any exported model answers
        exact = [
            store if store.way == EXACT else self._store(part, EXACT)
            for part, store in zip(parts, quick, strict=True)
        ]
        networks = self._networks()
        train = yield from self._features_of(networks, quick, split.train, phase.augmented_copies)
        val = yield from self._features_of(networks, quick, split.val)
        test = yield from self._features_of(networks, exact, split.test)
        streams: list[Stream] = []
        for role in phase.streams:
            others = split.of_role(role)
            known: list[FeatureSource] = []
            for each in others:
                known += [(yield from self._features_of(networks, quick, each.samples, 0, each))]
            if role == "source":
                lent = yield from self._lent(others, train, known, val)
                together = borrowing.one_after_another(known)
                path = borrowing.pooled(others).path
                streams.append(
                    borrowing.stream(together, path, lent, len(train.labels), cached=True)
                )
                continue
            labelled = ROLES[role].labelled
            pairs = zip(known, others, strict=True)
            streams += [Stream(source, each.path, labelled) for source, each in pairs]
        if self.plan.strategy.align is not None:
            (target,) = split.of_role("target")
            found = yield from self._features_of(networks, quick, target.samples, 0, target)
            if not found.labels:
                raise UserError("companion.unreadable", path=target.path)
            move = self.plan.strategy.align(train.versions[0], found.versions[0])
            train, val = train.seen_through(move), val.seen_through(move)
        return Sources(train, val, test, tuple(streams))

    def _features_of(
        self,
        networks: Callable[[int], nn.Module],
        stores: Sequence[FeatureStore],
        samples: Sequence[Sample],
        augmented_copies: int = 0,
        companion: Companion | None = None,
    ) -> FeatureEvents:
        """The features of ``samples``, of each network that the encoder is made of.

        Args:
            networks: makes each of them when it is needed.
            stores: one for each network.
            companion: the other data that they are of, if they are.
        """
        found = []
        for index, (part, store) in enumerate(zip(planned.parts(self.plan), stores, strict=True)):
            plan = part if companion is None else rooted(part, companion)
            unreadable = self._unreadable_of(companion)
            work = FeaturePass(plan, samples, store, unreadable, augmented_copies)
            network = functools.partial(networks, index)
            found.append((yield from self._features(work, network)))
        together = side_by_side(found, stores[0].notes)
        yield from _notices(stores[0])
        return together

    def _networks(self) -> Callable[[int], nn.Module]:
        """Makes each network of the encoder, quick, when it is first needed."""
        return functools.cache(self._fused)

    def _fused(self, part: int) -> nn.Module:
        """One of the networks that the frozen encoder is made of, made quick."""
        networks = separate(self.model.encoder.eval(), len(planned.parts(self.plan)))
        return precision.fuse_batchnorm(networks[part])

    def _store(self, plan: Plan, way: ComputeMode | None = None) -> FeatureStore:
        """The features that are known of one network; ``way`` as measured where None."""
        weights = planned.require_weights(plan)

        def measured() -> ComputeMode:
            with probe.checking_cancelled(self.check_cancelled):
                return precision.of_frozen(plan, weights, self.device)

        store = open_store(plan, weights, way or self.group.of_first(measured), self.changed)
        if not self.group.writes:
            store.keep_in_memory()
        return store

    def _find_changed(self, phase: Phase) -> None:
        """Whether the frozen network is still the pretrained one, or one that an earlier phase
        made, whose features are others."""
        before = self.plan.phases[: self.plan.phases.index(phase)]
        moved = any(each.groups != 0 for each in before)
        self.changed = state_dicts.digest(self.model.encoder.state_dict()) if moved else ""

    def _taught(self, phase: Phase) -> Generator[ev.Event, None, FileSource]:
        """The training samples, with the teacher's features of each where there is a teacher."""
        samples = self.plan.split.train
        if phase.teacher is None:
            return self._files(samples)
        found = yield from self._seen_by(phase.teacher, samples)
        return self._files(found.samples, found.versions[0])

    def _seen_by(
        self, source: NetworkSource, samples: Sequence[Sample], companion: Companion | None = None
    ) -> FeatureEvents:
        """A teacher's features of ``samples``: what it could not read teaches nothing.

        Args:
            companion: the other data that they are of, if they are.
        """
        plan = planned.of_source(self.plan, source)
        weights = planned.require_weights(plan)
        there = plan if companion is None else rooted(plan, companion)
        work = FeaturePass(there, samples, self._store(plan), self._unreadable_of(companion))

        def teacher() -> nn.Module:
            network = build_encoder(plan.modality, plan.backbone, plan.input, weights)
            return precision.fuse_batchnorm(network.to(self.device).eval())

        return (yield from self._features(work, teacher, "teach"))

    def _features(
        self, work: FeaturePass, encoder: Callable[[], nn.Module], stage: ev.Stage = "features"
    ) -> FeatureEvents:
        """What ``work`` lacks, computed; ``encoder`` is made only if something is."""
        missing = work.find_missing(self.check_cancelled)
        yield from _notices(work.store)
        if not self.group.alone:
            yield from self._shared_features(work, missing, encoder, stage)
        elif missing:
            report = self.progress.begin_pass(stage, float(self.epoch), len(missing))
            network = precision.Frozen(encoder(), work.store.way, self.device)
            folder = compiling.folder_of(work.store, self.device)
            with compiling.Compiler(network, folder, math.ceil(len(missing) / BATCH)) as compiler:
                yield from inference.run(
                    network,
                    work.batches(missing),
                    self.micro_batches,
                    work.keep,
                    report,
                    self.check_cancelled,
                    before=compiler.before,
                )
            yield from _notices(work.store)
        source = work.source()
        yield from _notices(work.store)
        return source

    def _shared_features(
        self,
        work: FeaturePass,
        missing: Sequence[Item],
        encoder: Callable[[], nn.Module],
        stage: ev.Stage,
    ) -> Generator[ev.Event, None, None]:
        """As :meth:`_features`, by several processes: each computes a part of what one of them
        lacks, and gets all of it; a request to stop is answered between two rounds."""
        work.agree_on_lost(self.group)
        lacking = sorted({item for each in self.group.gather(list(missing)) for item in each})
        if not lacking:
            return
        report = self.progress.begin_pass(stage, float(self.epoch), len(lacking))
        network = precision.Frozen(encoder(), work.store.way, self.device)
        at_once = min(work.shard, ROUND) * self.group.size
        for start in range(0, len(lacking), at_once):
            mine = self.group.part(lacking[start : start + at_once])
            part = Computed(start, self.group.size)
            yield from inference.run(
                network,
                work.batches(mine),
                self.micro_batches,
                part.keep,
                report,
                self.check_cancelled,
            )
            work.agree_on_lost(self.group)
            for items, features in self.group.gather((part.items, part.features)):
                work.keep(items, features)
            work.flush()
            self.stops.agree(self.group)
        self.micro_batches.agree(self.group)


def _absolute(root: str, sample: Sample) -> Sample:
    """``sample`` by where it is, whatever the folder of the data."""
    return msgspec.structs.replace(sample, path=str(Path(root) / sample.path))


def rooted(plan: Plan, companion: Companion) -> Plan:
    """``plan`` for samples of other data, which lie elsewhere."""
    split = msgspec.structs.replace(plan.split, root=companion.root)
    return dataclasses.replace(plan, split=split)


def _notices(store: FeatureStore) -> Generator[ev.Event, None, None]:
    """What is to be said of the cache, once."""
    while store.notes:
        yield ev.Notice.of(store.notes.popitem()[1])
