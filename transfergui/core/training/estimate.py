"""How long a training will take, from a probe of a second or two on the user's own files."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import torch
from torch import Tensor, nn

from transfergui.core import plans
from transfergui.core.base import files
from transfergui.core.data import tars
from transfergui.core.data.companions import WHERE_USED
from transfergui.core.networks import planned, weights
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn.classifier import Classifier, classifier_of
from transfergui.core.nn.composite import build_encoder, separate
from transfergui.core.search_options import SearchOptions
from transfergui.core.training import borrowing, compiling, devices, plain, precision, probe
from transfergui.core.training.data_pipeline import rooted
from transfergui.core.training.feature_pass import FeaturePass
from transfergui.core.training.features import open_store
from transfergui.core.training.loaders import UnreadableFiles
from transfergui.core.training.precision import EXACT, ComputeMode

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.features import FeatureStore

PROBE_SAMPLES = 8
"""Decoded, and looked at together; fewer where the network is large."""
PROBE_FILES = 64
"""Files looked up in the cache of features, spread over the whole data set."""
HEAD_STEP = 0.6e-3
"""Seconds of one step of a head on cached features: measured, 1280 features, one thread."""
START = 1.2
"""Seconds to load a network and write the report."""


Looking = Sequence[tuple["Plan", float]]
"""Each part of a network with the seconds in which it looks at a sample."""


class Estimate(msgspec.Struct, frozen=True):
    """Seconds that a training will take if early stopping does not end it sooner.

    Attributes:
        seconds: in all.
        features: of them, for the features that are not cached yet.
        epoch: one epoch of the longest phase.
        least: of the seconds, those that it takes even if early stopping ends each phase as soon
            as it may.
        testing: of the seconds, those for the test samples.
        earlier: whether that is how long an earlier run took.
    """

    seconds: float
    features: float
    epoch: float
    least: float = 0.0
    testing: float = 0.0
    earlier: bool = False


def estimate(plan: Plan, check_cancelled: Callable[[], None] = lambda: None) -> Estimate:
    """Probe decoding and the network on a few training samples.

    Args:
        check_cancelled: called often; may raise to end it.

    Raises:
        UserError: no sample of the probe can be read; ``data.tar_changed``.
    """
    tars.require_same(plan.split.places)
    if isinstance(plan.options, SearchOptions):  # it takes the time that it was given
        return Estimate(seconds=60 * plan.options.budget, features=0.0, epoch=0.0)
    with (
        files.temporary_folder() as folder,
        probe.checking_cancelled(check_cancelled),
        probe.alone(check_cancelled),
    ):
        found = _estimate(save_assets(plan, folder))
        if not plain.is_wanted(plan):
            return found
        return _both(found, _estimate(save_assets(plain.plain_plan(plan), folder)))


def _both(first: Estimate, second: Estimate) -> Estimate:
    """Two trainings, of which the second finds the features that the first one computed."""
    known = min(first.features, second.features)
    return Estimate(
        seconds=first.seconds + second.seconds - known,
        features=first.features,
        epoch=first.epoch,
        least=first.least + second.least - known,
        testing=first.testing + second.testing,
    )


def _estimate(plan: Plan) -> Estimate:
    device = devices.find(plan.recipe.run.device)
    inputs, decode = probe.decoded(plan, PROBE_SAMPLES)
    model = classifier_of(plan).to(device)
    inputs = _batch(plan, inputs.to(device))
    parts = [_phase(plan, phase, model, inputs, decode) for phase in plan.phases]
    forward = _forward(model, inputs, EXACT)
    beside = sum(len(each.samples) for role in WHERE_USED for each in plan.split.of_role(role))
    evaluation = testing = (decode + forward) * (len(plan.split.test) + beside)
    if not parts:  # finished trainings are put together, after a look at what chooses among them
        looks = 1 if plan.backbone.parts else 2 * len(plan.members)
        evaluation += (decode + forward * looks) * len(plan.split.val)
    features = sum(part.features for part in parts)
    longest, least = (
        START + seconds + evaluation
        for seconds in (sum(part.seconds for part in parts), sum(part.least for part in parts))
    )
    again = _trainings_alone(plan)  # each finds the features that the first one computed
    return Estimate(
        seconds=longest + again * (longest - features),
        features=features,
        epoch=max((part.epoch for part in parts), default=0.0),
        least=least + again * (least - features),
        testing=testing,
    )


def _trainings_alone(plan: Plan) -> int:
    """How many trainings of single questions follow; see :mod:`.alone`."""
    wanted = bool(plan.phases) and plan.objective.compares_alone(plan.objective_options)
    return len(plan.split.targets.names) if wanted else 0


def _phase(plan: Plan, phase: Phase, model: Classifier, inputs: Tensor, decode: float) -> Estimate:
    split, sizes = plan.split, plan.split.sizes()
    if phase.cache_features:
        copies = phase.augmented_copies
        count = sizes["train"] * (1 + copies) + sizes["val"]
        looking = list(_looking(plan, model, inputs))
        begun = plan.phases[: plan.phases.index(phase)]
        changed = any(each.groups != 0 for each in begun)  # by then: no features are known
        features = sum(
            (changed or _share_missing(part, split.train + split.val, copies, inputs.device))
            * count
            * _together(decode, cost, inputs.device)
            for part, cost in looking
        )
        features += _at_sources(plan, phase, looking, decode, inputs.device)
        seen = _passes(plan, phase) * sizes["train"]
        steps = seen / plans.batch_size(plan)
        epoch = HEAD_STEP * steps * (1 + len(phase.streams))
        if plan.backbone.pooled:  # a head on maps is a network of its own
            epoch = _head_step(plan, model, inputs) * seen
        return _of_phase(plan, phase, features, features, epoch)
    model.set_trainable(phase.groups, phase.only, phase.low_rank)
    way = precision.of_training(plan, phase, model, inputs.device)
    step = _seconds(lambda: precision.step(model, inputs, way, phase.freeze_norm), inputs)
    reading_one = probe.augmenting(plan, PROBE_SAMPLES, inputs.device)
    learning = _together(reading_one, step, inputs.device) * (1 + len(phase.streams))
    if phase.through is not None:
        return _of_pretext(plan, phase, learning, decode, inputs.device)
    learnt = _passes(plan, phase) * sizes["train"]
    epoch = learning * learnt + _forward(model, inputs, way) * sizes["val"]
    features = _teaching(plan, phase, inputs.device)
    if "source" in phase.streams:  # weighed by their features and one's own
        looking = list(_looking(plan, model, inputs))
        features += _at_sources(plan, phase, looking, decode, inputs.device)
        features += sum(
            _share_missing(part, split.train, 0, inputs.device)
            * sizes["train"]
            * _together(decode, cost, inputs.device)
            for part, cost in looking
        )
    reading = decode * sum(sizes.values())
    return _of_phase(plan, phase, features + reading, features, epoch)


def _head_step(plan: Plan, model: Classifier, inputs: Tensor) -> float:
    """Seconds in which the head learns from the features of a sample."""
    features = torch.zeros(len(inputs), plan.backbone.features, device=inputs.device)

    def work() -> None:
        model.head(features).square().mean().backward()
        model.zero_grad(set_to_none=True)

    return _seconds(work, inputs)


def _at_sources(
    plan: Plan, phase: Phase, looking: Looking, decode: float, device: torch.device
) -> float:
    """Seconds in which the frozen network looks at the samples that a phase borrows."""
    if "source" not in phase.streams:
        return 0.0
    return sum(
        _share_missing(rooted(part, each), each.samples, 0, device)
        * len(each.samples)
        * _together(decode, cost, device)
        for each in plan.split.of_role("source")
        for part, cost in looking
        if each.samples
    )


def _passes(plan: Plan, phase: Phase) -> int:
    """Over one's own samples in an epoch."""
    if "source" not in phase.streams:
        return 1
    borrowed = sum(len(each.samples) for each in plan.split.of_role("source"))
    return borrowing.passes(borrowed / max(1, len(plan.split.train)), phase.cache_features)


