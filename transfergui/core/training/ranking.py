"""Which of the networks that are here suits the data best, before any of them is trained.

Each network looks, frozen, at a sample of the training data (never at validation or test
samples); its features are kept in the cache, where a later training finds them. They are scored
by how well a linear classifier does on them (cross-validated), and by LogME.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from transfergui.core import plans
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.notes import Note
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import contents, unread
from transfergui.core.data.languages import reads
from transfergui.core.figures import transferability
from transfergui.core.figures.transferability import h_score
from transfergui.core.networks import planned
from transfergui.core.networks import weights as weights_files
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn.composite import build_encoder
from transfergui.core.resolve import resolve
from transfergui.core.training import inference, linear_probe, precision, ridge
from transfergui.core.training.compute import Compute
from transfergui.core.training.feature_pass import FeaturePass
from transfergui.core.training.features import FeatureSource, open_store
from transfergui.core.training.loaders import DATA_GONE, UnreadableFiles
from transfergui.core.training.micro_batches import MicroBatches, result_of

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.networks import Backbone, WeightState
    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.interfaces.plan import Plan

OTHER_LANGUAGE = "rank.other_language"
"""Why a network is not tried that knows none of the scripts of the texts."""
MOST_TURNED = 4000
"""Texts whose word counts are turned as a whole: time grows with the cube of them."""
SAMPLES = 400
"""Training samples that each network looks at, the same share of every class."""
MOST = 400
"""Samples of other data that are looked at."""
BATCH = 64
SPEED = 20.0
"""GFLOPs a second that any machine does, decoding included; to tell what may take too long."""
ACCURACY = "accuracy"
"""As :attr:`Ranked.scored_by`."""
SHOWN = 3
"""Decimals of a score that people see; what is alike in these is a tie."""


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """One network for one data set.

    Attributes:
        accuracy: mean accuracy of a linear classifier on its frozen features, over
            the parts of the sample; None where it was not tried, fewer than two classes have two
            examples, or something else than one class is predicted.
        score: the same figure, or that of what is predicted instead; higher is better.
        scored_by: its key, as of :attr:`transfergui.core.interfaces.objective.Objective.probe`.
        deviation: standard deviation of that over the parts.
        logme: LogME of the features; higher is better, comparable within one data set only.
        hscore: H-score of the features, likewise; None of word counts, and of what is not one
            class.
        published: its accuracy on what it was pretrained on, in per cent.
        n: samples looked at.
        seconds: that looking took; next to nothing where the features were known already.
        skipped: why it was not tried; None if it was.
    """

    key: str
    title: str
    accuracy: float | None = None
    score: float | None = None
    scored_by: str = ACCURACY
    deviation: float | None = None
    logme: float | None = None
    hscore: float | None = None
    published: float | None = None
    n: int = 0
    seconds: float = 0.0
    skipped: Note | None = None


def rank(plan: Plan) -> Iterator[Ranked]:
    """Every network of the plan's modality, one after the other, in the order of :func:`turns`;
    what is not pretrained and costs next to nothing (TF-IDF) among them.

    Args:
        plan: of the data; which backbone it names does not matter.

    Raises:
        UserError: ``data.vanished``: the samples cannot be read.
    """
    for row, why in turns(plan):
        yield (
            look(plan, row)
            if row.no_cache or not why
            else skipped(row, Note(why, {"title": row.title}))
        )


def turns(plan: Plan, seconds: float = 0.0) -> list[tuple[Backbone, str]]:
    """Every network of the plan's modality, and the code of why it cannot be tried, if so.

    First those that can be looked with in ``seconds``, by their published accuracy: where time
    is short, the likely ones have been seen. Then the others, the quick ones first.
    """
    count = len(looked_at(plan.split.train, plan.objective))

    def turn(row: Backbone) -> tuple[bool, float, float]:
        late = row.flops * count > SPEED * seconds
        return late, 0.0 if late else -(row.accuracy or 0.0), row.flops

    rows = sorted(plan.modality.backbones(), key=turn)
    states = weights_files.states(rows, plan.recipe.weights_dir)
    return [(row, _obstacle(plan, row, states[row.key])) for row in rows]


def obstacle(plan: Plan, row: Backbone) -> str:
    """The code of why a network cannot be looked with; empty where it can."""
    state = weights_files.state(row, plan.recipe.weights_dir)
    return _obstacle(plan, row, state)


def look(plan: Plan, row: Backbone, check_cancelled: Callable[[], None] = lambda: None) -> Ranked:
    """What ``row``, as it is, makes of some of the training samples.

    Args:
        check_cancelled: called often; may raise to end it.
    """
    try:
        return _ranked(plan, row, looked_at(plan.split.train, plan.objective), check_cancelled)
    except UserError as error:  # damaged weights, pictures too small for it: others are not
        return skipped(row, error.note)


def skipped(row: Backbone, why: Note) -> Ranked:
    """A network that was not tried."""
    return Ranked(key=row.key, title=row.title, published=row.accuracy, skipped=why)


def ordered(rows: Sequence[Ranked]) -> list[Ranked]:
    """Best first, by their score, else by LogME; what was not tried comes last, by its published
    accuracy."""

    def place(row: Ranked) -> tuple[float, float, float]:
        score, logme = (-math.inf if x is None else x for x in (row.score, row.logme))
        return -score, -logme, -(row.published or 0)

    return sorted(rows, key=place)


def places(rows: Sequence[Ranked]) -> list[int | None]:
    """The place of each row by its score; rows whose scores are shown alike share one (1, 1, 3).
    None for what was not tried.

    Args:
        rows: as :func:`ordered` gives them.
    """
    shown = [None if row.score is None else round(row.score, SHOWN) for row in rows]
    return [None if score is None else shown.index(score) + 1 for score in shown]


def looked_at(samples: Sequence[Sample], objective: Objective) -> list[Sample]:
    """Those of some training samples that each network looks at."""
    if objective.balances:
        return spread(samples, SAMPLES)
    return some(samples, SAMPLES)  # every combination, or number, may be there once


def some(samples: Sequence[Sample], count: int = MOST) -> list[Sample]:
    """At most ``count`` of them, spread over all."""
    kept = min(len(samples), count)
    return [samples[len(samples) * at // kept] for at in range(kept)]


def spread(samples: Sequence[Sample], count: int) -> list[Sample]:
    """At most about ``count`` samples, of every class the same share and at least two, evenly."""
    of_class: dict[int, list[Sample]] = {}
    for sample in samples:
        of_class.setdefault(sample.label, []).append(sample)
    share = min(1.0, count / max(1, len(samples)))
    chosen = []
    for members in of_class.values():
        kept = min(len(members), max(2, round(share * len(members))))
        chosen += [members[len(members) * at // kept] for at in range(kept)]
    return chosen


def _obstacle(plan: Plan, row: Backbone, state: WeightState) -> str:
    if row.body and (why := plan.objective.backbone_obstacle(row)):
        return why
    if not row.cacheable:
        return "rank.not_frozen"
    if state not in weights_files.HERE:
        return "rank.not_here"
    return "" if reads(row.languages, plan.split.languages) else OTHER_LANGUAGE


def _ranked(
    plan: Plan, row: Backbone, samples: list[Sample], check_cancelled: Callable[[], None]
) -> Ranked:
    began = time.monotonic()
    recipe = plan.recipe.replace(backbone=row.key, input={})
    with files.temporary_folder() as folder:
        made = save_assets(resolve(recipe, plan.split), folder)
        features, labels = (counted if row.no_cache else features_of)(
            made, samples, check_cancelled
        )
    seconds = time.monotonic() - began
    score = plan.objective.probe
    counts = (
        plan.objective.balances and not row.no_cache
    )  # of word counts, all would be shrunk away
    found = linear_probe.scored(features, plan.objective.probes(labels, plan.split.targets))
    return Ranked(
        key=row.key,
        title=row.title,
        accuracy=found.value if score.key == ACCURACY else None,
        score=found.value,
        scored_by=score.key,
        deviation=found.deviation,
        logme=transferability.logme(features, _columns(plan, labels)),
        hscore=h_score(features, labels) if counts else None,
        published=row.accuracy,
        n=len(labels),
        seconds=seconds,
    )


@contextlib.contextmanager
def outside_training() -> Iterator[None]:
    """Where nothing is trained, data that cannot be read are told without a word of checkpoints.

    Raises:
        UserError: ``data.gone`` for ``data.vanished``; ``data.damaged`` where the files are there.
    """
    try:
        yield
    except UserError as error:
        if error.code not in DATA_GONE:
            raise
        values = error.note.values
        raise unread.error(
            values["count"], values["total"], values["path"], error.__cause__
        ) from error


def features_of(
    plan: Plan, samples: Sequence[Sample], check_cancelled: Callable[[], None] = lambda: None
) -> tuple[np.ndarray, np.ndarray]:
    """Features [N, F] of the plan's frozen backbone and labels [N]; as :func:`source_of`."""
    source = source_of(plan, samples, check_cancelled)
    return source.versions[0].numpy(), np.array(source.labels)


