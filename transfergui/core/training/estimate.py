"""How long a training will take, from a probe of a second or two on the user's own files."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.errors import UserError
from transfergui.core.modalities import weights
from transfergui.core.nn.classifier import Classifier, build_classifier
from transfergui.core.nn.composite import build_encoder
from transfergui.core.parallel import ordered_map
from transfergui.core.plan import equipped
from transfergui.core.strategies.recommended import RecommendedOptions
from transfergui.core.training import devices
from transfergui.core.training.features import FeaturePass, open_store
from transfergui.core.training.loaders import Losses

if TYPE_CHECKING:
    from transfergui.core.dataset import Sample
    from transfergui.core.plan import Plan
    from transfergui.core.strategies import Phase, Source

PROBE_FLOPS = 16.0
"""The probe's batch is chosen so that one forward pass is about this many GFLOPs."""
PROBE_RUNS, PROBE_SECONDS = 6, 1.5
"""Repetitions of one measurement: at most so many, and none begins after so long."""
PROBE_FILES = 64
"""Files looked up in the cache of features, spread over the whole data set."""
HEAD_STEP = 0.6e-3
"""Seconds of one step of a head on cached features: measured, 1280 features, one thread."""
START = 2.0
"""Seconds to load a network and write the report."""


class Estimate(msgspec.Struct, frozen=True):
    """Seconds that a training will take if early stopping does not end it sooner.

    Attributes:
        seconds: in all.
        features: of them, for the features that are not cached yet.
        epoch: one epoch of the longest phase.
    """

    seconds: float
    features: float
    epoch: float


def estimate(plan: Plan) -> Estimate:
    """Probe decoding and the network on a few training samples.

    Raises:
        UserError: no sample of the probe can be read.
    """
    if isinstance(plan.options, RecommendedOptions):  # it takes the time that it was given
        return Estimate(seconds=60 * plan.options.budget, features=0.0, epoch=0.0)
    with tempfile.TemporaryDirectory() as folder:
        return _estimate(equipped(plan, Path(folder)))


def _estimate(plan: Plan) -> Estimate:
    accelerator = devices.make_accelerator(plan.recipe.run.device, plan.recipe.run.precision)
    inputs, decode = _decode(plan)
    model = build_classifier(
        plan.modality, plan.backbone, plan.input, plan.recipe.head, len(plan.classes)
    ).to(accelerator.device)
    inputs = inputs.to(accelerator.device)
    with accelerator.autocast():
        forward = _seconds(lambda: _forward(model, inputs)) / len(inputs)
        parts = [_phase(plan, phase, model, inputs, decode, forward) for phase in plan.phases]
    evaluation = (decode + forward) * len(plan.split.test)
    if not parts:  # finished trainings are put together, after a look at what chooses among them
        looks = 1 if plan.backbone.parts else 2 * len(plan.members)
        evaluation += (decode + forward * looks) * len(plan.split.val)
    return Estimate(
        seconds=START + sum(part.seconds for part in parts) + evaluation,
        features=sum(part.features for part in parts),
        epoch=max((part.epoch for part in parts), default=0.0),
    )


def _phase(
    plan: Plan, phase: Phase, model: Classifier, inputs: Tensor, decode: float, forward: float
) -> Estimate:
    split, sizes = plan.split, plan.split.sizes()
    if phase.cache_features:
        count = sizes["train"] * (1 + phase.passes) + sizes["val"]
        features = sum(
            _share_missing(part, split.train + split.val, phase.passes) * count * max(decode, cost)
            for part, cost in _shares(plan, forward)
        )
        epoch = HEAD_STEP * sizes["train"] / plan.recipe.optim.batch_size
        return Estimate(features + phase.epochs * epoch, features, epoch)
    model.set_trainable(phase.groups, phase.only, phase.low_rank)
    step = _seconds(lambda: _step(model, phase, inputs)) / len(inputs)
    epoch = step * sizes["train"] + forward * sizes["val"]
    features = _teaching(plan, phase.teacher, inputs.device) if phase.teacher else 0.0
    reading = decode * sum(sizes.values())
    return Estimate(features + reading + phase.epochs * epoch, features, epoch)


def _shares(plan: Plan, forward: float) -> list[tuple[Plan, float]]:
    """Each part of the network with its share of the seconds that the whole takes."""
    total = sum(part.backbone.flops for part in plan.parts) or 1.0
    return [(part, forward * (part.backbone.flops or total) / total) for part in plan.parts]


def _teaching(plan: Plan, teacher: Source, device: torch.device) -> float:
    """Seconds in which the teacher looks at the training samples that it does not know yet."""
    seen = plan.of_teacher(teacher)
    todo = _share_missing(seen, seen.split.train, 0) * len(seen.split.train)
    if not todo:
        return 0.0
    inputs, decode = _decode(seen)
    network = build_encoder(seen.modality, seen.backbone, seen.input).to(device).eval()
    inputs = inputs.to(device)
    with torch.no_grad():
        forward = _seconds(lambda: network(inputs)) / len(inputs)
    return todo * max(decode, forward)


def _decode(plan: Plan) -> tuple[Tensor, float]:
    """Prepared inputs of a few training samples, and the seconds that one takes."""
    count = max(2, min(8, int(PROBE_FLOPS / max(plan.backbone.flops, 1e-3))))
    stride = max(1, len(plan.split.train) // count)
    paths = [Path(plan.split.root) / s.path for s in plan.split.train[::stride][:count]]

    def prepared(path: Path) -> Tensor | UserError:
        try:
            return plan.modality.prepare(plan.modality.load(path, plan.input), plan.input)
        except UserError as error:
            return error

    began = time.perf_counter()
    results = list(ordered_map(prepared, paths))
    seconds = (time.perf_counter() - began) / len(paths)
    tensors = [result for result in results if isinstance(result, Tensor)]
    if not tensors:
        raise next(result for result in results if isinstance(result, UserError))
    return torch.stack(tensors), seconds


def _forward(model: Classifier, inputs: Tensor) -> None:
    model.eval()
    with torch.no_grad():
        model.encoder(inputs)


def _step(model: Classifier, phase: Phase, inputs: Tensor) -> None:
    model.train_mode(freeze_norm=True)  # a probe of one or two has no statistics
    output = model(inputs)
    logits = output[0] if isinstance(output, tuple) else output
    F.cross_entropy(
        logits, torch.zeros(len(logits), dtype=torch.long, device=logits.device)
    ).backward()
    model.zero_grad(set_to_none=True)


def _seconds(work: Callable[[], None]) -> float:
    """The fastest of some runs: the first ones allocate, choose kernels and import."""
    fastest = math.inf
    end = time.perf_counter() + PROBE_SECONDS
    for _run in range(PROBE_RUNS):
        began = time.perf_counter()
        work()
        fastest = min(fastest, time.perf_counter() - began)
        if time.perf_counter() > end:
            break
    return fastest


def _share_missing(plan: Plan, everything: Sequence[Sample], passes: int) -> float:
    """The share of features that the cache lacks, judged by a few samples."""
    found = plan.weights or weights.find(plan.backbone, plan.recipe.weights_dir)
    if found is None:
        return 1.0
    samples = everything[:: max(1, len(everything) // PROBE_FILES)][:PROBE_FILES]
    work = FeaturePass(plan, samples, open_store(plan, found), Losses(len(everything)), passes)
    return len(work.find_missing()) / (len(samples) * (1 + passes))