def _of_pretext(
    plan: Plan, phase: Phase, learning: float, decode: float, device: torch.device
) -> Estimate:
    """Of a phase without labels, which is not validated and does not end sooner.

    Args:
        learning, decode: seconds in which it learns from a version of a sample, and reads one.
    """
    versions = plans.phase_size(plan, phase)
    features = _teaching(plan, phase, device)
    once = features + decode * versions / max(1, phase.views) + phase.epochs * learning * versions
    return Estimate(once, features, learning * versions, once)


def _of_phase(plan: Plan, phase: Phase, once: float, features: float, epoch: float) -> Estimate:
    """``once``: seconds, the ``features`` among them, that do not repeat with every epoch."""
    stops = plan.recipe.run.early_stopping != "none" and plan.split.val
    soonest = min(phase.epochs, plan.patience + 1) if stops else phase.epochs
    return Estimate(once + phase.epochs * epoch, features, epoch, once + soonest * epoch)


def _batch(plan: Plan, inputs: Tensor) -> Tensor:
    """As many as in a step of the training, where the network is not too large to try that: a
    few fit into a processor's caches, and take half the time each; beside other programs, whose
    turns they wait for as long as many, they take several times as long each."""
    most = int(probe.FLOPS / max(plan.backbone.flops, 1e-3))
    size = max(len(inputs), min(plans.batch_size(plan), most))
    return inputs.repeat(math.ceil(size / len(inputs)), *[1] * (inputs.ndim - 1))[:size]


