"""How many samples of a batch fit into memory at once, known before the first step.

A processor's memory is not refused when it runs out: the system ends the program. So what a step
keeps is measured on one sample and two, and compared with what is available. Where a batch needs
more, it is cut as when an accelerator runs out of memory (:class:`.micro_batches.MicroBatches`), or
activations are computed again (:mod:`transfergui.core.nn.recomputed`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from transfergui.core import plans
from transfergui.core.base import memory
from transfergui.core.base.errors import UserError
from transfergui.core.nn.recomputed import Kept, Recomputation
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
WORTHWHILE = 0.8
"""What is needed where activations are computed again, at most, as a share of what is needed else:
it costs about a third more time."""
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
        recomputed: the same where activations are computed again; None where that saves too little.
    """

    fixed: int
    saving: int
    sample: int
    recomputed: int | None = None

    def of(self, size: int) -> int:
        """With ``size`` samples at once."""
        return self.fixed + max(self.saving, self.sample * size)

    def light(self) -> Need | None:
        """Where activations are computed again; None where that saves too little."""
        return None if self.recomputed is None else self._replace(sample=self.recomputed)


class Measures(NamedTuple):
    """What a phase does so that its steps fit into memory.

    Attributes:
        limit: how many samples at once, None where the whole batch fits.
        recomputes: whether activations are computed again.
        need: what it needs then.
        notices: what to say of it.
    """

    limit: int | None
    recomputes: bool
    need: Need
    notices: Sequence[Notice] = ()


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
    recomputation = train_step.recomputation or Recomputation(model, ())
    try:
        with compute.autocast():
            kept = [
                _kept(recomputation, model, inputs[:size].to(compute.device)) for size in (1, 2)
            ]
    except Exception as error:
        if not devices.is_out_of_memory(error):
            raise
        return None  # the steps will find out how many fit
    each = kept[1] - kept[0] if len(inputs) > 1 else kept[0]
    phase = train_step.phase
    together = max(1, phase.views) + len(phase.streams)
    trained = sum(p.nbytes for p in model.parameters() if p.requires_grad)
    fixed, saving = STATES * trained, 0
    if compute.device.type == "cpu":
        options = plan.recipe.optim
        fixed += AHEAD * together * inputs[0].nbytes * plans.batch_size(plan) * options.accumulate
        saving = COPIES * sum(p.nbytes for p in model.parameters())
    plain, again = (int(TRANSIENT * together * kept) for kept in (each.plain, each.recomputed))
    return Need(fixed, saving, plain, again if again < WORTHWHILE * plain else None)


def _kept(recomputation: Recomputation, model: torch.nn.Module, inputs: Tensor) -> Kept:
    return recomputation.kept(lambda: model(inputs))


def kept_of_sample(model: torch.nn.Module, inputs: Tensor) -> int:
    """Bytes that a step needs for each sample; of two samples."""
    nothing = Recomputation(model, ())
    kept = [_kept(nothing, model, inputs[:size]) for size in (1, 2)]
    return int(TRANSIENT * max(0, (kept[1] - kept[0]).plain))


def fitting(need: Need, size: int, free: int) -> int:
    """How many of ``size`` samples at once: halved until they fit, but one at least."""
    while size > 1 and need.of(size) > SHARE * free and need.sample * size > need.saving:
        size = math.ceil(size / 2)
    return size


def planned(
    need: Need, size: int, device: torch.device, adds_up: bool = True, among: int = 1
) -> Measures:
    """How batches of ``size`` fit into the memory there is.

    They are cut, which costs nothing, where the pieces add up to the whole. Where they do not, or
    where one sample is too much, activations are computed again, if more fits by that.

    Args:
        adds_up: as of :meth:`.step.TrainStep.adds_up`.
        among: so many processes train on this computer; each graphics card is one's own.
    """
    free = devices.available_memory(device)
    if device.type == "cpu":
        free //= among
    if _fits(need, size, free):
        return Measures(None, False, need)
    plain, light = fitting(need, size, free), need.light()
    chosen, pieces = need, plain
    if light is not None and not (adds_up and _fits(need, plain, free)):
        again = fitting(light, size, free)
        if again > plain or (_fits(light, again, free) and not _fits(need, plain, free)):
            chosen, pieces = light, again
    fits = _fits(chosen, pieces, free)
    values = {
        "needed": memory.gigabytes(need.of(size) if fits else chosen.of(1)),
        "free": memory.gigabytes(free),
    }
    if fits:
        values |= {"size": str(size), "pieces": str(pieces)}
    recomputes = chosen is light
    if recomputes and fits:
        values["less"] = memory.gigabytes(chosen.of(pieces))
    code = _code(recomputes, pieces < size) if fits else "memory.tight"
    notice = Notice(code=code, values=values, level="warning")
    return Measures(pieces if pieces < size else None, recomputes, chosen, (notice,))


def _fits(need: Need, size: int, free: int) -> bool:
    return need.of(size) <= SHARE * free


def _code(recomputes: bool, cut: bool) -> str:
    if not recomputes:
        return "memory.smaller_parts"
    return "memory.recomputed_parts" if cut else "memory.recomputed"
