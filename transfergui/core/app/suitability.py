"""Which other data, runs and backbones suit the data at hand, before anything is trained.

Data are compared under one frozen network, by how alike its features are
(:mod:`transfergui.core.figures.closeness`); networks, of runs and backbones, by how well their
features tell what is to be predicted (:mod:`transfergui.core.training.ranking`). Of the data at
hand only training samples are looked at. What cannot be compared says why.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from transfergui.core import plans, registry, sources
from transfergui.core.app import companions
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data.companions import ROLES, UNLABELLED, Companion, Role
from transfergui.core.data.languages import reads
from transfergui.core.data.split import absolute
from transfergui.core.data.targets import ONE_CLASS
from transfergui.core.figures import two_samples
from transfergui.core.figures.closeness import NEAREST, SAME, Closeness, closeness
from transfergui.core.figures.label_agreement import LabelAgreement
from transfergui.core.interfaces.networks import ASSETS
from transfergui.core.networks import choice
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.planned import save_assets
from transfergui.core.resolve import resolve
from transfergui.core.runs import run as runs
from transfergui.core.runs import seen_data
from transfergui.core.runs.run import RECIPE, Run
from transfergui.core.training import ranking
from transfergui.core.training.label_agreement import agreement
from transfergui.core.training.ranking import Ranked

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.data.split import Split
    from transfergui.core.interfaces.networks import Backbone, WeightState
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.features import FeatureSource

Kind = Literal["companion", "data", "run", "backbone"]
OTHER_KIND = "suit.other_kind"
"""Why a run is not compared that was trained on another kind of data."""
SHARED = 0.5
"""From this share of common files on, two data sets are the same."""


class Candidate(msgspec.Struct, frozen=True):
    """What may suit.

    Attributes:
        named: the path of data or of a run, or the key of a backbone.
        role: of a companion.
    """

    kind: Kind
    named: str
    role: Role | None = None


class Suitability(msgspec.Struct, frozen=True, kw_only=True):
    """How well something suits the data at hand.

    Attributes:
        closeness: of its data; None where they cannot be compared, or are not here.
        under: title of the backbone under whose features they were compared.
        not_compared: why not.
        labels: of labelled other data: whether their labels agree with one's own.
        network: what its network makes of the data at hand; None of data alone.
    """

    candidate: Candidate
    closeness: Closeness | None = None
    under: str = ""
    not_compared: Note | None = None
    labels: LabelAgreement | None = None
    network: Ranked | None = None


# -- what there is


def candidates(plan: Plan) -> list[Candidate]:
    """The plan's companions, every finished run on the same kind of data, and every backbone that
    is here."""
    beside = [Candidate("companion", each.path, each.role) for each in plan.split.companions]
    return [*beside, *_runs(plan), *_backbones(plan)]


def named(plan: Plan, names: Iterable[str]) -> list[Candidate]:
    """What folders of runs, data, and keys of backbones stand for."""
    keys = {row.key for row in plan.modality.backbones()}
    found: list[Candidate] = []
    for name in dict.fromkeys(_known_as(name) for name in names):  # each only once
        if (Path(name) / RECIPE).is_file():
            found.append(Candidate("run", name))
        elif name in keys and not Path(name).exists():
            found.append(Candidate("backbone", name))
        else:
            found.append(Candidate("data", name))
    return found


def _known_as(name: str) -> str:
    """``name``; of a folder without ``./`` and a slash at its end."""
    return os.path.normpath(name) if name else name


def _runs(plan: Plan) -> Iterator[Candidate]:
    for run in runs.list_runs():
        with contextlib.suppress(UserError):  # damaged: the list of runs says so
            if run.best.is_file() and run.recipe.modality == plan.modality.key:
                yield Candidate("run", str(run.path))


def _backbones(plan: Plan) -> Iterator[Candidate]:
    rows = plan.modality.backbones()
    states = weights_files.states(rows, plan.recipe.weights_dir)
    return (Candidate("backbone", row.key) for row in rows if states[row.key] in weights_files.HERE)


# -- comparing


def compare(
    plan: Plan, wanted: Sequence[Candidate], tell: Tell = untold, within: Tell = untold
) -> Iterator[Suitability]:
    """How well each of ``wanted`` suits the data of ``plan``, in their order.

    Args:
        tell: called often with how many are done, and of how many; may raise to end it.
        within: likewise with the samples of what is compared now.

    Raises:
        UserError: ``data.gone``: the data at hand cannot be read; ``suit.no_network``.
    """
    done = 0

    def told(looked_at: int, samples: int) -> None:
        tell(done, len(wanted))
        within(looked_at, samples)

    with files.temporary_folder() as folder:
        comparison = _Comparison(plan, folder, told)
        for done, each in enumerate(wanted):  # noqa: B007 - which is told
            yield comparison.suitability(each)


def ordered(found: Iterable[Suitability]) -> list[Suitability]:
    """The nearest data first; then what has no data to compare, the best network first."""

    def place(each: Suitability) -> tuple[float, ...]:
        near, network = each.closeness, each.network
        score = network.score if network else None
        worth = (1.0, 0.0) if score is None else (0.0, -score)
        if near is None:
            return len(NEAREST), 0.0, *worth
        return NEAREST.index(near.word), near.energy or 0.0, *worth

    return sorted(found, key=place)


def reference(plan: Plan) -> Plan:
    """The plan of the network under which data are compared: the plan's own, where its features,
    frozen, stay the same and it is here; else the first such one that reads the texts.

    Raises:
        UserError: ``suit.no_network``.
    """
    states = weights_files.states(plan.modality.backbones(), plan.recipe.weights_dir)
    taken = plan.weights and not plan.members and not plan.backbone.no_cache
    if taken or (not plan.members and _usable(plan.backbone, states, plan.split)):
        return plan
    built_in = choice.built_in(plan.modality)
    for row in (built_in, *choice.others(plan.modality, states, built_in, plan.split.languages)):
        if _usable(row, states, plan.split):
            return resolve(plan.recipe.replace(backbone=row.key, input={}), plan.split)
    raise UserError("suit.no_network", noun=plan.modality.many)


def _usable(row: Backbone, states: Mapping[str, WeightState], split: Split) -> bool:
    here = states.get(row.key) in weights_files.HERE
    return here and row.cacheable and reads(row.languages, split.languages)


class _Comparison:
    """The data at hand, to be compared with others.

    Args:
        folder: for what reading with the network needs.
    """

    def __init__(self, plan: Plan, folder: Path, tell: Tell) -> None:
        self._plan, self._folder, self._tell = plan, folder, tell
        self._reference: Plan | None = None
        self._own: FeatureSource | None = None
        self._contents: frozenset[str] | None = None
        self._known: dict[Any, Closeness | Note] = {}
        self._networks: dict[str, Ranked] = {}
        split = plan.split
        self._training = split.files(split.train)
        self._held_out = split.files((*split.val, *split.test))

    def suitability(self, wanted: Candidate) -> Suitability:
        """
        Raises:
            UserError: as of :func:`compare`.
        """
        self._tell(0, 0)
        near = self._nearness(wanted)
        other = isinstance(near, Note) and near.code == OTHER_KIND
        looks = wanted.kind in ("run", "backbone") and not other
        network = self._network(wanted) if looks else None
        return Suitability(
            candidate=wanted,
            closeness=near if isinstance(near, Closeness) else None,
            under=self._reference.backbone.title if self._reference else "",
            not_compared=near if isinstance(near, Note) else None,
            labels=self._labels(wanted) if isinstance(near, Closeness) else None,
            network=network,
        )

    # -- data

    def _nearness(self, wanted: Candidate) -> Closeness | Note:
        """How alike its data are, or why that is not known."""
        if wanted.kind == "backbone":
            return Note("suit.no_data", {})
        try:
            if wanted.kind == "run":
                return self._of_run(Run.open(Path(wanted.named)))
            found = self._read(wanted)
        except UserError as error:
            return error.note
        key = found.root, tuple(sample.path for sample in found.samples)
        if key not in self._known:
            self._known[key] = self._of_samples(found.root, found.samples, {})
        return self._known[key]

    def _read(self, wanted: Candidate) -> Companion:
        """
        Raises:
            UserError: there is nothing that can be read.
        """
        for each in self._plan.split.companions:
            if (each.path, each.role) == (wanted.named, wanted.role):
                return each
        if not Path(wanted.named).exists():
            raise UserError("suit.missing", path=wanted.named)
        found = companions.unlabelled(
            self._plan, "target", wanted.named, lambda count: self._tell(0, 0)
        )
        if not found.samples:
            raise companions.nothing(self._plan, found)
        return found

    def _of_run(self, run: Run) -> Closeness | Note:
        """
        Raises:
            UserError: the run is damaged.
        """
        split, modality = run.split, registry.modality(run.recipe.modality)
        if modality is not self._plan.modality:
            return Note(OTHER_KIND, {"noun": modality.many})
        key = split.root, split.fingerprint
        if key not in self._known:
            input = sources.input_of(run)
            reading = {name: getattr(input, name) for name in modality.reading}
            self._known[key] = self._of_samples(split.root, split.train, reading, run)
        return self._known[key]

    def _of_samples(
        self,
        root: str,
        samples: Sequence[Sample],
        reading: Mapping[str, Any],
        run: Run | None = None,
    ) -> Closeness | Note:
        """
        Args:
            reading: input options that say how these files are read.
            run: whose features may be known where the files are gone.
        """
        paths = [absolute(root, sample.path) for sample in samples]
        shared = sum(path in self._training or path in self._held_out for path in paths)
        if paths and shared >= SHARED * len(paths):
            return SAME
        # what measures the data at hand is not looked at in other data either
        apart = [
            msgspec.structs.replace(sample, label=UNLABELLED)
            for sample, path in zip(samples, paths, strict=True)
            if path not in self._held_out
        ]
        noun = self._plan.modality.many
        if not apart:
            return Note("suit.empty", {"noun": noun})
        own = self._own_source().versions[0].numpy()
        try:
            theirs = self._features(_with_data(self._compared_under(), root, apart, reading), run)
        except UserError as error:
            return error.note
        found = closeness(own, theirs)
        if found is None:
            count = min(len(own), len(theirs))
            values = {"count": count, "fewest": two_samples.FEWEST, "noun": noun}
            return Note("suit.too_few", values)
        return found

    def _features(self, plan: Plan, run: Run | None) -> np.ndarray:
        """Features [M, F] of at most :data:`ranking.MOST` samples of other data.

        Raises:
            UserError: too many cannot be read.
        """
        samples = plan.split.train
        try:
            with ranking.outside_training():
                some = ranking.some(samples)
                return ranking.source_of(plan, some, tell=self._tell).versions[0].numpy()
        except UserError as error:
            kept = seen_data.contents(run) if run is not None and error.code == "data.gone" else {}
            digests = [kept[sample.path] for sample in samples if sample.path in kept]
            rows = ranking.kept_features(plan, digests)[: ranking.MOST]
            if len(rows) < two_samples.FEWEST:
                raise
            return rows

    def _compared_under(self) -> Plan:
        if self._reference is None:
            self._reference = save_assets(reference(self._plan), self._folder)
        return self._reference

    def _own_source(self) -> FeatureSource:
        """Features [N, F] and labels of some training samples.

        Raises:
            UserError: ``data.gone``, ``data.damaged``.
        """
        if self._own is None:
            plan = self._compared_under()
            samples = ranking.looked_at(plan.split.train, plan.objective)
            with ranking.outside_training():
                self._own = ranking.source_of(plan, samples, tell=self._tell)
        return self._own

    def _labels(self, wanted: Candidate) -> LabelAgreement | None:
        """Whether the labels of other data agree with one's own; None where they have none, or
        where something else than one class is predicted."""
        found = self._labelled(wanted)
        if found is None:
            return None
        apart = [
            sample
            for sample in found.samples
            if absolute(found.root, sample.path) not in self._held_out | self._training
        ]
        under = _with_data(self._compared_under(), found.root, ranking.some(apart), {})
        try:
            own = self._own_source()
            with ranking.outside_training():
                theirs = ranking.source_of(under, under.split.train, tell=self._tell)
        except UserError:
            return None
        rows = [each.versions[0].numpy() for each in (own, theirs)]
        return agreement(rows[0], np.array(own.labels), rows[1], np.array(theirs.labels))

    def _labelled(self, wanted: Candidate) -> Companion | None:
        """Other data with those of their labels that are classes of one's own."""
        if self._plan.objective.key != ONE_CLASS or wanted.kind not in ("companion", "data"):
            return None
        with contextlib.suppress(UserError):
            if wanted.kind == "data":
                return companions.labelled(
                    self._plan, "source", wanted.named, lambda count: self._tell(0, 0)
                )
            found = self._read(wanted)
            return found if ROLES[found.role].labelled else None
        return None

    # -- networks

    def _network(self, wanted: Candidate) -> Ranked:
        """What its network makes of the data at hand."""
        try:
            row = self._row(wanted)
            if row.key == wanted.named and wanted.kind == "run" and self._has_learnt(wanted.named):
                return ranking.skipped(row, Note("suit.learnt", {"noun": self._plan.modality.many}))
        except UserError as error:
            return Ranked(key=wanted.named, title=Path(wanted.named).name, skipped=error.note)
        if row.key not in self._networks:
            self._networks[row.key] = self._ranked(row)
        return self._networks[row.key]

    def _has_learnt(self, path: str) -> bool:
        """Whether a run, or one that it began with, was trained on samples that are looked at, or
        it on copies of them.

        Raises:
            UserError: the run is damaged.
        """
        run = Run(Path(path))
        if not self._training.isdisjoint(sources.training_files(run)):
            return True
        kept, split = seen_data.contents(run), run.split
        learnt = {kept.get(sample.path) for sample in (*split.train, *split.val)}
        return not learnt.isdisjoint(self._own_contents())

    def _own_contents(self) -> frozenset[str]:
        """What is in the samples that are looked at, as a run keeps it."""
        if self._contents is None:
            plan = self._plan
            samples = ranking.looked_at(plan.split.train, plan.objective)
            told = plans.digests(plan, Path(plan.split.root), samples, lambda: self._tell(0, 0))
            self._contents = frozenset(told.values())
        return self._contents

    def _row(self, wanted: Candidate) -> Backbone:
        """Of a run that left its backbone as it was, or has none but word counts, that backbone.

        Raises:
            UserError: there is no such network, or not yet.
        """
        modality = self._plan.modality
        if wanted.kind == "backbone":
            return registry.backbone(modality, wanted.named)
        found = sources.named_backbone(modality, wanted.named)
        listed = {row.key for row in modality.backbones()}
        same = found.backbone_unchanged and not found.input.keys() - {ASSETS}
        if (same or found.backbone.no_cache) and found.backbone.key in listed:
            return found.backbone
        return msgspec.structs.replace(found.backbone, key=wanted.named)

    def _ranked(self, row: Backbone) -> Ranked:
        why = "" if Path(row.key).exists() else ranking.obstacle(self._plan, row)
        if why and not row.no_cache:
            return ranking.skipped(row, Note(why, {"title": row.title}))
        return ranking.look(self._plan, row, lambda: self._tell(0, 0))


def _with_data(
    plan: Plan, root: str, samples: Sequence[Sample], reading: Mapping[str, Any]
) -> Plan:
    """The same network on other data."""
    parts = {"train": tuple(samples), "val": (), "test": (), "companions": ()}
    split = msgspec.structs.replace(plan.split, root=root, **parts)
    input = msgspec.structs.replace(plan.input, **reading)
    return dataclasses.replace(plan, split=split, input=input)