def _looking(plan: Plan, model: Classifier, inputs: Tensor) -> Iterator[tuple[Plan, float]]:
    """Each part of the network with the seconds in which, frozen, it looks at a sample."""
    networks = separate(model.encoder.eval(), len(planned.parts(plan)))
    for part, network in zip(planned.parts(plan), networks, strict=True):
        yield part, _frozen(part, precision.fuse_batchnorm(network), inputs)


def _frozen(plan: Plan, network: nn.Module, inputs: Tensor) -> float:
    """Seconds in which ``network``, frozen, looks at a sample; in full precision while the
    weights, without which it cannot be judged, are not there."""
    store = _store(plan, inputs.device)
    if store is None:
        return _forward(network, inputs, EXACT)
    return _forward(network, inputs, store.way) / compiling.gain(store, inputs.device)


def _store(plan: Plan, device: torch.device) -> FeatureStore | None:
    """The features that are known; None while the weights are not there."""
    found = plan.weights or weights.find(plan.backbone, plan.recipe.weights_dir)
    return open_store(plan, found, precision.of_frozen(plan, found, device)) if found else None


def _teaching(plan: Plan, phase: Phase, device: torch.device) -> float:
    """Seconds in which the teacher of a phase looks at the samples that it does not know yet."""
    begun = plan.phases[: plan.phases.index(phase)]
    if phase.teacher is None or any(each.teacher is not None for each in begun):  # it knows them
        return 0.0
    seen = planned.of_source(plan, phase.teacher)
    todo = _share_missing(seen, seen.split.train, 0, device) * len(seen.split.train)
    for each in plan.split.of_role(phase.through) if phase.through else ():
        share = _share_missing(rooted(seen, each), each.samples, 0, device) if each.samples else 0
        todo += share * len(each.samples)
    if not todo:
        return 0.0
    inputs, decode = probe.decoded(seen, PROBE_SAMPLES)
    network = build_encoder(seen.modality, seen.backbone, seen.input).to(device)
    forward = _frozen(
        seen, precision.fuse_batchnorm(network.eval()), _batch(seen, inputs.to(device))
    )
    return todo * _together(decode, forward, device)


def _together(preparing: float, network: float, device: torch.device) -> float:
    """Seconds of a sample where its preparation and the network share the processor, or not."""
    return preparing + network if device.type == "cpu" else max(preparing, network)


def _forward(network: nn.Module, inputs: Tensor, way: ComputeMode) -> float:
    """Seconds in which ``network`` looks at a sample."""
    frozen = precision.Frozen(network, way, inputs.device)
    return _seconds(lambda: frozen(inputs), inputs)


def _seconds(work: Callable[[], object], inputs: Tensor) -> float:
    """Of ``work`` on ``inputs``, for one of them."""
    return probe.fastest(work, inputs.device) / len(inputs)


def _share_missing(
    plan: Plan, everything: Sequence[Sample], augmented_copies: int, device: torch.device
) -> float:
    """The share of features that the cache lacks, judged by a few samples."""
    store = _store(plan, device)
    if store is None:
        return 1.0
    samples = everything[:: max(1, len(everything) // PROBE_FILES)][:PROBE_FILES]
    work = FeaturePass(plan, samples, store, UnreadableFiles(len(everything)), augmented_copies)
    return len(work.find_missing()) / (len(samples) * (1 + augmented_copies))
