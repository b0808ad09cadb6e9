"""Progress events: not more than five a second, with rate, time left and memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from transfergui.core import events as ev
from transfergui.core.training import devices

if TYPE_CHECKING:
    import torch

EVERY = 0.2
"""Seconds between two events."""


class Meter:
    """Measures one training."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._reported = time.monotonic()
        self._losses: list[float] = []
        self._stage_began = time.monotonic()
        self._training: tuple[float, float] | None = None
        self._eta: float | None = None

    def begin_stage(self) -> None:
        """Rates are measured from here."""
        self._stage_began = time.monotonic()

    def stage(self, stage: ev.Stage, epoch: float, done: int, total: int) -> Iterator[ev.Progress]:
        """Report a pass over ``total`` samples (features, validation or evaluation)."""
        if self._due():
            rate = done / max(1e-9, time.monotonic() - self._stage_began)
            yield ev.Progress(
                stage=stage,
                epoch=epoch,
                step=done,
                steps=total,
                rate=rate,
                eta=self._eta if stage == "validate" else (total - done) / rate,
                memory=devices.memory_in_use(self._device),
            )

    def step(
        self,
        epoch: float,
        of: int,
        step: int,
        steps: int,
        seen: int,
        loss: float,
        lr: float,
        accuracy: float,
    ) -> Iterator[ev.Progress]:
        """Report a training step.

        Args:
            epoch: epochs done, as a fraction, ``of`` planned.
            step: batches done in this epoch, of ``steps``.
            seen: samples since :meth:`begin_stage`.
        """
        self._losses.append(loss)
        now = time.monotonic()
        if self._training is None:
            self._training = (now, epoch)
        if not self._due():
            return
        began, first = self._training
        share = (epoch - first) / max(1e-9, of - first)
        self._eta = (now - began) * (1 - share) / share if share > 0 else None
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
        )
        self._losses = []

    def _due(self) -> bool:
        now = time.monotonic()
        if now - self._reported < EVERY:
            return False
        self._reported = now
        return True
