"""How many samples of a batch fit into memory at once, known before the first step.

A processor's memory is not refused when it runs out: the system ends the program. So what a step
keeps is measured on one sample and two, and compared with what is available. Where a batch needs
more, it is cut as when an accelerator runs out of memory (:class:`.micro_batches.MicroBatches`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.runs.events import Notice
from transfergui.core.training import devices, probe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.step import TrainStep

SHARE = 0.9
"""Of what is available, that a training may take."""
TRANSIENT = 1.1
"""A step's peak, as a multiple of what it keeps for the backward pass, which frees it on its way.
Measured on a processor with 16 pictures of 224 pixels: 0.94 for MobileNetV2, 0.8 for ResNet-18."""
STATES = 3
"""A gradient and two moments (Adam) for each trained parameter."""
COPIES = 3
"""Of the model, in main memory, while a checkpoint is written."""
AHEAD = 4
"""Batches of inputs in main memory: two read ahead, one being stacked, one in use."""


class Need(NamedTuple):
    """Bytes that a training needs.

    Attributes:
        fixed: whatever the batch.
        saving: more while a checkpoint is written, which is between two steps.
        sample: more in a step, for each sample that is computed at once.
    """

    fixed: int
    saving: int
    sample: int

    def of(self, size: int) -> int:
        """With ``size`` samples at once."""
        return self.fixed + max(self.saving, self.sample * size)


def measure(plan: Plan, train_step: TrainStep) -> Need | None:
    """What the steps of ``train_step`` need; None where that cannot be measured: no sample can be
    read, or two do not fit. What it needs for a sample includes those of other data that go with
    it."""
    try:
        inputs = probe.decoded(plan, 2)[0]
    except UserError:
        return None
    compute = train_step.micro_batches.compute
    model = train_step.model
    model.train_mode(freeze_norm=True)  # the statistics of BatchNorm stay
    try:
        with compute.autocast():
            kept = [_kept(model, inputs[:size].to(compute.device)) for size in (1, 2)]
    except Exception as error:
        if not devices.is_out_of_memory(error):
            raise
        return None  # the steps will find out how many fit
    each = kept[1] - kept[0] if len(inputs) > 1 else kept[0]
    phase = train_step.phase
    each *= (together := max(1, phase.views) + len(phase.streams))
    trained = sum(p.nbytes for p in model.parameters() if p.requires_grad)
    fixed, saving = STATES * trained, 0
    if compute.device.type == "cpu":
        options = plan.recipe.optim
        fixed += AHEAD * together * inputs[0].nbytes * plans.batch_size(plan) * options.accumulate
        saving = COPIES * sum(p.nbytes for p in model.parameters())
    return Need(fixed, saving, int(TRANSIENT * max(0, each)))


def kept_of_sample(model: torch.nn.Module, inputs: Tensor) -> int:
    """Bytes that a step needs for each sample; of two samples."""
    kept = [_kept(model, inputs[:size]) for size in (1, 2)]
    return int(TRANSIENT * max(0, kept[1] - kept[0]))


def _kept(model: torch.nn.Module, inputs: Tensor) -> int:
    """Bytes that a forward pass keeps for the backward pass."""
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda each: each):
        output = model(inputs)
        found = sum(kept.values())  # while it is all there: no address is used twice
    del output
    return found


def fitting(need: Need, size: int, free: int) -> int:
    """How many of ``size`` samples at once: halved until they fit, but one at least."""
    while size > 1 and need.of(size) > SHARE * free and need.sample * size > need.saving:
        size = math.ceil(size / 2)
    return size


def limit(
    need: Need, size: int, device: torch.device, among: int = 1
) -> tuple[int | None, Sequence[Notice]]:
    """How many samples at once, None where the whole batch of ``size`` fits; what to say of it.

    Args:
        among: so many processes train on this computer; each graphics card is one's own.
    """
    free = devices.available_memory(device)
    if device.type == "cpu":
        free //= among
    micro_batches = fitting(need, size, free)
    if need.of(size) <= SHARE * free:
        return None, ()
    fits = need.of(micro_batches) <= SHARE * free
    needed = memory.gigabytes(need.of(size if fits else 1))
    values = {"needed": needed, "free": memory.gigabytes(free)}
    if fits:
        values |= {"size": str(size), "pieces": str(micro_batches)}
    code = "memory.smaller_parts" if fits else "memory.tight"
    return micro_batches, (Notice(code=code, values=values, level="warning"),)
