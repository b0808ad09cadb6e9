"""What a task tells of its steps (:attr:`transfergui.core.nn.losses.Loss.logs`), averaged.

The values stay where they were computed until somebody asks: no step waits for the device because
of them. They are then added one after another, so that the mean of an epoch does not depend on how
often it was asked for, nor on where a training was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from transfergui.core.base.records import LARGEST

if TYPE_CHECKING:
    from transfergui.core.training.position import Position

MOST = 1000
"""Steps that are kept before they are added."""


class StepLogs:
    """Means over the current epoch, and over the steps since the last report.

    Args:
        at: where the training stands; the sums of the epoch are part of it.
    """

    def __init__(self, at: Position) -> None:
        self._at = at
        self._kept: list[tuple[Mapping[str, Tensor], int]] = []
        self._recent: dict[str, tuple[float, int]] = {}

    def add(self, logs: Mapping[str, Tensor], size: int) -> None:
        """Those of one step with ``size`` samples: scalars."""
        if not logs:
            return
        self._kept.append((logs, size))
        if len(self._kept) >= MOST:
            self.fetch()

    def fetch(self) -> None:
        """Bring the sums of the epoch up to date. Values that no event can hold are left out."""
        if not self._kept:
            return
        flat = [value for logs, _size in self._kept for value in logs.values()]
        values = iter(torch.stack(flat).tolist())
        for logs, size in self._kept:
            for key in logs:
                value = next(values)
                if abs(value) <= LARGEST:  # not NaN either
                    self._at.logs[key] = _plus(self._at.logs.get(key), value, size)
                    self._recent[key] = _plus(self._recent.get(key), value, size)
        self._kept = []

    def epoch(self) -> dict[str, float]:
        """Means over the samples of the current epoch."""
        self.fetch()
        return _means(self._at.logs)

    def recent(self) -> dict[str, float]:
        """Means over the samples since this was asked last."""
        self.fetch()
        found, self._recent = _means(self._recent), {}
        return found


def _plus(sum_and_count: tuple[float, int] | None, value: float, size: int) -> tuple[float, int]:
    total, count = sum_and_count or (0.0, 0)
    return total + value * size, count + size


def _means(sums: Mapping[str, tuple[float, int]]) -> dict[str, float]:
    return {key: total / count for key, (total, count) in sums.items()}
