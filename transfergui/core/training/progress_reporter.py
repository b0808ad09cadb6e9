"""Progress events: not more than five a second, with rate, time left and memory.

Epochs of different phases take different times: those of a head on cached features take
milliseconds, those of the whole network minutes. So what is done and what is left is counted in
work (:class:`Workload`), and seconds are reckoned from what the present phase has taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from transfergui.core import plans
from transfergui.core.interfaces.phase import ALL
from transfergui.core.runs import events as ev
from transfergui.core.training import devices, precision

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces.phase import Phase
    from transfergui.core.interfaces.plan import Plan

EVERY = 0.2
"""Seconds between two events."""
HEAD = 0.002
"""What a step of a head costs for a sample whose features are cached, in 1e9 operations of a
network: measured on two cores, MobileNetV2, 0.02 ms against 22 ms for 0.9e9."""


class Workload:
    """What the epochs of each phase of ``plan`` cost, relative to each other."""

    def __init__(self, plan: Plan) -> None:
        self._phases = plan.phases
        self._costs = [_cost(plan, phase) for phase in self._phases]
        self._whole = self._left_after(-1)

    @property
    def whole(self) -> float:
        """The cost of a training sample in all epochs."""
        return self._whole

    def left(self, phase: int, epochs: float) -> float:
        """What is still to come of the whole, once so many ``epochs`` of ``phase`` are done."""
        rest = self._phases[phase].epochs - epochs
        return max(0.0, rest) * self._costs[phase] + self._left_after(phase)

    def share(self, left: float) -> float:
        """Of the whole, done; a phase that ended early counts as done when the next begins."""
        return 1.0 - left / max(1e-9, self._whole)

    def alike(self, phase: int) -> bool:
        """Whether the speed of ``phase`` tells how long the later ones will take."""
        later = self._phases[phase + 1 :]
        return not self._phases[phase].cache_features or all(p.cache_features for p in later)

    def only_heads(self) -> bool:
        """Whether no phase takes noteworthy time once the features are there."""
        return all(phase.cache_features for phase in self._phases)

    def _left_after(self, phase: int) -> float:
        pairs = zip(self._phases[phase + 1 :], self._costs[phase + 1 :], strict=True)
        return sum(each.epochs * cost for each, cost in pairs)


def _cost(plan: Plan, phase: Phase) -> float:
    """Of a sample in one epoch of ``phase``, in 1e9 operations."""
    if phase.cache_features:
        return HEAD
    groups = max(1, len(plan.backbone.groups))
    through = 1.0 if phase.groups == ALL or phase.low_rank else min(1.0, phase.groups / groups)
    once = HEAD + plan.backbone.flops * (1 + (precision.BACKWARD - 1) * through)
    return once * plans.phase_size(plan, phase) / max(1, len(plan.split.train))


class ProgressReporter:
    """Measures one training.

    Args:
        plan: what is trained.
        device: whose memory is reported.
    """

    def __init__(self, plan: Plan, device: torch.device) -> None:
        self._device = device
        self._work = Workload(plan)
        self._reported = time.monotonic()
        self._losses: list[float] = []
        self._stage_began = time.monotonic()
        self._phase_began: tuple[int, float, float] | None = None
        self._eta: float | None = None
        self._share: float | None = None
        self._tests = len(plan.split.test)
        self._pace = 0.0

    def begin_stage(self) -> None:
        """Rates are measured from here."""
        self._stage_began = time.monotonic()

    def begin_pass(
        self, stage: ev.Stage, epoch: float, total: int
    ) -> Callable[[int], Iterator[ev.Event]]:
        """Begin a pass over ``total`` samples: what reports it, given how many are done."""
        self.begin_stage()
        return lambda done: self.stage(stage, epoch, done, total)

    def stage(self, stage: ev.Stage, epoch: float, done: int, total: int) -> Iterator[ev.Progress]:
        """Report a pass over ``total`` samples (features, validation or evaluation)."""
        if self._due():
            rate = done / max(1e-9, time.monotonic() - self._stage_began)
            if stage == "features":
                self._pace = 1 / rate
            yield ev.Progress(
                stage=stage,
                epoch=epoch,
                step=done,
                steps=total,
                rate=rate,
                eta=self._left(stage, (total - done) / rate),
                memory=devices.memory_in_use(self._device),
                share=None if stage == "evaluate" else self._share,  # it is told by itself
            )

    def _left(self, stage: ev.Stage, seconds: float) -> float | None:
        """Of the whole training, where the ``stage`` still takes so many ``seconds``."""
        if stage == "validate":
            return self._eta
        if stage == "evaluate":
            return seconds
        return seconds + self._testing() if self._work.only_heads() else None

    def _testing(self) -> float:
        """Seconds for the test, at which the network looks at samples anew; 0 while it is not
        known how quickly it does."""
        return self._tests * self._pace

    def step(
        self,
        phase: int,
        phase_epoch: float,
        epoch: float,
        step: int,
        steps: int,
        seen: int,
        loss: float,
        lr: float,
        accuracy: float | None,
        logs: Callable[[], dict[str, float]] = dict,
    ) -> Iterator[ev.Progress]:
        """Report a training step.

        Args:
            phase: its index; ``phase_epoch``: epochs of it that are done, as a fraction.
            epoch: epochs done over all phases, as a fraction.
            step: batches done in this epoch, of ``steps``.
            seen: samples since :meth:`begin_stage`.
            logs: what the task told of its steps since this was asked last; asked for only where
                it is reported.
        """
        self._losses.append(loss)
        now, left = time.monotonic(), self._work.left(phase, phase_epoch)
        self._share = self._work.share(left)
        if self._phase_began is None or self._phase_began[0] != phase:
            self._phase_began = (phase, now, left)  # what the first step takes tells nothing
            self._eta = None
        if not self._due():
            return
        _phase, began, first = self._phase_began
        if first > left and self._work.alike(phase):
            self._eta = (now - began) * left / (first - left) + self._testing()
        yield ev.Progress(
            stage="train",
            epoch=epoch,
            step=step,
            steps=steps,
            loss=sum(self._losses) / len(self._losses),
            accuracy=accuracy,
            lr=lr,
            rate=seen / max(1e-9, now - self._stage_began),
            eta=self._eta,
            memory=devices.memory_in_use(self._device),
            share=self._share,
            logs=logs(),
        )
        self._losses = []

    def _due(self) -> bool:
        now = time.monotonic()
        if now - self._reported < EVERY:
            return False
        self._reported = now
        return True