def counted(
    plan: Plan, samples: Sequence[Sample], check_cancelled: Callable[[], None] = lambda: None
) -> tuple[np.ndarray, np.ndarray]:
    """As :func:`features_of`, of a backbone without weights, which is made from the training
    samples alone.

    Raises:
        UserError: ``data.vanished``.
    """
    features, kept = counted_of(plan, samples, check_cancelled)
    return features, np.array([sample.label for sample in kept])


def counted_of(
    plan: Plan, samples: Sequence[Sample], check_cancelled: Callable[[], None] = lambda: None
) -> tuple[np.ndarray, list[Sample]]:
    """Features [N, at most N] of :func:`counted`, turned so that all others are 0, which no linear
    classifier notices, or of many samples the most important ones; and those that could be read.

    Raises:
        UserError: ``data.vanished``.
    """
    import torch

    encoder = plan.modality.build(plan.backbone, None, plan.input).eval()
    inputs, kept, unreadable = [], [], UnreadableFiles(len(samples))
    for sample in samples:
        check_cancelled()
        try:
            loaded = plan.modality.load(Path(plan.split.root) / sample.path, plan.input)
            inputs.append(plan.modality.prepare(loaded, plan.input))
            kept.append(sample)
        except UserError as error:
            unreadable.add(sample.path, error)
    if not inputs:
        count = len(samples)
        raise UserError("data.vanished", path=plan.split.root, count=count, total=count)
    batches = torch.stack(inputs).split(BATCH)
    if len(kept) > MOST_TURNED:
        return _projected(encoder, batches, check_cancelled), kept
    features = inference.outputs(encoder, batches).numpy()
    if features.shape[1] > len(kept):
        values, vectors = np.linalg.eigh((features @ features.T).astype(np.float64))
        features = (vectors * np.sqrt(values.clip(0))).astype(np.float32)
    return features, kept


