"""How loud a sound is now."""

from __future__ import annotations

import numpy as np

FLOOR = -60.0
"""Decibels below full scale that are shown as silence."""
FALL = 20.0
"""Decibels a second by which the mark of the loudest moment sinks."""
CLIPPED = 0.99
"""Of full scale: a recording that reaches it is probably distorted."""


class Level:
    """A meter of loudness, fed with blocks of samples.

    Attributes:
        decibels: root mean square of the newest block, relative to full scale; at least
            :data:`FLOOR`.
        peak: the loudest moment lately, in the same unit; sinks by :data:`FALL` a second.
        clipped: whether the newest block reached full scale.
    """

    def __init__(self) -> None:
        self.decibels = self.peak = FLOOR
        self.clipped = False

    def feed(self, block: np.ndarray, rate: int) -> None:
        """Take in float32 [T] of ``rate`` samples a second."""
        if not len(block):
            return
        loudest = float(np.abs(block).max())
        self.decibels = decibels(float(np.sqrt(np.mean(np.square(block, dtype=np.float64)))))
        self.peak = max(decibels(loudest), self.peak - FALL * len(block) / rate, FLOOR)
        self.clipped = loudest >= CLIPPED


def decibels(amplitude: float) -> float:
    """20 log10 of an amplitude in [0, 1], at least :data:`FLOOR`."""
    return FLOOR if amplitude <= 0 else max(FLOOR, 20 * float(np.log10(amplitude)))