def _projected(
    encoder: torch.nn.Module, batches: Sequence[Tensor], check_cancelled: Callable[[], None]
) -> np.ndarray:
    """Of so many samples that all features would fill the memory: what is left of them in the
    directions of some of the samples [N, at most :data:`.ridge.MOST_WIDTH`]."""
    some = [batches[at] for at in np.random.default_rng(0).permutation(len(batches)).tolist()]
    drawn = inference.outputs(encoder, some[: ridge.MOST_WIDTH // BATCH]).numpy()
    check_cancelled()
    turn = ridge.directions(drawn)
    rows = []
    for batch in batches:
        check_cancelled()
        rows.append(inference.outputs(encoder, [batch]).numpy() @ turn)
    return np.concatenate(rows)


def source_of(
    plan: Plan,
    samples: Sequence[Sample],
    check_cancelled: Callable[[], None] = lambda: None,
    tell: Tell = untold,
    whole: bool = True,
) -> FeatureSource:
    """The features of the plan's frozen backbone, from the cache where they are known.

    Args:
        whole: those of whole samples, also where the plan's encoder gives others.
        check_cancelled: called before each batch; may raise to end it.
        tell: likewise, with how many of those are done that were not in the cache.

    Raises:
        UserError: the weights are not there or do not fit; too many samples cannot be read.
    """
    plan = plans.whole(plan) if whole else plan
    file = planned.require_weights(plan)
    micro_batches = MicroBatches(Compute(plan.recipe.run.device))
    device = micro_batches.compute.device
    way = precision.of_frozen(plan, file, device)
    work = FeaturePass(plan, samples, open_store(plan, file, way), UnreadableFiles(len(samples)))

    def looking() -> None:
        check_cancelled()
        tell(0, 0)

    missing = work.find_missing(looking)
    if missing:
        encoder = build_encoder(plan.modality, plan.backbone, plan.input, file).to(device)
        network = precision.Frozen(precision.fuse_batchnorm(encoder.eval()), way, device)
        batches = work.batches(missing)

        done = 0

        def before(inputs: Tensor) -> None:
            nonlocal done
            check_cancelled()
            tell(done, len(missing))
            done = min(len(missing), done + len(inputs))

        result_of(inference.run(network, batches, micro_batches, work.keep, before=before))
    return work.source()


def missing(plan: Plan, samples: Sequence[Sample], tell: Tell = untold) -> int:
    """How many of the features that :func:`source_of` gives are not in the cache; reads the files,
    and computes nothing.

    Raises:
        UserError: the weights are not there.
    """
    plan = plans.whole(plan)
    file = planned.require_weights(plan)
    way = precision.of_frozen(plan, file, Compute(plan.recipe.run.device).device)
    store, unreadable = open_store(plan, file, way), UnreadableFiles(len(samples))
    return len(FeaturePass(plan, samples, store, unreadable).find_missing(lambda: tell(0, 0)))


def kept_features(plan: Plan, digests: Sequence[str]) -> np.ndarray:
    """The features [M, F] in the cache of samples that may be gone; nothing else is read.

    Args:
        digests: of their content, as :func:`transfergui.core.plans.digests` gives them.

    Raises:
        UserError: the weights are not there.
    """
    plan = plans.whole(plan)
    file = planned.require_weights(plan)
    way = precision.of_frozen(plan, file, Compute(plan.recipe.run.device).device)
    store = open_store(plan, file, way)
    wanted = {digest[: contents.DIGITS] for digest in digests}
    return store.rows([key for key in store if key[: contents.DIGITS] in wanted])


def _columns(plan: Plan, labels: np.ndarray) -> np.ndarray:
    """What a linear model of the features would predict [N, S]: of one class one-hot labels."""
    import torch

    if plan.objective.balances:
        return transferability.one_hot(labels)
    if plan.objective.places:
        probes = plan.objective.probes(labels, plan.split.targets)
        return _standard(np.stack([each.wanted for each in probes], 1).astype(np.float64))
    count = len(plan.split.classes)
    table = plan.objective.table(plan.split.targets, count)
    soft = plan.objective.soften(table[torch.from_numpy(labels)], plan.split.targets, count)
    return _standard(soft.double().numpy())


def _standard(found: np.ndarray) -> np.ndarray:
    """Columns [N, S] in standard deviations from their means, without those that never change."""
    spread_out = found.std(0)
    found = found[:, spread_out > 0] if (spread_out > 0).any() else found[:, :1]
    return (found - found.mean(0)) / np.maximum(found.std(0), 1e-12)
